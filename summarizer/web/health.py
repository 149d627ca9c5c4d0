"""Health checks: `/healthz` while the process runs, `/readyz` once its models are loaded."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from summarizer.web.problems import HttpProblem
from summarizer.web.service import service_of

health = Blueprint("health", __name__)
# Loading takes 1 to 4 seconds from a warm disk.
_RETRY_AFTER_SECONDS = 5


@health.get("/healthz")
def alive() -> Response:
    """200 while the process can answer."""
    return jsonify(status="alive")


@health.get("/readyz")
def ready() -> Response:
    """200 once the models of the default method are loaded; 503 before, or with the reason if loading failed."""
    service = service_of()
    if service.summarizer.loaded:
        return jsonify(status="ready")
    if service.load_failure:
        return HttpProblem(HTTPStatus.SERVICE_UNAVAILABLE, service.load_failure).as_json()
    return HttpProblem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The models are still loading. Try again in a few seconds.",
        {"Retry-After": str(_RETRY_AFTER_SECONDS)},
    ).as_json()
