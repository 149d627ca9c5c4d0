"""`POST /summarize`: an article in, the summary of the HTTP contract out, as JSON, or as events while it is made."""

import hashlib
import json
from typing import Any

from flask import Blueprint, Request, Response, current_app, g, jsonify, request

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
    if _asks_for_events(request):
        return stream(current_app._get_current_object(), service, submission, client_of(request))  # type: ignore[attr-defined]
    g.summary = service.answer(submission, client_of(request))
    answer = g.summary.as_dict(with_sent=not submission.is_text)
    response = jsonify(answer)
    response.set_etag(_tag(answer), weak=True)
    response.vary.add("Accept")
    return response


def _asks_for_events(request: Request) -> bool:
    """Whether events are asked for by name, and not less than JSON."""
    accepted = request.accept_mimetypes
    is_named = any(name == EVENT_STREAM and quality > 0 for name, quality in accepted)
    return is_named and accepted[EVENT_STREAM] >= accepted["application/json"]


def _tag(answer: dict[str, Any]) -> str:
    """The same for two answers that differ in the seconds that they took."""
    stats = {name: value for name, value in answer["stats"].items() if name != "seconds"}
    return hashlib.sha256(json.dumps(answer | {"stats": stats}).encode()).hexdigest()[:32]
