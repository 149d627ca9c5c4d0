"""Surroundings: what stands above the headline and below the last sentence when all of a page was copied.

One line alone may be anything: "Weather", "Log in", "June 2, 2024". Above a headline, among others of its kind, it is
the page's. Where less speaks for it nothing is taken: an article that was pasted without its page keeps all its lines.
Goes by lines only; knows nothing of sentences within them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise, takewhile
from pathlib import Path

from summarizer.boilerplate import fitted
from summarizer.headlines import is_short_question, looks_like_headline, without_marks
from summarizer.page_lines import (
    BYLINE,
    COOKIES,
    COPYRIGHT,
    CREDIT,
    OTHER,
    RELATED,
    TIME,
    has_date,
    heads_related,
    is_paragraph,
    is_time,
)
from summarizer.sentences import ends_whole
from summarizer.text import content_terms, stem, word_count

# What sites call their parts and what can be done there, as whole lines: what no article has, the names of sections,
# which its subheads may be, too, and the buttons that stand beside an article.
_NEVER_AN_ARTICLES, _SECTIONS, _BUTTONS = (
    frozenset(block.splitlines())
    for block in Path(__file__).with_name("page_labels.txt").read_text(encoding="utf-8").split("\n\n")
)
_NAVIGATION = _NEVER_AN_ARTICLES | _SECTIONS
_LABELS = _NAVIGATION | _BUTTONS
_LONGEST_LABEL = _LONGEST_PART = 40  # characters
_TRAIL = re.compile(r"\s[>›»/]\s")  # "Home > News > Local"
_NAME = re.compile(
    r"(?!(?:The|An?) )"
    r"[^\W\d_a-zß-öø-ÿ][\w'’.-]*(?: (?:(?:van|von|de|del|der|den|la|bin|al|el) )?[^\W\d_a-zß-öø-ÿ][\w'’.-]*){1,2}"
)
_AGE = re.compile(r"^(?!published|posted|updated).* (?:ago|old|read)$", re.IGNORECASE)
# Paragraphs are of one text when at most so many lines stand between them, and of an article with so many words.
_NEAR = 6
_FEWEST_WORDS_ARTICLE = 60
# What stands apart below it is the article's with so many words.
_FEWEST_WORDS_APART = 15
# Above the headline of a whole page stand so many lines of navigation, one at least that is never an article's, or so
# many names of sections that are no subheads below.
_FEWEST_ABOVE = 2
_FEWEST_SECTIONS = 5
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
_LONGEST_DATELINE = 6  # words
# By its place alone a headline is found among so many lines, a kicker and a standfirst around it.
_MOST_DECKS = 3
# A line above what seems to be the headline may be the real one when it has so many words.
_FEWEST_WORDS_SPARED = 3
# Below the article so many lines, and such a share of them, are sure to be the page's.
_FEWEST_BELOW, _SHARE_BELOW = 3, 0.25


@dataclass(frozen=True)
class Surroundings:
    """Lines of a page, by index.

    :param headline: the line that is the headline, where something stands above it that is not the article's.
    :param reasons: why lines go that are none of the article's.
    """

    headline: int | None
    reasons: Mapping[int, str]


def surroundings(lines: Sequence[str], known: Mapping[int, str], *, is_page: bool = True) -> Surroundings:
    """What surrounds the article of a page.

    :param known: why lines go that are known to be none of the article's.
    :param is_page: whether the headline may stand below others, as when all of a page was copied.
    """
    filled = [index for index, line in enumerate(lines) if line]
    prose = _prose(lines, filled, known)
    if not prose:
        return Surroundings(None, known)
    reasons = dict.fromkeys(_below([index for index in filled if index > prose[-1]], lines, known), OTHER)
    within = {_bare(lines[index]) for index in filled if prose[0] < index < prose[-1]}
    top = _Top(lines, [index for index in filled if index < prose[0]], known, within)
    headline = top.headline(prose) if is_page else None
    if headline is None:
        return Surroundings(None, {**reasons, **known})
    reasons |= top.removals(headline)
    # Headlines of other articles end where the article's own stands.
    own = {index for index in top.indices if index >= headline and known.get(index) == RELATED}
    return Surroundings(headline, {index: reason for index, reason in {**reasons, **known}.items() if index not in own})


def is_label(line: str) -> bool:
    """Whether a line is what sites call a part of themselves, or something that can be done there."""
    return _is_one_of(_LABELS, line)


def _is_one_of(labels: Set[str], line: str) -> bool:
    return len(line) <= _LONGEST_LABEL and _bare(line) in labels


def _bare(line: str) -> str:
    return without_marks(line).strip("[]()|•·: ").casefold().replace("’", "'")


def _prose(lines: Sequence[str], filled: Sequence[int], known: Mapping[int, str]) -> list[int]:
    """The article's sentences and paragraphs: the first group that is long enough to be one, and those below it."""
    places = {index: position for position, index in enumerate(filled)}
    prose = [index for index in filled if index not in known and is_paragraph(lines[index])]
    groups: list[list[int]] = [prose[:1]]
    for index, following in pairwise(prose):
        if places[following] - places[index] > _NEAR + 1:
            groups.append([])
        groups[-1].append(following)
    words = [sum(word_count(lines[index]) for index in group) for group in groups]
    enough = min(max(words), _FEWEST_WORDS_ARTICLE)
    first = next(position for position, count in enumerate(words) if count >= enough)
    long = [group for group, count in zip(groups[first:], words[first:], strict=True) if count >= _FEWEST_WORDS_APART]
    return [index for group in long for index in group]


