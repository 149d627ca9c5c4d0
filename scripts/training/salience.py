"""Fit the salience model of the selection from articles with reference summaries.

python -m scripts.training.salience --data articles.jsonl

Each article is used twice: unchanged, and rotated, with its first third at the end, so that the weights do not depend
on position alone. `python -m scripts.evaluation.summaries` measures the selection, cross-validated.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from scripts.evaluation.data import DATA, read_rows, rotation
from summarizer import Settings
from summarizer.cleaning import clean
from summarizer.models.encoder import SentenceEncoder, Vectors
from summarizer.models.manifest import encoder_folder
from summarizer.selection.salience import (
    SIZES,
    WEIGHTS,
    Concept,
    Logistic,
    Matrix,
    SalienceModel,
    concept_features,
    concept_positions,
    concepts_of,
    lead_features,
    mean_direction,
    sentence_features,
)

FOLDS = 10
# A rotated article counts a quarter: with 1.0 selection is better on rotated articles (ROUGE-1 39 instead of 37.5) and
# worse on those in their own order (42 instead of 43).
ROTATED_WEIGHT = 0.25
_RIDGE = 5.0
_STEPS = 12


@dataclass(frozen=True)
class Example:
    """One article, with the concepts of its reference."""

    sentences: tuple[str, ...]
    vectors: Vectors
    wanted: frozenset[Concept]
    is_rotated: bool


def examples_of(rows: Sequence[dict[str, str]], encoder: SentenceEncoder) -> list[tuple[Example, Example]]:
    """The article of each row, unchanged and rotated."""
    pairs = []
    for row in tqdm(rows, desc="embedding"):
        article = clean(row["article"])
        sentences = tuple(span.of(article.text) for span in article.sentences)
        vectors = encoder.embed(sentences)
        wanted = concepts_of(row["reference"])
        order = rotation(len(sentences))
        rotated = Example(tuple(sentences[index] for index in order), vectors[order], wanted, is_rotated=True)
        pairs.append((Example(sentences, vectors, wanted, is_rotated=False), rotated))
    return pairs


def fit(examples: Sequence[Example]) -> SalienceModel:
    """The model for these examples: first whether an article leads with its news, then its concepts."""
    concepts = [[concepts_of(sentence) for sentence in example.sentences] for example in examples]
    centralities = [example.vectors @ mean_direction(example.vectors) for example in examples]
    leads = np.array(
        [lead_features(*seen) for seen in zip((e.sentences for e in examples), concepts, centralities, strict=True)]
    )
    begins_with_news = np.array([0.0 if example.is_rotated else 1.0 for example in examples])
    lead = fit_logistic(leads, begins_with_news, np.ones(len(examples)), ridge=2.0)
    fitted = {}
    for size in SIZES:
        rows, labels, weights = [], [], []
        for example, found, centrality, is_lead in zip(examples, concepts, centralities, lead(leads), strict=True):
            positions = concept_positions(found, size)
            local = np.array([sentence_features(sentence) for sentence in example.sentences])
            rows.append(concept_features(positions, centrality, local, float(is_lead), frozenset()))
            labels += [float(concept in example.wanted) for concept in positions]
            weights += [ROTATED_WEIGHT if example.is_rotated else 1.0] * len(positions)
        fitted[size] = fit_logistic(np.vstack(rows), np.array(labels), np.array(weights), ridge=_RIDGE)
    return SalienceModel(lead, fitted)


def fold_models(pairs: Sequence[tuple[Example, Example]]) -> list[SalienceModel]:
    """For each article, the model fitted without the tenth of the articles that it is in."""
    folds = min(FOLDS, len(pairs))
    order = np.random.default_rng(0).permutation(len(pairs))
    models: dict[int, SalienceModel] = {}
    for fold in tqdm(range(folds), desc="fitting"):
        left_out = set(order[fold::folds].tolist())
        model = fit([example for index, pair in enumerate(pairs) if index not in left_out for example in pair])
        models.update(dict.fromkeys(left_out, model))
    return [models[index] for index in range(len(pairs))]


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
    """Fit the model and write its weights into the package."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA / "realsumm.jsonl", help="JSONL with article and reference")
    options = parser.parse_args()
    rows = read_rows(options.data, {"article", "reference"})
    settings = Settings.from_env()
    pairs = examples_of(rows, SentenceEncoder(encoder_folder(settings.cache)))
    model = fit([example for pair in pairs for example in pair])
    stored = {
        "origin": f"scripts.training.salience on {options.data.name}, {len(rows)} articles, each also rotated",
        "lead": _rounded(model.lead),
        **{f"concepts_{size}": _rounded(model.concepts[size]) for size in SIZES},
    }
    WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(f"{WEIGHTS} written. scripts.evaluation.summaries measures it, cross-validated.")


def _rounded(model: Logistic) -> list[float]:
    return [float(f"{value:.5g}") for value in model.coefficients]


if __name__ == "__main__":
    main()
