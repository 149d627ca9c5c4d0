"""API keys: a file with the name, hash and limit of each. The keys themselves are stored nowhere.

A key has 256 random bits, so that a plain SHA-256 of it cannot be reversed by guessing.
"""

import hashlib
import os
import secrets
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import limits
from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from summarizer.errors import InvalidOption, InvalidSetting

_PREFIX = "summarizer-"


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


class KeyFile:
    """The keys of a file, which is read again when it changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._keys: dict[str, ApiKey] = {}  # by digest
        self._lock = threading.Lock()

    def find(self, key: str) -> ApiKey | None:
        """The entry of a key.

        :raises InvalidSetting: when the file is not one of keys.
        """
        digest = _digest(key)
        with self._lock:
            self._refresh()
            return self._keys.get(digest)

    def names(self) -> list[ApiKey]:
        """All entries, in the order in which they were added."""
        with self._lock:
            self._refresh()
            return list(self._keys.values())

    def add(self, name: str, limit: str = "") -> str:
        """A new key.

        :param limit: such as `30/minute; 500/day`; empty for none.
        :raises InvalidOption: when there is a key with this name, or name or limit are not valid.
        """
        key = _PREFIX + secrets.token_urlsafe(32)
        created = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            entry = ApiKey(name=name, digest=_digest(key), limit=limit, created=created)
        except ValidationError as error:
            field = error.errors()[0]["loc"][0]
            hints = {"name": "Use up to 40 letters, digits, '.', '_' and '-'.", "limit": "Use '30/minute; 500/day'."}
            raise InvalidOption(f"The {field} is not valid. {hints[str(field)]}") from None
        with self._changing():
            if any(other.name == name for other in self.names()):
                raise InvalidOption(f"There is a key named {name} already. Revoke it first, or choose another name.")
            self._write([*self.names(), entry])
        return key

    def revoke(self, name: str) -> None:
        """Make a key invalid.

        :raises InvalidOption: when there is no key with this name.
        """
        with self._changing():
            rest = [entry for entry in self.names() if entry.name != name]
            if len(rest) == len(self.names()):
                raise InvalidOption(f"There is no key named {name}. 'summarizer keys list' shows all.")
            self._write(rest)

    def _changing(self) -> FileLock:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self._path.with_name(f"{self._path.name}.lock"))

    def _write(self, keys: list[ApiKey]) -> None:
        """Replace the file as a whole, readable for its owner only."""
        text = "".join(f"{entry.model_dump_json()}\n" for entry in keys)
        handle, name = tempfile.mkstemp(dir=self._path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(self._path)

    def _refresh(self) -> None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._stamp, self._keys = None, {}
            return
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp == self._stamp:
            return
        try:
            rows = self._path.read_text(encoding="utf-8").splitlines()
            entries = [ApiKey.model_validate_json(row) for row in rows if row.strip()]
        except (OSError, ValueError) as error:
            raise InvalidSetting(f"{self._path} is not a file of API keys ({type(error).__name__}).") from None
        self._keys = {entry.digest: entry for entry in entries}
        self._stamp = stamp


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
