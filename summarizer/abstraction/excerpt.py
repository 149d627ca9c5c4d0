"""Article → the sentences of it that a model reads, within its token budget."""

from collections.abc import Callable, Sequence
from typing import Protocol

from summarizer.selection.selector import Selector


class TokenCounter(Protocol):
    """Counts the tokens of a model."""

    def count_tokens(self, text: str, on_wait: Callable[[], None]) -> int:
        """The number of tokens of a text."""


def select_excerpt(
    text: str,
    sentences: Sequence[str],
    selector: Selector,
    counter: TokenCounter,
    *,
    budget: int,
    on_wait: Callable[[], None],
) -> tuple[int, ...]:
    """The indices of the sentences to read, in order: all of them, or the best that fit the budget.

    :param text: the whole article, whose tokens are counted.
    :param budget: in tokens.
    """
    tokens = counter.count_tokens(text, on_wait)
    if tokens <= budget:
        return tuple(range(len(sentences)))
    tokens_per_character = tokens / len(text)
    costs = [len(sentence) * tokens_per_character + 1 for sentence in sentences]
    return selector.select_within_budget(costs, budget)
