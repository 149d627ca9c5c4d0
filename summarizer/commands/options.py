"""Options that several subcommands have."""

import click

from summarizer.selection.length import LENGTHS
from summarizer.settings import METHODS

_METHODS_HELP = " ".join(f"{name}: {method.description}" for name, method in METHODS.items())

method_option = click.option(
    "--method",
    type=click.Choice(list(METHODS)),
    help=f"{_METHODS_HELP}  [default: the SUMMARIZER_METHOD setting, or extractive]",
)
length_option = click.option(
    "--length",
    type=click.Choice(LENGTHS),
    multiple=True,
    default=LENGTHS,
    help="Which summary to produce. Can be given more than once.  [default: both]",
)
clean_option = click.option(
    "--clean/--no-clean", default=True, show_default=True, help="Remove repeated headlines and page clutter."
)
