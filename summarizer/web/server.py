"""How `summarizer serve` runs the application: uvicorn takes the connections, threads answer the requests.

A request gets a thread when its body is complete, so that connections that are idle or send a byte now and then occupy
none. Health checks have threads of their own. SIGTERM and SIGHUP let the running requests finish; see `Service.drain`.
"""

import asyncio
import json
import resource
import signal
import threading
import time
from collections.abc import Callable, MutableMapping
from http import HTTPStatus
from types import FrameType
from typing import Any

import uvicorn
from a2wsgi import WSGIMiddleware
from flask import Flask
from uvicorn.protocols.http.h11_impl import H11Protocol

from summarizer.web.connection import DISCONNECTED
from summarizer.web.problems import JSON_TYPE
from summarizer.web.schemas import Problem
from summarizer.web.service import Service, service_of

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
# ASGI's `receive` and `send`.
Receive = Callable[[], Any]
Send = Callable[[Message], Any]

_HEALTH_PATHS = ("/healthz", "/readyz", "/metrics")
_HEALTH_THREADS = 2
# Beside the requests in the queue and those that wait for one of them: pages, and requests that are refused.
_OTHER_THREADS = 16
# Seconds for the head of a connection's first request, for a request's body, and between two requests.
HEAD_SECONDS, BODY_SECONDS, _KEEP_ALIVE_SECONDS = 30, 120, 30
# Bytes of all the bodies that are being received, as a multiple of the largest one.
_MAX_BODIES = 32
# Bytes of a request's head; browsers send up to 8 KB of address.
_MAX_HEAD = 32 * 1024
# Seconds in which the requests that the drain time has ended are answered.
_ENDING_SECONDS = 5
_MAX_FILES = 65_536


def run(app: Flask, host: str, port: int) -> None:
    """Serve an application until a signal ends it."""
    _raise_file_limit()
    server = make_server(app, host, port)
    signal.signal(signal.SIGHUP, server.handle_exit)
    server.run()


def make_server(app: Flask, host: str, port: int) -> "Server":
    """A server that has not begun."""
    settings = service_of(app).summarizer.settings
    config = uvicorn.Config(
        Front(app, settings.queue, settings.max_body),
        host=host,
        port=port,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_ENDING_SECONDS,
        h11_max_incomplete_event_size=_MAX_HEAD,
    )
    return Server(config, service_of(app))


class Server(uvicorn.Server):
    """uvicorn's server, which drains the service before it ends."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._drains_until: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain; a second signal ends the service at once."""
        if self._drains_until is None:
            self._drains_until = time.monotonic() + self._service.summarizer.settings.drain
            self._service.drain()
        else:
            self._drains_until = 0.0

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second; whether to end."""
        should_end = await super().on_tick(counter)
        if self._drains_until is None:
            return should_end
        is_over = time.monotonic() >= self._drains_until or not self.server_state.tasks
        if is_over:
            self._service.end()
        return is_over


class Front:
    """An ASGI application in front of a WSGI application: takes the whole body, then hands the request to a thread."""

    def __init__(self, app: Any, queue: int, max_body: int) -> None:
        """Wrap an application.

        :param queue: requests that the application has in its queue; as many may wait for one of them.
        :param max_body: bytes; of longer bodies only the length is kept.
        """
        self._articles = WSGIMiddleware(app, workers=2 * queue + _OTHER_THREADS)
        self._health = WSGIMiddleware(app, workers=_HEALTH_THREADS)
        self._max_body = max_body
        self._received = 0  # bytes of all bodies that are in memory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                is_complete, length = await self._take(body, receive)
        except TimeoutError:
            await _send_problem(send, HTTPStatus.REQUEST_TIMEOUT, "The body did not arrive in time. Send it again.")
            return
        finally:
            self._received -= len(body)
        if is_complete is None:
            await _send_problem(send, HTTPStatus.SERVICE_UNAVAILABLE, "Too many uploads at the same time. Try later.")
        elif is_complete:
            await self._answer(scope, bytes(body), length, receive, send)

    async def _take(self, body: bytearray, receive: Receive) -> tuple[bool | None, int]:
        """Receive a body, up to the limit; whether it is complete (None if there is no room for it), and its length."""
        length = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return False, length
            piece = message.get("body", b"")
            length += len(piece)
            if length <= self._max_body + 1:
                body += piece
                self._received += len(piece)
            if self._received > _MAX_BODIES * self._max_body:
                return None, length
            if not message.get("more_body"):
                return True, length

    async def _answer(self, scope: Scope, body: bytes, length: int, receive: Receive, send: Send) -> None:
        disconnected = scope[DISCONNECTED] = threading.Event()
        headers = [(name, value) for name, value in scope["headers"] if name not in _LENGTH_HEADERS]
        scope["headers"] = [*headers, (b"content-length", b"%d" % length)]

        async def body_once() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            disconnected.set()

        watching = asyncio.create_task(watch())
        try:
            app = self._health if scope["path"] in _HEALTH_PATHS else self._articles
            await app(scope, body_once, send)  # type: ignore[arg-type]
        finally:
            watching.cancel()


_LENGTH_HEADERS = (b"content-length", b"transfer-encoding")


class Connection(H11Protocol):
    """uvicorn's connection, with a time limit for the first head, and problem details for what is not HTTP."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the head."""
        super().connection_made(transport)
        self.loop.call_later(HEAD_SECONDS, self._close_without_request)

    def data_received(self, data: bytes) -> None:
        """Take bytes from the client."""
        try:
            super().data_received(data)
        except (UnicodeError, ValueError):  # an address that is not ASCII
            self.send_400_response("")

    def eof_received(self) -> None:
        """The client sends no more: a body that is not complete is answered, and then the connection closes."""
        if self.cycle is not None and self.cycle.more_body and not self.cycle.response_started:
            self._write(HTTPStatus.BAD_REQUEST, "The request's body ended before its Content-Length. Send it again.")

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP; its bytes may be an article's, so they are neither sent back nor logged."""
        self._write(HTTPStatus.BAD_REQUEST, "This is not a valid HTTP request. Use an HTTP client, such as curl.")
        self.transport.close()

    def _close_without_request(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()

    def _write(self, status: HTTPStatus, detail: str) -> None:
        body = _problem(status, detail)
        head = f"HTTP/1.1 {status} {status.phrase}\r\nContent-Type: {JSON_TYPE}\r\nContent-Length: {len(body)}\r\n"
        self.transport.write(f"{head}Cache-Control: no-store\r\nConnection: close\r\n\r\n".encode() + body)


async def _send_problem(send: Send, status: HTTPStatus, detail: str) -> None:
    body = _problem(status, detail)
    headers = [(b"content-type", JSON_TYPE.encode()), (b"content-length", b"%d" % len(body)), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _problem(status: HTTPStatus, detail: str) -> bytes:
    problem = Problem(title=status.phrase, status=status, detail=detail)
    return json.dumps(problem.model_dump(mode="json")).encode() + b"\n"


def _raise_file_limit() -> None:
    """Allow as many connections as the system does: each idle one is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, _MAX_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
