"""Lines of a transcript with times → what was said, without the times: a line for each sentence or speaker.

Platforms, recorders and subtitles write them in many ways: "0:02" on a line of its own, "[00:00:07 - 00:00:10] so",
"MARIA (00:12): So", "1", "00:00:01,000 --> 00:00:04,200" and the words below.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.cleaning.lines import Line
from summarizer.cleaning.removal import Removal
from summarizer.spans import Span
from summarizer.text.hyphenation import Spellings
from summarizer.text.sentences import ends_whole

TIME = "time in a transcript"

_CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_RANGE = rf"{_CLOCK}(?:\s*(?:-->|-|–|to)\s*{_CLOCK})?"
_SPEAKER = r"[^\W\d_][\w.'’ -]{0,40}?"
# The time, then what is said; a speaker's name before the time, or on a line with it.
_TIMED = re.compile(
    rf"(?:(?P<speaker>{_SPEAKER})[\s,]*)?(?P<bracket>[\[(])?(?P<time>{_RANGE})(?(bracket)[\])])(?P<colon>:)?(?:\s+(?P<said>.*))?$"
)
_CUE_NUMBER = re.compile(r"\d{1,5}$")
_NOISE = re.compile(
    r"\s*[\[(](?:music|applause|laughter|laughs|inaudible|crosstalk|silence)[^\])]*[\])]|^>>\s*", re.IGNORECASE
)
_LABEL = re.compile(rf"(?:>>\s*)?{_SPEAKER}:\s")
# A transcript has at least this many times, which are at least this share of its lines. A list of events by the clock
# begins later than in the first minute and has no hours in brackets.
_MIN_TIMES, _MIN_SHARE = 3, 0.25


@dataclass(frozen=True)
class _Timed:
    """A line with a time.

    :param seconds: since the recording began.
    """

    seconds: float
    speaker: str
    said: str
    is_marked: bool


def without_times(lines: Sequence[Line]) -> tuple[list[Line], list[Removal]]:
    """The lines of a transcript, or those of any other text as they are."""
    timed = {index: found for index, line in enumerate(lines) if (found := _timed(line.text))}
    if not _are_recorded(list(timed.values()), sum(bool(line.text) for line in lines)):
        return list(lines), []
    first = min(timed)
    cue_numbers = {index - 1 for index in timed if _CUE_NUMBER.match(lines[index - 1].text)} if first > 0 else set()
    removals = [
        Removal(lines[index].text, lines[index].span, TIME, (TIME,))
        for index, found in timed.items()
        if not found.said and not found.speaker
    ]
    start = min([first, *cue_numbers])
    said = _Said(lines)
    for index in range(start, len(lines)):
        if index in timed:
            said.take(index, timed[index].speaker, timed[index].said)
        elif lines[index].text and index not in cue_numbers:
            said.take(index, "", lines[index].text)
    return [*lines[:start], *said.lines()], removals


def _timed(text: str) -> _Timed | None:
    found = _TIMED.match(text)
    if not found:
        return None
    clock = re.match(_CLOCK, found["time"])
    parts = [float(part.replace(",", ".")) for part in clock[0].split(":")] if clock else []
    seconds = sum(part * 60**power for power, part in enumerate(reversed(parts)))
    is_marked = bool(found["bracket"]) or len(found["time"]) > len(clock[0] if clock else "") or len(parts) > 2
    return _Timed(seconds, found["speaker"] or "", found["said"] or "", is_marked)


def _are_recorded(timed: Sequence[_Timed], count: int) -> bool:
    """Whether the times are those of a recording.

    :param count: of the lines that are not empty.
    """
    if len(timed) < max(_MIN_TIMES, _MIN_SHARE * count):
        return False
    in_order = sum(one.seconds <= other.seconds for one, other in pairwise(timed))
    is_marked = all(one.is_marked for one in timed)
    return in_order >= 0.9 * (len(timed) - 1) and (is_marked or timed[0].seconds < 60)


class _Said:
    """What was said, put together from cues."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._groups: list[tuple[str, list[str], list[int]]] = []

    def take(self, index: int, speaker: str, text: str) -> None:
        """Add a cue; a speaker's name or the end of a sentence before it begins a new line."""
        text = _NOISE.sub("", text).strip()
        last = self._groups[-1] if self._groups else None
        if speaker or last is None or _LABEL.match(text) or (last[1] and ends_whole(last[1][-1])):
            last = (speaker, [], [])
            self._groups.append(last)
        if text and text not in last[1][-1:]:  # automatic captions repeat the line before
            last[1].append(text)
        last[2].append(index)

    def lines(self) -> Iterator[Line]:
        """The lines, each a paragraph."""
        spellings = Spellings([text for _, texts, _ in self._groups for text in texts])
        for speaker, texts, indices in self._groups:
            if texts:
                span = Span(self._lines[indices[0]].span.start, self._lines[indices[-1]].span.end)
                label = f"{speaker}: " if speaker else ""
                yield Line(label + spellings.join(texts), span)
                yield Line("", Span(span.end, span.end))
