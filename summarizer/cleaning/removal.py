"""Lines of a page → lines of its article, and the removed text with its reasons.

Losing a sentence of the article is worse than keeping a headline in it. So a line is removed only as a whole, verse and
lists stay together, and a possible refrain is kept.
"""

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType

from summarizer.cancellation import checked
from summarizer.cleaning.boilerplate.context import classify_remaining_lines, find_boilerplate
from summarizer.cleaning.boilerplate.navigation import find_navigation
from summarizer.cleaning.boilerplate.patterns import OTHER
from summarizer.cleaning.division import UNDIVIDED, Division
from summarizer.cleaning.duplicates import (
    MAX_NARROW_WIDTH,
    Finding,
    find_duplicate_paragraphs,
    find_repeated_lines,
)
from summarizer.cleaning.lines import Line, span_of_beginning, span_of_end
from summarizer.cleaning.title import REPEATED_HEADLINE, TITLE, continues_below, find_headlines, text_at
from summarizer.cleaning.title_matching import Headline, key_of
from summarizer.spans import Span, trim
from summarizer.text.sentences import ends_whole

REPEATED_PARAGRAPH = "repeated paragraph"
OUTSIDE = "outside the article"

_MIN_STANZA_LINES = 3


@dataclass(frozen=True)
class Removal:
    """One removed piece of text.

    :param text: repaired.
    :param span: in the text as sent.
    :param key: equal for all pieces with the same words.
    """

    text: str
    span: Span
    reason: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """The lines of a page after removal; a removed line is empty.

    :param title: the headline, without marks and without the name of its site.
    :param title_span: its span in the text as sent, if it is a line of the text.
    """

    title: str | None
    title_span: Span | None
    lines: tuple[Line, ...]
    removals: tuple[Removal, ...]


def find_title(lines: Sequence[Line], known_title: str | None = None) -> Page:
    """Find the title and remove only its line."""
    headlines, findings = find_headlines([line.text for line in lines], set(), known_title)
    titles = _indices(finding for finding in findings if finding.reason == TITLE)
    kept = tuple(replace(line, text="") if index in titles else line for index, line in enumerate(lines))
    return Page(headlines[0].title if headlines else None, None, kept, ())


def remove_lines(
    lines: Sequence[Line],
    sent: str,
    *,
    known_title: str | None = None,
    known_boilerplate: Mapping[int, str] = MappingProxyType({}),
    division: Division = UNDIVIDED,
    may_be_below: bool = True,
) -> Page:
    """Remove headlines, repeated lines and boilerplate.

    :param sent: the text whose characters the spans of the lines count.
    :param known_title: a headline from another source.
    :param known_boilerplate: reasons, by index, of lines that the reader marked as boilerplate.
    :param division: what is known of the page's parts.
    :param may_be_below: whether the headline may be below other lines, as when a whole page was copied.
    """
    texts = [line.text for line in lines]
    # 1. What stands around the article; menus, teasers and other boilerplate in the rest.
    inside = ["" if index in division.outside else text for index, text in enumerate(texts)]
    known_reasons = {**find_boilerplate(inside), **known_boilerplate, **dict.fromkeys(division.outside, OUTSIDE)}
    if division.outside and division.title is not None:
        known_reasons.pop(division.title, None)
    navigation = find_navigation(texts, known_reasons, may_be_below=may_be_below and not division.outside)
    reasons = sorted(navigation.reasons.items())
    boilerplate = [Finding((index,), reason, _key_without_numbers(texts[index])) for index, reason in reasons]
    # 2. The title and its repetitions.
    # In a text without a page around it the rules know the headline's variants better.
    headline = division.title if division.outside else navigation.headline
    headlines, titles = _find_headlines(texts, set(navigation.reasons), known_title, headline)
    # 3. Boilerplate that matches no pattern.
    known = _indices([*boilerplate, *titles])
    others = [Finding((index,), OTHER, key_of(texts[index])) for index in classify_remaining_lines(texts, known)]
    # 4. Other repeated lines.
    findings = _outside_verse(texts, [*boilerplate, *titles, *others])
    findings += find_repeated_lines(texts, _indices(findings))
    # 5. Headlines glued to a paragraph.
    kept, removals = _remove(lines, texts, findings)
    _join_wrapped(kept, headlines)
    repeated_keys = {finding.key for finding in findings if finding.reason == REPEATED_HEADLINE}
    removals += _cut_headlines(kept, sent, headlines, repeated_keys)
    title_spans = [_span_at(lines, finding.lines) for finding in findings if finding.reason == TITLE]
    return Page(
        headlines[0].title if headlines else None,
        title_spans[0] if title_spans else None,
        tuple(kept),
        tuple(removals),
    )


def _find_headlines(
    texts: Sequence[str], removed: Set[int], known_title: str | None, headline: int | None
) -> tuple[list[Headline], list[Finding]]:
    """The headlines and the lines that contain them.

    :param headline: the index of the line that is the headline by the page's layout.
    """
    title = known_title or (None if headline is None else texts[headline])
    headlines, findings = find_headlines(texts, removed, title, headline)
    if findings or known_title is None:
        return headlines, findings
    # The page does not have the known title, so those that it repeats are its own.
    own, own_findings = find_headlines(texts, removed)
    repeated = {finding.key for finding in own_findings if finding.reason == REPEATED_HEADLINE}
    headlines += [one for one in own if one.key in repeated]
    return headlines, [replace(one, reason=REPEATED_HEADLINE) for one in own_findings if one.key in repeated]


