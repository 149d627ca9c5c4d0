"""Lines of a page → those that are boilerplate within the article's text, each with its reason.

First each line is judged by itself, by `patterns` or `classifier`. Then the lines around it may protect it: in a list
of credits, among the dates of a diary, among the questions of an interview.
"""

import re
from collections.abc import Collection, Iterable, Sequence, Set
from itertools import groupby, islice, takewhile

from summarizer.cancellation import checked
from summarizer.cleaning.boilerplate.classifier import line_classifier
from summarizer.cleaning.boilerplate.patterns import (
    BYLINE,
    CREDIT,
    LINK,
    RELATED,
    SHARE,
    boilerplate_reason,
    heads_related,
    is_byline,
    is_caption,
    is_date,
    is_network,
    is_paragraph,
    is_statement,
)
from summarizer.cleaning.title_matching import is_short_question, looks_like_headline, without_marks
from summarizer.cleaning.unwrap import Wrapping

# A timestamp has the minute and the year; the date of an event rarely has both.
_EXACT_TIME = re.compile(r"(?=.*\d[:.]\d\d).*(?:\d{4}|\d[./]\d{1,2}[./]\d)")
# Above the article's text, a single headline below a line such as "Most read" may be the article's headline.
_MIN_RELATED_ABOVE_TEXT = 2
_MIN_RELATED_WORDS, _MAX_RELATED_WORDS = 4, 25
# Entries of a list: "Music: Piero Lunardi", "Directed by Aldo Bellandi".
_ENTRY = re.compile(r"[^\W\d_][\w'’ -]{1,30}: \S.{0,100}|(?:[\w-]+ ){1,3}by [^\W\d_a-zß-öø-ÿ].{1,60}")
_MIN_ENTRIES = 3
# Buttons that may also be subheads.
_AMBIGUOUS_HEADS = frozenset(
    ("comments", "see also", "further reading", "contact us", "contact", "privacy", "about us")
)
_NUMBERED = re.compile(r"\d{1,2}[.)]\s\S")
_MIN_NUMBERED_HEADS = 3
# Dates of a diary, questions of an interview, authors in a list of books.
_MIN_DATES, _MIN_QUESTIONS, _MIN_AUTHORS = 3, 3, 3
_MIN_SUBHEADS = 2


def find_boilerplate(lines: Sequence[str]) -> dict[int, str]:
    """By index, the reasons of the lines that match a pattern and that the lines around them do not protect."""
    nonempty = [index for index, line in enumerate(lines) if line]
    reasons = _matching_lines(lines, nonempty)
    for position, index in enumerate(nonempty):  # "Facebook" alone may be a subhead; beside "Share" it is a button
        neighbours = nonempty[max(position - 1, 0) : position + 2]
        is_beside_button = any(reasons.get(neighbour) == SHARE for neighbour in neighbours)
        if index not in reasons and is_beside_button and is_network(lines[index]):
            reasons[index] = SHARE
    signatures = {index for index, reason in reasons.items() if reason in (BYLINE, CREDIT)}
    if signatures:
        signatures &= _list_entries(lines, nonempty, reasons) | _between_short_lines(lines, nonempty, reasons)
    return {index: reason for index, reason in reasons.items() if index not in signatures}


def _matching_lines(lines: Sequence[str], nonempty: Sequence[int]) -> dict[int, str]:
    """By index, the reasons of the lines that match a pattern, and of the headlines below "More on this story"."""
    reasons: dict[int, str] = {}
    wrapping = Wrapping(lines)
    protected = _protected_lines(lines, nonempty)
    is_below_text = False
    for position, index in enumerate(checked(nonempty)):
        line = lines[index]
        is_continuation = line[0].islower() and index > 0 and wrapping.continues(index - 1)
        if index in reasons or index in protected or is_continuation:
            continue
        reason = boilerplate_reason(line)
        if reason and position == 0 and _may_be_title(line, reason, [lines[second] for second in nonempty[1:2]]):
            reason = None
        if reason:
            reasons[index] = reason
        elif heads_related(line):
            following = takewhile(lambda index: index not in protected, islice(nonempty, position + 1, None))
            related = _related_headlines(lines, following)
            if len(related) >= (1 if is_below_text else _MIN_RELATED_ABOVE_TEXT):
                reasons |= dict.fromkeys([index, *related], RELATED)
        is_below_text |= is_statement(line)
    return reasons


