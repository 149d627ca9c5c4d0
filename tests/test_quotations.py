"""Marks of quotations that are torn from their sentences."""

from summarizer.quotations import Torn, closed, torn


def test_each_sentence_of_a_quotation_knows_that_it_is_open() -> None:
    sentences = ["“We wait.", "Nobody came.", "We leave,” said Lind.", "She left."]
    assert torn([sentences]) == [Torn("", "“"), Torn("“", "“"), Torn("“", ""), Torn()]


def test_straight_marks_open_before_a_word_and_close_behind_one() -> None:
    sentences = ['Lind was firm: "We wait.', 'We leave," she said. "Soon."', 'A 10" nail held it.']
    assert torn([sentences]) == [Torn("", '"'), Torn('"', ""), Torn()]


def test_quotation_that_its_paragraph_does_not_close_says_nothing() -> None:
    assert torn([["“We wait.", "Nobody came."], ["“We leave,” said Lind."]]) == [Torn(), Torn(), Torn()]
    assert torn([['He had 5" of rain, she said.', "It was wet."]]) == [Torn(), Torn()]


def test_a_sentence_alone_gets_both_marks_and_one_beside_its_neighbour_none_between() -> None:
    assert closed("Nobody came.", Torn("“", "“"), follows=False, goes_on=False) == "“Nobody came.”"
    assert closed("“We wait.", Torn("", "“"), follows=False, goes_on=True) == "“We wait."
    assert closed("We leave,” said Lind.", Torn("“", ""), follows=True, goes_on=False) == "We leave,” said Lind."
