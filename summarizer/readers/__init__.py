"""Bytes or a URL → Document: the text of a file, whichever program wrote it.

Every format but plain text is read in a subprocess with bounded time and memory (`sandbox`), because files can be made
to take any amount of both. The subprocess imports `html`, `pdf`, `docx`, `markdown`, `email` or `url` as needed.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from summarizer.errors import UnreadableFile
from summarizer.readers import sandbox
from summarizer.readers.document import Document
from summarizer.readers.plain import decode

__all__ = ["SUFFIXES", "TYPES", "Document", "Kind", "detect_kind", "fetch", "read"]

Kind = Literal["text", "html", "markdown", "pdf", "docx", "email"]

TYPES: dict[str, Kind] = {
    "text/plain": "text",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "message/rfc822": "email",
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
    ".eml": "email",
}
_PDF = re.compile(rb"^%PDF-", re.MULTILINE)
_CONVERT = "Save it as DOCX or PDF, or paste its text."
_UNSUPPORTED = {
    b"\xd0\xcf\x11\xe0": f"This is an old or an encrypted Office file. {_CONVERT}",
    b"{\\rtf": f"This is an RTF file. {_CONVERT}",
    b"\x1f\x8b": "This is a compressed file. Unpack it, or paste its text.",
    b"\x89PNG": "This is an image, and text in images is not recognized. Paste the text instead.",
    b"\xff\xd8\xff": "This is an image, and text in images is not recognized. Paste the text instead.",
    b"GIF8": "This is an image, and text in images is not recognized. Paste the text instead.",
}


def detect_kind(raw: bytes, content_type: str | None = None, name: str | None = None) -> Kind:
    """The kind of a file, by its first bytes, else its content type, else its name.

    :raises UnreadableFile: when files of its kind are not read.
    """
    beginning = raw[:1024].lstrip()
    if _PDF.search(beginning):
        return "pdf"
    if beginning.startswith(b"PK\x03\x04"):
        return "docx"
    for signature, refusal in _UNSUPPORTED.items():
        if beginning.startswith(signature):
            raise UnreadableFile(refusal)
    if beginning[:14].lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    named = SUFFIXES.get(Path(name or "").suffix.lower())
    return TYPES.get(content_type or "") or named or "text"


def read(raw: bytes, kind: Kind, charset: str | None = None) -> Document:
    """The text of a file.

    :raises UnreadableFile: when it is damaged, encrypted, has no text, or takes too much time or memory.
    :raises UnreadableText: when its bytes are not text in its encoding.
    """
    if kind == "text":
        return Document(decode(raw, charset))
    return sandbox.run([kind, *filter(None, [charset])], raw)


def fetch(url: str, max_bytes: int, networks: Sequence[str] = ()) -> Document:
    """The text at a web address.

    :param max_bytes: a longer response is refused.
    :param networks: networks that may be reached although they are not public, such as 10.0.0.0/8.
    :raises LinkFailed: when the URL is not a public web address, or its server does not answer properly.
    :raises UnreadableFile: as `read`.
    :raises UnreadableText: as `read`.
    """
    return sandbox.run(["url", str(max_bytes), *networks], url.encode(errors="replace"))
