"""Words: count them, list them, reduce them to their stems."""

import re
import threading
from collections.abc import Callable
from functools import lru_cache, wraps

import snowballstemmer

from summarizer.text.lexicon import FUNCTION_WORDS

# Chinese and Japanese write no spaces; each of their characters counts as a word. For a pattern's brackets.
UNSPACED = r"\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
_UNIT = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
# Longer ones are no words, and are not kept in a cache: a text may consist of one.
_MAX_CACHED_WORD = 40
_TERM = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")


def word_count(text: str) -> int:
    """The number of words, separated by white space as a reader counts them."""
    return len(_WORD.findall(text))


def terms(text: str) -> list[str]:
    """The words and numbers of a text in order, without punctuation."""
    return _TERM.findall(text)


def units(text: str) -> list[str]:
    """The words and numbers of a text as it is written; of scripts without spaces the characters."""
    return _UNIT.findall(text)


def content_terms(text: str) -> list[str]:
    """The words and numbers of a text that are not function words, in order."""
    return [term for term in terms(text) if term.casefold() not in FUNCTION_WORDS]


def cached_by_word(compute: Callable[[str], str]) -> Callable[[str], str]:
    """A function of a word that remembers the last 50,000."""
    remembered = lru_cache(maxsize=50_000)(compute)
    return wraps(compute)(lambda word: remembered(word) if len(word) <= _MAX_CACHED_WORD else compute(word))


@cached_by_word
def stem(term: str) -> str:
    """A word without its ending, in lower case, so that "talks" and "talked" compare equal.

    English Snowball (Porter 2001); most words of other languages keep their form.
    """
    plain = re.sub(r"['’]s?$", "", term.casefold().replace("’", "'"))
    return str(_PER_THREAD.stemmer.stemWord(plain))


class _PerThread(threading.local):
    """A stemmer for each thread: it keeps the word that it is working on."""

    def __init__(self) -> None:
        self.stemmer = snowballstemmer.stemmer("english")


_PER_THREAD = _PerThread()
