"""The sentence ranker: vectors and features of an article's sentences → how likely each stands in a summary.

Its weights, `ranker.safetensors`, are trained by scripts/training/train_selector.py.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from summarizer.cancellation import checked
from summarizer.models.encoder import Vectors
from summarizer.models.once import Once

WEIGHTS = Path(__file__).with_name("ranker.safetensors")
# Sentences that the network reads at once. Its time and memory grow with the square of their number; the articles that
# it is trained on have up to 80.
_WINDOW = 256


class SentenceRanker:
    """Loads its weights at the first call; safe to call from several threads."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """Take a file of weights, without reading it."""
        self._path = weights
        self._network = Once(self._load)

    def probabilities(self, vectors: Vectors, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """The probabilities that each sentence stands in a long and in a short summary, shape (sentences, 2).

        :param vectors: unit vectors of the sentences, shape (sentences, 384).
        :param features: shape (sentences, 20), the columns of `summarizer.selection.features`.
        """
        import torch

        network = self._network()
        found = []
        with torch.inference_mode():
            for start in checked(range(0, len(vectors), _WINDOW)):
                window = slice(start, start + _WINDOW)
                inputs = (torch.from_numpy(values[window]).unsqueeze(0) for values in (vectors, features))
                is_padding = torch.zeros((1, len(vectors[window])), dtype=torch.bool)
                found.append(torch.sigmoid(network(*inputs, is_padding))[0].numpy())
        return np.concatenate(found)

    def _load(self) -> Any:
        from safetensors.torch import load_file

        from summarizer.models.ranker_network import RankerNetwork

        network = RankerNetwork().eval()
        network.load_state_dict(load_file(self._path))
        return network


@cache
def default_ranker() -> SentenceRanker:
    """The ranker of the package."""
    return SentenceRanker()
