"""PDF files: paragraphs as they stand on the pages, and what every page repeats (pdfminer.six).

A PDF has no paragraphs, only letters at places; pdfminer puts letters together into lines and boxes, and here boxes
become paragraphs, over the edges of pages. Running heads and page numbers are told by standing on most pages.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTPage, LTTextBox, LTTextLine
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.psexceptions import PSException

from summarizer.documents import Document
from summarizer.errors import UnreadableFile
from summarizer.pasted import Spellings
from summarizer.sentences import Span, ends_whole

RUNNING_HEAD = "running head"
PAGE_NUMBER = "page number"
# A line within this share of a page's height from its top or bottom may be one of those.
_MARGIN = 0.12
# A line that ends this share of its box's width before the box ends a paragraph, when it ends a sentence.
_SHORT_LINE = 0.15
# A line that begins so many points right of the others begins one.
_INDENT, _WIDEST_INDENT = 6.0, 60.0
# Lines of one paragraph have one height; a heading differs from its text by more than this share.
_OTHER_SIZE = 0.1
_SYMBOL = re.compile(r"[\ue000-\uf8ff]")
# A paragraph of more characters is no heading, so the next page goes on with its sentence.
_LONGEST_HEADING = 100
_NUMBER = re.compile(r"\W*(?:page\s)?#(?:\s?(?:of|/)\s?#)?\W*")


@dataclass(frozen=True)
class _Box:
    """Lines that stand together on a page, and whether they are at its edge."""

    lines: tuple[str, ...]
    is_at_edge: bool


@dataclass
class _Paragraph:
    lines: list[str]
    reason: str | None = None


def read(raw: bytes, charset: str | None) -> Document:
    """The text of a PDF.

    :raises UnreadableFile: when it is encrypted, broken, or has pictures of text only.
    """
    try:
        pages = [_boxes(page) for page in extract_pages(io.BytesIO(raw), laparams=LAParams())]
    except (PDFPasswordIncorrect, PDFEncryptionError):
        raise UnreadableFile("The PDF is encrypted. Save it without a password, or paste its text.") from None
    except (PSException, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, AssertionError):
        # What the parser raises on broken files is not one family.
        raise UnreadableFile("The PDF file is broken. Save it anew, or paste its text.") from None
    paragraphs = _over_pages(pages)
    if not any(paragraph.reason is None for paragraph in paragraphs):
        raise UnreadableFile("There is no text in this PDF: it may be scanned. Have its text recognized, or paste it.")
    return _document(paragraphs)


def _boxes(page: LTPage) -> list[_Box]:
    """The boxes of a page, each a paragraph, in reading order."""
    boxes = []
    for element in page:
        if isinstance(element, LTTextBox):
            lines = [line for line in element if isinstance(line, LTTextLine) and _read(line)]
            for paragraph in _paragraphs(lines):
                top, bottom = paragraph[0].y0, paragraph[-1].y1
                is_at_edge = top > page.y1 - _MARGIN * page.height or bottom < page.y0 + _MARGIN * page.height
                boxes.append(_Box(tuple(map(_read, paragraph)), is_at_edge))
    return boxes


def _read(line: LTTextLine) -> str:
    """What a line says; bullets of symbol fonts, which stand for no letter, are left out."""
    return " ".join(_SYMBOL.sub("", line.get_text()).split())


def _paragraphs(lines: Sequence[LTTextLine]) -> Iterator[list[LTTextLine]]:
    """The lines of a box, parted where a line is indented, of another size, or the one before is short."""
    if not lines:
        return
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    begun = [lines[0]]
    for before, line in pairwise(lines):
        is_short = before.x1 < right - _SHORT_LINE * (right - left) and ends_whole(_read(before))
        is_indented = before.x0 + _INDENT < line.x0 < left + _WIDEST_INDENT
        if is_short or is_indented or abs(line.height - before.height) > _OTHER_SIZE * line.height:
            yield begun
            begun = []
        begun.append(line)
    yield begun


def _over_pages(pages: Sequence[Sequence[_Box]]) -> list[_Paragraph]:
    """The paragraphs of all pages; one that goes on over an edge stands whole before what the edge has."""
    standing = Counter(_pattern(box) for boxes in pages for box in boxes if box.is_at_edge)
    paragraphs: list[_Paragraph] = []
    last: _Paragraph | None = None
    for boxes in pages:
        edges = [box for box in boxes if box.is_at_edge and _edge_reason(box, standing, len(pages))]
        body = [box for box in boxes if box not in edges]
        for number, box in enumerate(body):
            if number == 0 and last and _goes_on(last, box):
                last.lines += box.lines
            else:
                last = _Paragraph(list(box.lines))
                paragraphs.append(last)
        paragraphs += [_Paragraph(list(box.lines), _edge_reason(box, standing, len(pages))) for box in edges]
    return paragraphs


def _pattern(box: _Box) -> str:
    """What a box says, whatever its numbers."""
    return re.sub(r"\d+", "#", " ".join(box.lines).casefold())


def _edge_reason(box: _Box, standing: Counter[str], pages: int) -> str | None:
    """What a box at the edge of a page is, when it is none of the article's."""
    pattern = _pattern(box)
    if _NUMBER.fullmatch(pattern):
        return PAGE_NUMBER
    return RUNNING_HEAD if standing[pattern] > 1 and 2 * standing[pattern] >= pages else None


def _goes_on(paragraph: _Paragraph, box: _Box) -> bool:
    """Whether the first box of a page goes on with the last paragraph of the page before."""
    if ends_whole(paragraph.lines[-1]):
        return False
    return box.lines[0][:1].islower() or sum(map(len, paragraph.lines)) > _LONGEST_HEADING


def _document(paragraphs: Sequence[_Paragraph]) -> Document:
    spellings = Spellings([line for paragraph in paragraphs for line in paragraph.lines])
    texts = [spellings.joined(paragraph.lines) for paragraph in paragraphs]
    starts = accumulate((len(text) + 2 for text in texts), initial=0)
    remains = tuple(
        (Span(start, start + len(text)), paragraph.reason)
        for start, text, paragraph in zip(starts, texts, paragraphs, strict=False)
        if paragraph.reason
    )
    return Document("\n\n".join(texts), None, remains)
