"""Marks of quotations that are torn from their sentences."""

import pytest

from summarizer.quotations import Torn, closed, torn


def test_each_sentence_of_a_quotation_knows_that_it_is_open() -> None:
    sentences = ["“We wait.", "Nobody came.", "We leave,” said Lind.", "She left."]
    assert torn([sentences]) == [Torn("", "“"), Torn("“", "“"), Torn("“", ""), Torn()]


def test_straight_marks_open_before_a_word_and_close_behind_one() -> None:
    sentences = ['Lind was firm: "We wait.', 'We leave," she said. "Soon."', "A nail held it."]
    assert torn([sentences]) == [Torn("", '"'), Torn('"', ""), Torn()]


@pytest.mark.parametrize(
    "sentences",
    [
        ["“We wait.", "Nobody came."],  # goes on in the next paragraph
        ["He said: “We wait.", "“It rained,” she said."],  # is not closed
        ["»We wait,« he said.", "Then he left."],
        ["“He told me, ‘We wait.", "Nobody came.’", "So we left,” she said."],
        ['"We ate a 12" pizza.', 'It was good," she said.'],
    ],
)
def test_where_marks_do_not_match_nothing_is_said(sentences: list[str]) -> None:
    assert torn([sentences]) == [Torn()] * len(sentences)


def test_a_sentence_alone_gets_both_marks_and_one_beside_its_neighbour_none_between() -> None:
    assert closed("Nobody came.", Torn("“", "“"), follows=False, goes_on=False) == "“Nobody came.”"
    assert closed("“We wait.", Torn("", "“"), follows=False, goes_on=True) == "“We wait."
    assert closed("We leave,” said Lind.", Torn("“", ""), follows=True, goes_on=False) == "We leave,” said Lind."
