"""What the API, the page and the health checks share: one summarizer behind one queue.

A submission goes in, a `Summary` comes out; knows nothing of JSON and HTML.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import cast

from flask import Flask, current_app

from summarizer import Summarizer
from summarizer.article import Article
from summarizer.documents import Document
from summarizer.errors import SummarizerError
from summarizer.summary import Summary
from summarizer.watching import Stage, Summaries, Watcher
from summarizer.web.client import Client, ClientGone
from summarizer.web.kept import KeptSummaries, key_of
from summarizer.web.requestlog import log_unexpected
from summarizer.web.submission import Submission
from summarizer.web.turns import Turn, Turns

_EXTENSION = "summarizer"
# A summary of 50,000 words reports some thousand steps; a line each few seconds shows that it goes on.
_SECONDS_BETWEEN_PROGRESS = 5.0
# Who waits looks this often whether its client is still there.
_GLANCE = 0.5
log = logging.getLogger(__name__)


class _Late(Exception):
    """The deadline is over."""


class Service:
    """One summarizer, its queue, what it keeps, and how loading its models went."""

    def __init__(self, summarizer: Summarizer) -> None:
        settings = summarizer.settings
        self.summarizer = summarizer
        self.turns = Turns(settings.at_once, settings.queue)
        self.kept = KeptSummaries(settings.cache / "summaries", settings.kept_summaries)
        self.load_failure: str | None = None

    def attach(self, app: Flask) -> None:
        """Make this the service that `service_of` finds."""
        app.extensions[_EXTENSION] = self

    def is_kept(self, submission: Submission) -> bool:
        """Whether the summary is there already. Of a file nobody knows: it is read when it is its turn."""
        return self._kept(submission) is not None

    def answer(
        self, submission: Submission, client: Client, turn: Turn | None = None, watcher: Watcher | None = None
    ) -> Summary:
        """Summarize, once it is the client's turn.

        :param turn: its place in the queue, where it has one already.
        :raises SummarizerError: `Busy` when there is no place, and what `Summarizer.summarize` raises.
        :raises ClientGone: when the client has hung up.
        """
        started = time.monotonic()
        with ExitStack() as places:
            if turn:
                places.enter_context(turn)
            summary = self._kept(submission)
            if summary is None:
                place = turn or places.enter_context(self.turns.enter(client.address))
                summary = self._answer(submission, place, client, watcher or Watcher(), started)
        return replace(summary, seconds=time.monotonic() - started)

    def _kept(self, submission: Submission) -> Summary | None:
        # Reading a file takes time, and that is what turns are for.
        return self.kept.get(self._key(submission.read(), submission)) if submission.is_text else None

    def _answer(self, submission: Submission, place: Turn, client: Client, watcher: Watcher, started: float) -> Summary:
        def wait_for_turn() -> None:
            while not place.wait(_GLANCE) and not self._is_overdue(started):
                _stay_for(client)

        wait_for_turn()
        document = submission.read()
        key = self._key(document, submission)
        attendant = _Attendant(client, watcher, is_shared=lambda: self.kept.is_awaited(key))

        def make() -> Summary:
            place.resume()
            wait_for_turn()
            return self._made(document, submission, attendant, self._seconds_left(started))

        def look() -> None:  # while another thread makes it
            place.rest()
            _stay_for(client)
            if self._is_overdue(started):
                raise _Late

        method = submission.method or self.summarizer.default_method
        try:
            return self.kept.once(key, make, look, keep=lambda summary: summary.method == method)
        except _Late:  # another thread makes it, and takes too long
            return make()

    def _made(self, document: Document, submission: Submission, watcher: Watcher, seconds: float | None) -> Summary:
        return self.summarizer.summarize(
            document,
            method=submission.method,
            lengths=submission.lengths,
            strip=submission.strip,
            watcher=watcher,
            seconds=seconds,
        )

    def _key(self, document: Document, submission: Submission) -> str:
        method = submission.method or self.summarizer.default_method
        settings = self.summarizer.settings
        strips = settings.strip if submission.strip is None else submission.strip
        writes = (settings.check, settings.token_budget, _stamp(settings.model)) if method == "rewrite" else ()
        return key_of(document, method, self.summarizer.model_name(method), submission.lengths, strips, *writes)

    def _seconds_left(self, started: float) -> float | None:
        deadline = self.summarizer.settings.deadline
        return None if deadline is None else max(deadline - (time.monotonic() - started), 0.0)

    def _is_overdue(self, started: float) -> bool:
        return self._seconds_left(started) == 0.0

    def load_in_background(self) -> None:
        """Start to load the models; summaries asked for meanwhile wait until they are there."""
        threading.Thread(target=self._load, name="load-models", daemon=True).start()

    def _load(self) -> None:
        started = time.monotonic()
        try:
            self.summarizer.load()
        except SummarizerError as error:
            self.load_failure = str(error)
            log.error("models not loaded: %s", error)
        except Exception as error:
            self.load_failure = f"Loading the models failed with {type(error).__name__}. Look into the log."
            log_unexpected(error)
        else:
            log.info("models loaded in %.1f s", time.monotonic() - started)


def _stamp(model: str | None) -> tuple[str, ...]:
    """What tells the model of a setting from another of its name: where its files are, and of when."""
    path = Path(model or "").expanduser()
    if model is None or not path.exists():
        return (model or "",)
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return tuple(f"{file.resolve()} {file.stat().st_mtime_ns}" for file in files)


def _stay_for(client: Client) -> None:
    """Go on if the client is still there.

    :raises ClientGone: when it is not.
    """
    if client.is_gone():
        raise ClientGone


class _Attendant(Watcher):
    """Passes on what it is told, logs long work every few seconds, and ends work that nobody waits for."""

    def __init__(self, client: Client, watcher: Watcher, is_shared: Callable[[], bool]) -> None:
        """Attend to a client's work.

        :param is_shared: whether others wait for it, too.
        """
        self._client = client
        self._watcher = watcher
        self._is_shared = is_shared
        self._looked = self._logged = time.monotonic()

    def parsed(self, article: Article) -> None:
        self._watcher.parsed(article)

    def ranked(self, extract: Callable[[], Summaries]) -> None:
        self._watcher.ranked(extract)

    def step(self, stage: Stage, done: int, total: int) -> None:
        self._watcher.step(stage, done, total)
        now = time.monotonic()
        if now - self._looked >= _GLANCE:
            self._looked = now
            if not self._is_shared():
                _stay_for(self._client)
        if now - self._logged >= _SECONDS_BETWEEN_PROGRESS:
            self._logged = now
            log.info("%s: %d of %d", stage, done, total)


def service_of(app: Flask | None = None) -> Service:
    """The service of an application, by default of the one that answers the current request."""
    return cast(Service, (app or current_app).extensions[_EXTENSION])
