"""Lines that no rule foresees, told from an article's by a model; all of these it has never seen."""

import json
from pathlib import Path

import pytest

from summarizer.article import parse
from summarizer.boilerplate import fitted
from summarizer.page_lines import OTHER

UNSEEN = json.loads((Path(__file__).parent / "pages" / "unseen.json").read_text(encoding="utf-8"))
PARAGRAPH = (
    "The ferry between Pell and Torvik stopped on Tuesday after a crack was found in its ramp, and the council said "
    "that the repair would take until the end of the month. Boats from the mainland will call twice a day."
)


def test_no_line_of_an_article_is_taken_for_a_pages() -> None:
    assert [line for line in UNSEEN["article"] if fitted().is_sure(line)] == []


def test_many_of_a_pages_lines_are_known_by_their_words_and_form() -> None:
    assert sum(map(fitted().is_sure, UNSEEN["page"])) >= 0.45 * len(UNSEEN["page"])


def test_line_that_no_rule_foresees_is_stripped_and_reported() -> None:
    line = "Autoplay: on | Captions: off"
    article = parse(f"Ferry stops after crack is found\n\n{PARAGRAPH}\n\n{line}\n\n{PARAGRAPH} Nobody was hurt.")
    assert [(stripped.text, stripped.reason) for stripped in article.stripped] == [(line, OTHER)]
    assert article.text == f"{PARAGRAPH}\n\n{PARAGRAPH} Nobody was hurt."


def test_first_line_may_be_the_headline_and_is_left_to_those_who_know() -> None:
    line = "Autoplay: on | Captions: off"
    assert parse(f"{line}\n\n{PARAGRAPH}").title == line


@pytest.mark.parametrize("wrapped", [True, False])
def test_piece_of_a_wrapped_paragraph_stays(wrapped: bool) -> None:
    before = "The device, which was shown to visitors, came with a switch for"
    line = "autoplay: on | captions: off"
    text = f"Ferry stops after crack is found\n\n{PARAGRAPH}\n\n{before}" + ("\n" if wrapped else "\n\n") + line
    assert (line in parse(text).text) == wrapped
