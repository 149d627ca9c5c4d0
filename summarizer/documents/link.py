"""Links: an address in, the bytes of its page out, and nothing of this network's own.

Whoever sends a link chooses what this machine connects to, so an address is looked up once, all that it stands for must
be public, and the connection goes to the very address that was checked; the same for each redirect. Proxies of the
environment are not used. Runs in the process that reads documents, whose time is bounded. Knows nothing of what is in a
page.
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

_MOST_REDIRECTS = 5
# Seconds: to connect, and between two pieces.
_CONNECT, _READ = 5.0, 10.0
_PIECE = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_HEADERS = {
    "User-Agent": "article-summarizer",
    "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "identity",  # nothing that is small here and large there
}
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Fetched:
    """What a link led to; `name` is the last part of its path."""

    raw: bytes
    content_type: str
    charset: str | None
    name: str


def fetch(url: str, most_bytes: int, allowed: Sequence[Network] = ()) -> Fetched:
    """What is at a link.

    :param most_bytes: of a longer answer nothing is taken.
    :param allowed: networks that may be reached though they are not public.
    :raises LinkFailed: when it is no public web address, or does not answer as it should.
    """
    for _ in range(_MOST_REDIRECTS + 1):
        response = _open(url, allowed)
        try:
            location = response.headers.get("Location")
            if response.status in (301, 302, 303, 307, 308) and location:
                url = urljoin(url, location)
                continue
            if response.status != 200:
                raise LinkFailed(f"The link answers with status {response.status}. Paste the article's text instead.")
            return _read(response, url, most_bytes)
        except HTTPError:
            raise LinkFailed("The link stopped answering. Try again, or paste the article's text.") from None
        finally:
            response.close()
    raise LinkFailed("The link leads from one address to the next. Paste the article's text instead.")


def _open(url: str, allowed: Sequence[Network]) -> urllib3.BaseHTTPResponse:
    """The answer to one request, its body unread."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        raise LinkFailed("This is no web address. Send one such as https://example.org/article.") from None
    if parts.scheme not in _PORTS or not host or not port:
        raise LinkFailed("This is no web address. Send one such as https://example.org/article.")
    if parts.username or parts.password:
        raise LinkFailed("The link holds a user name or a password. Send it without.")
    address = _public_address(host, port, allowed)
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
        raise LinkFailed("The link does not answer. Look whether it opens in a browser, or paste the text.") from None


def _public_address(host: str, port: int, allowed: Sequence[Network]) -> Address:
    """The address to connect to; all that the name stands for must be public or allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise LinkFailed("There is no such host. Look for a misspelling in the link.") from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        if not is_public(address) and not any(address in network for network in allowed):
            raise LinkFailed("The link leads into a private network. Paste the article's text instead.")
    return addresses[0]


def is_public(address: Address) -> bool:
    """Whether an address, and the one that it may carry inside, is anybody's on the internet."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None and not is_public(inner):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _read(response: urllib3.BaseHTTPResponse, url: str, most_bytes: int) -> Fetched:
    raw = bytearray()
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise LinkFailed("The link answers with compressed content. Paste the article's text instead.")
    for piece in response.stream(_PIECE, decode_content=False):
        raw += piece
        if len(raw) > most_bytes:
            raise ArticleTooLong(f"The link leads to more than {most_bytes:,} bytes. Paste the article's text instead.")
    declared = Message()
    declared["Content-Type"] = response.headers.get("Content-Type", "")
    return Fetched(
        bytes(raw), declared.get_content_type(), declared.get_content_charset(), urlsplit(url).path.rpartition("/")[2]
    )
