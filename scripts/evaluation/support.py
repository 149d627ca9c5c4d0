"""Measure how well verification tells supported sentences from unsupported ones: the tables of docs/quality.md.

    python -m scripts.evaluation.support                        AUC of each signal, and of all together
    python -m scripts.evaluation.support --data FILE --fit      also write weights and thresholds into the package

A data file has JSON lines: article, sentence, yes and votes (how many of the people asked called it supported); or
articles with reference summaries and wrong sentences, of which the split `validation` is read.
"""

import argparse
import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from scripts.evaluation.data import DATA, read_rows
from scripts.evaluation.tables import Row, markdown_table
from summarizer import Settings
from summarizer.cleaning import clean
from summarizer.faithfulness.evidence import Claim, Source
from summarizer.faithfulness.support import CALIBRATION, Signals, calibration
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.manifest import encoder_folder
from summarizer.models.support_model import SupportModel
from summarizer.readers import Document
from summarizer.text.sentences import sentence_spans

Matrix = NDArray[np.float64]

_FOLDS = 10
# Shares of the right sentences that the checks must show. With fewer, too many sentences of a summary are replaced.
_MIN_RECALL = {
    "sentences": {"normal": 0.85, "strict": 0.65},
    "statements": {"normal": 0.85, "strict": 0.7},
}
_RIDGE, _NEWTON_STEPS = 1e-2, 30


@dataclass(frozen=True)
class Judged:
    """A sentence with its signals.

    :param group: the article that it is about.
    :param kind: of the error, where it is known; empty for a right sentence.
    :param is_known: whether the article has all names and numbers of the sentence.
    """

    group: int
    is_right: bool
    kind: str
    signals: Signals
    is_known: bool


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA / "qags_xsum.jsonl", help="a data file")
    parser.add_argument("--fit", action="store_true", help="write weights and thresholds into the package")
    parser.add_argument("--limit", type=int, help="only the first N articles")
    parser.add_argument("--json", type=Path, help="also write the first table as JSON")
    options = parser.parse_args(arguments)
    judged, seconds = _judged(options.data, options.limit)
    if options.fit:
        fit(judged, "sentences", options.data.name)
    table = evaluate(judged)
    print(markdown_table(table), markdown_table(by_kind(judged)), f"{1000 * seconds:.0f} ms a sentence", sep="\n\n")
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def evaluate(judged: Sequence[Judged]) -> list[Row]:
    """One row per signal, then those for all together: with cross-validated weights, and with those of the package."""
    labels = _labels(judged)
    columns = np.array([one.signals.values for one in judged])
    table: list[Row] = [
        {"signal": name, "AUC": round(auc(columns[:, index], labels), 3)}
        for index, name in enumerate(judged[0].signals.named)
    ]
    table.append({"signal": "names and numbers known", "AUC": round(auc(_known(judged), labels), 3)})
    unseen = _unseen_probabilities(judged)
    table.append({"signal": "together, cross-validated", "AUC": round(auc(unseen, labels), 3)})
    support = _probabilities(judged)
    for check, threshold in judged[0].signals.calibration.thresholds.items():
        is_shown = support >= threshold
        table.append(
            {
                "signal": f"together, as in the package, {check}",
                "AUC": round(auc(support, labels), 3),
                "threshold": round(threshold, 3),
                "precision": f"{labels[is_shown].mean():.0%}" if is_shown.any() else "",
                "recall": f"{is_shown[labels == 1].mean():.0%}",
                "unsupported refused": f"{1 - is_shown[labels == 0].mean():.0%}",
            }
        )
    return table


def by_kind(judged: Sequence[Judged]) -> list[Row]:
    """One row for each kind of error."""
    support, labels = _probabilities(judged), _labels(judged)
    kinds = np.array([one.kind for one in judged])
    table: list[Row] = []
    for kind in sorted(set(kinds) - {""}):
        chosen = (labels == 1) | (kinds == kind)
        wrong = support[kinds == kind]
        refused = {
            f"refused, {check}": f"{(wrong < limit).mean():.0%}"
            for check, limit in judged[0].signals.calibration.thresholds.items()
        }
        row: Row = {"kind": kind, "sentences": len(wrong), "AUC": round(auc(support[chosen], labels[chosen]), 3)}
        table.append(row | refused)
    return table


def reliability(judged: Sequence[Judged]) -> list[Row]:
    """One row for each tenth of the probability from 0.6 on: its mean, and the share of right sentences."""
    support, labels = _probabilities(judged), _labels(judged)
    tenth = np.minimum(np.floor(10 * support + 1e-9), 9)
    return [
        {
            "support": f"{number / 10} to {(number + 1) / 10}",
            "sentences": int((tenth == number).sum()),
            "mean support": round(float(support[tenth == number].mean()), 2),
            "right": round(float(labels[tenth == number].mean()), 2),
        }
        for number in range(6, 10)
        if (tenth == number).any()
    ]


