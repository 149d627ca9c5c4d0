"""What the API, the page and the health checks share: one summarizer, its queue and its cache.

A request is looked up in the cache first, then joins an identical one that is being computed; only a request that is
neither takes a place in the queue. There is a line of turns for files and links, one for reading articles and choosing
sentences, and one for writing, so that none waits for work of another kind.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import Flask, current_app

from summarizer import Summarizer
from summarizer.cancellation import cancellable
from summarizer.cleaning import Article
from summarizer.errors import Busy, OutOfTime, SummarizerError
from summarizer.job import Listener, SentencesByLength, Stage
from summarizer.readers import Document
from summarizer.selection.length import Length
from summarizer.summary import Summary, SummarySentence
from summarizer.web.cache import Computation, SummaryCache, cache_key
from summarizer.web.connection import Client
from summarizer.web.metrics import Metrics
from summarizer.web.queue import FairQueue, Place
from summarizer.web.request import Submission
from summarizer.web.request_log import log_unexpected
from summarizer.web.schemas import VerifyAnswer, VerifyRequest
from summarizer.web.stores import open_store
from summarizer.web.tracing import StageSpans

_EXTENSION = "summarizer"
# Seconds between two checks of a request that waits for an identical one.
_WAIT_INTERVAL = 0.1
# Seconds that it waits longer than its own deadline.
_GRACE_SECONDS = 3.0
_RESTARTING = "The service is restarting. Send the request again in a few seconds."
_LATE = "There was not enough time. Send the request again later."
log = logging.getLogger(__name__)


@dataclass
class Task:
    """A request that the service has accepted: its summary if it is cached, else how it gets one.

    :param computation: of the summary.
    :param place: in the queue, for the request that computes it; None for one that waits for an identical request.
    """

    submission: Submission
    client: Client
    deadline: float
    summary: Summary | None = None
    computation: Computation | None = None
    place: Place | None = None

    @property
    def is_late(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() > self.deadline


class Service:
    """One summarizer with its queue and cache, and the state of loading its models."""

    def __init__(self, summarizer: Summarizer) -> None:
        settings = summarizer.settings
        self.summarizer = summarizer
        self.queue = FairQueue(settings.concurrency, settings.queue)
        self.reading = FairQueue(settings.concurrency, settings.queue)
        self.writing = FairQueue(settings.concurrency, settings.queue)
        self.cache = SummaryCache(open_store(settings), max_waiting=settings.queue)
        self.metrics = Metrics(self.queue, self.reading, self.writing)
        self.load_failure: str | None = None
        self.is_draining = False
        self._has_ended = threading.Event()

    def init_app(self, app: Flask) -> None:
        """Make this the service that `service_of` returns."""
        app.extensions[_EXTENSION] = self

    def answer(self, submission: Submission, client: Client, listener: Listener | None = None) -> Summary:
        """Summarize in the client's turn.

        :raises SummarizerError: `Busy` when the queue is full, and what `Summarizer.summarize` raises.
        :raises ClientDisconnected: when the client has disconnected.
        """
        return self.finish(self.accept(submission, client), listener)

    def accept(self, submission: Submission, client: Client) -> Task:
        """Look a request up, join an identical one or take a place in the queue; `finish` or `abandon` ends it.

        :raises Busy: when the queue is full.
        """
        task = Task(submission, client, client.arrived + self.summarizer.settings.deadline)
        self._enter(task)
        return task

    def finish(self, task: Task, listener: Listener | None = None) -> Summary:
        """The summary of an accepted request.

        :raises SummarizerError: what `Summarizer.summarize` raises; `Busy` as `accept`.
        :raises ClientDisconnected: when the client has disconnected.
        """
        started = time.monotonic()
        while task.summary is None:
            if task.place is not None:
                task.summary = self._compute(task, listener or Listener())
            elif not self._join(task):
                self._enter(task)
        return task.summary.with_seconds(time.monotonic() - started)

    def abandon(self, task: Task) -> None:
        """End an accepted request without its summary."""
        if task.computation is not None and task.place is None:
            self.cache.leave(task.computation)
        elif task.computation is not None and task.place is not None:
            self.queue.leave(task.place)
            self.cache.release(task.computation, None)

    def verify(self, claims: VerifyRequest, client: Client) -> VerifyAnswer:
        """Verify sentences in the client's turn.

        :raises SummarizerError: `Busy` when the queue is full, and what `Summarizer.verify` raises.
        :raises ClientDisconnected: when the client has disconnected.
        """
        deadline = client.arrived + self.summarizer.settings.deadline

        def goes_on() -> bool:
            self._check(client)
            if time.monotonic() > deadline:
                raise OutOfTime("There was not enough time. Send fewer sentences, or try again later.")
            return True

        def at_checkpoint() -> None:
            goes_on()
            place.share_turn(goes_on)

        with self.queue.enter(client.name) as place:
            place.take_turn(goes_on)
            with cancellable(at_checkpoint):
                article, sentences = self.summarizer.verify(claims.text, claims.sentences)
        return VerifyAnswer(title=article.title, article=article.text, sentences=tuple(sentences))

    def drain(self) -> None:
        """Refuse new requests; those that were accepted go on."""
        self.is_draining = True
        self.queue.close(_RESTARTING)

    def end(self) -> None:
        """End the requests that are still under way: each is answered with an error."""
        self._has_ended.set()

    def _enter(self, task: Task) -> None:
        key = self._key(task.submission)
        task.summary = self.cache.get(key)
        if task.summary is not None:
            self.metrics.looked_up("hit")
            return
        task.computation, is_mine = self.cache.claim(key)
        self.metrics.looked_up("miss" if is_mine else "joined")
        task.place = None
        if is_mine:
            try:
                task.place = self.queue.enter(task.client.name)
            except Busy:
                self.cache.release(task.computation, None)
                raise

    def _join(self, task: Task) -> bool:
        """Wait for an identical request; whether it had a summary for others."""
        computation = cast(Computation, task.computation)
        try:
            while not computation.result.done():
                self._check(task.client)
                # The other one then gets what there is, a little later.
                if time.monotonic() > task.deadline + _GRACE_SECONDS:
                    raise OutOfTime(_LATE)
                wait([computation.result], _WAIT_INTERVAL)
        finally:
            self.cache.leave(computation)
        task.summary = computation.result.result()
        return task.summary is not None

    def _compute(self, task: Task, listener: Listener) -> Summary:
        """Read and summarize in the client's turn; identical requests share the summary."""
        computation, place = cast(Computation, task.computation), cast(Place, task.place)
        summary = None
        is_stored = False
        try:
            with place:
                summary = self._summarize(task, self._read(task), place, listener)
            method = task.submission.options.method or self.summarizer.default_method
            # One that is late is poorer than it could be, and what a link leads to may change.
            is_stored = summary.method == method and not task.is_late and task.submission.source != "link"
            return summary
        finally:
            self.cache.release(computation, summary, is_stored=is_stored)

    def _read(self, task: Task) -> Document:
        """The article of a request. A subprocess reads files and links, so they have a line of their own."""
        if task.submission.is_text:
            return task.submission.read()

        def goes_on() -> bool:
            self._check_task(task)
            if task.is_late:
                raise OutOfTime(_LATE)
            return True

        with self.reading.enter(task.client.name) as place:
            place.take_turn(goes_on)
            with cancellable(goes_on):
                return task.submission.read()

    def _summarize(self, task: Task, document: Document, place: Place, listener: Listener) -> Summary:
        options = task.submission.options

        def goes_on() -> bool:
            self._check_task(task)
            return not task.is_late  # the summarizer then returns what it has

        def at_checkpoint() -> None:
            if goes_on():
                place.share_turn(goes_on)

        with self.metrics.waiting():
            if not place.take_turn(goes_on):
                raise OutOfTime(_LATE)
        began = time.monotonic()
        line = self.writing.enter(task.client.name)
        with line as writing, cancellable(at_checkpoint), StageSpans(listener) as spans:
            summary = self.summarizer.summarize(
                document,
                method=options.method,
                lengths=options.lengths,
                words=options.words,
                focus=options.focus,
                format=options.format,
                title=options.title,
                clean=options.clean,
                listener=_WritingTurn(spans, place, writing, goes_on),
                seconds=max(task.deadline - time.monotonic(), 0.0),
            )
        place.add(writing.seconds)
        self.metrics.computed(summary, time.monotonic() - began)
        return summary

    def _check_task(self, task: Task) -> None:
        if not cast(Computation, task.computation).is_awaited:
            self._check(task.client)
        elif self._has_ended.is_set():
            raise Busy(_RESTARTING, 1)

    def _check(self, client: Client) -> None:
        if self._has_ended.is_set():
            raise Busy(_RESTARTING, 1)
        client.check_connected()

    def _key(self, submission: Submission) -> str:
        options, settings = submission.options, self.summarizer.settings
        method = options.method or self.summarizer.default_method
        writer = (settings.check, settings.token_budget, _version(settings.model)) if method == "abstractive" else ()
        model = self.summarizer.model_name(method)
        asked = options.model_copy(update={"method": method})
        return cache_key(submission.fingerprint, model, asked, *writer)

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


