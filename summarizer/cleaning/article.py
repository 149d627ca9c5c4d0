"""Document → Article: the passes run, until they find nothing more, and the result assembled."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from summarizer.cancellation import checked
from summarizer.cleaning.division import UNDIVIDED, divide
from summarizer.cleaning.lines import Line, split_lines
from summarizer.cleaning.removal import Removal, find_title, remove_lines, remove_repeated_paragraphs
from summarizer.cleaning.repair import repair, without_citations
from summarizer.cleaning.title import REPEATED_HEADLINE
from summarizer.cleaning.title_matching import key_of
from summarizer.cleaning.transcript import without_times
from summarizer.cleaning.unwrap import unwrap
from summarizer.errors import EmptyArticle
from summarizer.models.page_divider import PageDivider, default_divider
from summarizer.readers import Document
from summarizer.spans import Span
from summarizer.text.instructions import addresses_model
from summarizer.text.language import detect_language
from summarizer.text.links import has_only_links
from summarizer.text.openings import openings
from summarizer.text.sentences import sentence_spans

# Further rounds over the result. Removing a line can expose another one; it rarely exposes a chain of them.
_MAX_ROUNDS = 4
_NOWHERE = Span(-1, -1)
_EMPTY = Line("", _NOWHERE)


class Removed(BaseModel):
    """A piece of text that was removed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(description="The text of the first occurrence.")
    count: int = Field(ge=1, description="Number of occurrences.")
    reason: str = Field(description="The kind of text, such as `repeated headline`.")
    spans: tuple[Span, ...] = Field(description="The occurrences in the text as sent.")


@dataclass(frozen=True)
class Article:
    """A cleaned article.

    :param text: without the title; the spans of paragraphs and sentences count its characters.
    :param sentences: without the marks of list items and the datelines of agencies.
    :param removed: what was removed; its spans count the characters of `sent`.
    :param sent: the text as sent.
    :param language: an IETF tag such as `en`; None when it is uncertain.
    :param instructions: sentences that address a language model. They are not among the sentences, so that no summary
        contains them or rests on them.
    """

    title: str | None
    text: str
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    removed: tuple[Removed, ...]
    sent: str
    language: str | None
    instructions: tuple[Span, ...] = ()


def clean(document: Document | str, *, remove: bool = True, divider: PageDivider | None = None) -> Article:
    """Clean an article, as it was pasted or as a file contained it.

    :param remove: whether to remove boilerplate and repetitions; the headline becomes the title either way.
    :param divider: finds the article in a page that was copied whole; None for the package's.
    :raises EmptyArticle: when no text, or only a headline, is left, and for links alone.
    :raises ModelFailed: when the divider's weights do not load.
    """
    if isinstance(document, str):
        document = Document(document)
    text = document.text
    lines = split_lines(text)
    if not any(line.text for line in lines):
        raise EmptyArticle("There is no text. Paste or send the text of an article.")
    if has_only_links(text):
        raise EmptyArticle("The text contains only links. Open the article, then paste or send its text.")
    has_title = document.title is not None
    times: list[Removal] = []
    if remove and not document.boilerplate:
        lines, times = without_times(lines, text)
    if remove:
        reasons = _known_reasons(lines, document.boilerplate)
        texts = [line.text for line in lines]
        division = divide(texts, divider or default_divider()) if document.is_page else UNDIVIDED
        page = remove_lines(
            lines,
            text,
            known_title=document.title,
            known_boilerplate=reasons,
            division=division,
            may_be_below=not has_title,
        )
    else:
        page = find_title(lines, document.title)
    removals = [*times, *page.removals]
    paragraphs = unwrap(page.lines)
    title = page.title
    for _ in range(_MAX_ROUNDS if remove else 0):
        before = title is not None, len(paragraphs)
        title, paragraphs, further_removals = _remove_again(title, paragraphs, text, not has_title)
        removals += further_removals
        if not further_removals and before == (title is not None, len(paragraphs)):
            break
    if not paragraphs:
        raise EmptyArticle("The text is only a headline. Add the article's text.")
    texts = [paragraph.text for paragraph in paragraphs]
    return _assemble(title, without_citations(texts) if remove else texts, _grouped(removals), text)


def _known_reasons(lines: Sequence[Line], known: Sequence[tuple[Span, str]]) -> dict[int, str]:
    """By index, the reasons of the lines within spans that the reader marked as boilerplate."""
    starts = [span.start for span, _ in known]
    reasons = {}
    for index, line in enumerate(lines if known else ()):
        span, reason = known[max(bisect_right(starts, line.span.start) - 1, 0)]
        if line.text and span.start <= line.span.start and line.span.end <= span.end:
            reasons[index] = reason
    return reasons


def _remove_again(
    title: str | None, paragraphs: Sequence[Line], sent: str, may_be_below: bool
) -> tuple[str | None, list[Line], list[Removal]]:
    """Remove boilerplate and repetitions that only the joined and shortened text reveals.

    Title and paragraphs are cleaned by the rules like a text as sent, so that they remove nothing more from a cleaned
    article.
    """
    unique, duplicates = remove_repeated_paragraphs(paragraphs)
    above = [] if title is None else [Line(title, _NOWHERE), _EMPTY]
    below = [line for paragraph in unique for line in (paragraph, _EMPTY)]
    page = remove_lines([*above, *below], sent, may_be_below=may_be_below)
    removals = [removal for removal in page.removals if removal.span != _NOWHERE]
    if title is not None and page.title_span and page.title_span != _NOWHERE:  # a repetition as headline
        text = " ".join(map(repair, page.title_span.of(sent).splitlines()))
        removals.append(Removal(text, page.title_span, REPEATED_HEADLINE, key_of(text)))
    return title or page.title, unwrap(page.lines[len(above) :]), [*duplicates, *removals]


def _grouped(removals: Iterable[Removal]) -> list[Removed]:
    """The removals in the order of the text as sent; those with the same words and reason are one."""
    groups: defaultdict[tuple[str, tuple[str, ...]], list[Removal]] = defaultdict(list)
    for removal in sorted(removals, key=lambda removal: removal.span):
        groups[removal.reason, removal.key].append(removal)
    return [
        Removed(text=group[0].text, count=len(group), reason=reason, spans=tuple(removal.span for removal in group))
        for (reason, _), group in groups.items()
    ]


def _assemble(title: str | None, blocks: Sequence[str], removed: Iterable[Removed], sent: str) -> Article:
    text = "\n\n".join(blocks)
    paragraphs = []
    start = 0
    for block in blocks:
        paragraphs.append(Span(start, start + len(block)))
        start += len(block) + 2
    language, starts = detect_language(text), openings(blocks)
    parts = (Span(paragraph.start + start, paragraph.end) for paragraph, start in zip(paragraphs, starts, strict=True))
    spans = [span for part in parts for span in sentence_spans(text, part, language)]
    is_order = [addresses_model(span.of(text)) for span in checked(spans)]
    instructions = tuple(span for span, order in zip(spans, is_order, strict=True) if order)
    sentences = tuple(span for span, order in zip(spans, is_order, strict=True) if not order)
    if not sentences:
        raise EmptyArticle("The text contains only instructions to a language model. Send an article.")
    return Article(title, text, tuple(paragraphs), sentences, tuple(removed), sent, language, instructions)
