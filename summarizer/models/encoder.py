"""The sentence encoder: sentences → unit vectors.

all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020) through transformers.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from summarizer.cancellation import CHECK_INTERVAL, checkpoint
from summarizer.errors import ModelFailed, ModelNotFound
from summarizer.models.devices import compute_threads, hide_loading_bars, set_torch_threads, torch_device
from summarizer.models.once import Once

# Small batches of sentences of similar length waste the least on padding: 0.33 s against 0.45 s in batches of 32 for
# the sentences of a 745-word article on two cores.
_BATCH_SIZE = 8
# Batches of one article queued for each thread; more would let a long article delay short ones.
_QUEUED_BATCHES = 2
# The model was trained on 128 to 256 tokens; a longer sentence is a table.
_MAX_TOKENS = 256

Vectors = NDArray[np.float32]


class SentenceEncoder:
    """Loads its weights once; calls from several threads share a pool.

    Each batch is computed on one thread. For a model this small that is faster than many threads per batch, and two
    articles at the same time take no longer than one after the other.
    """

    def __init__(self, folder: Path, device: str = "auto") -> None:
        """Find the weights, without reading them.

        :raises ModelNotFound: when they are missing.
        """
        if not (folder / "model.safetensors").is_file():
            raise ModelNotFound(f"The sentence encoder is not in {folder}. Run 'summarizer download' to fetch it.")
        self._folder = folder
        self._device = device
        self._threads = compute_threads()
        self._tokenizing = threading.Lock()
        self._weights = Once(self._load)
        self._pool = ThreadPoolExecutor(self._threads, "encoder", initializer=set_torch_threads, initargs=(1,))

    def load(self) -> None:
        """Load the weights, once.

        :raises ModelFailed: when they do not load.
        :raises InvalidSetting: when the device is not available.
        """
        self._weights()

    def embed(self, sentences: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Vectors:
        """Unit vectors of the sentences, shape (sentences, dimensions), in their order; equal ones are computed once.

        :param progress: called after each batch with the number of distinct sentences done and their total; an
            exception that it raises ends the work.
        """
        positions = {sentence: index for index, sentence in enumerate(dict.fromkeys(sentences))}
        vectors = self._embed_distinct(list(positions), progress)
        return vectors[[positions[sentence] for sentence in sentences]]

    def _embed_distinct(self, sentences: Sequence[str], progress: Callable[[int, int], None] | None) -> Vectors:
        _, model = self._weights()
        vectors = np.zeros((len(sentences), model.config.hidden_size), dtype=np.float32)
        # Longest first, so that no thread ends up alone with them.
        by_length = sorted(range(len(sentences)), key=lambda index: -len(sentences[index]))
        batches = (by_length[start : start + _BATCH_SIZE] for start in range(0, len(by_length), _BATCH_SIZE))
        running: dict[Future[Vectors], list[int]] = {}
        done = 0
        try:
            while True:
                for batch in islice(batches, _QUEUED_BATCHES * self._threads - len(running)):
                    running[self._pool.submit(self._embed_batch, [sentences[index] for index in batch])] = batch
                if not running:
                    return vectors
                checkpoint()
                for future in wait(running, CHECK_INTERVAL, return_when=FIRST_COMPLETED).done:
                    batch = running.pop(future)
                    vectors[batch] = future.result()
                    done += len(batch)
                    if progress:
                        progress(done, len(sentences))
        finally:
            for future in running:
                future.cancel()

    def _embed_batch(self, sentences: list[str]) -> Vectors:
        import torch

        tokenizer, model = self._weights()
        with self._tokenizing:  # the tokenizer stores its padding options
            inputs = tokenizer(sentences, padding=True, truncation=True, max_length=_MAX_TOKENS, return_tensors="pt")
        inputs = inputs.to(model.device)
        with torch.inference_mode():
            tokens = model(**inputs).last_hidden_state
            mask = inputs["attention_mask"].unsqueeze(-1)
            means = (tokens * mask).sum(1) / mask.sum(1)
            vectors: Vectors = torch.nn.functional.normalize(means, dim=1).cpu().numpy()
        return vectors

    def _load(self) -> tuple[Any, Any]:
        from transformers import AutoModel, AutoTokenizer

        hide_loading_bars()
        device = torch_device(self._device)
        try:
            tokenizer = AutoTokenizer.from_pretrained(self._folder, local_files_only=True)
            model = AutoModel.from_pretrained(self._folder, local_files_only=True)
            return tokenizer, model.to(device).eval()
        except Exception as error:  # errors of transformers, tokenizers and safetensors have no other base in common
            raise ModelFailed(
                f"The sentence encoder in {self._folder} could not be loaded (if a file is damaged, delete the folder "
                f"and run 'summarizer download'): {error}"
            ) from error
