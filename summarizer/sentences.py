"""Sentence spans: text in, the places of its sentences out.

Knows nothing of articles or models. The splitter is nupunkt (an unsupervised Punkt model trained on edited English,
Kiss and Strunk 2006): of five splitters tried on abbreviations, initials, "p.m. Monday" and "D.C." it alone split all
as a reader would, in time linear in the text.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

import nupunkt

# Words that, in upper case, begin a sentence and stand in the middle of none.
SENTENCE_START = re.compile(
    r"[\"“‘«(]?(?:The|A|An|In|On|At|It|He|She|They|We|This|That|These|Those|But|And|When|After|As|For|By|With|From|There|"
    r"Its|His|Her|Their|If|While|Before)\b"
)
# Full stops of scripts that the English model does not know, a line break, and the full stop of an abbreviation before
# a word that only begins sentences: each ends a sentence.
_OTHER_STOPS = re.compile(
    rf"(?<=[。！？؟۔।])\s*|\n+|(?<=\b[ap]\.m\.)\s+(?={SENTENCE_START.pattern})|"
    rf"(?<=\bU\.[SKN]\.)\s+(?={SENTENCE_START.pattern})|(?<=\bD\.C\.)\s+(?={SENTENCE_START.pattern})"
)
# "cf. Table 2", and a foreign abbreviation of one letter, as in Arabic titles.
_NO_STOP = re.compile(r"(?:^|\s)(?:[^\W\d_\x00-\x7f]|cf)\.$")
_WHOLE = re.compile(r"[.!?…。！？؟۔।][\"'’”»)\]]*$")
# A "sentence" beyond this many characters is a list, a table or text without any full stop; it is cut at white space
# so that no model has to read it in one piece. The longest real sentence in 100 news articles has 418 characters.
LONGEST = 1_000


@dataclass(frozen=True, order=True)
class Span:
    """A half-open range of characters: `text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """What stands there in `text`."""
        return text[self.start : self.end]


def sentence_spans(text: str, within: Span | None = None) -> tuple[Span, ...]:
    """The sentences of a text in order, without the white space around them.

    :param within: look at this part of the text only; the spans still count characters of the whole text.
    """
    part = within or Span(0, len(text))
    spans: list[Span] = []
    for block in _blocks(text, part):
        spans += [Span(block.start + span.start, block.start + span.end) for span in _sentences(block.of(text))]
    return tuple(piece for span in spans for piece in _cut(text, trimmed(text, span)))


def ends_whole(sentence: str) -> bool:
    """Whether a sentence has its full stop, or what other scripts write instead."""
    return bool(_WHOLE.search(sentence))


def _sentences(block: str) -> list[Span]:
    """The splitter's sentences, but not parted behind an abbreviation that it does not know."""
    spans: list[Span] = []
    for start, end in nupunkt.sent_spans(block):
        if spans and _NO_STOP.search(spans[-1].of(block).rstrip()):
            spans[-1] = Span(spans[-1].start, end)
        else:
            spans.append(Span(start, end))
    return spans


def _blocks(text: str, part: Span) -> list[Span]:
    """The part, parted where another script's full stop or a line end parts sentences."""
    edges = [part.start, *(match.end() for match in _OTHER_STOPS.finditer(text, part.start, part.end)), part.end]
    blocks = [trimmed(text, Span(start, end)) for start, end in pairwise(edges)]
    return [block for block in blocks if block.start < block.end]


def trimmed(text: str, span: Span) -> Span:
    """The span without the white space at its ends."""
    stripped = span.of(text).strip()
    start = span.start + span.of(text).find(stripped)
    return Span(start, start + len(stripped))


def _cut(text: str, span: Span) -> list[Span]:
    """The span, in pieces of at most LONGEST characters, cut at white space where there is some."""
    pieces = []
    start = span.start
    while span.end - start > LONGEST:
        space = text.rfind(" ", start + 1, start + LONGEST)
        end = space if space > start else start + LONGEST
        pieces.append(trimmed(text, Span(start, end)))
        start = end
    pieces.append(trimmed(text, Span(start, span.end)))
    return [piece for piece in pieces if piece.start < piece.end]
