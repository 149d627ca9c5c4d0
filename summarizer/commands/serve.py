"""`summarizer serve`: the web service, run by gunicorn."""

import os
import sys

import click

_LOG_LEVELS = ("debug", "info", "warning", "error")


@click.command(short_help="Run the web service.", context_settings={"ignore_unknown_options": True})
@click.option("--host", default="127.0.0.1", show_default=True, envvar="SUMMARIZER_HOST", help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    metavar="PORT",
    envvar="SUMMARIZER_PORT",
    help="Port to listen on.",
)
@click.option(
    "--log-level",
    type=click.Choice(_LOG_LEVELS),
    default="info",
    show_default=True,
    envvar="SUMMARIZER_LOG_LEVEL",
    help="Lowest severity to log. Article text is never logged.",
)
@click.argument("gunicorn_arguments", nargs=-1, type=click.UNPROCESSED, metavar="[GUNICORN OPTIONS]...")
def serve(host: str, port: int, log_level: str, gunicorn_arguments: tuple[str, ...]) -> None:
    """Run the web service: the page at /, the API at /summarize, and its documentation at /docs.

    Settings are environment variables. Any other options are passed to gunicorn.
    """
    os.environ["SUMMARIZER_LOG_LEVEL"] = log_level
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"  # an IPv6 address
    command = ["--config", "python:summarizer.web.gunicorn_config", "--bind", address]
    # gunicorn replaces this process, so that signals reach it directly.
    os.execv(
        sys.executable,
        [sys.executable, "-m", "gunicorn", *command, *gunicorn_arguments, "summarizer.web.wsgi:app"],
    )
