#!/usr/bin/env python
"""Fit the model that tells a page's lines from its article's: summarizer/boilerplate.json.

    scripts/fit_boilerplate.py            fit, write, and print how good it is
    scripts/fit_boilerplate.py --dry-run  print only

Learns from tests/pages/lines.json, lines of pages and lines of articles that look like them, and from the sentences of
the test articles. scripts/evaluate_parsing.py lines shows how good it is on lines of someone else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, when run as a file

import numpy as np
import torch
from tqdm import tqdm

from summarizer.article import parse
from summarizer.boilerplate import LONGEST, WEIGHTS, Boilerplate, features

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDS = 10
PAGES = CHECKOUT / "tests" / "pages"
# A word of one line only says nothing of others.
_FEWEST_LINES = 2
_RIDGE = 1.0
_STEPS = 200
# Losing a line of an article is worse than leaving one of the page's: the threshold leaves at most this share of
# an article's dangerous lines above it, by weights that never saw them, and the margin is for those nobody thought of.
_MOST_LOST = 0.002
_MARGIN = 0.25

Lines = Sequence[tuple[str, bool]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    options = parser.parse_args()
    lines = read_lines()
    labels = np.array([is_page for _, is_page in lines])
    odds = unseen_odds(lines)
    dangerous = odds[~labels][: len(read_written()["article"])]
    threshold = float(np.quantile(dangerous, 1 - _MOST_LOST)) + _MARGIN
    model = fit(lines, threshold)
    print(f"{labels.sum()} lines of pages, {(~labels).sum()} of articles; threshold {threshold:.2f}")
    print(f"cross-validated: {(odds[labels] >= threshold).mean():.1%} found, {(odds[~labels] >= threshold).sum()} lost")
    if not options.dry_run:
        stored = {
            "origin": f"scripts/fit_boilerplate.py on {len(lines)} lines",
            "bias": round(model.bias, 3),
            "threshold": round(threshold, 3),
            "weights": {feature: round(weight, 2) for feature, weight in sorted(model.weights.items())},
        }
        WEIGHTS.write_text(json.dumps(stored, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


def read_written() -> dict[str, list[str]]:
    """The lines that were written for this: of pages, and of articles that look like them."""
    return dict(json.loads((PAGES / "lines.json").read_text(encoding="utf-8")))


def read_lines() -> Lines:
    """Each line, and whether it is a page's; every line once, those that were written first."""
    written = read_written()
    found = dict.fromkeys(written["page"], True) | dict.fromkeys(written["article"], False)
    for path in sorted((CHECKOUT / "tests" / "articles").glob("*.txt")):
        article = parse(path.read_text(encoding="utf-8"), strip=False)
        for span in article.sentences:
            found.setdefault(span.of(article.text), False)
    return [(line, is_page) for line, is_page in found.items() if len(line.split()) <= LONGEST]


def fit(lines: Lines, threshold: float = 0.0) -> Boilerplate:
    """Logistic regression with an L2 penalty."""
    everything = [features(line, _Anything()) for line, _ in lines]
    counts = Counter(feature for found in everything for feature in found)
    known = {feature for feature, count in counts.items() if count >= _FEWEST_LINES}
    found = [features(line, dict.fromkeys(known)) for line, _ in lines]
    counts = Counter(feature for some in found for feature in some)
    names = sorted(feature for feature, count in counts.items() if count >= _FEWEST_LINES)
    columns = {name: column for column, name in enumerate(names)}
    rows = [[columns[feature] for feature in some if feature in columns] for some in found]
    weights, bias = _minimized(rows, [float(is_page) for _, is_page in lines], len(names))
    return Boilerplate(bias, threshold, dict(zip(names, weights, strict=True)))


def unseen_odds(lines: Lines) -> np.ndarray:
    """The log-odds of each line by a model that was fitted without its tenth of the lines."""
    odds = np.zeros(len(lines))
    order = np.random.default_rng(0).permutation(len(lines))
    for fold in tqdm(range(FOLDS), desc="fitting"):
        left_out = order[fold::FOLDS]
        model = fit([lines[index] for index in np.setdiff1d(order, left_out)])
        odds[left_out] = [model.log_odds(lines[index][0]) for index in left_out]
    return odds


def _minimized(rows: Sequence[Sequence[int]], labels: Sequence[float], columns: int) -> tuple[list[float], float]:
    """The weights with the least loss, and the bias; each row names the features that it has."""
    indices = torch.tensor([column for row in rows for column in row])
    offsets = torch.tensor([0, *accumulate(len(row) for row in rows[:-1])])
    wanted = torch.tensor(labels)
    weights = torch.zeros(columns, 1, requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, bias], max_iter=_STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        odds = torch.nn.functional.embedding_bag(indices, weights, offsets, mode="sum").squeeze(1) + bias
        fits = torch.nn.functional.binary_cross_entropy_with_logits(odds, wanted, reduction="sum")
        total = fits + _RIDGE / 2 * (weights**2).sum()
        total.backward()
        return total

    optimizer.step(loss)
    return weights.detach().squeeze(1).tolist(), bias.item()


class _Anything(dict[str, object]):
    """Every word is known."""

    def __contains__(self, word: object) -> bool:
        return True


if __name__ == "__main__":
    main()
