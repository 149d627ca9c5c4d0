"""Fixtures that the whole suite shares. Models are loaded once per test process."""

import os
from collections.abc import Callable
from copy import copy
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

# One test's summary must not answer another's request.
os.environ["SUMMARIZER_SUMMARY_CACHE"] = "0"

from scripts.evaluation.recorded_model import RecordedModel
from summarizer import Settings, Summarizer
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.llama_cpp import LlamaCppModel
from summarizer.models.manifest import encoder_folder
from summarizer.models.resolve import default_engine
from summarizer.models.trained_writer import TrainedWriter
from summarizer.web import create_app

FOLDER = Path(__file__).parent
RECORDING = FOLDER / "recordings" / "answers.jsonl"
# Set this variable to compute and record answers that are missing, after a change of prompts or test articles.
_RECORD = "RECORD_ANSWERS"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of the language model, of the browser and of Ray in one process each."""
    for item in items:
        for marker in ("llm", "browser", "ray"):
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.xdist_group(marker))


@pytest.fixture(scope="session")
def language_model() -> LlamaCppModel:
    """The default language model, for tests marked `llm`."""
    return default_engine(Settings())


@pytest.fixture(scope="session")
def recorded_model() -> RecordedModel:
    """The default language model's recorded answers."""
    settings = Settings()
    model = default_engine(settings)
    return RecordedModel(RECORDING, model.name, model.token_budget, model if os.environ.get(_RECORD) else None)


@pytest.fixture(scope="session")
def summarizer(recorded_model: RecordedModel) -> Summarizer:
    """A summarizer with the real encoder and the language model's recorded answers."""
    summarizer = Summarizer(language_model=TrainedWriter(recorded_model))
    summarizer.load()
    return summarizer


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    """The sentence encoder."""
    return SentenceEncoder(encoder_folder(Settings().cache))


@pytest.fixture(scope="session")
def articles() -> Path:
    """The folder of the test articles."""
    return FOLDER / "articles"


@pytest.fixture(scope="session")
def files() -> Path:
    """The folder of files of every kind."""
    return FOLDER / "files"


@pytest.fixture(scope="session")
def app(summarizer: Summarizer) -> Flask:
    """The application with the default settings."""
    return create_app(summarizer)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application."""
    return app.test_client()


@pytest.fixture(scope="session")
def summarizer_with(summarizer: Summarizer) -> Callable[..., Summarizer]:
    """Summarizers with other settings, which share the loaded models."""

    def make(**changed: object) -> Summarizer:
        other = copy(summarizer)
        other.settings = summarizer.settings.model_copy(update=changed)
        return other

    return make


@pytest.fixture
def client_with(summarizer_with: Callable[..., Summarizer]) -> Callable[..., FlaskClient]:
    """Clients of applications with other settings."""

    def make(**changed: object) -> FlaskClient:
        return create_app(summarizer_with(**changed)).test_client()

    return make
