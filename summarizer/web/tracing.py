"""Spans of OpenTelemetry for each request and for the stages of its summary.

They are made by the API alone, which does nothing until the SDK is set up: by the extra `otel` and the environment
variable OTEL_EXPORTER_OTLP_ENDPOINT here, or by whoever runs the application. They have no text of an article.
"""

import logging
import os
from collections.abc import Callable
from http import HTTPStatus
from types import TracebackType
from typing import Self

from flask import Flask, Response, g, request
from opentelemetry import context, propagate, trace

from summarizer.cleaning import Article
from summarizer.job import Listener, SentencesByLength, Stage
from summarizer.selection.length import Length
from summarizer.summary import SummarySentence

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_CLEANING = "cleaning"
log = logging.getLogger(__name__)


def send_spans() -> None:
    """Send spans to the collector that the standard environment variables name, if they name one."""
    named = next(filter(os.environ.get, _ENDPOINTS), None)
    if named is None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("%s is set, but the extra is missing: pip install '.[otel]'", named)
        return
    name = os.environ.get("OTEL_SERVICE_NAME", "summarizer")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def trace_requests(app: Flask) -> None:
    """Make a span for each request, a child of the one that its headers name."""

    def begin() -> None:
        parent = propagate.extract(request.headers)
        route = request.url_rule.rule if request.url_rule else "unknown"
        g.span = _tracer().start_span(f"{request.method} {route}", parent, trace.SpanKind.SERVER)
        g.span_token = context.attach(trace.set_span_in_context(g.span))
        g.span.set_attributes({"http.request.method": request.method, "http.route": route})

    def note_status(response: Response) -> Response:
        if "span" in g:
            g.span.set_attribute("http.response.status_code", response.status_code)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                g.span.set_status(trace.StatusCode.ERROR)
            response.call_on_close(g.span.end)  # a stream ends later
        return response

    def leave(_: BaseException | None) -> None:
        if "span_token" in g:
            context.detach(g.pop("span_token"))

    app.before_request(begin)
    app.after_request(note_status)
    app.teardown_request(leave)


class StageSpans(Listener):
    """Makes a span for each stage of a summary, and passes everything on to another listener."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._stage = _CLEANING
        self._span = _tracer().start_span(_CLEANING)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is not None:
            self._span.set_status(trace.StatusCode.ERROR, kind.__name__)
        self._span.end()

    def on_article(self, article: Article) -> None:
        self._begin("selecting")
        self._listener.on_article(article)

    def on_preview(self, make_preview: Callable[[], SentencesByLength]) -> None:
        self._listener.on_preview(make_preview)
        self._begin("writing")

    def on_sentence(self, length: Length, index: int, sentence: SummarySentence) -> None:
        self._listener.on_sentence(length, index, sentence)

    def on_step(self, stage: Stage, done: int, total: int) -> None:
        self._begin(stage)
        self._listener.on_step(stage, done, total)

    def _begin(self, stage: Stage) -> None:
        if stage != self._stage:
            self._span.end()
            self._stage, self._span = stage, _tracer().start_span(stage)


def _tracer() -> trace.Tracer:
    return trace.get_tracer("summarizer")
