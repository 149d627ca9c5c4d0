"""What may be left out of a sentence, on trees of the embedded parser."""

import pytest

from summarizer.deletion import shortest
from summarizer.embedded import parser_folder
from summarizer.models.parser import DependencyParser
from summarizer.settings import Settings


@pytest.fixture(scope="module")
def parser() -> DependencyParser:
    return DependencyParser(parser_folder(Settings().cache))


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        (
            "The closure, which began at 9.40 p.m., will last three weeks, the harbour authority said.",
            "The closure will last three weeks, the harbour authority said.",
        ),
        (
            "The ferry will carry 400 people a day, easing the queues on the old road.",
            "The ferry will carry 400 people a day.",
        ),
        (
            "Anna Lind, a former teacher, opened the library on Monday.",
            "Anna Lind opened the library.",
        ),
        (
            "But the council approved the plan (after two hours of debate) and raised the rent.",
            "The council approved the plan and raised the rent.",
        ),
        (
            'The review, which she called "a long list of excuses", blames the drivers.',
            "The review blames the drivers.",
        ),
    ],
)
def test_details_may_go(parser: DependencyParser, sentence: str, short: str) -> None:
    assert shortest(parser.parse([sentence])[0]) == short


@pytest.mark.parametrize(
    ("sentence", "stays"),
    [
        ("The minister did not sign the order.", "did not sign"),
        ("The pill may help patients with asthma.", "may help"),
        ("Doctors said the pill did not help patients in the second trial.", "in the second trial"),
        ("Rao allegedly stole the boat on Friday.", "allegedly"),
        ("Nearly 40 people were hurt in the crash on Friday.", "Nearly 40"),
        ("Kevin Rao's brother was charged with theft on Friday.", "Kevin Rao's brother was charged with theft"),
        ("The minister will resign if the vote fails.", "if the vote fails"),
        ("No one who had the vaccine fell ill in the winter.", "who had the vaccine"),
        (
            "The company said that the mine was safe, its owner told reporters.",
            "The company said that the mine was safe",
        ),
        (
            "There was no sign that the bridge had been in immediate danger of collapse.",
            "in immediate danger of collapse",
        ),
        ("The dog bit the man in the park.", "The dog bit the man"),
        ('She said: "We never, in all these years, lost a letter."', '"We never, in all these years, lost a letter."'),
        ("In a case in 2009, an officer fired his gun at a driver.", "In a case in 2009"),
        ("The shop is open on Sundays unless it rains.", "unless it rains"),
        ("He was thought to have been in the boat on Friday.", "was thought to have been"),
        ("Profits rose 20% last year to £3m.", "rose 20%"),
        (
            "The catch made Rao the best-paid fisher on the coast since the cannery at Torvik closed.",
            "since the cannery at Torvik closed",
        ),
        ("Ines Marr was the first woman to row the strait in a storm.", "in a storm"),
        ("Three passengers fell asleep on board the night ferry to Torvik.", "on board the night ferry"),
        ("The herd has shrunk from 80 in 2014 to 31 last winter.", "from 80 in 2014 to 31"),
        ("The changes will take effect on Monday.", "on Monday"),
        ("The council accused the company of illegally burning waste.", "illegally burning"),
    ],
)
def test_what_makes_a_claim_true_stays(parser: DependencyParser, sentence: str, stays: str) -> None:
    assert stays in shortest(parser.parse([sentence])[0])


def test_no_more_goes_than_is_to_be_kept(parser: DependencyParser) -> None:
    tree = parser.parse(["Anna Lind opened the library, which the town had built for £2m in three years, on Monday."])[
        0
    ]
    assert shortest(tree) == "Anna Lind opened the library."
    assert "which the town had built" in shortest(tree, least_share=0.6)


def test_part_that_is_dear_stays(parser: DependencyParser) -> None:
    tree = parser.parse(["Anna Lind, a former teacher, opened the library, which cost £2m."])[0]
    assert shortest(tree, is_dear=lambda part: "£2m" in part) == "Anna Lind opened the library, which cost £2m."


@pytest.mark.parametrize(
    "sentence", ["A list: salt, bread, oil.", "Rain.", "", "x" * 300, '"Half of a quotation, he said.']
)
def test_sentence_without_a_clause_stays(parser: DependencyParser, sentence: str) -> None:
    assert shortest(parser.parse([sentence])[0]) == sentence


def test_parser_forgets_the_words_that_it_has_read(parser: DependencyParser) -> None:
    parser.parse(["Anna opened the library."])
    known = len(parser._loaded.vocab.strings)
    parser.parse([f"Qworl{number}ek met Zubb{number}ax in Hrumm{number}ov." for number in range(20)])
    assert len(parser._loaded.vocab.strings) == known
