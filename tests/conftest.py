"""Fixtures that the whole suite shares."""

from pathlib import Path

import pytest

from summarizer import Summarizer


@pytest.fixture(scope="session")
def summarizer() -> Summarizer:
    """A summarizer on the embedded models, loaded once for all tests."""
    return Summarizer()


@pytest.fixture(scope="session")
def articles() -> Path:
    """The folder of the test articles."""
    return Path(__file__).parent / "articles"
