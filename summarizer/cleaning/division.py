"""Lines of a page → which one is the title, and which are outside the article.

The divider gives each line's probability of being in each part of the page. The title is chosen among the lines above
the article and its first ones: by this probability, by the words that it shares with the article, and by the lines
around it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from summarizer.cleaning.line_features import PageLines, carries_meaning
from summarizer.models.page_divider import ARTICLE, HEAD, TITLE, PageDivider

# A line is the article's from this probability on. Losing a line of an article is worse than keeping one of the page.
_MIN_PROBABILITY = 0.01
# Between the headline and the article, lines of this length may be a standfirst or a caption; rules judge them.
_STANDFIRST_WORDS = 8
# With more of its prose outside, a page has not one article: it is a weekly edition or a list of recipes. By this limit
# 8% instead of 12% of the articles' lines are lost, and 65% instead of 74% of the other words go.
_MAX_OUTSIDE = 0.6
# The title is one of this many lines above the article, or one of the first ones in it.
_LINES_ABOVE, _LINES_WITHIN = 80, 6
# A page has a title if its lines together are the title with this probability.
_MIN_TITLE = 0.5
_LINES_WITH_DATE = 4  # under a headline
_FREQUENT = 30  # words of the article that carry no meaning
_MIN_HEADLINE_WORDS, _MAX_HEADLINE_WORDS = 4, 28
_BESIDE = 2  # lines before and after a candidate
_MAX_QUOTING = 300  # characters of a line that may quote the headline
_LENGTHS = (0, 1, 3, 5, 16, 28)  # words
# Shorter texts are not whole pages: 350 of 354 real ones have 25 lines and more. Longer ones are books.
_MIN_LINES, _MAX_LINES = 25, 5_000


@dataclass(frozen=True)
class Division:
    """What a page consists of.

    :param title: the index of its title; None if no line is likely to be one.
    :param outside: the indices of the lines above and below the article, and of short ones under its title.
    """

    title: int | None
    outside: frozenset[int]


UNDIVIDED = Division(None, frozenset())


def divide(texts: Sequence[str], divider: PageDivider) -> Division:
    """Find the title and the lines around the article.

    :param texts: the lines of a page, empty ones included.
    """
    places = [index for index, text in enumerate(texts) if text]
    if not _MIN_LINES <= len(places) <= _MAX_LINES:
        return UNDIVIDED
    blank_above = [index - before - 1 for before, index in pairwise([-1, *places])]
    page = PageLines([texts[index] for index in places], blank_above)
    if not page.prose.any():  # a list or verse, which nothing tells from a menu
        return UNDIVIDED
    parts = divider.parts(page.features, page.buckets)
    title = _find_title(page, parts, divider) if parts[:, TITLE].sum() >= _MIN_TITLE else None
    is_above_title = np.arange(len(places)) < (0 if title is None else title)
    may_be_article = parts[:, ARTICLE] >= np.where(is_above_title, 0.5, _MIN_PROBABILITY)
    may_be_standfirst = ~is_above_title & (parts[:, HEAD] >= _MIN_PROBABILITY)
    outside = [
        index
        for index, words in enumerate(page.words)
        if index != title
        and not may_be_article[index]
        and not (may_be_standfirst[index] and len(words) >= _STANDFIRST_WORDS)
    ]
    if page.prose[outside].sum() > _MAX_OUTSIDE * page.prose.sum():
        return UNDIVIDED
    return Division(None if title is None else places[title], frozenset(places[index] for index in outside))


def _find_title(page: PageLines, parts: NDArray[np.float32], divider: PageDivider) -> int:
    candidates = TitleCandidates(page, parts)
    return candidates.indices[int(np.argmax(divider.title_scores(candidates.features)))]


class TitleCandidates:
    """The lines of a page that may be its title."""

    def __init__(self, page: PageLines, parts: NDArray[np.float32]) -> None:
        """Take the candidates from a page, and the probabilities of its lines for each part, shape (lines, 5)."""
        self._page, self._parts = page, parts
        article = np.flatnonzero(parts[:, ARTICLE] >= 0.5)
        self._article = article if len(article) else np.array([np.argmax(parts[:, ARTICLE])])
        first = int(self._article[0])
        last = min(first + _LINES_WITHIN, len(page.lines))
        self.indices = range(max(first - _LINES_ABOVE, 0), last)

    @cached_property
    def features(self) -> NDArray[np.float32]:
        """Shape (candidates, 30)."""
        words, article = self._page.words, set(self._article.tolist())
        occurrences = Counter(word for index in article for word in words[index])
        pairs = {pair for index in article for pair in pairwise(words[index])}
        line_count, lines_with = len(words), Counter(word for found in words for word in set(found))
        frequent = {word for word, _ in occurrences.most_common(_FREQUENT)}
        rows, compared = [], []
        for index in self.indices:
            is_inside = index in article
            rare = [word for word in words[index] if word not in frequent and carries_meaning(word)]
            own = Counter(rare if is_inside else ())
            shared = [word for word in rare if occurrences[word] > own[word]]
            weight = sum(np.log(line_count / lines_with[word]) for word in shared)
            shared_pairs = 0 if is_inside else sum(pair in pairs for pair in pairwise(words[index]))
            compared += [[len(shared), weight]]
            rows.append(
                [
                    np.log(self._parts[index, TITLE] + 1e-7) / 4,
                    len(shared) / max(len(rare), 1),
                    np.log1p(len(shared)),
                    weight / 10,
                    min(shared_pairs, 8) / 4,
                    *self._shape(index),
                    *self._surroundings(index),
                ]
            )
        values, measures = np.array(rows, dtype=np.float32), np.array(compared, dtype=np.float32)
        return np.column_stack([values, _beside_the_largest(measures)])

    def _shape(self, index: int) -> list[float]:
        """What a candidate looks like by itself, 11 values."""
        line, length = self._page.lines[index], len(self._page.words[index])
        steps = [length <= step for step in _LENGTHS]
        return [
            *(is_within and not was_within for was_within, is_within in pairwise([False, *steps])),
            not steps[-1],
            self._page.ends_sentence[index],
            line.endswith((":", "...", "…")),
            "|" in line or "·" in line,
            self._page.has_date(index),
        ]

    def _surroundings(self, index: int) -> list[float]:
        """Where a candidate stands, and where its words come again in the page, 10 values."""
        first, key, length = int(self._article[0]), self._keys[index], len(self._page.words[index])
        between = sum(map(self._is_like_headline, range(index + 1, first)))
        beside = [*range(max(index - _BESIDE, 0), index), *range(index + 1, min(index + 1 + _BESIDE, first))]
        is_long = length >= _MIN_HEADLINE_WORDS
        count = np.log(self._occurrences[key])
        quoted = sum(key in other for other in self._keys if len(other) < _MAX_QUOTING) - 1 if is_long else 0
        below = range(index + 1, min(index + 1 + _LINES_WITH_DATE, len(self._page.lines)))
        return [
            np.log1p(max(first - index, 0)),
            index >= first,
            count if is_long else 0.0,
            0.0 if is_long else count,
            np.log1p(max(quoted, 0)),
            any(map(self._page.has_date, below)),
            index == 0,
            np.log1p(between),
            between == 0,
            all(length >= len(self._page.words[other]) for other in beside),
        ]

    def _is_like_headline(self, index: int) -> bool:
        is_long = _MIN_HEADLINE_WORDS <= len(self._page.words[index]) <= _MAX_HEADLINE_WORDS
        return is_long and not self._page.ends_sentence[index]

    @cached_property
    def _keys(self) -> list[str]:
        """Each line in lower case and without punctuation."""
        return [" ".join(words) for words in self._page.words]

    @cached_property
    def _occurrences(self) -> Counter[str]:
        return Counter(self._keys)


def _beside_the_largest(measures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Whether each measure is the largest of its column, and its share of the largest.

    :param measures: shape (candidates, columns).
    :return: shape (candidates, 2 * columns).
    """
    largest = np.maximum(measures.max(axis=0), 1e-6)
    return np.column_stack([measures >= largest - 1e-6, measures / largest])
