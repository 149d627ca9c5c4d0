"""`POST /summarize`: an article in, the summary of the HTTP contract out, as JSON."""

from typing import Any

from flask import Blueprint, request

from summarizer.web.service import service_of
from summarizer.web.submission import read_submission

api = Blueprint("api", __name__)


@api.post("/summarize")
def summarize() -> dict[str, Any]:
    """Answer a program; what goes wrong is answered by `web.problems`."""
    service = service_of()
    submission = read_submission(request, service.summarizer.methods, service.summarizer.settings)
    return service.answer(submission).as_dict(with_sent=not submission.is_text)
