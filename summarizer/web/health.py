"""Health checks: `/healthz` while the process runs, `/readyz` while it accepts articles; `/metrics`."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from summarizer.web.metrics import CONTENT_TYPE
from summarizer.web.paths import METRICS_PATH
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
    """200 while articles are accepted; 503 with the reason while they are not."""
    service = service_of()
    if service.is_draining:
        return _unavailable("The service is restarting.", _RETRY_AFTER_SECONDS)
    if service.load_failure:
        return HttpProblem(HTTPStatus.SERVICE_UNAVAILABLE, service.load_failure).as_json()
    if not service.summarizer.loaded:
        return _unavailable("The models are still loading. Try again in a few seconds.", _RETRY_AFTER_SECONDS)
    if service.queue.is_full:
        return _unavailable("The queue is full.", service.queue.retry_after)
    return jsonify(status="ready")


@health.get(METRICS_PATH)
def metrics() -> Response:
    """What the service does, for Prometheus."""
    return Response(service_of().metrics.text(), content_type=CONTENT_TYPE)


def _unavailable(reason: str, retry_after: int) -> Response:
    return HttpProblem(HTTPStatus.SERVICE_UNAVAILABLE, reason, {"Retry-After": str(retry_after)}).as_json()
