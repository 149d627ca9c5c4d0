"""Links: what is fetched, and what is never connected to. The servers are on loopback."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from summarizer.errors import ArticleTooLong, LinkFailed, UnreadableFile
from summarizer.readers import fetch as fetch_document
from summarizer.readers.url import fetch, is_public

FILES = Path(__file__).parent.parent / "files"
LOOPBACK = [ip_network("127.0.0.0/8")]
MAX_BYTES = 1_000_000


class _Pages(BaseHTTPRequestHandler):
    """A few pages, redirects and misbehaviours."""

    def do_GET(self) -> None:
        handlers = {
            "/article": self._article,
            "/article.pdf": lambda: self._send(200, (FILES / "harbour-bridge.pdf").read_bytes()),
            "/latin": lambda: self._send(
                200, "Ein Café in Überlingen.".encode("latin-1"), "text/plain; charset=latin-1"
            ),
            "/moved": lambda: self._send(302, Location="/article"),
            "/private": lambda: self._send(302, Location="http://10.0.0.1/article"),
            "/file": lambda: self._send(302, Location="file:///etc/hostname"),
            "/loop": lambda: self._send(302, Location="/loop"),
            "/packed": lambda: self._send(200, b"\x1f\x8b", **{"Content-Encoding": "gzip"}),
            "/empty": lambda: self._send(200, b"<html><body></body></html>", "text/html"),
            "/large": lambda: self._send(200, b"a" * (MAX_BYTES + 1)),
            "/echo": lambda: self._send(200, self.headers["Host"].encode(), "text/plain"),
        }
        handlers.get(self.path, lambda: self._send(404))()

    def _article(self) -> None:
        self._send(200, (FILES / "harbour-bridge.html").read_bytes(), "text/html; charset=utf-8")

    def _send(self, status: int, body: bytes = b"", content_type: str = "", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if content_type:
            self.send_header("Content-Type", content_type)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_link_is_fetched_with_its_type_and_name(site: str) -> None:
    fetched = fetch(f"{site}/article", MAX_BYTES, LOOPBACK)
    assert fetched.raw == (FILES / "harbour-bridge.html").read_bytes()
    assert (fetched.content_type, fetched.charset, fetched.name) == ("text/html", "utf-8", "article")


@pytest.mark.parametrize("path", ["/article", "/article.pdf", "/moved"])
def test_link_to_any_kind_of_document_is_read(site: str, path: str) -> None:
    assert "Pellworth Harbour Bridge was closed" in fetch_document(site + path, MAX_BYTES, ["127.0.0.0/8"]).text


def test_text_is_decoded_by_the_charset_of_the_answer(site: str) -> None:
    assert fetch_document(f"{site}/latin", MAX_BYTES, ["127.0.0.0/8"]).text == "Ein Café in Überlingen."


def test_private_address_is_refused_unless_allowed(site: str) -> None:
    with pytest.raises(LinkFailed, match="private network"):
        fetch_document(f"{site}/article", MAX_BYTES)


def test_link_with_half_a_character_is_refused() -> None:
    with pytest.raises(LinkFailed):
        fetch("https://example.invalid/\ud800", MAX_BYTES, LOOPBACK)


@pytest.mark.parametrize("path", ["/private", "/file"])
def test_every_redirect_is_checked(site: str, path: str) -> None:
    with pytest.raises(LinkFailed, match=r"private network|not a web address"):
        fetch(site + path, MAX_BYTES, LOOPBACK)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/loop", "redirects too many times"),
        ("/missing", "status 404"),
        ("/packed", "compressed"),
    ],
)
def test_failed_link_is_explained(site: str, path: str, says: str) -> None:
    with pytest.raises(LinkFailed, match=says):
        fetch(site + path, MAX_BYTES, LOOPBACK)


def test_page_beyond_the_limit_is_refused(site: str) -> None:
    with pytest.raises(ArticleTooLong, match="larger than"):
        fetch(site + "/large", MAX_BYTES, LOOPBACK)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "article",
        "ftp://example.org/a",
        "file:///etc/hostname",
        "http://",
        "http://a:b@127.0.0.1/",
        "http://[::1",
        "x:y",
    ],
)
def test_anything_but_a_web_address_is_refused(url: str) -> None:
    with pytest.raises(LinkFailed):
        fetch(url, MAX_BYTES, LOOPBACK)


def test_unreachable_server_is_explained() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(LinkFailed, match="not responding"):
        fetch(f"http://127.0.0.1:{port}/", MAX_BYTES, LOOPBACK)


def test_host_is_resolved_once_and_its_checked_address_used(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that resolves differently the second time (DNS rebinding) is not resolved twice."""
    port = int(site.rpartition(":")[2])
    resolved: list[str] = []
    real = socket.getaddrinfo

    def answer(host: str, *args: Any, **options: Any) -> Any:
        if host == "news.example":
            resolved.append(host)
            host = "127.0.0.1" if len(resolved) == 1 else "10.0.0.1"
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    assert fetch(f"http://news.example:{port}/echo", MAX_BYTES, LOOPBACK).raw.decode() == f"news.example:{port}"
    assert resolved == ["news.example"]


def test_certificate_must_be_for_the_name_in_the_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes to an address, but the name is what is requested and certified."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate("news.example", tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: real("127.0.0.1", *rest, **more))
    port = server.server_port
    with pytest.raises(LinkFailed, match="not responding"):  # the certificate is self-signed
        fetch(f"https://news.example:{port}/echo", MAX_BYTES, LOOPBACK)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    assert fetch(f"https://news.example:{port}/echo", MAX_BYTES, LOOPBACK).raw.decode() == f"news.example:{port}"
    with pytest.raises(LinkFailed, match="not responding"):
        fetch(f"https://other.example:{port}/echo", MAX_BYTES, LOOPBACK)
    server.shutdown()


def _certificate(name: str, folder: Path) -> Path:
    """A file with a key and a self-signed certificate for a name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(certificate.public_bytes(pem) + secret)
    return path


def test_page_without_an_article_is_refused(site: str) -> None:
    with pytest.raises(UnreadableFile, match="No article"):
        fetch_document(f"{site}/empty", MAX_BYTES, ["127.0.0.0/8"])


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
        ),
        *("255.255.255.255", "198.18.0.1", "::", "::1", "fe80::1", "fc00::1", "ff02::1", "fd00:ec2::254"),
        *("192.0.0.192", "192.88.99.1", "fec0::1", "64:ff9b:1::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::"),
    ],
)
def test_private_and_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


def test_link_to_another_port_of_a_public_host_is_not_opened() -> None:
    with pytest.raises(LinkFailed, match="ports 80 and 443"):
        fetch("http://93.184.215.14:22/", MAX_BYTES)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111"])
def test_internet_address_is_public(address: str) -> None:
    assert is_public(ip_address(address))
