"""What every family of language models offers: an article in, its summaries or their sentences out."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

Length = Literal["short", "long"]

# Called with the steps done and their total; an exception that it raises ends the work and reaches the caller.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Excerpt:
    """The part of an article that a model reads: the title, and sentences in order.

    :param points: the indices of the sentences that the summary is about, in order; empty if the model decides.
    :param main: the one of them that a short summary is about.
    :param focus: what a model that decides itself should write about; None for the main news.
    :param words: how many it should write for the long summary; None for the usual number.
    """

    title: str | None
    sentences: tuple[str, ...]
    points: tuple[int, ...] = ()
    main: int | None = None
    focus: str | None = None
    words: int | None = None


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
class Statement:
    """A sentence that a model wrote for a summary.

    :param sources: the indices of the excerpt's sentences that it rests on, best first; empty if the model names none.
    :param alternatives: writes other wordings of it, one after the other, from the same reading.
    :param judge: returns the log-odds, by the same model, that a wording of it is right; None if it does not judge.
    """

    text: str
    sources: tuple[int, ...] = ()
    alternatives: Callable[[], Iterable[str]] = tuple
    judge: Callable[[str], float] | None = None


# Called with each sentence as soon as it is written. Returns the sentence to put into the summary, which the next ones
# follow, or None to leave it out.
Accept = Callable[[Length, Statement], str | None]


class Model(Protocol):
    """A model that writes, in one of the two ways below."""

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


class DraftWriter(Model, Protocol):
    """A model that writes whole summaries."""

    def draft(self, excerpt: Excerpt, *, short: bool, long: bool, progress: Progress) -> Draft:
        """Write a short and a long summary from one reading of the excerpt."""


@runtime_checkable
class StatementWriter(Model, Protocol):
    """A model that states each point of an excerpt in its own sentence, and goes on from what was accepted."""

    def write(self, excerpt: Excerpt, lengths: Collection[Length], accept: Accept, progress: Progress) -> None:
        """Write a summary of each length from one reading of the excerpt."""
