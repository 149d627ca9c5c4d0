"""The page at `/`: a form, and the answer on the same page, made here so that it works without JavaScript.

What is wrong is said beside the form, which keeps what was typed and chosen.
"""

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, g, make_response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from summarizer.documents import SUFFIXES, TYPES
from summarizer.settings import Method
from summarizer.summary import Summary
from summarizer.web.client import client_of
from summarizer.web.highlights import Highlights, as_sent
from summarizer.web.problems import Problem, problem_of
from summarizer.web.service import service_of
from summarizer.web.submission import read_submission

pages = Blueprint("pages", __name__)
# An article as copied from a page, to try the service with.
EXAMPLE = Path(__file__).with_name("static") / "example.txt"


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


@dataclass(frozen=True)
class Typed:
    """What someone typed and chose in the form."""

    text: str = ""
    url: str = ""
    method: str | None = None
    keeps_all: bool = False


@pages.get("/")
def form() -> Response:
    """The form, empty or with the example in it."""
    return _page(typed=Typed(EXAMPLE.read_text(encoding="utf-8")) if "example" in request.args else _typed())


@pages.post("/")
def answer() -> Response:
    """The form's answer, above the form."""
    service = service_of()
    submission = read_submission(request, service.summarizer.methods, service.summarizer.settings)
    g.summary = service.answer(submission, client_of(request))
    return _page(summary=g.summary)


@pages.errorhandler(Exception)
def say_in_place(error: Exception) -> Response:
    """The form again, with what is wrong beside it."""
    return _page(problem=problem_of(error))


def _page(summary: Summary | None = None, problem: Problem | None = None, typed: Typed | None = None) -> Response:
    summarizer = service_of().summarizer
    typed = typed or _typed()
    html = render_template(
        "form.html",
        methods={method: METHOD_CHOICES[method] for method in summarizer.methods},
        chosen=typed.method if typed.method in summarizer.methods else summarizer.default_method,
        typed=typed,
        summary=summary,
        highlights=Highlights(summary) if summary else None,
        as_sent=as_sent,
        most_characters=summarizer.settings.max_text,
        fetches=summarizer.settings.fetch_urls,
        keeps=summarizer.settings.kept_summaries > 0,
        accepted=",".join((*SUFFIXES, *TYPES)),
        problem=problem,
    )
    if problem is None:
        return make_response(html)
    return make_response(html, problem.status, dict(problem.headers))


def _typed() -> Typed:
    """What was typed and chosen, as it was sent; a request that is too large is not read."""
    try:
        form = request.form
    except RequestEntityTooLarge:
        return Typed()
    return Typed(form.get("text", ""), form.get("url", ""), form.get("method"), form.get("strip") == "off")
