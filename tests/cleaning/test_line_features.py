"""The features of a page's lines."""

import numpy as np

from summarizer.cleaning.line_features import PageLines
from summarizer.models.page_divider import FEATURES

PROSE = "The harbour bridge at Pell was shut on Thursday after a crack was found in a pillar, the council said."
LINES = ("Home", "Sport", "Bridge shut at Pell", PROSE, "Home", "© 2026 The Pell Courier")


def page(*lines: str) -> PageLines:
    return PageLines(lines, [0] * len(lines))


def test_every_line_has_every_feature() -> None:
    features = page(*LINES).features
    assert features.shape == (len(LINES), FEATURES)
    assert features.dtype == np.float32
    assert np.isfinite(features).all()
    assert np.abs(features).max() < 5


def test_one_line_and_lines_without_words_have_features() -> None:
    for lines in ((PROSE,), ("•", "—", "***")):
        assert np.isfinite(page(*lines).features).all()


def test_features_do_not_depend_on_the_words() -> None:
    """Pages of one shape, in English and in made-up words of the same length, have the same ones."""
    other = str.maketrans("abcdefghijklmnoprstuvwy", "zbcdzfghzjklmnzprstzvwy")
    assert np.allclose(page(*LINES).features, page(*(line.translate(other) for line in LINES)).features)


def test_recurring_line_differs_from_one_that_stands_once() -> None:
    once = page("Menu", *LINES[1:]).features[0]
    again = page("Home", *LINES[1:]).features[0]
    assert (once != again).any()


def test_word_recurs_only_if_it_stands_in_another_line() -> None:
    """A word that one sentence has twice recurs nowhere else."""
    # The 40 most frequent words do not count, so these are in other lines, twice each.
    others = [" ".join(f"word{number}{letter}" for number in range(20)) + ", they all said." for letter in "ab"] * 2
    line = "Lorries and more lorries crossed, and after them came buses, vans, trams, carts, bicycles, scooters, mules."
    shares = [page(*others, line, "Menu", *more).features[4, 31] for more in ((), (line.upper(),))]
    assert shares[0] == 0.0
    assert shares[1] > 0.5


def test_words_fall_into_the_same_bucket_in_any_case() -> None:
    found = page("Home News", "HOME NEWS", "Sport").buckets
    assert found[0] == found[1] != found[2]


def test_long_lines_give_their_first_and_last_words() -> None:
    assert len(page(PROSE).buckets[0]) == 13


def test_date_is_found_in_any_order() -> None:
    lines = page("Published 04.03.2026", "10:32", "March 4, 2026", "Bridge shut")
    assert [lines.has_date(index) for index in range(4)] == [True, True, True, False]
