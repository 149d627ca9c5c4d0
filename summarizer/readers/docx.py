"""DOCX → its paragraphs, list items and table rows (python-docx)."""

import io
import zipfile
from collections.abc import Iterator
from zipfile import BadZipFile

import docx
from docx.document import Document as Word
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph

from summarizer.errors import UnreadableFile
from summarizer.readers.document import Document

# Bytes after decompression; a text of a million characters takes about ten million.
_MAX_UNPACKED = 100 * 1024**2


def read(raw: bytes, charset: str | None) -> Document:
    """The paragraphs and tables of a Word file; its title is the first paragraph with the style Title.

    :raises UnreadableFile: when it is damaged, not a Word file, or far larger than a text when unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MAX_UNPACKED:
                raise UnreadableFile("Once unpacked, the file is far larger than any article. Paste its text instead.")
            if "word/document.xml" not in parts.namelist():
                raise UnreadableFile("This is a ZIP file, but not a DOCX. Send one DOCX file, or paste its text.")
        word = docx.Document(io.BytesIO(raw))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError):
        raise UnreadableFile("The DOCX file is damaged. Save it again, or paste its text.") from None
    titles = [
        paragraph.text for paragraph in word.paragraphs if _style(paragraph) == "Title" and paragraph.text.strip()
    ]
    blocks = [block for block in _blocks(word) if block.strip()]
    if not blocks:
        raise UnreadableFile("The DOCX file has no text. Paste the article's text instead.")
    return Document("\n\n".join(blocks), titles[0] if titles else None)


def _blocks(word: Word) -> Iterator[str]:
    for block in word.iter_inner_content():
        if isinstance(block, Table):
            yield from ("\t".join(cell.text for cell in row.cells) for row in block.rows)
        elif _style(block).startswith("List"):
            yield f"- {block.text}"
        else:
            yield block.text


def _style(paragraph: Paragraph) -> str:
    return (paragraph.style.name or "") if paragraph.style is not None else ""
