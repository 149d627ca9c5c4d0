"""The rows of a batch in a .jsonl or .csv file, each there whole or not at all, whenever a run is killed.

A row goes into the file in one piece and is on disk before the next is made. Opening the file again cuts off
a row that a kill left incomplete and says which ids are there; a file that holds anything else is not changed.
One run at a time: the lock is the kernel's (`flock`) on the file itself, and ends with the process.

Knows nothing of articles, models or the command line.
"""

import csv
import fcntl
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, Self

COLUMNS = (
    "id",
    "title",
    "short",
    "long",
    "method",
    "model",
    "notes",
    "sentences",
    "stripped",
    "language",
    "stats",
    "article",
    "error",
)
# `str.splitlines`, with which many programs take JSONL apart, would part a row at these: they are escaped.
_ESCAPED_LINE_ENDS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}
_JSONL_START = b'{"id": "'
# Characters. Python refuses cells of more than 131,072, which an article can have. This is room for the largest
# one; a quote that is never closed ends here, before it fills the memory.
LONGEST_CELL = 256 * 1024**2
csv.field_size_limit(LONGEST_CELL)


class OutputError(Exception):
    """The file cannot be used: it holds something else, or another run writes it."""


@dataclass(frozen=True)
class RowKey:
    """What a later run needs to know of a row."""

    id: str
    failed: bool


class RowFormat(Protocol):
    """How rows become bytes and back."""

    header: bytes
    cells_hold_lines: bool

    def encode(self, row: Mapping[str, Any]) -> bytes:
        """The row in bytes, with its line end."""

    def decode(self, raw: bytes, number: int) -> RowKey | None:
        """The key of the whole row that stands as `number` (from 1) in the file; None for a header.

        :raises ValueError: when that is no row of a batch.
        """

    def is_whole(self, rest: bytes, number: int) -> bool:
        """Whether what follows the last line end is a row that lacks its own, and not the beginning of one.

        :raises ValueError: when it is neither.
        """


class JsonlRows:
    """One JSON object a line, `id` first."""

    header = b""
    cells_hold_lines = False

    def encode(self, row: Mapping[str, Any]) -> bytes:
        return json.dumps(row, ensure_ascii=False).translate(_ESCAPED_LINE_ENDS).encode() + b"\n"

    def decode(self, raw: bytes, number: int) -> RowKey | None:
        try:
            row = json.loads(raw)
        except RecursionError as error:
            raise ValueError from error
        if not (isinstance(row, dict) and isinstance(row.get("id"), str) and row.keys() & {"method", "error"}):
            raise ValueError
        return RowKey(row["id"], "error" in row)

    def is_whole(self, rest: bytes, number: int) -> bool:
        try:
            json.loads(rest)
        except (ValueError, RecursionError):
            if rest[: len(_JSONL_START)] != _JSONL_START[: len(rest)]:
                raise ValueError from None
            return False
        self.decode(rest, number)
        return True


class CsvRows:
    """RFC 4180 with a header; what is not a string is JSON in its cell, what a row lacks is an empty cell."""

    header = ",".join(COLUMNS).encode() + b"\r\n"
    cells_hold_lines = True

    def encode(self, row: Mapping[str, Any]) -> bytes:
        line = io.StringIO(newline="")
        csv.writer(line).writerow([_cell(row.get(column)) for column in COLUMNS])
        return line.getvalue().encode()

    def decode(self, raw: bytes, number: int) -> RowKey | None:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        try:
            cells = next(csv.reader(io.StringIO(text, newline="")), [])
        except csv.Error as error:
            raise ValueError from error
        if number == 1 and tuple(cells) == COLUMNS:
            return None
        if number == 1 or len(cells) != len(COLUMNS):
            raise ValueError
        return RowKey(cells[0], cells[-1] != "")

    def is_whole(self, rest: bytes, number: int) -> bool:
        if number == 1 and not self.header.startswith(rest):
            raise ValueError
        return False  # a cell that was cut short looks like a shorter cell


FORMATS: Mapping[str, RowFormat] = {".jsonl": JsonlRows(), ".csv": CsvRows()}


