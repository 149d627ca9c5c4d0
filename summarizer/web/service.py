"""What the API, the page and the health checks share: one summarizer, its queue and its cache."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import cast

from flask import Flask, current_app

from summarizer import Summarizer
from summarizer.cleaning import Article
from summarizer.errors import Busy, SummarizerError
from summarizer.job import Listener, SentencesByLength, Stage
from summarizer.readers import Document
from summarizer.selection.length import Length
from summarizer.summary import Summary, SummarySentence
from summarizer.web.cache import SummaryCache, cache_key
from summarizer.web.connection import Client
from summarizer.web.queue import RETRY_AFTER_SECONDS, FairQueue, Turn
from summarizer.web.request import Submission
from summarizer.web.request_log import log_unexpected
from summarizer.web.schemas import VerifyAnswer, VerifyRequest

_EXTENSION = "summarizer"
# Seconds between two log lines about a long summary: one of 50,000 words reports about a thousand steps.
_PROGRESS_LOG_INTERVAL = 5.0
# Seconds between two checks whether a waiting client is still connected.
_CONNECTION_CHECK_INTERVAL = 0.5
log = logging.getLogger(__name__)


class _Late(Exception):
    """The deadline has passed while another thread computes the summary."""


class Service:
    """One summarizer with its queue and cache, and the state of loading its models."""

    def __init__(self, summarizer: Summarizer) -> None:
        settings = summarizer.settings
        self.summarizer = summarizer
        self.queue = FairQueue(settings.concurrency, settings.queue)
        self.cache = SummaryCache(settings.cache / "summaries", settings.summary_cache)
        self.load_failure: str | None = None

    def init_app(self, app: Flask) -> None:
        """Make this the service that `service_of` returns."""
        app.extensions[_EXTENSION] = self

    def is_cached(self, submission: Submission) -> bool:
        """Whether the summary is cached; False for files, which are only read in their turn."""
        return self._cached(submission) is not None

    def answer(
        self, submission: Submission, client: Client, turn: Turn | None = None, listener: Listener | None = None
    ) -> Summary:
        """Summarize in the client's turn.

        :param turn: the client's place in the queue, if it has one already.
        :raises SummarizerError: `Busy` when the queue is full, and what `Summarizer.summarize` raises.
        :raises ClientDisconnected: when the client has disconnected.
        """
        started = time.monotonic()
        with ExitStack() as turns:
            if turn:
                turns.enter_context(turn)
            summary = self._cached(submission)
            if summary is None:
                taken = turn or turns.enter_context(self.queue.enter(client.address))
                summary = self._answer(submission, taken, client, listener or Listener(), started)
        return summary.with_seconds(time.monotonic() - started)

    def verify(self, claims: VerifyRequest, client: Client) -> VerifyAnswer:
        """Verify sentences in the client's turn.

        :raises SummarizerError: `Busy` when the queue is full, and what `Summarizer.verify` raises.
        :raises ClientDisconnected: when the client has disconnected.
        """
        started = time.monotonic()
        listener = _ServiceListener(client, Listener(), is_shared=lambda: False)

        def progress(done: int, total: int) -> None:
            listener.on_step("verifying", done, total)
            if self._is_late(started):
                raise Busy("There was not enough time. Send fewer sentences, or try again later.", RETRY_AFTER_SECONDS)

        with self.queue.enter(client.address) as turn:
            self._wait(turn, client, started)
            progress(0, 1)
            article, sentences = self.summarizer.verify(claims.text, claims.sentences, progress=progress)
        return VerifyAnswer(title=article.title, article=article.text, sentences=tuple(sentences))

    def _wait(self, turn: Turn, client: Client, started: float) -> None:
        """Wait for a turn until the deadline."""
        while not turn.wait(_CONNECTION_CHECK_INTERVAL) and not self._is_late(started):
            client.check_connected()

    def _cached(self, submission: Submission) -> Summary | None:
        # Reading a file takes time, so it needs a turn.
        return self.cache.get(self._key(submission.read(), submission)) if submission.is_text else None

    def _answer(
        self, submission: Submission, turn: Turn, client: Client, listener: Listener, started: float
    ) -> Summary:
        self._wait(turn, client, started)
        document = submission.read()
        key = self._key(document, submission)
        service_listener = _ServiceListener(client, listener, is_shared=lambda: self.cache.is_awaited(key))

        def compute() -> Summary:
            turn.resume()
            self._wait(turn, client, started)
            return self._summarize(document, submission, service_listener, self._seconds_left(started))

        def on_wait() -> None:  # while another thread computes
            turn.rest()
            client.check_connected()
            if self._is_late(started):
                raise _Late

        method = submission.options.method or self.summarizer.default_method
        try:
            return self.cache.get_or_compute(
                key, compute, on_wait, is_cacheable=lambda summary: summary.method == method
            )
        except _Late:
            return compute()

    def _summarize(
        self, document: Document, submission: Submission, listener: Listener, seconds: float | None
    ) -> Summary:
        options = submission.options
        return self.summarizer.summarize(
            document,
            method=options.method,
            lengths=options.lengths,
            title=options.title,
            clean=options.clean,
            listener=listener,
            seconds=seconds,
        )

    def _key(self, document: Document, submission: Submission) -> str:
        options, settings = submission.options, self.summarizer.settings
        method = options.method or self.summarizer.default_method
        writer = (settings.check, settings.token_budget, _version(settings.model)) if method == "abstractive" else ()
        model = self.summarizer.model_name(method)
        return cache_key(document, method, model, options.lengths, options.title, options.clean, *writer)

    def _seconds_left(self, started: float) -> float | None:
        deadline = self.summarizer.settings.deadline
        return None if deadline is None else max(deadline - (time.monotonic() - started), 0.0)

    def _is_late(self, started: float) -> bool:
        return self._seconds_left(started) == 0.0

    def load_in_background(self) -> None:
        """Start loading the models; requests that arrive meanwhile wait for them."""
        threading.Thread(target=self._load, name="load-models", daemon=True).start()

    def _load(self) -> None:
        started = time.monotonic()
        try:
            self.summarizer.load()
        except SummarizerError as error:
            self.load_failure = str(error)
            log.error("models not loaded: %s", error)
        except Exception as error:
            self.load_failure = f"Loading the models failed with {type(error).__name__}. See the server's log."
            log_unexpected(error)
        else:
            log.info("models loaded in %.1f s", time.monotonic() - started)


def _version(model: str | None) -> tuple[str, ...]:
    """The paths and times of a model's files, which change when another model gets the same name."""
    path = Path(model or "").expanduser()
    if model is None or not path.exists():
        return (model or "",)
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return tuple(f"{file.resolve()} {file.stat().st_mtime_ns}" for file in files)


