"""The client of a request: its key or address, and whether it is still connected."""

import threading
import time
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Request, g

# Where `web.server` puts what it knows of a request in its scope: an event that is set when the client has closed its
# connection, and when the request was complete, on the clock of `time.monotonic`.
DISCONNECTED, ARRIVED = "summarizer.disconnected", "summarizer.arrived"


class ClientDisconnected(Exception):
    """The client has disconnected, so nobody needs the answer."""


@dataclass(frozen=True)
class Client:
    """The sender of a request.

    :param name: of its API key, or its address.
    :param disconnected: set when the client has closed its connection; never under servers other than `web.server`.
    :param arrived: when the request was complete, on the clock of `time.monotonic`.
    """

    name: str
    disconnected: threading.Event = field(default_factory=threading.Event)
    arrived: float = field(default_factory=time.monotonic)

    def check_connected(self) -> None:
        """Return if the client is still connected.

        :raises ClientDisconnected: if it is not.
        """
        if self.disconnected.is_set():
            raise ClientDisconnected


def client_of(request: Request) -> Client:
    """The client of a request."""
    scope = request.environ.get("asgi.scope", {})
    disconnected, arrived = scope.get(DISCONNECTED), scope.get(ARRIVED)
    name = g.get("client") or network_of(request.remote_addr or "")
    return Client(name, disconnected or threading.Event(), arrived or time.monotonic())


def network_of(address: str) -> str:
    """An address as a client is known by it; of IPv6 the first 64 bits, because a household or machine has the rest."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((parsed, 64), strict=False))
    return str(parsed)
