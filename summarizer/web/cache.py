"""The cache of summaries, for clients that send the same article with the same options again.

On disk and bounded; least recently used entries are evicted first. Identical concurrent requests are computed once.
"""

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from summarizer.readers import Document
from summarizer.summary import Summary

_PACKAGE = Path(__file__).parents[1]
_DATA_SUFFIXES = (".py", ".json", ".toml", ".txt", ".gguf", ".safetensors")
# Seconds between two calls of `on_wait`.
_WAIT_INTERVAL = 0.5
# Seconds to wait for a database that another process is writing.
_DATABASE_TIMEOUT = 1
log = logging.getLogger(__name__)


@dataclass
class _Computation:
    """A summary that is being computed.

    :param result: the summary; None if it is not for others.
    :param waiting: the number of other requests that wait for it.
    """

    result: "Future[Summary | None]" = field(default_factory=Future)
    waiting: int = 0


class SummaryCache:
    """Summaries by key; safe to use from several threads."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        """Open the cache in a folder, which is created.

        :param megabytes: the size limit; 0 disables storing.
        """
        self._store = _Store(folder, megabytes) if megabytes else None
        self._running: dict[str, _Computation] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> Summary | None:
        """The cached summary of a key."""
        return self._store.get(key) if self._store else None

    def is_awaited(self, key: str) -> bool:
        """Whether other requests wait for the summary that is being computed for a key."""
        with self._lock:
            return key in self._running and self._running[key].waiting > 0

    def get_or_compute(
        self,
        key: str,
        compute: Callable[[], Summary],
        on_wait: Callable[[], None],
        *,
        is_cacheable: Callable[[Summary], bool],
    ) -> Summary:
        """The summary of a key, computed unless it is cached or another thread is computing it.

        :param on_wait: called first and then repeatedly while another thread computes; its exception ends the waiting.
        :param is_cacheable: whether a summary may be stored and given to others.
        """
        while True:
            if cached := self.get(key):
                return cached
            with self._lock:
                is_mine = key not in self._running
                computation = self._running.setdefault(key, _Computation())
                computation.waiting += not is_mine
            if is_mine:
                return self._compute(key, compute, is_cacheable, computation)
            if shared := self._await(computation, on_wait):
                return shared

    def _await(self, computation: _Computation, on_wait: Callable[[], None]) -> Summary | None:
        try:
            on_wait()
            while not wait([computation.result], _WAIT_INTERVAL).done:
                on_wait()
        finally:
            with self._lock:
                computation.waiting -= 1
        return computation.result.result()

    def _compute(
        self,
        key: str,
        compute: Callable[[], Summary],
        is_cacheable: Callable[[Summary], bool],
        computation: _Computation,
    ) -> Summary:
        """Compute a summary; waiting requests share it, or compute it again if this fails."""
        shared = None
        try:
            summary = compute()
            if is_cacheable(summary):
                shared = summary
                if self._store:
                    self._store.set(key, summary)
            return summary
        finally:
            with self._lock:
                del self._running[key]
            computation.result.set_result(shared)


def cache_key(document: Document, *options: object) -> str:
    """The key of a summary: a hash of the document, the options, and the code that computes it."""
    parts = [asdict(document), options, code_hash()]
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def code_hash() -> str:
    """A hash of the package, so that a change of the code or its data invalidates the cache."""
    paths = sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _DATA_SUFFIXES)
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


class _Store:
    """Summaries by key on disk. Storage errors are logged and ignored; the summary is still returned."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        import diskcache

        # ValueError: text that is not valid UTF-8, and a truncated file.
        self._errors = (OSError, ValueError, sqlite3.Error, diskcache.Timeout)
        self._cache: Any = None
        try:
            # Other users of the machine must not read the articles.
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            size = megabytes * 2**20
            self._cache = diskcache.Cache(
                str(folder), timeout=_DATABASE_TIMEOUT, size_limit=size, eviction_policy="least-recently-used"
            )
        except self._errors as error:
            log.warning("summaries are not cached: %s cannot be written (%s)", folder, type(error).__name__)

    def get(self, key: str) -> Summary | None:
        try:
            stored = self._cache.get(key) if self._cache is not None else None
            return None if stored is None else Summary.model_validate_json(stored)
        except self._errors as error:
            log.warning("a cached summary cannot be read (%s)", type(error).__name__)
            return None

    def set(self, key: str, summary: Summary) -> None:
        try:
            if self._cache is not None:
                self._cache.set(key, summary.model_dump_json().encode())
        except self._errors as error:
            log.warning("a summary is not cached (%s)", type(error).__name__)
