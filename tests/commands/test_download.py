"""`summarizer download`; tests/models/test_download.py tests how models are downloaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from summarizer import Settings
from summarizer.__main__ import main


def test_models_that_are_there_are_not_downloaded_again(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "summarizer", "download"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"The models are in {Settings.from_env().cache}.\n"
    assert result.stderr == ""


def test_unknown_setting_is_reported_as_by_the_other_commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUMMARIZER_CACHES", "/tmp")
    assert main(["download"]) == 2
    message = capsys.readouterr().err
    assert message.startswith("summarizer: There is no setting SUMMARIZER_CACHES.")
    assert message.count("\n") == 1
