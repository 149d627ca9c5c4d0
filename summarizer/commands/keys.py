"""`summarizer keys`: the API keys of the service."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from summarizer.web.keys import Keys


@click.group(short_help="Add, list and revoke API keys.")
def keys() -> None:
    """The API keys, in the file that SUMMARIZER_KEYS names or in Redis. A running service takes
    changes over at once.
    """


@keys.command()
@click.argument("name")
@click.option("--limit", default="", help="How many requests it allows, such as '30/minute; 500/day'.")
def add(name: str, limit: str) -> None:
    """Make a key and print it. It is stored nowhere, so it cannot be shown again."""
    click.echo(_keys().add(name, limit))


@keys.command("list")
def list_keys() -> None:
    """Show the names of all keys, when they were made, and their limits."""
    for key in _keys().all():
        click.echo("  ".join([key.created, key.name, key.limit]).rstrip())


@keys.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Make a key invalid."""
    _keys().revoke(name)
    click.echo(f"The key {name} is revoked.")


def _keys() -> "Keys":
    from summarizer.settings import Settings
    from summarizer.web.keys import keys_of

    return keys_of(Settings.from_env())
