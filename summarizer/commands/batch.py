"""`summarizer batch`: many articles into one file. Article text is written to the output only."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from summarizer.commands.messages import count, say
from summarizer.commands.options import clean_option, summary_options
from summarizer.commands.ray import RayOptions, ray_options, run_on_ray
from summarizer.errors import INTERRUPTED
from summarizer.selection.length import LENGTHS, Format, Length
from summarizer.settings import Method

if TYPE_CHECKING:
    from summarizer import Summarizer
    from summarizer.batch.inputs import Source
    from summarizer.batch.outputs import Output
    from summarizer.batch.run import BatchOptions, Counts


@click.command(name="batch", short_help="Summarize multiple articles into one file.")
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="OUT",
    help="The .jsonl or .csv file to write; - for JSONL on standard output.",
)
@click.option(
    "--feed",
    "feeds",
    multiple=True,
    metavar="ADDRESS",
    help="An RSS or Atom feed, by its web address or file; items that the output has are skipped. Can be given more "
    "than once.",
)
@click.option(
    "--digest",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE.md",
    help="Also write the new summaries as Markdown, to be read.",
)
@summary_options
@clean_option
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Process only the first N articles.")
@click.option(
    "--text-field",
    default="text",
    show_default=True,
    metavar="NAME",
    help="Column that contains the article text (case-insensitive).",
)
@click.option("--retry-errors", is_flag=True, help="Retry articles that failed in an earlier run.")
@ray_options
@click.pass_context
def batch(
    context: click.Context,
    /,
    *,
    inputs: tuple[str, ...],
    output: str,
    feeds: tuple[str, ...],
    digest: Path | None,
    method: Method | None,
    length: tuple[Length, ...],
    words: int | None,
    focus: str | None,
    form: Format,
    clean: bool,
    limit: int | None,
    text_field: str,
    retry_errors: bool,
    **ray: Any,
) -> int:
    """Summarize multiple articles and write the results to one file, one row per article, in input order.

    Each INPUT can be a file (text, HTML, PDF, DOCX, ODT, RTF, EPUB, Markdown, e-mail, subtitles), a folder of such
    files, a .jsonl or .csv file with a text column, or - to read one article from standard input. An `id` column
    identifies the rows, a `title` or `headline` column provides the headline, and other columns are copied to the
    output.

    If the run is interrupted, run the same command again to resume it. If an article fails, its row contains the error
    and the exit code is 1.
    """
    # Imported here, because `--help` needs none of it.
    from summarizer import Summarizer
    from summarizer.batch.run import BatchOptions

    lengths = tuple(name for name in LENGTHS if name in length)
    options = BatchOptions(method, lengths, words, focus, form, clean, limit)
    on_ray = RayOptions(**ray)
    on_ray.check()
    if on_ray.address is not None:
        if feeds or digest:
            raise click.UsageError("--feed and --digest cannot be combined with --ray")
        return run_on_ray(inputs, output, options, on_ray, text_field=text_field, retry_errors=retry_errors)
    path = None if output == "-" else Path(output)
    _check_arguments(inputs, feeds, path, digest)
    if path is None and retry_errors:
        raise click.UsageError("--retry-errors requires an output file")
    sources = _open_sources(inputs, path, text_field)
    summarizer = context.obj or Summarizer()
    sources += _open_feeds(feeds, summarizer)
    target = _open_output(path, sources, digest, retry_errors=retry_errors)
    return _run(options, sources, summarizer, target)


def _check_arguments(inputs: Sequence[str], feeds: Sequence[str], output: Path | None, digest: Path | None) -> None:
    from summarizer.batch.digest import SUFFIX
    from summarizer.batch.outputs import SUFFIXES

    if not inputs and not feeds:
        raise click.UsageError("Missing argument 'INPUT...' or option '--feed'.")
    if digest is not None:
        if digest.suffix.lower() != SUFFIX:
            raise click.UsageError(f"{digest}: the digest must end in {SUFFIX}")
        if not digest.absolute().parent.is_dir():
            raise click.UsageError(f"{digest}: there is no such folder")
        for argument in inputs:
            if Path(argument).resolve() in (digest.resolve(), *digest.resolve().parents):
                raise click.UsageError(f"{digest}: the digest must not be among the inputs")
    if output is not None and output.suffix.lower() not in SUFFIXES:
        raise click.UsageError(f"{output}: the output must end in {' or '.join(SUFFIXES)}, or be -")
    if inputs.count("-") > 1:
        raise click.UsageError("- (standard input) can only be given once")


def _open_sources(inputs: Sequence[str], output: Path | None, text_field: str) -> list["Source"]:
    from summarizer.batch.inputs import InputError, open_source

    try:
        return [open_source(argument, output, text_field) for argument in inputs]
    except InputError as error:
        raise click.UsageError(str(error)) from None


def _open_feeds(addresses: Sequence[str], summarizer: "Summarizer") -> list["Source"]:
    from summarizer.batch.feeds import feed_source
    from summarizer.batch.inputs import InputError
    from summarizer.settings import listed

    seen = set[str]()
    try:
        return [feed_source(address, seen, listed(summarizer.settings.fetch_networks)) for address in addresses]
    except InputError as error:
        raise click.UsageError(str(error)) from None


def _open_output(
    path: Path | None, sources: Sequence["Source"], digest: Path | None, *, retry_errors: bool
) -> "Output":
    from summarizer.batch.digest import DigestOutput
    from summarizer.batch.outputs import FileOutput, OutputError, StdoutOutput

    columns = list(dict.fromkeys(name for source in sources for name in source.columns))
    try:
        output = FileOutput(path, columns, retry_failed=retry_errors) if path else StdoutOutput()
        return DigestOutput(output, digest) if digest else output
    except OutputError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.UsageError(f"{path}: cannot be written: {error.strerror}") from None


def _run(options: "BatchOptions", sources: Sequence["Source"], summarizer: "Summarizer", output: "Output") -> int:
    """Write the rows and report on them; the exit code."""
    from summarizer.batch.run import run_batch

    try:
        with output:
            if output.was_cut:
                say(f"The last row of {output.name} was incomplete; its article is summarized again.")
            counts = run_batch(options, sources, summarizer, output)
    except BrokenPipeError:
        raise  # the reader of standard output wants no more rows; click ends the process
    except OSError as error:
        say(f"Stopped: {error.strerror or error}.{_resume_hint(output)}")
        return 1
    except KeyboardInterrupt:
        say(f"\nInterrupted.{_resume_hint(output)}")
        return INTERRUPTED
    _report(counts, output)
    return 1 if counts.failed else 0


def _resume_hint(output: "Output") -> str:
    return " Run the same command again to resume." if output.resumes else ""


def _report(counts: "Counts", output: "Output") -> None:
    from summarizer.batch.run import MAX_MODEL_FAILURES

    present = f", {counts.already_present} already present" if output.resumes else ""
    say(f"{output.name}: {count(counts.new, 'row')} added{present}.")
    if counts.model_is_broken:
        say(f"Stopped: the model failed {MAX_MODEL_FAILURES} times in a row.")
    if counts.failed:
        hint = "; --retry-errors tries again" if output.resumes else ""
        say(f"{count(counts.failed, 'article')} failed (see `error` in the rows){hint}.")
