"""Dependencies of a sentence on the sentences around it."""

import pytest

from summarizer.selection.anaphora import find_dependencies, has_half_quotation, starts_with_pronoun, understood

BEFORE = ["The harbour bridge at Pell was closed on Tuesday.", "A diver found the crack before the match."]


def _understood(sentence: str, taken: set[int], after: str = "Pell has a market.") -> float:
    return understood(find_dependencies([*BEFORE, sentence, after])[2], taken)


@pytest.mark.parametrize(
    "sentence",
    [
        "He told the council at once.",
        "When he told the council, the mayor laughed.",
        "But he told the council.",
        "That is what the council was told.",
        "The 54-year-old told the council.",
        "Divers had not seen such cracks before.",
        "Nobody was hurt in that flood.",
        "However, the council was told.",
        "What’s more, divers told the council.",
        "In addition, divers told the council.",
        "The figure has risen since.",
        "From seven cracks in 2014, the number has risen to 31.",
        '"The bridge is safe," she said.',
        "Another diver told the council.",
        "” the diver told the council.",
        "I told the council at once.",
    ],
)
def test_dependent_sentence_counts_fully_only_after_the_one_before(sentence: str) -> None:
    assert _understood(sentence, set()) < 1
    assert _understood(sentence, {1}) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "A diver told the council at once.",
        "It is thought that the bridge is safe.",
        "It emerged that the bridge is safe.",
        "In response to divers, the council closed the bridge.",
        "The council closed the bridge this week.",
        "No bridge in this country is as old.",
        "The engineers said that the bridge is safe.",
        "A crack was found, and this crack has grown.",
        '"I told them at once," the diver said.',
        "The US sent engineers to Pell.",
        "In Pell, the number of cracks has risen.",
        "The decision to close the bridge was the mayor's.",
        "اكتمل بناء الجسر في المدينة القديمة.",
    ],
)
def test_independent_sentence_counts_fully(sentence: str) -> None:
    assert _understood(sentence, set()) == 1


def test_demonstrative_is_resolved_by_the_sentence_that_names_its_noun() -> None:
    sentence = "Some 400 cars a day used that bridge, and trains crossed under this bridge."
    assert _understood("Some 400 cars a day waited for that bridge.", {0}) == 1
    assert _understood("Some 400 cars a day waited for that bridge.", {1}) < 1
    assert _understood(sentence, {0}) == 1


def test_definite_noun_is_resolved_by_its_first_mention() -> None:
    assert _understood("The crack is 31 cm long.", set()) < 1
    assert _understood("The crack is 31 cm long.", {1}) == 1
    assert _understood("The crack of the old pier was smaller.", set()) == 1


def test_open_quotation_is_resolved_by_the_sentence_after() -> None:
    opened = "The mayor said: “The bridge will open in May."
    assert _understood(opened, set(), after="We are sure.”") < 1
    assert _understood(opened, {3}, after="We are sure.”") == 1


@pytest.mark.parametrize(
    "sentence",
    [
        '"We are glad that it is over.',
        "“We are glad.",
        "It is over,” said Olof Dahl.",
        "'We are glad that it is over.",
        "It is over,' said Olof Dahl.",
    ],
)
def test_half_of_a_quotation_is_recognized(sentence: str) -> None:
    assert has_half_quotation(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        '"We are glad," said Olof Dahl.',
        "'We are glad,' said Olof Dahl.",
        "Olof Dahl said: 'We are glad.'",
        "The players' cars were sold.",
        "It's Olof Dahl's 'lighthouse'.",
    ],
)
def test_whole_quotation_is_not(sentence: str) -> None:
    assert not has_half_quotation(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["At 30, he will be courted by many clubs.", "As a boy, she swam to the bridge.", "On a normal day he sells 600."],
)
def test_pronoun_after_an_opening_phrase_is_one(sentence: str) -> None:
    assert starts_with_pronoun(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "After the match, Lind left with his wife.",
        "After the match Lind said he was glad.",
        "On the day that the bridge closed, nobody came.",
    ],
)
def test_name_after_an_opening_phrase_is_none(sentence: str) -> None:
    assert not starts_with_pronoun(sentence)
