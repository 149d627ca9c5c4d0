"""Words and numbers in one form."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from summarizer.text import canonical, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("two boats", "2 boats"),
        ("£1.2m", "£1.2 million"),
        ("£1.2m", "£1,200,000"),
        ("US troops", "United States troops"),
        ("the U.S. said", "the US said"),
        ("40 per cent", "40 percent"),
        ("3bn people", "3 billion people"),
    ],
)
def test_forms_of_the_same_thing_are_one(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize("text", ["Call us.", "He ran 10 km.", "It was one of them in a museum.", "Version 1.2 of M"])
def test_words_that_look_like_short_forms_stay(text: str) -> None:
    assert canonical(text).replace("1 of", "one of") == text


@pytest.fixture
def threads_change_often() -> Iterator[None]:
    """What threads disturb in each other shows much sooner."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("threads_change_often")
def test_threads_stem_without_disturbing_each_other() -> None:
    middles = ("ar", "ist", "omen", "ul", "ort", "an")
    words = [f"{letter}{middle}ational" for letter in "bcdfgklmnpr" for middle in middles]
    stem.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda start: [stem(word) for word in words[start:] + words[:start]], range(0, 64, 2)))
    stem.cache_clear()
    right = [stem(word) for word in words]
    assert found == [right[start:] + right[:start] for start in range(0, 64, 2)]
