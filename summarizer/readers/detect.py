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
    rb"(?:\s|<!--.*?-->|<\?xml[^>]*\?>)*<(?:!doctype\s+html|html|head|body|article|main|section|div|h1|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_MBOX = re.compile(rb"From \S.*\r?\n(?:>?From .*\r?\n)?[\w-]+:[ \t]")
# A web page saved as one file by a browser.
_MHTML = re.compile(
    rb"(?:From: <Saved by|(?:[\w-]+:.*\r?\n(?:[ \t].*\r?\n)*)*?Content-Type:\s*multipart/related)", re.IGNORECASE
)
_SUBTITLES = re.compile(rb"WEBVTT\b|\d+\r?\n\d{1,2}:\d\d:\d\d[,.]\d{3} -->")
_BY_CONTENT: dict[re.Pattern[bytes], Kind] = {_HTML: "html", _MBOX: "mbox", _MHTML: "email", _SUBTITLES: "subtitles"}
_IMAGE = "This is an image, and text in images is not recognized. Paste the text instead."
_RECORDING = "This is a recording, and speech is not recognized. Paste a transcript, or send subtitles (SRT, VTT)."
_COMPRESSED = "This is a compressed file. Unpack it, or paste its text."
_UNSUPPORTED = {
    b"\xd0\xcf\x11\xe0": "This is an old or an encrypted Office file. Save it as DOCX or PDF, or paste its text.",
    b"\x1f\x8b": _COMPRESSED,
    b"7z\xbc\xaf": _COMPRESSED,
    b"Rar!": _COMPRESSED,
    b"BZh": _COMPRESSED,
    b"\xfd7zXZ": _COMPRESSED,
    b"\x89PNG": _IMAGE,
    b"\xff\xd8\xff": _IMAGE,
    b"GIF8": _IMAGE,
    b"II*\x00": _IMAGE,
    b"MM\x00*": _IMAGE,
    b"ID3": _RECORDING,
    b"OggS": _RECORDING,
    b"fLaC": _RECORDING,
    b"bplist00": "This is a file of an Apple program, such as a web archive. Save it as HTML or PDF, or paste it.",
}
# Behind the first bytes: what a RIFF file or an ISO media file (`ftyp`) contains.
_CONTAINED = {
    b"WEBP": _IMAGE,
    b"WAVE": _RECORDING,
    b"AVI ": _RECORDING,
    b"heic": _IMAGE,
    b"mif1": _IMAGE,
    b"avif": _IMAGE,
}


def detect_kind(raw: bytes, content_type: str | None = None, name: str | None = None) -> Kind:
    """The kind of a file, by its first bytes, else its content type, else its name.

    :raises UnreadableFile: when files of its kind are not read.
    """
    beginning = raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if _PDF.search(beginning):
        return "pdf"
    if beginning.startswith(b"PK\x03\x04"):
        return _archive_kind(beginning)
    if beginning.startswith(b"{\\rtf"):
        return "rtf"
    if refusal := unsupported(beginning):
        raise UnreadableFile(refusal)
    named = SUFFIXES.get(Path(name or "").suffix.lower())
    typed = TYPES.get(content_type or "")
    # A type or a suffix that says more than "text" is believed.
    known = typed if typed not in (None, "text") else named
    if known not in (None, "text"):
        return known
    for pattern, kind in _BY_CONTENT.items():
        if pattern.match(beginning):
            return kind
    return "text"


def _archive_kind(beginning: bytes) -> Kind:
    """The kind of a ZIP file; ODT and EPUB files name theirs first."""
    if b"application/epub+zip" in beginning[:100]:
        return "epub"
    return "odt" if b"application/vnd.oasis.opendocument" in beginning[:100] else "docx"


def unsupported(beginning: bytes) -> str | None:
    """What to tell a user whose file begins like one that is not read; None for other files."""
    if beginning.startswith(b"RIFF") or beginning[4:8] == b"ftyp":
        return _CONTAINED.get(beginning[8:12], _RECORDING)
    return next((text for signature, text in _UNSUPPORTED.items() if beginning.startswith(signature)), None)
