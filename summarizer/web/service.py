"""What the API, the page and the health checks share: one summarizer behind one queue.

A submission goes in, a `Summary` comes out; knows nothing of JSON and HTML.
"""

import logging
import threading
import time
from typing import cast

from flask import Flask, current_app, g

from summarizer import Summarizer
from summarizer.errors import SummarizerError
from summarizer.summary import Summary
from summarizer.web.admission import Admission
from summarizer.web.requestlog import log_unexpected
from summarizer.web.submission import Submission

_EXTENSION = "summarizer"
# A summary of 50,000 words reports some thousand steps; a line each few seconds shows that it goes on.
_SECONDS_BETWEEN_PROGRESS = 5.0
log = logging.getLogger(__name__)


class Service:
    """One summarizer, its queue, and how loading its models went."""

    def __init__(self, summarizer: Summarizer) -> None:
        self.summarizer = summarizer
        self.admission = Admission(summarizer.settings.queue)
        self.load_failure: str | None = None

    def attach(self, app: Flask) -> None:
        """Make this the service that `service_of` finds."""
        app.extensions[_EXTENSION] = self

    def answer(self, submission: Submission) -> Summary:
        """Summarize, once there is a place in the queue.

        :raises SummarizerError: `Busy` when there is none, and what `Summarizer.summarize` raises.
        """
        with self.admission.place():
            summary = self.summarizer.summarize(
                submission.read(),
                method=submission.method,
                lengths=submission.lengths,
                strip=submission.strip,
                progress=ProgressLog(),
            )
        g.summary = summary
        return summary

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


class ProgressLog:
    """A progress callback that logs long work every few seconds and short work never."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Report that `done` of `total` steps of a stage are done."""
        now = time.monotonic()
        if now - self._last >= _SECONDS_BETWEEN_PROGRESS:
            self._last = now
            log.info("%s: %d of %d", stage, done, total)


def service_of(app: Flask | None = None) -> Service:
    """The service of an application, by default of the one that answers the current request."""
    return cast(Service, (app or current_app).extensions[_EXTENSION])
