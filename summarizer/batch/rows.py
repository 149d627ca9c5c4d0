"""Rows of a batch → bytes of a JSONL or CSV file, and back to what a later run needs to know about them."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from summarizer.summary import Summary

# Columns of a CSV row, taken from the summary; `words` are the article's. Columns of the input follow.
COLUMNS = ("id", "title", "short", "long", "words", "notes", "error")
# `str.splitlines`, which many programs use on JSONL, would split a row at these, so they are escaped.
_ESCAPED_LINE_ENDS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}
_NOT_A_ROW = "not a row of a batch"
_JSONL_START = b'{"id": "'


@dataclass(frozen=True)
class Row:
    """One row: a summary or an error, and the columns carried over from the input.

    :param with_sent: whether to include the text as sent, for articles that were read from files.
    """

    id: str
    columns: Mapping[str, Any]
    summary: Summary | None = None
    error: str | None = None
    with_sent: bool = False


@dataclass(frozen=True)
class RowKey:
    """What a later run needs to know about a row."""

    id: str
    failed: bool


class RowFormat(Protocol):
    """How rows become bytes and back."""

    header: bytes
    cells_have_lines: bool

    def encode(self, row: Row) -> bytes:
        """The row in bytes, with its line end."""

    def decode(self, raw: bytes, number: int) -> RowKey | None:
        """The key of the whole row with this number (from 1) in the file; None for a header.

        :raises ValueError: when it is not a row of a batch.
        """

    def is_whole(self, rest: bytes, number: int) -> bool:
        """Whether the bytes after the last line end are a whole row without its line end, not the beginning of one.

        :raises ValueError: when they are neither.
        """


class JsonlRows:
    """One JSON object per line: `id`, the input's columns, then the fields of the summary or an `error`.

    A column of the input with the name of such a field gets the prefix `input_`.
    """

    header = b""
    cells_have_lines = False

    def encode(self, row: Row) -> bytes:
        names = _carried_names(row.columns, ("id", "error", *Summary.model_fields))
        carried = dict(zip(names, row.columns.values(), strict=True))
        if row.summary is None:
            fields: dict[str, Any] = {"error": row.error}
        else:
            fields = row.summary.model_dump(mode="json", exclude=None if row.with_sent else {"sent"})
        line = json.dumps({"id": row.id, **carried, **fields}, ensure_ascii=False)
        return line.translate(_ESCAPED_LINE_ENDS).encode("utf-8", "replace") + b"\n"

    def decode(self, raw: bytes, number: int) -> RowKey | None:
        try:
            row = json.loads(raw)
        except RecursionError as error:
            raise ValueError(_NOT_A_ROW) from error
        if not (isinstance(row, dict) and isinstance(row.get("id"), str) and row.keys() & {"method", "error"}):
            raise ValueError(_NOT_A_ROW)
        return RowKey(row["id"], "error" in row)

    def is_whole(self, rest: bytes, number: int) -> bool:
        try:
            json.loads(rest)
        except (ValueError, RecursionError):
            if rest[: len(_JSONL_START)] != _JSONL_START[: len(rest)]:
                raise ValueError(_NOT_A_ROW) from None
            return False
        self.decode(rest, number)
        return True


class CsvRows:
    """RFC 4180 with a header: `COLUMNS`, then the input's columns; one of the same name gets the prefix `input_`."""

    cells_have_lines = True

    def __init__(self, carried: Sequence[str] = ()) -> None:
        self._carried = tuple(carried)
        self._columns = (*COLUMNS, *_carried_names(self._carried, COLUMNS))
        self.header = self._line(self._columns)

    def encode(self, row: Row) -> bytes:
        summary = row.summary
        cells: dict[str, object] = {"id": row.id, "error": row.error}
        if summary is not None:
            cells |= {"title": summary.title, "short": summary.short, "long": summary.long}
            cells |= {"words": summary.stats.article_words, "notes": " ".join(summary.notes)}
        carried = [row.columns.get(name) for name in self._carried]
        return self._line([*(cells.get(name) for name in COLUMNS), *carried])

    def decode(self, raw: bytes, number: int) -> RowKey | None:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        try:
            cells = next(csv.reader(io.StringIO(text, newline="")), [])
        except csv.Error as error:
            raise ValueError(_NOT_A_ROW) from error
        if number == 1 and tuple(cells) == self._columns:
            return None
        if number == 1 or len(cells) != len(self._columns):
            raise ValueError(_NOT_A_ROW)
        return RowKey(cells[0], cells[COLUMNS.index("error")] != "")

    def is_whole(self, rest: bytes, number: int) -> bool:
        if number == 1 and not self.header.startswith(rest):
            raise ValueError(_NOT_A_ROW)
        return False  # a truncated cell looks like a shorter cell

    @staticmethod
    def _line(cells: Iterable[object]) -> bytes:
        line = io.StringIO(newline="")
        csv.writer(line).writerow(map(_cell, cells))
        return line.getvalue().encode("utf-8", "replace")


def _carried_names(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    """The names of the input's columns in the output, each different from the others and from those that are taken."""
    used = set(taken)
    carried = []
    for name in names:
        unique = name.encode("utf-8", "replace").decode()  # as the file will have it
        while unique in used:
            unique = f"input_{unique}"
        used.add(unique)
        carried.append(unique)
    return carried


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def whole_rows(lines: Iterable[bytes], *, cells_have_lines: bool) -> Iterator[bytes]:
    """The rows that end with a line end, each with it; an incomplete last row is left out.

    A line end inside a CSV cell does not end a row: the number of quotation marks before it is odd there, because such
    a cell is quoted and the marks inside it are doubled.
    """
    row: list[bytes] = []
    in_cell = False
    for line in lines:
        row.append(line)
        if cells_have_lines and line.count(b'"') % 2:
            in_cell = not in_cell
        if line.endswith(b"\n") and not in_cell:
            yield b"".join(row)
            row.clear()
