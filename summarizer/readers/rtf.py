"""RTF → its text (striprtf)."""

from striprtf.striprtf import rtf_to_text

from summarizer.errors import UnreadableFile
from summarizer.readers.document import Document


def read(raw: bytes, charset: str | None) -> Document:
    """The paragraphs of an RTF file.

    :raises UnreadableFile: when it is damaged or has no text.
    """
    try:
        text = rtf_to_text(raw.decode("latin-1"), errors="replace")
    except (ValueError, LookupError, IndexError):
        raise UnreadableFile("The RTF file is damaged. Save it again, or paste its text.") from None
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    if not paragraphs:
        raise UnreadableFile("The RTF file has no text. Paste the article's text instead.")
    return Document("\n\n".join(paragraphs))