def whole_rows(lines: Iterable[bytes], *, cells_hold_lines: bool) -> Iterator[bytes]:
    """The rows that end with a line end, each with it; a rest that does not is left out.

    A line end inside a CSV cell ends no row: there the number of quotes before it is odd, because a cell that
    holds one is quoted and the quotes in it are doubled.
    """
    row: list[bytes] = []
    in_cell = False
    for line in lines:
        row.append(line)
        if cells_hold_lines and line.count(b'"') % 2:
            in_cell = not in_cell
        if line.endswith(b"\n") and not in_cell:
            yield b"".join(row)
            row.clear()


class Output:
    """The open file: the ids that are in it, and `append` for one more row. A context manager.

    :param retry_failed: takes the rows with an error out first, so that their articles count as not yet done.
    :raises OutputError: when the file holds something else or another run writes it.
    :raises OSError: when it cannot be opened or written.
    """

    def __init__(self, path: Path, *, retry_failed: bool = False) -> None:
        self.path = path.resolve()  # a link to the file stays a link when the file is replaced
        self.done: set[str] = set()
        self.failed: set[str] = set()
        self.was_cut = False
        self._rows = FORMATS[path.suffix.lower()]
        self._file: IO[bytes] = self.path.open("a+b", buffering=0)
        try:
            _lock(self._file, self.path)
            self._resume()
            if retry_failed and self.failed:
                self._drop_failed()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, row: Mapping[str, Any]) -> None:
        """Put one row, with its `id` and perhaps an `error`, behind the others; it is on disk on return.

        :raises OSError: when it cannot be written whole; then nothing of it stays in the file.
        """
        _write(self._file, self._rows.encode(row))

    def _resume(self) -> None:
        """Learn what is there, then cut off an incomplete row; nothing changes before all has been read."""
        end, number = 0, 1
        with self.path.open("rb") as file:
            try:
                for raw in whole_rows(file, cells_hold_lines=self._rows.cells_hold_lines):
                    self._note(self._rows.decode(raw, number))
                    end += len(raw)
                    number += 1
                file.seek(end)
                rest = file.read()
                lacks_line_end = bool(rest) and self._rows.is_whole(rest, number)
            except ValueError:
                raise OutputError(
                    f"{self.path.name} exists and its row {number} was not written by this script: nothing "
                    "was changed; give another file with -o"
                ) from None
        if lacks_line_end:
            self._note(self._rows.decode(rest, number))
            _write(self._file, b"\n")
        elif rest:
            self._file.truncate(end)
            self.was_cut = True
        if not end and not lacks_line_end:
            _write(self._file, self._rows.header)

    def _note(self, key: RowKey | None) -> None:
        if key:
            self.done.add(key.id)
            if key.failed:
                self.failed.add(key.id)

    def _drop_failed(self) -> None:
        """Replace the file, at once and locked, by one without the rows that hold an error."""
        kept_path = self.path.with_name(f".{self.path.name}.part")
        kept = kept_path.open("w+b", buffering=0)
        try:
            with self.path.open("rb") as file:
                for number, raw in enumerate(whole_rows(file, cells_hold_lines=self._rows.cells_hold_lines), start=1):
                    key = self._rows.decode(raw, number)
                    if not (key and key.failed):
                        _write_all(kept, raw)
            os.fsync(kept.fileno())
            shutil.copymode(self.path, kept_path)
            _lock(kept, kept_path)
            kept_path.replace(self.path)
        except BaseException:
            kept.close()
            kept_path.unlink(missing_ok=True)
            raise
        self._file.close()
        self._file = kept
        self.done -= self.failed
        self.failed = set()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _lock(file: IO[bytes], path: Path) -> None:
    in_use = OutputError(f"another run is writing {path.name}: wait until it has ended, or give another file with -o")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise in_use from None
    # A run that dropped its failed rows has put another file in the place of the one that was opened here.
    if not os.path.samestat(os.fstat(file.fileno()), path.stat()):
        raise in_use


def _write(file: IO[bytes], data: bytes) -> None:
    """Add `data` to the end of an unbuffered file, durably; on a full disk take its beginning out again."""
    end = file.seek(0, os.SEEK_END)
    try:
        _write_all(file, data)
        os.fsync(file.fileno())
    except OSError:
        file.truncate(end)
        raise


def _write_all(file: IO[bytes], data: bytes) -> None:
    """Write all of `data`; an unbuffered file may take it in several pieces, in practice it is one."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
