"""Files of every kind, made by real programs, and files that cannot be read."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from summarizer.cleaning import Article, clean
from summarizer.errors import UnreadableFile, UnreadableText
from summarizer.readers import Document, detect_kind, read, sandbox

FILES = Path(__file__).parent.parent / "files"
BRIDGE = "Harbour bridge shut after inspectors find cracked cable anchor"
SALT_ROAD = "The last carriers of the Salt Road"


def _read(name: str) -> Document:
    raw = (FILES / name).read_bytes()
    return read(raw, detect_kind(raw, name=name))


def _cleaned(name: str) -> Article:
    document = _read(name)
    article = clean(document)
    for removed in article.removed:
        for span in removed.spans:
            assert span.of(document.text).strip()
    return article


def _paragraphs(articles: Path, name: str) -> list[str]:
    """The paragraphs of an article below its headline."""
    return [block.strip() for block in (articles / name).read_text(encoding="utf-8").split("\n\n")[1:] if block.strip()]


def _reasons(article: Article) -> set[str]:
    return {removed.reason for removed in article.removed}


@pytest.mark.parametrize("name", ["harbour-bridge.html", "harbour-bridge.pdf", "harbour-bridge.eml"])
def test_web_page_is_its_article(articles: Path, name: str) -> None:
    article = _cleaned(name)
    assert article.title == BRIDGE
    assert BRIDGE not in article.text
    wanted = _paragraphs(articles, "news-harbour-bridge.txt")
    assert [paragraph for paragraph in wanted if paragraph not in article.text] == []
    assert "Ferry company adds" not in article.text


def test_printed_page_loses_its_running_heads() -> None:
    article = _cleaned("harbour-bridge.pdf")
    assert {"running head", "page number", "repeated headline", "byline", "cookie notice"} <= _reasons(article)
    assert "localhost" not in article.text


@pytest.mark.parametrize("name", ["salt-road.docx", "salt-road.pdf"])
def test_word_processor_file_is_its_article(articles: Path, name: str) -> None:
    article = _cleaned(name)
    assert article.title == SALT_ROAD
    wanted = _paragraphs(articles, "longread-salt-road.txt")[:22]
    assert [paragraph for paragraph in wanted if paragraph not in article.text] == []
    paragraphs = [span.of(article.text) for span in article.paragraphs]
    assert "What a sack of salt weighs" in paragraphs
    assert "Quarterly" not in article.text
    assert "two spare wheels" in article.text
    assert "1952" in article.text


def test_list_items_and_table_rows_of_a_word_file_are_lines() -> None:
    lines = _read("salt-road.docx").text.split("\n\n")
    assert "- two spare wheels" in lines
    assert "1952\t212" in lines


def test_markdown_loses_its_markup(articles: Path) -> None:
    document = _read("lake-sediment.md")
    article = _cleaned("lake-sediment.md")
    assert document.title == article.title == "Mud from a mountain lake hints at a drought nobody wrote down"
    wanted = _paragraphs(articles, "science-lake-sediment.txt")
    assert [paragraph for paragraph in wanted if paragraph not in article.text] == []
    assert {"What the layers say", "- thick layers: wet years", "1\t1840"} <= set(document.text.split("\n\n"))
    assert "core.png" not in article.text


def test_subject_of_an_email_is_its_title(articles: Path) -> None:
    article = _cleaned("court-appeal.eml")
    assert article.title == "Grain trader loses appeal over missing £1.9m"
    assert article.text == "\n\n".join(_paragraphs(articles, "court-appeal.txt"))


@pytest.mark.parametrize(("name", "says"), [("encrypted.pdf", "is encrypted"), ("scanned.pdf", "may be scanned")])
def test_pdf_without_readable_text_says_what_to_do(name: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        _read(name)


def _zip(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("_", "/"), content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("raw", "name", "says"),
    [
        ((FILES / "salt-road.pdf").read_bytes()[:20_000], "cut.pdf", "damaged|no text"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "noise.pdf", "damaged|no text"),
        ((FILES / "salt-road.docx").read_bytes()[:9_000], "cut.docx", "damaged"),
        (_zip(notes=b"hello"), "notes.zip", "not a DOCX"),
        (_zip(**{"word_document.xml": b" " * 120_000_000}), "bomb.docx", "Once unpacked"),
        (_zip(**{"word_document.xml": b"<a>" * 10_000}), "nested.docx", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old.doc", "old or an encrypted"),
        (b"\x89PNG\r\n\x1a\n", "picture.png", "image"),
        (b"<html><body></body></html>", "empty.html", "No article"),
        (b"From: a@b.example\nContent-Type: image/png\n\nabc", "picture.eml", "no text"),
    ],
    ids=["pdf-cut", "pdf-noise", "docx-cut", "zip", "bomb", "nested", "doc", "png", "html", "eml"],
)
def test_unreadable_file_is_refused_with_advice(raw: bytes, name: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        read(raw, detect_kind(raw, name=name))


def test_deeply_nested_page_is_read_or_refused() -> None:
    text = b"The bridge was closed on Tuesday night after a crack was found in it. " * 10
    page = b"<div>" * 10_000 + b"<p>" + text + b"</p>" + b"</div>" * 10_000
    with suppress(UnreadableFile):
        assert "The bridge was closed" in read(page, "html").text


def test_reading_has_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_SECONDS", 0.01)
    with pytest.raises(UnreadableFile, match="took more than"):
        _read("salt-road.pdf")


def test_text_that_is_not_in_its_charset_is_refused() -> None:
    with pytest.raises(UnreadableText):
        read("Café".encode("latin-1"), "markdown", "utf-8")


@pytest.mark.parametrize(
    ("raw", "content_type", "name", "kind"),
    [
        (b"%PDF-1.4", "text/plain", "a.txt", "pdf"),
        (b"A line of a mailer\n%PDF-1.4", None, None, "pdf"),
        (b"A PDF begins with %PDF-1.4.", None, "a.txt", "text"),
        (b"<!DOCTYPE html><p>", "application/octet-stream", None, "html"),
        (b"# Title", None, "a.md", "markdown"),
        (b"# Title", "text/markdown", None, "markdown"),
        (b"Title", "application/octet-stream", "a.txt", "text"),
        (b"Title", None, None, "text"),
    ],
)
def test_kind_is_detected_by_first_bytes_then_type_then_name(
    raw: bytes, content_type: str | None, name: str | None, kind: str
) -> None:
    assert detect_kind(raw, content_type, name) == kind
