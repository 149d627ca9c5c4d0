"""RTF → its text (striprtf)."""

import re

from striprtf.striprtf import rtf_to_text

from summarizer.errors import UnreadableFile
from summarizer.readers.document import Document


def read(raw: bytes, charset: str | None) -> Document:
    """The paragraphs of an RTF file.

    :raises UnreadableFile: when it is damaged or has no text.
    """
    try:
        text = rtf_to_text(_decoded(raw), errors="replace")
    except (ValueError, LookupError, IndexError):
        raise UnreadableFile("The RTF file is damaged. Save it again, or paste its text.") from None
    lines = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").split("\n")
    paragraphs = ["\t".join(line.strip().strip("|").split("|")) for line in lines if line.strip(" |")]
    if not paragraphs:
        raise UnreadableFile("The RTF file has no text. Paste the article's text instead.")
    return Document("\n\n".join(paragraphs))


def _decoded(raw: bytes) -> str:
    """The file as text: its bytes beyond ASCII are in the code page that it names."""
    page = re.search(rb"\\ansicpg(\d+)", raw[:1_000])
    name = f"cp{page[1].decode()}" if page else "cp1252"
    try:
        return raw.decode(name, "replace")
    except LookupError:
        return raw.decode("cp1252", "replace")
