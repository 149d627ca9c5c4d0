"""The HTTP contract with models of the user's own: tiny ones of each family, found and loaded as the real ones are."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from test_api import assert_contract
from tiny_models import tiny_bart, tiny_llama, tiny_t5

from summarizer import Settings, Summarizer
from summarizer.web import create_app


@pytest.fixture(scope="module", params=[tiny_bart, tiny_t5, tiny_llama], ids=["bart", "t5", "llama"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = request.param(tmp_path_factory.mktemp("models") / "tiny-model")
    # Checked by words: random words do not need the embedded model's verdict, which takes seconds each.
    return create_app(Summarizer(Settings(model=str(folder), check="words"))).test_client()


@pytest.fixture
def text(articles: Path) -> str:
    return (articles / "copied-page.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "multipart/form-data"])
def test_own_model_keeps_the_contract(client: FlaskClient, text: str, content_type: str) -> None:
    if content_type == "text/plain":
        response = client.post("/summarize", data=text.encode(), content_type=content_type)
    elif content_type == "application/json":
        response = client.post("/summarize", json={"text": text, "method": "rewrite"})
    else:
        response = client.post("/summarize", data={"text": text}, content_type=content_type)
    assert response.status_code == 200
    body = response.get_json()
    assert_contract(body, text)
    assert body["model"] == "tiny-model"


def test_one_length_alone_is_made(client: FlaskClient, text: str) -> None:
    body = client.post("/summarize", json={"text": text, "method": "rewrite", "lengths": ["short"]}).get_json()
    assert "long" not in body
    assert body["short"]


def test_extract_stays_with_the_embedded_encoder(client: FlaskClient, text: str) -> None:
    body = client.post("/summarize", json={"text": text, "method": "extract"}).get_json()
    assert body["model"] == "all-MiniLM-L6-v2"


def test_page_shows_the_answer(client: FlaskClient, text: str) -> None:
    page = client.post("/", data={"text": text, "method": "rewrite"})
    assert page.status_code == 200
    assert "tiny-model" in page.text
