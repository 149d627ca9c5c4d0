"""`summarizer serve`: the web service, run by uvicorn."""

import os

import click

from summarizer.settings import LOG_LEVELS, LOG_STYLES


class _PortOption(click.Option):
    """Ignores SUMMARIZER_PORT=tcp://10.0.0.1:8000, which Kubernetes sets beside a Service named `summarizer`."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        value = super().resolve_envvar_value(ctx)
        return None if value and value.startswith("tcp://") else value


@click.command(short_help="Run the web service.")
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
@click.option(
    "--log-style",
    type=click.Choice(LOG_STYLES, case_sensitive=False),
    default="text",
    show_default=True,
    envvar="SUMMARIZER_LOG_STYLE",
    help="Lines for people, or JSON objects.",
)
def serve(host: str, port: int, log_level: str, log_style: str) -> None:
    """Run the web service: the page at /, the API at /summarize, and its documentation at /docs.

    Settings are read from environment variables. SIGTERM and SIGHUP let running requests finish.
    """
    os.environ["SUMMARIZER_LOG_LEVEL"], os.environ["SUMMARIZER_LOG_STYLE"] = log_level, log_style
    # Here, because other commands need neither server nor application.
    from summarizer.web.server import run
    from summarizer.web.tracing import send_spans
    from summarizer.web.wsgi import app

    send_spans()
    run(app, host, port)
