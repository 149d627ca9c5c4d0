"""Spans of requests and of the stages of their summaries."""

from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from summarizer.web.tracing import send_spans
from tests.servers import wait_until

ARTICLE = (Path(__file__).parent.parent / "articles" / "news-harbour-bridge.txt").read_text(encoding="utf-8")
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    """Keeps all spans of this process, which has one provider."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture
def spans(exporter: InMemorySpanExporter):
    exporter.clear()
    return lambda: {span.name: span for span in exporter.get_finished_spans()}


def is_child(span: ReadableSpan, parent: ReadableSpan) -> bool:
    return span.parent is not None and span.parent.span_id == parent.context.span_id


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_request_and_its_stages_have_spans(client, spans, accept) -> None:
    headers = {"traceparent": PARENT, "Accept": accept}
    response = client.post("/summarize", json={"text": ARTICLE, "method": "extractive"}, headers=headers)
    response.get_data()
    response.close()
    wait_until(lambda: "POST /summarize" in spans())
    found = spans()
    request = found["POST /summarize"]
    assert f"{request.context.trace_id:032x}" == PARENT.split("-")[1]
    assert f"{request.parent.span_id:016x}" == PARENT.split("-")[2]
    assert request.attributes["http.response.status_code"] == 200
    assert is_child(found["cleaning"], request)
    assert is_child(found["selecting"], request)
    assert found["cleaning"].end_time <= found["selecting"].start_time + 1_000_000


def test_failed_request_has_its_status(client, spans) -> None:
    client.post("/summarize", json={"text": " "}).close()
    assert spans()["POST /summarize"].attributes["http.response.status_code"] == 422


def test_spans_have_no_text_of_the_article(client, spans) -> None:
    client.post("/summarize", json={"text": ARTICLE, "focus": "Pellworth ferry"}).close()
    shown = "".join(span.to_json() for span in spans().values())
    assert "POST /summarize" in shown
    assert "Pellworth" not in shown


def test_nothing_is_sent_without_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    before = trace.get_tracer_provider()
    send_spans()
    assert trace.get_tracer_provider() is before
