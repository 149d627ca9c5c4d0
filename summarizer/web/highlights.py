"""The article as a reader of its summary sees it: the passages that support a sentence, marked and numbered, and the
text as it was sent, with what was taken out of it.

A `Summary` in, passages out; knows nothing of HTML.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from summarizer.article import Article
from summarizer.sentences import Span
from summarizer.summary import Summary, SummarySentence


@dataclass(frozen=True)
class Passage:
    """A part of the article; one that supports a sentence has a number, from 1 in the article's order."""

    text: str
    number: int | None = None


class Highlights:
    """Which passages of the article support which sentence of its summary."""

    def __init__(self, summary: Summary) -> None:
        sentences = [*(summary.short or ()), *(summary.long or ())]
        self._marked = _merged(span for sentence in sentences for span in sentence.evidence)
        self.passages = tuple(self._cut(summary.article.text))

    def numbers(self, sentence: SummarySentence) -> list[int]:
        """The numbers of the passages that support a sentence, without doubles."""
        return [
            number
            for number, mark in enumerate(self._marked, start=1)
            if any(span.start < mark.end and mark.start < span.end for span in sentence.evidence)
        ]

    def _cut(self, text: str) -> Iterable[Passage]:
        end = 0
        for number, mark in enumerate(self._marked, start=1):
            yield Passage(text[end : mark.start])
            yield Passage(mark.of(text), number)
            end = mark.end
        yield Passage(text[end:])


@dataclass(frozen=True)
class SentPassage:
    """A part of the text as it was sent; one that was taken out has the reason."""

    text: str
    reason: str | None = None


def as_sent(article: Article) -> Iterator[SentPassage]:
    """The whole text as it was sent, in order."""
    end = 0
    for span, reason in sorted((span, stripped.reason) for stripped in article.stripped for span in stripped.spans):
        yield SentPassage(article.sent[end : span.start])
        yield SentPassage(span.of(article.sent), reason)
        end = span.end
    yield SentPassage(article.sent[end:])


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order; those that overlap are one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
