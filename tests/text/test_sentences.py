"""Sentence spans: abbreviations, quotations, other scripts, text without any full stop."""

import pytest

from summarizer.spans import Span
from summarizer.text.sentences import MAX_SENTENCE_LENGTH, lacks_marks, sentence_spans


def _sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The U.S. economy grew by 3.5 percent.",
        "Mr. Smith met Dr. J. R. Brown at No. 10 on Jan. 5 at 3 p.m. Monday.",
        "Talks in Washington, D.C. ended early.",
        "We used approx. 30 kg of flour.",
        "وقالت مديرة المكتبة د. سلمى إن المبنى لم يعد كما كان.",
    ],
)
def test_abbreviations_do_not_end_a_sentence(sentence: str) -> None:
    assert _sentences(f"{sentence} {sentence}") == [sentence, sentence]


def test_sentences_end_at_other_scripts_full_stops() -> None:
    assert _sentences("今日は雨です。明日は晴れます。 متى؟ الآن.") == [
        "今日は雨です。",
        "明日は晴れます。",
        "متى؟",
        "الآن.",
    ]


def test_lines_end_sentences() -> None:
    assert _sentences("First point\nSecond point\n\nThird") == ["First point", "Second point", "Third"]


def test_spans_count_characters_of_the_whole_text() -> None:
    text = "One is here. Two is there. Three is gone."
    assert sentence_spans(text, Span(13, 26)) == (Span(13, 26),)


def test_text_without_any_full_stop_is_cut_at_white_space() -> None:
    text = "word " * 1_000
    pieces = _sentences(text)
    assert all(len(piece) <= MAX_SENTENCE_LENGTH for piece in pieces)
    assert " ".join(pieces).split() == text.split()


def test_one_long_word_is_cut() -> None:
    assert "".join(_sentences("x" * 100_000)) == "x" * 100_000


def test_empty_text_has_no_sentences() -> None:
    assert sentence_spans("") == sentence_spans(" \n ") == ()


SPOKEN = (
    "so today we want to talk about the old lighthouse and what will become of it the council has sold it for ninety "
    "thousand crowns but the baker who bought it wants to keep the lamp and he says that it will burn each night um "
    "nobody knows who will pay for the oil because the harbour has no money for it now a group of keepers has offered "
    "to help him"
)


def test_speech_without_marks_is_cut_where_clauses_begin() -> None:
    clauses = [span.of(SPOKEN) for span in sentence_spans(SPOKEN)]
    assert "the baker who bought it wants to keep the lamp and he says that it will burn each night" in clauses
    assert "nobody knows who will pay for the oil because the harbour has no money for it" in clauses
    assert all(len(clause.split()) <= 30 for clause in clauses)


def test_long_sentence_with_marks_is_whole() -> None:
    text = ", ".join([SPOKEN[:70]] * 8) + "."
    assert len(sentence_spans(text)) == 1
    assert not lacks_marks(text)
    assert lacks_marks(SPOKEN)


@pytest.mark.parametrize(
    "text",
    [
        f"{SPOKEN}.",
        "ወደ ከተማው የሚወስደው መንገድ ተዘግቷል። " * 20,
        "สะพานท่าเรือถูกปิดเมื่อวันอังคาร หลังจากวิศวกรพบรอยร้าว " * 40,
    ],
    ids=["full stop", "Amharic", "Thai"],
)
def test_other_text_is_not_cut_into_clauses(text: str) -> None:
    assert not any(SPOKEN.startswith(sentence) for sentence in _sentences(text))
    assert len(_sentences(text)) in (1, 3, 20)


def test_no_clause_is_longer_than_a_sentence_may_be() -> None:
    text = f"{SPOKEN} {'x' * 5_000} {SPOKEN}"
    assert max(map(len, _sentences(text))) <= MAX_SENTENCE_LENGTH
