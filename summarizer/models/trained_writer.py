"""The default language model with its adapter, which is trained to state what a sentence says so that it reads alone.

The selection chooses the sentences, the points. The model reads the article around them, then each point once more, and
right after it writes the statement: who "he" is, without asides. Errors stay local, and every statement comes with its
evidence. It is also trained to judge such statements, right and wrong ones.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from summarizer.models import prompts
from summarizer.models.protocols import Accept, Excerpt, Length, Progress, Statement

# Of a statement; the longest in the references has 61.
_MAX_STATEMENT_TOKENS = 90
# Other wordings that are sampled for a statement that was not accepted. Untuned.
_ALTERNATIVES, _TEMPERATURE = 2, 0.7
_MARKS: dict[Length, str] = {"short": prompts.SHORT_MARK, "long": prompts.LONG_MARK}


class Engine(Protocol):
    """A language model that continues a prompt."""

    @property
    def name(self) -> str:
        """The name that answers report."""

    @property
    def token_budget(self) -> int:
        """Tokens of an article that the model reads unless a setting says otherwise."""

    def load(self) -> None:
        """Load the weights, once."""

    def count_tokens(self, text: str, on_wait: Callable[[], None]) -> int:
        """The number of tokens of a text."""

    def continue_prompt(
        self, prompt: str, limit: int, on_token: Callable[[], None], *, temperature: float = 0.0, seed: int = 0
    ) -> str:
        """What the model writes after a prompt, up to the end of the line.

        :param limit: in tokens.
        :param on_token: called after each token; an exception that it raises ends the text and reaches the caller.
        """

    def log_odds(self, prompt: str, one: str, other: str, on_token: Callable[[], None]) -> float:
        """How much likelier one token is than another after a prompt, as a difference of log-probabilities."""


@dataclass(frozen=True)
class TrainedWriter:
    """Writes summaries sentence by sentence, one on each point of an excerpt."""

    engine: Engine

    @property
    def name(self) -> str:
        """The name that answers report."""
        return self.engine.name

    @property
    def token_budget(self) -> int:
        """Tokens of an article that the model reads unless a setting says otherwise."""
        return self.engine.token_budget

    def load(self) -> None:
        """Load the weights, once."""
        self.engine.load()

    def count_tokens(self, text: str, on_wait: Callable[[], None]) -> int:
        """The number of tokens of a text."""
        return self.engine.count_tokens(text, on_wait)

    def write(self, excerpt: Excerpt, lengths: Collection[Length], accept: Accept, progress: Progress) -> None:
        """Write a long summary, of which the statement of the main point is also the short one; or that one alone.

        A separate short summary says the same in most cases, and takes a quarter of the time.
        """
        length: Length = "long" if "long" in lengths else "short"
        points = [point for point in excerpt.points if length == "long" or point == excerpt.main]
        text = prompts.writing_prompt(excerpt) + _MARKS[length]
        for done, point in enumerate(points):
            on_token = partial(progress, done, len(points))
            on_token()
            sources = [excerpt.sentences[point]]
            statement = Statement(
                self._continued(text, sources, on_token),
                (point,),
                partial(self._alternatives, text, sources, on_token),
                partial(self._judge, text, sources, on_token),
            )
            accepted = accept(length, statement)
            if point == excerpt.main and len(lengths) > 1:
                accept("short", statement if accepted is None else replace(statement, text=accepted))
            if accepted is not None:
                text = with_statement(text, sources, accepted)
        progress(len(points), len(points))

    def _continued(self, prompt: str, sources: Sequence[str], on_token: Callable[[], None], seed: int = 0) -> str:
        """A statement of the sources: the likeliest one, or one that a seed chooses."""
        return self.engine.continue_prompt(
            prompt + prompts.statement_prompt(sources),
            _MAX_STATEMENT_TOKENS,
            on_token,
            temperature=_TEMPERATURE if seed else 0.0,
            seed=seed,
        ).strip()

    def _alternatives(self, prompt: str, sources: Sequence[str], on_token: Callable[[], None]) -> Iterator[str]:
        """Other wordings of a statement, from the same reading."""
        for seed in range(1, _ALTERNATIVES + 1):
            yield self._continued(prompt, sources, on_token, seed)

    def _judge(self, prompt: str, sources: Sequence[str], on_token: Callable[[], None], statement: str) -> float:
        """The log-odds that a statement is right. It is one token after those that the model has read or written."""
        asked = verdict_prompt(prompt, sources, statement)
        return self.engine.log_odds(asked, prompts.RIGHT, prompts.WRONG, on_token)


def verdict_prompt(prompt: str, sources: Sequence[str], statement: str) -> str:
    """The prompt behind which the model says whether a statement is right.

    :param prompt: what stands before its sources.
    """
    return with_statement(prompt, sources, statement) + prompts.VERDICT_MARK


def with_statement(prompt: str, sources: Sequence[str], statement: str) -> str:
    """A prompt with one more statement and, before it, the sentences that it states."""
    return f"{prompt}{prompts.statement_prompt(sources)} {prompts.without_special_tokens(statement)}\n"
