"""A hub and a package index on loopback, wheels for them, and the outcome of processes that install from them."""

import hashlib
import os
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

PATIENCE = 60  # seconds that a process may take before a test fails
_INDEX = "/index/"


class Request(NamedTuple):
    """A request that the site received."""

    method: str
    path: str
    range: str | None


@dataclass
class Site:
    """A web server of files.

    :param files: by URL path.
    :param stalled: ends of paths whose responses stop half way until `resume` is set.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    stalled: set[str] = field(default_factory=set)
    resume: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    @property
    def index_url(self) -> str:
        """The address of the package index, for PIP_FIND_LINKS."""
        return f"{self.url}{_INDEX}"

    def download_count(self, name: str) -> int:
        """The number of downloads of files whose path ends in `name`."""
        return sum(request.method == "GET" and request.path.endswith(name) for request in self.requests)


@contextmanager
def running_site() -> Iterator[Site]:
    """Run a site that has no files yet."""
    site = Site()
    server = _Server(("127.0.0.1", 0), _handler(site))
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield site
    finally:
        site.resume.set()
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Ignore the clients that tests kill in the middle of a download."""


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.respond(with_body=False)

        def do_GET(self) -> None:
            self.respond(with_body=True)

        def respond(self, *, with_body: bool) -> None:
            byte_range = self.headers.get("Range")
            site.requests.append(Request(self.command, self.path, byte_range))
            body = self.index() if self.path == _INDEX else site.files.get(self.path)
            if body is None:
                self.send_error(404)
                return
            start = int(byte_range.removeprefix("bytes=").rstrip("-")) if byte_range else 0
            self.send_response(206 if start else 200)
            self.send_header("Content-Type", "text/html" if self.path == _INDEX else "application/octet-stream")
            self.send_header("Content-Length", str(len(body) - start))
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
            self.send_header("X-Repo-Commit", "0" * 40)
            self.end_headers()
            if with_body:
                self.send(body[start:])

        def index(self) -> bytes:
            names = [path.removeprefix(_INDEX) for path in site.files if path.startswith(_INDEX)]
            return "".join(f'<a href="{name}">{name}</a>\n' for name in names).encode()

        def send(self, body: bytes) -> None:
            half = len(body) // 2
            self.wfile.write(body[:half])
            self.wfile.flush()
            if any(self.path.endswith(name) for name in site.stalled):
                site.resume.wait(PATIENCE)
            self.wfile.write(body[half:])

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def index_path(project: str) -> str:
    """The path of a project's wheel in the index."""
    return f"{_INDEX}{project.replace('-', '_')}-1.0-py3-none-any.whl"


def write_wheel(folder: Path, project: str, members: dict[str, bytes]) -> Path:
    """Write a valid wheel of version 1.0 with these files, stored uncompressed."""
    stem = f"{project.replace('-', '_')}-1.0"
    texts = {
        f"{stem}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.0\n",
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{stem}.dist-info/RECORD": "".join(f"{name},,\n" for name in members) + f"{stem}.dist-info/RECORD,,\n",
    }
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in members.items():
            archive.writestr(name, body)
        for name, text in texts.items():
            archive.writestr(name, text)
    return path


def clean_environment(**variables: str) -> dict[str, str]:
    """This process's environment without what configures pip, the hub or the service on this machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "HF_", "SUMMARIZER_"))}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_RETRIES": "0", **variables}


@dataclass(frozen=True)
class Outcome:
    """How a process ended, and what it wrote to stderr."""

    exit_code: int
    messages: str


def finish(process: subprocess.Popen[str]) -> Outcome:
    """Wait for a process to end, which it never does with a traceback."""
    _, messages = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in messages, messages
    return Outcome(process.returncode, messages)
