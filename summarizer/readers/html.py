"""HTML → the text and the headline of its article (trafilatura, Barbaresi 2021)."""

import trafilatura

from summarizer.errors import UnreadableFile
from summarizer.readers.document import Document
from summarizer.readers.plain import decode


def read(raw: bytes, charset: str | None) -> Document:
    """The article of a page.

    :raises UnreadableFile: when it has none.
    """
    return read_page(decode(raw, charset) if charset else raw)


def read_page(page: str | bytes) -> Document:
    """The article of a page, given as text or as bytes.

    :raises UnreadableFile: when it has none.
    """
    tree = trafilatura.load_html(page)
    if tree is None:
        raise UnreadableFile("The HTML is damaged. Save the page again, or paste its text.")
    found = trafilatura.bare_extraction(tree, with_metadata=True, include_comments=False)
    text = getattr(found, "text", None) or trafilatura.html2txt(page)
    if not text:
        raise UnreadableFile("No article was found on this page; it may be loaded by a script. Paste its text instead.")
    paragraphs = "\n\n".join(line for line in text.splitlines() if line.strip())
    return Document(paragraphs, getattr(found, "title", None))
