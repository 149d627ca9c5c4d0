"""`wsgi.py` as gunicorn loads it: what is wrong is said in one line, and gunicorn is told to stop."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SUMMARIZER_QUEUE", "many", "SUMMARIZER_QUEUE"),
        ("SUMMARIZER_RATE_LIMIT", "often", "SUMMARIZER_RATE_LIMIT"),
        ("SUMMARIZER_CACHE", "/nonexistent", "setup"),
    ],
)
def test_what_is_wrong_at_the_start_is_a_message_and_exit_code_4(name, value, words):
    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=CHECKOUT,
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 4
    assert ended.stderr.startswith("summarizer: ")
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


def test_one_that_does_not_end_its_request_holds_no_thread_for_ever(tmp_path):
    (tmp_path / "quick.py").write_text(
        (CHECKOUT / "gunicorn.conf.py").read_text().replace("SILENCE = 30", "SILENCE = 1") + "\nthreads = 1\n"
    )
    (tmp_path / "app.py").write_text("def app(environ, start):\n    start('204 No Content', [])\n    return []\n")
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port = listening.getsockname()[1]
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [gunicorn, "--chdir", tmp_path, "-c", tmp_path / "quick.py", "app:app"]
    server = subprocess.Popen(
        command,
        env={**os.environ, "SUMMARIZER_PORT": str(port), "PYTHONPATH": str(CHECKOUT)},
        stderr=subprocess.DEVNULL,
    )
    try:
        with closing(_connected(port)) as silent, closing(_connected(port)) as other:
            silent.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
            time.sleep(0.2)
            other.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert other.recv(12) == b"HTTP/1.1 204"
    finally:
        server.terminate()
        server.wait(30)


def _connected(port):
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("the server does not listen")
