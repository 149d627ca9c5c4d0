"""Choosing sentences: limits that hold for any sentences, and what makes a sentence worth choosing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.concepts import concept_weights, concepts_of
from summarizer.extraction import Candidate, Ranking, carries_news
from summarizer.lengths import LIMITS, Limits
from summarizer.models.extractive import Vectors
from summarizer.text import word_count

NEWS = [
    "The harbour bridge at Pell was closed on Tuesday after engineers found a crack in a steel anchor.",
    "Drivers were told to use the inland road.",
    "The crack in the anchor of the bridge is 31 cm long, the engineers said.",
    "It was seen by two climbers.",
    "Pell has a market on Saturdays.",
    "The bridge may stay closed for three weeks while the anchor is replaced.",
]


def _vectors(count: int) -> Vectors:
    """Directions that are all different, so that no two sentences say the same."""
    return np.eye(count, max(count, 1), dtype=np.float32)


def _ranking(sentences: list[str], title: str | None = None) -> Ranking:
    return Ranking(sentences, _vectors(len(sentences)), title)


def _candidates(sentences: list[str]) -> list[Candidate]:
    return [Candidate(sentence, place) for place, sentence in enumerate(sentences)]


def test_news_is_chosen_first() -> None:
    assert _ranking(NEWS).choose(_candidates(NEWS), LIMITS["short"])[0] == 0


def test_what_the_title_says_weighs_more() -> None:
    plain, titled = (concept_weights(NEWS, _vectors(len(NEWS)), title) for title in (None, "Market day in Pell"))
    assert titled["market",] > plain["market",]


def test_sentence_that_says_the_same_is_not_chosen_again() -> None:
    vectors = _vectors(len(NEWS))
    vectors[2] = vectors[0]
    chosen = Ranking(NEWS, vectors).choose(_candidates(NEWS), LIMITS["long"])
    assert not {0, 2} <= set(chosen)


def test_sentence_about_it_is_worth_less_without_the_one_before() -> None:
    sentences = [
        *NEWS[:2],
        NEWS[2],
        "It closed the harbour bridge at Pell, engineers said.",
        "Engineers closed the harbour bridge at Pell.",
    ]
    chosen = _ranking(sentences).choose(_candidates(sentences)[3:], Limits(1, 45, 45, 1, 1))
    assert chosen == (1,)


@pytest.mark.parametrize(
    "caption",
    [
        "Scroll down for video of the bridge at night",
        "The old bridge (left) before the war of that year",
        "Flooded: the road from Pell to the harbour on Tuesday.",
        "- Route 31 will be cut from six journeys to four.",
        "Ana Ruiz celebrates her goal against Torvik.",
        "Ana Ruiz holds the cup trophy after the final in Torvik.",
        "Ruiz, 26, left the court in Torvik on Tuesday (file picture).",
        "Pell 20 5 3 12 48",
        "Why?",
        "Hm.",
    ],
)
def test_captions_and_questions_carry_no_news(caption: str) -> None:
    assert not carries_news(caption)


def test_captions_are_chosen_only_where_nothing_else_is() -> None:
    captions = ["The old bridge (left) before it was closed.", "The new bridge (right) after it was closed."]
    assert _ranking(captions).choose(_candidates(captions), LIMITS["long"])
    both = [*captions, *NEWS]
    assert min(_ranking(both).choose(_candidates(both), LIMITS["long"])) > 1


def test_reading_within_a_budget_keeps_the_order_and_the_budget() -> None:
    read = _ranking(NEWS).within_budget([10.0] * len(NEWS), 35.0)
    assert len(read) == 3
    assert list(read) == sorted(read)
    assert 0 in read


def test_words_that_come_often_and_early_weigh_more() -> None:
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


@given(
    st.lists(st.text(alphabet='ab .,"', max_size=60), min_size=1, max_size=12),
    st.integers(0, 2_000),
    st.sampled_from(list(LIMITS.values())),
)
def test_limits_hold_for_any_sentences(sentences: list[str], article_words: int, limits: Limits) -> None:
    bounds = limits.within_half(article_words)
    chosen = _ranking(sentences).choose(_candidates(sentences), bounds)
    assert len(chosen) <= bounds.most_sentences
    assert sum(word_count(sentences[index]) for index in chosen) <= min(bounds.most_words, article_words // 2)
