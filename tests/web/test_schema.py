"""Generated requests (schemathesis): each answer has a status, a content type and a form that the description names."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from summarizer import Settings, Summarizer
from summarizer.web import create_app

summarizer = Summarizer(Settings(summary_cache=0, max_text=100_000))
app = create_app(summarizer)
schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Load the models, without which /readyz is a server error."""
    summarizer.load()


@schema.parametrize()
@settings(
    max_examples=1_000,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_described(case: schemathesis.Case) -> None:
    # A language model would take hours to summarize all these articles.
    if isinstance(case.body, dict) and case.body.get("method") == "abstractive":
        case.body["method"] = "extractive"
    if case.query and case.query.get("method") == "abstractive":
        case.query["method"] = "extractive"
    case.call_and_validate(checks=_CHECKS)
