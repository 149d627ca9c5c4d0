"""EPUB → the text of its chapters, in reading order."""

import codecs
import posixpath
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote
from xml.etree import ElementTree
from zipfile import ZipFile

from lxml import etree, html

from summarizer.errors import UnreadableFile
from summarizer.readers.archive import open_archive, refuse_other_archive
from summarizer.readers.document import Document
from summarizer.readers.xml import attribute, child_at

_CONTAINER = "META-INF/container.xml"
_PAGES = (".xhtml", ".html", ".htm")
_BLOCKS = frozenset(
    "article aside blockquote body caption dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li nav ol "
    "p pre section table tr ul".split()
)
_HIDDEN = ("head", "script", "style", "rt", "rp")
# What stands between the text before an element and its own.
_BETWEEN = {"br": " ", "td": "\t", "th": "\t"}


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
        blocks = [block for page in pages if page in names for block in _lines(book.read(page))]
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


def _lines(page: bytes) -> Iterator[str]:
    """The text of each heading, paragraph, list item and table row of a chapter."""
    if not page.strip():
        return
    declared = re.match(rb"\s*<\?xml[^>]*encoding=[\"']([\w-]+)", page.removeprefix(codecs.BOM_UTF8))
    parser = html.HTMLParser(encoding=declared[1].decode() if declared else "utf-8")
    try:
        tree = html.document_fromstring(page, parser)
    except (etree.ParserError, LookupError):
        return
    etree.strip_elements(tree, *_HIDDEN, with_tail=False)
    pieces: list[str] = []
    for event, element in etree.iterwalk(tree, ("start", "end")):
        if element.tag in _BLOCKS:
            yield from _line(pieces)
            pieces = ["- "] if event == "start" and element.tag == "li" else []
        if event == "start":
            pieces.append(_BETWEEN.get(element.tag, "") + (element.text or ""))
        else:
            pieces.append(element.tail or "")
    yield from _line(pieces)


def _line(pieces: Sequence[str]) -> Iterator[str]:
    """The line that pieces of text make, if they make one."""
    text = "\t".join(" ".join(cell.split()) for cell in "".join(pieces).split("\t")).strip()
    if text.strip("- "):
        yield text
