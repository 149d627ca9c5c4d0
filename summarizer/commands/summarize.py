"""`summarizer summarize`: one article, its summaries on standard output."""

import io
import sys
from pathlib import Path

import click

from summarizer.commands.options import (
    clean_option,
    focus_option,
    format_option,
    length_option,
    method_option,
    words_option,
)
from summarizer.selection.length import LENGTHS, Format, Length
from summarizer.settings import Method


@click.command(short_help="Summarize one article.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True, allow_dash=True))
@method_option
@length_option
@words_option
@focus_option
@format_option
@click.option("--title", metavar="TEXT", help="The headline, if it is not part of the text.")
@clean_option
@click.option("--json", "as_json", is_flag=True, help="Print the full result as JSON, as the API returns it.")
@click.pass_context
def summarize(
    context: click.Context,
    *,
    file: Path,
    method: Method | None,
    length: tuple[Length, ...],
    words: int | None,
    focus: str | None,
    form: Format,
    title: str | None,
    clean: bool,
    as_json: bool,
) -> int:
    """Summarize FILE (text, HTML, PDF, DOCX, ODT, RTF, EPUB, Markdown, e-mail, subtitles), or - for standard input.

    Prints the title, the short summary and the long one, separated by blank lines.
    """
    # Imported here, because `--help` needs none of it.
    from summarizer import Summarizer
    from summarizer.readers import detect_kind, read

    is_stdin = str(file) == "-"
    raw = sys.stdin.buffer.read() if is_stdin else file.read_bytes()
    document = read(raw, detect_kind(raw, name=None if is_stdin else file.name))
    summarizer = context.obj or Summarizer()
    lengths = tuple(name for name in LENGTHS if name in length)
    summary = summarizer.summarize(
        document, method=method, lengths=lengths, words=words, focus=focus, format=form, title=title, clean=clean
    )
    if as_json:
        click.echo(summary.model_dump_json(indent=1).encode())  # JSON is UTF-8, whatever the terminal's encoding
        return 0
    _print_text("\n\n".join(filter(None, (summary.title, summary.short, summary.long))))
    for note in summary.notes:
        click.echo(f"Note: {note}", err=True)
    return 0


def _print_text(text: str) -> None:
    """Print, with "?" for characters that the terminal's encoding lacks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    click.echo(text)
