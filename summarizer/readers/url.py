"""URL → the bytes at that address, never from a private network.

A URL lets its sender choose what this machine connects to. So its host is resolved once, all its addresses must be
public, and the connection goes to the address that was checked; the same for each redirect. The environment's proxies
are not used. Runs in the readers' subprocess, whose time is bounded; only the command line opens feeds in its own
process.
"""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from summarizer.errors import ArticleTooLong, LinkFailed

_MAX_REDIRECTS = 5
# Seconds: to connect, and between two chunks.
_CONNECT, _READ = 5.0, 10.0
_PIECE = 64 * 1024
_PORTS = {"http": 80, "https": 443}
# Networks that some versions of Python call public: of protocols (with a cloud's metadata address), relays, sites,
# translation to IPv4.
_NOT_PUBLIC = tuple(
    map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "64:ff9b::/96", "64:ff9b:1::/48"))
)
_HEADERS = {
    "User-Agent": "article-summarizer",
    "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "identity",  # no decompression bombs
}
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Fetched:
    """The response of a URL; `name` is the last part of its path."""

    raw: bytes
    content_type: str
    charset: str | None
    name: str


def fetch(url: str, max_bytes: int, allowed: Sequence[Network] = ()) -> Fetched:
    """The response of a URL, redirects followed.

    :param max_bytes: a longer response is refused.
    :param allowed: networks that may be reached although they are not public.
    :raises LinkFailed: when the URL is not a public web address, or its server does not answer properly.
    """
    for _ in range(_MAX_REDIRECTS + 1):
        response = _open(url, allowed)
        try:
            location = response.headers.get("Location")
            if response.status in (301, 302, 303, 307, 308) and location:
                url = urljoin(url, location)
                continue
            if response.status != 200:
                raise LinkFailed(
                    f"The server at that address returned status {response.status}. Paste the article's text instead."
                )
            return _read(response, url, max_bytes)
        except HTTPError:
            raise LinkFailed(
                "The server at that address stopped responding. Try again, or paste the article's text."
            ) from None
        finally:
            response.close()
    raise LinkFailed("The link redirects too many times. Paste the article's text instead.")


def _open(url: str, allowed: Sequence[Network]) -> urllib3.BaseHTTPResponse:
    """The response to one request, its body unread."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        raise LinkFailed(
            "This is not a web address. Send a full address, such as https://example.org/article."
        ) from None
    if parts.scheme not in _PORTS or not host or not port:
        raise LinkFailed("This is not a web address. Send a full address, such as https://example.org/article.")
    if parts.username or parts.password:
        raise LinkFailed("The link contains a user name or password. Remove it and try again.")
    address = _public_address(host, port, allowed)
    if port not in _PORTS.values() and not any(address in network for network in allowed):
        raise LinkFailed("Only links to the ports 80 and 443 are opened. Paste the article's text instead.")
    timeout = urllib3.Timeout(connect=_CONNECT, read=_READ)
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            str(address), port, timeout=timeout, assert_hostname=host, server_hostname=host, cert_reqs="CERT_REQUIRED"
        )
    else:
        pool = urllib3.HTTPConnectionPool(str(address), port, timeout=timeout)
    named = host if port == _PORTS[parts.scheme] else f"{host}:{port}"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        return pool.urlopen(
            "GET",
            urllib3.util.parse_url(target).url,
            headers={**_HEADERS, "Host": named},
            redirect=False,
            retries=False,
            preload_content=False,
        )
    except (HTTPError, OSError):
        raise LinkFailed(
            "The server at that address is not responding. Check that the link opens in a browser, or paste the text."
        ) from None


def _public_address(host: str, port: int, allowed: Sequence[Network]) -> Address:
    """The address to connect to, once all addresses of the host are public or allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise LinkFailed("There is no such host. Check the link for typos.") from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        if not is_public(address) and not any(address in network for network in allowed):
            raise LinkFailed("The link points to a private network. Paste the article's text instead.")
    return addresses[0]


def is_public(address: Address) -> bool:
    """Whether an address, and any IPv4 address embedded in it, is public."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None and not is_public(inner):
            return False
    is_listed = any(address in network for network in _NOT_PUBLIC)
    return address.is_global and not address.is_multicast and not address.is_reserved and not is_listed


def _read(response: urllib3.BaseHTTPResponse, url: str, max_bytes: int) -> Fetched:
    raw = bytearray()
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise LinkFailed("The server sent compressed content. Paste the article's text instead.")
    for piece in response.stream(_PIECE, decode_content=False):
        raw += piece
        if len(raw) > max_bytes:
            raise ArticleTooLong(
                f"The page at the link is larger than {max_bytes:,} bytes. Paste the article's text instead."
            )
    declared = Message()
    declared["Content-Type"] = response.headers.get("Content-Type", "")
    return Fetched(
        bytes(raw), declared.get_content_type(), declared.get_content_charset(), urlsplit(url).path.rpartition("/")[2]
    )
