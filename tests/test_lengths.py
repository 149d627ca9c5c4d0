"""The limits of a length."""

from summarizer.lengths import LIMITS

SHORT, LONG = LIMITS["short"], LIMITS["long"]


def test_limits_are_never_more_than_half_of_the_article() -> None:
    assert LONG.within_half(80).most_words == 40
    assert LONG.within_half(80).aimed_words == 40
    assert LONG.within_half(1_000) == LONG


def test_words_and_sentences_both_have_to_be_enough() -> None:
    assert LONG.are_reached_by([20, 20, 20])
    assert not LONG.are_reached_by([60, 60])
    assert not LONG.are_reached_by([5, 5, 5])
    assert SHORT.are_reached_by([20])
