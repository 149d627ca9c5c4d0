"""What the steps of one summary hand on: the article, what its sentences are worth, and what was counted on the way."""

import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from summarizer.article import Article
from summarizer.extraction import Candidate, Ranking
from summarizer.lengths import Length, Limits
from summarizer.models.extractive import Vectors
from summarizer.summary import SummarySentence
from summarizer.text import word_count
from summarizer.watching import Stage, Summaries, Watcher


class Overdue(Exception):
    """The time that the work may take is over."""


@dataclass(frozen=True)
class Work:
    """One summary under way.

    :param vectors: unit vectors of the article's sentences, shape (sentences, dimensions).
    :param limits: of the lengths that are wanted.
    :param due: when the work is to be done, on the clock of `time.monotonic`; None for no limit.
    :param counts: `drafted` sentences that a model wrote, `refused` those that did not pass the check as they were.
    """

    article: Article
    texts: tuple[str, ...]
    vectors: Vectors
    ranking: Ranking
    limits: dict[Length, Limits]
    watcher: Watcher
    due: float | None
    notes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def step(self, stage: Stage, done: int, total: int) -> None:
        """Tell how far a stage is.

        :raises Overdue: when there is no time left.
        """
        self.watcher.step(stage, done, total)
        self.stay_in_time()

    def stay_in_time(self) -> None:
        """Go on if there is time.

        :raises Overdue: when there is none left.
        """
        if self.due is not None and time.monotonic() > self.due:
            raise Overdue

    def anew(self) -> "Work":
        """The same work without what was noted and counted on another way."""
        return replace(self, notes=[], counts=Counter())

    def extract(self) -> Summaries:
        """The extractive summary."""
        return {length: self.fitted(self.all_own(), length) for length in self.limits}

    def words(self, index: int) -> int:
        """The words of a sentence of the article."""
        return word_count(self.texts[index])

    def paragraphs(self) -> list[list[str]]:
        """The sentences of each paragraph."""
        starts = [paragraph.start for paragraph in self.article.paragraphs]
        groups: list[list[str]] = [[] for _ in starts]
        for text, span in zip(self.texts, self.article.sentences, strict=True):
            groups[bisect_right(starts, span.start) - 1].append(text)
        return groups

    def own(self, index: int) -> SummarySentence:
        """A sentence of the article as a sentence of the summary."""
        return SummarySentence(self.texts[index], (self.article.sentences[index],), "article")

    def all_own(self) -> list[SummarySentence]:
        """All sentences of the article, in order."""
        return [self.own(index) for index in range(len(self.texts))]

    def fitted(self, sentences: Sequence[SummarySentence], length: Length) -> tuple[SummarySentence, ...]:
        """Those of the sentences that make the best summary of this length, in the order in which they are given."""
        places = {span: index for index, span in enumerate(self.article.sentences)}
        candidates = [Candidate(sentence.text, places[sentence.evidence[-1]]) for sentence in sentences]
        chosen = sorted(self.ranking.choose(candidates, self.limits[length]))
        if not chosen:
            words = [word_count(sentence.text) for sentence in sentences]
            chosen = [words.index(min(words))]
            self.notes.append(f"No sentence fits the {length} summary; the shortest has {min(words)} words.")
        return tuple(sentences[index] for index in chosen)
