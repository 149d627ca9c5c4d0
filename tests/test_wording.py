"""The check of words: what shortened and rewritten sentences may not say, lose or turn."""

import pytest

from summarizer.wording import keeps_to_source, speaks_of_itself, turns

SOURCE = (
    "Anna Lind, the mayor of Torvik, said on Monday that the ferry, which 40 islanders use each day, may not run in "
    "winter."
)


def test_deleting_details_passes() -> None:
    assert keeps_to_source("Anna Lind said that the ferry may not run in winter.", SOURCE)


@pytest.mark.parametrize(
    ("shortened", "fault"),
    [
        ("Anna Berg said that the ferry may not run in winter.", "another name"),
        ("Anna Lind said that the ferry 50 islanders use may not run.", "another number"),
        ("Anna Lind warned that the ferry may not run in winter.", "another verb"),
        ("Anna Lind said that the ferry may run in winter.", "the negation is lost"),
        ("Anna Lind said that the ferry will not run in winter.", "the hedge is lost"),
        ("Anna Lind said that the ferry may not, not run in winter.", "a negation more"),
        ("", "nothing is left"),
    ],
)
def test_saying_more_or_less_is_refused(shortened: str, fault: str) -> None:
    assert not keeps_to_source(shortened, SOURCE), fault


@pytest.mark.parametrize(
    ("shortened", "source", "keeps"),
    [
        (
            "The trader lost his appeal.",
            "The trader lost his appeal, after judges ruled that the trial had not been unfair.",
            True,
        ),
        ("The boy was in the toilet.", "The boy was thought to have been in the toilet.", False),
        ("The notebook showed 11 payments.", "The notebook, it was alleged, showed 11 of the payments.", False),
        ("The minister will resign.", "The minister will resign if the vote fails.", False),
        ("It had 23,000 drivers.", "It had an estimated 23,000 drivers a day.", False),
        ("The bridge cost 40 million.", "The bridge cost about 40 million.", False),
        ("The bridge opened in 1968.", "The bridge opened in 1968, about 40 years ago.", True),
        ("Rao did not kill Lind.", "Rao killed Lind but did not kill Berg.", False),
        ("Profits rose from 3 to 5 million.", "Profits rose from 5 to 3 million.", False),
        ("The boat cost $5 million.", "The boat cost £5 million.", False),
        ("40 people died.", "Fewer than 40 people died.", False),
        ("Kevin Rao was charged.", "Kevin Rao's brother was charged.", False),
        ("The law was passed.", "The law must be passed.", False),
        ("Rao stole the boat.", "It is untrue that Rao stole the boat.", False),
        ("The company closed the mine.", "The company threatened to close the mine.", False),
        ("The pill cured patients.", "The pill cured patients, according to the company.", False),
        ("He DID GO home.", "He DIDN'T GO home.", False),
        ("Rao stole the boat.", "Rao stole the boat, prosecutors alleged on Monday.", False),
        ("Berg discusses the plan.", "Berg discusses the plan and why he believes it will fail.", True),
        ("Lind moved the funds.", "Lind had denied, in two letters to the court, that he moved the funds.", False),
    ],
)
def test_guards_may_go_only_with_what_they_bear_on(shortened: str, source: str, keeps: bool) -> None:
    assert keeps_to_source(shortened, source) is keeps


def test_contracted_negation_is_a_negation() -> None:
    source = "The minister didn't sign the order, aides said."
    assert keeps_to_source("The minister did not sign the order.", source)
    assert not keeps_to_source("The minister did sign the order.", source)


@pytest.mark.parametrize(
    "sentence",
    [
        "The article discusses the closure of the bridge.",
        "This text highlights three findings.",
        "In conclusion, the article emphasizes unity.",
        "According to the article, the bridge is shut.",
        "The article states that the bridge is shut.",
    ],
)
def test_sentence_about_the_article_is_recognized(sentence: str) -> None:
    assert speaks_of_itself(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The report highlights failures at six banks.",
        "The author was born in Lund.",
        "The article of the constitution was changed.",
        "Rain fell.",
    ],
)
def test_sentence_about_an_article_in_the_news_is_left_alone(sentence: str) -> None:
    assert not speaks_of_itself(sentence)


@pytest.mark.parametrize(
    ("sentence", "source", "is_turned"),
    [
        ("The death was suspicious.", "Police said the death was not suspicious.", True),
        ("The death was not suspicious.", "Police said the death was not suspicious.", False),
        ("Rao stole the boat.", "Rao is alleged to have stolen the boat.", True),
        ("The council may sell the hall.", "The council will sell the hall.", True),
        ("The hall was sold.", "The hall was sold on Friday.", False),
    ],
)
def test_negations_and_hedges_are_those_of_the_sources(sentence: str, source: str, is_turned: bool) -> None:
    assert turns(sentence, [source]) is is_turned
