"""Text → the spans of its sentences, in time linear in the text.

The splitter is nupunkt, an unsupervised Punkt model (Kiss and Strunk 2006) trained on edited English, with rules for
what it misses. `python -m scripts.evaluation.cleaning sentences` compares it with other splitters.
"""

import re
from itertools import pairwise

import nupunkt

from summarizer.spans import Span, trim

# Words that, in upper case, occur only at the beginning of a sentence.
SENTENCE_START = re.compile(
    r"[\"“‘«(]?(?:The|A|An|In|On|At|It|He|She|They|We|This|That|These|Those|But|And|When|After|As|For|By|With|From|There|"
    r"Its|His|Her|Their|If|While|Before)\b"
)
# Ends of a sentence that the model misses: full stops of other scripts, a line break, and an abbreviation before a word
# that only begins sentences.
_OTHER_STOPS = re.compile(
    rf"(?<=[。！？؟۔।])\s*|\n+|(?<=\b[ap]\.m\.)\s+(?={SENTENCE_START.pattern})|"
    rf"(?<=\bU\.[SKN]\.)\s+(?={SENTENCE_START.pattern})|(?<=\bD\.C\.)\s+(?={SENTENCE_START.pattern})"
)
# "cf. Table 2", and a foreign abbreviation of one letter, as in Arabic titles, do not end a sentence.
_NO_STOP = re.compile(r"(?:^|\s)(?:[^\W\d_\x00-\x7f]|cf)\.$")
_WHOLE = re.compile(r"[.!?…。！？؟۔।][\"'’”»)\]]*$")
# In characters. A longer "sentence" is a list, a table or text without a full stop, and is cut at white space. The
# longest real sentence in 100 news articles has 418 characters.
MAX_SENTENCE_LENGTH = 1_000


def sentence_spans(text: str, within: Span | None = None) -> tuple[Span, ...]:
    """The sentences of a text in order, without the white space around them.

    :param within: split only this part; the spans still count characters of the whole text.
    """
    part = within or Span(0, len(text))
    spans: list[Span] = []
    for block in _blocks(text, part):
        spans += [Span(block.start + span.start, block.start + span.end) for span in _sentences(block.of(text))]
    return tuple(piece for span in spans for piece in _cut(text, trim(text, span)))


def ends_whole(sentence: str) -> bool:
    """Whether a sentence ends with a full stop or another script's equivalent."""
    return bool(_WHOLE.search(sentence))


def _sentences(block: str) -> list[Span]:
    """nupunkt's sentences, joined where it split after an abbreviation that it does not know."""
    spans: list[Span] = []
    for start, end in nupunkt.sent_spans(block):
        if spans and _NO_STOP.search(spans[-1].of(block).rstrip()):
            spans[-1] = Span(spans[-1].start, end)
        else:
            spans.append(Span(start, end))
    return spans


def _blocks(text: str, part: Span) -> list[Span]:
    """The part, split at line breaks and at full stops of other scripts."""
    edges = [part.start, *(match.end() for match in _OTHER_STOPS.finditer(text, part.start, part.end)), part.end]
    blocks = [trim(text, Span(start, end)) for start, end in pairwise(edges)]
    return [block for block in blocks if block.start < block.end]


def _cut(text: str, span: Span) -> list[Span]:
    """The span in pieces of at most `MAX_SENTENCE_LENGTH` characters, cut at white space where possible."""
    pieces = []
    start = span.start
    while span.end - start > MAX_SENTENCE_LENGTH:
        space = text.rfind(" ", start + 1, start + MAX_SENTENCE_LENGTH)
        end = space if space > start else start + MAX_SENTENCE_LENGTH
        pieces.append(trim(text, Span(start, end)))
        start = end
    pieces.append(trim(text, Span(start, span.end)))
    return [piece for piece in pieces if piece.start < piece.end]
