"""API keys: the name, hash and limit of each, in a file or in Redis. The keys themselves are stored nowhere.

A key has 256 random bits, so that a plain SHA-256 of it cannot be reversed by guessing.
"""

import hashlib
import logging
import os
import secrets
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import limits
from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from summarizer.errors import InvalidOption, InvalidSetting
from summarizer.settings import Settings
from summarizer.web.redis import ERRORS, PAUSE_SECONDS, connect, required

_PREFIX = "summarizer-"
_REDIS_KEY = "summarizer:keys"
# Seconds after which another process may change the keys, if this one has died.
_LOCK_SECONDS = 10.0
log = logging.getLogger(__name__)


class ApiKey(BaseModel):
    """A key, as the file has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")
    digest: str
    limit: str = ""
    created: str

    @field_validator("limit")
    @classmethod
    def _check_limit(cls, limit: str) -> str:
        if limit:
            limits.parse_many(limit)
        return limit


class Keys(ABC):
    """The keys of a service."""

    def find(self, key: str) -> ApiKey | None:
        """The entry of a key.

        :raises InvalidSetting: when the keys cannot be read.
        """
        return self._read().get(_digest(key))

    def all(self) -> list[ApiKey]:
        """All entries, the oldest first."""
        return sorted(self._read().values(), key=lambda entry: entry.created)

    def add(self, name: str, limit: str = "") -> str:
        """A new key.

        :param limit: such as `30/minute; 500/day`; empty for none.
        :raises InvalidOption: when there is a key with this name, or name or limit are not valid.
        """
        key = _PREFIX + secrets.token_urlsafe(32)
        created = datetime.now(UTC).isoformat(timespec="microseconds")
        try:
            entry = ApiKey(name=name, digest=_digest(key), limit=limit, created=created)
        except ValidationError as error:
            field = error.errors()[0]["loc"][0]
            hints = {"name": "Use up to 40 letters, digits, '.', '_' and '-'.", "limit": "Use '30/minute; 500/day'."}
            raise InvalidOption(f"The {field} is not valid. {hints[str(field)]}") from None
        with self._changing():
            if any(other.name == name for other in self.all()):
                raise InvalidOption(f"There is a key named {name} already. Revoke it first, or choose another name.")
            self._write([*self.all(), entry])
        return key

    def revoke(self, name: str) -> None:
        """Make a key invalid.

        :raises InvalidOption: when there is no key with this name.
        """
        with self._changing():
            rest = [entry for entry in self.all() if entry.name != name]
            if len(rest) == len(self.all()):
                raise InvalidOption(f"There is no key named {name}. 'summarizer keys list' shows all.")
            self._write(rest)

    @abstractmethod
    def _read(self) -> dict[str, ApiKey]:
        """The entries by digest."""

    @abstractmethod
    def _write(self, keys: list[ApiKey]) -> None:
        """Replace all entries."""

    @abstractmethod
    def _changing(self) -> AbstractContextManager[Any]:
        """Keeps other processes from changing the keys."""


class KeyFile(Keys):
    """The keys of a file, which is read again when it changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._keys: dict[str, ApiKey] = {}
        self._lock = threading.Lock()

    def _read(self) -> dict[str, ApiKey]:
        with self._lock:
            try:
                status = self._path.stat()
                stamp = (status.st_mtime_ns, status.st_ino)
                if stamp != self._stamp:
                    self._keys = _parse(self._path.read_text(encoding="utf-8"))
                    self._stamp = stamp
            except FileNotFoundError:
                return {}
            except (OSError, ValueError) as error:
                reason = type(error).__name__
                raise InvalidSetting(f"{self._path} cannot be read ({reason}). Check its owner and content.") from None
            return self._keys

    def _write(self, keys: list[ApiKey]) -> None:
        handle, name = tempfile.mkstemp(dir=self._path.parent)  # readable for its owner only
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_text(keys))
        if self._path.exists():  # root may change the keys of a service that is another user
            status = self._path.stat()
            os.chown(name, status.st_uid, status.st_gid)
        Path(name).replace(self._path)

    def _changing(self) -> FileLock:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self._path.with_name(f"{self._path.name}.lock"))


class RedisKeys(Keys):
    """The keys in Redis, for several replicas; what was read last counts while Redis does not answer."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url, decode_responses=True)
        self._paused_until = 0.0
        self._keys: dict[str, ApiKey] | None = None

    def _read(self) -> dict[str, ApiKey]:
        try:
            if time.monotonic() >= self._paused_until:
                self._keys = _parse(self._redis.get(_REDIS_KEY) or "")
        except (*ERRORS, ValueError) as error:
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            log.warning("the API keys cannot be read from Redis (%s)", type(error).__name__)
        if self._keys is None:
            raise InvalidSetting("The API keys cannot be read from Redis.")
        return self._keys

    def _write(self, keys: list[ApiKey]) -> None:
        self._redis.set(_REDIS_KEY, _text(keys))

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with required(), self._redis.lock(f"{_REDIS_KEY}:lock", timeout=_LOCK_SECONDS):
            yield


def keys_of(settings: Settings) -> Keys:
    """The keys of a service with these settings."""
    if settings.redis_url:
        return RedisKeys(settings.redis_url.get_secret_value())
    return KeyFile(settings.keys)


def _parse(text: str) -> dict[str, ApiKey]:
    """The entries of a text by digest.

    :raises ValueError: when a line is not an entry.
    """
    entries = [ApiKey.model_validate_json(line) for line in text.splitlines() if line.strip()]
    return {entry.digest: entry for entry in entries}


def _text(keys: list[ApiKey]) -> str:
    return "".join(f"{entry.model_dump_json()}\n" for entry in keys)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
