"""Batches on a cluster, by Ray Data: tables and files → shards of rows, by actors that each load the models once.

Ray restarts an actor or repeats a task that was lost with its machine. Rows come in any order, and have the same ids as
without Ray: those of a table's `id` column must be unique.
"""

import io
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import PurePosixPath
from socket import create_connection
from typing import Any

from tqdm import tqdm

from summarizer import Settings, Summarizer
from summarizer.batch.inputs import Entry, InputError, check_size, encodable, entry_of_row, read_article
from summarizer.batch.rows import Row
from summarizer.batch.run import MAX_MODEL_FAILURES, BatchOptions, Counts, Failed, summarize_entry
from summarizer.batch.shards import Shards, Storage
from summarizer.batch.tables import json_row
from summarizer.errors import ModelFailed
from summarizer.job import Listener
from summarizer.models.devices import compute_threads
from summarizer.readers import SUFFIXES, Document

LOCAL = "local"
TABLES = (".jsonl", ".parquet")
# Rows of a shard, and so at most the articles whose work is repeated when an actor is lost: a minute or a few.
_SHARD_ROWS = {"extractive": 128, "abstractive": 8}
# Tasks that read the inputs, at most; each reads some of the files.
_MOST_READERS = 1_000
# Bytes of a JSONL file, and rows of a Parquet file, that are read at once.
_BUFFER_SIZE, _PARQUET_ROWS = 1024**2, 256
_CONNECT_SECONDS = 5
_MISSING = "Ray is not installed: run `pip install '.[ray]'` here and on every machine of the cluster"


@dataclass(frozen=True)
class Cluster:
    """Where the actors run.

    :param address: of a Ray cluster ("auto" for the one that this machine belongs to), or `LOCAL` for this machine
        alone.
    :param actors: their number; None for as many as there are processors or GPUs.
    :param gpus: of each actor; parts of one are possible. An actor without one has a processor.
    :param shard_rows: rows of a shard; None for the usual number.
    """

    address: str = LOCAL
    actors: int | None = None
    gpus: float = 0.0
    shard_rows: int | None = None


@dataclass(frozen=True)
class File:
    """A file of an input.

    :param name: as the input was given, so that ids are those of a run without Ray.
    :param address: where every machine finds it.
    :param suffix: of its name, in lower case.
    """

    name: str
    address: str
    suffix: str


@dataclass(frozen=True)
class Item:
    """An article that no actor has read yet.

    :param id: of the row, unless the row has one of its own.
    :param address: of the file that is the article, or of the table that has its row.
    :param line: the row as JSON in UTF-8; None for a file.
    """

    id: str
    address: str
    line: bytes | None

    def entry(self, text_field: str) -> Entry:
        """The article."""
        if self.line is None:
            return Entry(self.id, partial(_read_file, self.address))
        return entry_of_row(json_row(self.line.decode("utf-8-sig", "surrogateescape")), text_field, self.id)


def run_on_cluster(
    inputs: Sequence[str],
    output: Shards,
    options: BatchOptions,
    cluster: Cluster,
    settings: Settings,
    *,
    text_field: str = "text",
) -> Counts:
    """Add shards with a row for each article that has none yet.

    :param inputs: folders, files, JSONL and Parquet tables, as paths or addresses (`s3://`) that each machine can read.
    :raises InputError: when an input cannot be used, or Ray is not installed.
    :raises OSError: when a shard cannot be read.
    :raises SummarizerError: when a model is missing or a setting cannot be used; `ModelFailed` when the actors end with
        an error.
    """
    if find_spec("ray") is None:
        raise InputError(_MISSING)
    Summarizer(settings)  # finds out here, not on each machine, that a model is missing
    files = [file for argument in inputs for file in _files(argument)]
    keys = list(output.keys())
    counts = Counts(already_present=len(keys), failed=sum(key.failed for key in keys))
    _connect(cluster)
    import ray

    try:
        results = _results(files, frozenset(key.id for key in keys), output, options, cluster, settings, text_field)
        with tqdm(unit=" articles", file=sys.stderr, mininterval=0.5 if sys.stderr.isatty() else 10) as bar:
            for done, failed in results:
                counts.new += done
                counts.failed += failed
                bar.update(done)
    except ray.exceptions.RayError as error:
        raise ModelFailed(f"The batch stopped on the cluster: {_reason(error)}") from None
    finally:
        ray.shutdown()
    return counts


