"""Web pages: HTML in, the article's text and its headline out (trafilatura, Barbaresi 2021)."""

import trafilatura

from summarizer.decoding import decode_text
from summarizer.documents import Document
from summarizer.errors import UnreadableFile


def read(raw: bytes, charset: str | None) -> Document:
    """The article of a page.

    :raises UnreadableFile: when there is none.
    """
    return read_page(decode_text(raw, charset) if charset else raw)


def read_page(page: str | bytes) -> Document:
    """The article of a page, decoded or as it was sent.

    :raises UnreadableFile: when there is none.
    """
    tree = trafilatura.load_html(page)
    if tree is None:
        raise UnreadableFile("This is no HTML that can be read. Save the page anew, or paste its text.")
    found = trafilatura.bare_extraction(tree, with_metadata=True, include_comments=False)
    text = getattr(found, "text", None) or trafilatura.html2txt(page)
    if not text:
        raise UnreadableFile("There is no article on this page. It may be made by a script: paste its text instead.")
    paragraphs = "\n\n".join(line for line in text.splitlines() if line.strip())
    return Document(paragraphs, getattr(found, "title", None))
