"""Choosing: which sentences of an article carry what it says.

Takes sentences one by one, each time the one that adds the most expected content a word (greedy maximum coverage
under a budget, Lin and Bilmes 2010), none that says what a chosen one says. Knows nothing of which model made the
vectors, nor of whose words the sentences are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from summarizer.coherence import leanings, understood
from summarizer.concepts import Weights, concept_weights, concepts_of, direction
from summarizer.lengths import Limits
from summarizer.models.extractive import Vectors
from summarizer.sentences import ends_whole
from summarizer.text import SAYS, word_count

# A sentence of w words must earn (w + 8)^0.8: with 1.0 many short sentences win, with 0.5 few long ones. Pairs of words
# count half, since a pair comes with its two words. Tuned by hand on the evaluation articles, by ROUGE with
# cross-validated weights (scripts/evaluate.py summaries --systems extract).
_PAIR = 0.5
_LENGTH_POWER = 0.8
_FIRST_POWER = 0.4  # the first sentence, which may be the only one, is the one that says most
_LENGTH_OFFSET = 8
# A sentence within the aimed length is taken instead of a better one beyond it when it adds at least this share.
_WORTHWHILE = 0.5
_NO_NEWS = 1_000.0
# What the title says counts more. The evaluation articles have no titles to fit this on; without it the choice
# among the tests' own articles passed over the news in two of five.
_TITLE = 1.5
# The first sentence's words count more than their fitted weight, as far as ROUGE does not fall (a trial: 42.0 with
# 1.0, 42.2 with 1.5): what a reader misses most is the news itself.
_LEAD = 1.5
# Two sentences this near in direction say the same (cosine of MiniLM vectors; paraphrases of one fact in news score
# 0.8 and more, different facts about one topic 0.4 to 0.7).
_SAME = 0.8
# From here on a sentence says in part what a chosen one says, and counts less by so much of what goes beyond. Of slopes
# of 0.5 to 2.5 this one takes the most repetition out of the summaries (pairs above 0.65: 8 for 11) without costing
# ROUGE (a trial, before and after: 42.65/19.15 and 42.76/19.24).
_ALIKE = 0.5
_ALIKE_SLOPE = 1.5
# After the first, a sentence counts by how near it is to what the article is about, to this power. ROUGE is the same
# with 0 to 0.4; of eleven summaries that this changes on the evaluation articles, seven lose a side fact or gain the
# point, two are worse.
_CENTRAL_POWER = 0.4
_LEAST_CENTRAL = 0.05
# Shorter ones are captions, kickers and exclamations.
_FEWEST_WORDS = 6

_CAPTION = re.compile(
    # "Flooded: the road to Pell on Tuesday.", but not "Mr Lind said: the road is closed."
    rf"^(?![^:]*\b{SAYS}\b)[^\W\d_][\w'’-]*(?:\s[\w'’()-]+){{0,5}}:\s"
    r"|^[-–—•*·▪]\s"
    r"|^(?:scroll down|click here|read more|watch|see also|sign up|subscribe|follow us|share this|advertisement)\b"
    r"|^(?:photo|photograph|picture|image|video|credit|source|caption)s?\s*(?:by\b|:)"
    r"|\((?:photo|picture|image)[^)]*\)$"
    # What players and politicians do in pictures.
    r"|^(?:[\w.'’-]+\s){1,6}(?:celebrates?|poses?|gestures?|applauds?|looks? on|embraces?|"
    r"shakes? hands|plays? an? (?:shot|backhand|forehand)|holds? (?:up|aloft|(?:the|his|her) (?:\w+ )?trophy))\b"
    r"|\((?:far )?(?:above|below|left|right|centre|center|middle|pictured|l|r)\b[^)]*\)"
    r"|\b(?:pictured|file (?:photo|picture|image)|getty images|table below|shown above)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Candidate:
    """A sentence that may be chosen.

    :param place: the index of the article's sentence that it is or was made from.
    """

    text: str
    place: int


class Ranking:
    """What the words of one article are worth, and what sentences made of them are worth together."""

    def __init__(
        self, sentences: Sequence[str], vectors: Vectors, title: str | None = None, weights: Weights | None = None
    ) -> None:
        """Weigh the article's words.

        :param vectors: unit vectors of the sentences, shape (sentences, dimensions).
        :param weights: others than those that come with the package.
        """
        self._sentences = sentences
        self._vectors = vectors
        self._leanings = leanings(sentences)
        centrality = np.clip(vectors @ direction(vectors), _LEAST_CENTRAL, None)
        self._centrality = (centrality / np.median(centrality)) ** _CENTRAL_POWER
        in_title = concepts_of(title or "")
        in_lead = concepts_of(sentences[0])
        self._weights = {
            concept: weight
            * (1 if len(concept) == 1 else _PAIR)
            * (_TITLE if concept in in_title else 1)
            * (_LEAD if concept in in_lead else 1)
            for concept, weight in concept_weights(sentences, vectors, title, weights).items()
        }

    def choose(self, candidates: Sequence[Candidate], limits: Limits) -> tuple[int, ...]:
        """The indices of the candidates that fill the limits, best first; none where none fits."""
        words = [word_count(candidate.text) for candidate in candidates]
        coverage = _Coverage(self, candidates)
        taken: list[int] = []
        while len(taken) < limits.most_sentences and not limits.are_reached_by([words[index] for index in taken]):
            left = limits.most_words - sum(words[index] for index in taken)
            best = coverage.best([count <= left for count in words])
            if best is None:
                break
            if taken:
                within_aim = left - limits.most_words + limits.aimed_words
                shorter = coverage.best([count <= within_aim for count in words])
                if shorter is not None and coverage.gain(shorter) >= _WORTHWHILE * coverage.gain(best):
                    best = shorter
            taken.append(best)
            coverage.take(best)
        return tuple(taken)

    def density(self, text: str) -> float:
        """What a word of a text is worth on average."""
        return sum(self._weights.get(concept, 0.0) for concept in concepts_of(text)) / max(word_count(text), 1)

    def within_budget(self, costs: Sequence[float], budget: float) -> tuple[int, ...]:
        """The article's best sentences whose costs together stay within the budget, in its order."""
        coverage = _Coverage(self, [Candidate(text, place) for place, text in enumerate(self._sentences)])
        taken: list[int] = []
        while (best := coverage.best([cost <= budget for cost in costs])) is not None:
            taken.append(best)
            coverage.take(best)
            budget -= costs[best]
        return tuple(sorted(taken))


