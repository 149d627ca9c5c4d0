"""The `summarizer batch` command, as a fixture."""

from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer import Summarizer
from summarizer.__main__ import main


@pytest.fixture
def batch(summarizer: Summarizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run `summarizer batch` in an empty folder; returns the exit code."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> int:
        return main(["batch", *arguments], summarizer)

    return run
