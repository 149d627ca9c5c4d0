"""The output of a batch on a cluster: a folder of shards, JSONL or Parquet files that each have some of the rows.

Local folders and the addresses that pyarrow knows (`s3://`, `gs://`, `file://` …) are treated alike. A shard is named
by the places of its articles: when a task is repeated because a machine was lost, it replaces its shard.
"""

import hashlib
import io
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.batch.outputs import OutputError
from summarizer.batch.rows import JsonlRows, Row, RowKey

_PREFIX, _DRAFT = "part-", ".part-"
# Object stores, which show a file when it is whole.
_STORES = ("s3", "gcs", "abfs")
# Columns of a Parquet shard; `answer` has the whole row as the JSONL shard would.
_COLUMNS = ("id", "title", "short", "long", "error", "answer")


@dataclass(frozen=True)
class Storage:
    """A folder or file, on this machine or in an object store.

    :param system: the file system of pyarrow.
    :param path: within it.
    """

    system: Any
    path: str

    @classmethod
    def of(cls, address: str) -> "Storage":
        """The place that a path or an address names.

        :raises OSError: when there is no such store; `ValueError` when the kind of address is not known.
        """
        from pyarrow.fs import FileSystem, LocalFileSystem

        if "://" not in address:
            return cls(LocalFileSystem(), str(Path(address).absolute()))
        return cls(*FileSystem.from_uri(address))

    def files(self) -> list[str]:
        """The paths of the files in the folder and its subfolders, sorted, or of the file itself; not of hidden files.

        :raises OSError: when the place does not exist.
        """
        from pyarrow.fs import FileSelector, FileType

        if self.system.get_file_info(self.path).type == FileType.File:
            return [self.path]
        found = self.system.get_file_info(FileSelector(self.path, recursive=True))
        inner = {one.path: one.path.removeprefix(self.path).strip("/").split("/") for one in found if one.is_file}
        return sorted(path for path, parts in inner.items() if not any(part.startswith(".") for part in parts))

    def contains(self, other: "Storage") -> bool:
        """Whether another place is within this folder."""
        return self.system.equals(other.system) and f"{other.path}/".startswith(f"{self.path.rstrip('/')}/")

    def size(self, path: str) -> int:
        """The bytes that a file has.

        :raises OSError: when it cannot be read.
        """
        return int(self.system.get_file_info(path).size or 0)

    def read(self, path: str) -> bytes:
        """The bytes of a file.

        :raises OSError: when it cannot be read.
        """
        with self.system.open_input_file(path) as stream:
            return bytes(stream.readall())


class Shards:
    """The shards in a folder."""

    def __init__(self, folder: Storage, *, parquet: bool) -> None:
        """Take a folder, which need not exist."""
        self.folder = folder
        self._suffix = ".parquet" if parquet else ".jsonl"

    def keys(self) -> Iterator[RowKey]:
        """The keys of all rows.

        :raises OutputError: when a file in the folder is not a shard of this kind.
        :raises OSError: when one cannot be read.
        """
        for path in self._paths():
            yield from (key for key, _ in self._rows(path))

    def drop_failed(self) -> None:
        """Remove failed rows from every shard.

        :raises OSError: when one cannot be written.
        """
        for path in self._paths():
            rows = list(self._rows(path))
            kept = [raw for key, raw in rows if not key.failed]
            if not kept:
                self.folder.system.delete_file(path)
            elif len(kept) < len(rows):
                self._write(path, kept)

    def add(self, places: Sequence[str], rows: Sequence[Row]) -> None:
        """Write the rows as one shard, which replaces one of the same places; it is there whole or not at all.

        :param places: what distinguishes the articles of this shard from those of others.
        :raises OSError: when it cannot be written.
        """
        name = hashlib.sha256("\n".join(places).encode("utf-8", "replace")).hexdigest()[:20]
        self.folder.system.create_dir(self.folder.path, recursive=True)
        self._write(f"{self.folder.path}/{_PREFIX}{name}{self._suffix}", [JsonlRows().encode(row) for row in rows])

    def _paths(self) -> list[str]:
        from pyarrow.fs import FileSelector

        selector = FileSelector(self.folder.path, allow_not_found=True)
        found = [one for one in self.folder.system.get_file_info(selector) if not one.base_name.startswith(".")]
        for one in found:
            if not (one.is_file and one.base_name.startswith(_PREFIX) and one.base_name.endswith(self._suffix)):
                raise OutputError(
                    f"{one.path} is not a {self._suffix} shard written by this command; choose another folder with -o"
                )
        return sorted(one.path for one in found)

    def _rows(self, path: str) -> Iterator[tuple[RowKey, bytes]]:
        """The keys of a shard's rows, and the rows as lines of JSON."""
        raw = self.folder.read(path)
        lines = _parquet_lines(raw) if self._suffix == ".parquet" else raw.splitlines(keepends=True)
        try:
            for number, line in enumerate(lines, start=1):
                key = JsonlRows().decode(line, number)
                if key is not None:
                    yield key, line
        except ValueError:
            raise OutputError(f"{path} was not written by this command; choose another folder with -o") from None

    def _write(self, path: str, lines: Sequence[bytes]) -> None:
        """Put a shard in its place. An object store shows it when it is whole; a folder, when it gets its name."""
        raw = _parquet(lines) if self._suffix == ".parquet" else b"".join(lines)
        folder, name = path.rsplit("/", 1)
        is_store = self.folder.system.type_name in _STORES
        draft = path if is_store else f"{folder}/{_DRAFT}{name.removeprefix(_PREFIX)}-{secrets.token_hex(4)}"
        with self.folder.system.open_output_stream(draft) as stream:
            stream.write(raw)
        if draft != path:
            self.folder.system.move(draft, path)


def _parquet(lines: Sequence[bytes]) -> bytes:
    import pyarrow
    from pyarrow.parquet import write_table

    rows = [json.loads(line) for line in lines]
    columns = {name: [row.get(name) for row in rows] for name in _COLUMNS[:-1]}
    columns[_COLUMNS[-1]] = [line.decode().rstrip("\n") for line in lines]
    stream = io.BytesIO()
    write_table(pyarrow.table(columns, pyarrow.schema([(name, pyarrow.string()) for name in _COLUMNS])), stream)
    return stream.getvalue()


def _parquet_lines(raw: bytes) -> list[bytes]:
    import pyarrow
    from pyarrow.parquet import read_table

    try:
        answers = read_table(io.BytesIO(raw), columns=[_COLUMNS[-1]])[_COLUMNS[-1]].to_pylist()
    except (pyarrow.ArrowException, KeyError) as error:
        raise ValueError from error
    return [answer.encode() + b"\n" for answer in answers]
