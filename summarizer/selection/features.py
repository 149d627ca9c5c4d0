"""Sentences of an article → what the ranker knows of each besides its vector: place, length, words that come again.

All but the last two columns hold in every language.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from summarizer.cancellation import checked
from summarizer.models.encoder import Vectors
from summarizer.selection.anaphora import Dependency, understood
from summarizer.text.words import content_terms, stem, word_count

# Further occurrences of a word beyond these count no more.
_MAX_RECURRENCE = 5
# Shorter sentences are captions, kickers and exclamations.
_FEW_WORDS, _MANY_WORDS = 8, 60


@dataclass(frozen=True)
class Title:
    """A headline and its unit vector, shape (dimensions,)."""

    text: str
    vector: Vectors


def sentence_features(
    sentences: Sequence[str],
    vectors: Vectors,
    title: Title | None,
    dependencies: Sequence[Sequence[Dependency]],
    carries_news: Sequence[bool],
) -> NDArray[np.float32]:
    """The features of each sentence, shape (sentences, 20).

    :param vectors: unit vectors of the sentences, shape (sentences, dimensions).
    :param dependencies: of each sentence on others.
    :param carries_news: whether it is a statement, and no caption or question.
    """
    words = [{stem(term) for term in content_terms(sentence)} for sentence in checked(sentences)]
    occurrences = Counter(word for found in words for word in found)
    title_words = {stem(term) for term in content_terms(title.text)} if title else set()
    of_title = vectors @ title.vector if title else np.zeros(len(sentences))
    of_lead = vectors @ vectors[0]
    centrality = vectors @ mean_direction(vectors)
    last, count = len(sentences) - 1, np.log(len(sentences)) / 4
    rows = []
    for index, sentence in enumerate(checked(sentences)):
        again = sum(min(occurrences[word] - 1, _MAX_RECURRENCE) for word in words[index])
        recurrence = again / max(len(words[index]), 1)
        length = word_count(sentence)
        rows.append(
            [
                1 / np.sqrt(1 + index),
                np.log1p(index) / 4,
                index / max(last, 1),
                *(index == place for place in (0, 1, 2, last)),
                of_title[index],
                title is not None,
                _share(title_words, words[index]),
                of_lead[index],
                _share(words[0], words[index]),
                centrality[index],
                recurrence / 3,
                np.log1p(recurrence),
                min(length, _MANY_WORDS) / 30,
                length < _FEW_WORDS,
                count,
                understood(dependencies[index], frozenset()),
                carries_news[index],
            ]
        )
    return np.array(rows, dtype=np.float32)


def mean_direction(vectors: Vectors) -> Vectors:
    """The mean of the vectors, scaled to unit length."""
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)


def _share(wanted: set[str], words: set[str]) -> float:
    """The share of the wanted words that are among the words, 0 to 1."""
    return len(wanted & words) / max(len(wanted), 1)
