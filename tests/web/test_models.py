"""The HTTP contract with a user's own model: a tiny one of each family, resolved and loaded like a real one."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from summarizer import Settings, Summarizer
from summarizer.web import create_app
from tests.tiny_models import tiny_bart, tiny_llama, tiny_t5
from tests.web.contract import assert_contract

pytestmark = pytest.mark.llm


@pytest.fixture(scope="module", params=[tiny_bart, tiny_t5, tiny_llama], ids=["bart", "t5", "llama"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = request.param(tmp_path_factory.mktemp("models") / "tiny-model")
    return create_app(Summarizer(Settings(model=str(folder)))).test_client()


@pytest.fixture
def text(articles: Path) -> str:
    """The beginning of an article; the tiny BART reads it in several parts."""
    return "\n\n".join((articles / "news-harbour-bridge.txt").read_text(encoding="utf-8").split("\n\n")[:5])


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "multipart/form-data"])
def test_own_model_keeps_the_contract(client: FlaskClient, text: str, content_type: str) -> None:
    if content_type == "text/plain":
        response = client.post("/summarize", data=text.encode(), content_type=content_type)
    elif content_type == "application/json":
        response = client.post("/summarize", json={"text": text, "method": "abstractive"})
    else:
        response = client.post("/summarize", data={"text": text}, content_type=content_type)
    assert response.status_code == 200
    body = response.get_json()
    assert_contract(body, text)
    assert body["model"] == "tiny-model"


def test_single_length_is_made(client: FlaskClient, text: str) -> None:
    body = client.post("/summarize", json={"text": text, "method": "abstractive", "lengths": ["short"]}).get_json()
    assert "long" not in body
    assert body["short"]


def test_extractive_method_still_uses_the_encoder(client: FlaskClient, text: str) -> None:
    body = client.post("/summarize", json={"text": text, "method": "extractive"}).get_json()
    assert body["model"] == "all-MiniLM-L6-v2"


def test_page_shows_the_answer(client: FlaskClient, text: str) -> None:
    page = client.post("/", data={"text": text, "method": "abstractive"})
    assert page.status_code == 200
    assert "tiny-model" in page.text
