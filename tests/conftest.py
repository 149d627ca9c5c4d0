"""Fixtures that the whole suite shares."""

import os
from pathlib import Path

import pytest

# What one test sent must not answer another.
os.environ["SUMMARIZER_KEPT_SUMMARIES"] = "0"

from summarizer import Summarizer


@pytest.fixture(scope="session")
def summarizer() -> Summarizer:
    """A summarizer on the embedded models, loaded once for all tests."""
    return Summarizer()


@pytest.fixture(scope="session")
def articles() -> Path:
    """The folder of the test articles."""
    return Path(__file__).parent / "articles"
