"""ODT (OpenDocument text, LibreOffice) → its headings, paragraphs, list items, table rows and notes."""

from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from summarizer.errors import UnreadableFile
from summarizer.readers.archive import open_archive, refuse_other_archive
from summarizer.readers.document import Document
from summarizer.readers.xml import attribute, child_at, local_name, nearest, table_lines

# Deleted text of tracked changes, comments, and the marks that refer to notes.
_LEFT_OUT = frozenset("tracked-changes annotation note-citation forms sequence-decls table-of-content".split())
# Elements whose text stands apart from that of the paragraph that they are in.
_APART = frozenset("note frame".split())
_MAX_SPACES = 1_000


def read(raw: bytes, charset: str | None) -> Document:
    """The text of an OpenDocument file; its title is the first paragraph with the style Title.

    :raises UnreadableFile: when it is damaged, encrypted, or has no text.
    """
    with open_archive(raw, "ODT") as parts:
        if "content.xml" not in parts.namelist():
            refuse_other_archive(parts)
        content = ElementTree.fromstring(parts.read("content.xml"))
    body = child_at(content, "body", "text")
    if body is None:
        raise UnreadableFile("This is an OpenDocument file, but not a text. Save its text as ODT, or paste it.")
    titles = [_text_of(element).strip() for element in body.iter() if _is_title(element, _title_styles(content))]
    notes = [" ".join(_blocks(note)) for note in body.iter() if local_name(note) == "note-body"]
    blocks = [block.strip() for block in (*_blocks(body), *notes)]
    if not any(blocks):
        raise UnreadableFile("The ODT file has no text. Paste the article's text instead.")
    return Document("\n\n".join(filter(None, blocks)), next(filter(None, titles), None))


def _blocks(parent: Element, prefix: str = "") -> Iterator[str]:
    """The paragraphs, list items and table rows within an element, in order."""
    for element in parent:
        name = local_name(element)
        if name in ("p", "h"):
            yield prefix + _text_of(element)
            for frame in nearest(element, "text-box", _LEFT_OUT):
                yield from _blocks(frame)
        elif name == "table":
            yield from _rows(element)
        elif name == "list-item":
            yield from _blocks(element, "- ")
        elif name not in _LEFT_OUT:
            yield from _blocks(element, prefix)


def _rows(table: Element) -> Iterator[str]:
    inside = _LEFT_OUT | {"table"}
    rows = nearest(table, "table-row", inside)
    return table_lines([[list(_blocks(cell)) for cell in nearest(row, "table-cell", inside)] for row in rows])


def _text_of(element: Element) -> str:
    """The visible text below an element, without notes and text boxes."""
    pieces = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name == "s":
            pieces.append(" " * min(int(attribute(child, "c") or 1), _MAX_SPACES))
        elif name == "tab":
            pieces.append("\t")
        elif name == "line-break":
            pieces.append("\n")
        elif name not in _LEFT_OUT | _APART:
            pieces.append(_text_of(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _title_styles(content: Element) -> frozenset[str]:
    """The names of the styles that are, or are based on, Title."""
    styles = child_at(content, "automatic-styles")
    based = () if styles is None else (style for style in styles if attribute(style, "parent-style-name") == "Title")
    return frozenset({"Title", *(attribute(style, "name") or "" for style in based)})


def _is_title(element: Element, styles: frozenset[str]) -> bool:
    return local_name(element) in ("p", "h") and attribute(element, "style-name") in styles
