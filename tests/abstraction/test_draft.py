"""Drafted sentences: complete, distinct, and about the article's subject."""

import pytest

from summarizer.abstraction.draft import mentions_article, usable_sentences
from summarizer.models.protocols import Completion


def test_sentence_that_the_token_limit_cut_off_is_dropped() -> None:
    assert usable_sentences([Completion("It was sold on Friday. The baker paid", finished=False)]) == [
        "It was sold on Friday."
    ]


def test_sentence_without_an_end_is_dropped() -> None:
    assert usable_sentences([Completion("It was sold. And so on", finished=True)]) == ["It was sold."]


def test_repeated_sentence_is_kept_once() -> None:
    assert usable_sentences([Completion("It was sold. It was sold. It rained.", finished=True)]) == [
        "It was sold.",
        "It rained.",
    ]


def test_parts_of_a_long_article_take_turns() -> None:
    first, second = (Completion(f"{name} one. {name} two.", finished=True) for name in ("North", "South"))
    assert usable_sentences([first, second]) == ["North one.", "South one.", "North two.", "South two."]


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
    assert mentions_article(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The report highlights failures at six banks.",
        "The author was born in Lund.",
        "The article of the constitution was changed.",
        "Rain fell.",
    ],
)
def test_sentence_about_the_subject_is_not(sentence: str) -> None:
    assert not mentions_article(sentence)
