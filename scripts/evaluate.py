#!/usr/bin/env python
"""Measure how good the summaries and the check are; one table a command.

    scripts/evaluate.py summaries                     every system on the evaluation articles
    scripts/evaluate.py summaries --rotate            the same, with each article's first third moved to its end
    scripts/evaluate.py summaries --check             with the share of shown sentences that the checks call unsupported
    scripts/evaluate.py summaries --blind compress bart_large --save DIR
    scripts/evaluate.py support                       how well the check tells true sentences from false ones
    scripts/evaluate.py costs --limit 10              what each part of the check costs

Rows are kept under evaluation/ as they are made, so that a run that was stopped goes on where it was; a change of the
package's code begins anew. The choice of sentences is cross-validated: the ranking that an article is summarized with
was fitted without it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import mean, median
from typing import cast

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, when run as a file

import numpy as np
from evaluation_data import DATA, Row, read_rows, rotated
from fit_ranking import examples_of, fold_weights
from kept_answers import KeptAnswers
from rouge_score.rouge_scorer import RougeScorer
from tqdm import tqdm

from summarizer import Summarizer
from summarizer.article import parse
from summarizer.concepts import Weights
from summarizer.embedded import encoder_folder, parser_folder
from summarizer.grounding import THRESHOLD, Claim, Grounds, Signals, support_threshold
from summarizer.logistic import Matrix
from summarizer.models.base import Judge, Question
from summarizer.models.extractive import SentenceEncoder
from summarizer.models.find import embedded_model
from summarizer.models.parser import DependencyParser
from summarizer.sentences import sentence_spans
from summarizer.settings import Method, Settings
from summarizer.text import word_count

SYSTEMS = ("lead-3", "extract", "compress", "rewrite", "bart_large")
MEASURES = ("rouge1", "rouge2", "rougeLsum")
CHECKOUT = Path(__file__).resolve().parent.parent
KEPT = CHECKOUT / "evaluation"
FOLDS = 10
# Of the sentences that people call supported, so many are to be shown.
KEPT_SHARE = 0.9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tables = parser.add_subparsers(dest="table", required=True)
    summaries = tables.add_parser("summaries", help="ROUGE, words, checked sentences and seconds of each system")
    summaries.add_argument("--data", type=Path, default=DATA / "realsumm.jsonl", help="JSONL: id, article, reference")
    summaries.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    summaries.add_argument("--rotate", action="store_true", help="move each article's first third to its end")
    summaries.add_argument("--check", action="store_true", help="have both checks judge what is shown, too")
    summaries.add_argument("--save", type=Path, metavar="DIR", help="write each system's summaries as JSONL")
    summaries.add_argument("--blind", nargs=2, metavar=("A", "B"), help="write a file for reading A and B side by side")
    support = tables.add_parser("support", help="AUC of every signal of the check, and of all together")
    support.add_argument(
        "--data", type=Path, default=DATA / "qags_xsum.jsonl", help="JSONL: article, sentence, yes, votes"
    )
    support.add_argument("--fit", action="store_true", help="write the weights and the threshold into the package")
    costs = tables.add_parser("costs", help="seconds of each part of the check")
    costs.add_argument("--data", type=Path, default=DATA / "qags_xsum.jsonl", help="JSONL: article, sentence")
    for table in (summaries, support, costs):
        table.add_argument("--limit", type=int, help="only the first N rows")
        table.add_argument("--json", type=Path, help="write the table as JSON, too")
    options = parser.parse_args()
    evaluate = {"summaries": evaluate_summaries, "support": evaluate_support, "costs": evaluate_costs}[options.table]
    result = evaluate(options)
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
    table = [_scores(system, rows, summaries, scorer) for system, summaries in made.items()]
    return [row | summarize.checked(made[row["system"]]) for row in table] if options.check else table


class _Systems:
    """Each system by name: a row in, a summary out as `text` lines with what is known about them."""

    def __init__(self, rows: Sequence[Row], data: Path, rotate: bool) -> None:
        self._rows, self._rotate = rows, rotate
        self._data = data
        self._summarizer: Summarizer | None = None
        self._model = _kept_model()
        self._weights: list[Weights] = []
        code = b"".join(path.read_bytes() for path in sorted((CHECKOUT / "summarizer").rglob("*.[pj][ys]*")))
        settings = repr(Settings.from_env()).encode()
        self.version = hashlib.sha256(code + settings + data.read_bytes()).hexdigest()[:12]

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
            self._summarizer = Summarizer(embedded=self._model)
            self._summarizer.load()
            self._weights = self._cross_validated()
        ranked = self._summarizer.with_ranking_weights(self._weights[index])
        began, saved = time.perf_counter(), self._model.saved
        summary = ranked.summarize(text, method=cast(Method, system), lengths=["long"])
        return {
            "sentences": [sentence.text for sentence in summary.long or ()],
            "origins": [sentence.origin for sentence in summary.long or ()],
            "drafted": summary.drafted,
            "refused": summary.refused,
            "seconds": time.perf_counter() - began + self._model.saved - saved,
        }

    def checked(self, summaries: Sequence[Row]) -> Row:
        """How many of the shown sentences each check calls unsupported; the article's own are not asked about."""
        checks = _Checks(self._model)
        refused: Counter[str] = Counter()
        for row, summary in zip(tqdm(self._rows, desc="checking"), summaries, strict=True):
            refused.update(checks.refusals(row["article"], summary["sentences"]))
        shown = sum(len(summary["sentences"]) for summary in summaries)
        return {f"unsupported by {check}": f"{refused[check]} of {shown}" for check in ("words", "model")}

    def _cross_validated(self) -> list[Weights]:
        settings = Settings.from_env()
        encoder = SentenceEncoder(encoder_folder(settings.cache), threads=settings.compute_threads)
        return fold_weights(examples_of(self._rows, encoder))


