"""A summary → the article in parts: the passages that support a sentence, numbered, and the text that was removed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from summarizer.spans import Span
from summarizer.summary import Summary, SummarySentence


@dataclass(frozen=True)
class Passage:
    """A part of the article; one that supports a sentence has a number, from 1 in the article's order."""

    text: str
    number: int | None = None


class Highlights:
    """Which passages of the article support which sentence of its summary."""

    def __init__(self, summary: Summary) -> None:
        sentences = [sentence for chosen in summary.by_length().values() for sentence in chosen]
        self._marked = _merged(span for sentence in sentences for span in sentence.evidence)
        self.passages = tuple(self._cut(summary.article))

    def numbers(self, sentence: SummarySentence) -> list[int]:
        """The numbers of the passages that support a sentence."""
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
class SentPart:
    """A part of the text as sent; a removed one has the reason."""

    text: str
    reason: str | None = None


def removed_parts(summary: Summary) -> Iterator[SentPart]:
    """The whole text as sent, in order, cut where something was removed."""
    end = 0
    for span, reason in sorted((span, removed.reason) for removed in summary.removed for span in removed.spans):
        yield SentPart(summary.sent[end : span.start])
        yield SentPart(span.of(summary.sent), reason)
        end = span.end
    yield SentPart(summary.sent[end:])


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, overlapping ones merged."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
