"""Redis, in which several replicas share cached summaries, API keys and limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis

from summarizer.errors import InvalidSetting

# Seconds to wait for Redis; it answers within a millisecond.
TIMEOUT = 0.5
ERRORS = (redis.RedisError, OSError)


def connect(url: str, **options: object) -> Any:
    """A client, which connects when it is first used.

    :raises InvalidSetting: when the address is not one of Redis.
    """
    try:
        return redis.Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, **options)
    except ValueError:
        raise InvalidSetting(
            "SUMMARIZER_REDIS_URL is not an address of Redis, such as redis://127.0.0.1:6379/0."
        ) from None


@contextmanager
def required() -> Iterator[None]:
    """Report an error of Redis where nothing can be done without it.

    :raises InvalidSetting: when Redis does not answer.
    """
    try:
        yield
    except ERRORS as error:
        raise InvalidSetting(
            f"Redis does not answer ({type(error).__name__}). Check SUMMARIZER_REDIS_URL and the server."
        ) from None