class _Checks:
    """Both checks of the package, on sentences whoever made them."""

    def __init__(self, judge: Judge) -> None:
        settings = Settings.from_env()
        self._encoder = SentenceEncoder(encoder_folder(settings.cache), threads=settings.compute_threads)
        self._parser = DependencyParser(parser_folder(settings.cache))
        self._judge = judge

    def refusals(self, article_text: str, shown: Sequence[str]) -> list[str]:
        """For each sentence the names of the checks that call it unsupported by the article."""
        article = parse(article_text)
        sentences = [span.of(article.text) for span in article.sentences]
        claims = [sentence for sentence in shown if sentence not in sentences]
        if not claims:
            return []
        vectors = self._encoder.embed([*sentences, *claims])
        grounds = Grounds(sentences, vectors[: len(sentences)], self._parser.parse)
        refused = []
        for text, vector in zip(claims, vectors[len(sentences) :], strict=True):
            claim = grounds.claim(text, vector)
            if not claim.keeps_to_words:
                refused.append("words")
            if not claim.is_supported(_verdict(self._judge, claim) if claim.needs_verdict else 0.0):
                refused.append("model")
        return refused


def _verdict(judge: Judge, claim: Claim) -> float:
    return judge.verdicts([Question(claim.passage, claim.text)], lambda done, total: None)[0]


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
        "seconds": round(median(summary["seconds"] for summary in summaries), 1),
    }


def _sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text)]


