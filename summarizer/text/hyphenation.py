"""Words hyphenated over line ends, joined again: "exam-" and "ple", but "well-" and "known"."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

# Stands for a soft hyphen at the end of a line, to distinguish it from a hyphen that the author wrote.
BREAK_HYPHEN = "\u2010"
_BROKEN_WORD = re.compile(r"([^\W\d_]+)([-\u2010])$")
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
# First parts that are mostly written with a hyphen: "self-made", "well-known".
_HYPHENATED_PREFIXES = frozenset(
    "anti co cross double ever ex far first full half high ill long low mid much near new newly non old one post pre "
    "pro quasi second self semi short single so south north east west third three two ultra well wide".split()
)


class Spellings:
    """The spellings of a text, which tell "exam-ple", broken over two lines, from "well-known"."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(word for line in self._lines for word in _COMPOUND.findall(line.casefold()))

    def join(self, lines: Sequence[str]) -> str:
        """The lines as one paragraph."""
        pieces = [lines[0]]
        for line in lines[1:]:
            broken = _BROKEN_WORD.search(pieces[-1])
            rest = _FIRST_WORD.match(line)
            if broken and rest and rest[0][0].islower():
                pieces[-1] = pieces[-1][: broken.start(2)] + self._hyphen(broken, rest[0])
            else:
                pieces.append(" ")
            pieces.append(line)
        return "".join(pieces)

    def _hyphen(self, broken: re.Match[str], rest: str) -> str:
        """ "-" if the word is written with a hyphen elsewhere in the text, or most likely is; else ""."""
        if broken[2] == BREAK_HYPHEN:
            return ""
        whole, hyphenated = f"{broken[1]}{rest}".casefold(), f"{broken[1]}-{rest}".casefold()
        if self._counts[whole] != self._counts[hyphenated]:
            return "" if self._counts[whole] > self._counts[hyphenated] else "-"
        return "-" if broken[1].casefold() in _HYPHENATED_PREFIXES else ""
