"""Repair of a line: encodings, entities, white space and invisible characters."""

import time

import pytest

from summarizer.cleaning import clean
from summarizer.cleaning.repair import repair


@pytest.mark.parametrize(
    ("sent", "repaired"),
    [
        ("cafÃ© â€œopenâ€\x9d", "café “open”"),
        ("salt &amp; pepper &lt;3", "salt & pepper <3"),
        ("the\u00a0old \t mill", "the old mill"),
        ("in\u00advis\u200bible\ufeff", "invisible"),
        ("one\x00two", "one two"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("lone \ud800surrogate", "lone surrogate"),
        ("ﬁrst", "first"),
        ("cafe\u0301", "café"),
        ("exam\u00ad", "exam\u2010"),
    ],
)
def test_broken_characters_are_repaired(sent: str, repaired: str) -> None:
    assert repair(sent) == repaired


@pytest.mark.parametrize("line", ["“Quoted” – and ‘single’", "１００", "Straße", "3 < 5 & 7", "AT&T", "naïve"])
def test_characters_of_the_author_are_kept(line: str) -> None:
    assert repair(line) == line


def test_citation_marks_are_removed_from_an_article_that_has_them() -> None:
    text = "It was lit in 1717.[1][2] It was the last,[3] and[citation needed] sold.\n\nHe died in debt.[4]: 12 So."
    assert clean(text).text == "It was lit in 1717. It was the last, and sold.\n\nHe died in debt. So."


def test_brackets_that_are_no_citations_stay() -> None:
    text = "The list has a[1], a[2] and a[3], b[4]. He wrote “[sic]” and “[the mayor] said so” in [2019] and left."
    assert clean(text).text == text


def test_ampersand_that_was_escaped_many_times_is_one() -> None:
    begun = time.monotonic()
    assert repair("Fish &" + "amp;" * 20_000 + " chips") == "Fish & chips"
    assert repair("&amp;amp;lt;") == "<"
    assert time.monotonic() - begun < 1