def _save(made: dict[str, list[Row]], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for system, summaries in made.items():
        lines = [json.dumps({"id": row["id"], "summary": " ".join(row["sentences"])}) for row in summaries]
        (folder / f"{system}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_blind(rows: Sequence[Row], made: dict[str, list[Row]], one: str, other: str, folder: Path) -> None:
    """Two systems side by side in an order that is drawn for each article; the key stands in a file of its own.

    All in lower case: data that are so would tell what was copied from them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(f"{one} {other}")
    pages, key = [], {}
    for number, row in enumerate(rows):
        order = draw.sample([one, other], 2)
        key[row["id"]] = order
        texts = [row["article"], *(" ".join(made[system][number]["sentences"]) for system in order)]
        article, first, second = (text.casefold() for text in texts)
        pages.append(f"# {number + 1}: {row['id']}\n\nARTICLE\n{article}\n\nFIRST\n{first}\n\nSECOND\n{second}\n")
    (folder / f"blind-{one}-{other}.txt").write_text("\n".join(pages), encoding="utf-8")
    (folder / f"blind-{one}-{other}-key.json").write_text(json.dumps(key, indent=1) + "\n", encoding="utf-8")


# ---------------------------------------------------------------- support


def evaluate_support(options: argparse.Namespace) -> list[Row]:
    """One row of the table a signal, then all together, at a threshold that never saw the row and at the package's."""
    rows = read_rows(options.data, {"article", "sentence", "yes", "votes"}, options.limit)
    labels = np.array([float(2 * row["yes"] > row["votes"]) for row in rows])
    judged = _judged(rows)
    names = ("words", "pairs", "relations", "shared", "verdict")
    table: list[Row] = [
        {"signal": name, "AUC": round(auc(np.array([getattr(signals, name) for signals, _ in judged]), labels), 3)}
        for name in names
    ]
    known = np.array([is_known for _, is_known in judged])
    table.append({"signal": "names and numbers known", "AUC": round(auc(known.astype(float), labels), 3)})
    # A sentence with an unknown name is refused whatever else it has.
    support = np.where(known, [signals.support for signals, _ in judged], -np.inf)
    table.append(_at_threshold("together, cross-validated", support, labels, _unseen_thresholds(support, labels)))
    if options.fit:
        stored = {
            "origin": f"scripts/evaluate.py support --fit on {options.data.name}, {len(rows)} sentences",
            "threshold": round(_threshold(support, labels), 3),
        }
        THRESHOLD.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
        support_threshold.cache_clear()
    package = np.full(len(labels), support_threshold())
    table.append(_at_threshold("together, as in the package", support, labels, package))
    return table


def _judged(rows: Sequence[Row]) -> list[tuple[Signals, bool]]:
    """The signals of each row, and whether the article has its names and numbers."""
    settings = Settings.from_env()
    encoder = SentenceEncoder(encoder_folder(settings.cache), threads=settings.compute_threads)
    parser = DependencyParser(parser_folder(settings.cache))
    model = _kept_model()
    judged = []
    for row in tqdm(rows, desc="judging"):
        article = parse(row["article"])
        sentences = [span.of(article.text) for span in article.sentences]
        *vectors, vector = encoder.embed([*sentences, row["sentence"]])
        grounds = Grounds(sentences, np.array(vectors), parser.parse)
        claim = grounds.claim(row["sentence"], vector)
        judged.append((replace(claim.signals, verdict=_verdict(model, claim)), not claim.unknown))
    return judged


def _unseen_thresholds(support: Matrix, labels: Matrix) -> Matrix:
    """For each row the threshold that was fitted without the tenth that it is in."""
    order = np.random.default_rng(0).permutation(len(labels))
    found = np.zeros(len(labels))
    for fold in range(FOLDS):
        left_out = order[fold::FOLDS]
        rest = np.setdiff1d(order, left_out)
        found[left_out] = _threshold(support[rest], labels[rest])
    return found


def _threshold(support: Matrix, labels: Matrix) -> float:
    """The highest one at which KEPT_SHARE of the supported sentences are shown."""
    return float(np.quantile(support[labels == 1], 1 - KEPT_SHARE, method="lower"))


def _at_threshold(name: str, support: Matrix, labels: Matrix, thresholds: Matrix) -> Row:
    shown = support >= thresholds
    return {
        "signal": name,
        "AUC": round(auc(support, labels), 3),
        "threshold": round(float(np.median(thresholds)), 3),
        "shown are supported": f"{labels[shown].mean():.0%}",
        "supported are shown": f"{shown[labels == 1].mean():.0%}",
        "unsupported are refused": f"{1 - shown[labels == 0].mean():.0%}",
    }


def auc(scores: Matrix, labels: Matrix) -> float:
    """The share of pairs of a supported and an unsupported sentence in which the supported one scores higher."""
    right, wrong = scores[labels == 1][:, None], scores[labels == 0][None, :]
    return float(((right > wrong) + 0.5 * (right == wrong)).mean())


# ---------------------------------------------------------------- costs


def evaluate_costs(options: argparse.Namespace) -> list[Row]:
    """Median seconds of each part of the check; nothing is kept, models are loaded before."""
    rows = read_rows(options.data, {"article", "sentence"}, options.limit)
    settings = Settings.from_env()
    encoder = SentenceEncoder(encoder_folder(settings.cache), threads=settings.compute_threads)
    parser = DependencyParser(parser_folder(settings.cache))
    model = embedded_model(settings)
    for load in (encoder.load, parser.load, model.load):
        load()
    seconds: dict[str, list[float]] = {}
    for row in tqdm(rows, desc="timing"):
        claim = row["sentence"]
        article = parse(row["article"])
        sentences = [span.of(article.text) for span in article.sentences]
        with _timed(seconds, "vectors of the article's sentences, which the choice needs, too"):
            vectors = encoder.embed(sentences)
        with _timed(seconds, "tree of one sentence"):
            parser.parse([claim])
        vector = encoder.embed([claim])[0]
        with _timed(seconds, "evidence and words of the first sentence of a summary"):
            grounds = Grounds(sentences, vectors, parser.parse)
            _ = grounds.claim(claim, vector).keeps_to_words
        with _timed(seconds, "words of each further sentence"):
            _ = grounds.claim(claim, vector).keeps_to_words
        with _timed(seconds, "the other signals of one sentence, trees included"):
            _ = grounds.claim(claim, vector).signals
        with _timed(seconds, "the language model's verdict on one sentence"):
            _verdict(model, grounds.claim(claim, vector))
    return [{"part": part, "seconds": round(median(found), 3)} for part, found in seconds.items()]


@contextmanager
def _timed(seconds: dict[str, list[float]], part: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds.setdefault(part, []).append(time.perf_counter() - began)


# ---------------------------------------------------------------- all


def _kept_model() -> KeptAnswers:
    return KeptAnswers(embedded_model(Settings.from_env()), KEPT / "answers.jsonl")


def as_table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [columns, ["---"] * len(columns), *([str(row.get(column, "")) for column in columns] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