def _connect(cluster: Cluster) -> None:
    """Start Ray here, or join a cluster. Ray's usage reports are off unless the environment turns them on."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    import ray.data

    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    # The processors are those for the actors, and one for the tasks that read tables, which need little of it.
    local = {"include_dashboard": False, "num_cpus": compute_threads() + 1} if cluster.address == LOCAL else {}
    host, _, port = cluster.address.partition(":")
    try:
        if port:  # Ray would try for minutes
            create_connection((host, int(port)), _CONNECT_SECONDS).close()
        ray.init(cluster.address, logging_level="ERROR", log_to_driver=False, **local)
    except (OSError, ValueError) as error:
        raise InputError(f"--ray {cluster.address}: cannot connect to a Ray cluster ({error})") from None
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.log_internal_stack_trace_to_stdout = False


def _results(  # noqa: PLR0917 - each is a part of the run
    files: Sequence[File],
    done: frozenset[str],
    output: Shards,
    options: BatchOptions,
    cluster: Cluster,
    settings: Settings,
    text_field: str,
) -> Iterator[tuple[int, int]]:
    """The numbers of rows and of failed ones in each shard, when it is written."""
    import ray

    method = options.method or settings.method or ("abstractive" if settings.model else "extractive")
    blocks = min(len(files), _MOST_READERS)
    items = ray.data.from_items(list(map(vars, files)), override_num_blocks=blocks).flat_map(_items)
    if options.limit is not None:
        items = items.limit(options.limit)
    rows = cluster.shard_rows or _SHARD_ROWS[method]
    written = items.repartition(target_num_rows_per_block=rows, strict=True).map_batches(
        _Actor,
        fn_constructor_args=(output, done, options, settings, text_field),
        batch_format="pyarrow",
        batch_size=None,
        compute=ray.data.ActorPoolStrategy(size=cluster.actors or _most_actors(cluster)),
        num_cpus=0.5 if cluster.gpus or ray.cluster_resources().get("CPU", 1) < 2 else 1,
        num_gpus=cluster.gpus,
    )
    for row in written.iter_rows():
        yield row["new"], row["failed"]


def _most_actors(cluster: Cluster) -> int:
    import ray

    found = ray.cluster_resources()
    most = found.get("GPU", 0) / cluster.gpus if cluster.gpus else found.get("CPU", 1) - 1  # one to read the tables
    return max(int(most), 1)


class _Actor:
    """An actor: rows of articles → shards."""

    def __init__(
        self, output: Shards, done: frozenset[str], options: BatchOptions, settings: Settings, text_field: str
    ) -> None:
        self._output, self._done, self._options, self._text_field = output, done, options, text_field
        self._summarizer = Summarizer(settings)
        self._summarizer.load()
        self._model_failures = 0

    def __call__(self, batch: Any) -> dict[str, list[int]]:
        """Write a shard with the rows of those articles that have none.

        :param batch: a table of pyarrow with the fields of `Item`.
        :return: the numbers of rows and of failed ones.
        """
        entries = [Item(**item).entry(self._text_field) for item in batch.to_pylist()]
        rows = [self._row(entry) for entry in entries if entry.id not in self._done]
        if rows:
            self._output.add(rows)
        return {"new": [len(rows)], "failed": [sum(row.error is not None for row in rows)]}

    def _row(self, entry: Entry) -> Row:
        try:
            row = summarize_entry(entry, self._options, self._summarizer, Listener())
        except Failed as failure:
            self._model_failures = self._model_failures + 1 if failure.is_by_model else 0
            if self._model_failures == MAX_MODEL_FAILURES:
                raise ModelFailed(f"The model failed {MAX_MODEL_FAILURES} times in a row: {failure}") from None
            return Row(entry.id, entry.columns, error=str(failure))
        self._model_failures = 0
        return row


def _files(argument: str) -> list[File]:
    """The files of an input.

    :raises InputError: when there is none that can be read.
    """
    known = (*TABLES, *SUFFIXES)
    try:
        place = Storage.of(argument)
        found = [(PurePosixPath(path), PurePosixPath(path).suffix.lower()) for path in place.files()]
    except (OSError, ValueError) as error:
        raise InputError(f"{argument}: cannot be read: {error}") from None
    scheme, is_address, rest = argument.partition("://")
    _, mark, options = rest.partition("?")  # such as the region of a bucket
    files = []
    for path, suffix in found:
        if suffix in known and is_address:
            address = f"{scheme}://{path}{mark}{options}"
            files.append(File(address, address, suffix))
        elif suffix in known:
            name = (PurePosixPath(argument) / path.relative_to(place.path)).as_posix()
            files.append(File(name, str(path), suffix))
    if not files:
        raise InputError(f"{argument}: contains no file of a known kind ({', '.join(known)})")
    return files


def _read_file(address: str) -> Document:
    """The article in a file.

    :raises UnreadableText: when it is binary or too large for an article.
    :raises UnreadableFile: when its format cannot be read.
    :raises OSError: when the file cannot be read.
    """
    place = Storage.of(address)
    check_size(place.size(place.path))
    return read_article(place.read(place.path), PurePosixPath(address).name)


def _items(row: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The articles of a file, as fields of `Item`.

    :param row: the fields of `File`.
    """
    name, address = row["name"], row["address"]
    lines = {".jsonl": _jsonl_lines, ".parquet": _parquet_lines}.get(row["suffix"])
    if lines is None:
        yield vars(Item(encodable(name), address, None))
    else:
        for number, line in lines(address):
            yield vars(Item(encodable(f"{name}:{number}"), address, line))


def _jsonl_lines(address: str) -> Iterator[tuple[int, bytes]]:
    place = Storage.of(address)
    with place.system.open_input_stream(place.path) as stream:
        for number, line in enumerate(io.BufferedReader(stream, _BUFFER_SIZE), start=1):
            if line.strip():
                yield number, line


def _parquet_lines(address: str) -> Iterator[tuple[int, bytes]]:
    from pyarrow.parquet import ParquetFile

    place = Storage.of(address)
    with place.system.open_input_file(place.path) as stream:
        rows = (row for batch in ParquetFile(stream).iter_batches(_PARQUET_ROWS) for row in batch.to_pylist())
        for number, row in enumerate(rows, start=1):
            yield number, json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "replace")


def _reason(error: Exception) -> str:
    """What an actor raised, without its stack; it contains no article text."""
    cause = getattr(error, "cause", None) or error
    lines = [line for line in str(cause).strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else type(cause).__name__
