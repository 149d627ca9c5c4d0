"""What a model reads of an article."""

from summarizer.abstraction import around

SENTENCES = (
    "Ines Marr, a keeper of 40 years, lives near Lund.",
    "The sea was calm.",
    "The lighthouse was sold to a baker on Friday.",
    "His name is Olof Dahl.",
    "Gulls nest on its roof.",
    "He paid 40,000 crowns for it.",
    "Rain fell.",
    "Marr did not attend the sale.",
)
COSTS = [10.0] * len(SENTENCES)


def test_points_are_read_with_the_sentences_before_them() -> None:
    read = around([2, 5], SENTENCES, COSTS, 1_000)
    assert {1, 2, 4, 5} <= set(read)
    assert list(read) == sorted(read)


def test_sentence_after_the_first_point_is_read() -> None:
    """It names whom "a baker" means."""
    assert 3 in around([2], SENTENCES, COSTS, 1_000)


def test_first_sentence_with_a_name_is_read() -> None:
    assert 0 in around([7], SENTENCES, COSTS, 1_000)


def test_what_has_nothing_to_do_with_the_points_is_not_read() -> None:
    assert 4 not in around([2, 7], SENTENCES, COSTS, 1_000)


def test_points_come_first_where_the_budget_is_small() -> None:
    assert around([2, 7], SENTENCES, COSTS, 25) == (2, 7)
    assert around([2, 7], SENTENCES, COSTS, 35) == (2, 3, 7)


def test_point_that_does_not_fit_is_not_read() -> None:
    assert 2 not in around([2, 7], SENTENCES, [10.0, 10.0, 90.0, *COSTS[3:]], 50)


def test_article_without_points_is_not_read() -> None:
    assert around([], SENTENCES, COSTS, 1_000) == ()
