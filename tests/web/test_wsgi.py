"""`wsgi.py` as gunicorn loads it: what is wrong is said in one line, and gunicorn is told to stop."""

import os
import subprocess
import sys
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
