"""Lines → paragraphs: hard-wrapped lines are joined."""

import re
from collections.abc import Sequence

from summarizer.cleaning.lines import Line
from summarizer.spans import Span
from summarizer.text.hyphenation import Spellings
from summarizer.text.sentences import SENTENCE_START, ends_whole

# In characters: the widths at which text is wrapped by hand or by a mail program. A shorter line ends by itself.
MIN_WRAP_WIDTH, MAX_WRAP_WIDTH = 50, 120
# If at least this many paragraphs consist of one wider line, the text is not wrapped.
_MIN_UNWRAPPED_PARAGRAPHS = 3
# Of the lines that continue a wrapped sentence, the share that may begin in upper case, as German nouns do.
_MAX_UPPER_CASE_SHARE = 0.6
_LIST_MARK = re.compile(r"[-*•#>]|\d+[.)]\s|\([a-z\d]{1,4}\)\s")


def unwrap(lines: Sequence[Line]) -> list[Line]:
    """Join hard-wrapped lines to paragraphs; every other line is a paragraph by itself."""
    texts = [line.text for line in lines]
    spellings, wrapping = Spellings(texts), Wrapping(texts)
    paragraphs: list[list[Line]] = []
    for index, line in enumerate(lines):
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

    def continues(self, index: int) -> bool:
        """Whether the next line continues the sentence of this one."""
        return self._is_wrapped and self._may_continue(index)

    def _may_continue(self, index: int) -> bool:
        if index + 1 == len(self._texts):
            return False
        line, following = self._texts[index : index + 2]
        introduces_list = line.endswith(":") and not following[:1].islower()
        return (
            MIN_WRAP_WIDTH <= len(line) <= MAX_WRAP_WIDTH
            and 0 < len(following) <= MAX_WRAP_WIDTH
            and not ends_whole(line)
            and not introduces_list
            and not SENTENCE_START.match(following)
            and not _LIST_MARK.match(following)
        )
