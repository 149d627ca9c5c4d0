"""DOCX → its paragraphs, list items, table rows, text boxes and footnotes, with all tracked changes accepted.

The XML is walked by local names, so that Word's "Strict Open XML" reads like the usual kind. Libraries were compared on
files with tracked changes, fields and content controls (docs/formats.md): each drops or repeats text.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile

from summarizer.errors import UnreadableFile
from summarizer.readers.document import Document

# Bytes after decompression; a text of a million characters takes about ten million.
_MAX_UNPACKED = 100 * 1024**2
# Deleted text, the old place of moved text, instructions of fields, and the copy of a drawing for old programs.
_LEFT_OUT = frozenset("del moveFrom delText instrText delInstrText Fallback rPr pPr".split())
_CHARACTERS = {"tab": "\t", "noBreakHyphen": "-", "cr": "\n", "br": "\n"}
_NOTES = frozenset("footnote endnote".split())
_SEPARATORS = frozenset("separator continuationSeparator continuationNotice".split())


def read(raw: bytes, charset: str | None) -> Document:
    """The text of a Word file; its title is the first paragraph with the style Title.

    :raises UnreadableFile: when it is damaged, not a Word file, or far larger than a text when unpacked.
    """
    try:
        with ZipFile(io.BytesIO(raw)) as parts:
            word = _Word(parts)
            blocks = [*word.blocks(word.body), *word.notes()]
    except (BadZipFile, KeyError, ValueError, EOFError, ElementTree.ParseError, zlib.error):
        raise UnreadableFile("The DOCX file is damaged. Save it again, or paste its text.") from None
    texts = [block for block in blocks if block.strip()]
    if not texts:
        raise UnreadableFile("The DOCX file has no text. Paste the article's text instead.")
    return Document("\n\n".join(texts), word.titles[0] if word.titles else None)


@dataclass
class _Word:
    """The parts of a Word file that have text."""

    parts: ZipFile
    titles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if sum(part.file_size for part in self.parts.infolist()) > _MAX_UNPACKED:
            raise UnreadableFile("Once unpacked, the file is far larger than any article. Paste its text instead.")
        if "word/document.xml" not in self.parts.namelist():
            raise UnreadableFile("This is a ZIP file, but not a DOCX. Send one DOCX file, or paste its text.")
        self._styles = self._style_names()
        body = _child(self._xml("word/document.xml"), "body")
        if body is None:
            raise ValueError
        self.body = body

    def blocks(self, parent: Element) -> Iterator[str]:
        """The paragraphs, list items and table rows within an element, in order."""
        begun = ""  # a paragraph whose end was deleted goes on in the next one
        for element in parent:
            name = _name(element)
            if name in _LEFT_OUT:
                continue
            if name == "p":
                text, begun = begun + self._paragraph(element), ""
                if _path(element, "pPr", "rPr", "del") is not None:
                    begun = text
                else:
                    yield text
                for box in _descendants(element, "txbxContent"):
                    yield from self.blocks(box)
            elif name == "tbl":
                yield from self._table(element)
            else:  # content controls, insertions and other wrappers
                yield from self.blocks(element)
        if begun:
            yield begun

    def notes(self) -> Iterator[str]:
        """The footnotes and endnotes."""
        for part in ("word/footnotes.xml", "word/endnotes.xml"):
            if part in self.parts.namelist():
                for note in self._xml(part):
                    if _name(note) in _NOTES and _attribute(note, "type") not in _SEPARATORS:
                        yield " ".join(self.blocks(note)).strip()

    def _paragraph(self, paragraph: Element) -> str:
        text = _joined_lines(_text_of(paragraph))
        properties = _child(paragraph, "pPr")
        if properties is None:
            return text
        style = _child(properties, "pStyle")
        name = "" if style is None else self._styles.get(_attribute(style, "val") or "", "")
        if name == "Title" and text.strip():
            self.titles.append(text.strip())
        is_item = name.startswith("List") or _child(properties, "numPr") is not None
        return f"- {text}" if is_item and text.strip() else text

    def _table(self, table: Element) -> Iterator[str]:
        """The rows; a table that only lays out the page gives its paragraphs."""
        rows = [
            [list(self.blocks(cell)) for cell in _nested(row, "tc")]
            for row in _nested(table, "tr")
            if _path(row, "trPr", "del") is None
        ]
        is_layout = any(sum(bool(block.strip()) for block in cell) > 1 for row in rows for cell in row)
        for row in rows:
            if is_layout or len(row) == 1:
                yield from (block for cell in row for block in cell)
            else:
                yield "\t".join(" ".join(cell).strip() for cell in row)

    def _style_names(self) -> dict[str, str]:
        """The names of the paragraph styles by their identifiers, which differ between languages of Word."""
        if "word/styles.xml" not in self.parts.namelist():
            return {}
        names = {}
        for style in self._xml("word/styles.xml"):
            name = _child(style, "name")
            if _name(style) == "style" and name is not None:
                names[_attribute(style, "styleId") or ""] = _attribute(name, "val") or ""
        return names

    def _xml(self, part: str) -> Element:
        return ElementTree.fromstring(self.parts.read(part))


def _text_of(element: Element) -> str:
    """The visible text below an element, without that of text boxes."""
    pieces = []
    for child in element:
        name = _name(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name in _CHARACTERS and _name(element) == "r":  # tab stops in properties are not tabs
            pieces.append(_CHARACTERS[name])
        elif name not in _LEFT_OUT and name != "txbxContent":
            pieces.append(_text_of(child))
    return "".join(pieces)


def _joined_lines(text: str) -> str:
    """The text with manual line breaks inside a sentence as spaces."""
    return re.sub(r" *\n *(?=(\w?))", lambda match: " " if match[1].islower() else "\n", text)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: Element, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _name(child) == name), None)


def _path(element: Element, *names: str) -> Element | None:
    """The child of the child … of an element by these names."""
    found: Element | None = element
    for name in names:
        found = None if found is None else _child(found, name)
    return found


def _descendants(element: Element, name: str) -> Iterator[Element]:
    """The nearest elements of this name below an element."""
    for child in element:
        if _name(child) == name:
            yield child
        elif _name(child) not in _LEFT_OUT:
            yield from _descendants(child, name)


def _nested(element: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also those in content controls, but not those of inner tables."""
    for child in element:
        if _name(child) == name:
            yield child
        elif _name(child) not in _LEFT_OUT and _name(child) != "tbl":
            yield from _nested(child, name)
