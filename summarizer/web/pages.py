"""The page at `/`: a form, and the answer on the same page, rendered here so that it works without JavaScript.

Errors are shown beside the form, which keeps what the user typed and chose.
"""

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, g, make_response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from summarizer.readers import SUFFIXES, TYPES
from summarizer.selection.length import MAX_FOCUS
from summarizer.settings import METHODS
from summarizer.summary import Summary
from summarizer.web.connection import client_of
from summarizer.web.highlights import Highlights, removed_parts
from summarizer.web.problems import HttpProblem, problem_of
from summarizer.web.request import read_submission
from summarizer.web.service import service_of

pages = Blueprint("pages", __name__)
# Choices for the longer summary; "" for its usual length.
_WORDS = ("", "40", "60", "120", "200", "300", "400")
# An article as copied from a page, to try the service with.
EXAMPLE = Path(__file__).with_name("static") / "example.txt"


@dataclass(frozen=True)
class FormInput:
    """What the user typed and chose in the form."""

    text: str = ""
    url: str = ""
    method: str | None = None
    clean: bool = True
    words: str = ""
    focus: str = ""
    format: str = ""


@pages.get("/")
def form() -> Response:
    """The form, empty or with the example in it."""
    return _page(entered=FormInput(EXAMPLE.read_text(encoding="utf-8")) if "example" in request.args else _entered())


@pages.post("/")
def answer() -> Response:
    """The summary, above the form."""
    service = service_of()
    submission = read_submission(request, service.summarizer.settings)
    g.summary = service.answer(submission, client_of(request))
    return _page(summary=g.summary)


@pages.errorhandler(Exception)
def show_error(error: Exception) -> Response:
    """The form again, with the error beside it."""
    return _page(problem=problem_of(error))


def _page(
    summary: Summary | None = None, problem: HttpProblem | None = None, entered: FormInput | None = None
) -> Response:
    summarizer = service_of().summarizer
    entered = entered or _entered()
    html = render_template(
        "form.html",
        methods=METHODS,
        chosen=entered.method if entered.method in METHODS else summarizer.default_method,
        entered=entered,
        word_choices=_WORDS,
        max_focus=MAX_FOCUS,
        summary=summary,
        highlights=Highlights(summary) if summary else None,
        removed_parts=removed_parts,
        max_characters=summarizer.settings.max_text,
        max_bytes=summarizer.settings.max_body,
        fetches_links=summarizer.settings.fetch_urls,
        is_remote=summarizer.settings.is_remote,
        has_cache=summarizer.settings.summary_cache > 0,
        accepted_files=",".join((*SUFFIXES, *TYPES)),
        problem=problem,
    )
    if problem is None:
        return make_response(html)
    return make_response(html, problem.status, dict(problem.headers))


def _entered() -> FormInput:
    """The fields of the form as sent; a request that is too large is not read."""
    try:
        form = request.form
    except RequestEntityTooLarge:
        return FormInput()
    text, url, *wanted = (form.get(name, "") for name in ("text", "url", "words", "focus", "format"))
    return FormInput(text, url, form.get("method"), form.get("clean", "true") != "false", *wanted)
