"""Summaries that are kept: for who sends the same article with the same options again.

On disk, with a bound on their size; the one that was not asked for longest goes first. What two ask for at once is made
once. Knows nothing of how a summary is made.
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

from pydantic import TypeAdapter

from summarizer.documents import Document
from summarizer.summary import Summary

_PACKAGE = Path(__file__).parents[1]
_SUMMARY: TypeAdapter[Summary] = TypeAdapter(Summary)
# In seconds.
_GLANCE = 0.5
# So many seconds a database that somebody else writes is waited for.
_LOCKED = 1
log = logging.getLogger(__name__)


@dataclass
class _Making:
    """A summary that is being made.

    :param done: the summary, or None where it is not for others.
    :param awaited: how many others wait for it.
    """

    done: "Future[Summary | None]" = field(default_factory=Future)
    awaited: int = 0


class KeptSummaries:
    """Summaries by key; safe to use from several threads."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        """Open what is kept in a folder, which is made.

        :param megabytes: how much is kept; 0 keeps nothing.
        """
        self._store = _Store(folder, megabytes) if megabytes else None
        self._under_way: dict[str, _Making] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> Summary | None:
        """The summary of a key, if it is kept."""
        return self._store.get(key) if self._store else None

    def is_awaited(self, key: str) -> bool:
        """Whether others wait for the summary that is being made for a key."""
        with self._lock:
            return key in self._under_way and self._under_way[key].awaited > 0

    def once(
        self, key: str, make: Callable[[], Summary], look: Callable[[], None], *, keep: Callable[[Summary], bool]
    ) -> Summary:
        """The summary of a key, made unless it is kept or just being made.

        :param look: called at once and now and then while another thread makes it; what it raises ends the waiting.
        :param keep: whether a summary may be given to others.
        """
        while True:
            if kept := self.get(key):
                return kept
            with self._lock:
                mine = key not in self._under_way
                making = self._under_way.setdefault(key, _Making())
                making.awaited += not mine
            if mine:
                return self._made(key, make, keep, making)
            if shared := self._awaited(making, look):
                return shared

    def _awaited(self, making: _Making, look: Callable[[], None]) -> Summary | None:
        try:
            look()
            while not wait([making.done], _GLANCE).done:
                look()
        finally:
            with self._lock:
                making.awaited -= 1
        return making.done.result()

    def _made(self, key: str, make: Callable[[], Summary], keep: Callable[[Summary], bool], making: _Making) -> Summary:
        """Make a summary; who waits for it gets it too, or, when it fails, makes it again."""
        shared = None
        try:
            summary = make()
            if keep(summary):
                shared = summary
                if self._store:
                    self._store.set(key, summary)
            return summary
        finally:
            with self._lock:
                del self._under_way[key]
            making.done.set_result(shared)


def key_of(document: Document, *options: object) -> str:
    """What a summary is kept by: the document, the options, and the code that makes it."""
    told = [asdict(document), options, _code()]
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _code() -> str:
    """The package as it stands: what other code made is not given again."""
    paths = [path for pattern in ("**/*.py", "*.json", "*.txt") for path in sorted(_PACKAGE.glob(pattern))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


class _Store:
    """Summaries by key on disk.

    What cannot be written or read again, on a full disk or for its odd characters, is not kept, and costs nobody his
    summary.
    """

    def __init__(self, folder: Path, megabytes: int) -> None:
        import diskcache  # noqa: PLC0415 - opens a database, which who keeps nothing does not need

        # ValueError: text that is no UTF-8, and a file that was cut off.
        self._errors = (OSError, ValueError, sqlite3.Error, diskcache.Timeout)
        self._cache: Any = None
        try:
            # Articles are for nobody else on the machine to read.
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            size = megabytes * 2**20
            self._cache = diskcache.Cache(
                str(folder), timeout=_LOCKED, size_limit=size, eviction_policy="least-recently-used"
            )
        except self._errors as error:
            log.warning("summaries are not kept: %s cannot be written (%s)", folder, type(error).__name__)

    def get(self, key: str) -> Summary | None:
        try:
            stored = self._cache.get(key) if self._cache is not None else None
            return None if stored is None else _SUMMARY.validate_json(stored)
        except self._errors as error:
            log.warning("a kept summary cannot be read (%s)", type(error).__name__)
            return None

    def set(self, key: str, summary: Summary) -> None:
        try:
            if self._cache is not None:
                self._cache.set(key, _SUMMARY.dump_json(summary))
        except self._errors as error:
            log.warning("a summary is not kept (%s)", type(error).__name__)
