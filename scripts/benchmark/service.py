"""Starts the service in its own process, as `scripts/serve` does, for measurements and screenshots."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_LOAD_TIMEOUT = 120  # seconds; loading the models usually takes less than ten
_REQUEST_TIMEOUT = 600
_STOP_TIMEOUT = 60


@dataclass(frozen=True)
class RunningService:
    """A running service.

    :param process: the id of its main process.
    """

    process: int
    port: int

    def seconds(self, article: str) -> float:
        """Send an article and return the seconds until its summary has arrived.

        :raises urllib.error.HTTPError: if the response is an error.
        """
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/summarize", article.encode(), {"Content-Type": "text/plain"}
        )
        began = time.perf_counter()
        with _DIRECT.open(request, timeout=_REQUEST_TIMEOUT) as response:
            response.read()
        return time.perf_counter() - began

    def megabytes(self) -> int:
        """Resident memory of the service and its workers, in MiB; Linux only."""
        total = 0
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text(encoding="utf-8")
            except OSError:  # the process has ended
                continue
            lines = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
            if self.process in (int(lines["Pid"]), int(lines["PPid"])):
                total += int(lines.get("VmRSS", "0 kB").split()[0]) // 1024
        return total


@contextmanager
def running_service(
    *, has_cache: bool = False, queue: int = 64, settings: Mapping[str, str] = MappingProxyType({})
) -> Iterator[RunningService]:
    """Start a service, wait until its models are loaded, and stop it at the end of the block.

    :param has_cache: whether it caches summaries.
    :param queue: the number of requests that may wait.
    :param settings: further variables of its environment.
    :raises SystemExit: if the service does not start.
    """
    port = _free_port()
    environment = os.environ | {
        "SUMMARIZER_QUEUE": str(queue),
        "SUMMARIZER_SUMMARY_CACHE": "64" if has_cache else "0",
        **settings,
    }
    command = [sys.executable, "-m", "summarizer", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_until_ready(server, port)
        yield RunningService(server.pid, port)
    finally:
        server.terminate()
        try:
            server.wait(_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            server.kill()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(2 * _LOAD_TIMEOUT):
        time.sleep(0.5)
        if server.poll() is not None:
            sys.exit("The service did not start. Run `summarizer serve` to see why.")
        try:
            _DIRECT.open(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
        except OSError:
            continue
        return
    sys.exit(f"The service was not ready after {_LOAD_TIMEOUT} seconds.")
