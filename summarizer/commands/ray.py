"""`summarizer batch --ray`: the options of a batch on a cluster, and its run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from summarizer.commands.messages import count, say
from summarizer.errors import INTERRUPTED, ModelFailed

if TYPE_CHECKING:
    from summarizer.batch.run import BatchOptions

_OPTIONS = (
    click.option(
        "--ray",
        "address",
        is_flag=False,
        flag_value="local",
        metavar="[ADDRESS]",
        help="Run on Ray, on this machine or on the cluster at ADDRESS (auto or HOST:6379). OUT is then a folder of "
        "shards. INPUT and OUT can be addresses such as s3://BUCKET/FOLDER; tables must be .jsonl or .parquet.",
    ),
    click.option(
        "--actors",
        type=click.IntRange(min=1),
        metavar="N",
        help="With --ray: number of worker processes.  [default: as many as fit]",
    ),
    click.option(
        "--gpus",
        type=click.FloatRange(min=0),
        default=0.0,
        metavar="N",
        help="With --ray: GPUs per process; 0.5 shares one.  [default: 0]",
    ),
    click.option(
        "--shard-rows",
        type=click.IntRange(min=1),
        metavar="N",
        help="With --ray: rows per shard.  [default: 128 extractive, 8 abstractive]",
    ),
    click.option("--parquet", is_flag=True, help="With --ray: write Parquet shards instead of JSONL."),
)


@dataclass(frozen=True)
class RayOptions:
    """The options of `--ray`; without an address the batch runs in this process, and the others must not be given."""

    address: str | None
    actors: int | None
    gpus: float
    shard_rows: int | None
    parquet: bool

    def check(self) -> None:
        """Refuse options that would do nothing.

        :raises click.UsageError: when one is given without `--ray`.
        """
        if self.address is None and (self.actors or self.gpus or self.shard_rows or self.parquet):
            raise click.UsageError("--actors, --gpus, --shard-rows and --parquet require --ray")


def ray_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of a batch on a cluster."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def run_on_ray(
    inputs: Sequence[str], output: str, options: "BatchOptions", ray: RayOptions, *, text_field: str, retry_errors: bool
) -> int:
    """Write the shards and report on them; the exit code.

    :raises click.UsageError: when an argument cannot be used.
    """
    from summarizer.batch.cluster import LOCAL, Cluster, run_on_cluster
    from summarizer.batch.inputs import InputError
    from summarizer.batch.outputs import OutputError
    from summarizer.batch.shards import Shards, Storage
    from summarizer.settings import Settings

    address = ray.address or LOCAL
    if Path(address).exists():
        raise click.UsageError(f"--ray {address}: that is a file or folder; put the inputs before --ray")
    if not inputs or "-" in (*inputs, output):
        raise click.UsageError("--ray needs files, folders or addresses as inputs, and a folder or an address with -o")
    try:
        shards = Shards(Storage.of(output), parquet=ray.parquet)
    except (OSError, ValueError) as error:
        raise click.UsageError(f"{output}: cannot be used: {error}") from None
    try:
        cluster = Cluster(address, ray.actors, ray.gpus, ray.shard_rows)
        settings = Settings.from_env()
        counts = run_on_cluster(
            inputs, shards, options, cluster, settings, text_field=text_field, retry_errors=retry_errors
        )
    except (InputError, OutputError) as error:
        raise click.UsageError(str(error)) from None
    except ModelFailed as error:
        return _stopped(str(error), 1)
    except OSError as error:
        return _stopped(f"Stopped: {error}.", 1)
    except KeyboardInterrupt:
        return _stopped("\nInterrupted.", INTERRUPTED)
    say(f"{output}: {count(counts.new, 'row')} added, {counts.already_present} already present.")
    if counts.failed:
        say(f"{count(counts.failed, 'article')} failed (see `error` in the rows); --retry-errors tries again.")
    return 1 if counts.failed else 0


def _stopped(reason: str, code: int) -> int:
    say(f"{reason} Run the same command again to resume.")
    return code
