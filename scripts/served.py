"""The service in a process of its own, as `scripts/serve` runs it, for the scripts that measure it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# Loading takes seconds; a machine on which it takes longer is not to be measured.
_SECONDS_TO_LOAD = 120


@dataclass(frozen=True)
class Served:
    """A running service."""

    process: int
    port: int

    def seconds(self, article: str) -> float:
        """Send an article; how long the answer took.

        :raises urllib.error.HTTPError: when the answer is not a summary.
        """
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/summarize", article.encode(), {"Content-Type": "text/plain"}
        )
        began = time.perf_counter()
        with _DIRECTLY.open(request, timeout=600) as answer:
            answer.read()
        return time.perf_counter() - began

    def megabytes(self) -> int:
        """What the service and its workers hold in memory; Linux only."""
        held = 0
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text(encoding="utf-8")
            except OSError:  # it has ended meanwhile
                continue
            lines = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
            if self.process in (int(lines["Pid"]), int(lines["PPid"])):
                held += int(lines.get("VmRSS", "0 kB").split()[0]) // 1024
        return held


@contextmanager
def served(*, keeps: bool = False, queue: int = 64) -> Iterator[Served]:
    """Start a service and wait until its models are loaded; it ends with the block.

    :param keeps: whether it keeps summaries.
    :param queue: its places.
    """
    port = _free_port()
    environment = os.environ | {
        "SUMMARIZER_PORT": str(port),
        "SUMMARIZER_QUEUE": str(queue),
        "SUMMARIZER_THREADS": str(queue + 8),
        "SUMMARIZER_KEPT_SUMMARIES": "64" if keeps else "0",
    }
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    server = subprocess.Popen([gunicorn, "wsgi:app"], cwd=CHECKOUT, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_until_ready(server, port)
        yield Served(server.pid, port)
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(2 * _SECONDS_TO_LOAD):
        time.sleep(0.5)
        if server.poll() is not None:
            sys.exit("The service did not start; gunicorn wsgi:app says why.")
        try:
            _DIRECTLY.open(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
        except OSError:
            continue
        return
    sys.exit(f"The service was not ready after {_SECONDS_TO_LOAD} seconds.")
