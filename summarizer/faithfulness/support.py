"""Signals of support for a sentence → the probability that the article supports it, and whether that is enough.

The weights are those of two logistic regressions, which `scripts.evaluation.support --fit` writes with thresholds to
`calibration.json`: one for statements that their author, a model, judges too, and one for any other sentence.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, Self

from summarizer.faithfulness.evidence import Claim

CALIBRATION = Path(__file__).with_name("calibration.json")
_MAX_LOG_ODDS = 30.0


@dataclass(frozen=True)
class Signals:
    """The signals for one sentence.

    :param network: log-odds of the verifier's network; None if it was not run.
    :param words: share of the sentence's content words that the article has in any form.
    :param pairs: share of its pairs of consecutive words that the article has.
    :param exact: whether it keeps the names, numbers, negations and hedges of its evidence.
    :param author: log-odds by the model that wrote it; None if it does not judge.
    """

    network: float | None
    words: float
    pairs: float
    exact: bool
    author: float | None = None

    @classmethod
    def of(cls, claim: Claim, network: float | None, author: float | None = None) -> Self:
        """The signals of a claim.

        :param network: the network's log-odds, given its passage.
        """
        return cls(network, claim.shared_words, claim.shared_pairs, claim.passes_exact_checks, author)

    @property
    def named(self) -> dict[str, float]:
        """The signals that count, as numbers, in the order of the weights.

        The network, which knows people's errors, does not find those of a model that judges its own sentences; words
        that stand side by side as in the article do (docs/quality.md).
        """
        names = ("network", "words", "pairs", "exact") if self.author is None else ("exact", "pairs", "author")
        return {name: float(getattr(self, name)) for name in names}

    @property
    def values(self) -> tuple[float, ...]:
        """The signals as numbers, without their names."""
        return tuple(self.named.values())

    @property
    def calibration(self) -> "Calibration":
        """The calibration for these signals."""
        return calibration("sentences" if self.author is None else "statements")

    @property
    def probability(self) -> float:
        """The probability that the article supports the sentence."""
        fitted = self.calibration
        log_odds = fitted.bias + sum(weight * value for weight, value in zip(fitted.weights, self.values, strict=True))
        return 1 / (1 + math.exp(-max(min(log_odds, _MAX_LOG_ODDS), -_MAX_LOG_ODDS)))


@dataclass(frozen=True)
class Calibration:
    """What the fit found.

    :param weights: of the signals.
    :param thresholds: the least probability with which each check shows a sentence.
    """

    weights: tuple[float, ...]
    bias: float
    thresholds: dict[str, float]


@cache
def calibration(of: Literal["sentences", "statements"]) -> Calibration:
    """The calibration of the package."""
    stored = json.loads(CALIBRATION.read_text(encoding="utf-8"))[of]
    return Calibration(tuple(stored["weights"]), stored["bias"], stored["thresholds"])
