"""Sentences as a model writes them → those that go into the summary, each with its evidence.

A sentence that the article does not support is written again; if no wording is supported, the article's own sentence
that it rests on replaces it.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np

from summarizer.faithfulness import Source, Verifier
from summarizer.models.encoder import Vectors
from summarizer.models.protocols import Length, Progress, Statement
from summarizer.selection.anaphora import (
    find_dependencies,
    has_half_quotation,
    is_first_person,
    starts_with_pronoun,
    understood,
)
from summarizer.text.sentences import ends_whole
from summarizer.text.words import content_terms, stem, terms

# Cosine similarity from which two sentences of a summary say nearly the same, and the share of the shorter one's words
# in the other. Of the pairs of sentences in 127 editors' summaries fewer than 1% reach either.
_DUPLICATE_SIMILARITY = 0.7
_DUPLICATE_WORDS = 0.5
# With this many sentences of a long summary replaced, the rest is not trusted either.
_MAX_REPLACED = 2
# Sentences before a statement's source in which "the bridge" may be named.
_NAMED_BEFORE = 60
_ADDRESSED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.? ([^\W\d_]+)", re.IGNORECASE)


class NotTrusted(Exception):
    """Too many sentences of the long summary had to be replaced."""


@dataclass(frozen=True)
class Accepted:
    """A sentence of the summary.

    :param evidence: the indices of the article's sentences that support it, best first.
    :param origin: `article` for a sentence of the article itself.
    :param support: the probability that the article supports it, 0 to 1; None if it was not verified.
    """

    text: str
    evidence: tuple[int, ...]
    origin: Literal["article", "written"]
    support: float | None = 1.0


class Follower(Protocol):
    """What the editor tells and asks while a summary is written."""

    def on_accepted(self, length: Length, position: int, accepted: Accepted) -> None:
        """A sentence was accepted."""

    def is_understood(self, index: int, others: Collection[int]) -> bool:
        """Whether a sentence of the article is news, and comprehensible to a reader of these others."""


@dataclass
class Editor:
    """Accepts, replaces or leaves out the sentences of one article's summaries.

    :param title: of the article; None if it has none.
    :param sentences: of the article.
    :param vectors: their unit vectors, shape (sentences, dimensions).
    :param excerpt_indices: which of the sentences the model reads.
    :param language: of the article.
    :param progress: of verification.
    :param stands_alone: whether each sentence of a length must be comprehensible without the others.
    """

    title: str | None
    sentences: Sequence[str]
    vectors: Vectors
    excerpt_indices: Sequence[int]
    verifier: Verifier
    language: str | None
    follower: Follower
    progress: Progress
    stands_alone: Callable[[Length], bool] = lambda length: False
    accepted: dict[Length, list[Accepted]] = field(default_factory=dict)
    # Sentences as the model first wrote them, and those of which no wording was supported.
    drafted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    replaced: Counter[Length] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Index the article."""
        self._source = Source(self.sentences, self.vectors)
        self._own = {text: index for index, text in reversed(list(enumerate(self.sentences)))}
        self._verified: dict[tuple[str, tuple[int, ...], str], Accepted | None] = {}

    def accept(self, length: Length, statement: Statement) -> str | None:
        """Put a statement, or what replaces it, into the summary; returns the sentence, or None if it is left out.

        :raises NotTrusted: when too many sentences of the long summary were replaced.
        """
        summary = self.accepted.setdefault(length, [])
        before = [] if self.stands_alone(length) else summary
        sources = tuple(self.excerpt_indices[index] for index in statement.sources)
        if statement.text not in self._own:
            self.drafted.add(statement.text)
        found = self._check(statement, statement.text, sources, before)
        if found is None:
            wordings = (self._check(statement, text, sources, before) for text in statement.alternatives())
            found = next(filter(None, wordings), None)
        is_replaced = found is None
        if found is None:
            self.refused |= {statement.text} & self.drafted
            may_lean = not summary and not self.stands_alone(length)
            found = self._replacement(sources, before, may_lean=may_lean)
        if found is None or self._is_repeated(found, summary):
            return None
        summary.append(found)
        self.replaced[length] += is_replaced
        if length == "long" and self.replaced[length] == _MAX_REPLACED:
            raise NotTrusted
        self.follower.on_accepted(length, len(summary) - 1, found)
        return found.text

    def _check(
        self, statement: Statement, text: str, sources: tuple[int, ...], summary: Sequence[Accepted]
    ) -> Accepted | None:
        """A wording of a statement, if it is whole, comprehensible after the summary so far, and supported."""
        if text in self._own:
            return self._as_own(self._own[text], summary)
        if not ends_whole(text) or not self._is_understood(text, sources, summary):
            return None
        said = " ".join([self.title or "", *(one.text for one in summary)])
        key = (text, sources, said)
        if key not in self._verified:
            self._verified[key] = self._verify(statement, text, sources, said)
        return self._verified[key]

    def _verify(self, statement: Statement, text: str, sources: tuple[int, ...], said: str) -> Accepted | None:
        verdict = self.verifier.verify(
            self._source,
            text,
            language=self.language,
            sources=sources,
            said=said,
            judge=statement.judge,
            progress=self.progress,
        )
        return Accepted(text, verdict.evidence, "written", verdict.support) if verdict.is_supported else None

    def _is_understood(self, text: str, sources: Sequence[int], summary: Sequence[Accepted]) -> bool:
        """Whether the summary so far has what a written sentence refers to ("He …", "That match …", "The bridge …")."""
        if not self._introduces_people(text, summary):
            return False
        if not sources:
            return bool(summary) or not find_dependencies([text])[0]
        first = min(sources)
        start = max(first - _NAMED_BEFORE, 0)
        dependencies = find_dependencies([*self.sentences[start:first], text])[-1]
        return understood(dependencies, {index - start for index in _evidence_of(summary)}) == 1.0

    def _introduces_people(self, text: str, summary: Sequence[Accepted]) -> bool:
        """Whether the title or the summary so far names each "Mr Lind" whom the article names in full."""
        said = " ".join([self.title or "", *(one.text for one in summary)]).casefold()
        surnames = {name.casefold() for name in _ADDRESSED.findall(text)} - set(terms(said))
        named = _ADDRESSED.sub("", " ".join(self.sentences)).casefold() if surnames else ""
        return surnames.isdisjoint(terms(named))

    def _replacement(self, sources: Sequence[int], summary: Sequence[Accepted], *, may_lean: bool) -> Accepted | None:
        """The article's own sentence.

        :param may_lean: whether it may lean on others a little ("this house"): the first one has the main news.
        """
        if not sources:
            return None
        text = self.sentences[sources[0]]
        if may_lean and not has_half_quotation(text) and not starts_with_pronoun(text):
            return Accepted(text, (sources[0],), "article")
        return self._as_own(sources[0], summary)

    def _as_own(self, index: int, summary: Sequence[Accepted]) -> Accepted | None:
        """A sentence of the article, if it can be read after the summary so far and does not speak for somebody."""
        text = self.sentences[index]
        if has_half_quotation(text) or is_first_person(text) or not self._introduces_people(text, summary):
            return None
        if not self.follower.is_understood(index, _evidence_of(summary)):
            return None
        return Accepted(text, (index,), "article")

    def _is_repeated(self, found: Accepted, summary: Sequence[Accepted]) -> bool:
        if not summary:
            return False
        if any(_shared(found.text, one.text) >= _DUPLICATE_WORDS for one in summary):
            return True
        vectors = self.verifier.encoder.embed([found.text, *(one.text for one in summary)])
        return bool(np.max(vectors[1:] @ vectors[0]) > _DUPLICATE_SIMILARITY)


def _shared(one: str, other: str) -> float:
    """The share of the shorter sentence's words that are in the other, 0 to 1."""
    words, others = ({stem(term) for term in content_terms(text)} for text in (one, other))
    return len(words & others) / max(min(len(words), len(others)), 1)


def _evidence_of(summary: Sequence[Accepted]) -> set[int]:
    return {index for one in summary for index in one.evidence}
