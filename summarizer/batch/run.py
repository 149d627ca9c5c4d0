"""Articles → rows: summarized several at a time, written in their order, with a progress bar."""

import itertools
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from summarizer import Summarizer
from summarizer.batch.inputs import Entry, Source, with_unique_ids
from summarizer.batch.outputs import Output
from summarizer.batch.rows import Row
from summarizer.errors import InvalidSetting, ModelFailed, ModelNotFound, SummarizerError
from summarizer.job import Listener, Stage
from summarizer.library import in_order
from summarizer.readers import Document
from summarizer.selection.length import LENGTHS, Format, Length
from summarizer.settings import Method

# After this many failures in a row it is the model that is broken, not the articles.
MAX_MODEL_FAILURES = 3


@dataclass(frozen=True)
class BatchOptions:
    """How to summarize the articles of a batch.

    :param limit: the number of articles to take; None for all.
    """

    method: Method | None = None
    lengths: tuple[Length, ...] = LENGTHS
    words: int | None = None
    focus: str | None = None
    format: Format = "paragraph"
    clean: bool = True
    limit: int | None = None


@dataclass
class Counts:
    """The articles of the command, in this run and before.

    :param model_is_broken: whether the run stopped because of it.
    """

    new: int = 0
    failed: int = 0
    already_present: int = 0
    model_is_broken: bool = False


def run_batch(options: BatchOptions, sources: Sequence[Source], summarizer: Summarizer, output: Output) -> Counts:
    """Append a row for each article that has none yet.

    :raises InvalidSetting: when a setting cannot be used; no article could be summarized.
    :raises ModelNotFound: when a model is missing; no article could be summarized.
    :raises OSError: when a row cannot be written.
    """
    entries = itertools.chain.from_iterable(source.entries for source in sources)
    counts = Counts()
    model_failures = 0
    with _progress_bar(sources, options.limit) as bar:
        listener = _BarListener(bar, counts)

        def new_entries() -> Iterator[Entry]:
            for entry in itertools.islice(with_unique_ids(entries), options.limit):
                if entry.id not in output.done:
                    yield entry
                    continue
                counts.already_present += 1
                counts.failed += entry.id in output.failed
                bar.initial += 1  # keeps it out of the rate
                bar.update()

        def summarize(entry: Entry) -> Row:
            return summarize_entry(entry, options, summarizer, listener)

        for entry, future in in_order(summarize, new_entries(), summarizer.settings.concurrency, listener.stop):
            try:
                row = future.result()
                model_failures = 0
            except Failed as failure:
                row = Row(entry.id, entry.columns, error=str(failure))
                counts.failed += 1
                model_failures = model_failures + 1 if failure.is_by_model else 0
                bar.write(f"{entry.id}: {failure}", file=sys.stderr)
            output.append(row)
            counts.new += 1
            _show_rate(bar, counts)
            bar.update()
            if model_failures == MAX_MODEL_FAILURES:
                counts.model_is_broken = True
                break
    return counts


class Failed(Exception):
    """An article could not be summarized; the message contains no article text."""

    def __init__(self, message: str, *, is_by_model: bool = False) -> None:
        super().__init__(message)
        self.is_by_model = is_by_model


def summarize_entry(entry: Entry, options: BatchOptions, summarizer: Summarizer, listener: Listener) -> Row:
    """The row of an article.

    :raises Failed: when it has no summary.
    :raises InvalidSetting: when a setting cannot be used.
    :raises ModelNotFound: when a model is missing.
    """
    try:
        article = _read(entry)
        summary = summarizer.summarize(
            article,
            method=options.method,
            lengths=options.lengths,
            words=options.words,
            focus=options.focus,
            format=options.format,
            title=entry.title,
            clean=options.clean,
            listener=listener,
        )
    except (Failed, InvalidSetting, ModelNotFound):
        raise
    except SummarizerError as error:
        raise Failed(str(error), is_by_model=isinstance(error, ModelFailed)) from None
    except Exception as error:  # one article must not end the batch; its message could quote the article
        place = traceback.extract_tb(error.__traceback__)[-1]
        raise Failed(
            f"Unexpected {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}."
        ) from None
    return Row(entry.id, entry.columns, summary, with_sent=isinstance(article, Document))


def _read(entry: Entry) -> str | Document:
    """The article.

    :raises Failed: when its file cannot be read.
    """
    try:
        return entry.read()
    except OSError as error:
        raise Failed(f"The file cannot be read: {error.strerror or error}.") from None


def _progress_bar(sources: Sequence[Source], limit: int | None) -> Any:
    """A bar on stderr, with an end if the number of articles is known."""
    totals = [source.total for source in sources if source.total is not None]
    total = sum(totals) if len(totals) == len(sources) else None
    if limit is not None:
        total = limit if total is None else min(limit, total)
    known = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}{postfix}]"
    unknown = "{n_fmt} articles [{elapsed}{postfix}]"
    return tqdm(
        total=total,
        bar_format=unknown if total is None else known,
        file=sys.stderr,
        smoothing=0,  # the mean rate of the run predicts best
        miniters=0,  # so that `update(0)` can show a stage
        mininterval=0.5 if sys.stderr.isatty() else 10,  # seconds; a log file needs fewer lines
    )


def _show_rate(bar: Any, counts: Counts, stage: str = "") -> None:
    minutes = bar.format_dict["elapsed"] / 60
    rate = f"{counts.new / minutes:.1f} articles/min" if counts.new and minutes else ""
    bar.set_postfix_str(", ".join(filter(None, (rate, stage))), refresh=False)


class _Stopped(Exception):
    """No more rows are taken."""


class _BarListener(Listener):
    """Shows the progress within an article on the bar."""

    def __init__(self, bar: Any, counts: Counts) -> None:
        self._bar = bar
        self._counts = counts
        self._is_stopped = threading.Event()

    def stop(self) -> None:
        """End the running articles at their next step."""
        self._is_stopped.set()

    def on_step(self, stage: Stage, done: int, total: int) -> None:
        if self._is_stopped.is_set():
            raise _Stopped
        _show_rate(self._bar, self._counts, f"{stage} {done}/{total}")
        self._bar.update(0)
