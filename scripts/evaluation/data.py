"""Evaluation articles: JSONL → rows with an article and its reference, optionally rotated.

A row has `id`, `article` and `reference`; other fields, such as another system's summary, are kept.
"""

import json
import sys
from pathlib import Path

from scripts.evaluation.tables import Row
from summarizer.cleaning import clean

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = CHECKOUT.parent / "shared" / "eval"


def read_rows(path: Path, fields: set[str], limit: int | None = None) -> list[Row]:
    """The rows of a JSONL file.

    :param fields: what each row must have.
    :raises SystemExit: with a message for the user.
    """
    if not path.is_file():
        sys.exit(f"There is no {path}. Name a JSONL file with --data; each line needs {', '.join(sorted(fields))}.")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        row = json.loads(line)
        if missing := fields - row.keys():
            sys.exit(f"{path}, line {number}: {', '.join(sorted(missing))} is missing.")
        rows.append(row)
    return rows[:limit]


def rotated(text: str) -> str:
    """The article with the first third of its sentences moved to the end, which separates its news from its lead."""
    article = clean(text)
    sentences = [article.sentences[index].of(article.text) for index in rotation(len(article.sentences))]
    return f"{article.title}\n\n{' '.join(sentences)}" if article.title else " ".join(sentences)


def rotation(count: int) -> list[int]:
    """The order of `count` sentences with the first third at the end."""
    return [*range(count // 3, count), *range(count // 3)]
