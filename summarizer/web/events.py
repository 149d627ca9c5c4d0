"""The answer as it comes along: server-sent events (HTML standard, section 9.2), for who accepts `text/event-stream`.

`article` when the text is cleaned, `extract` when its sentences are ranked and something is still to be done,
`progress` while it is, `sentence` for each checked sentence, and `done` with the answer that others get at once; or
`error` with the problem.
"""

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from flask import Flask, Response

from summarizer.article import Article
from summarizer.errors import Busy
from summarizer.summary import Summary, article_dict, lengths_dict
from summarizer.watching import Stage, Summaries, Watcher
from summarizer.web.client import Client
from summarizer.web.problems import as_dict, problem_of
from summarizer.web.requestlog import log_answer
from summarizer.web.service import Service
from summarizer.web.submission import Submission
from summarizer.web.turns import Turn

EVENT_STREAM = "text/event-stream"
# Proxies close connections on which nothing was sent for half a minute or more.
_SILENCE = 10.0
# Steps come by the token; a page needs no more than some a second.
_SECONDS_BETWEEN_PROGRESS = 0.25
_STILL_HERE = ": still at work\n\n"


def stream(app: Flask, service: Service, submission: Submission, client: Client) -> Response:
    """An answer that is sent while it is made.

    :raises Busy: when there is no place in the queue, and the summary is not kept.
    """
    events: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    hung_up = threading.Event()
    turn: Turn | None = None
    try:
        turn = service.turns.enter(client.address)
    except Busy:
        if not service.is_kept(submission):
            raise
    watching = replace(client, hung_up=hung_up)

    def work() -> None:
        began = time.monotonic()
        status, summary = 200, None
        try:
            with app.app_context():
                told = _Told(events.put, with_sent=not submission.is_text)
                summary = service.answer(submission, watching, turn, told)
                told.end(summary)
        except Exception as error:  # the answer has begun: what goes wrong is an event of it
            with app.app_context():
                problem = problem_of(error)
                status = problem.status
                events.put(_event("error", as_dict(problem)))
        finally:
            events.put(None)
            log_answer("POST /summarize (events)", status, summary, time.monotonic() - began)

    try:
        threading.Thread(target=work, name="events", daemon=True).start()
    except RuntimeError:  # there are too many threads
        if turn:
            service.turns.leave(turn)
        raise
    response = Response(_sent(events), mimetype=EVENT_STREAM)
    response.call_on_close(hung_up.set)
    # nginx collects answers unless it is told not to.
    response.headers.update({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    return response


def _sent(events: "queue.SimpleQueue[str | None]") -> Iterator[str]:
    """The events as they come, and a comment where none does."""
    while True:
        try:
            event = events.get(timeout=_SILENCE)
        except queue.Empty:
            event = _STILL_HERE
        if event is None:
            return
        yield event


class _Told(Watcher):
    """Puts what it is told into events."""

    def __init__(self, put: Callable[[str], None], *, with_sent: bool) -> None:
        self._put = put
        self._with_sent = with_sent
        self._last = 0.0
        self._has_parsed = False

    def parsed(self, article: Article) -> None:
        self._has_parsed = True
        self._put(_event("article", article_dict(article, with_sent=self._with_sent)))

    def ranked(self, extract: Callable[[], Summaries]) -> None:
        self._put(_event("extract", lengths_dict(extract())))

    def step(self, stage: Stage, done: int, total: int) -> None:
        now = time.monotonic()
        if done == total or now - self._last >= _SECONDS_BETWEEN_PROGRESS:
            self._last = now
            self._put(_event("progress", {"stage": stage, "done": done, "total": total}))

    def end(self, summary: Summary) -> None:
        """Each sentence, then all of the answer."""
        if not self._has_parsed:  # it was kept, or another thread made it
            self.parsed(summary.article)
        answer = summary.as_dict(with_sent=self._with_sent)
        for length, sentences in answer["sentences"].items():
            for index, sentence in enumerate(sentences):
                self._put(_event("sentence", {"length": length, "index": index, **sentence}))
        self._put(_event("done", answer))


def _event(name: str, said: object) -> str:
    # In ASCII: some readers take other characters for line ends, and a lone surrogate could not be sent.
    return f"event: {name}\ndata: {json.dumps(said)}\n\n"
