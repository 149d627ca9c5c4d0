"""Batches on a cluster, by Ray Data: tables and files → shards of rows, by actors that each load the models once.

Ray restarts an actor or repeats a task that was lost with its machine. Rows come in any order, and have the same ids as
without Ray; those of a table's `id` column should be unique.
"""

import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from socket import create_connection
from typing import Any

from tqdm import tqdm

from summarizer import Settings, Summarizer
from summarizer.batch.cluster_inputs import File, Inputs, Item, files_of, items_of, new_of, place_of
from summarizer.batch.inputs import Entry, InputError
from summarizer.batch.rows import Row
from summarizer.batch.run import MAX_MODEL_FAILURES, BatchOptions, Counts, Failed, summarize_entry
from summarizer.batch.shards import Shards
from summarizer.errors import ModelFailed
from summarizer.job import Listener
from summarizer.models.devices import compute_threads
from summarizer.settings import default_cache

LOCAL = "local"
# Rows of a shard, and so at most the articles whose work is repeated when an actor is lost: a minute or a few.
_SHARD_ROWS = {"extractive": 128, "abstractive": 8}
# Tasks that read the inputs, at most; each reads some of the files.
_MOST_READERS = 1_000
_CONNECT_SECONDS = 5
# An article that ends its process may be tried this often; then the run stops.
_MOST_RETRIES = 3
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


def run_on_cluster(
    inputs: Sequence[str],
    output: Shards,
    options: BatchOptions,
    cluster: Cluster,
    settings: Settings,
    *,
    text_field: str = "text",
    retry_errors: bool = False,
) -> Counts:
    """Add shards with a row for each article that has none yet.

    :param inputs: folders, files, JSONL and Parquet tables, as paths or addresses (`s3://`) that each machine can read.
    :param retry_errors: whether to remove the rows with an error first, so that their articles count as not done.
    :raises InputError: when an input cannot be used, or Ray is not installed or has no such cluster.
    :raises OutputError: when the folder has other files; `OSError` when a shard cannot be read.
    :raises SummarizerError: when a model is missing or a setting cannot be used; `ModelFailed` when the actors end with
        an error.
    """
    if find_spec("ray") is None:
        raise InputError(_MISSING)
    # Finds out here, not on each machine, that a model is missing.
    options = replace(options, method=options.method or Summarizer(settings).default_method)
    places = tuple(map(place_of, inputs))
    files = [file for index, argument in enumerate(inputs) for file in files_of(argument, index, places[index])]
    if any(place.contains(output.folder) for place in places):
        raise InputError(f"{output.folder.path}: the output must not be inside an input")
    _connect(cluster)
    import ray

    try:
        if retry_errors:
            output.drop_failed()
        keys = list(output.keys())
        counts = Counts(already_present=len(keys), failed=sum(key.failed for key in keys))
        done = ray.put(frozenset(key.id for key in keys))
        written = _written(files, Inputs(places, text_field), done, output, options, cluster, settings)
        _count(written, counts)
    except ray.exceptions.RayError as error:
        raise ModelFailed(f"The batch stopped on the cluster: {_reason(error)}") from None
    finally:
        ray.shutdown()
    return counts


def _count(written: Any, counts: Counts) -> None:
    """Have the shards written, and count their rows."""
    ids = set[str]()
    with tqdm(unit=" articles", file=sys.stderr, mininterval=0.5 if sys.stderr.isatty() else 10) as bar:
        for shard in written.iter_rows():
            counts.new += len(shard["ids"])
            counts.failed += shard["failed"]
            ids.update(shard["ids"])
            bar.update(len(shard["ids"]))
    if len(ids) < counts.new:
        again = counts.new - len(ids)
        have = "row has" if again == 1 else "rows have"
        print(f"{again} {have} the id of another row; a resumed run would skip what it repeats.", file=sys.stderr)


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
    if cluster.gpus > ray.cluster_resources().get("GPU", 0):
        ray.shutdown()
        raise InputError(f"--gpus {cluster.gpus:g}: the cluster has fewer")
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True  # so that a limit takes the same articles in every run
    context.enable_progress_bars = False
    context.log_internal_stack_trace_to_stdout = False


