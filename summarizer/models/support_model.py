"""The verifier's model: a passage of an article and a sentence → the log-odds that the passage supports the sentence.

Its weights, `support.safetensors`, are trained by scripts/training/train_verifier.py.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from summarizer.errors import ModelFailed, ModelNotFound
from summarizer.models.devices import compute_threads, hide_loading_bars, set_torch_threads
from summarizer.models.once import Once
from summarizer.models.protocols import Progress

WEIGHTS = Path(__file__).with_name("support.safetensors")
_BATCH_SIZE = 8


class SupportModel:
    """Takes tens of milliseconds a sentence; safe to call from several threads."""

    def __init__(self, encoder: Path, weights: Path = WEIGHTS) -> None:
        """Take the files, without reading them. It runs on the processor.

        :param encoder: the folder of the sentence encoder, whose embeddings it shares.
        :raises ModelNotFound: when the weights are missing.
        """
        if not weights.is_file():
            raise ModelNotFound(f"The weights of the verifier are not at {weights}. Install the package again.")
        self._encoder = encoder
        self._path = weights
        self._tokenizing = threading.Lock()
        self._weights = Once(self._load)

    def load(self) -> None:
        """Load the weights, once.

        :raises ModelFailed: when they do not load.
        """
        self._weights()

    def log_odds(self, pairs: Sequence[tuple[str, str]], progress: Progress) -> list[float]:
        """The log-odds that each passage supports its sentence.

        :param pairs: of a passage and a sentence.
        """
        import torch

        tokenizer, network = self._weights()
        set_torch_threads(compute_threads())
        found: list[float] = []
        for start in range(0, len(pairs), _BATCH_SIZE):
            passages, sentences = zip(*pairs[start : start + _BATCH_SIZE], strict=True)
            with self._tokenizing:  # the tokenizer stores its padding options
                inputs = tokenizer(list(passages), list(sentences))
            del inputs["offset_mapping"]
            with torch.inference_mode():
                support, _ = network(**inputs)
            found += support.tolist()
            progress(len(found), len(pairs))
        return found

    def _load(self) -> tuple[Any, Any]:
        from safetensors.torch import load_file

        from summarizer.models.support_network import PairTokenizer, SupportNetwork

        hide_loading_bars()
        try:
            network = SupportNetwork(self._encoder)
            network.load_trained({name: value.float() for name, value in load_file(self._path).items()})
            return PairTokenizer(self._encoder), network.eval()
        except Exception as error:  # errors of transformers, safetensors and torch have no other base in common
            raise ModelFailed(f"The verifier's network in {self._path} could not be loaded: {error}") from error
