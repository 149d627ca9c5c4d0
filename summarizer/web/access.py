"""Who may ask: the hosts and origins that the service answers, API keys, and limits of requests.

A page of another site could otherwise use a service on the reader's own machine (by a form, or by DNS rebinding).
"""

import logging
import math
import time
from collections.abc import Sequence
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

import limits
from flask import Flask, Response, g, request
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, HTTPException, TooManyRequests, Unauthorized

from summarizer.settings import Settings, listed
from summarizer.web.connection import network_of
from summarizer.web.keys import ApiKey, keys_of
from summarizer.web.paths import HEALTH_PATHS, METRICS_PATH
from summarizer.web.redis import PAUSE_SECONDS, connection_options
from summarizer.web.request_log import set_key

log = logging.getLogger(__name__)
# Origins of browser extensions, which people install themselves; no page can have one.
_EXTENSIONS = ("chrome-extension://", "moz-extension://")
_CORS = {
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, X-API-Key, X-Request-Id",
    "Access-Control-Expose-Headers": "ETag, Retry-After, X-Request-Id",
    "Access-Control-Max-Age": "3600",
}


class _Misdirected(HTTPException):
    code = HTTPStatus.MISDIRECTED_REQUEST


class Access:
    """Admits requests, as the settings say."""

    def __init__(self, settings: Settings) -> None:
        self._hosts = frozenset(name.casefold() for name in listed(settings.hosts))
        self._origins = frozenset(listed(settings.origins))
        self._keys = keys_of(settings)
        self._is_open = settings.anonymous
        self._anonymous_limit = settings.anonymous_limit
        self._limiter = _Limiter(settings)

    def init_app(self, app: Flask) -> None:
        """Admit the requests of an application; health checks are always answered."""
        app.before_request(self._admit)
        app.after_request(self._allow_origin)

    def _admit(self) -> None:
        if request.path in HEALTH_PATHS:
            return
        self._check_host()
        if request.method == "OPTIONS":  # asks what is allowed, and changes nothing
            return
        origin = request.headers.get("Origin")
        if origin is not None and request.method == "POST" and not self._is_allowed(origin):
            raise Forbidden(
                "This service does not accept requests from pages of other sites. Add the page's origin to "
                "SUMMARIZER_ORIGINS, or have the proxy pass on the Host header."
            )
        if request.method == "POST":
            self._check_limit(self._checked_key())
        elif request.path == METRICS_PATH:
            self._checked_key()

    def _check_host(self) -> None:
        try:
            name = urlsplit(f"//{request.host}").hostname or ""
        except ValueError:
            name = ""
        if name not in self._hosts and not _is_local(name):
            raise _Misdirected("This service does not answer for the requested host. Add its name to SUMMARIZER_HOSTS.")

    def _is_allowed(self, origin: str) -> bool:
        try:
            same = urlsplit(origin).netloc == request.host
        except ValueError:
            return False
        return same or origin in self._origins or origin.startswith(_EXTENSIONS)

    def _checked_key(self) -> ApiKey | None:
        """The request's key, if it needs or has one."""
        given = _given_key()
        key = self._keys.find(given) if given else None
        if given and key is None:
            raise _unauthorized("The API key is not valid. Ask the operator of this service for one.")
        if key is None and not self._is_open:
            raise _unauthorized(
                "This service needs an API key. Send it as 'Authorization: Bearer KEY', or ask its operator for one."
            )
        if key is not None:
            g.client = f"key {key.name}"
            set_key(key.name)
        return key

    def _check_limit(self, key: ApiKey | None) -> None:
        limit = self._anonymous_limit if key is None else key.limit
        address = network_of(request.remote_addr or "")
        client = f"key {key.name}" if key else f"address {address}"
        rules = limits.parse_many(limit) if limit else []
        seconds = self._limiter.seconds_to_wait(rules, client)
        if seconds:
            raise TooManyRequests(
                f"The limit of {limit} requests is reached. Send the request again after the seconds in Retry-After.",
                retry_after=seconds,
            )

    def _allow_origin(self, response: Response) -> Response:
        if self._origins:
            response.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin in self._origins:
            response.headers.update({"Access-Control-Allow-Origin": str(origin), **_CORS})
        return response


class _Limiter:
    """Counts requests, in Redis if replicas share it; in this process while Redis does not answer."""

    def __init__(self, settings: Settings) -> None:
        self._paused_until = 0.0
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = self._own
        if settings.redis_url:
            storage = storage_from_string(
                settings.redis_url.get_secret_value(), wrap_exceptions=True, **connection_options()
            )
            self._shared = SlidingWindowCounterRateLimiter(storage)

    def seconds_to_wait(self, rules: Sequence[limits.RateLimitItem], client: str) -> int:
        """Count a request; if a rule does not allow it, the seconds until it does, else 0."""
        if self._shared is not self._own and time.monotonic() >= self._paused_until:
            try:
                return _hit(self._shared, rules, client)
            except StorageError as error:
                self._paused_until = time.monotonic() + PAUSE_SECONDS
                log.warning("limits are counted here, because Redis does not answer (%s)", type(error).__name__)
        return _hit(self._own, rules, client)


def _hit(limiter: SlidingWindowCounterRateLimiter, rules: Sequence[limits.RateLimitItem], client: str) -> int:
    exhausted = [rule for rule in rules if not limiter.test(rule, client)]
    if not exhausted:  # several requests may have passed the test at the same time
        exhausted = [rule for rule in rules if not limiter.hit(rule, client)]
    if not exhausted:
        return 0
    reset = max(limiter.get_window_stats(rule, client).reset_time for rule in exhausted)
    return max(math.ceil(reset - time.time()), 1)


def _is_local(name: str) -> bool:
    """Whether a host is this machine or an address, which no other site can make its own name point to."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _given_key() -> str | None:
    """The API key of the request, from either header."""
    authorization = request.authorization
    if authorization is not None and authorization.type == "bearer" and authorization.token:
        return authorization.token
    return request.headers.get("X-API-Key")


def _unauthorized(detail: str) -> Unauthorized:
    return Unauthorized(detail, www_authenticate=WWWAuthenticate("bearer"))
