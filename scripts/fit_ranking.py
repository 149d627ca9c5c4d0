#!/usr/bin/env python
"""Fit the weights of the ranking: summarizer/ranking.json from articles with summaries by people.

    scripts/fit_ranking.py --data articles.jsonl

Each article is read as it is and with its first third moved to its end, so that the weights do not live on position
alone. scripts/evaluate.py shows how good the choice is, with weights that never saw the article.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, when run as a file

import numpy as np
from evaluation_data import DATA, read_rows, rotation
from tqdm import tqdm

from summarizer.article import parse
from summarizer.concepts import (
    SIZES,
    WEIGHTS,
    Concept,
    Logistic,
    Matrix,
    Weights,
    concept_features,
    concept_places,
    concepts_of,
    direction,
    lead_features,
    sentence_features,
)
from summarizer.embedded import encoder_folder
from summarizer.models.extractive import SentenceEncoder, Vectors
from summarizer.settings import Settings

FOLDS = 10
# A rotated article counts a quarter: with 1.0 the choice finds more in rotated ones (39 instead of 37.5 ROUGE-1) and
# less in those that stand as they were written (42 instead of 43).
ROTATED_WEIGHT = 0.25
_RIDGE = 5.0
_STEPS = 12


@dataclass(frozen=True)
class Example:
    """One article with what the model is to find in it."""

    sentences: tuple[str, ...]
    vectors: Vectors
    wanted: frozenset[Concept]
    is_rotated: bool


def examples_of(rows: Sequence[dict[str, str]], encoder: SentenceEncoder) -> list[tuple[Example, Example]]:
    """Each row's article as it is and rotated."""
    pairs = []
    for row in tqdm(rows, desc="embedding"):
        article = parse(row["article"])
        sentences = tuple(span.of(article.text) for span in article.sentences)
        vectors = encoder.embed(sentences)
        wanted = concepts_of(row["reference"])
        order = rotation(len(sentences))
        turned = Example(tuple(sentences[index] for index in order), vectors[order], wanted, is_rotated=True)
        pairs.append((Example(sentences, vectors, wanted, is_rotated=False), turned))
    return pairs


def fit(examples: Sequence[Example]) -> Weights:
    """The weights for these examples: first whether an article begins with its news, then its concepts."""
    concepts = [[concepts_of(sentence) for sentence in example.sentences] for example in examples]
    centralities = [example.vectors @ direction(example.vectors) for example in examples]
    leads = np.array(
        [lead_features(*seen) for seen in zip((e.sentences for e in examples), concepts, centralities, strict=True)]
    )
    begins_with_news = np.array([0.0 if example.is_rotated else 1.0 for example in examples])
    lead = fit_logistic(leads, begins_with_news, np.ones(len(examples)), ridge=2.0)
    fitted = {}
    for size in SIZES:
        rows, labels, weights = [], [], []
        for example, found, centrality, is_lead in zip(examples, concepts, centralities, lead(leads), strict=True):
            places = concept_places(found, size)
            local = np.array([sentence_features(sentence) for sentence in example.sentences])
            rows.append(concept_features(places, centrality, local, float(is_lead), frozenset()))
            labels += [float(concept in example.wanted) for concept in places]
            weights += [ROTATED_WEIGHT if example.is_rotated else 1.0] * len(places)
        fitted[size] = fit_logistic(np.vstack(rows), np.array(labels), np.array(weights), ridge=_RIDGE)
    return Weights(lead, fitted)


def fold_weights(pairs: Sequence[tuple[Example, Example]]) -> list[Weights]:
    """For each article the weights that were fitted without the tenth of the articles that it is in."""
    folds = min(FOLDS, len(pairs))
    order = np.random.default_rng(0).permutation(len(pairs))
    found: dict[int, Weights] = {}
    for fold in tqdm(range(folds), desc="fitting"):
        left_out = set(order[fold::folds].tolist())
        weights = fit([example for index, pair in enumerate(pairs) if index not in left_out for example in pair])
        found.update(dict.fromkeys(left_out, weights))
    return [found[index] for index in range(len(pairs))]


def fit_logistic(features: Matrix, labels: Matrix, weights: Matrix, ridge: float) -> Logistic:
    """Logistic regression with an L2 penalty on standardized features, by Newton's method."""
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-9
    inputs = np.c_[(features - mean) / deviation, np.ones(len(features))]
    found = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        expected = 1 / (1 + np.exp(-inputs @ found))
        slope = inputs.T @ (weights * (expected - labels)) + ridge * found
        curvature = (inputs * (weights * expected * (1 - expected) + 1e-6)[:, None]).T @ inputs
        found -= np.linalg.solve(curvature + ridge * np.eye(len(found)), slope)
    raw = found[:-1] / deviation
    return Logistic(np.append(raw, found[-1] - raw @ mean))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA / "realsumm.jsonl", help="JSONL with article and reference")
    options = parser.parse_args()
    rows = read_rows(options.data, {"article", "reference"})
    settings = Settings.from_env()
    pairs = examples_of(rows, SentenceEncoder(encoder_folder(settings.cache), threads=settings.compute_threads))
    weights = fit([example for pair in pairs for example in pair])
    stored = {
        "origin": f"scripts/fit_ranking.py on {options.data.name}, {len(rows)} articles, each also with its first "
        "third last",
        "lead": _rounded(weights.lead),
        **{f"concepts_{size}": _rounded(weights.concepts[size]) for size in SIZES},
    }
    WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(f"{WEIGHTS} written. scripts/evaluate.py summaries shows how good it is, cross-validated.")


def _rounded(model: Logistic) -> list[float]:
    return [float(f"{value:.5g}") for value in model.coefficients]


if __name__ == "__main__":
    main()
