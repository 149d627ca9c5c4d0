"""The limits of a length."""

import pytest

from summarizer.selection.length import LIMITS, limits_of, point_limits

SHORT, LONG = LIMITS["short"], LIMITS["long"]


def test_limits_are_capped_at_half_of_the_article() -> None:
    assert LONG.within_half(80).max_words == 40
    assert LONG.within_half(80).target_words == 40
    assert LONG.within_half(1_000) == LONG


@pytest.mark.parametrize("wanted", [20, 85, 400])
def test_wanted_words_are_met_within_a_fifth(wanted: int) -> None:
    limits = limits_of("long", 10_000, wanted)
    assert limits.admit([limits.max_words])
    assert limits.are_met_by([limits.min_words])
    assert 0.8 * wanted <= limits.min_words <= wanted <= limits.max_words <= 1.2 * wanted
    assert limits_of("short", 10_000, wanted) == SHORT
    assert limits_of("long", 2 * wanted - 10, wanted).max_words < wanted


def test_key_points_may_be_seven() -> None:
    assert limits_of("long", 1_000, form="bullets").max_sentences == 7
    assert limits_of("short", 1_000, form="bullets") == SHORT


def test_points_grow_with_the_words_that_are_wanted() -> None:
    few, usual, many = (point_limits(10_000, wanted) for wanted in (30, None, 300))
    assert few.max_words < usual.max_words < many.max_words
    assert few.max_sentences < usual.max_sentences < many.max_sentences <= 10


def test_both_words_and_sentences_must_reach_their_minimum() -> None:
    assert LONG.are_met_by([20, 20, 20])
    assert not LONG.are_met_by([60, 60])
    assert not LONG.are_met_by([5, 5, 5])
    assert SHORT.are_met_by([20])
