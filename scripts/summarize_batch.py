#!/usr/bin/env python3
"""Summarize many articles into one file, in such a way that it can be killed and started again.

    scripts/summarize_batch.py INPUT... -o OUT

Each article is one row of OUT, in the order of the inputs. The same command run again goes on where the last
run stopped: rows that are there are not made a second time, a half one is made anew. An article that fails is
a row with its `id` and `error`, and the rest goes on. Exit code: 0 when every article has its summary, 1 when
some failed, 2 when the command cannot be carried out, 130 after Ctrl-C. Article text goes into OUT alone.

Holds no summarization logic: `batch_input` finds the articles, `summarizer.Summarizer` does the work,
`batch_output.Output` keeps the rows.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, get_args

ROOT = Path(__file__).resolve().parent.parent


def enter_environment(missing: ImportError) -> NoReturn:
    """Start again with the Python of the project's venv, because this one lacks the packages."""
    python = ROOT / ".venv" / "bin" / "python"
    if not python.exists() or Path(sys.prefix).samefile(ROOT / ".venv"):
        print(f"{Path(__file__).name}: {missing}: run scripts/setup first", file=sys.stderr)
        raise SystemExit(2)
    os.execv(python, [str(python), __file__, *sys.argv[1:]])


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
try:
    from batch_input import Entry, InputError, Source, open_source, with_unique_ids
    from batch_output import FORMATS, Output, OutputError
    from tqdm import tqdm  # type: ignore[import-untyped]

    from summarizer import Summarizer
    from summarizer.errors import ModelFailed, SummarizerError
    from summarizer.lengths import LENGTHS
    from summarizer.settings import Method
    from summarizer.watching import Stage, Watcher
except ImportError as missing:
    if __name__ != "__main__":
        raise
    enter_environment(missing)

# So many articles for each that is made at once are under way, so that a long one holds up no others behind it.
AHEAD = 3
# A model that fails so often in a row is broken, and the articles are not to blame.
MODEL_FAILURES_IN_A_ROW = 3


class UsageError(Exception):
    """The command cannot be carried out as it was given."""


