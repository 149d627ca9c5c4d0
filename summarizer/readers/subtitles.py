"""Subtitles (SRT, WebVTT) → the spoken text, without numbers, times and marks."""

import re
from collections.abc import Iterator

from summarizer.errors import UnreadableFile
from summarizer.readers.document import Document
from summarizer.readers.plain import decode_any

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
TIMES = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}.*$")
_HEAD = re.compile(r"^(?:WEBVTT|NOTE|STYLE|REGION)\b")
_MARK = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_SPEAKER = re.compile(r"<v(?:\.[\w.]+)?\s+([^<>]+)>")
# A cue that ends so ends a sentence.
_END = re.compile(r"[.!?…。！？][\"'”’»)\]♪]*$")


def read(raw: bytes, charset: str | None) -> Document:
    """The cues, joined to sentences; each sentence or group of sentences is a line.

    :raises UnreadableFile: when there is no cue.
    """
    text, notes = decode_any(raw, charset)
    lines = list(_joined(_cues(text)))
    if not lines:
        raise UnreadableFile("The subtitle file has no text. Paste the text instead.")
    return Document("\n\n".join(lines), notes=notes)


def _cues(text: str) -> Iterator[str]:
    """The text of each cue; one that repeats the cue before, as automatic captions do, is left out."""
    last = ""
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").lstrip("\ufeff")):
        lines = block.strip().split("\n")
        if _HEAD.match(lines[0]):
            continue
        times = next((index for index, line in enumerate(lines) if TIMES.match(line)), None)
        if times is None:
            continue
        spoken = [_MARK.sub("", _SPEAKER.sub(r"\1: ", line)).strip() for line in lines[times + 1 :]]
        cue = " ".join(line for line in spoken if line and line != last)
        last = spoken[-1] if spoken else last
        if cue:
            yield cue


def _joined(cues: Iterator[str]) -> Iterator[str]:
    """The cues, those of one sentence together."""
    pieces: list[str] = []
    for cue in cues:
        pieces.append(cue)
        if _END.search(cue):
            yield " ".join(pieces)
            pieces = []
    if pieces:
        yield " ".join(pieces)
