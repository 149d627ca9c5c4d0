"""The lengths and formats of summaries: limits in words and sentences."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from summarizer.models.protocols import Length

__all__ = [
    "FORMATS",
    "LENGTHS",
    "LIMITS",
    "MAX_FOCUS",
    "MAX_WANTED_WORDS",
    "MIN_ARTICLE_WORDS",
    "MIN_WANTED_WORDS",
    "Format",
    "Length",
    "Limits",
    "limits_of",
    "point_limits",
]

LENGTHS: tuple[Length, ...] = ("short", "long")
# Of the long summary: sentences that follow each other, key points that can each be read alone, or one line.
Format = Literal["paragraph", "bullets", "headline"]
FORMATS: tuple[Format, ...] = get_args(Format)
# Key points, unless more words are wanted than they have: 15 each. One or two of them are the short summary, so that
# the page shows at least three.
_MIN_BULLETS, _MAX_BULLETS, _BULLET_WORDS = 5, 7, 15
_MOST_WORDS_IN_BULLETS = 190
# A shorter article is returned unchanged: half of it would not hold two sentences.
MIN_ARTICLE_WORDS = 60
# What may be wanted of a long summary, in words, and the share by which it may differ.
MIN_WANTED_WORDS, MAX_WANTED_WORDS = 20, 400
# Characters of what a summary should be about.
MAX_FOCUS = 200
_TOLERANCE = 0.2


@dataclass(frozen=True)
class Limits:
    """Bounds of one summary length.

    Maxima are hard limits. Minima are targets, reached within `target_words` if possible.
    """

    min_words: int
    target_words: int
    max_words: int
    min_sentences: int
    max_sentences: int

    def within_half(self, article_words: int) -> "Limits":
        """The same limits, capped at half of the article."""
        half = article_words // 2
        return replace(
            self,
            min_words=min(self.min_words, half),
            target_words=min(self.target_words, half),
            max_words=min(self.max_words, half),
        )

    def admit(self, words: Sequence[int]) -> bool:
        """Whether sentences with these word counts stay within the maxima."""
        return 0 < sum(words) <= self.max_words and len(words) <= self.max_sentences

    def are_met_by(self, words: Sequence[int]) -> bool:
        """Whether sentences with these word counts reach the minima."""
        return sum(words) >= self.min_words and len(words) >= self.min_sentences


# Whole sentences reach the target of 85 words with 75 on average, at which ROUGE on the evaluation articles is highest
# (ROUGE-1 42.0 to 42.6 for targets of 65 to 90).
LIMITS: dict[Length, Limits] = {
    "short": Limits(min_words=12, target_words=45, max_words=60, min_sentences=1, max_sentences=2),
    "long": Limits(min_words=50, target_words=85, max_words=150, min_sentences=3, max_sentences=6),
}
# Of the sentences that a model states in its own words, which are about three quarters as many. More than ten fill what
# it can read.
POINT_LIMITS = Limits(min_words=100, target_words=140, max_words=200, min_sentences=4, max_sentences=6)
_MOST_POINT_SENTENCES = 10


def limits_of(length: Length, article_words: int, wanted: int | None = None, form: Format = "paragraph") -> Limits:
    """The limits of a summary of an article.

    :param wanted: words of the long summary; None for its usual length.
    :param form: of the long summary.
    """
    limits = LIMITS[length]
    if length == "long" and wanted is not None:
        least, most = math.ceil(wanted * (1 - _TOLERANCE)), math.floor(wanted * (1 + _TOLERANCE))
        limits = Limits(least, wanted, most, 1, most)
    if length == "long" and form == "bullets":
        limits = replace(limits, max_sentences=max(_MAX_BULLETS, (wanted or 0) // _BULLET_WORDS))
        if wanted is None:
            limits = replace(limits, min_sentences=_MIN_BULLETS, max_words=_MOST_WORDS_IN_BULLETS)
    return limits.within_half(article_words)


def point_limits(article_words: int, wanted: int | None = None) -> Limits:
    """The limits of the sentences that a model states in its own words.

    :param wanted: words of the summary; None for its usual length.
    """
    limits = POINT_LIMITS
    if wanted is not None:
        factor = wanted / LIMITS["long"].target_words
        least, target, most = (round(factor * n) for n in (limits.min_words, limits.target_words, limits.max_words))
        sentences = min(math.ceil(factor * limits.max_sentences), _MOST_POINT_SENTENCES)
        limits = Limits(least, target, most, 1, sentences)
    return limits.within_half(article_words)
