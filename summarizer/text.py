"""Counting and comparing words; the one notion of a word that the whole package uses."""

import re
from functools import lru_cache

import snowballstemmer

# Chinese and Japanese write no spaces; each of their characters counts as a word.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+")
_TERM = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")


def word_count(text: str) -> int:
    """Words of a text as a reader counts them: parted by white space."""
    return len(_WORD.findall(text))


def terms(text: str) -> list[str]:
    """The words and numbers of a text without punctuation, in order, as they are written."""
    return _TERM.findall(text)


@lru_cache(maxsize=50_000)
def stem(term: str) -> str:
    """A word without its ending, in lower case, so that "talks" and "talked" compare equal.

    English Snowball (Porter 2001); words of other languages mostly stay as they are.
    """
    plain = re.sub(r"['’]s?$", "", term.casefold().replace("’", "'"))
    return str(_stemmer().stemWord(plain))


@lru_cache(maxsize=1)
def _stemmer() -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer("english")
