"""Article → the sentences of it that a model reads, within its token budget."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Protocol

from summarizer.faithfulness import names_in
from summarizer.selection.selector import Selector
from summarizer.text.words import stem, terms


class TokenCounter(Protocol):
    """Counts the tokens of a model."""

    def count_tokens(self, text: str, on_wait: Callable[[], None]) -> int:
        """The number of tokens of a text."""


def token_costs(text: str, sentences: Sequence[str], counter: TokenCounter, on_wait: Callable[[], None]) -> list[float]:
    """About the number of tokens of each sentence.

    :param text: the whole article, whose tokens are counted.
    """
    tokens_per_character = counter.count_tokens(text, on_wait) / len(text)
    return [len(sentence) * tokens_per_character + 1 for sentence in sentences]


def best_within(budget: float, costs: Sequence[float], selector: Selector) -> tuple[int, ...]:
    """The indices of the sentences to read, in order: all of them, or the best that fit the budget.

    :param budget: in tokens.
    :param costs: tokens of each sentence.
    """
    if sum(costs) <= budget:
        return tuple(range(len(costs)))
    return selector.select_within_budget(costs, budget)


def around(points: Sequence[int], sentences: Sequence[str], costs: Sequence[float], budget: float) -> tuple[int, ...]:
    """The indices of the sentences to read, in order: the points, and what makes them comprehensible.

    These are the sentence before each, which says who "he" is, the one after the first, which often names whom the
    first only describes, and the ones where the names of the points occur first, with more about them.

    :param points: the indices of the sentences that a summary is about, the most important one first.
    :param costs: tokens of each sentence.
    :param budget: in tokens; points that do not fit are not read, either.
    """
    beside = [points[0] + 1, *(point - 1 for point in points)] if points else []
    read: set[int] = set()
    for index in chain(points, beside, _introductions(points, sentences)):
        if 0 <= index < len(sentences) and index not in read and costs[index] <= budget:
            read.add(index)
            budget -= costs[index]
    return tuple(sorted(read))


def _introductions(points: Sequence[int], sentences: Sequence[str]) -> Iterator[int]:
    """For each name in the points, the first sentence that has it."""
    wanted = {stem(name): None for point in points for name in names_in(sentences[point])}
    words = [{stem(term) for term in terms(sentence)} for sentence in sentences[: max(points, default=0)]]
    for name in wanted:
        yield from [index for index, found in enumerate(words) if name in found][:1]
