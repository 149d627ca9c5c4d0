"""What every family of language models offers: an article in, drafts of its summaries out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

# Called with the steps done and their total; an exception that it raises ends the work and reaches the caller.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Excerpt:
    """The part of an article that a model reads: the title, and sentences in order."""

    title: str | None
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Completion:
    """Generated text. `finished` is False when a token limit cut it off, so that its last sentence is incomplete."""

    text: str
    finished: bool


@dataclass(frozen=True)
class Draft:
    """Both lengths of a generated summary; a length that was not requested is None.

    Each is a tuple of completions, one for each part in which the article was read.
    """

    short: tuple[Completion, ...] | None
    long: tuple[Completion, ...] | None


@dataclass(frozen=True)
class Question:
    """Does a passage of an article state every detail of a sentence?"""

    passage: str
    sentence: str


class Judge(Protocol):
    """A model that judges whether sentences are supported."""

    def load(self) -> None:
        """Load the weights, once."""

    def verdicts(self, questions: Sequence[Question], progress: Progress) -> list[float]:
        """The log-odds of "Yes" against "No" for each question, in order."""


class Writer(Protocol):
    """A model that writes summaries."""

    @property
    def name(self) -> str:
        """The name that answers report."""

    @property
    def token_budget(self) -> int:
        """Tokens of an article that the model reads unless a setting says otherwise."""

    def load(self) -> None:
        """Load the weights, once.

        :raises ModelFailed: when they do not load.
        """

    def count_tokens(self, text: str, on_wait: Callable[[], None]) -> int:
        """The number of tokens of a text.

        :param on_wait: called now and then while the model is busy; an exception that it raises ends the waiting.
        """

    def draft(self, excerpt: Excerpt, *, short: bool, long: bool, progress: Progress) -> Draft:
        """Write a short and a long summary from one reading of the excerpt."""
