"""Watching: what a summary tells while it is made, and how it is ended early."""

from collections.abc import Callable, Mapping
from typing import Literal

from summarizer.article import Article
from summarizer.lengths import Length
from summarizer.summary import SummarySentence

Stage = Literal["reading", "writing", "checking"]
Summaries = Mapping[Length, tuple[SummarySentence, ...]]


class Watcher:
    """Told how a summary comes along, from the thread that makes it; override what you want to know.

    What one of these methods raises ends the work, and reaches the caller of `Summarizer.summarize`.
    """

    def parsed(self, article: Article) -> None:
        """The article is cleaned."""

    def ranked(self, extract: Callable[[], Summaries]) -> None:
        """Its sentences are ranked; `extract` makes the extractive summary, before a model shortens or writes."""

    def step(self, stage: Stage, done: int, total: int) -> None:
        """So many steps of a stage are done."""
