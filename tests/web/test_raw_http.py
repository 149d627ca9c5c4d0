"""Raw bytes over a socket: whatever a client sends, it is answered or disconnected, and the service goes on."""

import gzip
import http.client
import json
import socket

import pytest

from summarizer.web import create_app
from tests.servers import serving

ARTICLE = "It rained in Farley on Monday. The ferry left at noon, and nobody was hurt."
LIMIT = 200_000


@pytest.fixture(scope="module")
def port(summarizer_with):
    with serving(create_app(summarizer_with(max_body=LIMIT))) as port:
        yield port


def request(*headers: str, body: bytes = b"", line: str = "POST /summarize HTTP/1.1") -> bytes:
    return "\r\n".join([line, "Host: localhost", *headers, "", ""]).encode("latin-1") + body


def sized(kind: str, body: bytes, *headers: str) -> bytes:
    return request(f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers, body=body)


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end
    return request("Content-Type: text/plain", "Transfer-Encoding: chunked", body=body)


def multipart(*parts: tuple[str, bytes], boundary: str = "x") -> bytes:
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode("latin-1") + value + b"\r\n"
        for name, value in parts
    )
    return sized(f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode())


def posted(value: object) -> bytes:
    return sized("application/json", json.dumps(value).encode())


def with_charset(name: str) -> bytes:
    return sized(f"text/plain; charset={name}", ARTICLE.encode())


