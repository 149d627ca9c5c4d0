"""Subtitles (SRT, WebVTT) → the spoken text, without numbers, times and marks."""

import html
import re
from collections.abc import Iterator

from summarizer.errors import UnreadableFile
from summarizer.readers.document import Document
from summarizer.readers.plain import decode_any
from summarizer.text.words import UNSPACED

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}")
_HEAD = re.compile(r"(?:WEBVTT|NOTE|STYLE|REGION)\b")
_MARK = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_SPEAKER = re.compile(r"<v(?:\.[\w.]+)?\s+([^<>\s][^<>]*)>")
# A cue that ends so ends a sentence.
_END = re.compile(r"[.!?…。！？][\"'”’»)\]♪]*$")
_SPACE_BETWEEN_UNSPACED = re.compile(rf"(?<=[{UNSPACED}。、，！？]) (?=[{UNSPACED}])")


def read(raw: bytes, charset: str | None) -> Document:
    """The cues, joined to sentences; each sentence or group of sentences is a line.

    :raises UnreadableFile: when there is no cue.
    """
    text, notes = decode_any(raw, charset)
    lines = list(_join(_cues(text.removeprefix("\ufeff").splitlines())))
    if not lines:
        raise UnreadableFile("The subtitle file has no text. Paste the text instead.")
    return Document("\n\n".join(lines), notes=notes)


def _cues(lines: list[str]) -> Iterator[str]:
    """The lines of speech: those between a time line and the next number, name or note.

    A line that repeats the one before, as in automatic captions, is left out.
    """
    previous, is_speech = "", False
    for index, line in enumerate(lines):
        is_label = index + 1 < len(lines) and bool(_TIMES.match(lines[index + 1]))
        if _TIMES.match(line):
            is_speech = True
        elif _HEAD.match(line) and not (index and lines[index - 1].strip()):
            is_speech = False
        elif is_speech and not is_label:
            spoken = html.unescape(_MARK.sub("", _SPEAKER.sub(r"\1: ", line))).strip()
            if spoken and spoken != previous:
                yield spoken
            previous = spoken or previous


def _join(spoken: Iterator[str]) -> Iterator[str]:
    """The lines of speech, those of one sentence together."""
    pieces: list[str] = []
    for piece in spoken:
        pieces.append(piece)
        if _END.search(piece):
            yield _SPACE_BETWEEN_UNSPACED.sub("", " ".join(pieces))
            pieces = []
    if pieces:
        yield _SPACE_BETWEEN_UNSPACED.sub("", " ".join(pieces))
