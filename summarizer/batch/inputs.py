"""Inputs of the command line → articles: folders, files, rows of JSONL and CSV files, standard input.

An input that cannot be used is refused when it is opened. An article that cannot be read is an `Entry` like the others,
whose `read` raises. Entries have the same order and ids in every run over the same inputs.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, Self

from summarizer.batch.tables import Record, open_csv, open_jsonl
from summarizer.errors import UnreadableText
from summarizer.readers import SUFFIXES, Document, detect_kind, read

# Bytes. Fifty thousand words are about 300,000; a file beyond this is not an article and would only fill the memory.
MAX_ARTICLE_SIZE = 64 * 1024**2


class InputError(Exception):
    """An input cannot be used: it is missing, cannot be read, is of an unknown kind, or is the output."""


@dataclass(frozen=True)
class Entry:
    """One article of the input.

    :param read: returns the article, or raises a SummarizerError or an OSError.
    :param title: the headline, if the input has a column for it.
    :param columns: other columns of the input, which the output carries over.
    """

    id: str
    read: Callable[[], str | Document]
    title: str | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """The articles of one input.

    :param entries: read lazily.
    :param total: their number; None if counting would take long.
    :param columns: names of the other columns of a table.
    """

    entries: Iterable[Entry]
    total: int | None
    columns: tuple[str, ...] = ()


def open_source(argument: str, output: Path | None, text_field: str) -> Source:
    """The articles of an input.

    :param output: the file that the command writes; None for standard output.
    :param text_field: the column of a table that has the text.
    :raises InputError: when the input cannot be used.
    """
    if argument == "-":
        return _stdin_source(sys.stdin.buffer.read())
    path = Path(argument)
    try:
        if path.is_dir():
            return _folder_source(path)
        if not path.exists():
            raise InputError(f"{argument}: no such file or folder")
        if output is not None and output.exists() and path.samefile(output):
            raise InputError(f"{argument} is both an input and the output")
        suffix = path.suffix.lower()
        if suffix in SUFFIXES:
            return Source([Entry(encodable(argument), partial(_read_file, path))], 1)
        if suffix in (".jsonl", ".csv"):
            return _table_source(path, text_field)
    except OSError as error:
        raise InputError(f"{argument}: cannot be read: {error.strerror}") from None
    raise InputError(f"{argument}: neither a folder nor a {', '.join(SUFFIXES)}, .jsonl or .csv file")


def _stdin_source(raw: bytes) -> Source:
    """The article on standard input; its id is derived from its bytes, so that one output can collect several."""
    digest = hashlib.sha256(raw).hexdigest()[:12]
    return Source([Entry(f"stdin-{digest}", lambda: read(raw, detect_kind(raw)))], 1)


def _folder_source(folder: Path) -> Source:
    """The files of readable kinds in a folder and its subfolders, sorted by their paths.

    An id is the path of the folder, as given, joined with the relative path of the file: files of two folders can have
    the same name.
    """
    paths: list[str] = []
    for parent, folders, files in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths += [
            (Path(parent) / name).as_posix()
            for name in files
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES
        ]
    if not paths:
        raise InputError(f"{folder}: no {', '.join(SUFFIXES)} file in this folder")
    entries = [Entry(encodable(path), partial(_read_file, Path(path))) for path in sorted(paths)]
    return Source(entries, len(entries))


def _table_source(path: Path, text_field: str) -> Source:
    """The rows of a JSONL or CSV file; by default, an id is the path, as given, and the number of the row.

    :raises InputError: when there are no rows, or none has a column for the text.
    """
    is_csv = path.suffix.lower() == ".csv"
    table = open_csv(path) if is_csv else open_jsonl(path)
    if table.total == 0:
        expected = "a header and one row per article" if is_csv else "one JSON object per line"
        raise InputError(f"{path}: the file has no rows. Write {expected}, with the article's text in {text_field!r}")
    if table.columns and _find_column(table.columns, text_field) is None:
        raise InputError(
            f"{path}: there is no column {text_field!r}. The columns are {', '.join(map(repr, table.columns))}; use "
            "--text-field to specify the one that contains the text"
        )
    columns = _Columns.of(table.columns, text_field)
    entries = (columns.entry(row, encodable(f"{path}:{number}")) for number, row in table.rows())
    return Source(entries, table.total, columns.carried(table.columns))


@dataclass(frozen=True)
class _Columns:
    """The names of the columns that have a meaning; the others are carried over."""

    id: str
    title: str
    text: str

    @classmethod
    def of(cls, names: Sequence[str], text_field: str) -> Self:
        """Find the columns. A name stays as it is if only later rows of a JSONL file have it."""
        title = _find_column(names, "title") or _find_column(names, "headline") or "title"
        return cls(_find_column(names, "id") or "id", title, _find_column(names, text_field) or text_field)

    def carried(self, names: Iterable[str]) -> tuple[str, ...]:
        """The names of the columns that are carried over."""
        return tuple(name for name in names if name not in (self.id, self.title, self.text))

    def entry(self, row: Record | UnreadableText, default_id: str) -> Entry:
        """The article of a row."""
        if isinstance(row, UnreadableText):
            return Entry(default_id, partial(_raise, row))
        carried = {name: row[name] for name in self.carried(row) if not isinstance(row[name], UnreadableText)}
        return Entry(
            _row_id(row.get(self.id), default_id),
            partial(_row_text, row, self.text),
            _row_title(row.get(self.title)),
            carried,
        )


def entry_of_row(row: Record | UnreadableText, text_field: str, default_id: str) -> Entry:
    """The article of a row whose table's other rows are not at hand."""
    names = () if isinstance(row, UnreadableText) else tuple(row)
    return _Columns.of(names, text_field).entry(row, default_id)


