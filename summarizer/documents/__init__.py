"""Documents: files in, the text to parse out, whatever program wrote them.

Which kind a file is, is said by its first bytes, else by its type, else by its name. All but plain text is read in a
process of its own with bounded time and memory, because files can be made to take any amount of both. Knows nothing of
stripping and of Flask.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from summarizer import errors
from summarizer.decoding import decode_text
from summarizer.errors import UnreadableFile
from summarizer.sentences import Span

Kind = Literal["text", "html", "markdown", "pdf", "docx", "mail"]

TYPES: dict[str, Kind] = {
    "text/plain": "text",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "message/rfc822": "mail",
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
    ".eml": "mail",
}
# A page of HTML takes less than a second; a PDF 0.1 s a page (a trial on two cores), so one of 200 pages is read.
SECONDS = 30
# Bytes of address space.
MEMORY = 1024**3
_UNREAD = {
    b"\xd0\xcf\x11\xe0": "an old or an encrypted Office file",
    b"{\\rtf": "an RTF file",
    b"\x1f\x8b": "a compressed file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
}
_CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Document:
    """What a file holds.

    :param title: the headline that the file names apart from its text.
    :param remains: places in the text that repeat on every page, with what they are.
    """

    text: str
    title: str | None = None
    remains: tuple[tuple[Span, str], ...] = ()


def kind_of(raw: bytes, content_type: str | None = None, name: str | None = None) -> Kind:
    """The kind of a file.

    :raises UnreadableFile: when it is of a kind that is not read.
    """
    beginning = raw[:1024].lstrip()
    if b"%PDF-" in beginning:
        return "pdf"
    if beginning.startswith(b"PK\x03\x04"):
        return "docx"
    for signature, program in _UNREAD.items():
        if beginning.startswith(signature):
            raise UnreadableFile(f"This is {program}. Save it as DOCX or PDF, or paste its text.")
    if beginning[:14].lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    named = SUFFIXES.get(Path(name or "").suffix.lower())
    return TYPES.get(content_type or "") or named or "text"


def read_document(raw: bytes, kind: Kind, charset: str | None = None) -> Document:
    """The text of a file.

    :raises UnreadableFile: when it is broken, encrypted, holds no text, or takes too much time or memory.
    :raises UnreadableText: when it is no text in its encoding.
    """
    if kind == "text":
        return Document(decode_text(raw, charset))
    return _in_process([kind, *filter(None, [charset])], raw)


def read_link(url: str, most_bytes: int, networks: Sequence[str] = ()) -> Document:
    """The text at an address.

    :param most_bytes: of a longer answer nothing is taken.
    :param networks: those that may be reached though they are not public, such as 10.0.0.0/8.
    :raises LinkFailed: when it is no public web address, or does not answer as it should.
    :raises UnreadableFile: as `read_document`.
    :raises UnreadableText: as `read_document`.
    """
    return _in_process(["link", str(most_bytes), *networks], url.encode())


def _in_process(arguments: Sequence[str], sent: bytes) -> Document:
    """What the process that reads documents answers."""
    paths = os.pathsep.join(filter(None, [str(_CHECKOUT), os.environ.get("PYTHONPATH")]))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "summarizer.documents", *arguments],
            input=sent,
            capture_output=True,
            timeout=SECONDS,
            env={**os.environ, "PYTHONPATH": paths},
            check=True,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise UnreadableFile(f"It takes more than {SECONDS} seconds to read this. Paste the text instead.") from None
    except (subprocess.CalledProcessError, ValueError):
        raise UnreadableFile(
            "This cannot be read: it is broken, or takes too much memory. Save it anew, or paste the text."
        ) from None
    if "error" in answer:
        raise getattr(errors, answer["kind"])(answer["error"])
    remains = tuple((Span(start, end), reason) for (start, end), reason in answer["remains"])
    return Document(answer["text"], answer["title"], remains)


def as_json(document: Document) -> str:
    """What the process that reads a file answers."""
    plain = asdict(document)
    plain["remains"] = [[[span.start, span.end], reason] for span, reason in document.remains]
    return json.dumps(plain)
