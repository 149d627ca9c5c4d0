"""Sentences with their vectors → the ones to show.

Each step takes the sentence that a ranker finds likeliest in a summary, less what it repeats of those taken, and none
that says the same as one of them (maximal marginal relevance, Carbonell and Goldstein 1998).
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from summarizer.cancellation import checked, checkpoint
from summarizer.models.encoder import Vectors
from summarizer.models.ranker import default_ranker
from summarizer.selection.anaphora import find_dependencies, understood
from summarizer.selection.features import Title, sentence_features
from summarizer.selection.length import Length, Limits
from summarizer.text.lexicon import SPEECH_VERBS
from summarizer.text.sentences import ends_whole
from summarizer.text.words import terms, word_count

# The ranker's columns.
_COLUMN: dict[Length, int] = {"long": 0, "short": 1}
# A sentence within the target length is preferred to a better one beyond it if it is at least this good beside it.
_MIN_RELATIVE_GAIN = 0.5
_NO_NEWS_PENALTY = 1_000.0
# Cosine similarity from which two sentences say the same. Paraphrases of one fact in news score 0.8 and more, different
# facts about one topic 0.4 to 0.7.
_DUPLICATE_SIMILARITY = 0.8
# Above this similarity to a chosen sentence the gain falls, by this slope.
_OVERLAP_SIMILARITY, _OVERLAP_SLOPE = 0.5, 0.6
# What the sentence nearest to the focus gains beside its probability to stand in a summary, so that it wins over the
# main news. Below this similarity the article has nothing on it: on four articles the nearest sentence was at 0.06 to
# 0.26 for subjects that they do not have, and at 0.32 to 0.51 for those that they have.
_FOCUS_WEIGHT, _LEAST_NEARNESS = 1.5, 0.3
# A sentence that a summary leaves out is worth naming from this gain; the last one that is taken has 0.1 to 0.4.
_LEAST_LEFT_OUT = 0.1
# Shorter sentences are captions, kickers and exclamations.
_MIN_WORDS = 6

# Line-ups and tables ("Keogh 6, Christie 4 (Lingard 46, 6)") have more numbers than this share of their words; a result
# in tennis has 40%.
_MAX_NUMBERS, _FEW_NUMBERS = 0.45, 3

_CAPTION = re.compile(
    # "Flooded: the road to Pell on Tuesday.", but not "Mr Lind said: the road is closed."
    rf"^(?![^:]*\b{SPEECH_VERBS}\b)[^\W\d_][\w'’-]*(?:\s[\w'’()-]+){{0,5}}:\s"
    r"|^[-–—•*·▪]\s"
    r"|^(?:scroll down|click here|read more|watch|see also|sign up|subscribe|follow us|share this|advertisement)\b"
    # Line-ups below a match report.
    r"|\b(?:subs(?:titutes)?(?: not used)?|booked|sent off|referee|attendance|man of the match)\s*:"
    r"|^(?:photo|photograph|picture|image|video|credit|source|caption)s?\s*(?:by\b|:)"
    r"|\((?:photo|picture|image)[^)]*\)$"
    # Poses of players and politicians in pictures.
    r"|^(?:[\w.'’-]+,?\s){1,8}(?:celebrates?|poses?|gestures?|applauds?|looks? on|embraces?|warms up|"
    r"(?:chats|grins|greets|hugs|kisses|laughs|sits|smiles|stands|walks|watches|waves) "
    r"(?:after|alongside|as|at|beside|during|for|from|her|his|next|off|on|out|the|their|through|to|while|with)|"
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
        self, sentences: Sequence[str], vectors: Vectors, title: Title | None = None, focus: Vectors | None = None
    ) -> None:
        """Rank the article's sentences.

        :param vectors: their unit vectors, shape (sentences, dimensions).
        :param focus: the unit vector of what the summary should be about, shape (dimensions,).
        """
        self._vectors = vectors
        self._dependencies = find_dependencies(sentences)
        # Captions come last, for articles that have nothing else. What was spoken may have no full stop anywhere.
        has_ends = any(map(ends_whole, sentences))
        self._carries_news = [carries_news(sentence, has_ends=has_ends) for sentence in checked(sentences)]
        features = sentence_features(sentences, vectors, title, self._dependencies, self._carries_news)
        self._gains = default_ranker().probabilities(vectors, features)
        # Whether no sentence is about what the summary should be about.
        self.misses_focus = focus is not None and not self._favour(vectors @ focus)

    def _favour(self, nearness: Vectors) -> bool:
        """Give the sentences near the focus a gain; returns whether there are any.

        :param nearness: similarity of each sentence to the focus.
        """
        statements = nearness[self._carries_news] if any(self._carries_news) else nearness
        best, usual = float(statements.max()), float(np.median(statements))
        if best < _LEAST_NEARNESS:
            return False
        relative = np.clip((nearness - usual) / max(best - usual, _LEAST_NEARNESS / 2), 0.0, 1.0)
        self._gains = self._gains + _FOCUS_WEIGHT * relative[:, np.newaxis]
        return True

    def select(
        self,
        candidates: Sequence[Candidate],
        limits: Limits,
        length: Length,
        *,
        alone: bool = False,
        covered: Collection[int] = (),
    ) -> tuple[int, ...]:
        """The indices of the candidates that fill the limits, best first; empty if none fits.

        :param length: of the summary that they are for.
        :param alone: whether each should be comprehensible without the others.
        :param covered: the article's sentences that the summary has already.
        """
        ranking = _Ranking(self, [candidate.source for candidate in candidates], length, alone=alone)
        for index in covered:
            ranking.cover(index)
        return tuple(ranking.fill([word_count(candidate.text) for candidate in candidates], limits))

    def points(self, words: Sequence[int], limits: Limits) -> tuple[int, ...]:
        """The indices of the sentences that a summary should state in other words, the most important one first.

        :param words: of each sentence.
        """
        indices = range(len(words))
        main = _Ranking(self, indices, "short").best([count <= limits.max_words for count in words])
        ranking = _Ranking(self, indices, "long")
        return tuple(ranking.fill(words, limits, [] if main is None else [main]))

    def left_out(self, covered: Collection[int], most: int) -> tuple[int, ...]:
        """The indices of the best sentences that say something else than the covered ones, in order.

        :param covered: sentences of the article.
        :param most: how many at most.
        """
        ranking = _Ranking(self, range(len(self._carries_news)), "long")
        for index in covered:
            ranking.take(index)
        found: list[int] = []
        while len(found) < most and (best := ranking.best([True] * len(self._carries_news))) is not None:
            if ranking.gain(best) < _LEAST_LEFT_OUT:
                break
            found.append(best)
            ranking.take(best)
        return tuple(sorted(found))

    def gain(self, index: int, length: Length) -> float:
        """How much a sentence of the article is worth in a summary."""
        return float(self._gains[index, _COLUMN[length]])

    def is_understood(self, index: int, others: Collection[int]) -> bool:
        """Whether a sentence of the article is news, and comprehensible to a reader of these others."""
        return self._carries_news[index] and understood(self._dependencies[index], set(others)) == 1.0

    def select_within_budget(self, costs: Sequence[float], budget: float) -> tuple[int, ...]:
        """The indices of the article's best sentences whose total cost stays within the budget, in order."""
        ranking = _Ranking(self, range(len(costs)), "long")
        taken = []
        while (best := ranking.best([cost <= budget for cost in costs])) is not None:
            taken.append(best)
            ranking.take(best)
            budget -= costs[best]
        return tuple(sorted(taken))


