"""How `summarizer serve` runs the application: uvicorn takes the connections, threads answer the requests.

A request gets a thread when its body is complete, so that connections that are idle or send a byte now and then occupy
none. Health checks, metrics and static files have threads of their own. SIGTERM and SIGHUP let the running requests
finish; see `Service.drain`.
"""

import asyncio
import json
import resource
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from http import HTTPStatus
from types import FrameType
from typing import Any

import h11
import uvicorn
from a2wsgi import WSGIMiddleware
from flask import Flask
from uvicorn.protocols.http.h11_impl import H11Protocol

from summarizer.web.body_limit import MAX_DISCARDED
from summarizer.web.connection import ARRIVED, DISCONNECTED, network_of
from summarizer.web.paths import HEALTH_PATHS, METRICS_PATH, STATIC_PATH
from summarizer.web.problems import JSON_TYPE, too_large
from summarizer.web.schemas import Problem
from summarizer.web.service import Service, service_of

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
# ASGI's `receive` and `send`.
Receive = Callable[[], Any]
Send = Callable[[Message], Any]

_HEALTH_THREADS = 2
# Beside the requests in the queue and those that wait for one of them: pages, and requests that are refused.
_OTHER_THREADS = 16
# Seconds for the head of a request, for its body, between two requests, and for a client to take what is sent.
HEAD_SECONDS, BODY_SECONDS, KEEP_ALIVE_SECONDS, WRITE_SECONDS = 30, 120, 30, 60
# Bodies in memory, as a multiple of the largest one: of all clients, and of one.
MAX_BODIES, _MAX_BODIES_OF_CLIENT = 32, 4
# Bytes of a request's head; browsers send up to 8 KB of address.
_MAX_HEAD = 32 * 1024
# Connections of all clients; more are closed at once.
_MAX_CONNECTIONS = 10_000
# Seconds in which the requests that the drain time has ended are answered.
_ENDING_SECONDS = 10
_MAX_FILES = 65_536


def run(app: Flask, host: str, port: int) -> None:
    """Serve an application until a signal ends it."""
    _raise_file_limit()
    server = make_server(app, host, port)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # `nohup` ignores it
        signal.signal(signal.SIGHUP, server.handle_exit)
    server.run()


def make_server(app: Flask, host: str, port: int) -> "Server":
    """A server that has not begun."""
    settings = service_of(app).summarizer.settings
    front = Front(app, settings.queue, settings.max_body)
    config = uvicorn.Config(
        front,
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
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_ENDING_SECONDS,
        h11_max_incomplete_event_size=_MAX_HEAD,
    )
    return Server(config, service_of(app), front)


class Server(uvicorn.Server):
    """uvicorn's server, which drains the service before it ends."""

    def __init__(self, config: uvicorn.Config, service: Service, front: "Front") -> None:
        super().__init__(config)
        self._service = service
        self._front = front
        self._drains_until: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain; a second signal ends the service at once."""
        if self._drains_until is None:
            self._drains_until = time.monotonic() + self._service.summarizer.settings.drain
            self._service.drain()
        else:
            self._drains_until = 0.0
            self.force_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second; whether to end."""
        should_end = await super().on_tick(counter)
        if self._drains_until is None:
            return should_end
        is_over = time.monotonic() >= self._drains_until or not self.server_state.tasks
        if is_over:
            self._service.end()
            self._front.has_ended.set()
        return is_over


