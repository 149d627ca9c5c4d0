"""The page at `/`: the form, the answer in place, and what is wrong beside the form."""

import html
import io
import re
from pathlib import Path

import pytest

ARTICLES = Path(__file__).parent.parent / "articles"
ARTICLE = (ARTICLES / "news-harbour-bridge.txt").read_text(encoding="utf-8")
COPIED_PAGE = (ARTICLES / "copied-page.txt").read_text(encoding="utf-8")


def submit(client, text=ARTICLE, method="extract", upload=(b"", ""), **more):
    """Send the form as a browser does, with a file field without a name when none was picked."""
    fields = {"text": text, "method": method, "file": (io.BytesIO(upload[0]), upload[1]), **more}
    return client.post("/", data=fields, content_type="multipart/form-data")


def page_of(response):
    assert response.mimetype == "text/html"
    return response.get_data(as_text=True)


def alert_in(page):
    """What the visible alert says; None where there is none."""
    found = re.search(r'role="alert"(?![^>]* hidden)[^>]*>\s*([^<]+)<', page)
    return html.unescape(found[1]) if found else None


def scripts_in(page):
    return re.findall(r"<script[^>]*>[^<]*", page)


OWN_SCRIPT = '<script type="module" src="/static/page.js">'


def test_empty_form_says_what_it_does_and_offers_the_methods(client, summarizer):
    page = page_of(client.get("/"))
    assert "stays on this machine" in page
    assert re.findall(r'name="method" value="(\w+)"', page) == list(summarizer.methods)
    assert re.search(rf'value="{summarizer.default_method}" checked', page)
    assert 'name="text"' in page
    assert 'name="file"' in page
    assert alert_in(page) is None


def test_page_has_no_inline_script_and_no_inline_style(client):
    assert scripts_in(page_of(client.get("/"))) == [OWN_SCRIPT]
    assert scripts_in(page_of(submit(client))) == []
    for page in (page_of(client.get("/")), page_of(submit(client))):
        assert not re.search(r"<[^>]+ on\w+=", page)
        assert "style=" not in page
        assert "<style" not in page


def test_static_files_of_the_page_are_there(client):
    page = page_of(client.get("/"))
    paths = re.findall(r'<link [^>]*href="([^"]+)"', page)
    assert len(paths) == 2
    assert {client.get(path).status_code for path in paths} == {200}


def test_answer_shows_title_both_lengths_and_what_was_stripped(client):
    response = submit(client, COPIED_PAGE)
    assert response.status_code == 200
    page = html.unescape(page_of(response))
    summary = client.post("/summarize", json={"text": COPIED_PAGE, "method": "extract"}).get_json()
    assert summary["title"] in page
    for length in ("short", "long"):
        for sentence in summary["sentences"][length]:
            assert sentence["text"] in page
    for line in summary["stripped"]:
        assert line["text"] in page
        assert f"{line['count']} × {line['reason']}" in page
    assert summary["model"] in page


def test_every_number_leads_to_a_marked_passage_that_holds_the_sentence(client):
    page = page_of(submit(client))
    links = re.findall(r'class="sentence article">([^<]+)</span><sup><a href="#passage-(\d+)"', page)
    assert links
    for sentence, number in links:
        (passage,) = re.findall(rf'<mark id="passage-{number}">([^<]+)<', page)
        assert sentence in passage


def test_article_is_shown_whole_around_its_marks(client):
    page = page_of(submit(client))
    article = client.post("/summarize", json={"text": ARTICLE, "method": "extract"}).get_json()["article"]
    shown = re.search(r'<div class="text" dir="auto" lang="en">(.*?)</div>', page, re.DOTALL)[1]
    assert html.unescape(re.sub(r"<sup>\d+</sup>|<[^>]+>", "", shown)).strip() == article


def test_own_words_of_the_article_are_said_to_be_so(client):
    assert "All sentences are the article’s own." in page_of(submit(client))


def test_upload_is_summarized(client):
    response = submit(client, text="", upload=(COPIED_PAGE.encode("utf-16"), "article.txt"))
    assert response.status_code == 200
    assert "In more detail" in page_of(response)


def test_typed_text_and_choice_stay_after_an_answer(client):
    page = page_of(submit(client))
    assert html.escape(ARTICLE, quote=True)[:40] in page[page.index("<textarea") :]
    assert 'value="extract" checked' in page


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"text": ""}, 422, "text"),
        ({"text": "A headline alone"}, 422, "headline"),
        ({"text": ARTICLE, "upload": (b"More of it.", "more.txt")}, 400, "text and a file"),
        ({"text": "", "upload": (b"\x00\x01\x02" * 400, "image.png")}, 400, "text"),
        ({"text": ARTICLE, "colour": "red"}, 400, "'colour'"),
    ],
)
def test_errors_stand_beside_the_form_and_keep_what_was_typed_and_chosen(client, fields, status, words):
    response = submit(client, **fields)
    assert response.status_code == status
    page = page_of(response)
    assert words in alert_in(page)
    typed = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1])
    assert typed == fields["text"]
    assert 'value="extract" checked' in page


def test_wrong_method_is_said_in_place(client):
    response = submit(client, method="magic")
    assert response.status_code == 400
    assert "'magic'" in alert_in(page_of(response))


def test_too_large_a_text_is_said_in_place(client, app):
    response = submit(client, text="a" * (app.config["MAX_CONTENT_LENGTH"] + 1))
    assert response.status_code == 413
    assert "bytes" in alert_in(page_of(response))


@pytest.mark.parametrize("method", ["extract", "magic"])
def test_markup_in_an_article_stays_text(client, method):
    attack = "<script>alert('title')</script>"
    text = f"{attack} in the news\n\n" + " ".join(
        f'"><img src=x onerror=alert({number})> went to town. The mayor saw {attack} there.' for number in range(6)
    )
    page = page_of(submit(client, text=text, method=method))
    assert set(scripts_in(page)) <= {OWN_SCRIPT}
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_markup_in_a_method_or_field_name_stays_text(client):
    assert scripts_in(page_of(submit(client, method="<script>"))) == [OWN_SCRIPT]
    assert scripts_in(page_of(submit(client, **{"<script>": "x"}))) == [OWN_SCRIPT]


def test_leading_line_of_what_was_typed_is_not_swallowed(client):
    page = page_of(submit(client, text="\n\nA headline alone"))
    typed = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]
    assert typed.replace("\r", "") == "\n\nA headline alone"


def test_unknown_page_is_html_for_a_browser(client):
    response = client.get("/nothing", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert response.status_code == 404
    page = page_of(response)
    assert 'href="/"' in page
    assert "nothing at this address" in alert_in(page)


def test_another_method_on_the_page_is_405_with_allow(client):
    response = client.delete("/")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_head_of_the_page_is_empty_and_200(client):
    response = client.head("/")
    assert response.status_code == 200
    assert response.data == b""