class _Ranking:
    """The gain of each candidate over those already taken."""

    def __init__(self, selector: Selector, sources: Sequence[int], length: Length, *, alone: bool = False) -> None:
        """Begin with none taken.

        :param sources: the article's sentence of each candidate.
        :param alone: whether what is taken does not make the others comprehensible.
        """
        self._alone = alone
        self._sources = sources
        self._all_vectors = selector._vectors
        self._vectors = selector._vectors[list(sources)]
        self._gains = selector._gains[list(sources), _COLUMN[length]]
        self._carries_news = [selector._carries_news[source] for source in sources]
        self._dependencies = [selector._dependencies[source] for source in sources]
        self._is_open = [True] * len(sources)
        self._taken_sources: set[int] = set()
        self._similarity = np.zeros(len(sources))  # to the nearest candidate taken

    def fill(self, words: Sequence[int], limits: Limits, first: Sequence[int] = ()) -> list[int]:
        """The candidates that fill the limits, best first; empty if none fits.

        :param words: of each candidate.
        :param first: candidates to begin with.
        """
        taken = list(first)
        for index in first:
            self.take(index)
        while len(taken) < limits.max_sentences and not limits.are_met_by([words[index] for index in taken]):
            left = limits.max_words - sum(words[index] for index in taken)
            best = self.best([count <= left for count in words])
            if best is None or (taken and not self._carries_news[best]):
                break
            if taken:
                within_target = left - limits.max_words + limits.target_words
                shorter = self.best([count <= within_target for count in words])
                if shorter is not None and self.gain(shorter) >= _MIN_RELATIVE_GAIN * self.gain(best):
                    best = shorter
            taken.append(best)
            self.take(best)
        return taken

    def best(self, fits: Sequence[bool]) -> int | None:
        """The open candidate that fits and has the highest gain, or None if none fits."""
        checkpoint()
        eligible = [index for index, is_open in enumerate(self._is_open) if is_open and fits[index]]
        return max(eligible, key=self.gain, default=None)

    def gain(self, index: int) -> float:
        """How likely a candidate stands in the summary, as far as it is comprehensible and new."""
        gain = float(self._gains[index])
        if not self._carries_news[index]:
            return gain - _NO_NEWS_PENALTY
        overlap = max(0.0, float(self._similarity[index]) - _OVERLAP_SIMILARITY)
        is_understood = understood(self._dependencies[index], set() if self._alone else self._taken_sources)
        return gain * is_understood - _OVERLAP_SLOPE * overlap

    def take(self, chosen: int) -> None:
        """Take a candidate, and close those that say the same."""
        self.cover(self._sources[chosen])
        self._is_open[chosen] = False

    def cover(self, source: int) -> None:
        """Count a sentence of the article as taken, and close the candidates that say the same."""
        similarity = self._vectors @ self._all_vectors[source]
        self._similarity = np.maximum(self._similarity, similarity)
        self._taken_sources.add(source)
        for index in np.flatnonzero(similarity > _DUPLICATE_SIMILARITY):
            self._is_open[index] = False


def carries_news(sentence: str, *, has_ends: bool = True) -> bool:
    """Whether a sentence is a statement, and not a caption, kicker, question, list item or announcement.

    :param has_ends: whether the article ends its sentences with full stops.
    """
    is_statement = (ends_whole(sentence) or not has_ends) and not sentence.endswith("?")
    if not is_statement or word_count(sentence) < _MIN_WORDS or _CAPTION.search(sentence):
        return False
    words = terms(sentence)
    return sum(word[0].isdigit() for word in words) < max(_MAX_NUMBERS * len(words), _FEW_NUMBERS)
