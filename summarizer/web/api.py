"""`POST /summarize`: the summary as JSON, or as events while it is made. `POST /verify`: the support of sentences."""

import hashlib
import json

from flask import Blueprint, Request, Response, current_app, g, jsonify, request

from summarizer.summary import Summary
from summarizer.web.connection import client_of
from summarizer.web.request import read_claims, read_submission
from summarizer.web.service import service_of
from summarizer.web.sse import EVENT_STREAM, stream

api = Blueprint("api", __name__)


@api.post("/summarize")
def summarize() -> Response:
    """Answer a program; `web.problems` answers errors."""
    service = service_of()
    submission = read_submission(request, service.summarizer.settings)
    if _accepts_events(request):
        return stream(current_app._get_current_object(), service, submission, client_of(request))  # type: ignore[attr-defined]
    g.summary = service.answer(submission, client_of(request))
    response = jsonify(g.summary.model_dump(mode="json", exclude={"sent"} if submission.is_text else None))
    response.set_etag(_etag(g.summary), weak=True)
    response.vary.add("Accept")
    return response


@api.post("/verify")
def verify() -> Response:
    """Verify the sentences of a program or person; `web.problems` answers errors."""
    service = service_of()
    claims = read_claims(request, service.summarizer.settings)
    return jsonify(service.verify(claims, client_of(request)).model_dump(mode="json"))


def _accepts_events(request: Request) -> bool:
    """Whether the client names the event stream, and does not prefer JSON."""
    accepted = request.accept_mimetypes
    is_named = any(name == EVENT_STREAM and quality > 0 for name, quality in accepted)
    return is_named and accepted[EVENT_STREAM] >= accepted["application/json"]


def _etag(summary: Summary) -> str:
    """Equal for two answers that differ only in the time they took."""
    content = summary.model_dump(mode="json", exclude={"stats": {"seconds"}})
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]
