"""Words hyphenated over line ends, joined again: "exam-" and "ple", but "well-" and "known".

The text's own spelling elsewhere decides, then the word list of its language (pyspellchecker), then a few rules.
"""

import re
from collections import Counter
from collections.abc import Sequence
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
    def _words(self) -> frozenset[str]:
        return _word_list(detect_language("\n".join(self._lines)) or _LIKELIEST_LANGUAGE)

    def join(self, lines: Sequence[str]) -> str:
        """The lines as one paragraph."""
        pieces = [lines[0]]
        for line in lines[1:]:
            broken, rest = _BROKEN_WORD.search(pieces[-1]), _FIRST_WORD.match(line)
            if broken and rest and breaks_word(pieces[-1], line):
                pieces[-1] = pieces[-1][: broken.start(2)] + self._hyphen(broken, rest[0])
            elif not (_ENDS_UNSPACED.search(pieces[-1]) and _BEGINS_UNSPACED.match(line)):
                pieces.append(" ")
            pieces.append(line)
        return "".join(pieces)

    def _hyphen(self, broken: re.Match[str], rest: str) -> str:
        """ "-" if the word is written with a hyphen elsewhere in the text, or most likely is; else ""."""
        if broken[2] == BREAK_HYPHEN:
            return ""
        if rest[0].isupper():  # "Saxon-Bavarian"
            return "-"
        first, second = broken[1].casefold(), rest.casefold()
        whole, hyphenated = first + second, f"{first}-{second}"
        if self._counts[whole] != self._counts[hyphenated]:
            return "" if self._counts[whole] > self._counts[hyphenated] else "-"
        if first in _HYPHENATED_PREFIXES and not (broken[1][0].isupper() and whole in self._words):
            return "-"
        is_compound = second in self._words and (first in self._words or len(second) >= _LONG_WORD)
        return "-" if len(first) == 1 or (is_compound and whole not in self._words) else ""


def breaks_word(line: str, following: str) -> bool:
    """Whether a line ends within a word that the next line goes on with."""
    broken, rest = _BROKEN_WORD.search(line), _FIRST_WORD.match(following)
    if not broken or not rest:
        return False
    return rest[0] not in _CONJUNCTIONS if rest[0][0].islower() else broken[1][0].isupper()


@cache
def _word_list(language: str) -> frozenset[str]:
    """The words of a language, in lower case; empty for a language without a list."""
    if language not in SpellChecker.languages():
        return frozenset()
    return frozenset(SpellChecker(language=language).word_frequency.words())
