"""Parsing: text as people paste it in, an `Article` out.

Finds the headline, takes out its repetitions and the remains of the page, joins hard-wrapped lines, and says where
each paragraph and each sentence stands in the cleaned text, and where what was taken out stood in the text as it was
sent. Knows nothing of models, files or Flask.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarizer.errors import EmptyArticle
from summarizer.headlines import key_of
from summarizer.language import language_of
from summarizer.pasted import Line, cleaned, lines_of, paragraphs_of
from summarizer.sentences import Span, sentence_spans
from summarizer.stripping import Removal, strip_lines, strip_paragraphs, with_title
from summarizer.titles import REPEATED_HEADLINE

# What is seen only when something else is gone is rarely hidden behind a third.
_MOST_ROUNDS = 4
_NOWHERE = Span(-1, -1)
_EMPTY = Line("", _NOWHERE)


@dataclass(frozen=True)
class Stripped:
    """What was taken out of the text: as it first read there, how often it stood there, and why it went.

    :param spans: the places, in characters of the text as it was sent.
    """

    text: str
    count: int
    reason: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Article:
    """A cleaned article.

    :param text: without the title; the spans of paragraphs and sentences count its characters.
    :param sent: the text as it was sent; the spans of what was stripped count its characters.
    :param language: of the text, as an IETF tag such as `en`; None when it cannot be told.
    """

    title: str | None
    text: str
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    stripped: tuple[Stripped, ...]
    sent: str
    language: str | None


def parse(
    text: str, *, strip: bool = True, known_title: str | None = None, known_remains: Sequence[tuple[Span, str]] = ()
) -> Article:
    """Clean a pasted article.

    :param strip: whether to take out what is not the article's; the headline becomes the title either way.
    :param known_title: a headline that is known from elsewhere, such as a file's.
    :param known_remains: places in the text that are none of the article's, with what they are.
    :raises EmptyArticle: when nothing, or a headline alone, is left.
    """
    lines = lines_of(text)
    if not any(line.text for line in lines):
        raise EmptyArticle("There is no text. Paste or send the text of an article.")
    is_page = known_title is None  # a file that names its headline has no page around it
    if strip:
        reasons = _reasons(lines, known_remains)
        page = strip_lines(lines, text, known_title=known_title, known_remains=reasons, is_page=is_page)
    else:
        page = with_title(lines, known_title)
    removals = list(page.removals)
    paragraphs = paragraphs_of(page.lines)
    title = page.title
    for _ in range(_MOST_ROUNDS if strip else 0):
        before = title is not None, len(paragraphs)
        title, paragraphs, found = _stripped_again(title, paragraphs, text, is_page)
        removals += found
        if not found and before == (title is not None, len(paragraphs)):
            break
    if not paragraphs:
        raise EmptyArticle("There is a headline but no article below it. Send the article's text as well.")
    return _article(title, [paragraph.text for paragraph in paragraphs], _grouped(removals), text)


def _reasons(lines: Sequence[Line], known: Sequence[tuple[Span, str]]) -> dict[int, str]:
    """Why lines go that lie in known places, by their index."""
    starts = [span.start for span, _ in known]
    reasons = {}
    for index, line in enumerate(lines if known else ()):
        span, reason = known[max(bisect_right(starts, line.place.start) - 1, 0)]
        if line.text and span.start <= line.place.start and line.place.end <= span.end:
            reasons[index] = reason
    return reasons


def _stripped_again(
    title: str | None, paragraphs: Sequence[Line], sent: str, is_page: bool
) -> tuple[str | None, list[Line], list[Removal]]:
    """Title and paragraphs, without what is seen only now that lines are joined and others are gone.

    Reads them as a text of their own, so that parsing what was parsed strips nothing more.
    """
    once, twice = strip_paragraphs(paragraphs)
    above = [] if title is None else [Line(title, _NOWHERE), _EMPTY]
    page = strip_lines([*above, *(line for paragraph in once for line in (paragraph, _EMPTY))], sent, is_page=is_page)
    left = page.lines[len(above) :]
    found = [removal for removal in page.removals if removal.place != _NOWHERE]
    if title is not None and page.title_place and page.title_place != _NOWHERE:  # a second headline, which repeats
        text = " ".join(map(cleaned, page.title_place.of(sent).splitlines()))
        found.append(Removal(text, page.title_place, REPEATED_HEADLINE, key_of(text)))
    return title or page.title, paragraphs_of(left), [*twice, *found]


def _grouped(removals: Iterable[Removal]) -> list[Stripped]:
    """The removals, those that say the same as one, in the order in which they stood in what was sent."""
    groups: defaultdict[tuple[str, tuple[str, ...]], list[Removal]] = defaultdict(list)
    for removal in sorted(removals, key=lambda removal: removal.place):
        groups[removal.reason, removal.what].append(removal)
    return [
        Stripped(group[0].text, len(group), reason, tuple(removal.place for removal in group))
        for (reason, _), group in groups.items()
    ]


def _article(title: str | None, blocks: Sequence[str], stripped: Iterable[Stripped], sent: str) -> Article:
    text = "\n\n".join(blocks)
    paragraphs = []
    start = 0
    for block in blocks:
        paragraphs.append(Span(start, start + len(block)))
        start += len(block) + 2
    sentences = tuple(span for paragraph in paragraphs for span in sentence_spans(text, paragraph))
    return Article(title, text, tuple(paragraphs), sentences, tuple(stripped), sent, language_of(text))
