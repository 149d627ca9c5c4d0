"""Numbers and countries in canonical form."""

import pytest

from summarizer.text.numbers import canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("two boats", "2 boats"),
        ("£1.2m", "£1.2 million"),
        ("£1.2m", "£1,200,000"),
        ("US troops", "United States troops"),
        ("the U.S. said", "the US said"),
        ("40 per cent", "40 percent"),
        ("3bn people", "3 billion people"),
    ],
)
def test_forms_of_the_same_thing_become_equal(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize("text", ["Call us.", "He ran 10 km.", "It was one of them in a museum.", "Version 1.2 of M"])
def test_words_that_look_like_abbreviations_are_kept(text: str) -> None:
    assert canonical(text).replace("1 of", "one of") == text
