"""The line classifier, on lines that are not in its training data."""

import json

import pytest

from scripts.evaluation.page_parts import FOLDER
from summarizer.cleaning import clean
from summarizer.cleaning.boilerplate.classifier import line_classifier
from summarizer.cleaning.boilerplate.patterns import OTHER

HELD_OUT = json.loads((FOLDER / "unseen.json").read_text(encoding="utf-8"))
PARAGRAPH = (
    "The ferry between Pell and Torvik stopped on Tuesday after a crack was found in its ramp, and the council said "
    "that the repair would take until the end of the month. Boats from the mainland will call twice a day."
)


def test_no_article_line_counts_as_boilerplate() -> None:
    assert [line for line in HELD_OUT["article"] if line_classifier().is_sure(line)] == []


def test_at_least_45_percent_of_boilerplate_lines_are_recognized() -> None:
    assert sum(map(line_classifier().is_sure, HELD_OUT["page"])) >= 0.45 * len(HELD_OUT["page"])


def test_line_that_matches_no_pattern_is_removed_and_reported() -> None:
    line = "Autoplay: on | Captions: off"
    article = clean(f"Ferry stops after crack is found\n\n{PARAGRAPH}\n\n{line}\n\n{PARAGRAPH} Nobody was hurt.")
    assert [(removed.text, removed.reason) for removed in article.removed] == [(line, OTHER)]
    assert article.text == f"{PARAGRAPH}\n\n{PARAGRAPH} Nobody was hurt."


def test_first_line_is_kept_as_the_headline() -> None:
    line = "Autoplay: on | Captions: off"
    assert clean(f"{line}\n\n{PARAGRAPH}").title == line


@pytest.mark.parametrize("wrapped", [True, False])
def test_line_of_a_wrapped_paragraph_is_kept(wrapped: bool) -> None:
    before = "The device, which was shown to visitors, came with a switch for"
    line = "autoplay: on | captions: off"
    text = f"Ferry stops after crack is found\n\n{PARAGRAPH}\n\n{before}" + ("\n" if wrapped else "\n\n") + line
    assert (line in clean(text).text) == wrapped
