"""Text as sent → its lines, each repaired and with its span in the text as sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.cancellation import checked
from summarizer.cleaning.repair import repair
from summarizer.spans import Span

# Upper bound on the average number of sent characters per repaired character; "&rdquo;" around each word is 3.
_MAX_EXPANSION = 8


@dataclass(frozen=True)
class Line:
    """One line of a pasted text.

    :param text: repaired, white space folded; "" for an empty line.
    :param span: in the text as sent, without the white space around the line.
    """

    text: str
    span: Span


def split_lines(sent: str) -> list[Line]:
    """Split a text into lines, empty ones included."""
    lines = []
    start = 0
    for line in checked(sent.splitlines(keepends=True)):
        visible = line.strip()
        begin = start + line.find(visible)
        lines.append(Line(repair(visible), Span(begin, begin + len(visible))))
        start += len(line)
    return lines


def span_of_beginning(line: Line, sent: str, text: str) -> Span | None:
    """The span, in the text as sent, of the beginning of the line that reads `text`; None if it does not begin so."""
    start = line.span.start
    ends = _candidate_ends(start, line.span.end, len(text))
    return next((Span(start, end) for end in ends if repair(sent[start:end]) == text), None)


def span_of_end(line: Line, sent: str, text: str) -> Span | None:
    """The span, in the text as sent, of the end of the line that reads `text`; None if it does not end so."""
    end = line.span.end
    starts = (line.span.start + end - mirrored for mirrored in _candidate_ends(line.span.start, end, len(text)))
    return next((Span(start, end) for start in starts if repair(sent[start:end]) == text), None)


def _candidate_ends(start: int, end: int, length: int) -> Iterator[int]:
    """Candidate ends of a piece that begins at `start`, the most likely ones first.

    Repaired text can be shorter than the text as sent ("&rsquo;" becomes one character) and longer ("ﬁ" becomes two).
    """
    yield from range(min(start + length, end), min(start + _MAX_EXPANSION * length, end) + 1)
    yield from range(min(start + length, end) - 1, start, -1)
