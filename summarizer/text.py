"""Counting and comparing words; the one notion of a word that the whole package uses."""

import re
from functools import lru_cache

import snowballstemmer

# Chinese and Japanese write no spaces; each of their characters counts as a word.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+")
_TERM = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
# Words that carry grammar instead of meaning.
FUNCTION_WORDS = frozenset(
    "a an the this that these those and or but as at by for from in into of on onto to with within over under after "
    "before during between among against through per than then so also too its it he she they his her their him them "
    "we us our i me my you your who whom whose which what when where while because since there here is are was were be "
    "been being am has have had having do does did done will shall both each every all any some other".split()
)


def word_count(text: str) -> int:
    """Words of a text as a reader counts them: parted by white space."""
    return len(_WORD.findall(text))


def terms(text: str) -> list[str]:
    """The words and numbers of a text without punctuation, in order, as they are written."""
    return _TERM.findall(text)


def content_terms(text: str) -> list[str]:
    """The words and numbers of a text that carry meaning, function words left out."""
    return [term for term in terms(text) if term.casefold() not in FUNCTION_WORDS]


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
