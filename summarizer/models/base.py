"""The one protocol of all models that write: an article in, text out.

A model knows nothing of Flask, of settings, of stripping or of checking; what it writes is checked elsewhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Reading:
    """What a model reads of an article: the title, and sentences in order."""

    title: str | None
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Passage:
    """What a model wrote. `finished` is False when a limit cut it off: its last sentence is not whole."""

    text: str
    finished: bool


@dataclass(frozen=True)
class Draft:
    """Both lengths of a free summary from one reading; one that was not asked for is None.

    Each is a tuple of passages, one a part in which the article was read.
    """

    short: tuple[Passage, ...] | None
    long: tuple[Passage, ...] | None


@dataclass(frozen=True)
class Question:
    """Whether a passage of an article states every detail of a sentence."""

    passage: str
    sentence: str


class Judge(Protocol):
    """A model that gives a verdict on sentences."""

    def verdicts(self, questions: Sequence[Question], progress: Progress) -> list[float]:
        """The log-odds of "Yes" against "No" for each question, in order."""


class Model(Protocol):
    """What a family of models can do."""

    @property
    def name(self) -> str:
        """The name that an answer shows."""

    @property
    def token_budget(self) -> int:
        """Tokens of an article that `rewrite` reads unless a setting says otherwise."""

    def load(self) -> None:
        """Load the weights unless they are there.

        :raises ModelFailed: when they do not load.
        """

    def count_tokens(self, text: str, waiting: Callable[[], None]) -> int:
        """Tokens that the model reads for this text.

        :param waiting: called now and then while others have the model; what it raises ends the waiting.
        """

    def rewrite(self, reading: Reading, *, short: bool, long: bool, progress: Progress) -> Draft:
        """A short and a long summary in the model's own words, from one reading."""