class _Top:
    """The lines above an article's first paragraph, in which its headline is looked for."""

    def __init__(
        self, lines: Sequence[str], indices: Sequence[int], known: Mapping[int, str], within: Set[str]
    ) -> None:
        self._lines, self._known = lines, known
        # Above a sentence of the article's own nothing is the page's.
        own = next((place for place, index in enumerate(indices) if self._is_own_sentence(index)), len(indices))
        self.indices = indices[:own]
        # A subhead below is no part of a site; and more than one way through menus is an instruction.
        navigation = [
            index for index in self.indices if self._is_navigation(index) and _bare(lines[index]) not in within
        ]
        trails = [index for index in navigation if _is_trail(lines[index])]
        navigation = [index for index in navigation if len(trails) < 2 or index not in trails]
        self._first = navigation[0] if navigation else len(lines)
        # A headline stands below this one.
        sections = {lines[index] for index in navigation}
        is_whole = len(navigation) >= _FEWEST_ABOVE and (
            len(sections) >= _FEWEST_SECTIONS or any(map(self._is_only_a_pages, navigation))
        )
        self._enough = navigation[_FEWEST_ABOVE - 1] if is_whole else len(lines)
        self._navigation = frozenset(navigation)

    def headline(self, prose: Sequence[int]) -> int | None:
        """The headline below the page's own lines; None where there are none above it.

        A headline shares words with its article, which headlines of other articles do not. Of the lines that do it is
        the first above the first byline or date, else one that stands twice, else the first.
        """
        if self._enough > (self.indices or [0])[-1]:
            return None
        said = Counter(stem(term) for index in prose for term in content_terms(self._lines[index]))
        shares = dict(self._shares(said))
        found = self._chosen(shares)
        if found is None:
            return None
        # One above it is the headline then, though a picture or an age follows it, or bullets part it from the byline.
        enough = max(_SHARE_OF_BEST * shares.get(found, 0.0), _SHARE_SHARED)
        rivals = [
            index
            for index in self.indices
            if self._enough < index < found and not self._is_others(index) and self._is_long(index)
        ]
        rivals = [index for index in rivals if _share_said(self._lines[index], said) >= enough]
        if len(rivals) > 1:
            return None
        return rivals[0] if rivals else found

    def _chosen(self, shares: Mapping[int, float]) -> int | None:
        likely = [index for index, share in shares.items() if share >= _SHARE_SHARED and self._is_long(index)]
        if likely and likely[0] < self._first:  # nothing stands above it
            return None
        above = self._above_signature(shares)
        if above:
            return above[0]
        counts = Counter(self._lines[index] for index in self.indices)
        twice = [index for index, share in shares.items() if counts[self._lines[index]] > 1 and share >= _SHARE_TWICE]
        found = next((index for index in (*twice, *likely) if index > self._enough), None)
        placed = self._between_page_and_text(shares)
        is_below_signature = found is not None and any(index < found for index in self._signatures())
        return placed if found is None or (is_below_signature and placed is not None and placed < found) else found

    def removals(self, headline: int) -> dict[int, str]:
        """Why lines go once the headline is known: those above it, and labels, a date and a name right below it."""
        head = [index for index in self.indices if index > headline]
        gone = [index for index in self.indices if index < headline or self._is_never_an_articles(index)]
        spared = self._spared_above(headline)
        found = {index: OTHER for index in gone if index not in spared}
        dates = [index for index, line in enumerate(self._lines) if index > headline and is_time(line)]
        if len(dates) > 1:  # a diary's
            return found
        date = dates[0] if dates and dates[0] in head[:_HEAD] else None
        signed = {index for index in head if self._known.get(index) in (BYLINE, TIME)} | {date}
        for position, index in enumerate(head[:_HEAD]):
            beside = head[max(position - 1, 0) : position + 2]
            if _NAME.fullmatch(self._lines[index]) and not signed.isdisjoint(beside):
                found[index] = BYLINE
                break
        return found | ({date: TIME} if date is not None else {})

    def _spared_above(self, headline: int) -> set[int]:
        """What above this headline may be the real one: a line alone between the page's, and the first line where
        nothing but names of sections tells of a page.

        Names, buttons and dates may stand between.
        """
        nearest: list[int] = []
        for index in reversed([index for index in self.indices if index < headline]):
            if self._is_others(index) or self._is_never_an_articles(index) or (nearest and self._is_known(index)):
                break
            if not self._is_known(index) and self._words(index) >= _FEWEST_WORDS_SPARED:
                nearest.append(index)
        spared = set(nearest if len(nearest) == 1 else ())
        if not any(map(self._is_only_a_pages, self._navigation)) and not self._is_known(self.indices[0]):
            spared.add(self.indices[0])
        return spared

    def _shares(self, said: Counter[str]) -> Iterator[tuple[int, float]]:
        """The lines that may be a headline, and which share of their words the article has."""
        for index, following in zip(self.indices, (*self.indices[1:], None), strict=True):
            may_be = index not in self._navigation and self._known.get(index, RELATED) == RELATED
            share = _share_said(self._lines[index], said) if may_be else 0.0
            if share and not self._is_beside_picture_or_age(index, following):
                yield index, share

    def _above_signature(self, shares: Mapping[int, float]) -> list[int]:
        """The lines close above the article's byline or date that share enough."""
        for index in self._signatures():
            place = self.indices.index(index)
            above = [other for other in self.indices[max(place - _HEAD, 0) : place] if other in shares]
            above = [other for other in above if other > self._enough]
            above = [other for other in above if self._words(other) >= _FEWEST_WORDS_KICKED]
            enough = max([_SHARE_SIGNED, *(_SHARE_OF_BEST * shares[other] for other in above)])
            return [other for other in above if shares[other] >= enough]
        return []

    def _between_page_and_text(self, shares: Mapping[int, float]) -> int | None:
        """The headline by its place: the first line with more words than a kicker between the page's and a byline, a
        date or the first paragraph, where few stand there."""
        own = [not self._is_known(index) for index in self.indices]
        signatures = set(self._signatures())
        signed = [place for place, index in enumerate(self.indices) if index in signatures]
        for place in (*signed, len(own)):
            gap = [self.indices[other] for other in takewhile(own.__getitem__, range(place - 1, -1, -1))]
            likely = [index for index in reversed(gap) if self._words(index) >= _FEWEST_WORDS_KICKED]
            if 1 <= len(likely) <= len(gap) <= _MOST_DECKS and likely[0] > self._enough:
                above = [index for index in shares if self._enough < index < likely[0] and self._is_long(index)]
                best = max((*above, likely[0]), key=lambda index: shares.get(index, 0.0))
                return best if looks_like_headline(self._lines[best]) else None
        return None

    def _signatures(self) -> list[int]:
        """The bylines and dates below the navigation, but not the ages of teasers."""
        return [
            index
            for index in self.indices
            if index > self._enough and self._known.get(index) in (BYLINE, TIME) and not _AGE.search(self._lines[index])
        ]

    def _is_others(self, index: int) -> bool:
        """Whether a line is navigation or the headline of another article."""
        return index in self._navigation or self._known.get(index) == RELATED

    def _is_known(self, index: int) -> bool:
        return index in self._known or index in self._navigation or is_label(self._lines[index])

    def _is_own_sentence(self, index: int) -> bool:
        line = self._lines[index]
        is_own = index not in self._known and ends_whole(line) and not is_short_question(line)
        return is_own and not is_label(line) and fitted().log_odds(line) < 0

    def _is_navigation(self, index: int) -> bool:
        """Whether a line is a part of a site, and not a button that may stand below a headline, too."""
        line = self._lines[index]
        is_part = self._known.get(index) == COOKIES or _is_one_of(_NAVIGATION, line)
        return is_part or heads_related(line) or _is_trail(line)

    def _is_only_a_pages(self, index: int) -> bool:
        return self._is_never_an_articles(index) or _is_trail(self._lines[index])

    def _is_never_an_articles(self, index: int) -> bool:
        return self._known.get(index) == COOKIES or _is_one_of(_NEVER_AN_ARTICLES, self._lines[index])

    def _is_beside_picture_or_age(self, index: int, following: int | None) -> bool:
        """Whether a line belongs to a picture, or to a teaser of another article."""
        if following is None:
            return False
        is_captioned = self._known.get(following) == CREDIT or "©" in self._lines[index]
        return is_captioned or bool(_AGE.search(self._lines[following]))

    def _is_long(self, index: int) -> bool:
        return self._words(index) >= _FEWEST_WORDS_HEADLINE

    def _words(self, index: int) -> int:
        return len(without_marks(self._lines[index]).split())


