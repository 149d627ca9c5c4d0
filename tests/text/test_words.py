"""Words: counting, listing and stemming."""

import inspect
import sys
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from summarizer.text.words import content_terms, stem, terms, word_count


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("One two  three.", 3), ("It rained - hard.", 4), ("今日は雨です。", 7), ("Oslo 雨です now", 5)],
)
def test_words_are_counted_as_a_reader_would(text: str, count: int) -> None:
    assert word_count(text) == count


def test_terms_have_no_punctuation_and_content_terms_no_function_words() -> None:
    sentence = "The mayor’s office, at 10:30, wasn't open."
    assert terms(sentence) == ["The", "mayor’s", "office", "at", "10:30", "wasn't", "open"]
    assert content_terms(sentence) == ["mayor’s", "office", "10:30", "wasn't", "open"]


def test_forms_of_a_word_have_one_stem() -> None:
    assert stem("talks") == stem("talked") == stem("Talking")
    assert stem("mayor’s") == stem("mayor's") == stem("Mayor")


@pytest.fixture
def threads_change_often() -> Iterator[None]:
    """Switch threads often, so that they disturb each other much sooner."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("threads_change_often")
def test_threads_stem_without_disturbing_each_other() -> None:
    middles = ("ar", "ist", "omen", "ul", "ort", "an")
    words = [f"{letter}{middle}ational" for letter in "bcdfgklmnpr" for middle in middles]
    uncached = inspect.unwrap(stem)
    with ThreadPoolExecutor(4) as pool:
        rotated = [words[start:] + words[:start] for start in range(0, 64, 2)]
        found = list(pool.map(lambda given: [uncached(word) for word in given], rotated))
    right = [uncached(word) for word in words]
    assert found == [right[start:] + right[:start] for start in range(0, 64, 2)]


def test_a_text_that_is_one_word_is_not_remembered() -> None:
    long_word = "a" * 100_000
    tracemalloc.start()
    for number in range(10):
        stem(f"{long_word}{number}")
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 500_000