# By name: what is sent, and the statuses that are right. None: the connection is closed without an answer, or with 400.
CASES: dict[str, tuple[bytes, set[int | None]]] = {
    "nuls in text": (sized("text/plain", ARTICLE.encode() + b"\0" * 50), {400}),
    "only nuls": (sized("text/plain", b"\0" * 500), {400}),
    "nul in json": (posted({"text": ARTICLE + "\0"}), {200, 422}),
    "lone surrogate": (posted({"text": ARTICLE + " \ud800"}), {200}),
    "list for an object": (posted(["text"]), {400}),
    "number for text": (posted({"text": 5}), {400}),
    "nan": (sized("application/json", b'{"text": NaN}'), {400}),
    "not json": (sized("application/json", b"{"), {400}),
    "lists in lists": (sized("application/json", b"[" * 90_000), {400}),
    "objects in objects": (sized("application/json", b'{"text":' * 20_000), {400}),
    "number of many digits": (sized("application/json", b'{"text": "a", "words": ' + b"9" * 9_000 + b"}"), {400}),
    "repeated name": (sized("application/json", b'{"text": "It rained.", "text": 5}'), {400}),
    "utf-16 json": (sized("application/json", json.dumps({"text": ARTICLE}).encode("utf-16")), {200, 400}),
    "no type": (request(f"Content-Length: {len(ARTICLE)}", body=ARTICLE.encode()), {200, 415}),
    "unknown type": (sized("application/x-made-up", ARTICLE.encode()), {415}),
    "type without a slash": (sized("text", ARTICLE.encode()), {415}),
    "very long type": (sized("a" * 5_000 + "/b", ARTICLE.encode()), {415}),
    "charset of bytes": (with_charset("base64"), {400, 415}),
    "charset with a path": (with_charset("../../etc/passwd"), {400, 415}),
    "charset of a nul": (with_charset("utf\x008"), {400, None}),
    "charset idna": (with_charset("idna"), {400, 415}),
    "charset punycode": (with_charset("punycode"), {400, 415}),
    "charset utf-7": (with_charset("utf-7"), {200, 400, 415}),
    "no body": (sized("text/plain", b""), {400, 422}),
    "negative length": (request("Content-Type: text/plain", "Content-Length: -1"), {400, None}),
    "length in words": (request("Content-Type: text/plain", "Content-Length: ten"), {400, None}),
    "length with a sign": (request("Content-Type: text/plain", "Content-Length: +5", body=b"Rain."), {400, None}),
    "length of many digits": (request("Content-Type: text/plain", f"Content-Length: {'9' * 40}"), {400, 413, None}),
    "length beyond the limit": (request("Content-Type: text/plain", "Content-Length: 50000000"), {413}),
    "two lengths": (
        request("Content-Type: text/plain", "Content-Length: 5", "Content-Length: 6", body=b"Rain.."),
        {400, None},
    ),
    "length and chunks": (
        request("Content-Type: text/plain", "Content-Length: 5", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
        {400, 422, None},
    ),
    "two encodings": (
        request("Content-Type: text/plain", "Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"),
        {400, 415, 422, 501, None},
    ),
    "unknown encoding": (request("Content-Type: text/plain", "Transfer-Encoding: magic"), {400, 501, None}),
    "chunks": (chunked(ARTICLE[:20].encode(), ARTICLE[20:].encode()), {200}),
    "chunks of a byte": (chunked(*(bytes([byte]) for byte in ARTICLE.encode())), {200}),
    "chunk with an extension": (
        request("Content-Type: text/plain", "Transfer-Encoding: chunked", body=b"5;a=b\r\nRain.\r\n0\r\n\r\n"),
        {200, 400},
    ),
    "chunk without a size": (chunked(end=b"Rain.\r\n0\r\n\r\n"), {400, None}),
    "chunk with a negative size": (chunked(end=b"-5\r\nRain.\r\n0\r\n\r\n"), {400, None}),
    "chunk of an endless size": (chunked(end=b"f" * 40 + b"\r\nRain."), {400, 413, None}),
    "chunk shorter than its size": (chunked(end=b"3\r\nRain.\r\n0\r\n\r\n"), {400, None}),
    "expect": (sized("text/plain", ARTICLE.encode(), "Expect: 100-continue"), {200}),
    "expect beyond the limit": (
        request("Content-Type: text/plain", "Content-Length: 50000000", "Expect: 100-continue"),
        {413},
    ),
    "gzip": (sized("text/plain", gzip.compress(ARTICLE.encode()), "Content-Encoding: gzip"), {415}),
    "identity": (sized("text/plain", ARTICLE.encode(), "Content-Encoding: Identity"), {200}),
    "form of 5,000 fields": (
        sized("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % one for one in range(5_000))),
        {400},
    ),
    "form in 2,000 parts": (multipart(*((f"a{number}", b"") for number in range(2_000))), {400, 413}),
    "form without a boundary": (sized("multipart/form-data", b"--x\r\n\r\n--x--"), {400}),
    "form that is cut": (
        sized("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="t'),
        {400},
    ),
    "file name with a path": (
        sized(
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../../tmp/a.txt"\r\n\r\n'
            + ARTICLE.encode()
            + b"\r\n--x--\r\n",
        ),
        {200},
    ),
    "path with dots": (request(line="GET /static/../../settings.py HTTP/1.1"), {400, 404}),
    "path with encoded dots": (request(line="GET /static/%2e%2e/%2e%2e/settings.py HTTP/1.1"), {400, 404}),
    "path with a nul": (request(line="GET /static/%00 HTTP/1.1"), {400, 404}),
    "very long path": (request(line=f"GET /{'a' * 60_000} HTTP/1.1"), {400, 404, 414, None}),
    "many headers": (
        request(*(f"X-{number}: a" for number in range(3_000)), line="GET / HTTP/1.1"),
        {200, 400, 431, None},
    ),
    "header without a colon": (request("Nonsense", line="GET / HTTP/1.1"), {400, None}),
    "header on two lines": (request("X: a", " b", line="GET / HTTP/1.1"), {200, 400, None}),
    "unknown method": (request(line="BREW /summarize HTTP/1.1"), {405}),
    "old http": (request(line="GET /healthz HTTP/1.0"), {200}),
    "unknown version": (request(line="GET /healthz HTTP/9.9"), {200, 400, 505}),
    "http/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 404, 505}),
    "tls": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), {400, None}),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", {400, None}),
    "unknown field": (posted({"text": ARTICLE, "extra": 1}), {400}),
    "line end in the request id": (sized("text/plain", ARTICLE.encode(), "X-Request-Id: a%0d%0aSet-Cookie: b"), {200}),
}


def answer(port: int, sent: bytes) -> http.client.HTTPResponse | None:
    """The final answer; None if the connection is closed without one."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            connection.sendall(sent)
            response = http.client.HTTPResponse(connection)
            response.begin()
            response.body = response.read()
        except (ConnectionError, http.client.BadStatusLine, http.client.RemoteDisconnected):
            return None
        return response


@pytest.mark.parametrize("name", CASES)
def test_every_request_has_a_fitting_answer(port, caplog, name):
    sent, statuses = CASES[name]
    response = answer(port, sent)
    status = response.status if response else None
    assert status in statuses, response and response.body
    if status == 413:
        assert ("larger" in response.body.decode()) != ("parts" in name)
    if response and status >= 400:
        assert response.headers["Content-Type"] == "application/problem+json"
        problem = json.loads(response.body)
        assert problem["status"] == status
        assert problem["detail"]
    assert "Set-Cookie" not in (response.headers if response else {})
    assert "Traceback" not in caplog.text
    assert "nobody was hurt" not in caplog.text
    health = answer(port, request("Connection: close", line="GET /healthz HTTP/1.1"))
    assert health is not None
    assert health.status == 200