class Front:
    """An ASGI application in front of a WSGI application: takes the whole body, then hands the request to a thread."""

    def __init__(self, app: Any, queue: int, max_body: int) -> None:
        """Wrap an application.

        :param queue: requests that the application has in its queue; as many may wait for one of them.
        :param max_body: bytes; of longer bodies only the length is kept.
        """
        self.has_ended = asyncio.Event()
        self._articles = WSGIMiddleware(app, workers=2 * queue + _OTHER_THREADS)
        self._health = WSGIMiddleware(app, workers=_HEALTH_THREADS)
        self._max_body = max_body
        self._received: Counter[str] = Counter()  # bytes in memory by client

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        client = network_of((scope.get("client") or ("",))[0])
        body = bytearray()
        try:
            self._check_declared(dict(scope["headers"]))
            length = await self._take(client, body, receive)
            if length is not None:
                await self._answer(scope, body, length, receive, send)
        except _Refused as refused:
            await _send_problem(send, refused.status, str(refused))
        finally:
            self._received[client] -= len(body)
            if self._received[client] <= 0:
                del self._received[client]

    def _check_declared(self, headers: dict[bytes, bytes]) -> None:
        """Refuse a body that is far too large, or whose client sends `Expect`, before it is received.

        Other bodies that are too large are received in full, because most clients send everything before they read.

        :raises _Refused: when the declared length exceeds the limit.
        """
        declared = int(headers.get(b"content-length", b"0"))
        limit = self._max_body if b"expect" in headers else MAX_DISCARDED * self._max_body
        if declared > limit:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large(self._max_body))

    async def _take(self, client: str, body: bytearray, receive: Receive) -> int | None:
        """Receive a body, up to the limit; its length, or None if the client has disconnected.

        :raises _Refused: when it does not arrive in time, or there is no room for it.
        """
        length = 0
        end = asyncio.get_running_loop().time() + BODY_SECONDS
        while True:
            message = await self._received_by(end, receive)
            if message["type"] == "http.disconnect":
                return None
            piece = message.get("body", b"")
            length += len(piece)
            if length <= self._max_body + 1:
                body += piece
                self._received[client] += len(piece)
                is_greedy = self._received[client] > _MAX_BODIES_OF_CLIENT * self._max_body
                if is_greedy or self._received.total() > MAX_BODIES * self._max_body:
                    raise _Refused(
                        HTTPStatus.SERVICE_UNAVAILABLE, "Too many uploads at the same time. Send it again in a second."
                    )
            if not message.get("more_body"):
                return length

    async def _received_by(self, end: float, receive: Receive) -> Message:
        """The next message of a client.

        :param end: on the clock of the event loop.
        :raises _Refused: when no message arrives by then, or the service ends.
        """
        receiving = asyncio.ensure_future(receive())
        ending = asyncio.ensure_future(self.has_ended.wait())
        seconds = end - asyncio.get_running_loop().time()
        try:
            await asyncio.wait([receiving, ending], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if receiving.done():
                return receiving.result()  # type: ignore[no-any-return]
        finally:
            receiving.cancel()
            ending.cancel()
        if self.has_ended.is_set():
            raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE, "The service is restarting. Send the request again.")
        raise _Refused(HTTPStatus.REQUEST_TIMEOUT, "The body did not arrive in time. Send it again.")

    async def _answer(self, scope: Scope, body: bytearray, length: int, receive: Receive, send: Send) -> None:
        disconnected = scope[DISCONNECTED] = threading.Event()
        scope[ARRIVED] = time.monotonic()
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
            is_small = scope["path"] in (*HEALTH_PATHS, METRICS_PATH) or scope["path"].startswith(STATIC_PATH)
            app = self._health if is_small else self._articles
            await app(scope, body_once, send)  # type: ignore[arg-type]
        finally:
            watching.cancel()


class _Refused(Exception):
    """A request gets no thread."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status


_LENGTH_HEADERS = (b"content-length", b"transfer-encoding")


class Connection(H11Protocol):
    """uvicorn's connection, with time limits, and problem details for what is not HTTP."""

    _head_timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head."""
        super().connection_made(transport)
        if len(self.connections) > _MAX_CONNECTIONS:
            transport.abort()
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._cancel("_head_timer")
        self._cancel("_write_timer")
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes from the client."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._cancel("_head_timer")
        elif self._head_timer is None:
            self._wait_for_head()

    def pause_writing(self) -> None:
        """The client does not take what is sent; if it takes nothing for long, the connection ends."""
        super().pause_writing()
        self._check_writing(self.transport.get_write_buffer_size() + 1)

    def resume_writing(self) -> None:
        """The client has taken nearly all."""
        super().resume_writing()
        self._cancel("_write_timer")

    def eof_received(self) -> None:
        """The client sends no more: a body that is not complete is answered, and then the connection closes."""
        if self.cycle is not None and self.cycle.more_body and not self.cycle.response_started:
            self._write(HTTPStatus.BAD_REQUEST, "The request's body ended before its Content-Length. Send it again.")

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP; its bytes may be an article's, so they are neither sent back nor logged."""
        self._write(HTTPStatus.BAD_REQUEST, "This is not a valid HTTP request. Use an HTTP client, such as curl.")
        self.transport.close()

    def _cancel(self, timer: str) -> None:
        """Cancel a timer by its name."""
        if (handle := getattr(self, timer)) is not None:
            handle.cancel()
            setattr(self, timer, None)

    def _wait_for_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _check_writing(self, before: int) -> None:
        """End the connection if the client has taken nothing since there were `before` bytes left; else look again."""
        left = self.transport.get_write_buffer_size()
        if left >= before:
            self.transport.abort()
        else:
            self._write_timer = self.loop.call_later(WRITE_SECONDS, self._check_writing, left)

    def _write(self, status: HTTPStatus, detail: str) -> None:
        body = _problem(status, detail)
        head = f"HTTP/1.1 {status} {status.phrase}\r\nContent-Type: {JSON_TYPE}\r\nContent-Length: {len(body)}\r\n"
        self.transport.write(f"{head}Cache-Control: no-store\r\nConnection: close\r\n\r\n".encode() + body)


async def _send_problem(send: Send, status: HTTPStatus, detail: str) -> None:
    body = _problem(status, detail)
    headers = [(b"content-type", JSON_TYPE.encode()), (b"content-length", b"%d" % len(body)), (b"connection", b"close")]
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"1"))
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
        with suppress(OSError, ValueError):  # macOS allows fewer than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
