"""Attacks on a running service, and how long an ordinary request of another client takes meanwhile.

    python -m scripts.benchmark.attacks

Each attack is what one client can do: articles, files and links that take long, sent and perhaps abandoned, and
connections that are idle or incomplete. A line has the seconds of an ordinary extractive request and of `/healthz`.
"""

import argparse
import json
import socket
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection

from scripts.benchmark.service import RunningService, running_service

_ATTACKER, _OTHER = "203.0.113.1", "203.0.113.2"
_ARTICLE = (
    "The harbour bridge at Pell will close on Monday for repairs that last six weeks. Buses will use the ferry quay "
    "instead, the council said. The bridge carries 4,000 lorries a day. Its bearings were cracked in March. "
    "The work costs £2.1m, of which the county pays half. Traders in the old town fear for their summer trade. A ferry "
    "for pedestrians will run every ten minutes from six in the morning until midnight. The bridge was opened in 1931 "
    "and was last repaired in 1998. A second crossing has been discussed for twenty years without a decision."
)
# Seconds between the attack and the ordinary request.
_HEAD_START = 0.3


def main(arguments: Sequence[str] | None = None) -> None:
    """Run every attack and print its line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deadline", type=float, default=60, help="SUMMARIZER_DEADLINE of the service")
    options = parser.parse_args(arguments)
    settings = {
        "SUMMARIZER_DEADLINE": str(options.deadline),
        "SUMMARIZER_TRUSTED_PROXIES": "127.0.0.1",
        "SUMMARIZER_FETCH_URLS": "true",
        "SUMMARIZER_FETCH_NETWORKS": "127.0.0.0/8",
        "SUMMARIZER_SUMMARY_CACHE": "0",
    }
    with _slow_page() as link, running_service(queue=16, settings=settings) as service:
        print(f"{'attack':<48} {'article':>8} {'healthz':>8}")
        for attack in (Attack("none", []), *_attacks(link)):
            with ExitStack() as connections:
                for connection in attack.begin(service):
                    connections.enter_context(closing(connection))
                time.sleep(_HEAD_START)
                health, article = _seconds_of_health(service), _seconds_of_article(service)
            print(f"{attack.name:<48} {article:>7.2f}s {health:>7.2f}s", flush=True)
            _wait_until_idle(service)


@dataclass(frozen=True)
class Attack:
    """What one client does.

    :param sent: the bytes sent over each of its connections.
    :param hangs_up: whether it closes them before an answer comes.
    :param drips: whether it sends one more byte over each every half second.
    """

    name: str
    sent: Sequence[bytes]
    hangs_up: bool = False
    drips: bool = False

    def begin(self, service: RunningService) -> list[socket.socket]:
        """Open the connections; those that are still open."""
        connections = [_open(service, one) for one in self.sent]
        if self.hangs_up:
            time.sleep(_HEAD_START)
            for connection in connections:
                connection.close()
            return []
        if self.drips:
            threading.Thread(target=_drip, args=(connections,), daemon=True).start()
        return connections


def _attacks(link: str) -> Iterator[Attack]:
    texts = {
        "500 KB of one-letter lines": "a\n" * 250_000,
        "110 KB of !?": "!?" * 55_000,
        "1 MB of !?": "!?" * 500_000,
        "40 KB of &amp;amp;": "&" + "amp;" * 10_000,
        "100 KB of list items": "".join(f"Item {number} of the list\n" for number in range(5_000)),
        "1 MB of prose": "".join(f"On day {number} the river rose again and fell.\n" for number in range(20_000)),
    }
    bodies = [
        ("2 links to a page that drips", 2, "application/json", json.dumps({"url": link}).encode()),
        ("4 PDFs of 70 MB of operators", 4, "application/pdf", _slow_pdf()),
        *((f"2 texts, {name}", 2, "text/plain", text.encode()) for name, text in texts.items()),
    ]
    for name, times, content_type, body in bodies:
        # Not the same each time, or they would be one computation.
        sent = [_request(content_type, body, number) for number in range(times)]
        yield Attack(f"{name}, connected", sent)
        yield Attack(f"{name}, hung up", sent, hangs_up=True)
    head = b"POST /summarize HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n"
    yield Attack("24 idle connections", [b""] * 24)
    yield Attack("500 idle connections", [b""] * 500)
    yield Attack("100 half-sent heads", [head[:40]] * 100)
    yield Attack("100 half-sent bodies", [head + b"It rained"] * 100)
    yield Attack("100 heads that drip", [b"GET / HTTP/1.1\r\nX: "] * 100, drips=True)


def _request(content_type: str, body: bytes, number: int) -> bytes:
    head = (
        f"POST /summarize?method=extractive&title=Attack+{number} HTTP/1.1\r\nHost: localhost\r\n"
        f"X-Forwarded-For: {_ATTACKER}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _open(service: RunningService, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", service.port), timeout=60)
    connection.sendall(sent)
    return connection


def _drip(connections: Sequence[socket.socket]) -> None:
    """Send one more byte every half second until the connections are closed."""
    while True:
        for connection in connections:
            try:
                connection.sendall(b"a")
            except OSError:
                return
        time.sleep(0.5)


@contextmanager
def _slow_page() -> Iterator[str]:
    """The address of a page that sends a byte every four seconds."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=_send_slowly, args=(connection,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


def _send_slowly(connection: socket.socket) -> None:
    with closing(connection):
        try:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n")
            while True:
                connection.sendall(b" ")
                time.sleep(4)
        except OSError:
            return


def _slow_pdf() -> bytes:
    """A PDF of one page with 70 MB of path operators, compressed."""
    stream = zlib.compress(b"0 0 m 1 1 l S\n" * 5_000_000)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(stream), stream),
    ]
    document = b"%PDF-1.4\n"
    offsets = []
    for number, part in enumerate(parts, 1):
        offsets.append(len(document))
        document += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(document)
    return document + (
        b"xref\n0 5\n0000000000 65535 f \n%btrailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (table, start)
    )


def _seconds_of_article(service: RunningService) -> float:
    begun = time.monotonic()
    with closing(HTTPConnection("127.0.0.1", service.port, timeout=120)) as connection:
        headers = {"Content-Type": "text/plain; charset=utf-8", "X-Forwarded-For": _OTHER}
        connection.request("POST", "/summarize?method=extractive", _ARTICLE.encode(), headers)
        status = connection.getresponse().status
    if status != 200:
        raise SystemExit(f"The ordinary request was answered with {status}.")
    return time.monotonic() - begun


def _seconds_of_health(service: RunningService) -> float:
    begun = time.monotonic()
    with closing(HTTPConnection("127.0.0.1", service.port, timeout=120)) as connection:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    return time.monotonic() - begun


def _wait_until_idle(service: RunningService) -> None:
    """Wait until no request is under way."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with closing(HTTPConnection("127.0.0.1", service.port, timeout=120)) as connection:
            connection.request("GET", "/metrics")
            lines = connection.getresponse().read().decode().splitlines()
        if {"summarizer_queue_places 0.0", "summarizer_reading_places 0.0"} <= set(lines):
            return
        time.sleep(0.2)
    raise SystemExit("The service is still busy two minutes after the attack.")


if __name__ == "__main__":
    main()
