"""Remains of a page: which lines between the article's own its template put there.

A line goes by what it says (`page_lines`) unless it stands among its like as it does in articles: in a list of credits,
among a diary's dates. What no rule foresees is left to `boilerplate`. Knows nothing of headlines that repeat.
"""

import re
from collections.abc import Collection, Iterable, Sequence, Set
from itertools import groupby, islice, takewhile

from summarizer.boilerplate import fitted
from summarizer.headlines import is_short_question, looks_like_headline, without_marks
from summarizer.page_lines import (
    BYLINE,
    CREDIT,
    LINK,
    RELATED,
    SHARE,
    heads_related,
    is_byline,
    is_caption,
    is_date,
    is_network,
    is_paragraph,
    is_statement,
    reason_to_strip,
)
from summarizer.pasted import Wrapping

# Pages tell the minute, and the year.
_EXACT = re.compile(r"(?=.*\d[:.]\d\d).*(?:\d{4}|\d[./]\d{1,2}[./]\d)")
# Above the article's text a single headline below such a line is its own.
_FEWEST_ABOVE_TEXT = 2
_FEWEST_WORDS_RELATED, _MOST_WORDS_RELATED = 4, 25
# "Music: Piero Lunardi", "Directed by Aldo Bellandi".
_ENTRY = re.compile(r"[^\W\d_][\w'’ -]{1,30}: \S.{0,100}|(?:[\w-]+ ){1,3}by [^\W\d_a-zß-öø-ÿ].{1,60}")
_FEWEST_ENTRIES = 3
# What may head a part of an article, too.
_HEADS = frozenset(("comments", "see also", "further reading", "contact us", "contact", "privacy", "about us"))
_NUMBERED = re.compile(r"\d{1,2}[.)]\s\S")
_FEWEST_NUMBERED = 3
# A diary has so many dates, an interview so many questions with their answers, a list of books so many writers.
_FEWEST_DATES, _FEWEST_QUESTIONS, _FEWEST_WRITERS = 3, 3, 3
_FEWEST_SUBHEADS = 2


def remains(lines: Sequence[str]) -> dict[int, str]:
    """Which of the lines are none of the article's, by index, and what they are instead."""
    found: dict[int, str] = {}
    filled = [index for index, line in enumerate(lines) if line]
    wrapping = Wrapping(lines)
    own = _parts_of_articles(lines, filled)
    is_below_text = False
    for position, index in enumerate(filled):
        line = lines[index]
        if index in found or index in own or (line[0].islower() and index > 0 and wrapping.goes_on(index - 1)):
            continue
        reason = reason_to_strip(line)
        if reason and index == filled[0] and _may_be_title(line, reason, [lines[index] for index in filled[1:2]]):
            reason = None
        if reason:
            found[index] = reason
        elif heads_related(line):
            items = _related(lines, takewhile(lambda index: index not in own, islice(filled, position + 1, None)))
            if len(items) >= (1 if is_below_text else _FEWEST_ABOVE_TEXT):
                found |= dict.fromkeys([index, *items], RELATED)
        is_below_text |= is_statement(line)
    for position, index in enumerate(filled):  # "Facebook" alone may be the article's; beside "Share" it is a button
        beside = filled[max(position - 1, 0) : position + 2]
        is_beside_button = any(found.get(neighbour) == SHARE for neighbour in beside)
        if index not in found and is_beside_button and is_network(lines[index]):
            found[index] = SHARE
    signed = [index for index, reason in found.items() if reason in (BYLINE, CREDIT)]
    listed = _entries(lines, filled, found) | _between_short_lines(lines, filled, found) if signed else set()
    own_signed = listed.intersection(signed)
    return {index: reason for index, reason in found.items() if index not in own_signed}


def _parts_of_articles(lines: Sequence[str], filled: Sequence[int]) -> set[int]:
    """What is the article's own among others of its kind: an interview's questions, some subheads, events, writers."""
    paragraphs = [is_paragraph(lines[index]) for index in filled]
    heads = [index for index, is_above in zip(filled, paragraphs[1:], strict=False) if is_above]
    first = paragraphs.index(True) if True in paragraphs else 0
    questions = [index for index in heads if is_short_question(lines[index])]
    numbered = [index for index in heads if _NUMBERED.match(lines[index])]
    writers = [index for index in filled[first:] if lines[index][:3].casefold() == "by " and is_byline(lines[index])]
    return {
        *(questions if len(questions) >= _FEWEST_QUESTIONS else ()),
        *(writers if len({lines[index] for index in writers}) >= _FEWEST_WRITERS else ()),
        *_subheads(lines, heads[1:]),
        *(numbered if len(numbered) >= _FEWEST_NUMBERED else ()),
        *_events(lines, filled, paragraphs, first),
    }


