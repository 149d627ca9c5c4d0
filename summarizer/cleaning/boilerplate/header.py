"""Lines above an article's first paragraph → its headline, and the lines to remove around it.

The headline shares words with its article; menus and headlines of other articles do not. A byline or a date below a
line, or a second occurrence, is further evidence.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import takewhile

from summarizer.cleaning.boilerplate.classifier import line_classifier
from summarizer.cleaning.boilerplate.navigation_labels import (
    is_breadcrumb,
    is_label,
    is_navigation_label,
    is_unambiguous_label,
    label_key,
)
from summarizer.cleaning.boilerplate.patterns import (
    BYLINE,
    COOKIES,
    CREDIT,
    OTHER,
    RELATED,
    TIME,
    has_date,
    heads_related,
    is_time,
)
from summarizer.cleaning.title_matching import is_short_question, looks_like_headline, without_marks
from summarizer.text.sentences import ends_whole
from summarizer.text.words import content_terms, stem

_PERSON = re.compile(
    r"(?!(?:The|An?) )"
    r"[^\W\d_a-zß-öø-ÿ][\w'’.-]*(?: (?:(?:van|von|de|del|der|den|la|bin|al|el) )?[^\W\d_a-zß-öø-ÿ][\w'’.-]*){1,2}"
)
_AGE = re.compile(r"^(?!published|posted|updated).* (?:ago|old|read)$", re.IGNORECASE)
# A pasted whole page has at least this many navigation lines above its title: one of them unambiguous, or this many
# section names that do not recur as subheads.
_MIN_NAVIGATION_LINES = 2
_MIN_SECTIONS = 5
# Overlap of a headline with its article: the number of shared terms, and the share of the headline's terms. A lower
# share is enough above a byline or a date, near the best line there; repeated lines, such as the name of a team in a
# table, need a higher one. Calibrated as a set: of the values tried (0.25 to 0.4, 0.1 to 0.25 and, relative to the best
# line, 0.3 to 0.8), these give the most right titles on whole pages of the fitting half.
_MIN_SHARED_TERMS = 2
_MIN_OVERLAP, _MIN_SIGNED_OVERLAP, _MIN_REPEATED_OVERLAP = 0.35, 0.25, 0.75
_MIN_SHARE_OF_BEST_OVERLAP = 0.7
# Maximum number of lines between a headline and its byline or date.
_MAX_LINES_TO_SIGNATURE = 4
# Shorter lines are names of sites. Above a byline, where shorter headlines are found, shorter lines are kickers.
_MIN_HEADLINE_WORDS, _MIN_SIGNED_HEADLINE_WORDS = 5, 4
_MAX_DATELINE_WORDS = 6
# Position alone identifies a headline among this many lines: a kicker, the headline and a standfirst.
_MAX_HEADLINE_BLOCK_LINES = 3
# A line of this length above the probable headline may be the real one, and is kept.
_MIN_KEPT_WORDS = 3


class Header:
    """The lines above an article's first paragraph.

    :param indices: of the nonempty lines above the first paragraph.
    :param known: by index, the reasons of lines already identified as boilerplate.
    :param article_labels: the keys of the article's lines, as labels.
    """

    def __init__(
        self, lines: Sequence[str], indices: Sequence[int], known: Mapping[int, str], article_labels: Set[str]
    ) -> None:
        self._lines, self._known = lines, known
        # From the article's first sentence on, all lines belong to the article.
        end = next((position for position, index in enumerate(indices) if self._is_sentence(index)), len(indices))
        self.indices = indices[:end]
        # A label that recurs in the article is a subhead, and two breadcrumbs are instructions.
        navigation = [
            index
            for index in self.indices
            if self._is_navigation(index) and label_key(lines[index]) not in article_labels
        ]
        breadcrumbs = [index for index in navigation if is_breadcrumb(lines[index])]
        navigation = [index for index in navigation if len(breadcrumbs) < 2 or index not in breadcrumbs]
        self._navigation = frozenset(navigation)
        self._navigation_start = navigation[0] if navigation else len(lines)
        sections = {lines[index] for index in navigation}
        is_whole_page = len(navigation) >= _MIN_NAVIGATION_LINES and (
            len(sections) >= _MIN_SECTIONS or any(map(self._is_unambiguous, navigation))
        )
        # The headline is below this line.
        self._navigation_end = navigation[_MIN_NAVIGATION_LINES - 1] if is_whole_page else len(lines)

    def find_headline(self, paragraphs: Sequence[int]) -> int | None:
        """The index of the headline below the navigation; None if there is no navigation above it.

        Of the lines that share words with the article it is the first one above the first byline or date; else one that
        occurs twice; else the first.

        :param paragraphs: indices of the article's paragraphs.
        """
        if self._navigation_end > (self.indices or [0])[-1]:
            return None
        article_terms = Counter(stem(term) for index in paragraphs for term in content_terms(self._lines[index]))
        overlaps = dict(self._overlaps(article_terms))
        headline = self._best_candidate(overlaps)
        if headline is None:
            return None
        # A line above it may be the headline although a picture or an age follows it, or bullets precede the byline.
        min_overlap = max(_MIN_SHARE_OF_BEST_OVERLAP * overlaps.get(headline, 0.0), _MIN_OVERLAP)
        rivals = [
            index
            for index in self.indices
            if self._navigation_end < index < headline and not self._is_other_page(index) and self._is_long(index)
        ]
        rivals = [index for index in rivals if _overlap(self._lines[index], article_terms) >= min_overlap]
        if len(rivals) > 1:
            return None
        return rivals[0] if rivals else headline

    def _best_candidate(self, overlaps: Mapping[int, float]) -> int | None:
        likely = [index for index, overlap in overlaps.items() if overlap >= _MIN_OVERLAP and self._is_long(index)]
        if likely and likely[0] < self._navigation_start:  # there is no navigation above the headline
            return None
        signed = self._above_signature(overlaps)
        if signed:
            return signed[0]
        counts = Counter(self._lines[index] for index in self.indices)
        repeated = [
            index
            for index, overlap in overlaps.items()
            if counts[self._lines[index]] > 1 and overlap >= _MIN_REPEATED_OVERLAP
        ]
        by_overlap = next((index for index in (*repeated, *likely) if index > self._navigation_end), None)
        by_position = self._headline_by_position(overlaps)
        if by_overlap is None:
            return by_position
        is_below_signature = any(index < by_overlap for index in self._signatures())
        if is_below_signature and by_position is not None:
            return min(by_position, by_overlap)
        return by_overlap

    def reasons(self, headline: int) -> dict[int, str]:
        """By index, the reasons of the lines to remove: those above the headline; labels, date and name below it."""
        below = [index for index in self.indices if index > headline]
        kept = self._kept_above(headline)
        reasons = {
            index: OTHER
            for index in self.indices
            if (index < headline or self._is_unambiguous_label(index)) and index not in kept
        }
        dates = [index for index, line in enumerate(self._lines) if index > headline and is_time(line)]
        if len(dates) > 1:  # a diary
            return reasons
        date = dates[0] if dates and dates[0] in below[:_MAX_LINES_TO_SIGNATURE] else None
        signatures = {index for index in below if self._known.get(index) in (BYLINE, TIME)} | {date}
        for position, index in enumerate(below[:_MAX_LINES_TO_SIGNATURE]):
            neighbours = below[max(position - 1, 0) : position + 2]
            if _PERSON.fullmatch(self._lines[index]) and not signatures.isdisjoint(neighbours):
                reasons[index] = BYLINE
                break
        return reasons | ({date: TIME} if date is not None else {})

    def _kept_above(self, headline: int) -> set[int]:
        """The lines above this headline that may be the real one.

        A line is kept if it is the only unknown line between the navigation and the headline, not counting names,
        buttons and dates. The first line is kept if section names are the only evidence of a page.
        """
        nearest: list[int] = []
        for index in reversed([index for index in self.indices if index < headline]):
            is_boilerplate = self._is_other_page(index) or self._is_unambiguous_label(index)
            if is_boilerplate or (nearest and self._is_known(index)):
                break
            if not self._is_known(index) and self._length(index) >= _MIN_KEPT_WORDS:
                nearest.append(index)
        kept = set(nearest if len(nearest) == 1 else ())
        if not any(map(self._is_unambiguous, self._navigation)) and not self._is_known(self.indices[0]):
            kept.add(self.indices[0])
        return kept

    def _overlaps(self, article_terms: Counter[str]) -> Iterator[tuple[int, float]]:
        """The lines that may be the headline, each with its overlap with the article."""
        for index, following in zip(self.indices, (*self.indices[1:], None), strict=True):
            may_be_headline = index not in self._navigation and self._known.get(index, RELATED) == RELATED
            overlap = _overlap(self._lines[index], article_terms) if may_be_headline else 0.0
            if overlap and not self._is_teaser_or_caption(index, following):
                yield index, overlap

    def _above_signature(self, overlaps: Mapping[int, float]) -> list[int]:
        """The lines close above the article's byline or date that overlap enough with the article."""
        for index in self._signatures():
            position = self.indices.index(index)
            above = [
                other
                for other in self.indices[max(position - _MAX_LINES_TO_SIGNATURE, 0) : position]
                if other in overlaps
                and other > self._navigation_end
                and self._length(other) >= _MIN_SIGNED_HEADLINE_WORDS
            ]
            best = max((overlaps[other] for other in above), default=0.0)
            min_overlap = max(_MIN_SIGNED_OVERLAP, _MIN_SHARE_OF_BEST_OVERLAP * best)
            return [other for other in above if overlaps[other] >= min_overlap]
        return []

    def _headline_by_position(self, overlaps: Mapping[int, float]) -> int | None:
        """The first line longer than a kicker in a short block between the navigation and the text.

        The block ends above a byline, a date or the first paragraph.
        """
        is_unknown = [not self._is_known(index) for index in self.indices]
        signatures = set(self._signatures())
        ends = [position for position, index in enumerate(self.indices) if index in signatures]
        for end in (*ends, len(self.indices)):
            block = [self.indices[position] for position in takewhile(is_unknown.__getitem__, range(end - 1, -1, -1))]
            long = [index for index in reversed(block) if self._length(index) >= _MIN_SIGNED_HEADLINE_WORDS]
            if 1 <= len(long) <= len(block) <= _MAX_HEADLINE_BLOCK_LINES and long[0] > self._navigation_end:
                above = [index for index in overlaps if self._navigation_end < index < long[0] and self._is_long(index)]
                best = max((*above, long[0]), key=lambda index: overlaps.get(index, 0.0))
                return best if looks_like_headline(self._lines[best]) else None
        return None

    def _signatures(self) -> list[int]:
        """The bylines and dates below the navigation, without the ages of teasers."""
        return [
            index
            for index in self.indices
            if index > self._navigation_end
            and self._known.get(index) in (BYLINE, TIME)
            and not _AGE.search(self._lines[index])
        ]

    def _is_other_page(self, index: int) -> bool:
        """Whether a line leads to another page: navigation, or the headline of another article."""
        return index in self._navigation or self._known.get(index) == RELATED

    def _is_known(self, index: int) -> bool:
        return index in self._known or index in self._navigation or is_label(self._lines[index])

    def _is_sentence(self, index: int) -> bool:
        """Whether a line is a sentence of the article."""
        line = self._lines[index]
        is_statement = index not in self._known and ends_whole(line) and not is_short_question(line)
        return is_statement and not is_label(line) and line_classifier().log_odds(line) < 0

    def _is_navigation(self, index: int) -> bool:
        """Whether a line is navigation, and not a button that may also be below a headline."""
        line = self._lines[index]
        is_menu = self._known.get(index) == COOKIES or is_navigation_label(line)
        return is_menu or heads_related(line) or is_breadcrumb(line)

    def _is_unambiguous(self, index: int) -> bool:
        return self._is_unambiguous_label(index) or is_breadcrumb(self._lines[index])

    def _is_unambiguous_label(self, index: int) -> bool:
        return self._known.get(index) == COOKIES or is_unambiguous_label(self._lines[index])

    def _is_teaser_or_caption(self, index: int, following: int | None) -> bool:
        """Whether a line has a photo credit, or the age of a teaser, below it."""
        if following is None:
            return False
        is_caption = self._known.get(following) == CREDIT or "©" in self._lines[index]
        return is_caption or bool(_AGE.search(self._lines[following]))

    def _is_long(self, index: int) -> bool:
        return self._length(index) >= _MIN_HEADLINE_WORDS

    def _length(self, index: int) -> int:
        """The number of words of a line."""
        return len(without_marks(self._lines[index]).split())


def _overlap(line: str, article_terms: Counter[str]) -> float:
    """The share of a headline's terms that the article contains, those it contains once at half weight.

    0 for a line that is not a headline.
    """
    bare = without_marks(line)
    is_kicker = bare.isupper() and len(bare.split()) < _MIN_HEADLINE_WORDS
    is_dateline = has_date(bare) and len(bare.split()) <= _MAX_DATELINE_WORDS
    if is_kicker or is_dateline or not looks_like_headline(bare):
        return 0.0
    stems = {stem(term) for term in content_terms(bare)}
    if len(stems & article_terms.keys()) < _MIN_SHARED_TERMS:
        return 0.0
    return sum(min(article_terms[term], 2) for term in stems) / (2 * len(stems))
