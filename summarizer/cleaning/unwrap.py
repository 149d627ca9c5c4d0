"""Lines → paragraphs: hard-wrapped lines are joined."""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence

from summarizer.cancellation import checked
from summarizer.cleaning.lines import Line
from summarizer.spans import Span
from summarizer.text.hyphenation import Spellings, breaks_word
from summarizer.text.sentences import SENTENCE_START, ends_whole
from summarizer.text.words import UNSPACED

# In characters: the widths at which text is wrapped by hand or by a mail program.
MIN_WRAP_WIDTH, MAX_WRAP_WIDTH = 50, 120
# In columns: the narrowest column of a newspaper or a phone.
_MIN_COLUMN_WIDTH = 20
# A narrower text than `MIN_WRAP_WIDTH` is wrapped if at least this many lines go on in the next, and this share of them
# is filled: the next line's first word would not have fitted. Lines of verse and lists end where their author wants.
_MIN_FILLED, _FILLED_SHARE = 3, 0.8
# The filled width is that of the line at this share of the lines by width; of many, a few are wider.
_WIDEST = 0.95
# If at least this many paragraphs consist of one wider line, the text is not wrapped.
_MIN_UNWRAPPED_PARAGRAPHS = 3
# Of the lines that continue a wrapped sentence, the share that may begin in upper case, as German nouns do.
_MAX_UPPER_CASE_SHARE = 0.6
_LIST_MARK = re.compile(r"[-*•●○■▪◦#>]|\d+[.)]\s|\(?[a-z\d]{1,4}\)\s")
_FIRST_WORD = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*(?:\s|$)|[。！？؟۔।]")
_ENDS_IN_WORD = re.compile(r"\w$")


def unwrap(lines: Sequence[Line]) -> list[Line]:
    """Join hard-wrapped lines to paragraphs; every other line is a paragraph by itself."""
    texts = [line.text for line in lines]
    spellings, wrapping = Spellings(texts), Wrapping(texts)
    paragraphs: list[list[Line]] = []
    for index, line in enumerate(checked(lines)):
        if index > 0 and wrapping.continues(index - 1):
            paragraphs[-1].append(line)
        elif line.text:
            paragraphs.append([line])
    return [
        Line(spellings.join([part.text for part in parts]), Span(parts[0].span.start, parts[-1].span.end))
        for parts in paragraphs
    ]


class Wrapping:
    """The lines of a text that are hard-wrapped: their sentence continues in the next line."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        begins_upper = [texts[index + 1][0].isupper() for index in range(len(texts)) if self._may_continue(index)]
        unwrapped = sum(len(text) > MAX_WRAP_WIDTH and ends_whole(text) for text in texts)
        # If each paragraph is one line, a line without a full stop is a headline, a list item or verse. If most lines
        # begin in upper case, they are a list.
        has_paragraphs = unwrapped >= _MIN_UNWRAPPED_PARAGRAPHS and unwrapped > begins_upper.count(False)
        self._is_wrapped = not has_paragraphs and sum(begins_upper) <= _MAX_UPPER_CASE_SHARE * len(begins_upper)
        blocks = () if unwrapped >= _MIN_UNWRAPPED_PARAGRAPHS else _blocks(texts)
        self._in_columns = {index for block in blocks for index in self._filled(block)}

    def continues(self, index: int) -> bool:
        """Whether the next line continues the sentence of this one."""
        return index in self._in_columns or (self._is_wrapped and self._may_continue(index))

    def _may_continue(self, index: int) -> bool:
        if index + 1 == len(self._texts):
            return False
        line, following = self._texts[index : index + 2]
        return (
            MIN_WRAP_WIDTH <= len(line) <= MAX_WRAP_WIDTH
            and 0 < len(following) <= MAX_WRAP_WIDTH
            and self._is_open(index)
        )

    def _is_open(self, index: int) -> bool:
        """Whether a line's sentence does not end with it, and the next line begins none."""
        line, following = self._texts[index : index + 2]
        introduces_list = line.endswith(":") and not following[:1].islower()
        return not (
            ends_whole(line) or introduces_list or SENTENCE_START.match(following) or _LIST_MARK.match(following)
        )

    def _filled(self, block: range) -> list[int]:
        """Of lines without an empty one between them, those that go on in the next because they were full."""
        texts = self._texts
        opened = [index for index in block[:-1] if self._is_open(index)]
        # Lists, headlines and verse have no end of a sentence.
        has_ends = any(_SENTENCE_END.search(texts[index]) for index in block)
        if len(opened) < _MIN_FILLED or not has_ends:
            return []
        widths = {index: _columns(texts[index]) for index in opened}
        width = sorted(widths.values())[math.ceil(_WIDEST * (len(opened) - 1))]
        if not _MIN_COLUMN_WIDTH <= width <= MAX_WRAP_WIDTH:
            return []
        broken = {index for index in opened if breaks_word(texts[index], texts[index + 1])}
        filled = [index for index in opened if index in broken or widths[index] + _room(texts[index + 1]) > width]
        is_column = len(filled) >= _FILLED_SHARE * len(opened) and _runs_on([texts[index + 1] for index in opened])
        # Chinese verse is filled, too, but each of its lines ends a clause.
        ends_in_word = sum(index in broken or bool(_ENDS_IN_WORD.search(texts[index])) for index in opened)
        if not is_column or 2 * ends_in_word < len(opened):
            return []
        return [index for index in opened if index in filled or texts[index + 1][0].islower()]


def _blocks(texts: Sequence[str]) -> Iterator[range]:
    """The runs of lines that are not empty."""
    start = 0
    for index in range(len(texts) + 1):
        if index == len(texts) or not texts[index]:
            yield range(start, index)
            start = index + 1


def _runs_on(following: Sequence[str]) -> bool:
    """Whether enough lines begin as the middle of a sentence does, as far as the script has cases."""
    firsts = [text[0] for text in following]
    cased = [first for first in firsts if first.isdigit() or first.upper() != first.lower()]
    return sum(not first.islower() for first in cased) <= _MAX_UPPER_CASE_SHARE * len(cased)


def _columns(text: str) -> int:
    """The width of a text as a terminal shows it: Chinese and Japanese characters take two columns."""
    return len(text) + sum(unicodedata.east_asian_width(character) in "WF" for character in text)


def _room(following: str) -> int:
    """The columns that the first word of a line takes, with the space before it."""
    word = _FIRST_WORD.match(following)
    columns = _columns(word[0]) if word else 0
    # No line of Chinese or Japanese begins with a mark: it takes the character before it along.
    return 2 * columns + 1 if columns == 2 and word and len(word[0]) == 1 else columns + 1
