"""Sentence selection: limits that hold for any sentences, and what makes a sentence worth selecting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.models.encoder import Vectors
from summarizer.models.ranker_network import VECTOR_SIZE
from summarizer.selection.length import LIMITS, POINT_LIMITS, Length, Limits
from summarizer.selection.selector import Candidate, Selector, carries_news
from summarizer.text.words import word_count

NEWS = [
    "The harbour bridge at Pell was closed on Tuesday after engineers found a crack in a steel anchor.",
    "Drivers were told to use the inland road.",
    "The crack in the anchor of the bridge is 31 cm long, the engineers said.",
    "It was seen by two climbers.",
    "Pell has a market on Saturdays.",
    "The bridge may stay closed for three weeks while the anchor is replaced.",
]


def _vectors(count: int) -> Vectors:
    """Orthogonal vectors, so that no two sentences are duplicates."""
    return np.eye(count, VECTOR_SIZE, dtype=np.float32)


def _selector(sentences: list[str]) -> Selector:
    return Selector(sentences, _vectors(len(sentences)))


def _candidates(sentences: list[str]) -> list[Candidate]:
    return [Candidate(sentence, index) for index, sentence in enumerate(sentences)]


def test_main_news_is_selected_first() -> None:
    assert _selector(NEWS).select(_candidates(NEWS), LIMITS["short"], "short")[0] == 0


def test_duplicate_of_a_selected_sentence_is_not_selected() -> None:
    vectors = _vectors(len(NEWS))
    vectors[2] = vectors[0]
    chosen = Selector(NEWS, vectors).select(_candidates(NEWS), LIMITS["long"], "long")
    assert not {0, 2} <= set(chosen)


def test_sentence_with_an_unresolved_pronoun_counts_less() -> None:
    sentences = [
        *NEWS[:2],
        NEWS[2],
        "It closed the harbour bridge at Pell, engineers said.",
        "Engineers closed the harbour bridge at Pell.",
    ]
    chosen = _selector(sentences).select(_candidates(sentences)[3:], Limits(1, 45, 45, 1, 1), "long")
    assert chosen == (1,)


@pytest.mark.parametrize(
    "caption",
    [
        "Scroll down for video of the bridge at night",
        "The old bridge (left) before the war of that year",
        "Flooded: the road from Pell to the harbour on Tuesday.",
        "- Route 31 will be cut from six journeys to four.",
        "Ana Ruiz celebrates her goal against Torvik.",
        "Ruiz, the Torvik goalkeeper, celebrates his team's opening goal.",
        "5. Subs not used: Marsh, Lind, Ferro, Rao and Haddad.",
        "5; Marsh 4 (Lind 46, 6), Ferro 6.",
        "Marden: Rao 7, Ferro 6 (Lind 70), Marsh 5, Haddad 8.",
        "Ruiz watches her players against Torvik after the talk.",
        "Ruiz smiles as she helps to open the club in Pell.",
        "Ana Ruiz holds the cup trophy after the final in Torvik.",
        "Ruiz, 26, left the court in Torvik on Tuesday (file picture).",
        "Pell 20 5 3 12 48",
        "Why?",
        "Hm.",
    ],
)
def test_captions_and_questions_carry_no_news(caption: str) -> None:
    assert not carries_news(caption)


@pytest.mark.parametrize(
    "statement",
    [
        "Heat waves are killing more people than floods each year.",
        "The new rule stands in the way of a deal.",
        "Their smiles were gone when the vote was counted.",
    ],
)
def test_news_with_the_words_of_captions_is_news(statement: str) -> None:
    assert carries_news(statement)


def test_captions_are_selected_only_without_alternatives() -> None:
    captions = ["The old bridge (left) before it was closed.", "The new bridge (right) after it was closed."]
    assert _selector(captions).select(_candidates(captions), LIMITS["long"], "long")
    both = [*captions, *NEWS]
    assert min(_selector(both).select(_candidates(both), LIMITS["long"], "long")) > 1


def test_points_begin_with_the_main_news_and_may_lean_on_other_sentences() -> None:
    sentences = [NEWS[0], "It was seen by two climbers on Monday.", *NEWS[2:]]
    points = _selector(sentences).points([word_count(sentence) for sentence in sentences], POINT_LIMITS)
    assert points[0] == 0
    assert 1 in points


def test_sentence_that_leans_on_another_is_no_key_point() -> None:
    sentences = [NEWS[0], "It was closed by the council of the old town on Monday evening.", NEWS[2], NEWS[5]]
    selector, limits = _selector(sentences), Limits(1, 200, 200, 2, 2)
    assert 1 in selector.select(_candidates(sentences), limits, "long")
    assert 1 not in selector.select(_candidates(sentences), limits, "long", alone=True)


def test_best_of_the_other_sentences_are_left_out() -> None:
    vectors = _vectors(len(NEWS))
    vectors[2] = vectors[0]
    selector = Selector(NEWS, vectors)
    assert selector.left_out([0], 1) == (1,)
    assert not {0, 2} & set(selector.left_out([0], 6))
    captions = ["The old bridge (left) before it was closed.", "The new bridge (right) after it was closed."]
    assert _selector(captions).left_out([], 2) == ()


def test_focus_comes_before_the_main_news() -> None:
    vectors = _vectors(len(NEWS))
    focused = Selector(NEWS, vectors, focus=vectors[1])
    assert focused.select(_candidates(NEWS), LIMITS["short"], "short")[0] == 1
    assert not focused.misses_focus
    assert Selector(NEWS, vectors, focus=_vectors(10)[9]).misses_focus


def test_points_stay_within_the_limits() -> None:
    words = [word_count(sentence) for sentence in NEWS]
    assert sum(words[index] for index in _selector(NEWS).points(words, Limits(10, 20, 30, 1, 6))) <= 30
    assert _selector(NEWS).points(words, Limits(1, 2, 3, 1, 6)) == ()


def test_ten_thousand_sentences_are_ranked_in_windows() -> None:
    count = 10_000
    vectors = np.tile(_vectors(20), (count // 20, 1))
    chosen = Selector([f"The bridge number {index} was closed today." for index in range(count)], vectors).points(
        [7] * count, POINT_LIMITS
    )
    assert len(chosen) == POINT_LIMITS.max_sentences


def test_selection_within_a_budget_keeps_order_and_budget() -> None:
    read = _selector(NEWS).select_within_budget([10.0] * len(NEWS), 35.0)
    assert len(read) == 3
    assert list(read) == sorted(read)
    assert 0 in read


@given(
    st.lists(st.text(alphabet='ab .,"', max_size=60), min_size=1, max_size=12),
    st.integers(0, 2_000),
    st.sampled_from(list(LIMITS)),
)
def test_limits_hold_for_any_sentences(sentences: list[str], article_words: int, length: Length) -> None:
    bounds = LIMITS[length].within_half(article_words)
    chosen = _selector(sentences).select(_candidates(sentences), bounds, length)
    assert len(chosen) <= bounds.max_sentences
    assert sum(word_count(sentences[index]) for index in chosen) <= min(bounds.max_words, article_words // 2)
