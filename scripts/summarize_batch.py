#!/usr/bin/env python3
"""Summarize many articles into one file, in such a way that it can be killed and started again.

    scripts/summarize_batch.py INPUT... -o OUT

Each article is one row of OUT, in the order of the inputs. The same command run again goes on where the last
run stopped: rows that are there are not made a second time, a half one is made anew. An article that fails is
a row with its `id` and `error`, and the rest goes on. Exit code: 0 when every article has its summary, 1 when
some failed, 2 when the command cannot be carried out, 130 after Ctrl-C. Article text goes into OUT alone.

Holds no summarization logic: `summarizer.Summarizer` does the work, `batch_output.Output` keeps the rows.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import itertools
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TextIO, get_args

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
    from batch_output import FORMATS, Output, OutputError
    from tqdm import tqdm  # type: ignore[import-untyped]

    from summarizer import Summarizer
    from summarizer.article import decode_text
    from summarizer.errors import ModelFailed, SummarizerError, UnreadableText
    from summarizer.lengths import LENGTHS
    from summarizer.settings import Method
except ImportError as missing:
    if __name__ != "__main__":
        raise
    enter_environment(missing)

TEXT_SUFFIXES = (".txt", ".md")
# Bytes. Fifty thousand words are some 300,000; a file beyond this is no article and would only fill memory.
LARGEST_ARTICLE = 64 * 1024**2
# Up to this size, counting the rows for the progress bar takes a few seconds; beyond it the bar has no end.
LARGEST_COUNTED = 1024**3
# A model that fails so often in a row is broken, and the articles are not to blame.
MODEL_FAILURES_IN_A_ROW = 3


class UsageError(Exception):
    """The command cannot be carried out as it was given."""


@dataclass(frozen=True)
class Entry:
    """One article of the input; `read` gives its text or raises a SummarizerError or an OSError."""

    id: str
    read: Callable[[], str]


@dataclass(frozen=True)
class Source:
    """What one INPUT holds: entries, read lazily, and how many; None where counting would take long."""

    entries: Iterable[Entry]
    total: int | None


def main(argv: Sequence[str] | None = None, summarizer: Summarizer | None = None) -> int:
    """Run the command; the exit code.

    :param summarizer: what to summarize with, by default one that the environment describes.
    """
    name = Path(__file__).name
    try:
        return run(parse_arguments(argv), summarizer)
    except (UsageError, OutputError, SummarizerError) as error:
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
    if options.method and options.method not in summarizer.methods:
        raise UsageError(f"the model at hand has no method {options.method}; it has {', '.join(summarizer.methods)}")
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
        help="a folder (its .txt and .md files, hidden ones apart), a .txt or .md file, a .jsonl or .csv "
        "file with a field `text` and perhaps `id`, or - for one article on stdin",
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


# ---- the articles that come in


def open_source(argument: str, output: Path, text_field: str) -> Source:
    """What an INPUT of the command line holds.

    :raises UsageError: when it is not there, cannot be read, or is of a kind that we do not read.
    """
    if argument == "-":
        return stdin_source(sys.stdin.buffer.read())
    path = Path(argument)
    try:
        if path.is_dir():
            return folder_source(path)
        if not path.exists():
            raise UsageError(f"{argument}: no such file or folder")
        if output.exists() and path.samefile(output):
            raise UsageError(f"{argument} is an input and the output at once")
        suffix = path.suffix.lower()
        if suffix in TEXT_SUFFIXES:
            return Source([Entry(well_formed(argument), partial(read_file, path))], 1)
        if suffix == ".jsonl":
            return Source(jsonl_entries(path, text_field), jsonl_total(path))
        if suffix == ".csv":
            return csv_source(path, text_field)
    except OSError as error:
        raise UsageError(f"{argument}: cannot be read: {error.strerror}") from None
    raise UsageError(f"{argument}: not a folder and not a .txt, .md, .jsonl or .csv file")


def stdin_source(raw: bytes) -> Source:
    """The one article of standard input; its id comes from its text, so that OUT can collect several."""
    digest = hashlib.sha256(raw).hexdigest()[:12]
    return Source([Entry(f"stdin-{digest}", partial(decode_text, raw))], 1)


def folder_source(folder: Path) -> Source:
    """The text files in a folder and the folders below it, sorted by the path that is their id."""
    paths: list[str] = []
    for parent, folders, files in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inside = Path(parent).relative_to(folder)
        paths += [
            (inside / name).as_posix()
            for name in files
            if not name.startswith(".") and Path(name).suffix.lower() in TEXT_SUFFIXES
        ]
    if not paths:
        raise UsageError(f"{folder}: no .txt or .md file in this folder")
    entries = [Entry(well_formed(path), partial(read_file, folder / path)) for path in sorted(paths)]
    return Source(entries, len(entries))


def jsonl_entries(path: Path, text_field: str) -> Iterator[Entry]:
    """One article a line, numbered as an editor numbers the lines; empty lines are none."""
    with open_rows(path, newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            default_id = f"{path.name}:{number}"
            try:
                row = json_row(line)
            except UnreadableText as error:
                yield Entry(default_id, partial(_raise, error))
            else:
                yield Entry(row_id(row.get("id"), default_id), partial(row_text, row, text_field))


def jsonl_total(path: Path) -> int | None:
    if path.stat().st_size > LARGEST_COUNTED:
        return None
    with open_rows(path, newline="\n") as lines:
        return sum(1 for line in lines if line.strip())


def csv_source(path: Path, text_field: str) -> Source:
    """The rows of a CSV file that commas, semicolons or tabs part.

    :raises UsageError: when its header has no column for the text, so that no row could be read.
    """
    for delimiter in (",", ";", "\t"):
        with open_rows(path, newline="") as lines:
            if text_field in _header(lines, delimiter):
                break
    else:
        raise UsageError(f"{path}: its header has no {text_field!r}: say with --text-field which column is the text")
    total = None
    if path.stat().st_size <= LARGEST_COUNTED:
        total = sum(1 for _ in csv_entries(path, text_field, delimiter))
    return Source(csv_entries(path, text_field, delimiter), total)


def _header(lines: Iterable[str], delimiter: str) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:
        return []


def csv_entries(path: Path, text_field: str, delimiter: str) -> Iterator[Entry]:
    """One article a row, numbered from 1 below the header. A row that cannot be parsed is the last."""
    with open_rows(path, newline="") as lines:
        reader = csv.DictReader(lines, delimiter=delimiter)
        for number in itertools.count(1):
            default_id = f"{path.name}:{number}"
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                message = "The row and all below it cannot be read: perhaps a quote is never closed."
                yield Entry(default_id, partial(_raise, UnreadableText(message)))
                return
            yield Entry(row_id(row.get("id"), default_id), partial(cell_text, row, text_field))


def open_rows(path: Path, newline: str) -> TextIO:
    """The file as text: UTF-8 with or without a byte order mark, or UTF-16 with one.

    Bytes that are not UTF-8 become lone surrogates, so that they spoil the row they are in alone (`checked`).
    """
    with path.open("rb") as file:
        is_utf16 = file.read(2) in (b"\xff\xfe", b"\xfe\xff")
    if is_utf16:
        return path.open(encoding="utf-16", errors="replace", newline=newline)
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline=newline)


def checked(text: str) -> str:
    """The text of `open_rows`, when all its bytes were text.

    :raises UnreadableText: when they were not.
    """
    return decode_text(text.encode("utf-8", "surrogateescape"))


def json_row(line: str) -> dict[str, Any]:
    """The object on a line of JSONL.

    :raises UnreadableText: when there is none.
    """
    try:
        row = json.loads(checked(line))
    except (ValueError, RecursionError):
        raise UnreadableText("The line is not valid JSON.") from None
    if not isinstance(row, dict):
        raise UnreadableText("The line is JSON, but not an object with a text field.")
    return row


def row_text(row: dict[str, Any], text_field: str) -> str:
    """The article of a row.

    :raises UnreadableText: when it has none.
    """
    text = row.get(text_field)
    if text is None:
        raise UnreadableText(f"No text in {text_field!r}: say with --text-field which field holds it.")
    if not isinstance(text, str):
        raise UnreadableText(f"What stands in {text_field!r} is not a string.")
    return text


def cell_text(row: dict[str, Any], text_field: str) -> str:
    """The article of a CSV row.

    :raises UnreadableText: when it has none, or bytes that are no text.
    """
    return checked(row_text(row, text_field))


def row_id(value: object, default: str) -> str:
    """The id that a row gives itself, as a string, or the default."""
    if isinstance(value, str | int | float) and str(value).strip():
        return well_formed(str(value))
    return default


def well_formed(text: str) -> str:
    """The text as UTF-8 can hold it; file names and JSON escapes can hold more."""
    return text.encode("utf-8", "replace").decode()


def read_file(path: Path) -> str:
    """The text of a file.

    :raises UnreadableText: when it is binary or too large for an article.
    """
    if path.stat().st_size > LARGEST_ARTICLE:
        raise UnreadableText(f"The file is larger than {LARGEST_ARTICLE:,} bytes. Split it into its articles.")
    return decode_text(path.read_bytes())


def with_unique_ids(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries with the same id become id, id#2, id#3 …: the same ones in every run over the same inputs."""
    taken: set[str] = set()
    repeated: dict[str, int] = {}
    for entry in entries:
        unique = entry.id
        while unique in taken:
            repeated[entry.id] = repeated.get(entry.id, 1) + 1
            unique = f"{entry.id}#{repeated[entry.id]}"
        taken.add(unique)
        yield Entry(unique, entry.read)


