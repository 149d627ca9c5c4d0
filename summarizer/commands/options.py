"""Options that several subcommands have."""

from collections.abc import Callable

import click

from summarizer.selection.length import FORMATS, LENGTHS, MAX_WANTED_WORDS, MIN_WANTED_WORDS
from summarizer.settings import METHODS

_METHODS_HELP = " ".join(f"{name}: {method.description}" for name, method in METHODS.items())

_method_option = click.option(
    "--method",
    type=click.Choice(list(METHODS)),
    help=f"{_METHODS_HELP}  [default: the SUMMARIZER_METHOD setting, or extractive]",
)
_length_option = click.option(
    "--length",
    type=click.Choice(LENGTHS),
    multiple=True,
    default=LENGTHS,
    help="Which summary to produce. Can be given more than once.  [default: both]",
)
_words_option = click.option(
    "--words",
    type=click.IntRange(MIN_WANTED_WORDS, MAX_WANTED_WORDS),
    metavar="N",
    help=f"Words of the long summary, {MIN_WANTED_WORDS} to {MAX_WANTED_WORDS}, give or take a fifth.  "
    "[default: about 85]",
)
_focus_option = click.option(
    "--focus", metavar="TEXT", help="What the summary should be about, in words or as a question."
)
_format_option = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    show_default=True,
    help="Form of the long summary: a paragraph, key points that can each be read alone, or a one-line headline "
    "(--words is then ignored).",
)
clean_option = click.option(
    "--clean/--no-clean", default=True, show_default=True, help="Remove repeated headlines and page clutter."
)


def summary_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of a summary: how it is made, which lengths, and what they should be."""
    for option in (_format_option, _focus_option, _words_option, _length_option, _method_option):
        command = option(command)
    return command
