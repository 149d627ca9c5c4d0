"""Lines of a transcript with times → what was said, without the times: a line for each sentence or speaker.

Platforms, recorders and subtitles write them in many ways: "0:02" on a line of its own, "[00:00:07 - 00:00:10] so",
"MARIA (00:12): So", "1", "00:00:01,000 --> 00:00:04,200" and the words below.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.cancellation import checked
from summarizer.cleaning.lines import Line
from summarizer.cleaning.removal import Removal
from summarizer.spans import Span
from summarizer.text.hyphenation import Spellings
from summarizer.text.sentences import ends_whole
from summarizer.text.words import word_count

TIME = "time in a transcript"

_CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_SPEAKER = r"[^\W\d_][\w.'’ -]{0,40}?"
# The time, then what is said; a speaker's name before the time, or on a line with it.
_TIMED = re.compile(
    rf"(?:(?P<speaker>{_SPEAKER})[\s,]*)?(?P<time>(?P<bracket>[\[(])?(?P<clock>{_CLOCK})"
    rf"(?P<until>\s*(?:-->|-|–|to)\s*{_CLOCK})?(?(bracket)[\])]))(?P<colon>:)?(?:\s+(?P<said>.*))?$"
)
_CUE_NUMBER = re.compile(r"\d{1,5}$")
_NOISE = re.compile(
    r"\s*[\[(](?:music|applause|laughter|laughs|inaudible|crosstalk|silence)\b[^\[\]()]{0,40}[\])]|^>>\s*",
    re.IGNORECASE,
)
_LABEL = re.compile(rf"(?:>>\s*)?{_SPEAKER}:\s")
# A transcript has at least this many times, which are at least this share of its lines and nearly all rise. Those
# without hours begin in the first minute.
_MIN_TIMES, _MIN_SHARE, _MIN_RISING, _FIRST_SECONDS = 3, 0.25, 0.9, 60
# Words a second. People say two or three; a programme, results of a race or a ticker have far fewer for their times.
_MIN_RATE, _MAX_RATE = 0.7, 6.0


@dataclass(frozen=True)
class _Timed:
    """A line with a time.

    :param time: as it is written.
    :param seconds: since the recording began.
    :param has_hours: whether it names hours, or is of subtitles.
    """

    time: str
    seconds: float
    speaker: str
    said: str
    has_hours: bool


def without_times(lines: Sequence[Line], sent: str) -> tuple[list[Line], list[Removal]]:
    """The lines of a transcript, or those of any other text as they are; and the times.

    :param sent: the text whose characters the spans of the lines count.
    """
    timed = {index: found for index, line in enumerate(checked(lines)) if (found := _timed(line.text))}
    if not _are_recorded(lines, timed):
        return list(lines), []
    numbers = _cue_numbers(lines, timed)
    start = min([*timed, *numbers])
    said = _Said(lines)
    for index in range(start, len(lines)):
        if index in timed:
            said.take(index, timed[index].speaker, timed[index].said)
        elif lines[index].text and index not in numbers:
            if not lines[index - 1].text:  # no cue, but a new paragraph
                said.end()
            said.take(index, "", lines[index].text)
    removals = [Removal(lines[index].text, lines[index].span, TIME, (TIME,)) for index in numbers]
    removals += [
        Removal(found.time, _span_of(found.time, lines[index], sent), TIME, (TIME,)) for index, found in timed.items()
    ]
    return [*lines[:start], *said.lines()], removals


def _timed(text: str) -> _Timed | None:
    found = _TIMED.match(text)
    if not found:
        return None
    parts = [float(part.replace(",", ".")) for part in found["clock"].split(":")]
    seconds = sum(part * 60**power for power, part in enumerate(reversed(parts)))
    has_hours = len(parts) > 2 or "-->" in (found["until"] or "")
    return _Timed(found["time"], seconds, found["speaker"] or "", found["said"] or "", has_hours)


def _are_recorded(lines: Sequence[Line], timed: Mapping[int, _Timed]) -> bool:
    """Whether the times are those of a recording."""
    found = list(timed.values())
    if len(found) < max(_MIN_TIMES, _MIN_SHARE * sum(bool(line.text) for line in lines)):
        return False
    rising = sum(one.seconds <= other.seconds for one, other in pairwise(found))
    begins = all(one.has_hours for one in found) or found[0].seconds < _FIRST_SECONDS
    if rising < _MIN_RISING * (len(found) - 1) or not begins:
        return False
    # What is said between the first time and the last one.
    first, last = min(timed), max(timed)
    words = sum(word_count(timed[index].said if index in timed else lines[index].text) for index in range(first, last))
    seconds = found[-1].seconds - found[0].seconds
    return _MIN_RATE * seconds <= words <= _MAX_RATE * seconds


def _cue_numbers(lines: Sequence[Line], timed: Mapping[int, _Timed]) -> list[int]:
    """The lines above times that number the cues of subtitles, which count up."""
    above = [index - 1 for index in timed if index > 0 and _CUE_NUMBER.match(lines[index - 1].text)]
    steps = [int(lines[other].text) - int(lines[index].text) for index, other in pairwise(above)]
    return above if above and all(step == 1 for step in steps) and 2 * len(above) > len(timed) else []


def _span_of(time: str, line: Line, sent: str) -> Span:
    start = sent.find(time, line.span.start, line.span.end)
    return line.span if start < 0 else Span(start, start + len(time))


class _Said:
    """What was said, put together from cues."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._groups: list[tuple[str, list[str], list[int]]] = []
        self._is_ended = False

    def end(self) -> None:
        """Let the next cue begin a new line."""
        self._is_ended = True

    def take(self, index: int, speaker: str, text: str) -> None:
        """Add a cue; a speaker's name or the end of a sentence before it begins a new line."""
        text = _NOISE.sub("", text).strip()
        last = self._groups[-1] if self._groups else None
        begins = speaker or self._is_ended or _LABEL.match(text)
        if last is None or begins or (last[1] and ends_whole(last[1][-1])):
            last = (speaker, [], [])
            self._groups.append(last)
            self._is_ended = False
        if text and text not in last[1][-1:]:  # automatic captions repeat the line before
            last[1].append(text)
        last[2].append(index)

    def lines(self) -> Iterator[Line]:
        """The lines, each a paragraph."""
        spellings = Spellings([text for _, texts, _ in self._groups for text in texts])
        for speaker, texts, indices in self._groups:
            span = Span(self._lines[indices[0]].span.start, self._lines[indices[-1]].span.end)
            if texts or speaker:
                yield Line(": ".join(filter(None, (speaker, spellings.join(texts) if texts else ""))), span)
                yield Line("", Span(span.end, span.end))
