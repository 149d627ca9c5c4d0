"""The evaluation articles: JSONL in, articles with their references out, and the same with their first third last.

A row has `id`, `article` and `reference`; other fields, such as another system's summary, are kept.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, when run as a file

from summarizer.article import parse

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "eval"
Row = dict[str, Any]


def read_rows(path: Path, fields: set[str], limit: int | None = None) -> list[Row]:
    """The rows of a JSONL file.

    :param fields: what each row must have.
    :raises SystemExit: with what is wrong, for the user.
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
    """The article with the first third of its sentences moved to the end: what tells its news from its beginning."""
    article = parse(text)
    sentences = [article.sentences[index].of(article.text) for index in rotation(len(article.sentences))]
    return f"{article.title}\n\n{' '.join(sentences)}" if article.title else " ".join(sentences)


def rotation(count: int) -> list[int]:
    """The order of `count` sentences with the first third last."""
    return [*range(count // 3, count), *range(count // 3)]