def _is_trail(line: str) -> bool:
    """Whether a line says where in a site its page is: "Home > News > Local"."""
    parts = _TRAIL.split(line)
    return len(parts) > 1 and is_label(parts[0]) and all(len(part) <= _LONGEST_PART for part in parts[:-1])


def _share_said(line: str, said: Counter[str]) -> float:
    """Which share of the words of a headline an article has, once for half; 0 for what is no headline."""
    bare = without_marks(line)
    is_kicker = bare.isupper() and len(bare.split()) < _FEWEST_WORDS_HEADLINE
    is_dateline = has_date(bare) and len(bare.split()) <= _LONGEST_DATELINE
    if is_kicker or is_dateline or not looks_like_headline(bare):
        return 0.0
    own = {stem(term) for term in content_terms(bare)}
    if len(own & said.keys()) < _FEWEST_SHARED:
        return 0.0
    return sum(min(said[word], 2) for word in own) / (2 * len(own))


def _below(below: Sequence[int], lines: Sequence[str], known: Mapping[int, str]) -> list[int]:
    """The page's lines below the article: from the first two that are sure to be, all but whole sentences."""
    sure = [_is_sure_below(lines[index], known.get(index)) for index in below]
    for position, (is_sure, is_next) in enumerate(pairwise(sure)):
        introduced = position > 0 and lines[below[position - 1]].endswith(":")
        # A film within an article may ask for cookies.
        is_embedded = all(known.get(index) == COOKIES for index in below[position : position + 2])
        if is_sure and is_next and not introduced and not is_embedded:
            rest = list(zip(below[position:], sure[position:], strict=True))
            count = sum(is_sure for _, is_sure in rest)
            is_enough = count >= _FEWEST_BELOW and count >= _SHARE_BELOW * len(rest)
            gone = [index for index, is_sure in rest if is_sure or not _may_be_said(lines[index])]
            return gone if is_enough else []
    return []


def _may_be_said(line: str) -> bool:
    return ends_whole(line) or word_count(line) >= _FEWEST_WORDS_APART


def _is_sure_below(line: str, reason: str | None) -> bool:
    return reason in (COOKIES, COPYRIGHT) or _is_one_of(_NEVER_AN_ARTICLES, line)
