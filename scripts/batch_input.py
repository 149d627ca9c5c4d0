"""The articles of a batch, one `Entry` each: from folders, text files, the rows of .jsonl and .csv files, or stdin.

An INPUT that cannot be used is refused when it is opened. An article that cannot be read is an entry like the
others, whose `read` raises. Entries come in the same order and with the same ids in every run over the same inputs.

Knows nothing of models, summaries and how their rows are written.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TextIO

from batch_output import LONGEST_CELL

from summarizer.decoding import decode_text
from summarizer.documents import SUFFIXES, Document, kind_of, read_document
from summarizer.errors import UnreadableText

# Bytes. Fifty thousand words are some 300,000; a file beyond this is no article and would only fill memory.
LARGEST_ARTICLE = 64 * 1024**2
# Up to this size, counting the rows for the progress bar takes a few seconds; beyond it the bar has no end.
LARGEST_COUNTED = 1024**3
csv.field_size_limit(LONGEST_CELL)  # the same for the cells read here as for those written


class InputError(Exception):
    """An INPUT cannot be used: it is not there, cannot be read, is of an unknown kind, or is the output."""


@dataclass(frozen=True)
class Entry:
    """One article of the input; `read` gives it or raises a SummarizerError or an OSError."""

    id: str
    read: Callable[[], str | Document]


@dataclass(frozen=True)
class Source:
    """What one INPUT holds: entries, read lazily, and how many; None where counting would take long."""

    entries: Iterable[Entry]
    total: int | None


def open_source(argument: str, output: Path, text_field: str) -> Source:
    """What an INPUT of the command line holds.

    :raises InputError: when it is not there, cannot be read, or is of a kind that we do not read.
    """
    if argument == "-":
        return stdin_source(sys.stdin.buffer.read())
    path = Path(argument)
    try:
        if path.is_dir():
            return folder_source(path)
        if not path.exists():
            raise InputError(f"{argument}: no such file or folder")
        if output.exists() and path.samefile(output):
            raise InputError(f"{argument} is an input and the output at once")
        suffix = path.suffix.lower()
        if suffix in SUFFIXES:
            return Source([Entry(well_formed(argument), partial(read_file, path))], 1)
        if suffix == ".jsonl":
            return Source(jsonl_entries(path, text_field), jsonl_total(path))
        if suffix == ".csv":
            return csv_source(path, text_field)
    except OSError as error:
        raise InputError(f"{argument}: cannot be read: {error.strerror}") from None
    raise InputError(f"{argument}: not a folder and not a {', '.join(SUFFIXES)}, .jsonl or .csv file")


def stdin_source(raw: bytes) -> Source:
    """The one article of standard input; its id comes from its text, so that OUT can collect several."""
    digest = hashlib.sha256(raw).hexdigest()[:12]
    return Source([Entry(f"stdin-{digest}", lambda: read_document(raw, kind_of(raw)))], 1)


def folder_source(folder: Path) -> Source:
    """The files with articles in a folder and the folders below it, sorted by the path that is their id."""
    paths: list[str] = []
    for parent, folders, files in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inside = Path(parent).relative_to(folder)
        paths += [
            (inside / name).as_posix()
            for name in files
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES
        ]
    if not paths:
        raise InputError(f"{folder}: no {', '.join(SUFFIXES)} file in this folder")
    entries = [Entry(well_formed(path), partial(read_file, folder / path)) for path in sorted(paths)]
    return Source(entries, len(entries))


def jsonl_entries(path: Path, text_field: str) -> Iterator[Entry]:
    """One article a line, numbered as an editor numbers the lines; empty lines are none."""
    with open_rows(path, newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            default_id = f"{path.name}:{number}"
            try:
                row = json_row(line)
            except UnreadableText as error:
                yield Entry(default_id, partial(_raise, error))
            else:
                yield Entry(row_id(row.get("id"), default_id), partial(row_text, row, text_field))


def jsonl_total(path: Path) -> int | None:
    if path.stat().st_size > LARGEST_COUNTED:
        return None
    with open_rows(path, newline="\n") as lines:
        return sum(1 for line in lines if line.strip())


def csv_source(path: Path, text_field: str) -> Source:
    """The rows of a CSV file that commas, semicolons or tabs part.

    :raises InputError: when its header has no column for the text, so that no row could be read.
    """
    for delimiter in (",", ";", "\t"):
        with open_rows(path, newline="") as lines:
            if text_field in _header(lines, delimiter):
                break
    else:
        raise InputError(f"{path}: its header has no {text_field!r}: say with --text-field which column is the text")
    total = None
    if path.stat().st_size <= LARGEST_COUNTED:
        total = sum(1 for _ in csv_entries(path, text_field, delimiter))
    return Source(csv_entries(path, text_field, delimiter), total)


def _header(lines: Iterable[str], delimiter: str) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:
        return []


def csv_entries(path: Path, text_field: str, delimiter: str) -> Iterator[Entry]:
    """One article a row, numbered from 1 below the header. A row that cannot be parsed is the last."""
    with open_rows(path, newline="") as lines:
        reader = csv.DictReader(lines, delimiter=delimiter)
        for number in itertools.count(1):
            default_id = f"{path.name}:{number}"
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                message = "The row and all below it cannot be read: perhaps a quote is never closed."
                yield Entry(default_id, partial(_raise, UnreadableText(message)))
                return
            yield Entry(row_id(row.get("id"), default_id), partial(cell_text, row, text_field))


def open_rows(path: Path, newline: str) -> TextIO:
    """The file as text: UTF-8 with or without a byte order mark, or UTF-16 with one.

    Bytes that are not UTF-8 become lone surrogates, so that they spoil the row they are in alone (`checked`).
    """
    with path.open("rb") as file:
        is_utf16 = file.read(2) in (b"\xff\xfe", b"\xfe\xff")
    if is_utf16:
        return path.open(encoding="utf-16", errors="replace", newline=newline)
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline=newline)


def checked(text: str) -> str:
    """The text of `open_rows`, when all its bytes were text.

    :raises UnreadableText: when they were not.
    """
    return decode_text(text.encode("utf-8", "surrogateescape"))


def json_row(line: str) -> dict[str, Any]:
    """The object on a line of JSONL.

    :raises UnreadableText: when there is none.
    """
    try:
        row = json.loads(checked(line))
    except (ValueError, RecursionError):
        raise UnreadableText("The line is not valid JSON.") from None
    if not isinstance(row, dict):
        raise UnreadableText("The line is JSON, but not an object with a text field.")
    return row


def row_text(row: dict[str, Any], text_field: str) -> str:
    """The article of a row.

    :raises UnreadableText: when it has none.
    """
    text = row.get(text_field)
    if text is None:
        raise UnreadableText(f"No text in {text_field!r}: say with --text-field which field holds it.")
    if not isinstance(text, str):
        raise UnreadableText(f"What stands in {text_field!r} is not a string.")
    return text


def cell_text(row: dict[str, Any], text_field: str) -> str:
    """The article of a CSV row.

    :raises UnreadableText: when it has none, or bytes that are no text.
    """
    return checked(row_text(row, text_field))


def row_id(value: object, default: str) -> str:
    """The id that a row gives itself, as a string, or the default."""
    if isinstance(value, str | int | float) and str(value).strip():
        return well_formed(str(value))
    return default


def well_formed(text: str) -> str:
    """The text as UTF-8 can hold it; file names and JSON escapes can hold more."""
    return text.encode("utf-8", "replace").decode()


def read_file(path: Path) -> Document:
    """The article in a file.

    :raises UnreadableText: when it is binary or too large for an article.
    :raises UnreadableFile: when a document cannot be read.
    """
    if path.stat().st_size > LARGEST_ARTICLE:
        raise UnreadableText(f"The file is larger than {LARGEST_ARTICLE:,} bytes. Split it into its articles.")
    raw = path.read_bytes()
    return read_document(raw, kind_of(raw, name=path.name))


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
        yield Entry(unique, entry.read)


def _raise(error: Exception) -> NoReturn:
    raise error