def _subheads(lines: Sequence[str], heads: Sequence[int]) -> list[int]:
    """Lines above a paragraph that may be a button, where there are others that may not."""
    others = [index for index in heads if looks_like_headline(lines[index]) and not reason_to_strip(lines[index])]
    return [index for index in heads if lines[index].casefold() in _HEADS] if len(others) >= _FEWEST_SUBHEADS else []


def _events(lines: Sequence[str], filled: Sequence[int], paragraphs: Sequence[bool], first: int) -> list[int]:
    """Dates below the first paragraph that are no time stamps: many, inexact, or among other short lines."""
    dates = [place for place in range(first, len(filled)) if is_date(lines[filled[place]])]
    return [
        filled[place]
        for place in dates
        if len(dates) >= _FEWEST_DATES
        or not _EXACT.search(lines[filled[place]])
        or True not in paragraphs[max(place - 1, 0) : place + 2]
    ]


def _entries(lines: Sequence[str], filled: Sequence[int], gone: Collection[int]) -> set[int]:
    """The lines of lists such as a film's credits or a recipe's times, of which at least half are not known to go."""
    entries: set[int] = set()
    for is_entry, group in groupby(filled, lambda index: bool(_ENTRY.fullmatch(lines[index]))):
        run = list(group)
        if is_entry and len(run) >= _FEWEST_ENTRIES and 2 * sum(index in gone for index in run) <= len(run):
            entries.update(run)
    return entries


def _between_short_lines(lines: Sequence[str], filled: Sequence[int], gone: Collection[int]) -> set[int]:
    """Lines below the first paragraph that stand between short ones that stay, as in a programme."""
    is_short = [index not in gone and not is_paragraph(lines[index]) for index in filled]
    first = next((place for place, index in enumerate(filled) if is_paragraph(lines[index])), len(filled))
    inner = range(max(first, 1), len(filled) - 1)
    return {filled[place] for place in inner if is_short[place - 1] and is_short[place + 1]}


def unforeseen(lines: Sequence[str], known: Set[int]) -> list[int]:
    """Lines, by index, that no rule knows and that are none of the article's all the same.

    :param known: lines whose reason is known.
    """
    filled = [index for index, line in enumerate(lines) if line]
    wrapping = Wrapping(lines)
    own = _parts_of_articles(lines, filled)
    # The first line is more often the headline than anything else.
    sure = [
        index
        for index in filled[1:]
        if index not in known
        and index not in own
        and not wrapping.goes_on(index - 1)
        and not wrapping.goes_on(index)
        and not _introduces(lines[index])
        and not is_caption(lines[index])
        and fitted().is_sure(lines[index])
    ]
    entries = _entries(lines, filled, {*known, *sure})
    return [index for index in sure if index not in entries]


def _introduces(line: str) -> bool:
    """Whether a line leads to what follows: a Markdown heading, or a colon before a list."""
    return line.startswith("#") or line.endswith(":")


def _may_be_title(line: str, reason: str, following: Sequence[str]) -> bool:
    """Whether a first line that a rule takes is more likely the headline: "Video: Police chase ends in river"."""
    is_only_one = not any(map(looks_like_headline, following))
    return fitted().log_odds(line) < 0 or (reason in (LINK, CREDIT) and is_only_one)


def _related(lines: Sequence[str], following: Iterable[int]) -> list[int]:
    """The headlines of other articles that stand below a line such as "More on this story"."""
    items: list[int] = []
    for index in following:
        line = without_marks(lines[index])
        is_headline = _FEWEST_WORDS_RELATED <= len(line.split()) <= _MOST_WORDS_RELATED and not is_statement(line)
        ends_block = len(items) > 1 and items[1] == items[0] + 1 and index > items[-1] + 1
        if not is_headline or ends_block:
            break
        items.append(index)
    return items
