"""EPUB → the text of its chapters, in reading order."""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree import ElementTree
from zipfile import ZipFile

from lxml import html

from summarizer.errors import UnreadableFile
from summarizer.readers.archive import open_archive, refuse_other_archive
from summarizer.readers.document import Document
from summarizer.readers.xml import attribute, child_at

_CONTAINER = "META-INF/container.xml"
_PAGES = (".xhtml", ".html", ".htm")
_BLOCKS = "h1 h2 h3 h4 h5 h6 p li blockquote pre tr dt dd figcaption".split()


def read(raw: bytes, charset: str | None) -> Document:
    """The chapters of a book; its title is the book's.

    :raises UnreadableFile: when it is damaged, protected, or has no text.
    """
    with open_archive(raw, "EPUB") as book:
        names = book.namelist()
        if "META-INF/encryption.xml" in names and "META-INF/rights.xml" in names:
            raise UnreadableFile("The EPUB file is protected by its seller. Paste the text instead.")
        title, pages = _contents(book) if _CONTAINER in names else (None, sorted(filter(_is_page, names)))
        if not pages:
            refuse_other_archive(book)
        blocks = [block for page in pages if page in names for block in _blocks(book.read(page))]
    if not blocks:
        raise UnreadableFile("The EPUB file has no text. Paste the article's text instead.")
    return Document("\n\n".join(blocks), title)


def _contents(book: ZipFile) -> tuple[str | None, list[str]]:
    """The book's title and the files of its chapters, in reading order."""
    root = child_at(ElementTree.fromstring(book.read(_CONTAINER)), "rootfiles", "rootfile")
    package_file = "" if root is None else attribute(root, "full-path") or ""
    package = ElementTree.fromstring(book.read(package_file))
    folder = posixpath.dirname(package_file)
    manifest, spine = child_at(package, "manifest"), child_at(package, "spine")
    if manifest is None or spine is None:
        raise KeyError
    files = {}
    for item in manifest:
        path = posixpath.join(folder, unquote(attribute(item, "href") or ""))
        files[attribute(item, "id")] = posixpath.normpath(path)
    order = [attribute(item, "idref") for item in spine]
    title = child_at(package, "metadata", "title")
    return (None if title is None else title.text), [files[name] for name in order if name in files]


def _is_page(name: str) -> bool:
    return name.lower().endswith(_PAGES)


def _blocks(page: bytes) -> Iterator[str]:
    """The text of each heading, paragraph, list item and table row of a chapter."""
    tree = html.document_fromstring(page)
    for element in tree.iter(*_BLOCKS):
        if not any(ancestor.tag in _BLOCKS for ancestor in element.iterancestors()):
            text = " ".join(element.text_content().split())
            if text:
                yield f"- {text}" if element.tag == "li" else text
