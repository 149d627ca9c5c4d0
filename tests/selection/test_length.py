"""The limits of a length."""

from summarizer.selection.length import LIMITS

SHORT, LONG = LIMITS["short"], LIMITS["long"]


def test_limits_are_capped_at_half_of_the_article() -> None:
    assert LONG.within_half(80).max_words == 40
    assert LONG.within_half(80).target_words == 40
    assert LONG.within_half(1_000) == LONG


def test_both_words_and_sentences_must_reach_their_minimum() -> None:
    assert LONG.are_met_by([20, 20, 20])
    assert not LONG.are_met_by([60, 60])
    assert not LONG.are_met_by([5, 5, 5])
    assert SHORT.are_met_by([20])