def _written(  # noqa: PLR0917 - each is a part of the run
    files: Sequence[File],
    inputs: Inputs,
    done: Any,
    output: Shards,
    options: BatchOptions,
    cluster: Cluster,
    settings: Settings,
) -> Any:
    """A dataset with a row for each shard that is written: the ids, and how many of them failed.

    :param done: a reference to the ids that have a row.
    """
    import ray

    blocks = min(len(files), _MOST_READERS)
    items = ray.data.from_items(list(map(vars, files)), override_num_blocks=blocks)
    items = items.flat_map(items_of, fn_kwargs={"inputs": inputs})
    if options.limit is not None:
        items = items.limit(options.limit)
    rows = cluster.shard_rows or _SHARD_ROWS[str(options.method)]
    new = items.map_batches(new_of, fn_kwargs={"inputs": inputs, "done": done}, batch_format="pyarrow")
    return new.repartition(target_num_rows_per_block=rows, strict=True).map_batches(
        _Actor,
        fn_constructor_args=(output, inputs, options, settings),
        batch_format="pyarrow",
        batch_size=None,
        compute=ray.data.ActorPoolStrategy(size=cluster.actors or _most_actors(cluster)),
        num_cpus=0.5 if cluster.gpus or ray.cluster_resources().get("CPU", 1) < 2 else 1,
        num_gpus=cluster.gpus,
        max_task_retries=_MOST_RETRIES,
    )


def _most_actors(cluster: Cluster) -> int:
    import ray

    found = ray.cluster_resources()
    most = found.get("GPU", 0) / cluster.gpus if cluster.gpus else found.get("CPU", 1) - 1  # one to read the tables
    return max(int(most), 1)


class _Actor:
    """Rows of articles → shards."""

    def __init__(self, output: Shards, inputs: Inputs, options: BatchOptions, settings: Settings) -> None:
        if "cache" not in settings.model_fields_set:  # this machine's user may have another home
            settings = settings.model_copy(update={"cache": default_cache()})
        self._output, self._inputs, self._options = output, inputs, options
        self._summarizer = Summarizer(settings)
        self._summarizer.load()
        self._model_failures = 0

    def __call__(self, batch: Any) -> dict[str, list[Any]]:
        """Write a shard.

        :param batch: a table of pyarrow with the fields of `Item`.
        :return: the ids of its rows, and how many of them failed.
        :raises ModelFailed: when the model is broken; what is done by then is written.
        """
        items = [Item(**item) for item in batch.to_pylist()]
        rows: list[Row] = []
        for item in items:
            rows.append(self._row(item.entry(self._inputs)))
            if self._model_failures == MAX_MODEL_FAILURES:
                break
        if rows:
            self._output.add([item.id for item in items], rows)
        if self._model_failures == MAX_MODEL_FAILURES:
            raise ModelFailed(f"The model failed {MAX_MODEL_FAILURES} times in a row: {rows[-1].error}")
        return {"ids": [[row.id for row in rows]], "failed": [sum(row.error is not None for row in rows)]}

    def _row(self, entry: Entry) -> Row:
        try:
            row = summarize_entry(entry, self._options, self._summarizer, Listener())
        except Failed as failure:
            self._model_failures = self._model_failures + 1 if failure.is_by_model else 0
            return Row(entry.id, entry.columns, error=str(failure))
        self._model_failures = 0
        return row


def _reason(error: Exception) -> str:
    """What an actor raised, without its stack; it contains no article text."""
    cause = getattr(error, "cause", None) or error
    lines = [line for line in str(cause).strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else type(cause).__name__
