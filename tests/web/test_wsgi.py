"""`wsgi.py` as a server loads it, `summarizer serve`, and answers when the models cannot be used."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from summarizer.errors import InvalidSetting, ModelFailed
from summarizer.web.problems import problem_of

CHECKOUT = Path(__file__).parent.parent.parent
# A device that the machine certainly lacks.
MISSING_DEVICE = "cuda" if sys.platform == "darwin" else "mps"


@pytest.mark.setup
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SUMMARIZER_QUEUE", "many", "SUMMARIZER_QUEUE"),
        ("SUMMARIZER_RATE_LIMIT", "30 per minute", "There is no setting SUMMARIZER_RATE_LIMIT"),
        ("SUMMARIZER_CACHE", "/nonexistent", "summarizer download"),
        ("SUMMARIZER_DEVICE", MISSING_DEVICE, f"has no {MISSING_DEVICE}. Use cpu or auto."),
        ("SUMMARIZER_LOG_LEVEL", "loud", "SUMMARIZER_LOG_LEVEL='loud': valid levels are debug, info, warning, error."),
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


@pytest.mark.setup
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SUMMARIZER_FOO", "1", "There is no setting SUMMARIZER_FOO."),
        ("SUMMARIZER_DEVICE", MISSING_DEVICE, "Use cpu or auto."),
    ],
)
def test_serve_with_an_invalid_setting_ends_with_exit_code_4(tmp_path, name, value, words):
    done = subprocess.run(
        [sys.executable, "-m", "summarizer", "serve", "--port", str(_free_port())],
        cwd=tmp_path,
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 4
    (message,) = (line for line in done.stderr.splitlines() if line.startswith("summarizer: "))
    assert words in message
    assert "Traceback" not in done.stderr


def test_503_for_a_setting_does_not_recommend_the_extractive_method():
    detail = problem_of(InvalidSetting("SUMMARIZER_DEVICE=cuda, but this machine has no cuda.")).detail
    assert "server's log" in detail
    assert "extractive" not in detail
    assert "cuda" not in detail


def test_503_for_a_model_recommends_the_extractive_method_only_for_an_abstractive_request():
    detail = problem_of(ModelFailed("llama_decode returned -3 in slot 2")).detail
    assert "server's log" in detail
    assert "If the request was abstractive, the method 'extractive' may still work." in detail
    assert "llama" not in detail


@pytest.mark.setup
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
