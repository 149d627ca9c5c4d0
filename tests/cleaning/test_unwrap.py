"""Unwrapping: hard-wrapped lines become paragraphs."""

import pytest

from summarizer.cleaning.lines import split_lines
from summarizer.cleaning.unwrap import unwrap

WRAPPED = [
    "The orchard above the town has forty kinds of apple, and no-",
    "body alive can name them all. Two students have spent three au-",
    "tumns with the oldest list, a notebook of 1911, and a ladder.",
]


def _paragraphs(text: str) -> list[str]:
    return [paragraph.text for paragraph in unwrap(split_lines(text))]


def test_wrapped_lines_are_joined_and_hyphens_at_line_ends_removed() -> None:
    assert _paragraphs("\n".join(WRAPPED)) == [
        "The orchard above the town has forty kinds of apple, and nobody alive can name them all. Two students have "
        "spent three autumns with the oldest list, a notebook of 1911, and a ladder."
    ]


def test_span_of_a_paragraph_covers_its_lines() -> None:
    sent = "\n".join(WRAPPED)
    (paragraph,) = unwrap(split_lines(sent))
    assert paragraph.span.of(sent) == sent


def test_empty_line_ends_a_paragraph() -> None:
    assert len(_paragraphs("\n".join([*WRAPPED, "", *WRAPPED]))) == 2


@pytest.mark.parametrize(
    "lines",
    [
        ["What the students found in the orchard above the town", "- a pear", "- two kinds of quince"],
        ["Send your apples, with a leaf of the tree, to the students at:", "The Old Press", "Mill Lane"],
        ["A red one", "a green one", "a very late one"],
        ["The students of the orchard met on the first of October", "The owner of the press was there."],
        ["Forty Apples Of The Orchard Above The Town In Full", "Red Ones Of The Lower Row", "Pears"],
    ],
    ids=["list marks", "colon", "short lines", "new sentence", "upper case"],
)
def test_lines_that_are_not_wrapped_are_kept_apart(lines: list[str]) -> None:
    assert _paragraphs("\n".join(lines)) == lines


def test_lines_are_not_joined_if_each_paragraph_is_one_line() -> None:
    wide = "The oldest tree in the orchard was planted in the year of the great frost, says the notebook, and it bears "
    wide += "fruit every second year."
    lines = ["Bring a basket, a blanket and shoes that may get wet", "and come before noon", wide, wide, wide]
    assert _paragraphs("\n".join(lines)) == lines
    assert len(_paragraphs("\n".join(lines[:2]))) == 1