class _WritingTurn(Listener):
    """Takes a turn for writing in place of one for reading when a model is about to write.

    It is not interrupted: the model would be neither used nor free meanwhile.
    """

    def __init__(self, listener: Listener, reading: Place, writing: Place, goes_on: Callable[[], bool]) -> None:
        self._listener = listener
        self._reading = reading
        self._writing = writing
        self._goes_on = goes_on

    def on_article(self, article: Article) -> None:
        self._listener.on_article(article)

    def on_preview(self, make_preview: Callable[[], SentencesByLength]) -> None:
        self._listener.on_preview(make_preview)
        self._reading.end_turn()
        self._writing.take_turn(self._goes_on)

    def on_sentence(self, length: Length, index: int, sentence: SummarySentence) -> None:
        self._listener.on_sentence(length, index, sentence)

    def on_step(self, stage: Stage, done: int, total: int) -> None:
        self._listener.on_step(stage, done, total)


def _version(model: str | None) -> tuple[str, ...]:
    """The paths and times of a model's files, which change when another model gets the same name."""
    path = Path(model or "").expanduser()
    if model is None or not path.exists():
        return (model or "",)
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return tuple(f"{file.resolve()} {file.stat().st_mtime_ns}" for file in files)


def service_of(app: Flask | None = None) -> Service:
    """The service of an application, by default the one handling the current request."""
    return cast(Service, (app or current_app).extensions[_EXTENSION])
