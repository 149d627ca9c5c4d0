"""The page at `/`: a form, and the answer on the same page, made here so that it works without JavaScript.

What is wrong is said beside the form, which keeps what was typed and chosen.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from summarizer.settings import Method
from summarizer.summary import Summary
from summarizer.web.highlights import Highlights
from summarizer.web.problems import Problem, problem_of
from summarizer.web.service import service_of
from summarizer.web.submission import read_submission

pages = Blueprint("pages", __name__)


@dataclass(frozen=True)
class MethodChoice:
    """A method in the words of someone who has never heard of it."""

    label: str
    explanation: str


METHOD_CHOICES: dict[Method, MethodChoice] = {
    "compress": MethodChoice(
        "Shortened",
        "The sentences that carry the news, without what they can do without. In a second or so.",
    ),
    "extract": MethodChoice(
        "Word for word",
        "The sentences that carry the news, exactly as the article has them. In a second or so.",
    ),
    "rewrite": MethodChoice(
        "Retold",
        "The model tells the article in its own words; sentences that the article does not support are "
        "replaced. Up to a minute, and more likely to be wrong than the others.",
    ),
}


@pages.get("/")
def form() -> Response:
    """The empty form."""
    return _page()


@pages.post("/")
def answer() -> Response:
    """The form's answer, above the form."""
    service = service_of()
    return _page(summary=service.answer(read_submission(request, service.summarizer.methods)))


@pages.errorhandler(Exception)
def say_in_place(error: Exception) -> Response:
    """The form again, with what is wrong beside it."""
    return _page(problem=problem_of(error))


def _page(summary: Summary | None = None, problem: Problem | None = None) -> Response:
    summarizer = service_of().summarizer
    typed, chosen = _typed()
    html = render_template(
        "form.html",
        methods={method: METHOD_CHOICES[method] for method in summarizer.methods},
        chosen=chosen if chosen in summarizer.methods else summarizer.default_method,
        typed=typed,
        summary=summary,
        highlights=Highlights(summary) if summary else None,
        problem=problem,
    )
    if problem is None:
        return make_response(html)
    return make_response(html, problem.status, dict(problem.headers))


def _typed() -> tuple[str, str | None]:
    """Text and method as they were sent; a request that is too large is not read."""
    try:
        return request.form.get("text", ""), request.form.get("method")
    except RequestEntityTooLarge:
        return "", None
