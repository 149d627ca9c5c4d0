"""The embedded sentence encoder: sentences in, one unit vector each out.

all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020) through transformers. Knows nothing of articles,
ranking or Flask.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from summarizer.errors import ModelNotFound
from summarizer.models.devices import compute_on, hide_loading_bars, physical_cores, torch_device

# Small batches of sentences of like length waste the least on padding: 0.33 s against 0.45 s in batches of 32 for
# the sentences of a 745-word article on two cores.
_BATCH = 8
# So many batches of one article wait for each thread, so that a long article does not hold up short ones.
_WAITING = 2
# The model was trained on 128 to 256 tokens; a sentence beyond that is a table.
_LONGEST = 256

Vectors = NDArray[np.float32]


class SentenceEncoder:
    """Loads once, then embeds; calls from several threads share its own.

    Each batch is computed on one thread: for a model so small that is faster than many threads a batch, and two
    articles are embedded as fast at once as in turn.
    """

    def __init__(self, folder: Path, device: str = "auto", threads: int | None = None) -> None:
        """Find the weights, without reading them.

        :param threads: how many batches are computed at once; by default one for each physical core.
        :raises ModelNotFound: when they are not there.
        """
        if not (folder / "model.safetensors").is_file():
            raise ModelNotFound(f"The sentence encoder is not in {folder}. Run scripts/setup to put it there.")
        self._folder = folder
        self._device = device
        self._threads = threads or physical_cores()
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None
        self._pool = ThreadPoolExecutor(self._threads, "encoder", initializer=compute_on, initargs=(1,))

    def load(self) -> None:
        """Load the weights unless they are there."""
        self._weights()

    def embed(self, sentences: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Vectors:
        """Unit vectors of the sentences, shape (sentences, 384), in their order.

        :param progress: called with the sentences done and their number after each batch; what it raises ends the work.
        """
        vectors = np.zeros((len(sentences), 384), dtype=np.float32)
        # The longest first, so that no thread is left with them at the end.
        by_length = sorted(range(len(sentences)), key=lambda index: -len(sentences[index]))
        batches = (by_length[start : start + _BATCH] for start in range(0, len(by_length), _BATCH))
        running: dict[Future[Vectors], list[int]] = {}
        done = 0
        try:
            while True:
                for batch in islice(batches, _WAITING * self._threads - len(running)):
                    running[self._pool.submit(self._embed, [sentences[index] for index in batch])] = batch
                if not running:
                    return vectors
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    batch = running.pop(future)
                    vectors[batch] = future.result()
                    done += len(batch)
                    if progress:
                        progress(done, len(sentences))
        finally:
            for future in running:
                future.cancel()

    def _embed(self, sentences: list[str]) -> Vectors:
        import torch

        tokenizer, model = self._weights()
        with self._lock:  # the tokenizer keeps what it is told of padding
            inputs = tokenizer(sentences, padding=True, truncation=True, max_length=_LONGEST, return_tensors="pt")
        inputs = inputs.to(model.device)
        with torch.inference_mode():
            tokens = model(**inputs).last_hidden_state
            mask = inputs["attention_mask"].unsqueeze(-1)
            means = (tokens * mask).sum(1) / mask.sum(1)
            vectors: Vectors = torch.nn.functional.normalize(means, dim=1).cpu().numpy()
        return vectors

    def _weights(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                from transformers import AutoModel, AutoTokenizer

                hide_loading_bars()
                tokenizer = AutoTokenizer.from_pretrained(self._folder, local_files_only=True)
                model = AutoModel.from_pretrained(self._folder, local_files_only=True)
                self._loaded = tokenizer, model.to(torch_device(self._device)).eval()
            return self._loaded
