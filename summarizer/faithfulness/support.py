"""Signals of support for a sentence → whether there is enough of it to show the sentence."""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

THRESHOLD = Path(__file__).with_name("threshold.json")
# Weight of the overlap beside the verdict. On the sentences of `scripts.evaluation.support`, which paraphrase freely,
# half of it would separate slightly better; summaries that copy, and go wrong by joining copied parts, are judged much
# better by their words than by verdicts.
_OVERLAP_WEIGHT = 0.75


@dataclass(frozen=True)
class Signals:
    """The signals for one sentence.

    :param words: share of its content words that the article has in any form.
    :param pairs: share of its pairs of consecutive words that the article has.
    :param verdict: a language model's log-odds of "Yes, every detail is stated" against "No"; 0 if it was not asked.
    """

    words: float
    pairs: float
    verdict: float = 0.0

    @property
    def overlap(self) -> float:
        """The lexical overlap with the article, from 0 to 1."""
        return (self.words + self.pairs) / 2

    @property
    def support(self) -> float:
        """Overlap and verdict together. Verdicts are between -3 and 4; beyond that they are no more certain."""
        return _OVERLAP_WEIGHT * self.overlap + math.tanh(self.verdict / 4)

    @property
    def is_supported(self) -> bool:
        """Whether the support is enough to show the sentence."""
        return self.support >= support_threshold()


@cache
def support_threshold() -> float:
    """The least support with which a sentence is shown; `threshold.json` records the data that it was fitted on."""
    return float(json.loads(THRESHOLD.read_text(encoding="utf-8"))["threshold"])
