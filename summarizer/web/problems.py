"""Errors → HTTP: the status of each error, its message, and the form it takes.

Programs get RFC 9457 problem details, browsers a page. Each message says what to do; none contains a stack trace.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Flask, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import ClientDisconnected as BodyCutShort
from werkzeug.exceptions import HTTPException

from summarizer.errors import (
    ArticleTooLong,
    Busy,
    EmptyArticle,
    InvalidSetting,
    LinkFailed,
    ModelFailed,
    ModelNotFound,
    OutOfTime,
    SummarizerError,
    UnreadableFile,
)
from summarizer.web.connection import ClientDisconnected
from summarizer.web.request_log import log_unexpected
from summarizer.web.schemas import Problem

log = logging.getLogger(__name__)

# Headers of errors that Werkzeug raises.
_PASSED_ON = ("Allow", "Retry-After", "WWW-Authenticate")
# What each status means; the README and the API description show these.
STATUSES: dict[int, str] = {
    400: "The body does not match its Content-Type, or an option has an invalid value.",
    401: "The API key is missing or not valid.",
    403: "The request comes from a page of another site.",
    408: "The request did not arrive in time.",
    413: "The request or the article is larger than this server accepts.",
    415: "The Content-Type is not supported.",
    421: "The service does not answer for this host.",
    422: "The request contains no article, or its file or link cannot be read.",
    429: "The limit of requests is reached (see `Retry-After`).",
    500: "Internal error; see the server's log.",
    503: "The queue is full or the time is over (see `Retry-After`), or the model is not responding.",
}
_STATUS_OF: dict[type[SummarizerError], HTTPStatus] = {
    EmptyArticle: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnreadableFile: HTTPStatus.UNPROCESSABLE_ENTITY,
    LinkFailed: HTTPStatus.UNPROCESSABLE_ENTITY,
    ArticleTooLong: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    OutOfTime: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelFailed: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelNotFound: HTTPStatus.SERVICE_UNAVAILABLE,
    InvalidSetting: HTTPStatus.SERVICE_UNAVAILABLE,
}
# For requests that were late: the service is slow or the text is long.
_RETRY_LATE_SECONDS = 30
JSON_TYPE = "application/problem+json"


def too_large(limit: int) -> str:
    """What is wrong with a body of more bytes than the limit."""
    return f"The request is larger than {limit:,} bytes. Send a shorter article."


@dataclass(frozen=True)
class HttpProblem:
    """An error, ready to be sent."""

    status: HTTPStatus
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The status in words, as RFC 9457 requires for the type `about:blank`."""
        return self.status.phrase

    def body(self) -> dict[str, object]:
        """The problem details."""
        return Problem(title=self.title, status=self.status, detail=self.detail).model_dump(mode="json")

    def as_json(self) -> Response:
        """The answer for a program."""
        return Response(
            current_app.json.dumps(self.body()) + "\n", self.status, headers=dict(self.headers), mimetype=JSON_TYPE
        )

    def as_page(self) -> Response:
        """The answer for a browser."""
        return make_response(render_template("problem.html", problem=self), self.status, dict(self.headers))


def handle_errors(app: Flask) -> None:
    """Answer every error of the application that a blueprint does not answer itself."""
    app.register_error_handler(Exception, _answer)


def problem_of(error: Exception) -> HttpProblem:
    """The problem for an error; an unexpected one is logged without its message."""
    if isinstance(error, SummarizerError):
        return _from_summarizer(error)
    if isinstance(error, HTTPException) and error.code is not None:
        return _from_http(error, HTTPStatus(error.code))
    if isinstance(error, ClientDisconnected):
        return HttpProblem(HTTPStatus.REQUEST_TIMEOUT, "The client has disconnected.")
    log_unexpected(error)
    return HttpProblem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Internal error; it has been logged. Sending the request again is unlikely to help.",
    )


def _answer(error: Exception) -> Response:
    problem = problem_of(error)
    return problem.as_page() if _is_from_browser() else problem.as_json()


def _is_from_browser() -> bool:
    """Whether the client asks for HTML, at an address other than the API's."""
    if request.path in ("/summarize", "/verify"):
        return False
    return request.accept_mimetypes.best_match([JSON_TYPE, "text/html"]) == "text/html"


def _from_summarizer(error: SummarizerError) -> HttpProblem:
    status = next((status for kind, status in _STATUS_OF.items() if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)
    if isinstance(error, Busy):
        return HttpProblem(status, str(error), {"Retry-After": str(error.retry_after)})
    if isinstance(error, OutOfTime):
        return HttpProblem(status, str(error), {"Retry-After": str(_RETRY_LATE_SECONDS)})
    if isinstance(error, ModelFailed):  # the language model, or the encoder, without which `extractive` fails as well
        log.error("the model is not responding: %s", error)
        return HttpProblem(
            status,
            "The model is not responding; the reason is in the server's log. Try again later. If the request was "
            "abstractive, the method 'extractive' may still work.",
        )
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        log.error("not usable as it is set up: %s", error)
        return HttpProblem(status, "The service cannot be used as it is set up; the reason is in the server's log.")
    return HttpProblem(status, str(error))


def _from_http(error: HTTPException, status: HTTPStatus) -> HttpProblem:
    headers = {name: value for name, value in error.get_headers() if name in _PASSED_ON}
    return HttpProblem(status, _detail(error, status, headers), headers)


def _detail(error: HTTPException, status: HTTPStatus, headers: Mapping[str, str]) -> str:
    if status is HTTPStatus.NOT_FOUND:
        return "There is nothing at this address. POST an article to /summarize, or open / in a browser."
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.method} is not supported at this address. Use one of: {headers.get('Allow', 'POST')}."
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        limit = current_app.config["MAX_CONTENT_LENGTH"]
        if (request.content_length or 0) > limit:
            return too_large(limit)
        return "The form has too many parts. Send `text` or `file`, and the options."
    if isinstance(error, BodyCutShort):
        return "The request's body ended before its Content-Length. Send the request again."
    return error.description or status.phrase
