"""Surroundings: what stands above the headline and below the last sentence when all of a page was copied.

One line alone may be anything: "Weather", "Log in", "June 2, 2024". Above a headline, among others of its kind, it is
the page's. Goes by lines only; knows nothing of sentences within them.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from summarizer.boilerplate import LONGEST, fitted
from summarizer.headlines import is_short_question, looks_like_headline, without_marks
from summarizer.remains import BYLINE, CREDIT, OTHER, RELATED, TIME, has_date, heads_related, is_time
from summarizer.sentences import ends_whole
from summarizer.text import content_terms, stem

# What sites call the parts of themselves, and what can be done there; as whole lines, a line each.
_LABELS = frozenset(Path(__file__).with_name("page_labels.txt").read_text(encoding="utf-8").splitlines())
_LONGEST_LABEL = 40  # characters
_TRAIL = re.compile(r"\s[>›»/]\s|^\W*(?:skip|jump|back) to ", re.IGNORECASE)
_COUNT = re.compile(r"[\d.,:+/ ]+[kKmM]?")
_NAME = re.compile(
    r"[^\W\d_a-zß-öø-ÿ][\w'’.-]*(?: (?:(?:van|von|de|del|der|den|la|bin|al|el) )?[^\W\d_a-zß-öø-ÿ][\w'’.-]*){1,2}"
)
_AGE = re.compile(r" (?:ago|old|read)$")
_FOOTNOTES = re.compile(r"(?:\[\d+\])+$")
# A sentence of so many words is an article's; pages put shorter ones above it.
_FEWEST_WORDS_PROSE = 9
# Paragraphs are of one text when at most so many lines stand between them, and of an article with so many words.
_NEAR = 6
_FEWEST_WORDS_ARTICLE = 60
# What stands apart below it is the article's with so many words.
_FEWEST_WORDS_APART = 15
# A headline's words come again in its article: at least so many, and such a share of them. Less is enough above a
# byline or a date, within so many lines, and near to the best of these; more is asked of what stands twice, such as the
# name of a team in a table. The shares are those at which most titles are right on the whole pages of docs/stripping.md
# and of the fitting half (trials of 0.25 to 0.4, 0.1 to 0.25 and, for the best, 0.3 to 0.8).
_FEWEST_SHARED = 2
_SHARE_SHARED, _SHARE_SIGNED, _SHARE_TWICE = 0.35, 0.25, 0.75
_HEAD = 4
_SHARE_OF_BEST = 0.7
# Shorter ones are names of sites; with a byline below, a shorter one may be the kicker of a longer one.
_FEWEST_WORDS_HEADLINE, _FEWEST_WORDS_KICKED = 5, 4
# Below the article so many lines, and such a share of them, are known to be the page's.
_FEWEST_BELOW, _SHARE_BELOW = 3, 0.25


@dataclass(frozen=True)
class Surroundings:
    """Lines of a page, by index.

    :param headline: the line that is the headline, where something stands above it that is not the article's.
    :param reasons: why lines go that are none of the article's.
    """

    headline: int | None
    reasons: Mapping[int, str]


def surroundings(lines: Sequence[str], known: Mapping[int, str]) -> Surroundings:
    """What surrounds the article of a page.

    :param known: why lines go that are known to be none of the article's.
    """
    filled = [index for index, line in enumerate(lines) if line]
    prose = _prose(lines, filled, known)
    if not prose:
        return Surroundings(None, {})
    pages = {index for index in filled if index in known or _is_pages(lines[index])}
    top = [index for index in filled if index < prose[0]]
    headline = _headline(lines, top, prose, pages, known)
    around = [] if headline is None else [index for index in top if index < headline or index in pages]
    head = [index for index in top if index > (headline or 0)]
    times = [index for index in head if is_time(lines[index])]
    authors = [
        index
        for position, index in enumerate(head)
        if _NAME.fullmatch(lines[index])
        and lines.count(lines[index]) == 1
        and any(beside in times or beside in known for beside in head[max(position - 1, 0) : position + 2])
    ]
    below = _below([index for index in filled if index > prose[-1]], lines, pages, known)
    found = dict.fromkeys([*around, *below], OTHER) | dict.fromkeys(times, TIME) | dict.fromkeys(authors, BYLINE)
    # Headlines of other articles end where the article's own stands.
    own = {index for index in top if headline is not None and index >= headline and known.get(index) == RELATED}
    return Surroundings(headline, {index: reason for index, reason in {**found, **known}.items() if index not in own})


def _prose(lines: Sequence[str], filled: Sequence[int], known: Mapping[int, str]) -> list[int]:
    """The article's sentences and paragraphs: those of all groups that are long enough to be one."""
    places = {index: position for position, index in enumerate(filled)}
    prose = [index for index in filled if index not in known and _is_prose(lines[index])]
    groups: list[list[int]] = [prose[:1]]
    for index, following in pairwise(prose):
        if places[following] - places[index] > _NEAR + 1:
            groups.append([])
        groups[-1].append(following)
    words = [sum(len(lines[index].split()) for index in group) for group in groups]
    enough = min(max(words), _FEWEST_WORDS_ARTICLE)
    first = next(position for position, count in enumerate(words) if count >= enough)
    long = [group for group, count in zip(groups[first:], words[first:], strict=True) if count >= _FEWEST_WORDS_APART]
    return [index for group in long for index in group]


