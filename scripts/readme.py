"""The generated parts of the README: `python -m cogapp -r README.md` writes them, and the suite checks them."""

from importlib import import_module

import click

from summarizer.__main__ import COMMANDS, cli
from summarizer.settings import METHODS, PREFIX, Settings
from summarizer.web.problems import STATUSES
from summarizer.web.schemas import Options

_HELP_WIDTH = 96


def methods_table() -> str:
    """The methods and what they do."""
    rows = [f"| `{name}` | {method.description} |" for name, method in METHODS.items()]
    return _table("| method | what it does |", rows)


def options_table() -> str:
    """The options of a request."""
    rows = [f"| `{name}` | {field.description} |" for name, field in Options.model_fields.items()]
    return _table("| option | meaning |", rows)


def settings_table() -> str:
    """The settings with their defaults."""
    rows = []
    for name, field in Settings.model_fields.items():
        has_default = field.default_factory is None and field.default not in (None, "")
        default = f"`{field.default}`" if has_default else ""
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return _table("| variable | default | meaning |", rows)


def problems_table() -> str:
    """The statuses of errors."""
    return _table("| status | meaning |", [f"| {status} | {meaning} |" for status, meaning in STATUSES.items()])


def command_help() -> str:
    """The help texts of the subcommands."""
    blocks = []
    parent = click.Context(cli, info_name="summarizer")
    for name in COMMANDS:
        command: click.Command = getattr(import_module(f"summarizer.commands.{name}"), name)
        context = click.Context(command, parent=parent, info_name=name, max_content_width=_HELP_WIDTH)
        context.terminal_width = _HELP_WIDTH
        blocks.append(f"```text\n{command.get_help(context)}\n```")
    return "\n\n".join(blocks) + "\n"


def _table(heading: str, rows: list[str]) -> str:
    columns = heading.count("|") - 1
    return "\n".join([heading, f"|{' --- |' * columns}", *rows]) + "\n"
