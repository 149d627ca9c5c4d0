"""`wsgi.py` as gunicorn loads it, and `summarizer serve`."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.setup
CHECKOUT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SUMMARIZER_QUEUE", "many", "SUMMARIZER_QUEUE"),
        ("SUMMARIZER_RATE_LIMIT", "30 per minute", "There is no setting SUMMARIZER_RATE_LIMIT"),
        ("SUMMARIZER_CACHE", "/nonexistent", "summarizer download"),
    ],
)
def test_invalid_start_is_a_message_and_exit_code_4(name, value, words):
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=CHECKOUT,
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 4
    assert done.stderr.startswith("summarizer: ")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_incomplete_request_does_not_hold_a_thread_forever(tmp_path):
    (tmp_path / "quick.py").write_text(
        "from summarizer.web import gunicorn_config\n"
        "gunicorn_config.CLIENT_TIMEOUT = 1\n"
        "from summarizer.web.gunicorn_config import *\n"
        "threads = 1\n"
    )
    (tmp_path / "app.py").write_text("def app(environ, start):\n    start('204 No Content', [])\n    return []\n")
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "--chdir", tmp_path, "--config", tmp_path / "quick.py"]
    server = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}", "app:app"], stderr=subprocess.DEVNULL)
    try:
        with closing(_connected(port)) as silent, closing(_connected(port)) as other:
            silent.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
            time.sleep(0.2)
            other.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert other.recv(12) == b"HTTP/1.1 204"
    finally:
        server.terminate()
        server.wait(30)


def test_serve_runs_the_service_on_the_given_port(tmp_path):
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "summarizer", "serve", "--port", str(port)], cwd=tmp_path, stderr=subprocess.DEVNULL
    )
    try:
        with closing(_connected(port)) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            assert connection.recv(12) == b"HTTP/1.1 200"
    finally:
        server.terminate()
        assert server.wait(30) == 0


def _free_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return listener.getsockname()[1]


def _connected(port):
    for _ in range(600):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("The server does not listen.")
