"""Sentences with their vectors → the ones to show.

Greedy maximum coverage under a budget (Lin and Bilmes 2010): each step takes the sentence that adds the most expected
content for its length, and none that repeats a chosen one.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from summarizer.models.encoder import Vectors
from summarizer.selection.anaphora import find_dependencies, understood
from summarizer.selection.length import Limits
from summarizer.selection.salience import SalienceModel, concept_weights, concepts_of, mean_direction
from summarizer.text.lexicon import SPEECH_VERBS
from summarizer.text.sentences import ends_whole
from summarizer.text.words import word_count

# The constants of this module were tuned by ROUGE on the evaluation articles with a cross-validated salience model
# (`python -m scripts.evaluation.summaries --systems extractive`), or by reading where that is said.
# A sentence of w words is divided by (w + 8)^0.8: the power 1.0 favours many short sentences, 0.5 few long ones. A pair
# of words counts half, since its two words count as well.
_PAIR_WEIGHT = 0.5
_LENGTH_POWER = 0.8
_FIRST_LENGTH_POWER = 0.4  # for the first sentence, which may be the only one and should say most
_LENGTH_OFFSET = 8
# A sentence within the target length is preferred to a better one beyond it if it adds at least this share.
_MIN_RELATIVE_GAIN = 0.5
_NO_NEWS_PENALTY = 1_000.0
# Weight of words in the title. The evaluation articles have no titles to tune it on; without it the selection missed
# the news in two of five of the test articles.
_TITLE_WEIGHT = 1.5
# Weight of words in the first sentence; ROUGE-1 is 42.0 with 1.0 and 42.2 with 1.5, and readers miss the news most.
_LEAD_WEIGHT = 1.5
# Cosine similarity from which two sentences say the same. Paraphrases of one fact in news score 0.8 and more, different
# facts about one topic 0.4 to 0.7.
_DUPLICATE_SIMILARITY = 0.8
# Above this similarity to a chosen sentence the gain falls, by this slope. Of slopes from 0.5 to 2.5 this one removes
# the most repetition (8 instead of 11 pairs above 0.65) without a loss of ROUGE.
_OVERLAP_SIMILARITY = 0.5
_OVERLAP_SLOPE = 1.5
# After the first sentence, the gain is multiplied by the sentence's centrality to this power. ROUGE is equal from 0 to
# 0.4; of eleven summaries that changed, seven lost a side fact or gained the point, and two got worse.
_CENTRALITY_POWER = 0.4
_MIN_CENTRALITY = 0.05
# Shorter sentences are captions, kickers and exclamations.
_MIN_WORDS = 6

_CAPTION = re.compile(
    # "Flooded: the road to Pell on Tuesday.", but not "Mr Lind said: the road is closed."
    rf"^(?![^:]*\b{SPEECH_VERBS}\b)[^\W\d_][\w'’-]*(?:\s[\w'’()-]+){{0,5}}:\s"
    r"|^[-–—•*·▪]\s"
    r"|^(?:scroll down|click here|read more|watch|see also|sign up|subscribe|follow us|share this|advertisement)\b"
    r"|^(?:photo|photograph|picture|image|video|credit|source|caption)s?\s*(?:by\b|:)"
    r"|\((?:photo|picture|image)[^)]*\)$"
    # Poses of players and politicians in pictures.
    r"|^(?:[\w.'’-]+\s){1,6}(?:celebrates?|poses?|gestures?|applauds?|looks? on|embraces?|"
    r"shakes? hands|plays? an? (?:shot|backhand|forehand)|holds? (?:up|aloft|(?:the|his|her) (?:\w+ )?trophy))\b"
    r"|\((?:far )?(?:above|below|left|right|centre|center|middle|pictured|l|r)\b[^)]*\)"
    r"|\b(?:pictured|file (?:photo|picture|image)|getty images|table below|shown above)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Candidate:
    """A sentence that may be selected.

    :param source: the index of the article's sentence that it is, or is mainly based on.
    """

    text: str
    source: int


class Selector:
    """Selects sentences of one article, or sentences written about it."""

    def __init__(
        self, sentences: Sequence[str], vectors: Vectors, title: str | None = None, model: SalienceModel | None = None
    ) -> None:
        """Weigh the article's words.

        :param vectors: unit vectors of the sentences, shape (sentences, dimensions).
        :param model: the salience model, by default the package's.
        """
        self._sentences = sentences
        self._vectors = vectors
        self._dependencies = find_dependencies(sentences)
        centrality = np.clip(vectors @ mean_direction(vectors), _MIN_CENTRALITY, None)
        self._centrality = (centrality / np.median(centrality)) ** _CENTRALITY_POWER
        in_title = concepts_of(title or "")
        in_lead = concepts_of(sentences[0])
        self._weights = {
            concept: weight
            * (1 if len(concept) == 1 else _PAIR_WEIGHT)
            * (_TITLE_WEIGHT if concept in in_title else 1)
            * (_LEAD_WEIGHT if concept in in_lead else 1)
            for concept, weight in concept_weights(sentences, vectors, title, model).items()
        }

    def select(self, candidates: Sequence[Candidate], limits: Limits) -> tuple[int, ...]:
        """The indices of the candidates that fill the limits, best first; empty if none fits."""
        words = [word_count(candidate.text) for candidate in candidates]
        coverage = _Coverage(self, candidates)
        taken: list[int] = []
        while len(taken) < limits.max_sentences and not limits.are_met_by([words[index] for index in taken]):
            left = limits.max_words - sum(words[index] for index in taken)
            best = coverage.best([count <= left for count in words])
            if best is None:
                break
            if taken:
                within_target = left - limits.max_words + limits.target_words
                shorter = coverage.best([count <= within_target for count in words])
                if shorter is not None and coverage.gain(shorter) >= _MIN_RELATIVE_GAIN * coverage.gain(best):
                    best = shorter
            taken.append(best)
            coverage.take(best)
        return tuple(taken)

    def is_understood(self, index: int, others: Collection[int]) -> bool:
        """Whether a sentence of the article is news, and comprehensible to a reader of these others."""
        return carries_news(self._sentences[index]) and understood(self._dependencies[index], set(others)) == 1.0

    def select_within_budget(self, costs: Sequence[float], budget: float) -> tuple[int, ...]:
        """The indices of the article's best sentences whose total cost stays within the budget, in order."""
        coverage = _Coverage(self, [Candidate(text, index) for index, text in enumerate(self._sentences)])
        taken: list[int] = []
        while (best := coverage.best([cost <= budget for cost in costs])) is not None:
            taken.append(best)
            coverage.take(best)
            budget -= costs[best]
        return tuple(sorted(taken))


