"""HTML → the text and the headline of its article (trafilatura, Barbaresi 2021)."""

import re
from collections.abc import Iterator, Sequence

import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from summarizer.errors import UnreadableFile
from summarizer.readers.document import Document
from summarizer.readers.plain import decode

_SPACE = re.compile(r"[ \t\r\n\f]+")
# Elements whose white space counts.
_PREFORMATTED = ("pre", "textarea")
_BLOCKS = "p div h1 h2 h3 h4 h5 h6 ul ol blockquote table section article".split()
_TABLE_PARTS = "thead tbody tfoot tr td th".split()
_CELLS = ("td", "th")
# A cell with more words in blocks is an article, not data.
_MAX_DATA_WORDS = 100
# Fewer words between two blocks are a label or a menu.
_MIN_PARAGRAPH_WORDS = 8


def read(raw: bytes, charset: str | None) -> Document:
    """The article of a page.

    :raises UnreadableFile: when it has none.
    """
    return read_page(decode(raw, charset) if charset else raw)


def read_page(page: str | bytes, *, is_mail: bool = False) -> Document:
    """The article of a page, given as text or as bytes.

    :param is_mail: whether quotations are older mails, which are left out.
    :raises UnreadableFile: when it has none.
    """
    tree = trafilatura.load_html(page)
    if tree is None:
        raise UnreadableFile("The HTML is damaged. Save the page again, or paste its text.")
    etree.strip_elements(tree, "rt", "rp", with_tail=False)  # readings above characters
    if is_mail:
        for quotation in tree.xpath("//blockquote|//*[contains(@class, 'gmail_quote')]"):
            quotation.drop_tree()
    _collapse_white_space(tree)
    _unfold_layout_tables(tree)
    _put_text_in_paragraphs(tree)
    found = trafilatura.bare_extraction(tree, with_metadata=True, include_comments=False)
    text = getattr(found, "text", None) or trafilatura.html2txt(page)
    if not text:
        raise UnreadableFile("No article was found on this page; it may be loaded by a script. Paste its text instead.")
    paragraphs = "\n\n".join(line.strip() for line in text.splitlines() if line.strip())
    return Document(paragraphs, getattr(found, "title", None))


def _collapse_white_space(tree: HtmlElement) -> None:
    """Make line breaks of the source spaces, as a browser does."""
    preformatted = {element for outer in tree.iter(*_PREFORMATTED) for element in outer.iter()}
    for element in tree.iter():
        if element.tail and element.getparent() not in preformatted:
            element.tail = _SPACE.sub(" ", element.tail)
        if element.text and isinstance(element.tag, str) and element not in preformatted:
            element.text = _SPACE.sub(" ", element.text)


def _unfold_layout_tables(tree: HtmlElement) -> None:
    """Make tables that only lay out the page, as newsletters have them, plain blocks."""
    for table in list(tree.iter("table")):
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
        if _is_data(rows):
            continue
        parts = [part for part in table.iter(*_TABLE_PARTS) if next(part.iterancestors("table"), None) is table]
        for part in [table, *parts]:
            part.tag = "p" if part.tag in _CELLS and not _has_blocks(part) else "div"


def _is_data(rows: Sequence[HtmlElement]) -> bool:
    """Whether at least half of the rows have two cells with something in them, and none has an article."""
    cells = [[cell for cell in row if cell.tag in _CELLS and cell.text_content().strip()] for row in rows]
    has_article = any(_has_blocks(cell) and _words(cell) > _MAX_DATA_WORDS for row in cells for cell in row)
    return sum(len(row) > 1 for row in cells) * 2 >= len(rows) > 0 and not has_article


def _put_text_in_paragraphs(tree: HtmlElement) -> None:
    """Make paragraphs of text that stands in a page or section itself, where trafilatura does not look for it."""
    for section in tree.iter("section", "article"):
        if not _has_blocks(section):
            section.tag = "p"
    for container in list(tree.iter("body", "div", "center", "font")):
        if _has_blocks(container):
            container[:] = list(_wrapped(container))


def _wrapped(container: HtmlElement) -> Iterator[HtmlElement]:
    """The children of an element, with what stands between its blocks in elements of its own."""
    loose = _element("span", container.text)
    container.text = None
    for child in list(container):
        if child.tag in _BLOCKS or _has_blocks(child):
            if _has_text(loose):
                yield loose
            loose = _element("span", child.tail)
            child.tail = None
            yield child
        else:
            loose.append(child)
    if _has_text(loose):
        yield loose


def _element(tag: str, text: str | None) -> HtmlElement:
    element = HtmlElement()
    element.tag, element.text = tag, text
    return element


def _has_text(loose: HtmlElement) -> bool:
    """Whether an element has text or children; enough text makes it a paragraph."""
    if _words(loose) >= _MIN_PARAGRAPH_WORDS:
        loose.tag = "p"
    return len(loose) > 0 or bool((loose.text or "").strip())


def _words(element: HtmlElement) -> int:
    return len(element.text_content().split())


def _has_blocks(cell: HtmlElement) -> bool:
    return next(cell.iterdescendants(*_BLOCKS), None) is not None
