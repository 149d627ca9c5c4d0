"""Stripping: the lines of a pasted page in, the article's own out, and what was taken out and why.

Losing one sentence of an article is worse than leaving one headline in; so each kind goes only by what its lines are
as a whole, verse and lists stay together, and what could be a refrain stays. Knows nothing of sentences and models.
"""

from bisect import bisect
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType

from summarizer.headlines import Headline, key_of
from summarizer.page_lines import OTHER
from summarizer.pasted import Line, place_of_beginning, place_of_end
from summarizer.remains import remains, unforeseen
from summarizer.repetition import NARROW, Finding, pasted_twice, repeated_lines
from summarizer.sentences import Span, ends_whole, trimmed
from summarizer.surroundings import surroundings
from summarizer.titles import REPEATED_HEADLINE, TITLE, find_headlines, goes_on_below, text_at

REPEATED_PARAGRAPH = "repeated paragraph"

_FEWEST_LINES_OF_VERSE = 3


@dataclass(frozen=True)
class Removal:
    """One place that was taken out.

    :param text: as it reads.
    :param place: in the text as it was sent.
    :param what: the same for all that say the same.
    """

    text: str
    place: Span
    reason: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """The lines of a page, and what is known to be none of the article's.

    :param title: the headline, without marks and without the name of its site.
    :param title_place: where it stood in the text as it was sent, when a line is it.
    """

    title: str | None
    title_place: Span | None
    lines: tuple[Line, ...]
    removals: tuple[Removal, ...]


def with_title(lines: Sequence[Line], known_title: str | None = None) -> Page:
    """The page with nothing taken out but its title."""
    headlines, found = find_headlines([line.text for line in lines], set(), known_title)
    titles = {index for finding in found if finding.reason == TITLE for index in finding.lines}
    kept = tuple(replace(line, text="") if index in titles else line for index, line in enumerate(lines))
    return Page(headlines[0].title if headlines else None, None, kept, ())


def strip_lines(
    lines: Sequence[Line],
    sent: str,
    *,
    known_title: str | None = None,
    known_remains: Mapping[int, str] = MappingProxyType({}),
    is_page: bool = True,
) -> Page:
    """Take out headlines, lines and page remains that stand between the lines of an article.

    :param sent: the text that the places of the lines count.
    :param known_title: a headline that is known from elsewhere.
    :param known_remains: why lines go that are known to be none of the article's.
    :param is_page: whether the headline may stand below others, as when all of a page was copied.
    """
    texts = [line.text for line in lines]
    around = surroundings(texts, {**remains(texts), **known_remains}, is_page=is_page)
    reasons = around.reasons
    if around.headline is not None:
        known_title = texts[around.headline]
    remainders = [
        Finding((index,), reason, _whatever_numbers(texts[index])) for index, reason in sorted(reasons.items())
    ]
    headlines, repetitions = find_headlines(texts, set(reasons), known_title)
    known = {index for finding in (*remainders, *repetitions) for index in finding.lines}
    others = [Finding((index,), OTHER, key_of(texts[index])) for index in unforeseen(texts, known)]
    found = _without_verse(texts, [*remainders, *repetitions, *others])
    found += repeated_lines(texts, {index for finding in found for index in finding.lines})
    kept = list(lines)
    removals = []
    for finding in found:
        if finding.reason != TITLE:
            place = Span(lines[finding.lines[0]].place.start, lines[finding.lines[-1]].place.end)
            removals.append(Removal(text_at(texts, finding.lines), place, finding.reason, finding.what))
        for index in finding.lines:
            kept[index] = replace(lines[index], text="")
    _join_wrapped(kept, headlines)
    known_to_repeat = {finding.what for finding in found if finding.reason == REPEATED_HEADLINE}
    for index, line in enumerate(kept):
        for headline in headlines if line.text else ():
            if cut := _cut_glued(line, sent, headline, headline.key in known_to_repeat):
                kept[index], removal = cut
                removals.append(removal)
                break
    titles = [finding.lines for finding in found if finding.reason == TITLE]
    title_place = Span(lines[titles[0][0]].place.start, lines[titles[0][-1]].place.end) if titles else None
    return Page(headlines[0].title if headlines else None, title_place, tuple(kept), tuple(removals))


