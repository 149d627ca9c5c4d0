"""Words hyphenated over line ends, joined again: "exam-" and "ple", but "well-" and "known".

The text's own spelling elsewhere decides, then the word list of its language (pyspellchecker), then a few rules.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from spellchecker import SpellChecker

from summarizer.text.language import detect_language
from summarizer.text.words import UNSPACED

# Stands for a soft hyphen at the end of a line, to distinguish it from a hyphen that the author wrote.
BREAK_HYPHEN = "\u2010"
_BROKEN_WORD = re.compile(r"([^\W\d_]+)([-\u2010])$")
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
# A hyphen before one of them stands for the second half of a compound: "pre- and post-war", "Ost- und Westeuropa".
_CONJUNCTIONS = frozenset("and or to und oder bis et ou y e o en of i".split())
# First parts that are mostly written with a hyphen: "self-made", "well-known".
_HYPHENATED_PREFIXES = frozenset(
    "anti co cross double ever ex far first full half high ill long low mid much near new newly non old one post pre "
    "pro quasi second self semi short single so south north east west third three two ultra well wide".split()
)
# Of a text too short to tell.
_LIKELIEST_LANGUAGE = "en"
# The languages that write compounds of two words with a hyphen; German and its like write them as one word.
_OPEN_COMPOUNDS = frozenset({"en", "fr"})
# In characters: no part of a word is longer.
_LONGEST_PART = 60
# A part of a compound that the word list need not know ("interferon-dependent") is followed by a word as long as this.
_LONG_WORD = 6
# Chinese and Japanese write no space between characters, nor beside their punctuation.
_ENDS_UNSPACED = re.compile(rf"[{UNSPACED}、，。！？：；”’」』）》]$")
_BEGINS_UNSPACED = re.compile(rf"[{UNSPACED}「『“‘（《]")


class Spellings:
    """The spellings of a text, which tell "exam-ple", broken over two lines, from "well-known"."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(word for line in self._lines for word in _COMPOUND.findall(line.casefold()))

    @cached_property
    def _language(self) -> str:
        return detect_language("\n".join(self._lines)) or _LIKELIEST_LANGUAGE

    @cached_property
    def _words(self) -> frozenset[str]:
        return _word_list(self._language)

    def join(self, lines: Sequence[str]) -> str:
        """The lines as one paragraph."""
        pieces = [lines[0]]
        for line in lines[1:]:
            broken = _broken_word(pieces[-1], line)
            if broken and not self._is_half(broken):
                pieces[-1] = pieces[-1][:-1] + self._hyphen(broken)
            elif not (_ENDS_UNSPACED.search(pieces[-1]) and _BEGINS_UNSPACED.match(line)):
                pieces.append(" ")
            pieces.append(line)
        return "".join(pieces)

    def _is_half(self, broken: "_Broken") -> bool:
        """Whether the hyphen stands for the other half of a compound ("pre- and post-war")."""
        return broken.rest in _CONJUNCTIONS and broken.whole not in self._words

    def _hyphen(self, broken: "_Broken") -> str:
        """ "-" if the word is written with a hyphen elsewhere in the text, or most likely is; else ""."""
        if broken.hyphen == BREAK_HYPHEN:
            return ""
        if broken.rest[0].isupper():  # "Saxon-Bavarian"
            return "-"
        first, second = broken.first.casefold(), broken.rest.casefold()
        whole, hyphenated = first + second, f"{first}-{second}"
        if self._counts[whole] != self._counts[hyphenated]:
            return "" if self._counts[whole] > self._counts[hyphenated] else "-"
        if whole in self._words:
            return ""
        if first in _HYPHENATED_PREFIXES or len(first) == 1:
            return "-"
        is_compound = second in self._words and (first in self._words or len(second) >= _LONG_WORD)
        return "-" if is_compound and self._language in _OPEN_COMPOUNDS else ""


@dataclass(frozen=True)
class _Broken:
    """A word that a line ends within: its first part, the hyphen, and what the next line begins with."""

    first: str
    hyphen: str
    rest: str

    @property
    def whole(self) -> str:
        """The word without the hyphen, in lower case."""
        return f"{self.first}{self.rest}".casefold()


def breaks_word(line: str, following: str) -> bool:
    """Whether a line ends in a hyphen, and the next one may go on with its word."""
    return _broken_word(line, following) is not None


def _broken_word(line: str, following: str) -> _Broken | None:
    if not line.endswith(("-", BREAK_HYPHEN)):
        return None
    broken, rest = _BROKEN_WORD.search(line[-_LONGEST_PART:]), _FIRST_WORD.match(following[:_LONGEST_PART])
    if not broken or not rest or not (rest[0][0].islower() or broken[1][0].isupper()):
        return None
    return _Broken(broken[1], broken[2], rest[0])


@cache
def _word_list(language: str) -> frozenset[str]:
    """The words of a language, in lower case; empty for a language without a list."""
    if language not in SpellChecker.languages():
        return frozenset()
    return frozenset(SpellChecker(language=language).word_frequency.words())
