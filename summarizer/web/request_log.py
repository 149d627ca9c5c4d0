"""The log: one line per request, and unexpected errors by class and location. Article text is never logged.

The message of an exception and the source lines of a traceback can contain article text, so neither is logged.
"""

import logging
import time
import traceback
from urllib.parse import quote

from flask import Flask, Response, g, request

from summarizer.summary import Summary

log = logging.getLogger(__name__)
_QUIET_PATHS = ("/healthz", "/readyz", "/static/")


def configure_log(level: str) -> None:
    """Log to stderr, from `level` up."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")


def log_requests(app: Flask) -> None:
    """Log each answer: HTTP method, path, status, words of the article, summarization method, seconds.

    Health checks and static files are frequent and uninformative, so they are logged at debug level.
    """
    app.before_request(_start)
    app.after_request(_log)


def log_answer(what: str, status: int, summary: Summary | None, seconds: float, level: int = logging.INFO) -> None:
    """Log one answer.

    :param what: the HTTP method and path.
    """
    log.log(
        level,
        "%s %d %s words %s %.2f s",
        what,
        status,
        summary.stats.article_words if summary else "-",
        summary.method if summary else "-",
        seconds,
    )


def log_unexpected(error: Exception) -> None:
    """Log an unexpected error by its class and the code locations it passed, innermost last."""
    locations = [
        f"{frame.filename}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__, limit=-5)
    ]
    log.error("unexpected %s at %s", type(error).__name__, "; ".join(locations) or "an unknown location")


def _start() -> None:
    g.started = time.monotonic()


def _log(response: Response) -> Response:
    if response.mimetype == "text/event-stream":
        return response  # logged when it ends
    log_answer(
        f"{request.method} {quote(request.path)}",
        response.status_code,
        g.get("summary"),
        time.monotonic() - g.get("started", time.monotonic()),
        logging.DEBUG if request.path.startswith(_QUIET_PATHS) else logging.INFO,
    )
    return response