class _ServiceListener(Listener):
    """Forwards events, logs long work every few seconds, and ends work that nobody waits for."""

    def __init__(self, client: Client, listener: Listener, is_shared: Callable[[], bool]) -> None:
        """Follow a client's job.

        :param is_shared: whether other requests wait for the same summary.
        """
        self._client = client
        self._listener = listener
        self._is_shared = is_shared
        self._checked = self._logged = time.monotonic()

    def on_article(self, article: Article) -> None:
        self._listener.on_article(article)

    def on_preview(self, make_preview: Callable[[], SentencesByLength]) -> None:
        self._listener.on_preview(make_preview)

    def on_sentence(self, length: Length, index: int, sentence: SummarySentence) -> None:
        self._listener.on_sentence(length, index, sentence)

    def on_step(self, stage: Stage, done: int, total: int) -> None:
        self._listener.on_step(stage, done, total)
        now = time.monotonic()
        if now - self._checked >= _CONNECTION_CHECK_INTERVAL:
            self._checked = now
            if not self._is_shared():
                self._client.check_connected()
        if now - self._logged >= _PROGRESS_LOG_INTERVAL:
            self._logged = now
            log.info("%s: %d of %d", stage, done, total)


def service_of(app: Flask | None = None) -> Service:
    """The service of an application, by default the one handling the current request."""
    return cast(Service, (app or current_app).extensions[_EXTENSION])
