"""The cache of summaries, for clients that send the same article with the same options again.

Identical concurrent requests are computed once.
"""

import hashlib
import threading
from concurrent.futures import Future
from functools import cache
from pathlib import Path

from summarizer.errors import Busy
from summarizer.summary import Summary
from summarizer.web.stores import Store

_PACKAGE = Path(__file__).parents[1]
_DATA_SUFFIXES = (".py", ".json", ".toml", ".txt", ".gguf", ".safetensors")


class Computation:
    """A summary that is being computed for one request, and for identical ones that wait for it."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.result: Future[Summary | None] = Future()  # None if it is not for others
        self.waiting = 0  # the number of other requests that wait

    @property
    def is_awaited(self) -> bool:
        """Whether other requests wait for it."""
        return self.waiting > 0


class SummaryCache:
    """Summaries by key; safe to use from several threads."""

    def __init__(self, store: Store | None, *, max_waiting: int = 16) -> None:
        """Use a store.

        :param store: None to store nothing.
        :param max_waiting: requests that may wait for the computations of others.
        """
        self._store = store
        self._max_waiting = max_waiting
        self._running: dict[str, Computation] = {}
        self._waiting = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> Summary | None:
        """The cached summary of a key."""
        return self._store.get(key) if self._store else None

    def claim(self, key: str) -> tuple[Computation, bool]:
        """The computation of a key, and whether the caller must do it and `release` it, or may await its result.

        :raises Busy: when too many requests wait for it.
        """
        with self._lock:
            if key not in self._running:
                self._running[key] = Computation(key)
                return self._running[key], True
            computation = self._running[key]
            if self._waiting >= self._max_waiting:
                raise Busy("Too many clients wait for the summaries of others. Send the request again in a second.", 1)
            computation.waiting += 1
            self._waiting += 1
            return computation, False

    def leave(self, computation: Computation) -> None:
        """Wait for a computation no longer."""
        with self._lock:
            computation.waiting -= 1
            self._waiting -= 1

    def release(self, computation: Computation, summary: Summary | None, *, is_stored: bool = True) -> None:
        """End a computation.

        :param summary: given to those who wait, and stored; None to let them compute it again.
        """
        try:
            if summary is not None and self._store and is_stored:
                self._store.set(computation.key, summary)
        finally:
            with self._lock:
                del self._running[computation.key]
            computation.result.set_result(summary)


def cache_key(*parts: object) -> str:
    """The key of a summary: a hash of the article as sent, the options, and the code that computes it."""
    return hashlib.sha256(repr((parts, code_hash())).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def code_hash() -> str:
    """A hash of the package, so that a change of the code or its data invalidates the cache."""
    paths = sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _DATA_SUFFIXES)
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
