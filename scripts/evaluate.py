#!/usr/bin/env python
"""Measure how good the summaries and the check are; one table a command.

    scripts/evaluate.py summaries                     every system on the evaluation articles
    scripts/evaluate.py summaries --rotate            the same, with each article's first third moved to its end
    scripts/evaluate.py summaries --blind compress bart_large --save DIR
    scripts/evaluate.py support                       how well the check tells true sentences from false ones

Rows are kept under evaluation/ as they are made, so that a run that was stopped goes on where it was; a change of the
package's code begins anew. The choice of sentences is cross-validated: the ranking that an article is summarized with
was fitted without it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import mean
from typing import Any, cast

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))  # the checkout, when run as a file

from evaluation_data import DATA, Row, read_rows, rotated
from fit_ranking import examples_of, fold_weights
from rouge_score.rouge_scorer import RougeScorer
from tqdm import tqdm

from summarizer import Summarizer
from summarizer.article import parse
from summarizer.concepts import Weights
from summarizer.embedded import encoder_folder
from summarizer.models.extractive import SentenceEncoder
from summarizer.sentences import sentence_spans
from summarizer.settings import Method, Settings
from summarizer.text import word_count

SYSTEMS = ("lead-3", "extract", "compress", "rewrite", "bart_large")
MEASURES = ("rouge1", "rouge2", "rougeLsum")
KEPT = CHECKOUT / "evaluation"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tables = parser.add_subparsers(dest="table", required=True)
    summaries = tables.add_parser("summaries", help="ROUGE, words, checked sentences and seconds of each system")
    summaries.add_argument("--data", type=Path, default=DATA / "realsumm.jsonl", help="JSONL: id, article, reference")
    summaries.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    summaries.add_argument("--rotate", action="store_true", help="move each article's first third to its end")
    summaries.add_argument("--save", type=Path, metavar="DIR", help="write each system's summaries as JSONL")
    summaries.add_argument("--blind", nargs=2, metavar=("A", "B"), help="write a file for reading A and B side by side")
    support = tables.add_parser("support", help="AUC of every signal of the check, and of all together")
    support.add_argument("--data", type=Path, default=DATA / "qags_xsum.jsonl", help="JSONL: article, sentence, yes, votes")
    for table in (summaries, support):
        table.add_argument("--limit", type=int, help="only the first N rows")
        table.add_argument("--json", type=Path, help="write the table as JSON, too")
    options = parser.parse_args()
    result = evaluate_summaries(options) if options.table == "summaries" else evaluate_support(options)
    print(as_table(result))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


# ---------------------------------------------------------------- summaries


def evaluate_summaries(options: argparse.Namespace) -> list[Row]:
    """One row of the table a system."""
    rows = read_rows(options.data, {"id", "article", "reference"}, options.limit)
    summarize = _Systems(rows, options.data, options.rotate)
    made = {system: _kept(rows, summarize, system) for system in options.systems}
    if options.save:
        _save(made, options.save)
    if options.blind:
        _write_blind(rows, made, *options.blind, folder=options.save or KEPT)
    scorer = RougeScorer(list(MEASURES), use_stemmer=True)
    return [_scores(system, rows, summaries, scorer) for system, summaries in made.items()]


class _Systems:
    """Each system by name: a row in, a summary out as `text` lines with what is known about them."""

    def __init__(self, rows: Sequence[Row], data: Path, rotate: bool) -> None:
        self._rows, self._rotate = rows, rotate
        self._data = data
        self._summarizer: Summarizer | None = None
        self._weights: list[Weights] = []
        code = b"".join(path.read_bytes() for path in sorted((CHECKOUT / "summarizer").rglob("*.[pj][ys]*")))
        self.version = hashlib.sha256(code + data.read_bytes()).hexdigest()[:12]

    def file(self, system: str) -> Path:
        """Where the system's summaries are kept."""
        turned = "-rotated" if self._rotate else ""
        return KEPT / self.version / f"{self._data.stem}{turned}-{system}.jsonl"

    def __call__(self, system: str, index: int) -> Row:
        row = self._rows[index]
        text = rotated(row["article"]) if self._rotate else row["article"]
        if system == "lead-3":
            article = parse(text)
            return {"sentences": [span.of(article.text) for span in article.sentences[:3]], "seconds": 0.0}
        if system not in ("extract", "compress", "rewrite"):
            return {"sentences": _sentences(row[system]), "seconds": 0.0}
        if self._summarizer is None:
            self._summarizer = Summarizer()
            self._summarizer.load()
            self._weights = self._cross_validated()
        ranked = self._summarizer.with_ranking_weights(self._weights[index])
        began = time.perf_counter()
        summary = ranked.summarize(text, method=cast(Method, system), lengths=["long"])
        return {
            "sentences": [sentence.text for sentence in summary.long or ()],
            "origins": [sentence.origin for sentence in summary.long or ()],
            "drafted": summary.drafted,
            "refused": summary.refused,
            "seconds": time.perf_counter() - began,
        }

    def _cross_validated(self) -> list[Weights]:
        settings = Settings.from_env()
        encoder = SentenceEncoder(encoder_folder(settings.cache), threads=settings.compute_threads)
        return fold_weights(examples_of(self._rows, encoder))


