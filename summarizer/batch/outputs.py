"""Rows of a batch → a JSONL or CSV file, each row in it whole or not at all, whenever the run is killed.

A row is written in one piece and is on disk before the next is made. Opening the file again cuts off an incomplete row
and returns the ids that are done; a file with other content is not changed. One run at a time: the kernel's lock
(`flock`) on the file itself ends with the process.
"""

import fcntl
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from summarizer.batch.rows import CsvRows, JsonlRows, Row, RowFormat, RowKey, whole_rows

SUFFIXES = (".jsonl", ".csv")


class OutputError(Exception):
    """The file cannot be used: it has other content, or another run is writing it."""


class Output(Protocol):
    """The rows of a batch: the ids that are done, and `append` for one more row. A context manager.

    :param name: as it is shown to the user.
    :param resumes: whether a later run finds the rows of this one.
    :param done: ids that have a row.
    :param failed: those of them whose row is an error.
    :param was_cut: whether the last row was incomplete and was cut off.
    """

    name: str
    resumes: bool
    done: set[str]
    failed: set[str]
    was_cut: bool

    def append(self, row: Row) -> None:
        """Add one row after the others."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class StdoutOutput:
    """JSONL rows on standard output; nothing is resumed."""

    def __init__(self) -> None:
        self.name = "Standard output"
        self.resumes = False
        self.done: set[str] = set()
        self.failed: set[str] = set()
        self.was_cut = False
        self._rows = JsonlRows()

    def append(self, row: Row) -> None:
        sys.stdout.buffer.write(self._rows.encode(row))
        sys.stdout.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class FileOutput:
    """A file of rows, opened to be continued.

    :param carried: names of the input's columns that a CSV file has.
    :param retry_failed: whether to remove the rows with an error, so that their articles count as not done.
    :raises OutputError: when the file has other content or another run is writing it.
    :raises OSError: when it cannot be opened or written.
    """

    def __init__(self, path: Path, carried: Sequence[str] = (), *, retry_failed: bool = False) -> None:
        self.name = str(path)
        self.resumes = True
        self.path = path.resolve()  # a link to the file stays a link when the file is replaced
        self.done: set[str] = set()
        self.failed: set[str] = set()
        self.was_cut = False
        self._rows: RowFormat = CsvRows(carried) if path.suffix.lower() == ".csv" else JsonlRows()
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

    def append(self, row: Row) -> None:
        """Add one row after the others; it is on disk on return.

        :raises OSError: when it cannot be written whole; then nothing of it stays in the file.
        """
        _write(self._file, self._rows.encode(row))

    def _resume(self) -> None:
        """Read the rows, then cut off an incomplete one; nothing changes before everything has been read."""
        end, number = 0, 1
        with self.path.open("rb") as file:
            try:
                for raw in whole_rows(file, cells_have_lines=self._rows.cells_have_lines):
                    self._note(self._rows.decode(raw, number))
                    end += len(raw)
                    number += 1
                file.seek(end)
                rest = file.read()
                lacks_line_end = bool(rest) and self._rows.is_whole(rest, number)
            except ValueError:
                raise OutputError(
                    f"{self.path.name} exists, and its row {number} was not written by this command for these inputs; "
                    "nothing was changed. Specify a different file with -o"
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
        """Replace the file, atomically and locked, by one without the rows that have an error."""
        draft_path = self.path.with_name(f".{self.path.name}.part")
        draft = draft_path.open("w+b", buffering=0)
        try:
            with self.path.open("rb") as file:
                rows = whole_rows(file, cells_have_lines=self._rows.cells_have_lines)
                for number, raw in enumerate(rows, start=1):
                    key = self._rows.decode(raw, number)
                    if not (key and key.failed):
                        _write_all(draft, raw)
            os.fsync(draft.fileno())
            shutil.copymode(self.path, draft_path)
            _lock(draft, draft_path)
            draft_path.replace(self.path)
        except BaseException:
            draft.close()
            draft_path.unlink(missing_ok=True)
            raise
        self._file.close()
        self._file = draft
        self.done -= self.failed
        self.failed = set()


def _lock(file: IO[bytes], path: Path) -> None:
    in_use = OutputError(f"another run is writing {path.name}: wait for it to end, or specify a different file with -o")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise in_use from None
    # A run that dropped its failed rows has replaced the file that was opened here.
    if not os.path.samestat(os.fstat(file.fileno()), path.stat()):
        raise in_use


def _write(file: IO[bytes], data: bytes) -> None:
    """Append `data` to an unbuffered file, durably; if the disk is full, remove its beginning again."""
    end = file.seek(0, os.SEEK_END)
    try:
        _write_all(file, data)
        os.fsync(file.fileno())
    except OSError:
        file.truncate(end)
        raise


def _write_all(file: IO[bytes], data: bytes) -> None:
    """Write all of `data`; an unbuffered file may take it in several pieces."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
