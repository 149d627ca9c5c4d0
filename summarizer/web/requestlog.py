"""The log: one line a request, and unexpected errors by their class and place. Never a word of an article.

An exception's message and a traceback's source lines can hold article text, so that neither is written.
"""

import logging
import time
import traceback
from urllib.parse import quote

from flask import Flask, Response, g, request

from summarizer.summary import Summary
from summarizer.text import word_count

log = logging.getLogger(__name__)
_QUIET_PATHS = ("/healthz", "/readyz", "/static/")


def configure_log(level: str) -> None:
    """Write the log to stderr, from `level` up."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")


def log_requests(app: Flask) -> None:
    """Log each answer: method, path, status, words of the article, the method that summarized it, seconds.

    Health checks and static files come by the minute and say nothing, so that they are logged at debug level.
    """
    app.before_request(_start)
    app.after_request(_log)


def log_answer(what: str, status: int, summary: Summary | None, seconds: float, level: int = logging.INFO) -> None:
    """Log one answer.

    :param what: was asked for: method and path.
    """
    log.log(
        level,
        "%s %d %s words %s %.2f s",
        what,
        status,
        word_count(summary.article.text) if summary else "-",
        summary.method if summary else "-",
        seconds,
    )


def log_unexpected(error: Exception) -> None:
    """Log an error that nobody foresaw by its class and the places it went through, innermost last."""
    places = [
        f"{frame.filename}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__, limit=-5)
    ]
    log.error("unexpected %s at %s", type(error).__name__, "; ".join(places) or "an unknown place")


def _start() -> None:
    g.started = time.monotonic()


def _log(response: Response) -> Response:
    if response.mimetype == "text/event-stream":
        return response  # is logged when it ends
    log_answer(
        f"{request.method} {quote(request.path)}",
        response.status_code,
        g.get("summary"),
        time.monotonic() - g.get("started", time.monotonic()),
        logging.DEBUG if request.path.startswith(_QUIET_PATHS) else logging.INFO,
    )
    return response
