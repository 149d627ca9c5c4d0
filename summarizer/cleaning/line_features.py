"""Lines of a page → the features of each for the page divider: its shape, its place, and words that recur elsewhere.

Shallow features of a line and its neighbours tell articles from page furniture (Kohlschütter et al. 2010). Hardly any
of them belongs to one language; the words themselves are only known by their hashes.
"""

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from summarizer.cancellation import checked
from summarizer.models.page_divider import BUCKETS
from summarizer.text.words import UNSPACED, units

# In columns, of which a wide character takes two. Sentences of this width are prose; menus rarely have any.
_MIN_PROSE_WIDTH = 80
_WIDE = re.compile(rf"[{UNSPACED}\uac00-\ud7af]")
_END = re.compile(r"[.!?…。！？।؟]['\"”’»」）)\]]*$")
_END_WITHIN = re.compile(rf"[.!?…。！？।؟]['\"”’»」）)\]]*(?:\s|(?=[{UNSPACED}]))")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TIME = re.compile(r"\b\d{1,2}[:.h]\d\d\b")
_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_ADDRESS = re.compile(r"https?:|www\.|\.com\b")
# Words of prose that are as frequent as these carry no meaning, in any language.
_FREQUENT = 40
_MIN_WORD_LENGTH = 4
_FAR = 60  # lines; beyond, the distance to prose does not matter
_NEAR_WINDOW, _WIDE_WINDOW = 3, 10  # lines before and after
# Words of a line whose hashes the network reads. Those of its beginning are hashed together, too: "sign up".
_FIRST_WORDS, _LAST_WORDS, _BEGINNING, _WHOLE = 10, 2, 2, 4


