"""The page divider: features of a page's lines → the part of the page that each probably belongs to, and the title.

Its weights, `page.safetensors`, are trained by scripts/training/train_divider.py.
"""

from collections.abc import Sequence
from functools import cache
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from summarizer.errors import ModelFailed
from summarizer.models.once import Once

WEIGHTS = Path(__file__).with_name("page.safetensors")
# Values of each line and of each candidate for the title, and hashes of words.
FEATURES, TITLE_FEATURES, BUCKETS = 51, 30, 8_192
# The parts of a page from top to bottom; the head is what stands between title and article.
PARTS = ABOVE, TITLE, HEAD, ARTICLE, BELOW = range(5)


class PageDivider:
    """Loads its weights at the first call; safe to call from several threads."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """Take a file of weights, without reading it."""
        self._path = weights
        self._network = Once(self._load)

    def load(self) -> None:
        """Load the weights, once.

        :raises ModelFailed: when they do not load.
        """
        self._network()

    def parts(self, features: NDArray[np.float32], words: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """The probability of each part of the page for each line.

        :param features: shape (lines, 51), the columns of `summarizer.cleaning.line_features`.
        :param words: for each line, the buckets of its words.
        :return: shape (lines, 5).
        """
        import torch

        from summarizer.models.page_network import marginals

        network = self._network()
        with torch.no_grad():
            scores = network(torch.from_numpy(features), *bag(words))
        return np.asarray(marginals(scores).numpy())

    def title_scores(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """How well each candidate fits as the title; the differences count.

        :param features: shape (candidates, 30), the columns of `summarizer.cleaning.division`.
        """
        import torch

        with torch.inference_mode():
            return np.asarray(self._network().title(torch.from_numpy(features))[:, 0].numpy())

    def _load(self) -> Any:
        from safetensors.torch import load_file

        from summarizer.models.page_network import PageNetwork

        network = PageNetwork().eval()
        try:
            network.load_state_dict(load_file(self._path))
        except Exception as error:  # errors of safetensors and torch have no other base in common
            raise ModelFailed(f"{self._path} could not be loaded ({error}). Install the package again.") from error
        return network


def bag(words: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    """The buckets of all lines in one tensor, and where each line's begin."""
    import torch

    flat = torch.tensor(list(chain.from_iterable(words)), dtype=torch.long)
    offsets = torch.tensor([0, *accumulate(map(len, words))][:-1], dtype=torch.long)
    return flat, offsets


@cache
def default_divider() -> PageDivider:
    """The divider of the package."""
    return PageDivider()
