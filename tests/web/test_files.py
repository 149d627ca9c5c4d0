"""Files, links and the option `clean` over HTTP."""

import io
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from summarizer.cleaning.repair import repair

FILES = Path(__file__).parent.parent / "files"
BRIDGE = "Harbour bridge shut after inspectors find cracked cable anchor"
ARTICLE = (FILES.parent / "articles" / "copied-page.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("harbour-bridge.pdf", "application/pdf"),
        ("harbour-bridge.html", "text/html; charset=utf-8"),
        ("harbour-bridge.eml", "message/rfc822"),
    ],
)
def test_body_is_read_by_its_content_type(client, name, content_type):
    response = client.post("/summarize?method=extractive", data=(FILES / name).read_bytes(), content_type=content_type)
    body = response.get_json()
    assert response.status_code == 200
    assert body["title"] == BRIDGE
    for removed in body["removed"]:
        first = removed["spans"][0]
        assert repair(body["sent"][first["start"] : first["end"]]) == removed["text"]


@pytest.mark.parametrize("name", ["salt-road.docx", "salt-road.pdf", "lake-sediment.md", "court-appeal.eml"])
def test_file_in_a_form_is_read(client, name):
    data = {"file": (io.BytesIO((FILES / name).read_bytes()), name), "method": "extractive"}
    body = client.post("/summarize", data=data).get_json()
    assert body["title"]
    assert body["stats"]["article_words"] > 300
    assert body["sent"]


@pytest.mark.parametrize(("name", "says"), [("encrypted.pdf", "encrypted"), ("scanned.pdf", "scanned")])
def test_file_without_readable_text_is_422(client, name, says):
    response = client.post("/summarize", data=(FILES / name).read_bytes(), content_type="application/pdf")
    assert response.status_code == 422
    assert says in response.get_json()["detail"]


def test_sent_text_is_not_returned(client):
    body = client.post("/summarize?method=extractive", data=ARTICLE.encode(), content_type="text/plain").get_json()
    assert "sent" not in body
    for removed in body["removed"]:
        assert len(removed["spans"]) == removed["count"]
        first = removed["spans"][0]
        assert ARTICLE[first["start"] : first["end"]] == removed["text"]


@pytest.mark.parametrize(
    "sent",
    [
        {"query_string": {"clean": "false"}, "json": {"text": ARTICLE, "method": "extractive"}},
        {"json": {"text": ARTICLE, "method": "extractive", "clean": False}},
        {"data": {"text": ARTICLE, "method": "extractive", "clean": "false"}},
    ],
    ids=["query", "json", "form"],
)
def test_text_is_kept_whole_without_cleaning(client, sent):
    body = client.post("/summarize", **sent).get_json()
    assert body["removed"] == []
    assert "Advertisement" in body["article"]


def test_invalid_value_of_clean_is_400(client):
    response = client.post("/summarize?clean=maybe", json={"text": ARTICLE})
    assert response.status_code == 400
    assert "true or false" in response.get_json()["detail"]


def test_article_beyond_the_limit_is_413(client_with):
    response = client_with(max_text=2_000).post("/summarize", json={"text": ARTICLE})
    assert response.status_code == 413
    assert "2,000 characters" in response.get_json()["detail"]


def test_links_are_not_opened_unless_allowed(client):
    response = client.post("/summarize", json={"url": "http://127.0.0.1/"})
    assert response.status_code == 400
    assert "does not fetch links" in response.get_json()["detail"]


@pytest.fixture
def site():
    """The address of a server with the test files."""

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(FILES))

        def log_message(self, *args):
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize("as_form", [False, True], ids=["json", "form"])
def test_link_is_opened_if_allowed(client_with, site, as_form):
    client = client_with(fetch_urls=True, fetch_networks="127.0.0.0/8, 10.0.0.0/8")
    sent = {"url": f"{site}/harbour-bridge.html", "method": "extractive"}
    body = client.post("/summarize", **({"data": sent} if as_form else {"json": sent})).get_json()
    assert body["title"] == BRIDGE
    assert body["sent"]


@pytest.mark.parametrize("kind", ["json", "data", "plain"])
def test_text_that_is_only_a_link_stands_for_its_page(client, client_with, site, kind):
    text = f" {site}/harbour-bridge.html\n"
    requests = {
        "json": {"json": {"text": text, "method": "extractive"}},
        "data": {"data": {"text": text, "method": "extractive"}},
        "plain": {"data": text, "content_type": "text/plain", "query_string": {"method": "extractive"}},
    }
    refused = client.post("/summarize", **requests[kind])
    assert refused.status_code == 400
    assert "does not fetch links" in refused.get_json()["detail"]
    opens_links = client_with(fetch_urls=True, fetch_networks="127.0.0.0/8, 10.0.0.0/8")
    assert opens_links.post("/summarize", **requests[kind]).get_json()["title"] == BRIDGE


def test_link_into_a_private_network_is_422(client_with, site):
    response = client_with(fetch_urls=True).post("/summarize", json={"url": site})
    assert response.status_code == 422
    assert "private network" in response.get_json()["detail"]


def test_page_shows_removed_text_in_its_place(client):
    page = client.post("/", data={"text": ARTICLE, "method": "extractive"}).get_data(as_text=True)
    assert '<del title="advertisement">Advertisement</del>' in page
    assert page.count('<del title="repeated headline">') == 6


def test_form_has_a_link_field_only_if_links_are_opened(client, client_with):
    assert 'name="url"' not in client.get("/").get_data(as_text=True)
    assert 'name="url"' in client_with(fetch_urls=True).get("/").get_data(as_text=True)


def test_form_keeps_link_and_choice_beside_an_error(client_with):
    client = client_with(fetch_urls=True)
    page = client.post("/", data={"text": "", "url": "ftp://example.org/a", "clean": "false"}).get_data(as_text=True)
    assert 'value="ftp://example.org/a"' in page
    assert 'value="false" checked' in page
    assert "not a web address" in page
