"""DOCX → its paragraphs, list items, table rows, text boxes and footnotes, with all tracked changes accepted.

The XML is walked by local names, so that Word's "Strict Open XML" reads like the usual kind. Libraries were compared on
files with tracked changes, fields and content controls (docs/formats.md): each drops or repeats text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from summarizer.errors import UnreadableFile
from summarizer.readers.archive import open_archive, refuse_other_archive
from summarizer.readers.document import Document
from summarizer.readers.xml import attribute, child_at, local_name, nearest, table_lines

_MAIN_PART = re.compile(r"word/document\d*\.xml")
# Deleted text, the old place of moved text, instructions of fields, equations, readings above characters, and the copy
# of a drawing for old programs.
_LEFT_OUT = frozenset("del moveFrom delText instrText delInstrText oMath oMathPara rt Fallback rPr pPr".split())
_CHARACTERS = {"tab": "\t", "noBreakHyphen": "-", "cr": "\n", "br": "\n"}
_NOTES = frozenset("footnote endnote".split())
_SEPARATORS = frozenset("separator continuationSeparator continuationNotice".split())


def read(raw: bytes, charset: str | None) -> Document:
    """The text of a Word file; its title is the first paragraph with the style Title.

    :raises UnreadableFile: when it is damaged, not a Word file, or far larger than a text when unpacked.
    """
    with open_archive(raw, "DOCX") as parts:
        main_part = next(filter(_MAIN_PART.fullmatch, parts.namelist()), None)
        if main_part is None:
            refuse_other_archive(parts)
        word = _Word(parts, main_part)
        blocks = [*word.blocks(word.body), *word.notes()]
    texts = [block for block in blocks if block.strip()]
    if not texts:
        raise UnreadableFile("The DOCX file has no text. Paste the article's text instead.")
    return Document("\n\n".join(texts), word.titles[0] if word.titles else None)


@dataclass
class _Word:
    """The parts of a Word file that have text."""

    parts: ZipFile
    main_part: str
    titles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._styles = self._style_names()
        body = child_at(self._xml(self.main_part), "body")
        if body is None:
            raise ValueError
        self.body = body

    def blocks(self, parent: Element) -> Iterator[str]:
        """The paragraphs, list items and table rows within an element, in order."""
        begun = ""  # a paragraph whose end was deleted goes on in the next one
        for element in parent:
            name = local_name(element)
            if name in _LEFT_OUT:
                continue
            if name == "p":
                text = self._paragraph(element)
                text, begun = begun + (text.removeprefix("- ") if begun else text), ""
                if child_at(element, "pPr", "rPr", "del") is not None:
                    begun = text
                else:
                    yield text
                for box in nearest(element, "txbxContent", _LEFT_OUT):
                    yield from self.blocks(box)
            elif name == "tbl":
                yield from self._table(element)
            elif not _is_hidden(element):  # content controls, insertions and other wrappers
                yield from self.blocks(element)
        if begun:
            yield begun

    def notes(self) -> Iterator[str]:
        """The footnotes and endnotes."""
        for part in ("word/footnotes.xml", "word/endnotes.xml"):
            if part in self.parts.namelist():
                for note in self._xml(part):
                    if local_name(note) in _NOTES and attribute(note, "type") not in _SEPARATORS:
                        yield " ".join(self.blocks(note)).strip()

    def _paragraph(self, paragraph: Element) -> str:
        text = _joined_lines(_text_of(paragraph))
        properties = child_at(paragraph, "pPr")
        if properties is None:
            return text
        style = child_at(properties, "pStyle")
        name = "" if style is None else self._styles.get(attribute(style, "val") or "", "")
        if name == "Title" and text.strip():
            self.titles.append(text.strip())
        is_item = name.startswith("List") or child_at(properties, "numPr") is not None
        return f"- {text}" if is_item and text.strip() else text

    def _table(self, table: Element) -> Iterator[str]:
        inside = _LEFT_OUT | {"tbl"}
        rows = [row for row in nearest(table, "tr", inside) if child_at(row, "trPr", "del") is None]
        return table_lines([[list(self.blocks(cell)) for cell in nearest(row, "tc", inside)] for row in rows])

    def _style_names(self) -> dict[str, str]:
        """The names of the paragraph styles by their identifiers, which differ between languages of Word."""
        if "word/styles.xml" not in self.parts.namelist():
            return {}
        names = {}
        for style in self._xml("word/styles.xml"):
            name = child_at(style, "name")
            if local_name(style) == "style" and name is not None:
                names[attribute(style, "styleId") or ""] = attribute(name, "val") or ""
        return names

    def _xml(self, part: str) -> Element:
        return ElementTree.fromstring(self.parts.read(part))


def _text_of(element: Element) -> str:
    """The visible text below an element, without that of text boxes."""
    pieces = []
    for child in element:
        name = local_name(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name in _CHARACTERS and local_name(element) == "r":  # tab stops in properties are not tabs
            pieces.append(_CHARACTERS[name])
        elif name not in _LEFT_OUT and name != "txbxContent" and not _is_hidden(child):
            pieces.append(_text_of(child))
    return "".join(pieces)


def _is_hidden(element: Element) -> bool:
    """Whether a run is hidden, or a content control shows only what to write in it."""
    is_placeholder = child_at(element, "sdtPr", "showingPlcHdr") is not None
    return is_placeholder or child_at(element, "rPr", "vanish") is not None


def _joined_lines(text: str) -> str:
    """The text with manual line breaks inside a sentence as spaces."""
    return re.sub(r" *\n *(?=(\w?))", lambda match: " " if match[1].islower() else "\n", text)
