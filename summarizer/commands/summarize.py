"""`summarizer summarize`: one article, its summaries on standard output."""

import io
import shutil
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from summarizer.commands.options import clean_option, summary_options
from summarizer.errors import SummarizerError
from summarizer.selection.length import LENGTHS, Format, Length
from summarizer.settings import Method
from summarizer.text.links import is_link

if TYPE_CHECKING:
    from summarizer import Summarizer, Summary
    from summarizer.readers import Document

_STDIN = "-"
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)
# Of lines on a terminal, in characters: longer ones are hard to read.
_MAX_WIDTH = 88
# Seconds between two looks at a watched file.
_WATCH_INTERVAL = 0.5


def _file_or_link(context: click.Context, parameter: click.Parameter, value: str) -> Path | str:
    is_path = value != _STDIN and not is_link(value)
    return Path(str(_FILE.convert(value, parameter, context))) if is_path else value


@click.command(short_help="Summarize one article.")
@click.argument("source", metavar="FILE", callback=_file_or_link)
@summary_options
@click.option("--title", metavar="TEXT", help="The headline, if it is not part of the text.")
@clean_option
@click.option("--json", "as_json", is_flag=True, help="Print the full result as JSON, as the API returns it.")
@click.option(
    "--width",
    type=click.IntRange(min=20),
    metavar="N",
    help=f"Characters of a line.  [default: on a terminal its width, at most {_MAX_WIDTH}; elsewhere any number]",
)
@click.option("--watch", is_flag=True, help="Summarize the file again whenever it changes, until Ctrl-C.")
@click.pass_context
def summarize(
    context: click.Context,
    *,
    source: Path | str,
    method: Method | None,
    length: tuple[Length, ...],
    words: int | None,
    focus: str | None,
    form: Format,
    title: str | None,
    clean: bool,
    as_json: bool,
    width: int | None,
    watch: bool,
) -> int:
    """Summarize FILE (text, HTML, PDF, DOCX, ODT, RTF, EPUB, Markdown, e-mail, subtitles), or - for standard input.

    FILE can also be a link, if SUMMARIZER_FETCH_URLS is set. Prints the title, the short summary and the long one,
    separated by blank lines.
    """
    # Imported here, because `--help` needs none of it.
    from summarizer import Summarizer

    if watch and not isinstance(source, Path):
        raise click.UsageError("--watch needs a file.")
    summarizer = context.obj or Summarizer()

    def show() -> None:
        summary = summarizer.summarize(
            _read(source, summarizer),
            method=method,
            lengths=tuple(name for name in LENGTHS if name in length),
            words=words,
            focus=focus,
            format=form,
            title=title,
            clean=clean,
        )
        _show(summary, as_json=as_json, width=width)

    seen = _state(source) if isinstance(source, Path) else None
    show()
    if watch and isinstance(source, Path):
        _show_changes(source, seen, show)
    return 0


def _show_changes(file: Path, seen: tuple[int, int] | None, show: Callable[[], None]) -> NoReturn:
    """Show the summary whenever the file is in another state than it was seen in."""
    while True:
        time.sleep(_WATCH_INTERVAL)
        if (now := _state(file)) != seen:
            seen = now
            click.echo()
            try:
                show()
            except (SummarizerError, OSError) as error:  # half written, perhaps
                click.echo(f"Note: {error}", err=True)


def _read(source: Path | str, summarizer: "Summarizer") -> "Document":
    """The article in a file, on standard input, or behind a link."""
    from summarizer.batch.inputs import MAX_ARTICLE_SIZE
    from summarizer.readers import detect_kind, fetch, read
    from summarizer.settings import listed

    settings = summarizer.settings
    if isinstance(source, str) and source != _STDIN:
        if not settings.fetch_urls:
            raise click.UsageError("Links are not opened. Set SUMMARIZER_FETCH_URLS=true to allow it.")
        return fetch(source, MAX_ARTICLE_SIZE, listed(settings.fetch_networks))
    if isinstance(source, str):
        raw = sys.stdin.buffer.read()
        return read(raw, detect_kind(raw))
    raw = source.read_bytes()
    return read(raw, detect_kind(raw, name=source.name))


def _state(file: Path) -> tuple[int, int] | None:
    """What changes with a file; None if it is not there at the moment."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _show(summary: "Summary", *, as_json: bool, width: int | None) -> None:
    if as_json:
        click.echo(summary.model_dump_json(indent=1).encode())  # JSON is UTF-8, whatever the terminal's encoding
        return
    is_terminal = sys.stdout.isatty()
    if width is None and is_terminal:
        width = min(shutil.get_terminal_size().columns, _MAX_WIDTH)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # "?" for characters that the terminal's encoding lacks
    title = click.style(_broken(summary.title, width), bold=True) if summary.title else None
    parts = (title, *(_broken(text, width) for text in (summary.short, summary.long) if text))
    click.echo("\n\n".join(filter(None, parts)))
    for note in summary.notes:
        click.echo(f"Note: {note}", err=True)


def _broken(text: str, width: int | None) -> str:
    """A text with lines of at most this many characters."""
    if width is None:
        return text
    return "\n".join(
        textwrap.fill(line, width, subsequent_indent="  " if line.startswith("- ") else "", break_on_hyphens=False)
        for line in text.splitlines()
    )
