"""Salience: which words and word pairs are likely to stand in a summary."""

import numpy as np

from summarizer.models.encoder import Vectors
from summarizer.selection.salience import concept_weights, concepts_of

NEWS = [
    "The harbour bridge at Pell was closed on Tuesday after engineers found a crack in a steel anchor.",
    "Drivers were told to use the inland road.",
    "The crack in the anchor of the bridge is 31 cm long, the engineers said.",
    "It was seen by two climbers.",
    "Pell has a market on Saturdays.",
    "The bridge may stay closed for three weeks while the anchor is replaced.",
]


def _vectors(count: int) -> Vectors:
    return np.eye(count, dtype=np.float32)


def test_words_of_the_title_weigh_more() -> None:
    plain, titled = (concept_weights(NEWS, _vectors(len(NEWS)), title) for title in (None, "Market day in Pell"))
    assert titled["market",] > plain["market",]


def test_frequent_and_early_words_weigh_more() -> None:
    weights = concept_weights(NEWS, _vectors(len(NEWS)))
    assert weights["bridg",] > weights["market",]
    assert weights["anchor",] > weights["climber",]


def test_concepts_are_content_words_and_their_pairs() -> None:
    assert concepts_of("The old bridge is of the town.") == {
        ("old",),
        ("bridg",),
        ("town",),
        ("the", "old"),
        ("old", "bridg"),
        ("bridg", "is"),
        ("the", "town"),
    }
