"""The client of a request: its address, and whether it still waits for the answer."""

import select
import socket
import threading
from dataclasses import dataclass, field
from typing import Any

from flask import Request

# Where the servers that run this application put the connection: gunicorn, and the one that the tests use.
_SOCKETS = ("gunicorn.socket", "werkzeug.socket")

# Linux tells the end of a connection from more to read.
_END: int = getattr(select, "POLLRDHUP", 0)


class ClientGone(Exception):
    """The client has hung up, so that nobody wants the answer."""


@dataclass(frozen=True)
class Client:
    """Who asks.

    :param connection: the socket of the request, or None where the server does not show it.
    :param hung_up: set by who finds out otherwise that it is gone.
    """

    address: str
    connection: socket.socket | None = None
    hung_up: threading.Event = field(default_factory=threading.Event)

    def is_gone(self) -> bool:
        """Whether the client has closed its connection, or its sending side; False where that cannot be seen."""
        if self.hung_up.is_set():
            return True
        if self.connection is None:
            return False
        try:
            poll = select.poll()
            poll.register(self.connection, _END or select.POLLIN)
            events = poll.poll(0)
            # Where the end is no event of its own: what can be read but has no bytes.
            return bool(events) and (bool(_END) or self.connection.recv(1, socket.MSG_PEEK) == b"")
        except OSError:
            return True
        except ValueError:  # closed on this side, or a kind of connection that cannot be looked into
            return self.connection.fileno() < 0


def client_of(request: Request) -> Client:
    """The client of a request."""
    environ: dict[str, Any] = request.environ
    connection = next((environ[name] for name in _SOCKETS if name in environ), None)
    return Client(request.remote_addr or "", connection)
