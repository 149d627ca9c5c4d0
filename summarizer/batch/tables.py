"""JSONL and CSV files → their columns and rows.

Unreadable rows and cells are returned as errors; the others are not affected.
"""

import csv
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from summarizer.errors import UnreadableText
from summarizer.readers.plain import decode

# Characters. Python refuses CSV cells of more than 131,072 by default, and an article can be longer. This is room for
# the longest one; a quotation mark that is never closed ends here, before it fills the memory.
MAX_CELL = 256 * 1024**2
csv.field_size_limit(MAX_CELL)
# Files up to this many bytes are counted, which takes seconds; for larger ones the bar shows no total.
_MAX_COUNTED = 1024**3
# Rows of a JSONL file that are searched for its columns.
_SAMPLED_ROWS = 1_000
_DELIMITERS = ",;\t"
# A line above the header: only empty cells, or `sep=;`, which names the delimiter for Excel.
_PREAMBLE = re.compile(r'[\s,;]*(?:"?sep=(?P<delimiter>[^\s"]|\t)?"?\s*)?', re.IGNORECASE)

Record = dict[str, Any]
NumberedRows = Iterator[tuple[int, Record | UnreadableText]]


@dataclass(frozen=True)
class Table:
    """A table of articles.

    :param columns: in order; of a JSONL file those of its first rows.
    :param total: the number of rows; None if counting would take long.
    :param rows: yields each row with its number, or an error in its place.
    """

    columns: tuple[str, ...]
    total: int | None
    rows: Callable[[], NumberedRows]


def open_jsonl(path: Path) -> Table:
    """A JSONL file; rows have the numbers of their lines, and empty lines are skipped."""
    sampled = (row for _, row in itertools.islice(_jsonl_rows(path), _SAMPLED_ROWS) if isinstance(row, dict))
    columns = tuple(dict.fromkeys(name for row in sampled for name in row))
    return Table(columns, _total(path, partial(_jsonl_lines, path)), partial(_jsonl_rows, path))


def open_csv(path: Path) -> Table:
    """A CSV file with a header; commas, semicolons or tabs separate its cells, or what a `sep=` line names.

    Empty lines above the header are skipped. Rows are numbered from 1.
    """
    headers = [(_csv_header(path, delimiter), delimiter) for delimiter in _named_delimiter(path) or _DELIMITERS]
    # The delimiter of the header is the one that splits it into the most columns.
    columns, delimiter = max(headers, key=lambda header: len(header[0]))
    records = partial(_csv_records, path, delimiter)
    return Table(tuple(columns), _total(path, records), partial(_csv_rows, path, delimiter))


def _total(path: Path, records: Callable[[], Iterator[object]]) -> int | None:
    return sum(1 for _ in records()) if path.stat().st_size <= _MAX_COUNTED else None


def _jsonl_lines(path: Path) -> Iterator[tuple[int, str]]:
    with _open_text(path, newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line


def _jsonl_rows(path: Path) -> NumberedRows:
    for number, line in _jsonl_lines(path):
        yield number, json_row(line)


def json_row(line: str) -> Record | UnreadableText:
    """The row in a line, or an error in its place."""
    try:
        row = json.loads(_checked(line))
    except UnreadableText as error:
        return error
    except (ValueError, RecursionError):
        return UnreadableText("The line is not valid JSON.")
    return row if isinstance(row, dict) else UnreadableText("The line is JSON, but not an object with a text field.")


def _named_delimiter(path: Path) -> str | None:
    """The delimiter that a `sep=` line above the header names."""
    with _open_text(path, newline="") as lines:
        preamble = itertools.takewhile(bool, map(_PREAMBLE.fullmatch, lines))
        return next((match["delimiter"] for match in preamble if match and match["delimiter"]), None)


def _from_header(lines: Iterable[str]) -> Iterator[str]:
    """The lines from the header on."""
    return itertools.dropwhile(_PREAMBLE.fullmatch, lines)


def _csv_header(path: Path, delimiter: str) -> list[str]:
    with _open_text(path, newline="") as lines:
        try:
            return next(csv.reader(_from_header(lines), delimiter=delimiter), [])
        except csv.Error:
            return []


def _csv_rows(path: Path, delimiter: str) -> NumberedRows:
    for number, record in _csv_records(path, delimiter):
        yield number, record if isinstance(record, UnreadableText) else _checked_cells(record)


def _csv_records(path: Path, delimiter: str) -> NumberedRows:
    """The rows before their cells are checked; one that cannot be parsed is the last."""
    with _open_text(path, newline="") as lines:
        reader = csv.DictReader(_from_header(lines), delimiter=delimiter)
        for number in itertools.count(1):
            try:
                yield number, next(reader)
            except StopIteration:
                return
            except csv.Error:
                message = "This row and all below it cannot be read; a quotation mark may never be closed."
                yield number, UnreadableText(message)
                return


def _checked_cells(record: Record) -> Record:
    """The cells, with an error in place of one whose bytes are not text; cells without a column are dropped."""
    row: Record = {}
    for name, cell in record.items():
        if name is not None:
            try:
                row[name] = None if cell is None else _checked(cell)
            except UnreadableText as error:
                row[name] = error
    return row


def _open_text(path: Path, newline: str) -> TextIO:
    """The file as text: UTF-8 with or without a byte order mark, or UTF-16 with one.

    Bytes that are not UTF-8 become lone surrogates, so that they only spoil the row they are in (`_checked`).
    """
    with path.open("rb") as file:
        is_utf16 = file.read(2) in (b"\xff\xfe", b"\xfe\xff")
    if is_utf16:
        return path.open(encoding="utf-16", errors="replace", newline=newline)
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline=newline)


def _checked(text: str) -> str:
    """The text, if all its bytes were text.

    :raises UnreadableText: if they were not.
    """
    return decode(text.encode("utf-8", "surrogateescape"))
