"""The log: one line per request, and unexpected errors by class and location. Article text is never logged.

Each line of a request has its id, its client and the name of its key. The message of an exception and the source lines
of a traceback can contain article text, so neither is logged.
"""

import json
import logging
import re
import time
import traceback
import uuid
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, request

from summarizer.summary import Summary
from summarizer.web.paths import HEALTH_PATHS, METRICS_PATH, STATIC_PATH

log = logging.getLogger(__name__)
_QUIET_PATHS = (*HEALTH_PATHS, METRICS_PATH, STATIC_PATH)
_REQUEST_ID = "X-Request-Id"
# A client's own id is used if it cannot forge a line of the log.
_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True)
class Sender:
    """Who sent the request that a line is about.

    :param request_id: the client's `X-Request-Id`, or a new one.
    :param key: the name of the API key; None without one.
    """

    request_id: str
    client: str
    key: str | None = None


_sender: ContextVar[Sender | None] = ContextVar("sender", default=None)


def configure_log(level: str, style: str) -> None:
    """Log to stderr.

    :param level: the lowest severity.
    :param style: `text` or `json`, one object a line.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonFormatter() if style == "json" else _TextFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler])


def log_requests(app: Flask) -> None:
    """Log each answer: HTTP method, path, status, words of the article, summarization method, seconds.

    Health checks and static files are frequent and uninformative, so they are logged at debug level.
    """
    app.before_request(_start)
    app.after_request(_log)


def set_key(name: str) -> None:
    """Have the lines of this request name its key."""
    _sender.set(Sender(g.request_id, request.remote_addr or "", name))


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
    log.error("unexpected %s", _described(error))


def _start() -> None:
    g.started = time.monotonic()
    given = request.headers.get(_REQUEST_ID, "")
    g.request_id = given if _SAFE_ID.fullmatch(given) else uuid.uuid4().hex
    _sender.set(Sender(g.request_id, request.remote_addr or ""))


def _log(response: Response) -> Response:
    if "request_id" in g:
        response.headers[_REQUEST_ID] = g.request_id
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


def _described(error: BaseException) -> str:
    """The class of an error and the code locations that it passed, innermost last."""
    locations = [
        f"{frame.filename}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__, limit=-5)
    ]
    return f"{type(error).__name__} at {'; '.join(locations) or 'an unknown location'}"


class _Formatter(logging.Formatter):
    """Formats errors, also those that libraries log, without their messages and source lines."""

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return _described(ei[1]) if ei[1] else ""


class _TextFormatter(_Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        sender = _sender.get()
        shown = [sender.request_id, sender.client, sender.key] if sender else []
        return " ".join([super().format(record), *(f"[{part}]" for part in shown if part)])


class _JsonFormatter(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        sender = _sender.get()
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **({name: value for name, value in asdict(sender).items() if value} if sender else {}),
            **({"error": self.formatException(record.exc_info)} if record.exc_info else {}),
        }
        return json.dumps(line, ensure_ascii=False)
