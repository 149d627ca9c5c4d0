"""Sentences with their vectors → the probability that each word and word pair appears in the summary.

Concept-based summarization (Gillick and Favre 2009) with learned weights (Hong and Nenkova 2014). A logistic model sees
how often a concept occurs, where, and in which sentences: central ones by the encoder's vectors, or ones that begin
with "But he". News articles lead with the news; another logistic model estimates whether this one does, and position
features are scaled by that probability. `weights.json` has the weights; scripts/training/salience.py fits them.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from summarizer.models.encoder import Vectors
from summarizer.text.lexicon import FUNCTION_WORDS
from summarizer.text.words import stem, terms, word_count

Concept = tuple[str, ...]
Matrix = NDArray[np.float64]

WEIGHTS = Path(__file__).with_name("weights.json")
SIZES = (1, 2)  # words per concept
_LEAD_SENTENCES = 3
_BACKWARD = re.compile(
    r"^[\"'“‘]?(?:he|she|it|they|his|her|its|their|this|that|these|those|but|and|however|also|moreover|so|then|soon|"
    r"instead|meanwhile|the \d+-year-old|the (?:pair|couple|duo|firm|company|club|two|three|trio))\b",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"[\"“”]|(?:^|\s)['‘]")
_FIRST_PERSON = re.compile(r"\b(?:i|we|my|our|you|your)\b", re.IGNORECASE)
_SPEECH = re.compile(r"\b(?:said|says|added|told)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Logistic:
    """Logistic regression on raw features; the intercept is the last coefficient."""

    coefficients: Matrix

    def __call__(self, features: Matrix) -> Matrix:
        """The probabilities of rows of features."""
        exponent = features @ self.coefficients[:-1] + self.coefficients[-1]
        return np.asarray(1 / (1 + np.exp(-exponent)))


@dataclass(frozen=True)
class SalienceModel:
    """The fitted models: does the article lead with its news, and is a concept of one or two words in its summary."""

    lead: Logistic
    concepts: Mapping[int, Logistic]


@cache
def default_model() -> SalienceModel:
    """The model of the package."""
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return SalienceModel(
        Logistic(np.array(stored["lead"])), {size: Logistic(np.array(stored[f"concepts_{size}"])) for size in SIZES}
    )


def concepts_of(sentence: str) -> frozenset[Concept]:
    """The concepts of a sentence: content words, and pairs in a row with at least one of them, without endings."""
    words = [(stem(term), term.casefold() in FUNCTION_WORDS) for term in terms(sentence)]
    singles = {(word,) for word, is_function in words if not is_function}
    pairs = {
        (first, second)
        for (first, is_function), (second, other_is) in pairwise(words)
        if not (is_function and other_is)
    }
    return frozenset(singles | pairs)


def concept_weights(
    sentences: Sequence[str], vectors: Vectors, title: str | None = None, model: SalienceModel | None = None
) -> dict[Concept, float]:
    """The probability that each concept of an article appears in its summary.

    :param vectors: unit vectors of the sentences, shape (sentences, dimensions).
    :param title: counts as a sentence before the first one.
    """
    model = model or default_model()
    concepts = [concepts_of(sentence) for sentence in sentences]
    in_title = concepts_of(title or "")
    centrality = vectors @ mean_direction(vectors)
    is_lead = float(model.lead(lead_features(sentences, concepts, centrality)[None])[0])
    local = np.array([sentence_features(sentence) for sentence in sentences])
    found: dict[Concept, float] = {}
    for size in SIZES:
        positions = concept_positions(concepts, size)
        if not positions:
            continue
        features = concept_features(positions, centrality, local, is_lead, in_title)
        found.update(zip(positions, model.concepts[size](features).tolist(), strict=True))
    return found


def lead_features(
    sentences: Sequence[str], concepts: Sequence[frozenset[Concept]], centrality: NDArray[np.floating]
) -> Matrix:
    """How much the first sentences stand out as the ones that the rest elaborates on."""
    occurrences = Counter(concept for found in concepts for concept in found if len(concept) == 1)
    last = {concept: index for index, found in enumerate(concepts) for concept in found}
    recurrence = np.array(
        [sum(min(occurrences[concept] - 1, 5) for concept in found if len(concept) == 1) for found in concepts]
    )
    followed = np.array([_share(last[concept] > index for concept in found) for index, found in enumerate(concepts)])
    length = np.array([min(word_count(sentence), 40) for sentence in sentences])
    return np.array(
        [
            _standing_out(centrality, _LEAD_SENTENCES),
            _standing_out(centrality, 1),
            _standing_out(recurrence, 1),
            _standing_out(recurrence, _LEAD_SENTENCES),
            _standing_out(length, 1),
            _standing_out(followed, 1),
        ]
    )


def concept_positions(concepts: Sequence[frozenset[Concept]], size: int) -> dict[Concept, list[int]]:
    """The concepts of `size` words, each with the indices of its sentences, in order."""
    positions: defaultdict[Concept, list[int]] = defaultdict(list)
    for index, found in enumerate(concepts):
        for concept in sorted(found):
            if len(concept) == size:
                positions[concept].append(index)
    return dict(positions)


def concept_features(
    positions: Mapping[Concept, Sequence[int]],
    centrality: NDArray[np.floating],
    local: Matrix,
    is_lead: float,
    in_title: frozenset[Concept],
) -> Matrix:
    """One row per concept; the order of the columns is that of the coefficients in `weights.json`.

    :param positions: the sentences of each concept, by index.
    :param local: the features of each sentence, one row each.
    :param is_lead: the probability that the article leads with its news.
    """
    rows = []
    for concept, where in positions.items():
        first = 0 if concept in in_title else where[0]
        position = [
            1 / np.sqrt(1 + first),
            float(first < _LEAD_SENTENCES),
            float(first == 0),
            1 / np.sqrt(1 + where[-1]),
        ]
        central = np.sort(centrality[where])[::-1]
        row = [
            np.log1p(len(where) + (concept in in_title)),
            len(where) / len(centrality),
            *position,
            *(is_lead * value for value in position),
            central[0],
            central.mean(),
            central[:3].sum(),
            float(any(word[0].isdigit() for word in concept)),
            float(sum(word in FUNCTION_WORDS for word in concept)),
            sum(map(len, concept)) / 10,
            *local[where].mean(axis=0),
        ]
        rows.append(row)
    return np.array(rows)


def sentence_features(sentence: str) -> list[float]:
    """Features of a sentence that do not depend on its position."""
    words = terms(sentence)
    return [
        float(bool(_BACKWARD.match(sentence))),
        float(bool(_QUOTATION.search(sentence))),
        float(bool(_FIRST_PERSON.search(sentence))),
        float(any(word[0].isdigit() for word in words)),
        min(sum(word[0].isupper() for word in words[1:]), 6) / 6,
        float(bool(_SPEECH.search(sentence))),
    ]


def _standing_out(values: NDArray[np.number], count: int) -> float:
    """The standard deviations by which the mean of the first `count` values exceeds the mean of all."""
    return float((values[:count].mean() - values.mean()) / (values.std() + 1e-6))


def _share(truths: Iterable[bool]) -> float:
    values = list(truths)
    return sum(values) / max(len(values), 1)


def mean_direction(vectors: Vectors) -> Vectors:
    """The mean of the vectors, scaled to unit length."""
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)