@dataclass(frozen=True)
class PageLines:
    """The lines of a page that have text, and what is computed from them.

    :param blank_above: the number of empty lines before each.
    """

    lines: Sequence[str]
    blank_above: Sequence[int]

    @cached_property
    def words(self) -> list[list[str]]:
        """The words of each line in lower case."""
        return [units(line.casefold()) for line in self.lines]

    @cached_property
    def ends_sentence(self) -> list[bool]:
        """Whether each line ends as a sentence does."""
        return [bool(_END.search(line)) for line in self.lines]

    def has_date(self, index: int) -> bool:
        """Whether a line has a year, a date or a time of day."""
        line = self.lines[index]
        return bool(_YEAR.search(line) or _DATE.search(line) or _TIME.search(line))

    @cached_property
    def buckets(self) -> list[list[int]]:
        """For each line, the hashes of its first and last words and of its beginning."""
        return [
            [_bucket(word) for word in (*words[:_FIRST_WORDS], *words[_FIRST_WORDS:][-_LAST_WORDS:])]
            + [_bucket(" ".join(words if len(words) <= _WHOLE else words[:_BEGINNING]))]
            for words in self.words
        ]

    @cached_property
    def features(self) -> NDArray[np.float32]:
        """Shape (lines, 51); most values are between 0 and 1."""
        return np.column_stack([self._shapes(), self._recurrence(), self._places()]).astype(np.float32)

    @cached_property
    def _widths(self) -> NDArray[np.float64]:
        return np.array([len(line) + len(_WIDE.findall(line)) for line in self.lines], dtype=float)

    @cached_property
    def _sentences_within(self) -> NDArray[np.float64]:
        return np.array([len(_END_WITHIN.findall(line)) for line in self.lines], dtype=float)

    @cached_property
    def prose(self) -> NDArray[np.float64]:
        """The width of each line that is prose, 0 for the others."""
        is_prose = (self._widths >= _MIN_PROSE_WIDTH) & (np.array(self.ends_sentence) | (self._sentences_within > 0))
        return np.where(is_prose, self._widths, 0.0)

    def _shapes(self) -> NDArray[np.float64]:
        """What each line looks like by itself, 29 columns."""
        return np.array([self._shape(index) for index in checked(range(len(self.lines)))], dtype=float)

    def _shape(self, index: int) -> list[float]:
        line, words = self.lines[index], self.words[index]
        length, count = len(line), max(len(words), 1)
        letters = [character for character in line if character.isalpha()]
        return [
            np.log1p(self._widths[index]) / 5,
            np.log1p(count) / 4,
            min(length / count / 10, 2),
            sum(map(str.isupper, letters)) / max(len(letters), 1),
            sum(word[0].isupper() for word in line.split()) / max(len(line.split()), 1),
            sum(map(str.isdigit, line)) / length,
            sum(not (character.isalnum() or character.isspace()) for character in line) / length,
            self.ends_sentence[index],
            min(self._sentences_within[index], 5) / 5,
            line.endswith((":", "：")),
            line.endswith((",", "，")),
            "," in line,
            any(mark in line for mark in '"“”«»„「'),
            line[0].islower(),
            line[0].isdigit(),
            not line[0].isalnum(),
            "@" in line,
            bool(_ADDRESS.search(line)),
            "©" in line or "(c)" in line.casefold(),
            any(mark in line for mark in "|·•"),
            any(mark in line for mark in "›»>/→"),
            any(mark in line for mark in "?？"),
            bool(_YEAR.search(line)),
            bool(_TIME.search(line)),
            bool(_DATE.search(line)),
            "…" in line or "..." in line,
            any(mark in line for mark in "$£€%"),
            any(before.islower() and after.isupper() for before, after in pairwise(line)),  # "HomeNews"
            self.prose[index] > 0,
        ]

    def _recurrence(self) -> NDArray[np.float64]:
        """How the lines and their words recur in the page, 4 columns."""
        occurrences = Counter(line.casefold() for line in self.lines)
        in_prose = Counter(word for words, prose in zip(self.words, self.prose, strict=True) if prose for word in words)
        frequent = {word for word, _ in in_prose.most_common(_FREQUENT)}
        rows = []
        for line, words, prose in zip(self.lines, self.words, self.prose, strict=True):
            rare = [word for word in words if word not in frequent and carries_meaning(word)]
            own = Counter(rare if prose else ())
            again = sum(in_prose[word] > own[word] for word in rare)
            rows.append(
                [
                    np.log(occurrences[line.casefold()]),
                    sum(word in frequent for word in words) / max(len(words), 1),
                    again / max(len(rare), 1),
                    bool(rare),
                ]
            )
        return np.array(rows, dtype=float)

    def _places(self) -> NDArray[np.float64]:
        """Where each line stands, and what stands around it, 18 columns."""
        count = len(self.lines)
        index = np.arange(count)
        blank = np.minimum(np.array([*self.blank_above, 3]), 3) / 3
        prose_before = np.concatenate([[0], np.cumsum(self.prose)])
        total = max(prose_before[-1], 1.0)
        above, below = _distances(self.prose > 0)
        widths = np.log1p(np.concatenate([[0], self._widths, [0]])) / 5
        columns = [
            blank[:-1],
            blank[1:],
            prose_before[:-1] / total,
            (prose_before[-1] - prose_before[1:]) / total,
            above / _FAR,
            below / _FAR,
            np.log1p(above) / 4,
            np.log1p(below) / 4,
            index / count,
            np.log1p(index) / 6,
            np.log1p(count - index) / 6,
            np.full(count, np.log(count) / 6),
            widths[:-2],
            widths[2:],
        ]
        for window in (_NEAR_WINDOW, _WIDE_WINDOW):
            around, size = _window_sums(self._widths, window)
            columns += [np.log1p(around / size) / 5, _window_sums(self.prose, window)[0] / np.maximum(around, 1)]
        return np.column_stack(columns)


def carries_meaning(word: str) -> bool:
    """Whether a word is long enough to carry meaning; a character of Chinese, Japanese or Korean is."""
    return len(word) >= _MIN_WORD_LENGTH or bool(_WIDE.match(word))


def _bucket(words: str) -> int:
    return zlib.crc32(words.encode()) % BUCKETS


def _distances(is_prose: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each line, the lines to the nearest prose before and after it."""
    index = np.arange(len(is_prose))
    before = np.maximum.accumulate(np.where(is_prose, index, -_FAR))
    after = np.minimum.accumulate(np.where(is_prose, index, len(is_prose) + _FAR)[::-1])[::-1]
    above = index - np.concatenate([[-_FAR], before[:-1]])
    below = np.concatenate([after[1:], [len(is_prose) + _FAR]]) - index
    return np.minimum(above, _FAR).astype(float), np.minimum(below, _FAR).astype(float)


def _window_sums(values: NDArray[np.float64], window: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each line, the sum of the values around it, and their number."""
    before = np.concatenate([[0.0], np.cumsum(values)])
    index = np.arange(len(values))
    start, end = np.maximum(index - window, 0), np.minimum(index + window + 1, len(values))
    return before[end] - before[start], (end - start).astype(float)
