"""How long summaries are: limits in words and sentences, and fitting ranked sentences into them.

Knows nothing of models: it sees sentences only as word counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

Length = Literal["short", "long"]
LENGTHS: tuple[Length, ...] = ("short", "long")
# An article of fewer words is a summary already: half of it would not hold two sentences.
VERY_SHORT = 60


@dataclass(frozen=True)
class Limits:
    """Bounds of one summary length; `most_words` holds always, the least are aimed at."""

    least_words: int
    most_words: int
    least_sentences: int
    most_sentences: int

    def within_half(self, article_words: int) -> "Limits":
        """The same limits, but never more than half of the article."""
        half = article_words // 2
        return replace(self, least_words=min(self.least_words, half), most_words=min(self.most_words, half))

    def filled(self) -> "Limits":
        """The same limits, but filled as far as they go."""
        return replace(self, least_words=self.most_words, least_sentences=self.most_sentences)


LIMITS: dict[Length, Limits] = {
    "short": Limits(least_words=12, most_words=45, least_sentences=1, most_sentences=2),
    "long": Limits(least_words=60, most_words=150, least_sentences=3, most_sentences=6),
}


def fit(ranked: Iterable[int], words: Mapping[int, int], limits: Limits) -> tuple[int, ...]:
    """The best sentences that fill the limits, in the order of their indices.

    Takes sentences from the best on, passing over those that would break `most_words`, until both least values are
    reached.

    :param ranked: sentence indices, best first.
    :param words: the words of each sentence, by index.
    """
    chosen: list[int] = []
    total = 0
    for index in ranked:
        if total + words[index] > limits.most_words:
            continue
        chosen.append(index)
        total += words[index]
        enough = total >= limits.least_words and len(chosen) >= limits.least_sentences
        if enough or len(chosen) == limits.most_sentences:
            break
    return tuple(sorted(chosen))