def _raise(error: Exception) -> NoReturn:
    raise error


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
        for entry in itertools.islice(with_unique_ids(entries), options.limit):
            if entry.id in output.done:
                counts.already_there += 1
                counts.failed += entry.id in output.failed
                bar.initial += 1  # keeps it out of the rate
                bar.update()
                continue
            try:
                row = summarize(entry, options, summarizer, partial(show_stage, bar, counts))
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


class NotSummarizedError(Exception):
    """An article that could not be summarized, and why, without any of its text."""

    def __init__(self, message: str, *, by_model: bool = False) -> None:
        super().__init__(message)
        self.by_model = by_model


def summarize(
    entry: Entry,
    options: argparse.Namespace,
    summarizer: Summarizer,
    progress: Callable[[str, int, int], None],
) -> dict[str, Any]:
    """The row of an article.

    :raises NotSummarizedError: when it has no summary.
    """
    try:
        summary = summarizer.summarize(entry.read(), method=options.method, lengths=options.lengths, progress=progress)
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


def show_stage(bar: Any, counts: Counts, stage: str, done: int, total: int) -> None:
    """Show how far a long article is; a `summarize` progress callback."""
    show_rate(bar, counts, f"{stage} {done}/{total}")
    bar.update(0)


if __name__ == "__main__":
    sys.exit(main())
