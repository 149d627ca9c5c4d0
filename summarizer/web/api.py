"""`POST /summarize`: an article in, the summary of the HTTP contract out, as JSON, or as events while it is made."""

from flask import Blueprint, Response, current_app, g, jsonify, request

from summarizer.web.client import client_of
from summarizer.web.events import EVENT_STREAM, stream
from summarizer.web.service import service_of
from summarizer.web.submission import read_submission

api = Blueprint("api", __name__)


@api.post("/summarize")
def summarize() -> Response:
    """Answer a program; what goes wrong is answered by `web.problems`."""
    service = service_of()
    submission = read_submission(request, service.summarizer.methods, service.summarizer.settings)
    if request.accept_mimetypes.best_match(["application/json", EVENT_STREAM]) == EVENT_STREAM:
        return stream(current_app._get_current_object(), service, submission, client_of(request))  # type: ignore[attr-defined]
    answer = service.answer(submission, client_of(request))
    g.summary = answer.summary
    response = jsonify(answer.summary.as_dict(with_sent=not submission.is_text))
    response.set_etag(answer.tag, weak=True)  # the seconds of two equal answers differ
    return response
