"""ODT (OpenDocument text, LibreOffice) → its headings, paragraphs, list items, table rows and notes."""

from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from summarizer.errors import UnreadableFile
from summarizer.readers.archive import open_archive, refuse_other_archive
from summarizer.readers.document import Document
from summarizer.readers.xml import attribute, child_at, local_name, nearest, table_lines

# Deleted text of tracked changes, comments, and the marks that refer to notes.
_LEFT_OUT = frozenset(
    "tracked-changes annotation note-citation forms sequence-decls table-of-content ruby-text".split()
)
# Elements whose text stands apart from that of the paragraph that they are in.
_APART = frozenset("note frame custom-shape".split())
_MAX_SPACES = 1_000


def read(raw: bytes, charset: str | None) -> Document:
    """The text of an OpenDocument file; its title is the first paragraph with the style Title.

    :raises UnreadableFile: when it is damaged, encrypted, or has no text.
    """
    with open_archive(raw, "ODT") as parts:
        if "content.xml" not in parts.namelist():
            refuse_other_archive(parts)
        if _is_encrypted(parts):
            raise UnreadableFile("The ODT file is encrypted. Save it without a password, or paste its text.")
        content = ElementTree.fromstring(parts.read("content.xml"))
        body = child_at(content, "body", "text")
        if body is None:
            raise UnreadableFile("This is an OpenDocument file, but not a text. Save its text as ODT, or paste it.")
        styles = _title_styles(content)
        paragraphs = [*_visible(body, "p"), *_visible(body, "h")]
        titles = [_text_of(one).strip() for one in paragraphs if attribute(one, "style-name") in styles]
        notes = [" ".join(_blocks(note)) for note in _visible(body, "note-body")]
        blocks = [block.strip() for block in (*_blocks(body), *notes)]
    if not any(blocks):
        raise UnreadableFile("The ODT file has no text. Paste the article's text instead.")
    return Document("\n\n".join(filter(None, blocks)), next(filter(None, titles), None))


def _blocks(parent: Element, prefix: str = "") -> Iterator[str]:
    """The paragraphs, list items and table rows within an element, in order."""
    for element in parent:
        name = local_name(element)
        if name in ("p", "h"):
            text = _text_of(element)
            yield prefix + text if text.strip() else ""
            for kind in ("text-box", "custom-shape"):
                for frame in nearest(element, kind, _LEFT_OUT | {"note", "text-box", "custom-shape"}):
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


def _visible(parent: Element, name: str) -> Iterator[Element]:
    """All elements of a name below an element, but not in deleted text and comments."""
    for child in parent:
        if local_name(child) not in _LEFT_OUT:
            if local_name(child) == name:
                yield child
            yield from _visible(child, name)


def _is_encrypted(parts: ZipFile) -> bool:
    return "META-INF/manifest.xml" in parts.namelist() and b"encryption-data" in parts.read("META-INF/manifest.xml")
