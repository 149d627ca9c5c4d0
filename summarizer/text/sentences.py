"""Text → the spans of its sentences, in time linear in the text (`boundaries` decides where they end)."""

import re
from collections.abc import Iterator
from itertools import pairwise

from summarizer.cancellation import checked
from summarizer.spans import Span, trim
from summarizer.text.boundaries import boundaries
from summarizer.text.words import word_count

# Words that, in upper case, occur only at the beginning of a sentence.
SENTENCE_START = re.compile(
    r"[\"“‘«(]?(?:The|A|An|In|On|At|It|He|She|They|We|This|That|These|Those|But|And|When|After|As|For|By|With|From|There|"
    r"Its|His|Her|Their|If|While|Before)\b"
)
_LINE = re.compile(r"[^\n]+")
_WHOLE = re.compile(r"[.!?…。！？؟۔।።։။។][\"'’”»)\]]*$")
# Characters: a full stop and a few closing marks.
_ENDING = 20
# In characters. A longer "sentence" is a list, a table or text without a full stop, and is cut at white space. The
# longest real sentence in 100 news articles has 418 characters.
MAX_SENTENCE_LENGTH = 1_000
# Speech that a machine wrote down often has no punctuation. A stretch of 60 words or more, with fewer than one mark in
# 25 words, is cut into clauses of 12 to 30 words.
_WORDS_A_MARK, _UNMARKED_WORDS = 25, 60
_CLAUSE_WORDS, _MAX_CLAUSE_WORDS = 12, 30
_MARK = re.compile(r"[.,;:!?…()–—。，、；：！？،؛؟।۔።፣։՝။၊។]")
# Scripts that write few marks or none (Thai, Lao, Burmese, Khmer).
_FEW_MARKS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_WORD = re.compile(r"\S+")
# Words that a clause can do without.
_FILLER = re.compile(r"(?:(?:so|but|now|um|uh|okay|well|and)\s+)+", re.IGNORECASE)
_CLAUSE_START = re.compile(
    r"(?:so|but|now|because|um|uh|okay|well|also|then)\b"
    r"|and (?:the|a|we|you|they|he|she|it|i|i['’]\w+|that|this|there|then|so|now|half)\b",
    re.IGNORECASE,
)


def sentence_spans(text: str, within: Span | None = None, language: str | None = None) -> tuple[Span, ...]:
    """The sentences of a text in order, without the white space around them.

    :param within: split only this part; the spans still count characters of the whole text.
    :param language: a tag such as `de`; English if it is None.
    """
    part = within or Span(0, len(text))
    spans: list[Span] = []
    for line in checked(_LINE.finditer(text, part.start, part.end)):
        ends = [*boundaries(line[0], language), len(line[0])]
        spans += [Span(line.start() + start, line.start() + end) for start, end in pairwise([0, *ends])]
    trimmed = (trim(text, span) for span in spans)
    return tuple(piece for span in trimmed if span.start < span.end for piece in _cut(text, span))


def ends_whole(sentence: str) -> bool:
    """Whether a sentence ends with a full stop or another script's equivalent."""
    return bool(_WHOLE.search(sentence[-_ENDING:]))


def lacks_marks(text: str) -> bool:
    """Whether a text has hardly any punctuation, so that nobody can tell where its sentences end."""
    words = 0 if _FEW_MARKS.search(text) else word_count(text)
    return words >= _UNMARKED_WORDS and len(_MARK.findall(text)) * _WORDS_A_MARK < words


def _cut(text: str, span: Span) -> list[Span]:
    """The span in clauses if it lacks marks, and these in pieces of at most `MAX_SENTENCE_LENGTH` characters."""
    sentence = span.of(text)
    if not ends_whole(sentence) and lacks_marks(sentence):
        return [piece for clause in _clauses(text, span) for piece in _shortened(text, trim(text, clause))]
    return _shortened(text, span)


def _shortened(text: str, span: Span) -> list[Span]:
    """The span, cut at white space where possible."""
    pieces = []
    start = span.start
    while span.end - start > MAX_SENTENCE_LENGTH:
        space = text.rfind(" ", start + 1, start + MAX_SENTENCE_LENGTH)
        end = space if space > start else start + MAX_SENTENCE_LENGTH
        pieces.append(trim(text, Span(start, end)))
        start = end
    pieces.append(trim(text, Span(start, span.end)))
    return [piece for piece in pieces if piece.start < piece.end]


def _clauses(text: str, span: Span) -> Iterator[Span]:
    """The span, cut before words that often begin a clause."""
    start, words = span.start, 0
    for word in _WORD.finditer(text, span.start, span.end):
        is_over = words >= _CLAUSE_WORDS and _CLAUSE_START.match(text, word.start(), span.end)
        if is_over or words == _MAX_CLAUSE_WORDS:
            yield Span(start, word.start())
            filler = _FILLER.match(text, word.start(), span.end)
            start, words = filler.end() if filler else word.start(), 0
        words += word.start() >= start
    yield Span(start, span.end)
