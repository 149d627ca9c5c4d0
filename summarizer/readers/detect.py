"""What kind a file is: by its first bytes, by its content type, by its name."""

import re
from pathlib import Path
from typing import Literal

from summarizer.errors import UnreadableFile

Kind = Literal["text", "html", "markdown", "pdf", "docx", "odt", "rtf", "epub", "email", "mbox", "subtitles"]

TYPES: dict[str, Kind] = {
    "text/plain": "text",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/rtf": "rtf",
    "text/rtf": "rtf",
    "application/epub+zip": "epub",
    "message/rfc822": "email",
    "multipart/related": "email",
    "application/x-mimearchive": "email",
    "application/mbox": "mbox",
    "application/x-subrip": "subtitles",
    "text/vtt": "subtitles",
}
SUFFIXES: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".pdf": "pdf",
    ".docx": "docx",
    ".odt": "odt",
    ".rtf": "rtf",
    ".epub": "epub",
    ".eml": "email",
    ".mht": "email",
    ".mhtml": "email",
    ".mbox": "mbox",
    ".srt": "subtitles",
    ".vtt": "subtitles",
}
_PDF = re.compile(rb"^%PDF-", re.MULTILINE)
# What tells a page, perhaps after comments and an XML declaration; a fragment begins with one of these elements.
_HTML = re.compile(
    rb"(?:\s++|<!--(?:(?!-->).)*+-->|<\?xml[^>]*+>)*+<(?:!doctype\s+html|html|head|body|article|main|section|div|h1|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_MBOX = re.compile(rb"From \S+ [^\r\n]*\d\d:\d\d[^\r\n]*\d{4}[^\r\n]*\r?\n[\w-]+:")
# A web page saved as one file by a browser.
_MHTML = re.compile(
    rb"(?:From: <Saved by|(?:[\w-]+:.*\r?\n(?:[ \t].*\r?\n)*)*?Content-Type:\s*multipart/related)", re.IGNORECASE
)
_SUBTITLES = re.compile(rb"WEBVTT\b|\d+\r?\n\d{1,2}:\d\d:\d\d[,.]\d{3} -->")
_BY_CONTENT: dict[re.Pattern[bytes], Kind] = {_HTML: "html", _MBOX: "mbox", _MHTML: "email", _SUBTITLES: "subtitles"}
# Names of parts that tell the kinds of ZIP files apart.
_PARTS: dict[bytes, Kind] = {
    b"word/document": "docx",
    b"META-INF/container.xml": "epub",
    b"mimetypeapplication/epub": "epub",
    b"mimetypeapplication/vnd.oasis": "odt",
    b"content.xml": "odt",
}
_IMAGE = "This is an image, and text in images is not recognized. Paste the text instead."
_RECORDING = "This is a recording, and speech is not recognized. Paste a transcript, or send subtitles (SRT, VTT)."
_COMPRESSED = "This is a compressed file. Unpack it, or paste its text."
_OLD_OFFICE = "This is an old or an encrypted Office file. Save it as DOCX or PDF, or paste its text."
_APPLE = "This is a file of an Apple program, such as a web archive. Save it as HTML or PDF, or paste it."
_UNSUPPORTED = {
    re.compile(pattern, re.DOTALL): refusal
    for pattern, refusal in (
        (rb"\xd0\xcf\x11\xe0", _OLD_OFFICE),
        (rb"\x1f\x8b|7z\xbc\xaf|Rar!\x1a|BZh\d1AY|\xfd7zXZ", _COMPRESSED),
        (rb"\x89PNG\r|\xff\xd8\xff|GIF8[79]a.{6}[\x00\x80-\xff]|II\*\x00|MM\x00\*|BM.{4}\x00{4}", _IMAGE),
        (rb"RIFF.{4}WEBP|\x00{3}.ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1|avi[fs])", _IMAGE),
        (rb"RIFF.{4}(?:WAVE|AVI )|\x00{3}.ftyp|ID3[\x02-\x04]|OggS\x00|fLaC\x00", _RECORDING),
        (rb"bplist0", _APPLE),
    )
}


def detect_kind(raw: bytes, content_type: str | None = None, name: str | None = None) -> Kind:
    """The kind of a file, by its first bytes, else its content type, else its name.

    :raises UnreadableFile: when files of its kind are not read.
    """
    beginning = raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if _PDF.search(beginning):
        return "pdf"
    if beginning.startswith(b"PK\x03\x04"):
        return _archive_kind(raw, content_type, name)
    if beginning.startswith(b"{\\rtf"):
        return "rtf"
    if refusal := unsupported(beginning):
        raise UnreadableFile(refusal)
    named = SUFFIXES.get(Path(name or "").suffix.lower())
    typed = TYPES.get(content_type or "")
    # A type or a suffix that says more than "text" is believed.
    known = typed if typed and typed != "text" else named
    if known and known != "text":
        return known
    for pattern, kind in _BY_CONTENT.items():
        if pattern.match(beginning):
            return kind
    return "text"


def _archive_kind(raw: bytes, content_type: str | None, name: str | None) -> Kind:
    """The kind of a ZIP file: by its parts, whose names are at its end, else as it is called, else DOCX."""
    for part, kind in _PARTS.items():
        if part in raw:
            return kind
    called = TYPES.get(content_type or "") or SUFFIXES.get(Path(name or "").suffix.lower())
    return called if called and called in _PARTS.values() else "docx"


def unsupported(beginning: bytes) -> str | None:
    """What to tell a user whose file begins like one that is not read; None for other files."""
    return next((refusal for pattern, refusal in _UNSUPPORTED.items() if pattern.match(beginning)), None)
