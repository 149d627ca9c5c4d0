"""Counting and comparing words; the one notion of a word that the whole package uses."""

import re
import threading
from functools import lru_cache

import snowballstemmer

# Chinese and Japanese write no spaces; each of their characters counts as a word. For a pattern's brackets.
UNSPACED = r"\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
_TERM = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
# Words that carry grammar instead of meaning.
FUNCTION_WORDS = frozenset(
    "a an the this that these those and or but as at by for from in into of on onto to with within over under after "
    "before during between among against through per than then so also too its it he she they his her their him them "
    "we us our i me my you your who whom whose which what when where while because since there here is are was were be "
    "been being am has have had having do does did done will shall both each every all any some other".split()
)
# Finite forms of the verbs that newspapers name a speaker with; a pattern.
SAYS = r"(?:said|says|told|tells|added|adds|wrote|asked|explained|admitted|insisted|warned|argued)"
CALENDAR = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)


SCALES = {"thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "mn": 10**6, "billion": 10**9, "bn": 10**9}
_SCALED = re.compile(r"\b(\d+(?:\.\d+)?)\s?(thousand|million|billion|mn|bn|k|m)\b", re.IGNORECASE)
NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90"}
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)
_LONG_FORMS = (
    (re.compile(r"\b(?:U\.S\.(?:A\.)?|USA?)(?!\w)"), "United States"),
    (re.compile(r"\b(?:U\.K\.|UK)(?!\w)"), "United Kingdom"),
    (re.compile(r"\bper cent\b|\bpercent\b", re.IGNORECASE), "%"),
)


def canonical(text: str) -> str:
    """The text with numbers and countries in one form: "two" and 2, "£1.2m" and "1.2 million", "US" and "U.S."."""
    for short, full in _LONG_FORMS:
        text = short.sub(full, text)
    text = _NUMBER_WORD.sub(lambda match: NUMBER_WORDS[match[0].casefold()], text)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    return _SCALED.sub(lambda match: f"{float(match[1]) * SCALES[match[2].casefold()]:.0f}", text)


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
    return str(_OF_THREAD.stemmer.stemWord(plain))


class _OfThread(threading.local):
    """What each thread has for itself: a stemmer keeps the word that it is at."""

    def __init__(self) -> None:
        self.stemmer = snowballstemmer.stemmer("english")


_OF_THREAD = _OfThread()