def _judged(file: Path, limit: int | None) -> tuple[list[Judged], float]:
    """The sentences of a file with their signals, and the seconds that the signals of one take."""
    folder = encoder_folder(Settings.from_env().cache)
    encoder, network = SentenceEncoder(folder), SupportModel(folder)
    network.load()
    found: list[Judged] = []
    seconds = 0.0
    for group, (document, sentences) in enumerate(tqdm(list(_articles(file))[:limit], desc="judging")):
        article = clean(document)
        texts = [span.of(article.text) for span in article.sentences]
        if article.language not in (None, "en"):  # the network is not asked
            continue
        vectors = encoder.embed([*texts, *(text for text, _, _ in sentences)])
        source = Source(texts, vectors[: len(texts)])
        for (text, is_right, kind), vector in zip(sentences, vectors[len(texts) :], strict=True):
            began = time.perf_counter()
            claim = Claim(source, text, vector)
            (log_odds,) = network.log_odds([(claim.passage, text)], lambda *_: None)
            found.append(Judged(group, is_right, kind, Signals.of(claim, log_odds), not claim.unknown))
            seconds += time.perf_counter() - began
    return found, seconds / max(len(found), 1)


# A sentence, whether it is supported, and the kind of its error.
_Sentence = tuple[str, bool, str]


def _articles(file: Path) -> Iterator[tuple[Document, list[_Sentence]]]:
    """The articles of a file and the sentences about each."""
    for row in read_rows(file, set()):
        if "votes" in row:
            is_right = 2 * row["yes"] > row["votes"]
            yield Document(row["article"]), [(row["sentence"], is_right, "" if is_right else "any")]
        elif row["split"] == "validation":
            yield Document(row["text"], title=row["title"] or None), _sentences(row)


def _sentences(row: dict[str, Any]) -> list[_Sentence]:
    summaries = [row[length] for length in ("short", "long")]
    right = [(span.of(summary), True, "") for summary in summaries for span in sentence_spans(summary)]
    return [*right, *((one["text"], False, one["kind"]) for one in row["wrong"])]


def _labels(judged: Sequence[Judged]) -> Matrix:
    return np.array([float(one.is_right) for one in judged])


def _known(judged: Sequence[Judged]) -> Matrix:
    return np.array([float(one.is_known) for one in judged])


def _probabilities(judged: Sequence[Judged]) -> Matrix:
    """The support of each sentence; one with a name or number that the article lacks is always refused."""
    return np.array([one.signals.probability if one.is_known else 0.0 for one in judged])


def _unseen_probabilities(judged: Sequence[Judged]) -> Matrix:
    """The support of each sentence by weights that were fitted without its article's fold."""
    groups = np.array([one.group for one in judged])
    folds = min(_FOLDS, groups.max() + 1)
    fold_of = np.random.default_rng(0).permutation(groups.max() + 1) % folds
    found = np.zeros(len(judged))
    for fold in range(folds):
        left_out = fold_of[groups] == fold
        weights = _regression([one for one, out in zip(judged, left_out, strict=True) if not out])
        found[left_out] = _columns([one for one, out in zip(judged, left_out, strict=True) if out]) @ weights
    return np.where(_known(judged) > 0, found, -np.inf)


def _columns(judged: Sequence[Judged]) -> Matrix:
    """The signals, and a column of ones for the bias."""
    return np.array([(*one.signals.values, 1.0) for one in judged])


def _regression(judged: Sequence[Judged]) -> Matrix:
    """The weights of a logistic regression, the bias last (Newton's method, with a small ridge).

    Sentences with an unknown name or number do not count: they are refused before.
    """
    judged = [one for one in judged if one.is_known]
    columns, labels = _columns(judged), _labels(judged)
    weights = np.zeros(columns.shape[1])
    for _ in range(_NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-columns @ weights))
        gradient = columns.T @ (labels - chance) - _RIDGE * weights
        curvature = (columns.T * (chance * (1 - chance))) @ columns + _RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(curvature, gradient)
    return weights


def fit(
    judged: Sequence[Judged], of: Literal["sentences", "statements"], name: str, deciding: int | None = None
) -> None:
    """Write the weights and thresholds into the package.

    :param name: of the data.
    :param deciding: how many of the first sentences the thresholds are chosen for; None for all.
    """
    *weights, bias = _regression(judged)
    stored = {
        "origin": f"--fit on {name}, {len(judged)} {of}",
        "weights": [round(float(weight), 4) for weight in weights],
        "bias": round(float(bias), 4),
    }
    unseen = 1 / (1 + np.exp(-_unseen_probabilities(judged)))
    right = unseen[:deciding][_labels(judged[:deciding]) == 1]
    stored["thresholds"] = {
        check: math.floor(1000 * float(np.quantile(right, 1 - recall, method="lower"))) / 1000
        for check, recall in _MIN_RECALL[of].items()
    }
    others = json.loads(CALIBRATION.read_text(encoding="utf-8"))
    CALIBRATION.write_text(json.dumps({**others, of: stored}, indent=1) + "\n", encoding="utf-8")
    calibration.cache_clear()


def auc(scores: Matrix, labels: Matrix) -> float:
    """Area under the ROC curve: how often a supported sentence scores higher than an unsupported one."""
    right, wrong = scores[labels == 1][:, None], scores[labels == 0][None, :]
    return float(((right > wrong) + 0.5 * (right == wrong)).mean())


def auc_by_kind(scores: Sequence[float], kinds: Sequence[str]) -> str:
    """The AUC of all sentences, then of each kind of error beside the supported ones, whose kind is empty."""
    values, names = np.array(scores), np.array(kinds)
    parts = []
    for kind in ["", *sorted(set(kinds) - {""})]:
        chosen = (names == "") | (names == kind) if kind else np.full(len(names), True)
        parts.append(f"{kind or 'all'} {auc(values[chosen], (names[chosen] == '').astype(float)):.3f}")
    return ", ".join(parts)


if __name__ == "__main__":
    main()