def _protected_lines(lines: Sequence[str], nonempty: Sequence[int]) -> set[int]:
    """Lines that belong to the article because there are others of their kind.

    These are the questions of an interview, subheads, numbered heads, dates of events and authors of books.
    """
    paragraphs = [is_paragraph(lines[index]) for index in checked(nonempty)]
    heads = [index for index, is_head in zip(nonempty, paragraphs[1:], strict=False) if is_head]
    first = paragraphs.index(True) if True in paragraphs else 0
    questions = [index for index in heads if is_short_question(lines[index])]
    numbered = [index for index in heads if _NUMBERED.match(lines[index])]
    authors = [index for index in nonempty[first:] if lines[index][:3].casefold() == "by " and is_byline(lines[index])]
    return {
        *(questions if len(questions) >= _MIN_QUESTIONS else ()),
        *(authors if len({lines[index] for index in authors}) >= _MIN_AUTHORS else ()),
        *_ambiguous_subheads(lines, heads[1:]),
        *(numbered if len(numbered) >= _MIN_NUMBERED_HEADS else ()),
        *_event_dates(lines, nonempty, paragraphs, first),
    }


def _ambiguous_subheads(lines: Sequence[str], heads: Sequence[int]) -> list[int]:
    """Lines above a paragraph that may be buttons, if there are enough unambiguous subheads beside them."""
    subheads = [index for index in heads if looks_like_headline(lines[index]) and not boilerplate_reason(lines[index])]
    if len(subheads) < _MIN_SUBHEADS:
        return []
    return [index for index in heads if lines[index].casefold() in _AMBIGUOUS_HEADS]


def _event_dates(lines: Sequence[str], nonempty: Sequence[int], paragraphs: Sequence[bool], first: int) -> list[int]:
    """Dates below the first paragraph that are not timestamps: many, inexact, or among other short lines.

    :param paragraphs: for each nonempty line, whether it is a paragraph.
    :param first: the position of the first paragraph.
    """
    dates = [position for position in checked(range(first, len(nonempty))) if is_date(lines[nonempty[position]])]
    return [
        nonempty[position]
        for position in dates
        if len(dates) >= _MIN_DATES
        or not _EXACT_TIME.search(lines[nonempty[position]])
        or True not in paragraphs[max(position - 1, 0) : position + 2]
    ]


def _list_entries(lines: Sequence[str], nonempty: Sequence[int], removed: Collection[int]) -> set[int]:
    """The lines of lists, such as a film's credits, at least half of whose lines are not removed."""
    entries: set[int] = set()
    for is_entry, group in groupby(nonempty, lambda index: bool(_ENTRY.fullmatch(lines[index]))):
        run = list(group)
        if is_entry and len(run) >= _MIN_ENTRIES and 2 * sum(index in removed for index in run) <= len(run):
            entries.update(run)
    return entries


def _between_short_lines(lines: Sequence[str], nonempty: Sequence[int], removed: Collection[int]) -> set[int]:
    """Lines below the first paragraph between two short lines that are not removed, as in a programme."""
    is_short = [index not in removed and not is_paragraph(lines[index]) for index in nonempty]
    first = next((position for position, index in enumerate(nonempty) if is_paragraph(lines[index])), len(nonempty))
    inner = range(max(first, 1), len(nonempty) - 1)
    return {nonempty[position] for position in inner if is_short[position - 1] and is_short[position + 1]}


def classify_remaining_lines(lines: Sequence[str], known: Set[int]) -> list[int]:
    """Indices of the lines that match no pattern but that the classifier identifies as boilerplate.

    :param known: indices of lines already identified as boilerplate or headline.
    """
    nonempty = [index for index, line in enumerate(lines) if line]
    wrapping = Wrapping(lines)
    protected = _protected_lines(lines, nonempty)
    # The first line is usually the headline.
    boilerplate = [
        index
        for index in checked(nonempty[1:])
        if index not in known
        and index not in protected
        and not wrapping.continues(index - 1)
        and not wrapping.continues(index)
        and not _introduces(lines[index])
        and not is_caption(lines[index])
        and line_classifier().is_sure(lines[index])
    ]
    entries = _list_entries(lines, nonempty, {*known, *boilerplate})
    return [index for index in boilerplate if index not in entries]


def _introduces(line: str) -> bool:
    """Whether a line introduces the lines below it: a Markdown heading, or a colon before a list."""
    return line.startswith("#") or line.endswith(":")


def _may_be_title(line: str, reason: str, following: Sequence[str]) -> bool:
    """Whether a first line that matches a pattern is probably the headline: "Video: Police chase ends in river"."""
    is_only_headline = not any(map(looks_like_headline, following))
    return line_classifier().log_odds(line) < 0 or (reason in (LINK, CREDIT) and is_only_headline)


def _related_headlines(lines: Sequence[str], following: Iterable[int]) -> list[int]:
    """The headlines of other articles below a line such as "More on this story"."""
    headlines: list[int] = []
    for index in following:
        line = without_marks(lines[index])
        is_headline = _MIN_RELATED_WORDS <= len(line.split()) <= _MAX_RELATED_WORDS and not is_statement(line)
        is_block = len(headlines) > 1 and headlines[1] == headlines[0] + 1
        if not is_headline or (is_block and index > headlines[-1] + 1):
            break
        headlines.append(index)
    return headlines
