"""Health: `/healthz` says that the process lives, `/readyz` that its models are loaded."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from summarizer.web.problems import Problem, as_json
from summarizer.web.service import service_of

health = Blueprint("health", __name__)
# Loading takes 1 to 4 seconds from a warm disk.
_RETRY_AFTER_SECONDS = 5


@health.get("/healthz")
def alive() -> Response:
    """200 as long as the process answers at all."""
    return jsonify(status="alive")


@health.get("/readyz")
def ready() -> Response:
    """200 once the models of the default method are loaded; 503 before, with the reason when that failed."""
    service = service_of()
    if service.summarizer.loaded:
        return jsonify(status="ready")
    if service.load_failure:
        return as_json(Problem(HTTPStatus.SERVICE_UNAVAILABLE, service.load_failure))
    return as_json(
        Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The models are still loading. Ask again in a few seconds.",
            {"Retry-After": str(_RETRY_AFTER_SECONDS)},
        )
    )
