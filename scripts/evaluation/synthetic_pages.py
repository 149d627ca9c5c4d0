"""Synthetic pages: test articles with inserted headlines and page furniture, and the scoring of their cleaning.

The origin of each piece of a page is known, so that `score` can count right titles, removed boilerplate and lost
sentences.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from scripts.evaluation.page_kinds import KINDS
from scripts.evaluation.page_parts import Draw, Half, Piece, Role
from summarizer.cleaning import clean
from summarizer.cleaning.title_matching import key_of
from summarizer.spans import Span
from summarizer.text.sentences import sentence_spans


@dataclass(frozen=True)
class Case:
    """One page."""

    kind: str
    pieces: tuple[Piece, ...]

    @property
    def sent(self) -> str:
        """The text of the page, as sent for cleaning."""
        return "".join(piece.text + piece.after for piece in self.pieces)

    @property
    def roles(self) -> Iterator[tuple[Span, Role]]:
        """The span of each piece in the text, and what it is."""
        start = 0
        for piece in self.pieces:
            end = start + len(piece.text)
            yield Span(start, end), piece.role
            start = end + len(piece.after)

    @property
    def boilerplate(self) -> list[Span]:
        """The spans of the text to be removed."""
        return [span for span, role in self.roles if role == "boilerplate"]


class Pages:
    """The pages of one half."""

    def __init__(self, half: Half) -> None:
        self._half = half

    def cases(self, each: int) -> Iterator[Case]:
        """The same pages in every call.

        :param each: the number of pages per kind.
        """
        draw = Draw(self._half)
        for kind, make in KINDS.items():
            for _ in range(each):
                yield Case(kind, tuple(make(draw)))


@dataclass(frozen=True)
class Score:
    """Counts over cases.

    :param found: pieces of boilerplate that were removed completely.
    :param missed: pieces of boilerplate that were not.
    :param kept: sentences of articles in the result.
    :param lost: sentences of articles missing from it.
    :param titled: cases with the right title.
    """

    found: int = 0
    missed: int = 0
    kept: int = 0
    lost: int = 0
    cases: int = 0
    titled: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(*(ours + theirs for ours, theirs in zip(vars(self).values(), vars(other).values(), strict=True)))


def score(case: Case) -> Score:
    """Clean a page and compare the result with its pieces."""
    article = clean(case.sent)
    spans = [span for removed in article.removed for span in removed.spans]
    removed = {index for span in spans for index in range(span.start, span.end)}
    boilerplate = [
        all(index in removed or case.sent[index].isspace() for index in range(span.start, span.end))
        for span in case.boilerplate
    ]
    expected = Counter(
        sentence for piece in case.pieces if piece.role == "article" for sentence in _sentences(piece.expected)
    )
    text = f" {' '.join(article.text.split())} "
    lost = sum(max(count - text.count(sentence), 0) for sentence, count in expected.items())
    titles = [key_of(piece.expected) for piece in case.pieces if piece.role == "title"]
    return Score(
        found=sum(boilerplate),
        missed=len(boilerplate) - sum(boilerplate),
        kept=expected.total() - lost,
        lost=lost,
        cases=1,
        titled=int(titles == [key_of(article.title or "")]),
    )


@cache
def _sentences(paragraph: str) -> tuple[str, ...]:
    """The sentences of a paragraph; cached because many pages share their paragraphs."""
    return tuple(" ".join(span.of(paragraph).split()) for span in sentence_spans(paragraph))
