"""Errors over HTTP, in one place: which status an error has, what it says, and in which form.

Programs get RFC 9457 problem details, people get a page. Each detail says what to do; none holds a trace.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Flask, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from summarizer.errors import (
    ArticleTooLong,
    Busy,
    EmptyArticle,
    InvalidSetting,
    LinkFailed,
    ModelFailed,
    ModelNotFound,
    SummarizerError,
    UnreadableFile,
)
from summarizer.web.client import ClientGone
from summarizer.web.requestlog import log_unexpected

log = logging.getLogger(__name__)

_STATUS: dict[type[SummarizerError], HTTPStatus] = {
    EmptyArticle: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnreadableFile: HTTPStatus.UNPROCESSABLE_ENTITY,
    LinkFailed: HTTPStatus.UNPROCESSABLE_ENTITY,
    ArticleTooLong: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelFailed: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelNotFound: HTTPStatus.SERVICE_UNAVAILABLE,
    InvalidSetting: HTTPStatus.SERVICE_UNAVAILABLE,
}
_JSON = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """What went wrong, ready for either form."""

    status: HTTPStatus
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The status in words, as RFC 9457 asks for the type `about:blank`."""
        return self.status.phrase


def answer_problems(app: Flask) -> None:
    """Answer every error of the application that a blueprint does not answer itself."""
    app.register_error_handler(Exception, _answer)


def problem_of(error: Exception) -> Problem:
    """The problem that an error is; one that nobody foresaw is logged without what it says."""
    if isinstance(error, SummarizerError):
        return _known(error)
    if isinstance(error, HTTPException) and error.code is not None:
        return _http(error, HTTPStatus(error.code))
    if isinstance(error, ClientGone):
        return Problem(HTTPStatus.REQUEST_TIMEOUT, "The client has hung up.")
    log_unexpected(error)
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "The service made a mistake and logged it. Sending the same request again is not likely to help.",
    )


def as_dict(problem: Problem) -> dict[str, object]:
    """The problem as RFC 9457 has it."""
    return {"type": "about:blank", "title": problem.title, "status": problem.status, "detail": problem.detail}


def as_json(problem: Problem) -> Response:
    """The problem for a program."""
    return Response(
        current_app.json.dumps(as_dict(problem)) + "\n", problem.status, headers=dict(problem.headers), mimetype=_JSON
    )


def _answer(error: Exception) -> Response:
    problem = problem_of(error)
    return _as_page(problem) if _from_browser() else as_json(problem)


def _as_page(problem: Problem) -> Response:
    return make_response(render_template("problem.html", problem=problem), problem.status, dict(problem.headers))


def _from_browser() -> bool:
    """Whether a person waits for the answer: one who asks for HTML at an address that is not the API's."""
    if request.path == "/summarize":
        return False
    return request.accept_mimetypes.best_match([_JSON, "text/html"]) == "text/html"


def _known(error: SummarizerError) -> Problem:
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)
    if isinstance(error, Busy):
        return Problem(status, str(error), {"Retry-After": str(error.retry_after)})
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        log.error("no answer from the model: %s", error)
        return Problem(
            status,
            "The model does not answer; the log says why. Try again later, or choose the method 'extract'.",
        )
    return Problem(status, str(error))


def _http(error: HTTPException, status: HTTPStatus) -> Problem:
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return Problem(status, _detail(error, status, headers), headers)


def _detail(error: HTTPException, status: HTTPStatus, headers: Mapping[str, str]) -> str:
    if status is HTTPStatus.NOT_FOUND:
        return "There is nothing at this address. POST an article to /summarize, or open / in a browser."
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.method} means nothing at this address. Use one of: {headers.get('Allow', 'POST')}."
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        limit = current_app.config["MAX_CONTENT_LENGTH"]
        return (
            f"The request is larger than {limit:,} bytes. Send a shorter article, or start the service "
            "with a larger SUMMARIZER_MAX_BODY."
        )
    return error.description or status.phrase
