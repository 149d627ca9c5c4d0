"""Made-up articles, and the files that a batch reads and writes."""

import csv
import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer.cleaning import Removed
from summarizer.spans import Span
from summarizer.summary import Sentences, Stats, Summary

_WHO = ("The council", "A baker from Oslo", "The harbour master", "Dr. Lund", "The school", 'A "night" driver')
_DID = ("opened", "lost", "repaired", "painted", "counted", "sold")
_WHAT = ("three bridges", "the old ferry", "240 lamps", "a library, at last", "its last tram", "the north pier")
_WHEN = ("on Monday", "in May 2019", "after the storm", "before the vote", "at noon", "for the second time")


def headline(seed: int) -> str:
    """The headline of `article(seed)`."""
    return f"Report number {seed} from the town"


def article(seed: int, sentences: int = 5) -> str:
    """A made-up article with a headline and paragraphs, a different one for each seed."""
    pick = random.Random(seed).choice
    lines = [f"{pick(_WHO)} {pick(_DID)} {pick(_WHAT)} {pick(_WHEN)}." for _ in range(sentences)]
    return f"{headline(seed)}\n\n" + "\n\n".join(lines)


def summary(**fields: Any) -> Summary:
    """A made-up summary with these fields."""
    defaults: dict[str, Any] = {
        "title": None,
        "short": "It rained.",
        "long": "It rained. The ferry left.",
        "sentences": Sentences(),
        "language": "en",
        "article": "It rained. The ferry left.",
        "removed": (Removed(text="Menu", count=1, reason="menu", spans=(Span(0, 4),)),),
        "method": "extractive",
        "model": "none",
        "notes": (),
        "stats": Stats(article_words=5, drafted=0, refused=0, seconds=0.1),
    }
    return Summary(**{**defaults, **fields})


def write_jsonl(path: str | Path, rows: Iterable[Any]) -> None:
    """Write the rows into a JSONL file."""
    Path(path).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_csv(path: str | Path, rows: Iterable[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",") -> None:
    """Write the rows, of which the first is the header, into a CSV file."""
    with Path(path).open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def read_jsonl(path: str | Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def read_csv(path: str | Path) -> list[dict[str, str]]:
    """The rows of a CSV file, by column."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_rows(path: str | Path) -> Sequence[Mapping[str, Any]]:
    """The rows of a JSONL or CSV file."""
    return read_csv(path) if str(path).endswith(".csv") else read_jsonl(path)


def ids(path: str | Path) -> list[str]:
    """The ids of a file's rows."""
    return [row["id"] for row in read_rows(path)]


def without_seconds(path: str | Path) -> str:
    """The file's text without the times, which differ from run to run."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return re.sub(r'("seconds": )[0-9.]+', r"\1-", file.read())
