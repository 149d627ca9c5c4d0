"""Files, links and the option `strip` over HTTP."""

import io
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from summarizer import Summarizer
from summarizer.pasted import cleaned
from summarizer.web import create_app

FILES = Path(__file__).parent.parent / "files"
BRIDGE = "Harbour bridge shut after inspectors find cracked cable anchor"
ARTICLE = (FILES.parent / "articles" / "copied-page.txt").read_text(encoding="utf-8")


def _with(summarizer: Summarizer, **changed):
    """A client of a service with other settings."""
    return create_app(Summarizer(summarizer.settings.model_copy(update=changed))).test_client()


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("harbour-bridge.pdf", "application/pdf"),
        ("harbour-bridge.html", "text/html; charset=utf-8"),
        ("harbour-bridge.eml", "message/rfc822"),
    ],
)
def test_body_with_its_content_type_is_read(client, name, content_type):
    response = client.post("/summarize?method=extract", data=(FILES / name).read_bytes(), content_type=content_type)
    body = response.get_json()
    assert response.status_code == 200
    assert body["title"] == BRIDGE
    for stripped in body["stripped"]:
        first = stripped["spans"][0]
        assert cleaned(body["sent"][first["start"] : first["end"]]) == stripped["text"]


@pytest.mark.parametrize("name", ["salt-road.docx", "salt-road.pdf", "lake-sediment.md", "court-appeal.eml"])
def test_file_of_a_form_is_read(client, name):
    data = {"file": (io.BytesIO((FILES / name).read_bytes()), name), "method": "extract"}
    body = client.post("/summarize", data=data).get_json()
    assert body["title"]
    assert body["stats"]["article_words"] > 300
    assert body["sent"]


@pytest.mark.parametrize(("name", "says"), [("encrypted.pdf", "encrypted"), ("scanned.pdf", "scanned")])
def test_file_without_readable_text_is_422(client, name, says):
    response = client.post("/summarize", data=(FILES / name).read_bytes(), content_type="application/pdf")
    assert response.status_code == 422
    assert says in response.get_json()["detail"]


def test_text_has_spans_but_is_not_sent_back(client):
    body = client.post("/summarize?method=extract", data=ARTICLE.encode(), content_type="text/plain").get_json()
    assert "sent" not in body
    for stripped in body["stripped"]:
        assert len(stripped["spans"]) == stripped["count"]
        first = stripped["spans"][0]
        assert ARTICLE[first["start"] : first["end"]] == stripped["text"]


@pytest.mark.parametrize(
    "sent",
    [
        {"query_string": {"strip": "off"}, "json": {"text": ARTICLE, "method": "extract"}},
        {"json": {"text": ARTICLE, "method": "extract", "strip": False}},
        {"data": {"text": ARTICLE, "method": "extract", "strip": "off"}},
    ],
    ids=["query", "json", "form"],
)
def test_strip_off_keeps_everything(client, sent):
    body = client.post("/summarize", **sent).get_json()
    assert body["stripped"] == []
    assert "Advertisement" in body["article"]


def test_strip_can_be_off_by_a_setting(summarizer):
    client = _with(summarizer, strip=False)
    assert client.post("/summarize?method=extract", json={"text": ARTICLE}).get_json()["stripped"] == []
    assert client.post("/summarize?method=extract&strip=on", json={"text": ARTICLE}).get_json()["stripped"]


def test_strip_with_another_value_is_400(client):
    response = client.post("/summarize?strip=maybe", json={"text": ARTICLE})
    assert response.status_code == 400
    assert "on or off" in response.get_json()["detail"]


def test_article_beyond_the_limit_is_413(summarizer):
    response = _with(summarizer, max_text=2_000).post("/summarize", json={"text": ARTICLE})
    assert response.status_code == 413
    assert "SUMMARIZER_MAX_TEXT" in response.get_json()["detail"]


def test_links_are_not_opened_unless_allowed(client):
    response = client.post("/summarize", json={"url": "http://127.0.0.1/"})
    assert response.status_code == 400
    assert "SUMMARIZER_FETCH_URLS" in response.get_json()["detail"]


@pytest.fixture
def site():
    """The address of a server with the test files."""

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(FILES))

        def log_message(self, *args):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize("as_form", [False, True], ids=["json", "form"])
def test_link_is_opened_where_that_is_allowed(summarizer, site, as_form):
    client = _with(summarizer, fetch_urls=True, fetch_networks="127.0.0.0/8, 10.0.0.0/8")
    sent = {"url": f"{site}/harbour-bridge.html", "method": "extract"}
    body = client.post("/summarize", **({"data": sent} if as_form else {"json": sent})).get_json()
    assert body["title"] == BRIDGE
    assert body["sent"]


def test_link_into_a_private_network_is_422(summarizer, site):
    response = _with(summarizer, fetch_urls=True).post("/summarize", json={"url": site})
    assert response.status_code == 422
    assert "private network" in response.get_json()["detail"]


def test_page_shows_what_was_stripped_in_its_place(client):
    page = client.post("/", data={"text": ARTICLE, "method": "extract"}).get_data(as_text=True)
    assert '<del title="advertisement">Advertisement</del>' in page
    assert page.count('<del title="repeated headline">') == 6


def test_form_takes_a_link_only_where_links_are_opened(client, summarizer):
    assert 'name="url"' not in client.get("/").get_data(as_text=True)
    assert 'name="url"' in _with(summarizer, fetch_urls=True).get("/").get_data(as_text=True)


def test_form_keeps_link_and_choice_beside_an_error(summarizer):
    client = _with(summarizer, fetch_urls=True)
    page = client.post("/", data={"text": "", "url": "ftp://example.org/a", "strip": "off"}).get_data(as_text=True)
    assert 'value="ftp://example.org/a"' in page
    assert 'value="off" checked' in page
    assert "no web address" in page
