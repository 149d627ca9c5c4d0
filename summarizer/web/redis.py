"""Redis, in which several replicas share cached summaries, API keys and limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from summarizer.errors import InvalidSetting

# Seconds to wait for Redis, which answers within a millisecond, and to leave it alone after it has not answered.
_TIMEOUT, PAUSE_SECONDS = 0.5, 10.0
ERRORS = (redis.RedisError, OSError)


def connection_options() -> dict[str, Any]:
    """Options of a client that gives up soon: nobody should wait for Redis."""
    return {
        "socket_timeout": _TIMEOUT,
        "socket_connect_timeout": _TIMEOUT,
        "retry": Retry(NoBackoff(), retries=0),
    }


def connect(url: str, **options: object) -> Any:
    """A client, which connects when it is first used.

    :param url: one that `settings` has checked.
    """
    return redis.Redis.from_url(url, **connection_options(), **options)


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
