"""The client of a request: its address, and whether it still waits for the answer."""

import select
import socket
import threading
from dataclasses import dataclass, field
from typing import Any

from flask import Request

# Where the servers that run this application put the connection: gunicorn, and the one that the tests use.
_SOCKETS = ("gunicorn.socket", "werkzeug.socket")


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
        """Whether the client has closed its connection; False where that cannot be seen."""
        if self.hung_up.is_set():
            return True
        if self.connection is None:
            return False
        try:
            poll = select.poll()
            poll.register(self.connection, select.POLLIN | select.POLLHUP)
            # What can be read but has no bytes is the end.
            return bool(poll.poll(0)) and self.connection.recv(1, socket.MSG_PEEK) == b""
        except (OSError, ValueError):
            return True


def client_of(request: Request) -> Client:
    """The client of a request."""
    environ: dict[str, Any] = request.environ
    connection = next((environ[name] for name in _SOCKETS if name in environ), None)
    return Client(request.remote_addr or "", connection)
