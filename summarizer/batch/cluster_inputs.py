"""Inputs of a batch on a cluster → the articles that its tasks read: rows of tables, and files."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Any, NoReturn

from summarizer.batch.inputs import Entry, InputError, check_size, encodable, entry_of_row, read_article
from summarizer.batch.shards import Storage
from summarizer.batch.tables import json_row
from summarizer.errors import UnreadableText
from summarizer.readers import SUFFIXES, Document

TABLES = (".jsonl", ".parquet")
# Bytes of a JSONL file, and rows of a Parquet file, that are read at once.
_BUFFER_SIZE, _PARQUET_ROWS = 1024**2, 256
_USER = re.compile(r"(?<=:)//[^/@]*@")


@dataclass(frozen=True)
class Inputs:
    """Where the articles are, for each machine.

    :param places: of the inputs.
    :param text_field: the column of a table that has the text.
    """

    places: tuple[Storage, ...]
    text_field: str


@dataclass(frozen=True)
class File:
    """A file of an input.

    :param name: as the input was given, so that ids are those of a run without Ray.
    :param place: the index of its input.
    :param path: within the file system of the input.
    """

    name: str
    place: int
    path: str

    @property
    def suffix(self) -> str:
        """The end of its name, in lower case."""
        return PurePosixPath(self.path).suffix.lower()


@dataclass(frozen=True)
class Item:
    """An article that no actor has read yet: a file, a row of a table, or what is wrong with a table.

    :param id: of the row, unless the row has one of its own.
    :param place: the index of the input.
    :param path: of the file that is the article, or of the table that has its row.
    :param line: the row as JSON in UTF-8; None for a file.
    :param error: why a table cannot be read.
    """

    id: str
    place: int
    path: str
    line: bytes | None = None
    error: str | None = None

    def entry(self, inputs: Inputs) -> Entry:
        """The article."""
        if self.error is not None:
            return Entry(self.id, partial(_raise, UnreadableText(self.error)))
        if self.line is None:
            return Entry(self.id, partial(_read_file, inputs.places[self.place], self.path))
        return entry_of_row(json_row(self.line.decode("utf-8-sig", "surrogateescape")), inputs.text_field, self.id)


def place_of(argument: str) -> Storage:
    """Where an input is.

    :raises InputError: when it names no place.
    """
    try:
        return Storage.of(argument)
    except (OSError, ValueError) as error:
        raise InputError(f"{argument}: cannot be read: {error}") from None


def files_of(argument: str, index: int, place: Storage) -> list[File]:
    """The files of an input.

    :raises InputError: when the input has no readable file.
    """
    known = (*TABLES, *SUFFIXES)
    try:
        paths = place.files()
    except OSError as error:
        raise InputError(f"{argument}: cannot be read: {error}") from None
    # Without the user of an address, who may have a password, and without options such as the region of a bucket.
    base = _USER.sub("//", argument.partition("?")[0]) if "://" in argument else argument
    files = []
    for path in paths:
        inner = path.removeprefix(place.path).lstrip("/")
        files.append(File(f"{base.rstrip('/')}/{inner}" if inner else base, index, path))
    files = [file for file in files if file.suffix in known]
    if not files:
        raise InputError(f"{argument}: contains no file of a known kind ({', '.join(known)})")
    return files


def _read_file(place: Storage, path: str) -> Document:
    """The article in a file.

    :raises UnreadableText: when it is binary or too large for an article.
    :raises UnreadableFile: when its format cannot be read.
    :raises OSError: when the file cannot be read.
    """
    check_size(place.size(path))
    return read_article(place.read(path), PurePosixPath(path).name)


def items_of(row: dict[str, Any], inputs: Inputs) -> Iterator[dict[str, Any]]:
    """The articles of a file, as fields of `Item`.

    :param row: the fields of `File`.
    """
    file = File(**row)
    lines = {".jsonl": _jsonl_lines, ".parquet": _parquet_lines}.get(file.suffix)
    if lines is None:
        yield vars(Item(encodable(file.name), file.place, file.path))
        return
    try:
        for number, line in lines(inputs.places[file.place], file.path):
            yield vars(Item(encodable(f"{file.name}:{number}"), file.place, file.path, line))
    except (OSError, ValueError) as error:  # pyarrow's errors are among them
        reason = f"The table cannot be read: {type(error).__name__}."
        yield vars(Item(encodable(file.name), file.place, file.path, error=reason))


def new_of(batch: Any, inputs: Inputs, done: Any) -> Any:
    """The items of a table of pyarrow that have no row yet."""
    import ray

    known = ray.get(done)
    is_new = [Item(**item).entry(inputs).id not in known for item in batch.to_pylist()]
    return batch.filter(is_new)


def _jsonl_lines(place: Storage, path: str) -> Iterator[tuple[int, bytes]]:
    with place.system.open_input_stream(path) as stream:
        for number, line in enumerate(io.BufferedReader(stream, _BUFFER_SIZE), start=1):
            if line.strip():
                yield number, line


def _parquet_lines(place: Storage, path: str) -> Iterator[tuple[int, bytes]]:
    from pyarrow.parquet import ParquetFile

    with place.system.open_input_file(path) as stream:
        rows = (row for batch in ParquetFile(stream).iter_batches(_PARQUET_ROWS) for row in batch.to_pylist())
        for number, row in enumerate(rows, start=1):
            yield number, json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "replace")


def _raise(error: Exception) -> NoReturn:
    raise error
