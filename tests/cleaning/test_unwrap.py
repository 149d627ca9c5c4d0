"""Unwrapping: hard-wrapped lines become paragraphs."""

import textwrap

import pytest

from summarizer.cleaning.lines import split_lines
from summarizer.cleaning.unwrap import unwrap

WRAPPED = [
    "The orchard above the town has forty kinds of apple, and no-",
    "body alive can name them all. Two students have spent three au-",
    "tumns with the oldest list, a notebook of 1911, and a ladder.",
]


def _paragraphs(text: str) -> list[str]:
    return [paragraph.text for paragraph in unwrap(split_lines(text))]


def test_wrapped_lines_are_joined_and_hyphens_at_line_ends_removed() -> None:
    assert _paragraphs("\n".join(WRAPPED)) == [
        "The orchard above the town has forty kinds of apple, and nobody alive can name them all. Two students have "
        "spent three autumns with the oldest list, a notebook of 1911, and a ladder."
    ]


PROSE = (
    "The orchard above the town has forty kinds of apple, and nobody alive can name them all. Two students have spent "
    "three autumns with the oldest list, a notebook of 1911, and a ladder. They hope to find the last nine kinds "
    "before the old trees, which the frost has split, are felled in March."
)


@pytest.mark.parametrize("width", range(22, 110, 4))
def test_text_wrapped_at_any_width_is_joined(width: int) -> None:
    (first, *_) = _paragraphs("\n".join(textwrap.wrap(PROSE, width)))
    assert " ".join(_paragraphs("\n".join(textwrap.wrap(PROSE, width)))) == PROSE
    assert first.endswith("name them all.") or len(first) > 100


def test_wrapped_chinese_is_joined_without_spaces() -> None:
    text = "山上的果园里有四十种苹果，今天已经没有人能够把它们全部认出来。"
    text += "两名学生花了三个秋天的时间，用最早的一份名单寻找它们。"
    lines = [text[start : start + 14] for start in range(0, len(text), 14)]
    assert "".join(_paragraphs("\n".join(lines))) == text


def test_span_of_a_paragraph_covers_its_lines() -> None:
    sent = "\n".join(WRAPPED)
    (paragraph,) = unwrap(split_lines(sent))
    assert paragraph.span.of(sent) == sent


def test_empty_line_ends_a_paragraph() -> None:
    assert len(_paragraphs("\n".join([*WRAPPED, "", *WRAPPED]))) == 2


@pytest.mark.parametrize(
    "lines",
    [
        ["What the students found in the orchard above the town", "- a pear", "- two kinds of quince"],
        ["Send your apples, with a leaf of the tree, to the students at:", "The Old Press", "Mill Lane"],
        ["A red one", "a green one", "a very late one"],
        ["The students of the orchard met on the first of October", "The owner of the press was there."],
        ["where the road bends", "and the wall is low", "you can see the whole of", "the orchard", "and no smoke"],
        ["4 May - Leeds, Press Room", "5 May - Hull, The Old Mill", "9 May - York, The Orchard", "11 May - Ripon"],
        ["200 g flour, sifted", "3 eggs", "a spoon of honey", "half a lemon, squeezed", "salt", "a cup of milk"],
        ["床前明月光照果园高墙，", "树下白霜落满石阶长廊，", "举头远望山上明月清光，", "低头慢慢想起故乡果香。"],
        ["Symptoms are:", "shortness of breath", "persistent dry cough", "loss of taste or smell", "odd tiredness"],
        ["shortness of breath", "persistent dry cough", "loss of taste or smell", "unusual tiredness", "dizziness"],
        [
            "المدينة تفتح المكتبة القديمة",
            "المطر يغلق الطريق الساحلي",
            "المدرسة تبدأ بعد أسبوعين",
            "الميناء يستقبل سفينة جديدة",
        ],
        [
            "山上果园今年收成好于往年",
            "镇政府宣布修建新的图书馆",
            "港口大桥因为裂缝暂时关闭",
            "学生用三年时间寻找老苹果",
        ],
        ["Forty Apples Of The Orchard Above The Town In Full", "Red Ones Of The Lower Row", "Pears"],
    ],
    ids=[
        "list marks",
        "colon",
        "short lines",
        "verse",
        "dates",
        "recipe",
        "Chinese verse",
        "symptoms",
        "no intro",
        "Arabic headlines",
        "Chinese headlines",
        "new sentence",
        "upper case",
    ],
)
def test_lines_that_are_not_wrapped_are_kept_apart(lines: list[str]) -> None:
    assert _paragraphs("\n".join(lines)) == lines


def test_list_between_paragraphs_is_kept_apart() -> None:
    wide = "The oldest tree in the orchard was planted in the year of the great frost, says the notebook, and it bears "
    wide += "fruit every second year."
    items = ["apples of all kinds.", "pears that keep till May", "quinces, two or three", "a plum that nobody knows"]
    assert _paragraphs("\n".join([wide, "", *items, "", wide, "", wide])) == [wide, *items, wide, wide]


def test_lines_are_not_joined_if_each_paragraph_is_one_line() -> None:
    wide = "The oldest tree in the orchard was planted in the year of the great frost, says the notebook, and it bears "
    wide += "fruit every second year."
    lines = ["Bring a basket, a blanket and shoes that may get wet", "and come before noon", wide, wide, wide]
    assert _paragraphs("\n".join(lines)) == lines
    assert len(_paragraphs("\n".join(lines[:2]))) == 1
