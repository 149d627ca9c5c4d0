"""Pasted text: text as it was sent in, its lines out, repaired, each with its place in what was sent.

Mends wrong encodings, entities, odd spaces and characters that nobody sees (ftfy, Speer 2019). Knows nothing of
headlines and of what is stripped.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import ftfy

from summarizer.sentences import SENTENCE_START, Span, ends_whole

# Quotes, full-width characters and line ends are as their writer wanted them.
_REPAIRS = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_character_width=False, fix_line_breaks=False, explain=False, normalization="NFC"
)
_NEEDS_REPAIR = re.compile(r"[^\x00-\x7f]|&[#\w]+;|\x1b")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u00ad"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# Lone surrogates cannot be written as UTF-8, so that no answer could hold them.
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SOFT_HYPHEN_LAST = re.compile("(?<=[^\\W\\d_])\u00ad+$")
# What a soft hyphen at a line's end becomes: it is told from a hyphen that was written.
BREAK_HYPHEN = "\u2010"
# A character that is read was sent as at most so many on average; "&rdquo;" around each word is 3.
_MOST_CHARACTERS_SENT = 8

# Text wrapped by hand or by a mail program breaks between these widths; a shorter line is a line of its own.
NARROWEST_WRAP, WIDEST_WRAP = 50, 120
# So many paragraphs of one wider line show that nothing was wrapped.
_FEWEST_WHOLE = 3
# Of the lines that go on with a wrapped sentence at most such a share begins in upper case, nouns in German included.
_MOST_UPPER = 0.6
_LIST_MARK = re.compile(r"[-*•#>]|\d+[.)]\s|\([a-z\d]{1,4}\)\s")
_BROKEN_WORD = re.compile(r"([^\W\d_]+)([-\u2010])$")
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
# Beginnings that are mostly written with a hyphen: "self-made", "well-known".
_COMPOUNDED = frozenset(
    "anti co cross double ever ex far first full half high ill long low mid much near new newly non old one post pre "
    "pro quasi second self semi short single so south north east west third three two ultra well wide".split()
)


@dataclass(frozen=True)
class Line:
    """One line of a pasted text.

    :param text: as it is read: repaired, white space folded; "" for an empty line.
    :param place: where it stands in the text as it was sent, without the white space around it.
    """

    text: str
    place: Span


def lines_of(sent: str) -> list[Line]:
    """The lines of a text, empty ones included."""
    lines = []
    start = 0
    for line in sent.splitlines(keepends=True):
        visible = line.strip()
        begin = start + line.find(visible)
        lines.append(Line(cleaned(visible), Span(begin, begin + len(visible))))
        start += len(line)
    return lines


def cleaned(text: str) -> str:
    """A piece of a line as it is read."""
    if _NEEDS_REPAIR.search(text):
        text = _SOFT_HYPHEN_LAST.sub(BREAK_HYPHEN, text)
        text = ftfy.fix_text(_SURROGATE.sub("", text), _REPAIRS).translate(_INVISIBLE)
    plain = " ".join(_CONTROL.sub(" ", text).split())
    # What stood around a control character may only now be seen to be broken.
    return cleaned(plain) if _CONTROL.search(text) else plain


def place_of_beginning(line: Line, sent: str, text: str) -> Span | None:
    """Where `text`, with which the line begins, stands in what was sent."""
    start = line.place.start
    ends = _near(start, line.place.end, len(text))
    return next((Span(start, end) for end in ends if cleaned(sent[start:end]) == text), None)


def place_of_end(line: Line, sent: str, text: str) -> Span | None:
    """Where `text`, with which the line ends, stands in what was sent."""
    end = line.place.end
    starts = (line.place.start + end - near for near in _near(line.place.start, end, len(text)))
    return next((Span(start, end) for start in starts if cleaned(sent[start:end]) == text), None)


def _near(start: int, end: int, length: int) -> Iterator[int]:
    """Ends of pieces from `start` on, those first that are as long as what is looked for.

    What is read can be shorter than what was sent ("&rsquo;" is one character) and longer ("ﬁ" is two).
    """
    yield from range(min(start + length, end), min(start + _MOST_CHARACTERS_SENT * length, end) + 1)
    yield from range(min(start + length, end) - 1, start, -1)


def paragraphs_of(lines: Sequence[Line]) -> list[Line]:
    """The lines as paragraphs: one each, but hard-wrapped ones joined to the paragraph that they were."""
    texts = [line.text for line in lines]
    spellings, wrapping = Spellings(texts), Wrapping(texts)
    paragraphs: list[list[Line]] = []
    for index, line in enumerate(lines):
        if index > 0 and wrapping.goes_on(index - 1):
            paragraphs[-1].append(line)
        elif line.text:
            paragraphs.append([line])
    return [
        Line(spellings.joined([part.text for part in parts]), Span(parts[0].place.start, parts[-1].place.end))
        for parts in paragraphs
    ]


class Wrapping:
    """Which lines of a text were wrapped by hand, so that their sentence goes on in the next line."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        begins_new = [texts[index + 1][0].isupper() for index in range(len(texts)) if self._may_go_on(index)]
        whole = sum(len(text) > WIDEST_WRAP and ends_whole(text) for text in texts)
        # Where paragraphs have a line each, a line without a full stop is a headline, a list item or verse; and what
        # goes on in upper case is a list.
        has_paragraphs = whole >= _FEWEST_WHOLE and whole > begins_new.count(False)
        self._is_wrapped = not has_paragraphs and sum(begins_new) <= _MOST_UPPER * len(begins_new)

    def goes_on(self, index: int) -> bool:
        """Whether the next line goes on with the sentence of this one."""
        return self._is_wrapped and self._may_go_on(index)

    def _may_go_on(self, index: int) -> bool:
        if index + 1 == len(self._texts):
            return False
        line, following = self._texts[index : index + 2]
        leads_to_list = line.endswith(":") and not following[:1].islower()
        return (
            NARROWEST_WRAP <= len(line) <= WIDEST_WRAP
            and 0 < len(following) <= WIDEST_WRAP
            and not ends_whole(line)
            and not leads_to_list
            and not SENTENCE_START.match(following)
            and not _LIST_MARK.match(following)
        )


class Spellings:
    """How a text writes its words, to tell "exam-ple", broken over two lines, from "well-known"."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(word for line in self._lines for word in _COMPOUND.findall(line.casefold()))

    def joined(self, lines: Sequence[str]) -> str:
        """Lines as one paragraph."""
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
        """The hyphen that a word broken into these two parts is written with elsewhere, or most likely; else ""."""
        if broken[2] == BREAK_HYPHEN:
            return ""
        whole, hyphenated = f"{broken[1]}{rest}".casefold(), f"{broken[1]}-{rest}".casefold()
        if self._counts[whole] != self._counts[hyphenated]:
            return "" if self._counts[whole] > self._counts[hyphenated] else "-"
        return "-" if broken[1].casefold() in _COMPOUNDED else ""
