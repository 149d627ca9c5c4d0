"""Ends of sentences in nineteen languages."""

from collections.abc import Iterator

import pytest

from scripts.evaluation.splitters import FOLDER, MOST_USED, text_and_sentences
from summarizer.text.sentences import sentence_spans

LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.txt"))


def split(text: str, language: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text, language=language)]


def cases(language: str) -> Iterator[tuple[list[str], list[str]]]:
    """The sentences that are found in each line, and those that there are."""
    for line in (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        text, wanted = text_and_sentences(line, language)
        yield split(text, language), wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_hard_cases_are_split_as_well_as_measured(language: str) -> None:
    found = [sentence in sentences for sentences, wanted in cases(language) for sentence in wanted]
    assert sum(found) / len(found) >= (0.92 if language in ("en", *MOST_USED) else 0.84)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_begins_with_a_closing_mark_or_a_comma(language: str) -> None:
    for sentences, _ in cases(language):
        assert not [
            sentence for sentence in sentences if sentence[0] in ",;:)]}»」』》" and not sentence[1:2].isalpha()
        ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Lt. Gov. Ray Pike spoke.|Sen. Ron Jansen (R-Wis.), who wrote the bill, agreed."),
        ("en", "“Who will light it now?” Tom Price asked as the boat came alongside.|“Nobody!” shouted the pilot."),
        ("en", "It was lit in 1717.[1][2]|It was the last light in Wales.[4]: 12|He died in debt."),
        ("en", "They got chemotherapy.1|Agents were given for six weeks.2-7|Although few got worse, none got well."),
        ("en", "St Fintian's.|They aren't.|Think of it."),
        ("de", "Die Stadt feiert am 3. Oktober.|Im 19. Jahrhundert stand dort z. B. ein Speicher."),
        ("fr", "« Pourquoi ? » a demandé la présidente.|Le procès s'ouvrira le 5 mai.|Il durera une semaine."),
        ("es", "«¿Quién pagará?», preguntó el Sr. Gómez.|Nadie, p. ej., lo sabe."),
        ("ru", "Билет стоит 200 руб. для взрослых.|Музей на ул. Ленина открыли в 1998 г.|Он мал."),
        ("zh", "局长说：“我们不想再看到这种情况。”|疫苗由两家公司生产。|“会不会有副作用？”一位家长问。"),
        ("ja", "「運転手の教育も必要だ。」と担当者は話した。|工事は夏まで続く。"),
        ("hi", "उसने कहा, “भूखा बच्चा पढ़ नहीं सकता।”|डॉ. नौलखिया ने कुछ नहीं कहा।"),
    ],
)
def test_sentence_ends_only_where_it_ends(language: str, text: str) -> None:
    given, wanted = text_and_sentences(text, language)
    assert split(given, language) == wanted


def test_lost_space_is_found() -> None:
    text = (
        "It costs 2.6 million from March.“We have no choice,” said Dana Cole.The piles at example.com/Pier are rotten."
    )
    assert split(text, "en") == [
        "It costs 2.6 million from March.",
        "“We have no choice,” said Dana Cole.",
        "The piles at example.com/Pier are rotten.",
    ]


def test_text_without_capitals_is_split() -> None:
    assert split("it was sold. it was old. nobody came.", "en") == ["it was sold.", "it was old.", "nobody came."]


def test_name_that_begins_with_a_small_letter_may_begin_a_sentence() -> None:
    assert split("It rained. iPhone sales fell.", "en") == ["It rained.", "iPhone sales fell."]
