"""The client of a request: its address, and whether it is still connected."""

import select
import socket
import threading
from dataclasses import dataclass, field
from typing import Any

from flask import Request

# Where the servers that run this application put the connection: gunicorn, and the one that the tests use.
_SOCKET_KEYS = ("gunicorn.socket", "werkzeug.socket")

# Linux distinguishes a closed connection from unread data.
_CLOSED: int = getattr(select, "POLLRDHUP", 0)


class ClientDisconnected(Exception):
    """The client has disconnected, so nobody needs the answer."""


@dataclass(frozen=True)
class Client:
    """The sender of a request.

    :param connection: the request's socket; None if the server does not expose it.
    :param disconnected: set by code that learns in another way that the client has disconnected.
    """

    address: str
    connection: socket.socket | None = None
    disconnected: threading.Event = field(default_factory=threading.Event)

    def is_disconnected(self) -> bool:
        """Whether the client has closed its connection or its sending side; False if that cannot be determined."""
        if self.disconnected.is_set():
            return True
        if self.connection is None:
            return False
        try:
            poll = select.poll()
            poll.register(self.connection, _CLOSED or select.POLLIN)
            events = poll.poll(0)
            # Without an event of its own, a closed connection is readable but has no bytes.
            return bool(events) and (bool(_CLOSED) or self.connection.recv(1, socket.MSG_PEEK) == b"")
        except OSError:
            return True
        except ValueError:  # closed on this side, or a kind of connection that cannot be polled
            return self.connection.fileno() < 0

    def check_connected(self) -> None:
        """Return if the client is still connected.

        :raises ClientDisconnected: if it is not.
        """
        if self.is_disconnected():
            raise ClientDisconnected


def client_of(request: Request) -> Client:
    """The client of a request."""
    environ: dict[str, Any] = request.environ
    connection = next((environ[key] for key in _SOCKET_KEYS if key in environ), None)
    return Client(request.remote_addr or "", connection)
