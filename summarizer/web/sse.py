"""Server-sent events (HTML standard, section 9.2): the answer in steps, for clients that accept `text/event-stream`.

`article` when the text is cleaned, `preview` with the extractive summary before a language model writes, `progress`
while it works, `sentence` for each sentence as soon as it is verified, and `done` with the whole answer; or `error`
with the problem.
"""

import contextvars
import json
import queue
import threading
import time
from collections.abc import Callable, Iterator

from flask import Flask, Response
from pydantic import BaseModel

from summarizer.cleaning import Article
from summarizer.job import Listener, SentencesByLength, Stage
from summarizer.selection.length import Format, Length
from summarizer.summary import Sentences, Summary, SummarySentence, article_fields, texts_of
from summarizer.web.connection import Client
from summarizer.web.problems import problem_of
from summarizer.web.request import Submission
from summarizer.web.request_log import log_answer
from summarizer.web.schemas import ArticleEvent, PreviewEvent, ProgressEvent, SentenceEvent
from summarizer.web.service import Service

EVENT_STREAM = "text/event-stream"
# Seconds without an event after which a comment is sent: proxies close connections that are silent for 30 s or more.
_KEEP_ALIVE_INTERVAL = 10.0
_KEEP_ALIVE = ": still working\n\n"
# Seconds between progress events; a model reports each token.
_PROGRESS_INTERVAL = 0.25


def stream(app: Flask, service: Service, submission: Submission, client: Client) -> Response:
    """An answer that is sent while it is made.

    :raises Busy: when the queue is full and the summary is neither cached nor being made.
    """
    events: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    task = service.accept(submission, client)

    def work() -> None:
        started = time.monotonic()
        status, summary = 200, None
        try:
            with app.app_context():
                listener = _EventListener(events.put, submission.options.format, is_text=submission.is_text)
                summary = service.finish(task, listener)
                listener.send_summary(summary)
        except Exception as error:  # the answer has begun, so an error is one of its events
            with app.app_context():
                problem = problem_of(error)
                status = problem.status
                events.put(_event("error", problem.body()))
        finally:
            events.put(None)
            log_answer("POST /summarize (events)", status, summary, time.monotonic() - started)

    try:
        # In the same context, so that the log knows the request.
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(work,), name="events", daemon=True).start()
    except RuntimeError:  # too many threads
        service.abandon(task)
        raise
    response = Response(_with_keep_alive(events), mimetype=EVENT_STREAM)
    response.call_on_close(client.disconnected.set)
    # nginx buffers answers unless this header disables it.
    response.headers.update({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    return response


def _with_keep_alive(events: "queue.SimpleQueue[str | None]") -> Iterator[str]:
    """The events as they come, with a comment after a silence."""
    while True:
        try:
            event = events.get(timeout=_KEEP_ALIVE_INTERVAL)
        except queue.Empty:
            event = _KEEP_ALIVE
        if event is None:
            return
        yield event


class _EventListener(Listener):
    """Sends the steps of a job as events."""

    def __init__(self, put: Callable[[str], None], form: Format, *, is_text: bool) -> None:
        self._put = put
        self._form = form
        self._excluded = {"sent"} if is_text else set()
        self._last_progress = 0.0
        self._has_article = False
        self._sentences: dict[tuple[Length, int], SummarySentence] = {}

    def on_article(self, article: Article) -> None:
        self._send_article(article_fields(article))

    def on_preview(self, make_preview: Callable[[], SentencesByLength]) -> None:
        by_length = {length: tuple(sentences) for length, sentences in make_preview().items()}
        self._send("preview", PreviewEvent(**texts_of(by_length, self._form), sentences=Sentences(**by_length)))

    def on_sentence(self, length: Length, index: int, sentence: SummarySentence) -> None:
        if self._sentences.get((length, index)) != sentence:
            self._sentences[length, index] = sentence
            self._send("sentence", SentenceEvent(length=length, index=index, **dict(sentence)))

    def on_step(self, stage: Stage, done: int, total: int) -> None:
        now = time.monotonic()
        if done == total or now - self._last_progress >= _PROGRESS_INTERVAL:
            self._last_progress = now
            self._send("progress", ProgressEvent(stage=stage, done=done, total=total))

    def send_summary(self, summary: Summary) -> None:
        """Send each sentence that was not sent yet, then the whole answer."""
        if not self._has_article:  # the summary was cached, or another thread computed it
            self._send_article({name: getattr(summary, name) for name in ArticleEvent.model_fields})
        for length, sentences in summary.by_length().items():
            for index, sentence in enumerate(sentences):
                self.on_sentence(length, index, sentence)
        self._send("done", summary)

    def _send_article(self, fields: dict[str, object]) -> None:
        self._has_article = True
        self._send("article", ArticleEvent(**fields))

    def _send(self, name: str, event: BaseModel) -> None:
        self._put(_event(name, event.model_dump(mode="json", exclude=self._excluded)))


def _event(name: str, data: object) -> str:
    # In ASCII: some clients take other characters for line ends, and a lone surrogate could not be sent.
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
