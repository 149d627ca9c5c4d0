"""PDF → its paragraphs, with running heads and page numbers marked as boilerplate (pdfminer.six).

A PDF has no paragraphs, only positioned letters. pdfminer groups letters into lines and boxes; here boxes become
paragraphs, across page breaks. Running heads and page numbers are recognized by recurring on most pages.
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

from summarizer.errors import UnreadableFile
from summarizer.readers.document import Document
from summarizer.spans import Span
from summarizer.text.hyphenation import Spellings
from summarizer.text.sentences import ends_whole

RUNNING_HEAD = "running head"
PAGE_NUMBER = "page number"
# Share of a page's height, at its top and bottom, in which running heads and page numbers are found.
_MARGIN = 0.12
# A line that ends a sentence and this share of its box's width before the right edge ends its paragraph.
_SHORT_LINE = 0.15
# Points by which an indented first line of a paragraph begins to the right of the others.
_INDENT, _WIDEST_INDENT = 6.0, 60.0
# A heading's line height differs from that of its text by more than this share.
_OTHER_SIZE = 0.1
_SYMBOL = re.compile(r"[\ue000-\uf8ff]")
# A longer paragraph, in characters, is not a heading, so the next page continues its sentence.
_LONGEST_HEADING = 100
_NUMBER = re.compile(r"\W*(?:page\s)?#(?:\s?(?:of|/)\s?#)?\W*")


@dataclass(frozen=True)
class _Box:
    """Lines grouped on a page, and whether they are at its top or bottom."""

    lines: tuple[str, ...]
    is_at_edge: bool


@dataclass
class _Paragraph:
    lines: list[str]
    reason: str | None = None


def read(raw: bytes, charset: str | None) -> Document:
    """The text of a PDF.

    :raises UnreadableFile: when it is encrypted, damaged, or contains only images of text.
    """
    try:
        pages = [_boxes(page) for page in extract_pages(io.BytesIO(raw), laparams=LAParams())]
    except (PDFPasswordIncorrect, PDFEncryptionError):
        raise UnreadableFile("The PDF is encrypted. Save it without a password, or paste its text.") from None
    except (PSException, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, AssertionError):
        # The parser's exceptions on damaged files have no common base class.
        raise UnreadableFile("The PDF is damaged. Save it again, or paste its text.") from None
    paragraphs = _over_pages(pages)
    if not any(paragraph.reason is None for paragraph in paragraphs):
        raise UnreadableFile(
            "The PDF has no text; it may be scanned. Run text recognition (OCR) on it, or paste its text."
        )
    return _document(paragraphs)


def _boxes(page: LTPage) -> list[_Box]:
    """The boxes of a page, each a paragraph, in reading order."""
    boxes = []
    for element in page:
        if isinstance(element, LTTextBox):
            lines = [line for line in element if isinstance(line, LTTextLine) and _text(line)]
            for paragraph in _paragraphs(lines):
                top, bottom = paragraph[0].y0, paragraph[-1].y1
                is_at_edge = top > page.y1 - _MARGIN * page.height or bottom < page.y0 + _MARGIN * page.height
                boxes.append(_Box(tuple(map(_text, paragraph)), is_at_edge))
    return boxes


def _text(line: LTTextLine) -> str:
    """The text of a line, without bullets from symbol fonts."""
    return " ".join(_SYMBOL.sub("", line.get_text()).split())


def _paragraphs(lines: Sequence[LTTextLine]) -> Iterator[list[LTTextLine]]:
    """The lines of a box, split where a line is indented, changes size, or follows a short one."""
    if not lines:
        return
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    begun = [lines[0]]
    for before, line in pairwise(lines):
        is_short = before.x1 < right - _SHORT_LINE * (right - left) and ends_whole(_text(before))
        is_indented = before.x0 + _INDENT < line.x0 < left + _WIDEST_INDENT
        if is_short or is_indented or abs(line.height - before.height) > _OTHER_SIZE * line.height:
            yield begun
            begun = []
        begun.append(line)
    yield begun


def _over_pages(pages: Sequence[Sequence[_Box]]) -> list[_Paragraph]:
    """The paragraphs of all pages; one that continues over a page break is whole, before the boxes at the edge."""
    counts = Counter(_pattern(box) for boxes in pages for box in boxes if box.is_at_edge)
    paragraphs: list[_Paragraph] = []
    last: _Paragraph | None = None
    for boxes in pages:
        edges = [box for box in boxes if box.is_at_edge and _edge_reason(box, counts, len(pages))]
        body = [box for box in boxes if box not in edges]
        for number, box in enumerate(body):
            if number == 0 and last and _continues(last, box):
                last.lines += box.lines
            else:
                last = _Paragraph(list(box.lines))
                paragraphs.append(last)
        paragraphs += [_Paragraph(list(box.lines), _edge_reason(box, counts, len(pages))) for box in edges]
    return paragraphs


def _pattern(box: _Box) -> str:
    """The text of a box with its numbers masked."""
    return re.sub(r"\d+", "#", " ".join(box.lines).casefold())


def _edge_reason(box: _Box, counts: Counter[str], pages: int) -> str | None:
    """The kind of boilerplate that a box at the edge of a page is; None if it is the article's."""
    pattern = _pattern(box)
    if _NUMBER.fullmatch(pattern):
        return PAGE_NUMBER
    return RUNNING_HEAD if counts[pattern] > 1 and 2 * counts[pattern] >= pages else None


def _continues(paragraph: _Paragraph, box: _Box) -> bool:
    """Whether the first box of a page continues the last paragraph of the page before."""
    if ends_whole(paragraph.lines[-1]):
        return False
    return box.lines[0][:1].islower() or sum(map(len, paragraph.lines)) > _LONGEST_HEADING


def _document(paragraphs: Sequence[_Paragraph]) -> Document:
    spellings = Spellings([line for paragraph in paragraphs for line in paragraph.lines])
    texts = [spellings.join(paragraph.lines) for paragraph in paragraphs]
    starts = accumulate((len(text) + 2 for text in texts), initial=0)
    boilerplate = tuple(
        (Span(start, start + len(text)), paragraph.reason)
        for start, text, paragraph in zip(starts, texts, paragraphs, strict=False)
        if paragraph.reason
    )
    return Document("\n\n".join(texts), None, boilerplate)
