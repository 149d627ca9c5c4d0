"""The page at `/` without JavaScript: the form, the summary above it, and errors beside it."""

import html
import io
import re
from pathlib import Path

import pytest

from summarizer.settings import METHODS

ARTICLES = Path(__file__).parent.parent / "articles"
ARTICLE = (ARTICLES / "news-harbour-bridge.txt").read_text(encoding="utf-8")
COPIED_PAGE = (ARTICLES / "copied-page.txt").read_text(encoding="utf-8")


def submit(client, text=ARTICLE, method="extractive", upload=(b"", ""), **more):
    """Send the form as a browser does: its file field has no name if no file was chosen."""
    fields = {"text": text, "method": method, "file": (io.BytesIO(upload[0]), upload[1]), **more}
    return client.post("/", data=fields, content_type="multipart/form-data")


def page_of(response):
    assert response.mimetype == "text/html"
    return response.get_data(as_text=True)


def alert_in(page):
    """The text of the visible alert, if there is one."""
    found = re.search(r'role="alert"(?![^>]* hidden)[^>]*>\s*([^<]+)<', page)
    return html.unescape(found[1]) if found else None


def long_summary_in(page):
    return re.search(r'<p class="long"[^>]*>(.*?)</p>', page, re.DOTALL)[1].strip()


def scripts_in(page):
    return re.findall(r"<script[^>]*>[^<]*", page)


OWN_SCRIPT = '<script type="module" src="/static/page.js">'


def test_empty_form_explains_itself_and_offers_the_methods(client, summarizer):
    page = page_of(client.get("/"))
    assert "stays on this server" in page
    assert re.findall(r'name="method" value="(\w+)"', page) == list(METHODS)
    for method in METHODS.values():
        assert method.label in page
        assert method.description in html.unescape(page)
    assert re.search(rf'value="{summarizer.default_method}" checked', page)
    assert 'name="text"' in page
    assert 'name="file"' in page
    assert alert_in(page) is None


def test_form_explains_the_cache_if_there_is_one(client_with, tmp_path):
    assert "is not stored" in page_of(client_with(summary_cache=0).get("/"))
    page = page_of(client_with(summary_cache=1, cache=tmp_path).get("/"))
    assert "cached with its summary" in page
    assert "is not stored" not in page


def test_form_has_a_field_for_a_link_if_the_server_opens_links(client_with):
    assert 'name="url"' not in page_of(client_with(fetch_urls=False).get("/"))
    assert 'name="url"' in page_of(client_with(fetch_urls=True).get("/"))


def test_page_has_no_inline_scripts_or_styles(client):
    assert scripts_in(page_of(client.get("/"))) == [OWN_SCRIPT]
    assert scripts_in(page_of(submit(client))) == []
    for page in (page_of(client.get("/")), page_of(submit(client))):
        assert not re.search(r"<[^>]+ on\w+=", page)
        assert "style=" not in page
        assert "<style" not in page


def test_static_files_of_the_page_exist(client):
    page = page_of(client.get("/"))
    paths = re.findall(r'(?:href|src|data-text)="(/static/[^"]+)"', page)
    assert len(paths) == 4
    imported = re.findall(r'from "\.(/\w+\.js)"', client.get("/static/page.js").text)
    assert len(imported) == 7
    paths += [f"/static{path}" for path in imported]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_answer_shows_title_both_summaries_and_removed_text(client):
    response = submit(client, COPIED_PAGE)
    assert response.status_code == 200
    page = html.unescape(page_of(response))
    summary = client.post("/summarize", json={"text": COPIED_PAGE, "method": "extractive"}).get_json()
    assert summary["title"] in page
    for length in ("short", "long"):
        for sentence in summary["sentences"][length]:
            assert sentence["text"] in page
    assert summary["removed"]
    for removed in summary["removed"]:
        assert removed["text"] in page
        assert f"{removed['count']} × {removed['reason']}" in page
    assert summary["model"] in page


def test_every_number_links_to_a_marked_passage_that_contains_the_sentence(client):
    page = page_of(submit(client))
    links = re.findall(r'class="sentence article">([^<]+)</span><sup><a href="#passage-(\d+)"', page)
    assert links
    for sentence, number in links:
        (passage,) = re.findall(rf'<mark id="passage-{number}">([^<]+)<', page)
        assert sentence in passage


def test_whole_article_is_shown_with_its_passages_marked(client):
    page = page_of(submit(client))
    article = client.post("/summarize", json={"text": ARTICLE, "method": "extractive"}).get_json()["article"]
    shown = re.search(r'<div class="text" dir="auto" lang="en">(.*?)</div>', page, re.DOTALL)[1]
    assert html.unescape(re.sub(r"<sup>\d+</sup>|<[^>]+>", "", shown)).strip() == article


def test_removed_text_is_struck_through_in_the_original_text(client):
    page = page_of(submit(client, COPIED_PAGE))
    removed = client.post("/summarize", json={"text": COPIED_PAGE, "method": "extractive"}).get_json()["removed"]
    spans = sorted((span["start"], span["end"], entry["reason"]) for entry in removed for span in entry["spans"])
    shown = re.search(r'<div class="text sent"[^>]*>(.*?)</div>', page, re.DOTALL)[1]
    struck = [
        (html.unescape(text), reason) for reason, text in re.findall(r'<del title="([^"]+)">([^<]*)</del>', shown)
    ]
    assert struck == [(COPIED_PAGE[start:end], reason) for start, end, reason in spans]
    assert html.unescape(re.sub(r"<[^>]+>", "", shown)).replace("\r", "").strip() == COPIED_PAGE.strip()


