"""Lexical faithfulness: negations, hedges and conditions that a sentence must keep, and may not add."""

import pytest

from summarizer.faithfulness.lexical import names_and_numbers, reverses


@pytest.mark.parametrize(
    ("sentence", "source", "is_reversed"),
    [
        ("The death was suspicious.", "Police said the death was not suspicious.", True),
        ("The death was not suspicious.", "Police said the death was not suspicious.", False),
        ("Rao stole the boat.", "Rao is alleged to have stolen the boat.", True),
        ("The council may sell the hall.", "The council will sell the hall.", True),
        ("The hall was sold.", "The hall was sold on Friday.", False),
        ("The trader lost his appeal.", "The trader lost his appeal, after a trial that was not unfair.", False),
        ("The boy was in the toilet.", "The boy was thought to have been in the toilet.", True),
        ("The notebook showed 11 payments.", "The notebook, it was alleged, showed 11 of the payments.", True),
        ("The minister will resign.", "The minister will resign if the vote fails.", True),
        ("It had 23,000 drivers.", "It had an estimated 23,000 drivers a day.", True),
        ("The bridge cost 40 million.", "The bridge cost about 40 million.", True),
        ("The bridge opened in 1968.", "The bridge opened in 1968, about 40 years ago.", False),
        ("Rao did not kill Lind.", "Rao killed Lind.", True),
        ("40 people died.", "Fewer than 40 people died.", True),
        ("The law was passed.", "The law must be passed.", True),
        ("Rao stole the boat.", "It is untrue that Rao stole the boat.", True),
        ("The company closed the mine.", "The company threatened to close the mine.", True),
        ("The pill cured patients.", "The pill cured patients, according to the company.", True),
        ("The pill cured patients.", "The pill cured patients, according to a report by the ministry in May.", True),
        ("Lind fears a storm.", "In Pell, Lind now fears a storm and just wants the night to be over.", False),
        ("Berg discussed the plan.", "Berg talked about the plan.", False),
        ("He DID GO home.", "He DIDN'T GO home.", True),
        ("Rao stole the boat.", "Rao stole the boat, prosecutors alleged on Monday.", True),
        ("Berg discusses the plan.", "Berg discusses the plan and why he believes it will fail.", False),
        ("Lind moved the funds.", "Lind had denied, in two letters to the court, that he moved the funds.", True),
        ("The minister did not sign the order.", "The minister didn't sign the order, aides said.", False),
        ("The minister did sign the order.", "The minister didn't sign the order, aides said.", True),
    ],
)
def test_negators_and_hedges_must_match_the_source(sentence: str, source: str, is_reversed: bool) -> None:
    assert reverses(sentence, [source]) is is_reversed


def test_negation_may_come_from_either_source() -> None:
    assert not reverses("The hall was not sold and is closed.", ["The hall was not sold.", "It is closed."])


def test_hedge_of_a_sentence_beside_is_not_needed_but_allowed() -> None:
    beside = ["Ana Ruiz believes that the hall was sold."]
    assert not reverses("Ana Ruiz left the hall.", ["She left the hall."], beside)
    assert not reverses("Ana Ruiz believes that she left the hall.", ["She left the hall."], beside)
    assert reverses("Ana Ruiz left the hall.", ["She left the hall.", *beside])


def test_names_and_numbers_are_capitalized_words_digits_and_quantities() -> None:
    named = names_and_numbers("In Pell, 40 divers and two dozen climbers met Ana Ruiz.")
    assert named == ["Pell", "40", "two", "dozen", "Ana", "Ruiz"]
