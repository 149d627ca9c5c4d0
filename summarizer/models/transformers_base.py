"""What the families that run through transformers share: a tokenizer and weights, loaded once, behind one lock."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from summarizer.errors import ModelFailed
from summarizer.models.devices import compute_threads, hide_loading_bars, set_torch_threads, torch_device
from summarizer.models.once import Once

# Seconds between two calls of `on_wait` while another thread uses the model.
_WAIT_INTERVAL = 0.5


class TransformersModel:
    """A tokenizer and a model from a folder or the hub's cache; calls from several threads take turns."""

    _auto_class: str  # the class of transformers that loads the weights

    def __init__(self, source: str | Path, *, device: str = "auto") -> None:
        self.name = source.name if isinstance(source, Path) else source
        self._source = source
        self._device = device
        self._lock = threading.RLock()
        # The tokenizer and the model, in evaluation mode on its device.
        self._weights = Once(self._load)

    def load(self) -> None:
        """Load the weights, once.

        :raises ModelFailed: when they do not load.
        """
        self._weights()

    def count_tokens(self, text: str, on_wait: Callable[[], None]) -> int:
        """The number of tokens of a text, without special ones."""
        tokenizer, _ = self._weights()
        with self._turn(on_wait):
            return len(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    @staticmethod
    def _stopping_criteria(on_token: Callable[[], None]) -> list[Callable[..., Any]]:
        """A criterion that never stops `generate`, but calls `on_token` after each token; its exception does."""

        def criterion(tokens: Any, scores: Any, **options: Any) -> Any:
            on_token()
            return tokens.new_zeros(tokens.shape[0], dtype=bool)

        return [criterion]

    @contextmanager
    def _turn(self, on_wait: Callable[[], None]) -> Iterator[None]:
        """Use the model alone; `on_wait` is called while another thread does, and its exception ends the waiting."""
        while not self._lock.acquire(timeout=_WAIT_INTERVAL):
            on_wait()
        try:
            set_torch_threads(compute_threads())
            yield
        finally:
            self._lock.release()

    def _load(self) -> tuple[Any, Any]:
        import transformers

        hide_loading_bars()
        device = torch_device(self._device)
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(self._source)
            model = getattr(transformers, self._auto_class).from_pretrained(self._source, dtype="auto")
            model = model.to(device).eval()
        except Exception as error:  # errors of transformers, tokenizers and safetensors have no other base in common
            raise ModelFailed(f"{self._source} could not be loaded: {error}") from error
        if tokenizer.pad_token is None:
            tokenizer.pad_token = tokenizer.eos_token
        return tokenizer, model
