"""Duplicates: lines and paragraphs that a page contains a second time."""

import pytest

from summarizer.cleaning.duplicates import contents_keys, find_duplicate_paragraphs, find_repeated_lines
from summarizer.cleaning.title_matching import key_of

PARAGRAPHS = [
    "The mill on the upper river ground its last flour in 1964. Its stones were sold to a garden in the next county.",
    "A group of neighbours bought the wheel two years ago, and they have spent most of their weekends on it since.",
    "It turned again in April, slowly at first, while a brass band played on the bridge and children threw flowers.",
]
SUBHEAD = "How the wheel was saved"


def _repeated(texts: list[str]) -> list[int]:
    return [finding.lines[0] for finding in find_repeated_lines(texts, set())]


def test_subhead_that_occurs_twice_between_paragraphs_is_found() -> None:
    assert _repeated([PARAGRAPHS[0], SUBHEAD, PARAGRAPHS[1], SUBHEAD, PARAGRAPHS[2]]) == [3]


@pytest.mark.parametrize(
    "line",
    ["Anna Lind", "No.", "Yes, why not?", "- a new axle for it", "Mill 3, brewery 2", "“It turns,” she said then."],
    ids=["name", "answer", "question", "list item", "figures", "sentence"],
)
def test_line_of_a_kind_that_articles_repeat_is_not_found(line: str) -> None:
    assert _repeated([PARAGRAPHS[0], line, PARAGRAPHS[1], line, PARAGRAPHS[2]]) == []


def test_subheads_that_recur_below_several_items_are_not_found() -> None:
    other = "What it cost them"
    assert _repeated([text for paragraph in PARAGRAPHS for text in (SUBHEAD, paragraph, other)]) == []


def test_repeated_line_among_narrow_lines_is_not_found() -> None:
    assert _repeated([PARAGRAPHS[0], SUBHEAD, PARAGRAPHS[1], "flour and rain", SUBHEAD, "bread and stone"]) == []


def test_removed_lines_do_not_count() -> None:
    texts = [PARAGRAPHS[0], SUBHEAD, PARAGRAPHS[1], SUBHEAD, PARAGRAPHS[2]]
    assert find_repeated_lines(texts, {1}) == []


def test_table_of_contents_is_the_lines_that_recur_apart() -> None:
    heads = ["The last flour", "A wheel for sale", "Music on the bridge"]
    texts = [*heads, *(text for pair in zip(heads, PARAGRAPHS, strict=True) for text in pair)]
    assert contents_keys(texts) == {key_of(head) for head in heads}


def test_two_lines_are_a_table_of_contents_if_each_heads_a_paragraph() -> None:
    heads = ["The last flour", "A wheel for sale"]
    texts = [*heads, heads[0], PARAGRAPHS[0], heads[1], PARAGRAPHS[1]]
    assert contents_keys(texts) == {key_of(head) for head in heads}
    assert contents_keys([*heads, PARAGRAPHS[0], *heads, PARAGRAPHS[1]]) == set()


def test_paragraph_of_two_sentences_is_a_duplicate() -> None:
    long = f"{PARAGRAPHS[0]} Nobody in the village expected to see them again."
    assert find_duplicate_paragraphs([long, PARAGRAPHS[1], long]) == {2}


def test_repeated_sentence_is_not_a_duplicate() -> None:
    assert find_duplicate_paragraphs([PARAGRAPHS[1], PARAGRAPHS[2], PARAGRAPHS[1]]) == set()


def test_adjacent_repeated_paragraphs_are_duplicates() -> None:
    assert find_duplicate_paragraphs([*PARAGRAPHS, *PARAGRAPHS]) == {3, 4, 5}


def test_paragraph_below_two_different_heads_is_not_a_duplicate() -> None:
    step = (
        "Wet the stone for an hour. Then sharpen the furrows from its eye to its rim, and sweep off the dust with a "
        "brush before you turn it over."
    )
    assert find_duplicate_paragraphs(["Upper stone", step, PARAGRAPHS[1], "Lower stone", step]) == set()
    assert find_duplicate_paragraphs(["Both stones", step, PARAGRAPHS[1], "Both stones", step]) == {3, 4}