def strip_paragraphs(paragraphs: Sequence[Line]) -> tuple[list[Line], list[Removal]]:
    """Take out paragraphs that were pasted a second time; what is left, and what went."""
    gone = pasted_twice([paragraph.text for paragraph in paragraphs])
    removals = [
        Removal(paragraph.text, paragraph.place, REPEATED_PARAGRAPH, key_of(paragraph.text))
        for index, paragraph in enumerate(paragraphs)
        if index in gone
    ]
    return [paragraph for index, paragraph in enumerate(paragraphs) if index not in gone], removals


def _join_wrapped(lines: list[Line], headlines: Sequence[Headline]) -> None:
    """Join a line that says a headline and goes on in the next: a sentence that begins with the headline's words."""
    for index, line in enumerate(lines[:-1]):
        following = lines[index + 1]
        if any(
            goes_on_below(headline, following.text) and headline.is_repeated_by(line.text) for headline in headlines
        ):
            lines[index + 1] = Line(f"{line.text} {following.text}", Span(line.place.start, following.place.end))
            lines[index] = replace(line, text="")


def _cut_glued(line: Line, sent: str, headline: Headline, repeats: bool) -> tuple[Line, Removal] | None:
    """The line without the headline that is glued to its front or its end, and that; None when none is."""
    if begin := headline.glued_before(line.text, repeats):
        rest, cut = line.text[begin:], line.text[:begin].strip()
        cut_place = place_of_beginning(line, sent, cut)
        place = Span(cut_place.end, line.place.end) if cut_place else None
    elif end := headline.glued_behind(line.text):
        rest, cut = line.text[:end], line.text[end:].strip()
        cut_place = place_of_end(line, sent, cut)
        place = Span(line.place.start, cut_place.start) if cut_place else None
    else:
        return None
    if cut_place is None or place is None:
        return None
    return Line(rest, trimmed(sent, place)), Removal(cut, cut_place, REPEATED_HEADLINE, headline.key)


def _whatever_numbers(text: str) -> tuple[str, ...]:
    """A line as it is compared with others that count: "Page 1" and "Page 2" say the same."""
    return tuple("#" if word.isdigit() else word for word in key_of(text))


def _without_verse(texts: Sequence[str], found: Sequence[Finding]) -> list[Finding]:
    """The findings, but not those that stand within verse or a list."""
    gone = {index for finding in found for index in finding.lines}
    filled = [index for index, text in enumerate(texts) if text]
    own = [index for index in filled if index not in gone]
    kept = []
    stanzas = _stanzas(texts, gone)
    for finding in found:
        if finding.reason == TITLE or (
            stanzas.isdisjoint(finding.lines) and not _is_between_verses(texts, own, finding)
        ):
            kept.append(finding)
    return kept


def _stanzas(texts: Sequence[str], gone: Set[int]) -> set[int]:
    """The lines of blocks of narrow lines of which most stay, the first block apart, which has headline and byline."""
    stanzas: set[int] = set()
    blocks = [
        list(block) for is_filled, block in groupby(range(len(texts)), lambda index: bool(texts[index])) if is_filled
    ]
    for block in blocks[1:]:
        narrow = all(len(texts[index]) <= NARROW for index in block)
        if len(block) >= _FEWEST_LINES_OF_VERSE and narrow and 2 * len(gone & set(block)) < len(block):
            stanzas.update(block)
    return stanzas


def _is_between_verses(texts: Sequence[str], own: Sequence[int], finding: Finding) -> bool:
    """Whether what stands before and behind is verse: narrow lines that end no sentence; at the end two before."""
    position = bisect(own, finding.lines[0])
    before = 1 if position < len(own) else 2
    beside = [texts[index] for index in own[max(position - before, 0) : position + 1]]
    if len(beside) < 2 or finding.reason != REPEATED_HEADLINE:
        return False
    return all(len(text) <= NARROW for text in beside) and not all(map(ends_whole, beside))
