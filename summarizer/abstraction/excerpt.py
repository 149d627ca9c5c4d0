"""Article → the sentences of it that a model reads, within its token budget."""

from collections.abc import Callable, Sequence

from summarizer.models.protocols import Writer
from summarizer.selection.selector import Selector


def select_excerpt(
    text: str,
    sentences: Sequence[str],
    selector: Selector,
    writer: Writer,
    *,
    budget: int,
    on_wait: Callable[[], None],
) -> tuple[int, ...]:
    """The indices of the sentences to read, in order: all of them, or the best that fit the budget.

    :param text: the whole article, whose tokens are counted.
    :param budget: in tokens.
    """
    tokens = writer.count_tokens(text, on_wait)
    if tokens <= budget:
        return tuple(range(len(sentences)))
    tokens_per_character = tokens / len(text)
    costs = [len(sentence) * tokens_per_character + 1 for sentence in sentences]
    return selector.select_within_budget(costs, budget)
