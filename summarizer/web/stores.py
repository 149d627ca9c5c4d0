"""Where cached summaries are stored: in a folder, or in Redis, which several replicas share.

Errors of a store are logged and ignored: the summary is still returned.
"""

import logging
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any, Protocol

from summarizer.errors import InvalidSetting
from summarizer.settings import Settings
from summarizer.summary import Summary
from summarizer.web.redis import ERRORS, PAUSE_SECONDS, connect, required

# Seconds to wait for a database that another process is writing.
_DATABASE_TIMEOUT = 1
# Bytes. Entries stay in the database's own files, which are private, and get no files of their own.
_MIN_FILE_SIZE = 2**30
_SECONDS_A_DAY = 24 * 60 * 60
_REDIS_PREFIX = "summarizer:summary:"
log = logging.getLogger(__name__)


class Store(Protocol):
    """Summaries by key."""

    def get(self, key: str) -> Summary | None:
        """The summary of a key; None if it is not stored or cannot be read."""

    def set(self, key: str, summary: Summary) -> None:
        """Store a summary, if that is possible."""

    def purge(self) -> int:
        """Delete all summaries; their number."""


def open_store(settings: Settings) -> Store | None:
    """The store that the settings name; None if nothing is to be stored."""
    if not settings.summary_cache:
        return None
    if settings.redis_url:
        return RedisStore(settings.redis_url.get_secret_value(), settings.summary_days)
    return DiskStore(settings.cache / "summaries", settings.summary_cache, settings.summary_days)


class DiskStore:
    """Summaries in a folder; the least recently used ones are evicted first."""

    def __init__(self, folder: Path, megabytes: int, days: float) -> None:
        """Open the folder, which is created.

        :param megabytes: the size limit.
        :param days: the age limit.
        """
        import diskcache

        # ValueError: text that is not valid UTF-8, and a truncated file.
        self._errors = (OSError, ValueError, sqlite3.Error, diskcache.Timeout)
        self._seconds = days * _SECONDS_A_DAY
        self._cache: Any = None
        try:
            try:
                self._cache = _open(folder, megabytes)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):  # locked or not accessible, but not damaged
                    raise
                log.warning("the cache of summaries is created again: %s is damaged (%s)", folder, type(error).__name__)
                shutil.rmtree(folder)
                self._cache = _open(folder, megabytes)
        except self._errors as error:
            log.warning("summaries are not cached: %s cannot be written (%s)", folder, type(error).__name__)

    def get(self, key: str) -> Summary | None:
        """The summary of a key; None if it is not stored or cannot be read."""
        try:
            stored = self._cache.get(key) if self._cache is not None else None
            return None if stored is None else Summary.model_validate_json(stored)
        except self._errors as error:
            log.warning("a cached summary cannot be read (%s)", type(error).__name__)
            return None

    def set(self, key: str, summary: Summary) -> None:
        """Store a summary, if that is possible."""
        try:
            if self._cache is not None:
                self._cache.set(key, summary.model_dump_json().encode(), expire=self._seconds)
        except self._errors as error:
            log.warning("a summary is not cached (%s)", type(error).__name__)

    def purge(self) -> int:
        """Delete all summaries; their number.

        :raises InvalidSetting: when that is not possible.
        """
        try:
            if self._cache is not None:
                return int(self._cache.clear(retry=True))
        except self._errors as error:
            log.warning("the cached summaries cannot be deleted (%s)", type(error).__name__)
        raise InvalidSetting("The folder of cached summaries cannot be written. Check its owner and SUMMARIZER_CACHE.")


class RedisStore:
    """Summaries in Redis, which evicts them as it is configured to."""

    def __init__(self, url: str, days: float) -> None:
        """Take the address of a server, without connecting.

        :param days: the age limit.
        """
        self._seconds = int(days * _SECONDS_A_DAY)
        self._paused_until = 0.0
        self._redis = connect(url)

    def get(self, key: str) -> Summary | None:
        """The summary of a key; None if it is not stored or cannot be read."""
        try:
            stored = self._redis.get(_REDIS_PREFIX + key) if self._is_available() else None
            return None if stored is None else Summary.model_validate_json(stored)
        except ERRORS as error:
            self._pause(error)
        except ValueError as error:
            log.warning("a cached summary cannot be read (%s)", type(error).__name__)
        return None

    def set(self, key: str, summary: Summary) -> None:
        """Store a summary, if that is possible."""
        try:
            if self._is_available():
                self._redis.set(_REDIS_PREFIX + key, summary.model_dump_json().encode(), ex=max(self._seconds, 1))
        except ERRORS as error:
            self._pause(error)
        except ValueError as error:  # text that is not valid UTF-8
            log.warning("a summary is not cached (%s)", type(error).__name__)

    def purge(self) -> int:
        """Delete all summaries; their number."""
        with required():
            return sum(int(self._redis.unlink(key)) for key in self._redis.scan_iter(f"{_REDIS_PREFIX}*"))

    def _is_available(self) -> bool:
        return time.monotonic() >= self._paused_until

    def _pause(self, error: Exception) -> None:
        self._paused_until = time.monotonic() + PAUSE_SECONDS
        log.warning("Redis is not used for %d s (%s)", PAUSE_SECONDS, type(error).__name__)


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
