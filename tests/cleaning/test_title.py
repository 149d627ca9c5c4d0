"""Titles: the headlines of a page, and the lines that contain them."""

import pytest

from summarizer.cleaning.title import REPEATED_HEADLINE, TITLE, find_headlines

HEADLINE = "Ferry to the northern islands gains a second deck"
SENTENCE = "The ferry returned from the yard on Friday with room for two hundred more passengers and their bicycles."
LATER = "It will sail twice a day until the end of September, and once a day in the winter, said the company."


def _titles(lines: list[str], known_title: str | None = None) -> list[str]:
    headlines, _ = find_headlines(lines, set(), known_title)
    return [headline.title for headline in headlines]


def _lines(lines: list[str], known_title: str | None = None) -> dict[tuple[int, ...], str]:
    _, findings = find_headlines(lines, set(), known_title)
    return {finding.lines: finding.reason for finding in findings}


def test_first_line_set_off_from_the_text_is_the_title() -> None:
    lines = [HEADLINE, "", SENTENCE]
    assert _titles(lines) == [HEADLINE]
    assert _lines(lines) == {(0,): TITLE}


def test_first_line_of_a_wrapped_paragraph_is_not_the_title() -> None:
    assert _titles(["The ferry returned from the yard on Friday with room", "for two hundred more passengers."]) == []


def test_first_sentence_is_not_the_title() -> None:
    assert _titles([SENTENCE, "", LATER]) == []


def test_repetitions_of_the_title_are_found() -> None:
    lines = [HEADLINE, "", SENTENCE, "", f"{HEADLINE} | Island Mail", "", LATER, "", HEADLINE.upper()]
    assert _lines(lines) == {(0,): TITLE, (4,): REPEATED_HEADLINE, (8,): REPEATED_HEADLINE}


def test_title_is_found_below_section_names() -> None:
    lines = ["News", "Travel", HEADLINE, "", SENTENCE, "", HEADLINE]
    assert _titles(lines) == [HEADLINE]
    assert _lines(lines) == {(2,): TITLE, (6,): REPEATED_HEADLINE}


def test_headline_split_over_two_lines_is_one_title() -> None:
    lines = ["Ferry to the northern islands", "gains a second deck", "", SENTENCE, "", HEADLINE]
    assert _titles(lines) == [HEADLINE]
    assert _lines(lines) == {(0, 1): TITLE, (5,): REPEATED_HEADLINE}


def test_line_below_the_first_lines_is_the_title_if_it_occurs_three_times() -> None:
    lines = [SENTENCE, "", HEADLINE, "", LATER, "", HEADLINE]
    assert _titles(lines) == []
    assert _lines([*lines, "", HEADLINE]) == {(2,): TITLE, (6,): REPEATED_HEADLINE, (8,): REPEATED_HEADLINE}


def test_known_title_is_the_first_headline() -> None:
    lines = ["Island Mail", "", SENTENCE, "", HEADLINE]
    assert _titles(lines, known_title=HEADLINE) == [HEADLINE]
    assert _lines(lines, known_title=HEADLINE) == {(4,): REPEATED_HEADLINE}


def test_line_of_the_known_title_is_the_title_near_the_beginning() -> None:
    assert _lines([HEADLINE, "", SENTENCE], known_title=HEADLINE) == {(0,): TITLE}


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (f"{HEADLINE} | Island Mail", HEADLINE),
        (f"Travel | {HEADLINE}", HEADLINE),
        (f"{HEADLINE} | Part 2", f"{HEADLINE} | Part 2"),
        (f"# {HEADLINE} #", HEADLINE),
        (f"<h1>{HEADLINE}</h1>", HEADLINE),
    ],
)
def test_title_has_no_marks_and_no_names_of_sites(line: str, title: str) -> None:
    assert _titles([line, "", SENTENCE, "", LATER]) == [title]


def test_lines_already_identified_as_boilerplate_are_ignored() -> None:
    headlines, _ = find_headlines(["Island Mail home page", "", HEADLINE, "", SENTENCE], {0})
    assert [headline.title for headline in headlines] == [HEADLINE]
