"""Fit the line classifier, which separates page furniture from lines of articles.

    python -m scripts.training.line_classifier              fit, write the weights, and print the figures
    python -m scripts.training.line_classifier --dry-run    print only

Learns from lines.json, lines of pages and similar lines of articles, and from the sentences of the test articles.
`python -m scripts.evaluation.cleaning lines` measures it on lines by another author.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from scripts.evaluation.page_parts import ARTICLES
from summarizer.cleaning import clean
from summarizer.cleaning.boilerplate.classifier import MAX_WORDS, WEIGHTS, LineClassifier, features

LINES = Path(__file__).with_name("lines.json")
FOLDS = 10
# A feature that occurs in one line only does not generalize.
_MIN_LINES = 2
_RIDGE = 1.0
_MAX_STEPS = 200
# Losing a line of an article is worse than keeping a line of the page. The threshold is the log-odds that at most this
# share of the article lines of lines.json exceeds in cross-validation, plus a margin for lines unlike them.
_MAX_FALSE_POSITIVES = 0.002
_MARGIN = 0.25

Lines = Sequence[tuple[str, bool]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit the classifier, print its figures and write its weights into the package."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dry-run", action="store_true", help="do not write the weights")
    options = parser.parse_args(arguments)
    lines = read_lines()
    is_page = np.array([label for _, label in lines])
    odds = cross_validated_odds(lines)
    lookalikes = odds[~is_page][: len(read_training_lines()["article"])]
    threshold = float(np.quantile(lookalikes, 1 - _MAX_FALSE_POSITIVES)) + _MARGIN
    model = fit(lines, threshold)
    is_removed = odds >= threshold
    print(f"{is_page.sum()} lines of pages, {(~is_page).sum()} of articles; threshold {threshold:.2f}")
    print(f"cross-validated: {is_removed[is_page].mean():.1%} found, {is_removed[~is_page].sum()} lost")
    if not options.dry_run:
        write_weights(model, len(lines))


def read_training_lines() -> dict[str, list[str]]:
    """The lines written for training: of pages ("page"), and of articles that look like them ("article")."""
    return dict(json.loads(LINES.read_text(encoding="utf-8")))


def read_lines() -> Lines:
    """Every line once, with True if it is a page's; those of lines.json come first."""
    written = read_training_lines()
    labels = dict.fromkeys(written["page"], True) | dict.fromkeys(written["article"], False)
    for path in sorted(ARTICLES.glob("*.txt")):
        article = clean(path.read_text(encoding="utf-8"), remove=False)
        for span in article.sentences:
            labels.setdefault(span.of(article.text), False)
    return [(line, is_page) for line, is_page in labels.items() if len(line.split()) <= MAX_WORDS]


def fit(lines: Lines, threshold: float = 0.0) -> LineClassifier:
    """Logistic regression with an L2 penalty, on the features that occur in at least `_MIN_LINES` lines."""
    known = _frequent([features(line, _EveryWord()) for line, _ in lines])
    by_line = [features(line, dict.fromkeys(known)) for line, _ in lines]
    names = sorted(_frequent(by_line))
    columns = {name: column for column, name in enumerate(names)}
    rows = [[columns[feature] for feature in found if feature in columns] for found in by_line]
    weights, bias = _minimize_loss(rows, [float(is_page) for _, is_page in lines], len(names))
    return LineClassifier(bias, threshold, dict(zip(names, weights, strict=True)))


def cross_validated_odds(lines: Lines) -> np.ndarray:
    """The log-odds of each line by a model fitted without the tenth of the lines that it is in."""
    odds = np.zeros(len(lines))
    order = np.random.default_rng(0).permutation(len(lines))
    for fold in tqdm(range(FOLDS), desc="fitting"):
        left_out = order[fold::FOLDS]
        model = fit([lines[index] for index in np.setdiff1d(order, left_out)])
        odds[left_out] = [model.log_odds(lines[index][0]) for index in left_out]
    return odds


def write_weights(model: LineClassifier, line_count: int) -> None:
    """Write the weights into the package."""
    stored = {
        "origin": f"scripts.training.line_classifier on {line_count} lines",
        "bias": round(model.bias, 3),
        "threshold": round(model.threshold, 3),
        "weights": {feature: round(weight, 2) for feature, weight in sorted(model.weights.items())},
    }
    WEIGHTS.write_text(json.dumps(stored, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


def _frequent(by_line: Sequence[set[str]]) -> set[str]:
    """The features that occur in at least `_MIN_LINES` lines."""
    counts = Counter(feature for found in by_line for feature in found)
    return {feature for feature, count in counts.items() if count >= _MIN_LINES}


def _minimize_loss(rows: Sequence[Sequence[int]], labels: Sequence[float], columns: int) -> tuple[list[float], float]:
    """The weights and the bias with the least loss.

    :param rows: the columns of the features of each line.
    :param columns: the number of features.
    """
    indices = torch.tensor([column for row in rows for column in row])
    offsets = torch.tensor([0, *accumulate(len(row) for row in rows[:-1])])
    expected = torch.tensor(labels)
    weights = torch.zeros(columns, 1, requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, bias], max_iter=_MAX_STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        odds = torch.nn.functional.embedding_bag(indices, weights, offsets, mode="sum").squeeze(1) + bias
        cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits(odds, expected, reduction="sum")
        total = cross_entropy + _RIDGE / 2 * (weights**2).sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return weights.detach().squeeze(1).tolist(), bias.item()


class _EveryWord(dict[str, object]):
    """Contains every word."""

    def __contains__(self, word: object) -> bool:
        return True


if __name__ == "__main__":
    main()