class _Coverage:
    """The gain of each candidate over those already taken."""

    def __init__(self, selector: Selector, candidates: Sequence[Candidate]) -> None:
        sources = [candidate.source for candidate in candidates]
        self._weights = selector._weights
        self._sources = sources
        self._vectors = selector._vectors[sources]
        self._uncovered = [concepts_of(candidate.text) & self._weights.keys() for candidate in candidates]
        self._words = [word_count(candidate.text) for candidate in candidates]
        # Captions come last, for articles that have nothing else.
        self._carries_news = [carries_news(candidate.text) for candidate in candidates]
        self._dependencies = [selector._dependencies[source] for source in sources]
        self._centrality = selector._centrality[sources]
        self._is_open = [True] * len(candidates)
        self._taken_sources: set[int] = set()
        self._similarity = np.zeros(len(candidates))  # to the nearest candidate taken
        self._gains = [self._content_gain(index, _FIRST_LENGTH_POWER) for index in range(len(candidates))]

    def best(self, fits: Sequence[bool]) -> int | None:
        """The open candidate that fits and has the highest gain, or None if none fits."""
        eligible = [index for index, is_open in enumerate(self._is_open) if is_open and fits[index]]
        return max(eligible, key=self.gain, default=None)

    def gain(self, index: int) -> float:
        """The content that a candidate adds for its length, as far as it is comprehensible, new and central."""
        if not self._carries_news[index]:
            return self._gains[index] - _NO_NEWS_PENALTY
        gain = self._gains[index] * understood(self._dependencies[index], self._taken_sources)
        if not self._taken_sources:
            return gain
        novelty = 1 - _OVERLAP_SLOPE * max(0.0, float(self._similarity[index]) - _OVERLAP_SIMILARITY)
        return gain * novelty * float(self._centrality[index])

    def take(self, chosen: int) -> None:
        """Take a candidate: its concepts are covered, and candidates that say the same are closed."""
        covered = self._uncovered[chosen]
        similarity = self._vectors @ self._vectors[chosen]
        self._similarity = np.maximum(self._similarity, similarity)
        is_duplicate = similarity > _DUPLICATE_SIMILARITY
        is_first = not self._taken_sources
        self._taken_sources.add(self._sources[chosen])
        for index in range(len(self._is_open)):
            if is_duplicate[index] or index == chosen:
                self._is_open[index] = False
            elif is_first or not covered.isdisjoint(self._uncovered[index]):
                self._uncovered[index] -= covered
                self._gains[index] = self._content_gain(index, _LENGTH_POWER)

    def _content_gain(self, index: int, power: float) -> float:
        content = sum((self._weights[concept] for concept in self._uncovered[index]), 0.0)
        return content / float((self._words[index] + _LENGTH_OFFSET) ** power)


def carries_news(sentence: str) -> bool:
    """Whether a sentence is a statement, and not a caption, kicker, question, list item or announcement."""
    is_statement = ends_whole(sentence) and not sentence.endswith("?")
    return is_statement and word_count(sentence) >= _MIN_WORDS and not _CAPTION.search(sentence)
