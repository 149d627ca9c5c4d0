"""Fitting ranked sentences into the limits of a length."""

from hypothesis import given
from hypothesis import strategies as st

from summarizer.lengths import LIMITS, Limits, fit

SHORT, LONG = LIMITS["short"], LIMITS["long"]


def test_takes_the_best_and_keeps_the_articles_order() -> None:
    assert fit([4, 1, 3, 0, 2], dict.fromkeys(range(5), 25), LONG) == (1, 3, 4)


def test_goes_on_until_the_least_words_are_reached() -> None:
    assert fit(range(8), dict.fromkeys(range(8), 12), LONG) == (0, 1, 2, 3, 4)


def test_passes_over_a_sentence_that_does_not_fit() -> None:
    assert fit([0, 1], {0: 50, 1: 30}, SHORT) == (1,)


def test_short_takes_a_second_sentence_only_after_a_very_short_one() -> None:
    assert fit([0, 1], {0: 8, 1: 30}, SHORT) == (0, 1)
    assert fit([0, 1], {0: 20, 1: 20}, SHORT) == (0,)


def test_limits_are_never_more_than_half_of_the_article() -> None:
    assert LONG.within_half(80).most_words == 40
    assert LONG.within_half(1_000) == LONG


@given(st.lists(st.integers(1, 200)), st.integers(0, 2_000), st.sampled_from([SHORT, LONG]))
def test_limits_hold_for_any_sentences(words: list[int], article_words: int, limits: Limits) -> None:
    bounds = limits.within_half(article_words)
    chosen = fit(range(len(words)), dict(enumerate(words)), bounds)
    assert len(chosen) <= bounds.most_sentences
    assert sum(words[index] for index in chosen) <= min(bounds.most_words, article_words // 2)
