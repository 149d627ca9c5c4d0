"""Transcripts with times: what was said is left, a line for each sentence or speaker."""

import pytest

from summarizer.cleaning import clean
from summarizer.cleaning.lines import split_lines
from summarizer.cleaning.transcript import TIME, without_times

SAID = [
    "The lighthouse of Tarn has been sold to a baker.",
    "He paid 90,000 crowns for it, and wants to bake bread on the ground floor.",
]


def _lines(text: str) -> list[str]:
    return [line.text for line in without_times(split_lines(text), text)[0] if line.text]


@pytest.mark.parametrize(
    "text",
    [
        "0:00\nThe lighthouse of Tarn\n0:03\nhas been sold to a baker.\n0:05\nHe paid 90,000 crowns for it,\n0:07\n"
        "and wants to bake bread\n0:09\non the ground floor.",
        "[00:10:07 - 00:10:10] The lighthouse of Tarn\n[00:10:10 - 00:10:13] has been sold to a baker.\n"
        "[00:10:13 - 00:10:19] He paid 90,000 crowns for it, and wants to bake bread on the ground floor.",
        "1\n00:00:01,000 --> 00:00:04,200\nThe lighthouse of Tarn\nhas been sold to a baker.\n\n2\n"
        "00:00:04,300 --> 00:00:07,900\n[MUSIC] He paid 90,000 crowns for it,\n\n3\n00:00:08,000 --> 00:00:11,500\n"
        "and wants to bake bread on the ground floor.",
        "0:01 The lighthouse of Tarn\n0:04 has been sold to a baker.\n0:09 He paid 90,000 crowns for it, and\n"
        "0:11 and wants to bake bread on the ground floor.".replace("and\n0:11 and", "and\n0:11"),
    ],
    ids=["times alone", "ranges", "subtitles", "times before the words"],
)
def test_times_are_left_out_and_cues_joined(text: str) -> None:
    assert _lines(text) == SAID


def test_speakers_keep_their_names() -> None:
    text = "Ines Marr (00:01): Welcome to Tarn.\nOlof Dahl (00:03): Thank you.\nIt is cold.\nInes Marr (00:07): It is."
    assert _lines(text) == ["Ines Marr: Welcome to Tarn.", "Olof Dahl: Thank you.", "It is cold.", "Ines Marr: It is."]


@pytest.mark.parametrize(
    "text",
    [
        "10:30\nThe doors open.\n11:00\nA choir sings.\n12:15\nThe mayor speaks.",
        "Olof Dahl 2:02:42\nInes Marr 2:03:13\nKari Moe 2:03:24\n\nThe race in numbers\nAbout 4,000 people ran.",
        "Monday 9:00-17:00\nTuesday 9:00-17:00\nFriday 9:00-19:00\n\nHow to get there\nBus 12 stops at the gate.",
        "09:00-09:30 Registration\n09:30-10:15 Keynote by Ines Marr\n10:15-10:45 Coffee\n10:45-11:30 Panel on ports",
        "[14:05] The ferry has left.\n[14:20] It has come back.\n[15:10] It will not leave again today.",
        "00:05 The captain orders all to the boats.\n00:45 The first boat leaves.\n02:20 The ship sinks.",
        "10:30 The doors open.\n11:00 A choir sings.\n12:15 The mayor speaks.",
        "The match ended 2:1.\nThe one before ended 0:3.\nThe next begins at 19:30.",
        "0:45 He scores.\n0:30 She misses.\n0:20 They begin.\n0:10 All wait.",
        "\n".join([*(f"Line {number} of a long report on the match." for number in range(12)), "0:01", "0:02", "0:03"]),
    ],
    ids=[
        "programme",
        "race",
        "hours",
        "conference",
        "ticker",
        "night",
        "live blog",
        "results",
        "latest first",
        "few times",
    ],
)
def test_other_times_stay(text: str) -> None:
    assert without_times(split_lines(text), text) == (split_lines(text), [])


def test_words_of_a_transcript_stay() -> None:
    text = (
        "Ships\n0:00\nthe ship sank in\n0:02\n1912\n0:03\nnear Pell (musician Ola Lind says) and took\n0:08\n1500\n"
        "0:09\npeople down.\n\nWhat is this about?"
    )
    said = "the ship sank in 1912 near Pell (musician Ola Lind says) and took 1500 people down."
    assert _lines(text) == ["Ships", said, "What is this about?"]


def test_subtitles_without_their_first_number_are_read() -> None:
    cues = "00:00:01,000 --> 00:00:03,000\nThe lighthouse\n\n2\n00:00:03,000 --> 00:00:05,000\nwas sold to a baker.\n\n"
    assert _lines(f"{cues}3\n00:00:05,000 --> 00:00:06,000\nNobody objected.") == [
        "The lighthouse was sold to a baker.",
        "Nobody objected.",
    ]


def test_times_are_listed_as_removed() -> None:
    text = "Sale of a lighthouse\n0:00\n" + SAID[0] + "\n0:05\n" + SAID[1] + "\n0:12\nNobody objected to it."
    article = clean(text)
    assert [(one.reason, one.count) for one in article.removed] == [(TIME, 3)]
    assert article.title == "Sale of a lighthouse"
    assert [span.of(article.text) for span in article.sentences] == [*SAID, "Nobody objected to it."]