def main(argv: Sequence[str] | None = None, summarizer: Summarizer | None = None) -> int:
    """Run the command; the exit code.

    :param summarizer: what to summarize with, by default one that the environment describes.
    """
    name = Path(__file__).name
    try:
        return run(parse_arguments(argv), summarizer)
    except (UsageError, InputError, OutputError, SummarizerError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"{name}: stopped: {error.strerror or error}. Run the same command again to go on.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print(f"\n{name}: interrupted. Run the same command again to go on.", file=sys.stderr)
        return 130


def run(options: argparse.Namespace, summarizer: Summarizer | None) -> int:
    """Summarize what is not in the output yet, and say how it went."""
    sources = [open_source(argument, options.output, options.text_field) for argument in options.inputs]
    summarizer = summarizer or Summarizer()
    with open_output(options) as output:
        if output.was_cut:
            _say(f"The last row of {options.output} was incomplete; its article is summarized anew.")
        counts = summarize_all(options, sources, summarizer, output)
    return report(options, counts)


# ---- the command line


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; --help shows how it is used")


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line, with what can be wrong about it alone checked.

    :raises UsageError: when it does not make sense.
    """
    parser = _Parser(
        prog=Path(__file__).name,
        description="Summarize many articles into one file. Killed and run again, it goes on where it was.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="a folder (its text, HTML, Markdown, PDF, DOCX and EML files, hidden ones apart), one such file, a .jsonl "
        "or .csv file with a field `text` and perhaps `id`, or - for one article on stdin",
    )
    add(
        "-o",
        "--output",
        required=True,
        type=Path,
        metavar="OUT",
        help="the .jsonl or .csv file to write",
    )
    add("--method", choices=get_args(Method), help="how to summarize (default: what fits the model)")
    add("--lengths", nargs="+", choices=LENGTHS, default=LENGTHS, help="which summaries (default: both)")
    add("--no-strip", action="store_true", help="keep repeated headlines and remains of the page")
    add("--limit", type=int, metavar="N", help="only the first N articles")
    add(
        "--text-field",
        default="text",
        metavar="NAME",
        help="the field with the text (default: text)",
    )
    add("--retry-errors", action="store_true", help="try the articles again that failed in an earlier run")
    options = parser.parse_intermixed_args(argv)
    if options.output.suffix.lower() not in FORMATS:
        raise UsageError(f"{options.output}: the output must end in {' or '.join(FORMATS)}")
    if options.limit is not None and options.limit < 1:
        raise UsageError("--limit must be at least 1")
    options.lengths = tuple(length for length in LENGTHS if length in options.lengths)
    if options.inputs.count("-") > 1:
        raise UsageError("- (stdin) can be given only once")
    return options


def open_output(options: argparse.Namespace) -> Output:
    try:
        return Output(options.output, retry_failed=options.retry_errors)
    except OSError as error:
        raise UsageError(f"{options.output}: cannot be written: {error.strerror}") from None


# ---- the rows that go out


@dataclass
class Counts:
    """How the articles of the command fared, in this run and before."""

    new: int = 0
    failed: int = 0
    already_there: int = 0
    model_is_broken: bool = False


def summarize_all(
    options: argparse.Namespace, sources: Sequence[Source], summarizer: Summarizer, output: Output
) -> Counts:
    """Append a row for each article that has none."""
    entries = itertools.chain.from_iterable(source.entries for source in sources)
    counts = Counts()
    model_failures = 0
    with progress_bar(sources, options.limit) as bar:
        stage = StageShown(bar, counts)

        def new_entries() -> Iterator[Entry]:
            for entry in itertools.islice(with_unique_ids(entries), options.limit):
                if entry.id not in output.done:
                    yield entry
                    continue
                counts.already_there += 1
                counts.failed += entry.id in output.failed
                bar.initial += 1  # keeps it out of the rate
                bar.update()

        def make(entry: Entry) -> dict[str, Any]:
            return summarize(entry, options, summarizer, stage)

        for entry, made in in_order(make, new_entries(), summarizer.settings.at_once, stage.stop):
            try:
                row = made.result()
                model_failures = 0
            except NotSummarizedError as failure:
                row = {"id": entry.id, "error": str(failure)}
                counts.failed += 1
                model_failures = model_failures + 1 if failure.by_model else 0
                bar.write(f"{entry.id}: {failure}", file=sys.stderr)
            output.append(row)
            counts.new += 1
            show_rate(bar, counts)
            bar.update()
            if model_failures == MODEL_FAILURES_IN_A_ROW:
                counts.model_is_broken = True
                break
    return counts


def in_order(
    make: Callable[[Entry], dict[str, Any]], entries: Iterator[Entry], at_once: int, stop: Callable[[], None]
) -> Iterator[tuple[Entry, Future[dict[str, Any]]]]:
    """What is made of each entry, so many at once, in the order of the entries.

    :param stop: ends what is under way, when no more is taken.
    """
    pool = ThreadPoolExecutor(at_once)
    under_way: deque[tuple[Entry, Future[dict[str, Any]]]] = deque()
    try:
        for entry in entries:
            under_way.append((entry, pool.submit(make, entry)))
            if len(under_way) == AHEAD * at_once:
                yield under_way.popleft()
        while under_way:
            yield under_way.popleft()
    finally:
        stop()
        pool.shutdown(cancel_futures=True)


class NotSummarizedError(Exception):
    """An article that could not be summarized, and why, without any of its text."""

    def __init__(self, message: str, *, by_model: bool = False) -> None:
        super().__init__(message)
        self.by_model = by_model


def summarize(
    entry: Entry,
    options: argparse.Namespace,
    summarizer: Summarizer,
    watcher: Watcher,
) -> dict[str, Any]:
    """The row of an article.

    :raises NotSummarizedError: when it has no summary.
    """
    try:
        summary = summarizer.summarize(
            entry.read(),
            method=options.method,
            lengths=options.lengths,
            strip=False if options.no_strip else None,
            watcher=watcher,
        )
    except SummarizerError as error:
        raise NotSummarizedError(str(error), by_model=isinstance(error, ModelFailed)) from None
    except OSError as error:
        raise NotSummarizedError(f"The file cannot be read: {error.strerror}.") from None
    except Exception as error:  # one article must not end the batch; a message could quote it, a place cannot
        place = traceback.extract_tb(error.__traceback__)[-1]
        raise NotSummarizedError(
            f"Unexpected {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}."
        ) from None
    return {"id": entry.id, **summary.as_dict()}


def report(options: argparse.Namespace, counts: Counts) -> int:
    """Say how many articles there are and how many failed; the exit code."""
    _say(f"{options.output}: {counts.new} new rows, {counts.already_there} were there already.")
    if counts.model_is_broken:
        _say(f"Stopped: the model failed {MODEL_FAILURES_IN_A_ROW} times in a row.")
    if counts.failed:
        _say(f"{counts.failed} articles failed (see `error` in their rows); --retry-errors tries them again.")
    return 1 if counts.failed else 0


def _say(message: str) -> None:
    print(message, file=sys.stderr)


# ---- the progress bar


def progress_bar(sources: Sequence[Source], limit: int | None) -> Any:
    """A bar on stderr that has an end when the number of articles is known."""
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
        smoothing=0,  # the mean rate of the run: the last few articles foretell nothing
        miniters=0,  # `update(0)` may show a stage
        mininterval=0.5 if sys.stderr.isatty() else 10,  # seconds; a log file needs fewer lines
    )


def show_rate(bar: Any, counts: Counts, stage: str = "") -> None:
    minutes = bar.format_dict["elapsed"] / 60
    rate = f"{counts.new / minutes:.1f} articles/min" if counts.new and minutes else ""
    bar.set_postfix_str(", ".join(filter(None, (rate, stage))), refresh=False)


class StoppedError(Exception):
    """Nobody takes the rows any more."""


class StageShown(Watcher):
    """Shows how far a long article is; one for all that are under way."""

    def __init__(self, bar: Any, counts: Counts) -> None:
        self._bar = bar
        self._counts = counts
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End whatever takes a step from now on."""
        self._stopped.set()

    def step(self, stage: Stage, done: int, total: int) -> None:
        if self._stopped.is_set():
            raise StoppedError
        show_rate(self._bar, self._counts, f"{stage} {done}/{total}")
        self._bar.update(0)


if __name__ == "__main__":
    sys.exit(main())