def _is_prose(line: str) -> bool:
    """Whether a line is a sentence or a paragraph that no page has of its own."""
    bare = _FOOTNOTES.sub("", line)
    words = len(bare.split())
    if words < _FEWEST_WORDS_PROSE or not ends_whole(bare) or is_short_question(bare):
        return False
    return words > LONGEST or fitted().log_odds(line) < 0


def is_label(line: str) -> bool:
    """Whether a line is what sites call a part of themselves, or something that can be done there."""
    return len(line) <= _LONGEST_LABEL and _bare(line) in _LABELS


def _is_pages(line: str) -> bool:
    """Whether a line is surely the page's where it stands above or below an article."""
    is_count = len(line) <= _LONGEST_LABEL and bool(_COUNT.fullmatch(_bare(line)))
    return is_label(line) or is_count or heads_related(line) or bool(_TRAIL.search(line))


def _bare(line: str) -> str:
    return without_marks(line).strip("[]()|•· ").casefold().replace("’", "'")


def _headline(
    lines: Sequence[str], top: Sequence[int], prose: Sequence[int], pages: set[int], known: Mapping[int, str]
) -> int | None:
    """The headline below the page's own lines; None where there are none above it.

    A headline shares words with its article, which headlines of other articles do not. Of the lines that do it is the
    first above the first byline or date, else one that stands twice, else the first.
    """
    first = next((position for position, index in enumerate(top) if index in pages), None)
    if first is None:
        return None
    said = Counter(stem(term) for index in prose for term in content_terms(lines[index]))
    texts = [lines[index] for index in top]
    shares = {
        index: share
        for position, index in enumerate(top)
        if (index not in pages or known.get(index) == RELATED)
        and not _is_captioned(texts[position : position + 2], known.get((*top, -1)[position + 1]))
        and (share := _share_said(lines[index], said))
    }
    likely = [
        index
        for index, share in shares.items()
        if share >= _SHARE_SHARED and _words(lines[index]) >= _FEWEST_WORDS_HEADLINE
    ]
    if likely and likely[0] < top[first]:  # nothing stands above it
        return None
    signed = next((place for place, index in enumerate(top) if place > first and _is_signature(lines, index, known)), 0)
    above = [index for index in top[max(signed - _HEAD, first + 1) : signed] if index in shares]
    enough = max([_SHARE_SIGNED, *(_SHARE_OF_BEST * shares[index] for index in above)])
    above = [index for index in above if shares[index] >= enough]
    if above:
        return next((index for index in above if _words(lines[index]) >= _FEWEST_WORDS_KICKED), above[0])
    twice = [index for index, share in shares.items() if texts.count(lines[index]) > 1 and share >= _SHARE_TWICE]
    found = [index for index in (*twice, *likely) if index > top[first]]
    return found[0] if found else None


def _is_signature(lines: Sequence[str], index: int, known: Mapping[int, str]) -> bool:
    """Whether a line is the byline or the date of an article, and not the age of a teaser."""
    return known.get(index) in (BYLINE, TIME) and not _AGE.search(lines[index])


def _is_captioned(line_and_next: Sequence[str], next_reason: str | None) -> bool:
    """Whether a line belongs to a picture, or to a teaser of another article."""
    return next_reason == CREDIT or bool(_AGE.search(line_and_next[-1])) or "©" in line_and_next[0]


def _words(line: str) -> int:
    return len(without_marks(line).split())


def _share_said(line: str, said: Counter[str]) -> float:
    """Which share of the words of a headline an article has, once for half; 0 for what is no headline."""
    bare = without_marks(line)
    if not looks_like_headline(bare) or has_date(bare) or bare.isupper():
        return 0.0
    own = {stem(term) for term in content_terms(bare)}
    if len(own & said.keys()) < _FEWEST_SHARED:
        return 0.0
    return sum(min(said[word], 2) for word in own) / (2 * len(own))


def _below(below: Sequence[int], lines: Sequence[str], pages: set[int], known: Mapping[int, str]) -> list[int]:
    """The page's lines below the article: from the first that is sure to be one, all but sentences."""
    for position, index in enumerate(below):
        if index in pages and known.get(index) != CREDIT:  # a picture is the article's
            rest = below[position:]
            sure = sum(line in pages for line in rest)
            is_enough = sure >= _FEWEST_BELOW and sure >= _SHARE_BELOW * len(rest)
            return [line for line in rest if not _is_prose(lines[line])] if is_enough else []
    return []
