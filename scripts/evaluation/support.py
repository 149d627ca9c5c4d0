"""Measure how well verification separates supported sentences from unsupported ones: a table of docs/quality.md.

python -m scripts.evaluation.support          AUC of each signal and of all together
python -m scripts.evaluation.support --fit    also write the threshold into the package
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from scripts.evaluation.data import DATA, read_rows
from scripts.evaluation.recorded_model import RecordedModel
from scripts.evaluation.summaries import RESULTS, verdict_on
from scripts.evaluation.tables import Row, markdown_table
from summarizer import Settings
from summarizer.cleaning import clean
from summarizer.faithfulness.evidence import Claim, Source
from summarizer.faithfulness.support import THRESHOLD, Signals, support_threshold
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.manifest import encoder_folder
from summarizer.models.resolve import default_engine

Matrix = NDArray[np.float64]

_FOLDS = 10
# Share of the supported sentences that must be shown.
_MIN_RECALL = 0.9


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, default=DATA / "qags_xsum.jsonl", help="JSONL: article, sentence, yes, votes"
    )
    parser.add_argument("--fit", action="store_true", help="write the threshold into the package")
    parser.add_argument("--limit", type=int, help="only the first N rows")
    parser.add_argument("--json", type=Path, help="also write the table as JSON")
    options = parser.parse_args(arguments)
    rows = read_rows(options.data, {"article", "sentence", "yes", "votes"}, options.limit)
    labels = np.array([float(2 * row["yes"] > row["votes"]) for row in rows])
    signals, is_known = _signals(rows)
    # A sentence with a name or number that the article lacks is always refused.
    support = np.where(is_known, [found.support for found in signals], -np.inf)
    if options.fit:
        _fit(support, labels, f"{options.data.name}, {len(rows)} sentences")
    table = evaluate(signals, is_known, support, labels)
    print(markdown_table(table))
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def evaluate(signals: Sequence[Signals], is_known: Matrix, support: Matrix, labels: Matrix) -> list[Row]:
    """One row per signal, then two for all together: with a cross-validated threshold, and with that of the package."""
    table: list[Row] = [
        {"signal": name, "AUC": round(auc(np.array([getattr(found, name) for found in signals]), labels), 3)}
        for name in ("words", "pairs", "overlap", "verdict")
    ]
    table.append({"signal": "names and numbers known", "AUC": round(auc(is_known.astype(float), labels), 3)})
    table.append(_at("together, cross-validated", support, labels, _unseen_thresholds(support, labels)))
    table.append(_at("together, as in the package", support, labels, np.full(len(labels), support_threshold())))
    return table


def _signals(rows: Sequence[Row]) -> tuple[list[Signals], Matrix]:
    """The signals of each row, and whether the article has its names and numbers."""
    settings = Settings.from_env()
    encoder = SentenceEncoder(encoder_folder(settings.cache))
    model = RecordedModel.of(default_engine(settings), RESULTS / "answers.jsonl")
    signals, is_known = [], []
    for row in tqdm(rows, desc="judging"):
        article = clean(row["article"])
        sentences = [span.of(article.text) for span in article.sentences]
        *vectors, vector = encoder.embed([*sentences, row["sentence"]])
        claim = Claim(Source(sentences, np.array(vectors)), row["sentence"], vector)
        signals.append(replace(claim.signals, verdict=verdict_on(model, claim)))
        is_known.append(not claim.unknown)
    return signals, np.array(is_known)


def _fit(support: Matrix, labels: Matrix, data: str) -> None:
    stored = {
        "origin": f"scripts.evaluation.support --fit on {data}",
        "threshold": round(_threshold(support, labels), 3),
    }
    THRESHOLD.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    support_threshold.cache_clear()


def _unseen_thresholds(support: Matrix, labels: Matrix) -> Matrix:
    """For each row, the threshold fitted without the tenth that it is in."""
    order = np.random.default_rng(0).permutation(len(labels))
    thresholds = np.zeros(len(labels))
    for fold in range(_FOLDS):
        left_out = order[fold::_FOLDS]
        rest = np.setdiff1d(order, left_out)
        thresholds[left_out] = _threshold(support[rest], labels[rest])
    return thresholds


def _threshold(support: Matrix, labels: Matrix) -> float:
    """The highest threshold at which `_MIN_RECALL` of the supported sentences are shown."""
    return float(np.quantile(support[labels == 1], 1 - _MIN_RECALL, method="lower"))


def _at(name: str, support: Matrix, labels: Matrix, thresholds: Matrix) -> Row:
    is_shown = support >= thresholds
    return {
        "signal": name,
        "AUC": round(auc(support, labels), 3),
        "threshold": round(float(np.median(thresholds)), 3),
        "precision": f"{labels[is_shown].mean():.0%}",
        "recall": f"{is_shown[labels == 1].mean():.0%}",
        "unsupported refused": f"{1 - is_shown[labels == 0].mean():.0%}",
    }


def auc(scores: Matrix, labels: Matrix) -> float:
    """Area under the ROC curve: how often a supported sentence scores higher than an unsupported one."""
    right, wrong = scores[labels == 1][:, None], scores[labels == 0][None, :]
    return float(((right > wrong) + 0.5 * (right == wrong)).mean())


if __name__ == "__main__":
    main()