def _kept(rows: Sequence[Row], summarize: _Systems, system: str) -> list[Row]:
    """The system's summaries of all rows, those made before from their file."""
    path = summarize.file(system)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    made = {row["id"]: row for row in map(json.loads, lines)}
    with path.open("a", encoding="utf-8") as stream:
        for index, row in enumerate(tqdm(rows, desc=system)):
            if row["id"] not in made:
                made[row["id"]] = {"id": row["id"], **summarize(system, index)}
                stream.write(json.dumps(made[row["id"]], ensure_ascii=False) + "\n")
                stream.flush()
    return [made[row["id"]] for row in rows]


def _scores(system: str, rows: Sequence[Row], summaries: Sequence[Row], scorer: RougeScorer) -> Row:
    scores = [
        scorer.score("\n".join(_sentences(row["reference"])), "\n".join(summary["sentences"]))
        for row, summary in zip(rows, summaries, strict=True)
    ]
    drafted = sum(summary.get("drafted", 0) for summary in summaries)
    refused = sum(summary.get("refused", 0) for summary in summaries)
    origins = [origin for summary in summaries for origin in summary.get("origins", [])]
    return {
        "system": system,
        **{measure: round(100 * mean(score[measure].fmeasure for score in scores), 2) for measure in MEASURES},
        "words": round(mean(sum(map(word_count, summary["sentences"])) for summary in summaries), 1),
        "drafts refused": f"{refused} of {drafted}" if drafted else "",
        "article's own": f"{origins.count('article')} of {len(origins)}" if origins else "",
        "seconds": round(mean(summary["seconds"] for summary in summaries), 1),
    }


def _sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text)]


def _save(made: dict[str, list[Row]], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for system, summaries in made.items():
        lines = [json.dumps({"id": row["id"], "summary": " ".join(row["sentences"])}) for row in summaries]
        (folder / f"{system}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_blind(rows: Sequence[Row], made: dict[str, list[Row]], one: str, other: str, folder: Path) -> None:
    """Two systems side by side in an order that is drawn for each article; the key stands in a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(f"{one} {other}")
    pages, key = [], {}
    for number, row in enumerate(rows):
        order = draw.sample([one, other], 2)
        key[row["id"]] = order
        texts = [" ".join(made[system][number]["sentences"]) for system in order]
        pages.append(
            f"# {number + 1}: {row['id']}\n\nARTICLE\n{row['article']}\n\nFIRST\n{texts[0]}\n\nSECOND\n{texts[1]}\n"
        )
    (folder / f"blind-{one}-{other}.txt").write_text("\n".join(pages), encoding="utf-8")
    (folder / f"blind-{one}-{other}-key.json").write_text(json.dumps(key, indent=1) + "\n", encoding="utf-8")
