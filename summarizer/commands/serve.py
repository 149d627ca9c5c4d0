"""`summarizer serve`: the web service, run by gunicorn."""

import os
import sys

import click

from summarizer.settings import LOG_LEVELS


class _PortOption(click.Option):
    """Ignores SUMMARIZER_PORT=tcp://10.0.0.1:8000, which Kubernetes sets beside a Service named `summarizer`."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        value = super().resolve_envvar_value(ctx)
        return None if value and value.startswith("tcp://") else value


@click.command(short_help="Run the web service.", context_settings={"ignore_unknown_options": True})
@click.option("--host", default="127.0.0.1", show_default=True, envvar="SUMMARIZER_HOST", help="Address to listen on.")
@click.option(
    "--port",
    cls=_PortOption,
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    metavar="PORT",
    envvar="SUMMARIZER_PORT",
    help="Port to listen on.",
)
@click.option(
    "--log-level",
    type=click.Choice(LOG_LEVELS, case_sensitive=False),
    default="info",
    show_default=True,
    envvar="SUMMARIZER_LOG_LEVEL",
    help="Lowest severity to log. Article text is never logged.",
)
@click.argument("gunicorn_arguments", nargs=-1, type=click.UNPROCESSED, metavar="[GUNICORN OPTIONS]...")
def serve(host: str, port: int, log_level: str, gunicorn_arguments: tuple[str, ...]) -> None:
    """Run the web service: the page at /, the API at /summarize, and its documentation at /docs.

    Settings are read from environment variables. Options not listed below are passed to gunicorn.
    """
    os.environ["SUMMARIZER_LOG_LEVEL"] = log_level
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"  # an IPv6 address
    command = ["--config", "python:summarizer.web.gunicorn_config", "--bind", address]
    # gunicorn replaces this process, so that signals reach it directly.
    os.execv(
        sys.executable,
        [sys.executable, "-m", "gunicorn", *command, *gunicorn_arguments, "summarizer.web.wsgi:app"],
    )