def remove_repeated_paragraphs(paragraphs: Sequence[Line]) -> tuple[list[Line], list[Removal]]:
    """The paragraphs without those that were pasted a second time, and the removals."""
    duplicates = find_duplicate_paragraphs([paragraph.text for paragraph in paragraphs])
    removals = [
        Removal(paragraph.text, paragraph.span, REPEATED_PARAGRAPH, key_of(paragraph.text))
        for index, paragraph in enumerate(paragraphs)
        if index in duplicates
    ]
    return [paragraph for index, paragraph in enumerate(paragraphs) if index not in duplicates], removals


def _indices(findings: Iterable[Finding]) -> set[int]:
    """The indices of all lines of the findings."""
    return {index for finding in findings for index in finding.lines}


def _span_at(lines: Sequence[Line], indices: Sequence[int]) -> Span:
    """The span from the first to the last of these lines."""
    return Span(lines[indices[0]].span.start, lines[indices[-1]].span.end)


def _remove(
    lines: Sequence[Line], texts: Sequence[str], findings: Sequence[Finding]
) -> tuple[list[Line], list[Removal]]:
    """The lines, those of the findings empty, and the removals; the title is not a removal."""
    removed = _indices(findings)
    kept = [replace(line, text="") if index in removed else line for index, line in enumerate(lines)]
    removals = [
        Removal(text_at(texts, finding.lines), _span_at(lines, finding.lines), finding.reason, finding.key)
        for finding in findings
        if finding.reason != TITLE
    ]
    return kept, removals


def _join_wrapped(lines: list[Line], headlines: Sequence[Headline]) -> None:
    """Join each line that repeats a headline with the line below that continues its sentence."""
    for index, line in enumerate(lines[:-1]):
        following = lines[index + 1]
        if any(
            continues_below(headline, following.text) and headline.is_repeated_by(line.text) for headline in headlines
        ):
            lines[index + 1] = Line(f"{line.text} {following.text}", Span(line.span.start, following.span.end))
            lines[index] = replace(line, text="")


def _cut_headlines(
    lines: list[Line], sent: str, headlines: Sequence[Headline], repeated_keys: Set[tuple[str, ...]]
) -> list[Removal]:
    """Cut headlines off the lines that they are glued to."""
    removals = []
    for index, line in enumerate(checked(lines)):
        for headline in headlines if line.text else ():
            if cut := _cut_headline(line, sent, headline, headline.key in repeated_keys):
                lines[index], removal = cut
                removals.append(removal)
                break
    return removals


def _cut_headline(line: Line, sent: str, headline: Headline, is_known_to_repeat: bool) -> tuple[Line, Removal] | None:
    """The line without the headline glued to its beginning or end, and the removal; None if none is glued to it."""
    if begin := headline.glued_before(line.text, is_known_to_repeat):
        rest, cut = line.text[begin:], line.text[:begin].strip()
        cut_span = span_of_beginning(line, sent, cut)
        span = Span(cut_span.end, line.span.end) if cut_span else None
    elif end := headline.glued_after(line.text):
        rest, cut = line.text[:end], line.text[end:].strip()
        cut_span = span_of_end(line, sent, cut)
        span = Span(line.span.start, cut_span.start) if cut_span else None
    else:
        return None
    if cut_span is None or span is None:
        return None
    return Line(rest, trim(sent, span)), Removal(cut, cut_span, REPEATED_HEADLINE, headline.key)


def _key_without_numbers(text: str) -> tuple[str, ...]:
    """A key that ignores numbers: equal for "Page 1" and "Page 2"."""
    return tuple("#" if word.isdigit() else word for word in key_of(text))


def _outside_verse(texts: Sequence[str], findings: Sequence[Finding]) -> list[Finding]:
    """The findings without those inside verse or a list; the title and what is outside the article stay findings."""
    removed = _indices(findings)
    remaining = [index for index, text in enumerate(texts) if text and index not in removed]
    stanzas = _stanza_lines(texts, removed)
    return [
        finding
        for finding in findings
        if finding.reason in (TITLE, OUTSIDE)
        or (stanzas.isdisjoint(finding.lines) and not _is_between_verses(texts, remaining, finding))
    ]


def _stanza_lines(texts: Sequence[str], removed: Set[int]) -> set[int]:
    """The lines of stanzas: blocks of narrow lines less than half of which are removed.

    The first block, with headline and byline, is excluded.
    """
    stanza_lines: set[int] = set()
    blocks = [
        list(block) for has_text, block in groupby(range(len(texts)), lambda index: bool(texts[index])) if has_text
    ]
    for block in blocks[1:]:
        is_narrow = all(len(texts[index]) <= MAX_NARROW_WIDTH for index in block)
        if len(block) >= _MIN_STANZA_LINES and is_narrow and 2 * len(removed & set(block)) < len(block):
            stanza_lines.update(block)
    return stanza_lines


def _is_between_verses(texts: Sequence[str], remaining: Sequence[int], finding: Finding) -> bool:
    """Whether a repeated headline is beside verse: narrow lines, not all of which end a sentence.

    The lines beside it are the one before and the one after it; at the end of the text, the two before it.
    """
    position = bisect(remaining, finding.lines[0])
    before = 1 if position < len(remaining) else 2
    beside = [texts[index] for index in remaining[max(position - before, 0) : position + 1]]
    if len(beside) < 2 or finding.reason != REPEATED_HEADLINE:
        return False
    return all(len(text) <= MAX_NARROW_WIDTH for text in beside) and not all(map(ends_whole, beside))