def _find_column(columns: Iterable[str], wanted: str) -> str | None:
    """The column of this name, in any letter case if there is no exact match."""
    names = list(columns)
    folded = (name for name in names if name.casefold() == wanted.casefold())
    return wanted if wanted in names else next(folded, None)


def _row_text(row: Mapping[str, Any], column: str) -> str:
    """The article of a row.

    :raises UnreadableText: when it has none.
    """
    text = row.get(column)
    if isinstance(text, UnreadableText):
        raise text
    if text is None:
        raise UnreadableText(f"The row has no {column!r}.")
    if not isinstance(text, str):
        raise UnreadableText(f"The row's {column!r} is not a string.")
    return text


def _row_id(value: object, default: str) -> str:
    """The id that a row gives itself, as a string, or the default."""
    if isinstance(value, str | int | float) and str(value).strip():
        return encodable(str(value))
    return default


def _row_title(value: object) -> str | None:
    """The headline of a row, or None if it has none."""
    return value if isinstance(value, str) and value.strip() else None


def encodable(text: str) -> str:
    """The text as UTF-8 can encode it; file names and JSON escapes can contain more."""
    return text.encode("utf-8", "replace").decode()


def _read_file(path: Path) -> Document:
    """The article in a file.

    :raises UnreadableText: when it is binary or too large for an article.
    :raises UnreadableFile: when its format cannot be read.
    """
    check_size(path.stat().st_size)
    return read_article(path.read_bytes(), path.name)


def check_size(size: int) -> None:
    """Refuse a file that is too large for an article, before it is read.

    :param size: in bytes.
    :raises UnreadableText: when it is.
    """
    if size > MAX_ARTICLE_SIZE:
        raise UnreadableText(f"The file is larger than {MAX_ARTICLE_SIZE:,} bytes. Split it into one file per article.")


def read_article(raw: bytes, name: str) -> Document:
    """The article in the bytes of a file.

    :raises UnreadableText: when they are binary.
    :raises UnreadableFile: when their format cannot be read.
    """
    return read(raw, detect_kind(raw, name=name))


def with_unique_ids(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries with the same id become id, id#2, id#3 …: the same ones in every run over the same inputs."""
    taken: set[str] = set()
    repeated: dict[str, int] = {}
    for entry in entries:
        unique = entry.id
        while unique in taken:
            repeated[entry.id] = repeated.get(entry.id, 1) + 1
            unique = f"{entry.id}#{repeated[entry.id]}"
        taken.add(unique)
        yield replace(entry, id=unique)


def _raise(error: Exception) -> NoReturn:
    raise error