def test_verbatim_sentences_are_described_and_not_underlined(client):
    page = page_of(submit(client))
    assert "All sentences are verbatim from the article." in page
    assert '<article class="answer verbatim">' in page


def test_unchecked_box_cleans_the_text_and_a_checked_one_does_not(client):
    assert "Removed text" in page_of(submit(client, COPIED_PAGE))
    page = page_of(submit(client, COPIED_PAGE, clean="false"))
    assert "Removed text" not in page
    assert 'name="clean" value="false" checked' in page


def test_words_and_focus_are_used_and_stay(client):
    page = page_of(submit(client, words="60", focus="What will the repair cost?"))
    assert "£4.1m" in page[: page.index("<form")]
    assert '<option value="60" selected>' in page
    assert 'value="What will the repair cost?"' in page


def test_answer_says_what_it_leaves_out(client):
    answer = client.post("/summarize", json={"text": ARTICLE, "method": "extractive"}).get_json()
    page = html.unescape(page_of(submit(client)))
    (left_out,) = re.findall(r'<details class="left-out">(.*?)</details>', page, re.DOTALL)
    for span in answer["left_out"]:
        assert answer["article"][span["start"] : span["end"]] in left_out


def test_headline_is_named(client):
    page = page_of(submit(client, format="headline"))
    assert "<h2>Suggested headline</h2>" in page
    assert '<option value="headline" selected>' in page


def test_key_points_are_a_list(client):
    page = page_of(submit(client, format="bullets"))
    (points,) = re.findall(r'<ul class="long"[^>]*>(.*?)</ul>', page, re.DOTALL)
    assert points.count("<li>") == points.count("</li>") >= 2
    assert "<h2>Key points</h2>" in page
    assert '<option value="bullets" selected>' in page


def test_empty_words_and_focus_mean_the_usual_summary(client):
    answer, empty = (page_of(submit(client, **fields)) for fields in ({}, {"words": "", "focus": ""}))
    assert long_summary_in(empty) == long_summary_in(answer) != ""


def test_upload_is_summarized(client):
    response = submit(client, text="", upload=(COPIED_PAGE.encode("utf-16"), "article.txt"))
    assert response.status_code == 200
    assert "In more detail" in page_of(response)


def test_typed_text_and_method_stay_after_an_answer(client):
    page = page_of(submit(client))
    assert html.escape(ARTICLE, quote=True)[:40] in page[page.index("<textarea") :]
    assert 'value="extractive" checked' in page


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"text": ""}, 422, "text"),
        ({"text": "A headline alone"}, 422, "headline"),
        ({"text": ARTICLE, "upload": (b"More of it.", "more.txt")}, 400, "only one of these"),
        ({"text": "", "upload": (b"\x00\x01\x02" * 400, "image.png")}, 400, "text"),
        ({"text": ARTICLE, "colour": "red"}, 400, "'colour'"),
    ],
)
def test_form_shows_the_error_and_keeps_the_text_and_method(client, fields, status, words):
    response = submit(client, **fields)
    assert response.status_code == status
    page = page_of(response)
    assert words in alert_in(page)
    typed = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1])
    assert typed == fields["text"]
    assert 'value="extractive" checked' in page


def test_form_shows_the_error_of_an_unknown_method(client):
    response = submit(client, method="magic")
    assert response.status_code == 400
    assert "'magic'" in alert_in(page_of(response))


def test_form_shows_the_error_of_a_request_that_is_too_large(client, app):
    response = submit(client, text="a" * (app.config["MAX_CONTENT_LENGTH"] + 1))
    assert response.status_code == 413
    assert "bytes" in alert_in(page_of(response))


@pytest.mark.parametrize("method", ["extractive", "magic"])
def test_markup_in_an_article_is_escaped(client, method):
    attack = "<script>alert('title')</script>"
    text = f"{attack} in the news\n\n" + " ".join(
        f'"><img src=x onerror=alert({number})> went to town. The mayor saw {attack} there.' for number in range(6)
    )
    page = page_of(submit(client, text=text, method=method))
    assert set(scripts_in(page)) <= {OWN_SCRIPT}
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_markup_in_a_method_or_field_name_is_escaped(client):
    assert scripts_in(page_of(submit(client, method="<script>"))) == [OWN_SCRIPT]
    assert scripts_in(page_of(submit(client, **{"<script>": "x"}))) == [OWN_SCRIPT]


def test_leading_empty_line_of_the_text_is_kept(client):
    page = page_of(submit(client, text="\n\nA headline alone"))
    typed = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]
    assert typed.replace("\r", "") == "\n\nA headline alone"


def test_unknown_address_is_an_html_page_for_a_browser(client):
    response = client.get("/nothing", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert response.status_code == 404
    page = page_of(response)
    assert 'href="/"' in page
    assert "nothing at this address" in alert_in(page)


def test_unsupported_http_method_is_405_with_allow(client):
    response = client.delete("/")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_head_request_is_200_and_empty(client):
    response = client.head("/")
    assert response.status_code == 200
    assert response.data == b""


def test_form_says_where_articles_go(client, client_with):
    assert "stays on this server" in page_of(client.get("/"))
    remote = client_with(model="openai:small", base_url="http://127.0.0.1:9/v1")
    assert "is sent on to the server of the language model" in page_of(remote.get("/"))
