"""The embedded sentence encoder: sentences in, one unit vector each out.

all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020) through transformers. Knows nothing of articles,
ranking or Flask.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from summarizer.errors import ModelNotFound
from summarizer.models.devices import prepare_torch, torch_device

# Small batches of sentences of like length waste the least on padding: 0.33 s against 0.45 s in batches of 32 for
# the sentences of a 745-word article on two cores.
_BATCH = 8
# The model was trained on 128 to 256 tokens; a sentence beyond that is a table.
_LONGEST = 256

Vectors = NDArray[np.float32]


class SentenceEncoder:
    """Loads once, then embeds; calls from several threads take turns."""

    def __init__(self, folder: Path, device: str = "auto", threads: int | None = None) -> None:
        if not (folder / "model.safetensors").is_file():
            raise ModelNotFound(f"The sentence encoder is not in {folder}. Run scripts/setup to put it there.")
        self._folder = folder
        self._device = device
        self._threads = threads
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def load(self) -> None:
        """Load the weights unless they are there."""
        with self._lock:
            self._load()

    def embed(self, sentences: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Vectors:
        """Unit vectors of the sentences, shape (sentences, 384), in their order.

        :param progress: called with the sentences done and their number after each batch.
        """
        import torch

        vectors = np.zeros((len(sentences), 384), dtype=np.float32)
        by_length = sorted(range(len(sentences)), key=lambda index: len(sentences[index]))
        for start in range(0, len(by_length), _BATCH):
            batch = by_length[start : start + _BATCH]
            # One batch a turn, so that a long article does not hold up short ones.
            with self._lock, torch.inference_mode():
                tokenizer, model = self._load()
                inputs = tokenizer(
                    [sentences[index] for index in batch],
                    padding=True,
                    truncation=True,
                    max_length=_LONGEST,
                    return_tensors="pt",
                ).to(model.device)
                tokens = model(**inputs).last_hidden_state
                mask = inputs["attention_mask"].unsqueeze(-1)
                means = (tokens * mask).sum(1) / mask.sum(1)
                vectors[batch] = torch.nn.functional.normalize(means, dim=1).cpu().numpy()
            if progress:
                progress(start + len(batch), len(sentences))
        return vectors

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            from transformers import AutoModel, AutoTokenizer

            prepare_torch(self._threads)
            tokenizer = AutoTokenizer.from_pretrained(self._folder, local_files_only=True)
            model = AutoModel.from_pretrained(self._folder, local_files_only=True)
            self._loaded = tokenizer, model.to(torch_device(self._device)).eval()
        return self._loaded
