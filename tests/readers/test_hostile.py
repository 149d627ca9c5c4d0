"""Hostile files: bombs, lies about sizes, entities, loops and deep nesting are read or refused, in bounded time."""

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from summarizer.errors import SummarizerError
from summarizer.readers import detect_kind, read, sandbox

# Seconds that reading may take here (otherwise 30), and that all may take on a slow machine.
_MAX_SECONDS, _PATIENCE = 3, 20
_SENTENCE = "The bridge was closed on Tuesday night after engineers found a crack in it. "
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def docx(body: str, before: str = "", **parts: bytes) -> bytes:
    """A DOCX file with a body in WordprocessingML."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        document = f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", f'<?xml version="1.0"?>{before}{document}')
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return packed.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(properties: str, text: str = _SENTENCE) -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def lying_zip(raw: bytes) -> bytes:
    """The file with the size of its largest part given as ten bytes."""
    archive = bytearray(raw)
    place = archive.rfind(b"PK\x01\x02", 0, archive.rfind(b"PK\x01\x02") + 1)
    archive[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(archive)


def pdf(*objects: bytes) -> bytes:
    """A PDF file of these objects, without a table of their places."""
    numbered = (b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + b"".join(numbered) + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def stream(content: bytes, dictionary: bytes = b"/Filter /FlateDecode") -> bytes:
    packed = zlib.compress(content) if b"Flate" in dictionary else content
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (dictionary, len(packed), packed)


def page_of(contents: bytes) -> bytes:
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >> >>"
    return pdf(catalog, pages, page, contents)


def mail(depth: int) -> bytes:
    """A message in a message in a message …"""
    inner = EmailMessage()
    inner.set_content(_SENTENCE * 4)
    raw = inner.as_bytes()
    for level in range(depth):
        head = f'Subject: Level {level}\nContent-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n'
        raw = head.encode() + raw + f"\n--b{level}--\n".encode()
    return raw


_ENTITIES = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
_LAUGHS = f'<!DOCTYPE d [<!ENTITY e0 "laugh">{_ENTITIES}]>'
_EXTERNAL = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'

FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "docx of 300 MB": ("a.docx", lambda: docx("", **{"document2": b" " * 300_000_000})),
    "docx that lies about a size": ("a.docx", lambda: lying_zip(docx(paragraph(_SENTENCE * 20_000)))),
    "docx with an external entity": ("a.docx", lambda: docx(paragraph("&e;" + _SENTENCE * 5), _EXTERNAL)),
    "docx with a billion laughs": ("a.docx", lambda: docx(paragraph("&e9;" + _SENTENCE * 5), _LAUGHS)),
    "docx with nested tables": (
        "a.docx",
        lambda: docx("<w:tbl><w:tr><w:tc>" * 500 + paragraph(_SENTENCE * 5) + "</w:tc></w:tr></w:tbl>" * 500),
    ),
    "docx with a cell over a million columns": (
        "a.docx",
        lambda: docx(f'<w:tbl><w:tr>{cell("""<w:gridSpan w:val="1000000000"/>""")}</w:tr></w:tbl>'),
    ),
    "docx with endless merged cells": (
        "a.docx",
        lambda: docx("<w:tbl>" + f"<w:tr>{cell('<w:vMerge/>')}</w:tr>" * 20_000 + "</w:tbl>"),
    ),
    "docx whose part is outside": ("a.docx", lambda: _with_part("../../etc/passwd")),
    "docx of a million paragraphs": ("a.docx", lambda: docx("<w:p/>" * 1_000_000)),
    "zip in a zip": ("a.docx", lambda: _with_part("word/inner.zip", docx(paragraph(_SENTENCE)))),
    "odt with a billion laughs": ("a.odt", lambda: _odt(_LAUGHS, "&e9;")),
    "epub of 200 MB": ("a.epub", lambda: _epub(b"<p>" + b"a" * 200_000_000)),
    "pdf of 500 MB of operators": ("a.pdf", lambda: page_of(stream(b"0 0 m 1 1 l S " * 36_000_000))),
    "pdf compressed ten times": ("a.pdf", lambda: page_of(_packed(b"q Q " * 50_000_000, 10))),
    "pdf whose pages are their own children": (
        "a.pdf",
        lambda: pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"),
    ),
    "pdf of references in a circle": ("a.pdf", lambda: pdf(b"2 0 R", b"3 0 R", b"1 0 R")),
    "pdf of nested arrays": ("a.pdf", lambda: pdf(b"[" * 100_000)),
    "pdf with a page of a billion points": (
        "a.pdf",
        lambda: page_of(stream(b"BT ET")).replace(b"600 800", b"9999999999 9999999999"),
    ),
    "pdf with a negative length": ("a.pdf", lambda: page_of(b"<< /Length -5 >>\nstream\nBT ET\nendstream")),
    "html 100,000 deep": ("a.html", lambda: b"<html><body>" + b"<div>" * 100_000 + _SENTENCE.encode() * 5),
    "html of open tags": ("a.html", lambda: b"<html><body>" + b"<b><i>" * 100_000 + _SENTENCE.encode() * 5),
    "html with a million attributes": ("a.html", lambda: b"<html><p " + b"a=1 " * 1_000_000 + b">It rained.</p>"),
    "html of comments that never end": ("a.html", lambda: b"<html>" + b"<!--" * 500_000),
    "html of entities": ("a.html", lambda: b"<html><p>" + b"&amp;" * 500_000),
    "html of a table of 100,000 columns": (
        "a.html",
        lambda: b"<html><table><tr>" + b"<td colspan=1000>It rained." * 100_000,
    ),
    "svg": ("a.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><text>It rained.</text></svg>"),
    "xml with a billion laughs": ("a.xhtml", f'<?xml version="1.0"?>{_LAUGHS}<html>&e9;</html>'.encode),
    "mail in mail 2,000 deep": ("a.eml", lambda: mail(2_000)),
    "mail of 100,000 headers": ("a.eml", lambda: b"X: a\n" * 100_000 + b"\n" + _SENTENCE.encode() * 5),
    "mail with a header of a megabyte": ("a.eml", lambda: b"Subject: " + b"=?utf-8?q?a?=" * 80_000 + b"\n\nIt rained."),
    "mail whose boundary is missing": ("a.eml", lambda: b"Content-Type: multipart/mixed\n\n--\n" * 10_000),
    "markdown of brackets": ("a.md", lambda: b"[" * 200_000),
    "markdown of stars": ("a.md", lambda: b"*a_ " * 100_000),
    "markdown of quotations in quotations": ("a.md", lambda: b">" * 50_000 + b" It rained."),
    "markdown of links": ("a.md", lambda: b"[a](<b" * 50_000),
    "rtf of groups": ("a.rtf", lambda: b"{\\rtf1 " + b"{" * 500_000 + b"It rained."),
    "rtf of 100 MB of binary": ("a.rtf", lambda: b"{\\rtf1 \\bin2000000000 " + b"\0" * 1_000_000 + b"}"),
    "subtitles of one cue": ("a.srt", lambda: b"1\n00:00:00,000 --> 99:59:59,999\n" + b"It rained. " * 50_000),
    "mbox of 50,000 messages": (
        "a.mbox",
        lambda: b"From a@b.example Mon Jan  1 00:00:00 2024\n\nIt rained.\n\n" * 50_000,
    ),
}


def _with_part(name: str, content: bytes = b"a") -> bytes:
    packed = io.BytesIO(docx(paragraph(_SENTENCE * 5)))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def _odt(before: str, text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", f'<?xml version="1.0"?>{before}<office><p>{text}</p></office>')
    return packed.getvalue()


def _epub(chapter: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", '<container><rootfile full-path="book.opf"/></container>')
        archive.writestr("book.opf", '<package><item id="c" href="c.html"/><itemref idref="c"/></package>')
        archive.writestr("c.html", chapter)
    return packed.getvalue()


def _packed(content: bytes, times: int) -> bytes:
    for _ in range(times - 1):
        content = zlib.compress(content)
    return stream(content, b"/Filter [" + b"/FlateDecode " * times + b"]")


@pytest.mark.parametrize("name", FILES)
def test_hostile_file_is_read_or_refused_in_bounded_time(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(sandbox, "MAX_SECONDS", _MAX_SECONDS)
    file, make = FILES[name]
    raw = make()
    began = time.monotonic()
    try:
        document = read(raw, detect_kind(raw, name=file))
    except SummarizerError as error:
        text = str(error)
        assert text[0].isupper()
        assert "Traceback" not in text
    else:
        text = document.text
    assert time.monotonic() - began < _PATIENCE
    assert "root:" not in text
    assert text.count("laugh") < 100
