"""The `summarizer` command, also as `python -m summarizer`."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from summarizer.errors import INTERRUPTED, InvalidOption, InvalidSetting, ModelNotFound, SummarizerError

COMMANDS = ("summarize", "batch", "serve", "mcp", "download", "purge", "keys")
# Exit codes: an article could not be summarized; the command could not be carried out as given.
_FAILED = 1
_USAGE_ERROR = 2


class _Commands(click.Group):
    """Imports a subcommand when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"summarizer.commands.{cmd_name}"), cmd_name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="summarizer")
def cli() -> None:
    """Short and long summaries of articles, every sentence linked to its evidence."""


def main(arguments: Sequence[str] | None = None, summarizer: object = None) -> int:
    """Run the command; the exit code.

    :param arguments: by default those of the process.
    :param summarizer: summarizes in place of one with the environment's settings.
    """
    try:
        return int(cli.main(arguments, prog_name="summarizer", standalone_mode=False, obj=summarizer) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return _USAGE_ERROR
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "summarizer"
        print(f"{command}: {error.format_message()} (see {command} --help)", file=sys.stderr)
        return _USAGE_ERROR
    except SummarizerError as error:
        print(f"summarizer: {error}", file=sys.stderr)
        is_usage_error = isinstance(error, InvalidOption | InvalidSetting | ModelNotFound)
        return _USAGE_ERROR if is_usage_error else _FAILED
    except (click.Abort, KeyboardInterrupt):
        print("summarizer: interrupted", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
