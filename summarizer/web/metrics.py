"""`/metrics`: what the service does, in the format of Prometheus. No label has text of an article or of a client."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from summarizer.models.usage import USAGE
from summarizer.summary import Summary
from summarizer.web.queue import FairQueue

# Seconds. An extractive summary takes a tenth to one, an abstractive one up to a minute.
_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120)
# Others are counted together: a client may send any word.
_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# The time when each counter began would double the lines.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The counters, gauges and histograms of one service."""

    def __init__(self, queue: FairQueue, reading: FairQueue, writing: FairQueue) -> None:
        """Start counting.

        :param queue: the queue for summaries.
        :param reading: the line for files and links.
        :param writing: the line for the language model.
        """
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        registry.register(_Tokens())
        self._requests = Counter(
            "summarizer_requests", "Answered requests.", ["route", "method", "status"], registry=registry
        )
        self._summaries = Counter("summarizer_summaries", "Summaries computed.", ["method"], registry=registry)
        self._sentences = Counter(
            "summarizer_written_sentences",
            "Sentences that a model wrote: verified, or refused and replaced.",
            ["verdict"],
            registry=registry,
        )
        self._cache = Counter(
            "summarizer_cache_lookups",
            "Requests: hit, miss or joined to another.",
            ["result"],
            registry=registry,
        )
        self._waiting = Histogram(
            "summarizer_waiting_seconds", "Time until a request's turn.", buckets=_BUCKETS, registry=registry
        )
        self._working = Histogram(
            "summarizer_working_seconds", "Time of a summary.", ["method"], buckets=_BUCKETS, registry=registry
        )
        for name, description, count in (
            ("summarizer_queue_places", "Requests that are under way or wait.", queue.__len__),
            ("summarizer_reading_places", "Files and links that are read or wait.", reading.__len__),
            ("summarizer_writing_turns", "Requests for which the language model writes.", lambda: writing.running),
        ):
            Gauge(name, description, registry=registry).set_function(count)
        size = Gauge("summarizer_queue_size", "Places that the queue has.", registry=registry)
        size.set(queue.size)

    def init_app(self, app: Flask) -> None:
        """Count an application's answers."""
        app.after_request(self._count)

    def looked_up(self, result: str) -> None:
        """Count a request by what the cache had."""
        self._cache.labels(result).inc()

    def computed(self, summary: Summary, seconds: float) -> None:
        """Count a summary that took this long."""
        self._summaries.labels(summary.method).inc()
        self._working.labels(summary.method).observe(seconds)
        self._sentences.labels("verified").inc(summary.stats.drafted - summary.stats.refused)
        self._sentences.labels("refused").inc(summary.stats.refused)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Measure the time that a request waits for its turn."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._waiting.observe(time.monotonic() - began)

    def text(self) -> bytes:
        """All of them, for Prometheus."""
        return bytes(generate_latest(self._registry))

    def _count(self, response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.method in _METHODS else "other"
        self._requests.labels(route, method, str(response.status_code)).inc()
        return response


class _Tokens(Collector):
    """The tokens of language models, which are counted where they are read and written."""

    def collect(self) -> Iterator[CounterMetricFamily]:
        tokens = CounterMetricFamily("summarizer_tokens", "Tokens that language models processed.", labels=["kind"])
        tokens.add_metric(["read"], USAGE.read)
        tokens.add_metric(["written"], USAGE.written)
        yield tokens