class _Coverage:
    """What candidates add to those that are taken."""

    def __init__(self, ranking: Ranking, candidates: Sequence[Candidate]) -> None:
        self._weights = ranking._weights
        self._candidates = candidates
        self._vectors = ranking._vectors[[candidate.place for candidate in candidates]]
        self._left = [concepts_of(candidate.text) & self._weights.keys() for candidate in candidates]
        self._words = [word_count(candidate.text) for candidate in candidates]
        # Captions come last, for articles that have nothing else.
        self._carries_news = [carries_news(candidate.text) for candidate in candidates]
        self._leanings = [ranking._leanings[candidate.place] for candidate in candidates]
        self._centrality = ranking._centrality[[candidate.place for candidate in candidates]]
        self._open = [True] * len(candidates)
        self._taken_places: set[int] = set()
        self._nearness = np.zeros(len(candidates))
        self._gains = [self._gain(index, _FIRST_POWER) for index in range(len(candidates))]

    def best(self, fits: Sequence[bool]) -> int | None:
        """The candidate that fits and adds most a word to what was taken; None when there is none."""
        able = [index for index, is_open in enumerate(self._open) if is_open and fits[index]]
        return max(able, key=self.gain, default=None)

    def gain(self, index: int) -> float:
        """What a candidate adds for its length, as far as it is understood and new after those that are taken."""
        if not self._carries_news[index]:
            return self._gains[index] - _NO_NEWS
        gain = self._gains[index] * understood(self._leanings[index], self._taken_places)
        if not self._taken_places:
            return gain
        is_new = 1 - _ALIKE_SLOPE * max(0.0, float(self._nearness[index]) - _ALIKE)
        return gain * is_new * float(self._centrality[index])

    def take(self, last: int) -> None:
        """Take a candidate: what it says is told, and who says the same drops out."""
        told = self._left[last]
        nearness = self._vectors @ self._vectors[last]
        self._nearness = np.maximum(self._nearness, nearness)
        said_again = nearness > _SAME
        is_first = not self._taken_places
        self._taken_places.add(self._candidates[last].place)
        for index in range(len(self._open)):
            if said_again[index] or index == last:
                self._open[index] = False
            elif is_first or not told.isdisjoint(self._left[index]):
                self._left[index] -= told
                self._gains[index] = self._gain(index, _LENGTH_POWER)

    def _gain(self, index: int, power: float) -> float:
        content = sum((self._weights[concept] for concept in self._left[index]), 0.0)
        return content / float((self._words[index] + _LENGTH_OFFSET) ** power)


def carries_news(sentence: str) -> bool:
    """Whether a sentence is none of the captions, kickers, questions, list items and announcements between them."""
    is_statement = ends_whole(sentence) and not sentence.endswith("?")
    return is_statement and word_count(sentence) >= _FEWEST_WORDS and not _CAPTION.search(sentence)
