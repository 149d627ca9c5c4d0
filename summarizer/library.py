"""For programs: summarize one article, many at the same time, or one in steps (`async for`).

Each function takes a `Summarizer`; without one it uses a shared one, with settings from the environment, whose models
are loaded once.
"""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypedDict, TypeVar, Unpack

from summarizer.cancellation import cancellable
from summarizer.cleaning import Article
from summarizer.errors import InvalidOption, InvalidSetting, ModelNotFound, SummarizerError
from summarizer.job import Listener, SentencesByLength, Stage
from summarizer.models.once import Once
from summarizer.pipeline import Summarizer
from summarizer.readers import Document
from summarizer.selection.length import Format, Length
from summarizer.settings import Method
from summarizer.summary import Summary, SummarySentence

# Articles in progress for each one that is computed, so that a long one delays no others behind it.
_LOOKAHEAD = 3
# For callers that pass none.
_common = Once(Summarizer)
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Options(TypedDict, total=False):
    """The options of a summary, as `Summarizer.summarize` describes them."""

    method: Method | None
    lengths: Sequence[Length]
    words: int | None
    focus: str | None
    format: Format
    title: str | None
    clean: bool
    seconds: float | None


@dataclass(frozen=True)
class ArticleReady:
    """The article is cleaned."""

    article: Article


@dataclass(frozen=True)
class PreviewReady:
    """A model is about to write; these are the sentences of the extractive summary."""

    sentences: SentencesByLength


@dataclass(frozen=True)
class SentenceReady:
    """A sentence is verified; the finished summary may have another one at this position."""

    length: Length
    index: int
    sentence: SummarySentence


@dataclass(frozen=True)
class StepDone:
    """A stage has done this many of its steps."""

    stage: Stage
    done: int
    total: int


Event = ArticleReady | PreviewReady | SentenceReady | StepDone | Summary


def summarize(article: str | Document, *, summarizer: Summarizer | None = None, **options: Unpack[Options]) -> Summary:
    """The summary of one article.

    :raises SummarizerError: what `Summarizer.summarize` raises.
    """
    return (summarizer or _common()).summarize(article, **options)


def summarize_many(
    articles: Iterable[str | Document], *, summarizer: Summarizer | None = None, **options: Unpack[Options]
) -> Iterator[Summary | SummarizerError]:
    """The summaries of articles in their order, computed several at a time (`SUMMARIZER_CONCURRENCY`).

    :param articles: read lazily; may be infinite.
    :return: for an article that cannot be summarized, the error.
    :raises SummarizerError: for what no article can be summarized with: `InvalidOption`, `InvalidSetting`,
        `ModelNotFound`.
    """
    chosen = summarizer or _common()
    ended = threading.Event()

    def summarized(article: str | Document) -> Summary:
        with cancellable(partial(_end_if, ended)):
            return chosen.summarize(article, **options)

    for _, future in in_order(summarized, articles, chosen.settings.concurrency, ended.set):
        try:
            yield future.result()
        except (InvalidOption, InvalidSetting, ModelNotFound):
            raise
        except SummarizerError as error:
            yield error


def in_order(
    work: Callable[[_Item], _Result], items: Iterable[_Item], concurrency: int, stop: Callable[[], None] = lambda: None
) -> Iterator[tuple[_Item, Future[_Result]]]:
    """The result of each item, computed concurrently and yielded in order.

    :param stop: ends what is running, when no more results are taken.
    """
    pool = ThreadPoolExecutor(concurrency)
    running: deque[tuple[_Item, Future[_Result]]] = deque()
    try:
        for item in items:
            running.append((item, pool.submit(work, item)))
            if len(running) == _LOOKAHEAD * concurrency:
                yield running.popleft()
        while running:
            yield running.popleft()
    finally:
        stop()
        pool.shutdown(cancel_futures=True)


async def stream(
    article: str | Document, *, summarizer: Summarizer | None = None, **options: Unpack[Options]
) -> AsyncIterator[Event]:
    """The steps of a summary as they happen, and finally the `Summary`; the work is cancelled when the caller stops.

    :raises SummarizerError: what `Summarizer.summarize` raises.
    """
    chosen = summarizer or _common()
    loop = asyncio.get_running_loop()
    events: asyncio.Queue[Event | None] = asyncio.Queue()
    ended = threading.Event()

    def put(event: Event | None) -> None:
        if not ended.is_set():  # the loop may be closed otherwise
            loop.call_soon_threadsafe(events.put_nowait, event)

    def work() -> None:
        try:
            with cancellable(partial(_end_if, ended)):
                put(chosen.summarize(article, listener=_Events(put), **options))
        except _Ended:
            pass
        finally:
            put(None)

    working = loop.run_in_executor(None, work)
    try:
        while (event := await events.get()) is not None:
            yield event
        await working
    finally:
        ended.set()


class _Ended(Exception):
    """Nobody takes the results any more."""


def _end_if(ended: threading.Event) -> None:
    if ended.is_set():
        raise _Ended


class _Events(Listener):
    """Passes the steps of a job on as events."""

    def __init__(self, put: Callable[[Event], None]) -> None:
        self._put = put

    def on_article(self, article: Article) -> None:
        self._put(ArticleReady(article))

    def on_preview(self, make_preview: Callable[[], SentencesByLength]) -> None:
        self._put(PreviewReady(make_preview()))

    def on_sentence(self, length: Length, index: int, sentence: SummarySentence) -> None:
        self._put(SentenceReady(length, index, sentence))

    def on_step(self, stage: Stage, done: int, total: int) -> None:
        self._put(StepDone(stage, done, total))
