"""`summarizer download`; tests/models/test_download.py tests how models are downloaded."""

import subprocess
import sys
from pathlib import Path

from summarizer import Settings


def test_models_that_are_there_are_not_downloaded_again(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "summarizer", "download"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"The models are in {Settings.from_env().cache}.\n"
    assert result.stderr == ""
