"""The cache of summaries, for clients that send the same article with the same options again.

On disk and bounded; least recently used entries are evicted first. Identical concurrent requests are computed once.
"""

import hashlib
import logging
import shutil
import sqlite3
import threading
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import Any

from summarizer.errors import Busy
from summarizer.summary import Summary

_PACKAGE = Path(__file__).parents[1]
_DATA_SUFFIXES = (".py", ".json", ".toml", ".txt", ".gguf", ".safetensors")
# Seconds to wait for a database that another process is writing.
_DATABASE_TIMEOUT = 1
# Bytes. Entries stay in the database's own files, which are private, and get no files of their own.
_MIN_FILE_SIZE = 2**30
_SECONDS_A_DAY = 24 * 60 * 60
log = logging.getLogger(__name__)


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

    def __init__(self, folder: Path, megabytes: int, *, days: float | None = None, max_waiting: int = 16) -> None:
        """Open the cache in a folder, which is created.

        :param megabytes: the size limit; 0 disables storing.
        :param days: the age limit; None for no limit.
        :param max_waiting: requests that may wait for one computation.
        """
        self._store = _Store(folder, megabytes, days) if megabytes else None
        self._max_waiting = max_waiting
        self._running: dict[str, Computation] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> Summary | None:
        """The cached summary of a key."""
        return self._store.get(key) if self._store else None

    def claim(self, key: str) -> tuple[Computation, bool]:
        """The computation of a key, and whether the caller must do it and `release` it, or may `wait` for it.

        :raises Busy: when too many requests wait for it.
        """
        with self._lock:
            if key not in self._running:
                self._running[key] = Computation(key)
                return self._running[key], True
            computation = self._running[key]
            if computation.waiting >= self._max_waiting:
                raise Busy("Too many clients wait for this summary. Send the request again in a second.", 1)
            computation.waiting += 1
            return computation, False

    def leave(self, computation: Computation) -> None:
        """Wait for a computation no longer."""
        with self._lock:
            computation.waiting -= 1

    def release(self, computation: Computation, summary: Summary | None, *, is_stored: bool = True) -> None:
        """End a computation.

        :param summary: given to those who wait, and stored; None to let them compute it again.
        """
        if summary is not None and self._store and is_stored:
            self._store.set(computation.key, summary)
        with self._lock:
            del self._running[computation.key]
        computation.result.set_result(summary)

    def purge(self) -> int:
        """Delete all stored summaries; their number."""
        return self._store.purge() if self._store else 0


def cache_key(*parts: object) -> str:
    """The key of a summary: a hash of the article as sent, the options, and the code that computes it."""
    return hashlib.sha256(repr((parts, code_hash())).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def code_hash() -> str:
    """A hash of the package, so that a change of the code or its data invalidates the cache."""
    paths = sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _DATA_SUFFIXES)
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


class _Store:
    """Summaries by key on disk. Storage errors are logged and ignored; the summary is still returned."""

    def __init__(self, folder: Path, megabytes: int, days: float | None) -> None:
        import diskcache

        # ValueError: text that is not valid UTF-8, and a truncated file.
        self._errors = (OSError, ValueError, sqlite3.Error, diskcache.Timeout)
        self._seconds = None if days is None else days * _SECONDS_A_DAY
        self._cache: Any = None
        try:
            try:
                self._cache = _open(folder, megabytes)
            except sqlite3.DatabaseError as error:  # the file is damaged
                log.warning("the cache of summaries is made anew: %s is damaged (%s)", folder, type(error).__name__)
                shutil.rmtree(folder)
                self._cache = _open(folder, megabytes)
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
                self._cache.set(key, summary.model_dump_json().encode(), expire=self._seconds)
        except self._errors as error:
            log.warning("a summary is not cached (%s)", type(error).__name__)

    def purge(self) -> int:
        return int(self._cache.clear()) if self._cache is not None else 0


def _open(folder: Path, megabytes: int) -> Any:
    """The database in a folder; other users of the machine cannot read the articles in it.

    :raises sqlite3.DatabaseError: when it is damaged.
    """
    import diskcache

    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    opened = diskcache.Cache(
        str(folder),
        timeout=_DATABASE_TIMEOUT,
        size_limit=megabytes * 2**20,
        eviction_policy="least-recently-used",
        disk_min_file_size=_MIN_FILE_SIZE,
        sqlite_secure_delete=1,
    )
    for file in folder.iterdir():
        file.chmod(0o600)
    return opened
