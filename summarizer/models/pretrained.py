"""What the families that run through transformers have in common: a tokenizer and weights, loaded once, one lock."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from summarizer.errors import ModelFailed
from summarizer.models.devices import compute_on, hide_loading_bars, torch_device

# In seconds.
_GLANCE = 0.5


class PretrainedModel:
    """A tokenizer and a model from a folder or from the hub's cache; calls from several threads take turns."""

    _auto_class: str  # the class of transformers that loads the weights
    _padding_side = "right"

    def __init__(self, source: str | Path, *, device: str = "auto", threads: int | None = None) -> None:
        self.name = source.name if isinstance(source, Path) else source
        self._source = source
        self._device = device
        self._threads = threads
        self._lock = threading.RLock()
        self._loaded: tuple[Any, Any] | None = None

    def load(self) -> None:
        """Load the weights unless they are there.

        :raises ModelFailed: when they do not load.
        """
        self._weights()

    def count_tokens(self, text: str, waiting: Callable[[], None]) -> int:
        """Tokens of a text, without special ones."""
        tokenizer, _ = self._weights()
        with self._turn(waiting):
            return len(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def _told(self, told: Callable[[], None]) -> list[Callable[..., Any]]:
        """What `generate` asks after each token whether to stop: never; but it tells, and an error ends the writing."""

        def criterion(tokens: Any, scores: Any, **options: Any) -> Any:
            told()
            return tokens.new_zeros(tokens.shape[0], dtype=bool)

        return [criterion]

    @contextmanager
    def _turn(self, told: Callable[[], None]) -> Iterator[None]:
        """Have the model alone; who waits tells so now and then, and an error ends the waiting."""
        while not self._lock.acquire(timeout=_GLANCE):
            told()
        try:
            compute_on(self._threads)
            yield
        finally:
            self._lock.release()

    def _weights(self) -> tuple[Any, Any]:
        """The tokenizer and the model, in evaluation mode on its device."""
        if self._loaded is not None:
            return self._loaded
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> tuple[Any, Any]:
        import transformers

        hide_loading_bars()
        device = torch_device(self._device)
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(self._source, padding_side=self._padding_side)
            model = getattr(transformers, self._auto_class).from_pretrained(self._source, dtype="auto")
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise ModelFailed(f"{self._source} does not load: {error}") from error
        if tokenizer.pad_token is None:
            tokenizer.pad_token = tokenizer.eos_token
        return tokenizer, model.to(device).eval()
