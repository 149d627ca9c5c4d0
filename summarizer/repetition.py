"""Repetition: lines and paragraphs that stand on a page twice and are no headline.

What comes again and again is the article's: the subheads below each product, the clauses of a contract, a refrain.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from summarizer.headlines import key_of, looks_like_headline
from summarizer.pasted import Wrapping
from summarizer.sentences import ends_whole
from summarizer.text import word_count

REPEATED_LINE = "repeated line"

# Lines of verse, lists and buttons are at most so wide; in characters.
NARROW = 60
# Shorter lines that stand twice are the names of speakers, and the "No." of an interview.
FEWEST_WORDS_REPEATED = 3
_LONGEST_NAME = 4
# A paragraph that stands twice was pasted twice when it has more than one sentence and so many words, or when others
# around it stand twice with it, of so many words each: a refrain is shorter.
_FEWEST_WORDS_PASTED = 25
_FEWEST_WORDS_PASTED_TOGETHER = 15
# A list of contents has so many lines.
_FEWEST_LISTED, _FEWEST_LISTED_HEADS = 3, 2
_WIDEST_ENTRY = 100  # characters
_NO_ENTRY = (".", ":", ",")
_LIST_OR_FIGURES = re.compile(r"^[-–—*•·▪\d]|\d\D+\d|[?!]$")
_SECOND_SENTENCE = re.compile(r"[.!?…][\"'’”»)\]]*\s+\S")


@dataclass(frozen=True)
class Finding:
    """Lines that are none of the article's, one or two that belong together.

    :param what: the same for all that say the same.
    """

    lines: tuple[int, ...]
    reason: str
    what: tuple[str, ...]


def repeated_lines(texts: Sequence[str], gone: Set[int]) -> list[Finding]:
    """Kickers, subheads and captions that stand a second time between paragraphs.

    :param gone: lines that are known to be none of the article's.
    """
    own = [index for index, text in enumerate(texts) if text and index not in gone]
    seen: set[tuple[str, ...]] = set()
    contents = listed([texts[index] for index in own])
    keys = {index: key_of(texts[index]) for index in own if _may_be_kicker(texts[index])}
    # What comes again and again, as the same subheads below each product, is the article's.
    if sum(count - 1 for key, count in Counter(keys.values()).items() if key not in contents) > 1:
        return []
    again = []
    wrapping = Wrapping(texts)
    for position, index in enumerate(own):
        key = keys.get(index)
        is_wrapped = wrapping.goes_on(index) or (index > 0 and wrapping.goes_on(index - 1))
        if key is None or key in contents or is_wrapped:
            continue
        beside = own[max(position - 1, 0) : position] + own[position + 1 : position + 2]
        if key in seen and _is_prose([texts[neighbour] for neighbour in beside]):
            again.append(Finding((index,), REPEATED_LINE, key))
        seen.add(key)
    return again


def listed(texts: Sequence[str]) -> set[tuple[str, ...]]:
    """Lines of a list of contents: some that stand one below the other, and each of them again, apart.

    Two are enough where paragraphs stand below them and they stand nowhere else.
    """
    keys = [key_of(text) if len(text) <= _WIDEST_ENTRY and not text.endswith(_NO_ENTRY) else () for text in texts]
    counts = Counter(keys)
    below = [len(text) > NARROW and ends_whole(text) for text in texts[1:]]
    heads = {key for key, is_above in zip(keys, below, strict=False) if is_above and counts[key] == 2}
    pairs = Counter(pairwise(keys))
    found: set[tuple[str, ...]] = set()
    run: dict[tuple[str, ...], None] = {}
    for before, key in pairwise([(), *keys]):
        if not key or counts[key] < 2 or pairs[before, key] > 1 or key in run:
            run = {}
        if key and counts[key] > 1:
            run[key] = None
        are_heads = len(run) == _FEWEST_LISTED_HEADS and heads.issuperset(run) and _differ(*run)
        if are_heads or len(run) >= _FEWEST_LISTED:
            found.update(run)
    return found


def _differ(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two lines are no variants of one headline."""
    return 2 * len({*words} & {*others}) <= min(len(words), len(others))


def _is_prose(beside: Sequence[str]) -> bool:
    """Whether lines are paragraphs: at least one wide, and the others sentences."""
    wide = [len(text) > NARROW for text in beside]
    return any(wide) and all(is_wide or ends_whole(text) for is_wide, text in zip(wide, beside, strict=True))


def _may_be_kicker(text: str) -> bool:
    """Whether a line is neither a sentence nor what an article has twice: a name, a list item, a row of figures."""
    return looks_like_headline(text) and is_no_name(text) and not _LIST_OR_FIGURES.search(text)


def is_no_name(text: str) -> bool:
    """Whether a line has more words than the name of a speaker, or words that no name has."""
    words = text.split()
    may_be_name = len(words) <= _LONGEST_NAME and all(word[:1].isupper() for word in words) and not text.isupper()
    # Where no spaces are written, two characters a word.
    is_long = len(words) >= FEWEST_WORDS_REPEATED or word_count(text) >= 2 * _LONGEST_NAME
    return is_long and not may_be_name


def pasted_twice(texts: Sequence[str]) -> set[int]:
    """Paragraphs, by index, that were pasted a second time."""
    keys = [key_of(text) for text in texts]
    first: dict[tuple[str, ...], int] = {}
    again = [first.setdefault(key, index) if key else index for index, key in enumerate(keys)]
    gone: set[int] = set()
    for run in _runs(again):
        words = [len(keys[index]) for index in run]
        together = len(run) > 1 and sum(words) >= _FEWEST_WORDS_PASTED_TOGETHER * len(run)
        is_long = any(
            count >= _FEWEST_WORDS_PASTED and _SECOND_SENTENCE.search(texts[index])
            for index, count in zip(run, words, strict=True)
        )
        if (together or is_long) and not _stand_below_other_heads(texts, again[run[0]], run[0]):
            gone.update(run)
    return gone


def _runs(again: Sequence[int]) -> Iterator[list[int]]:
    """Runs of paragraphs that say, in the same order, what stands before them.

    :param again: for each paragraph the first of the same words, itself where it is the first.
    """
    run: list[int] = []
    for index, earlier in enumerate(again):
        if run and (earlier == index or earlier != again[index - 1] + 1):
            yield run
            run = []
        if earlier != index:
            run.append(index)
    if run:
        yield run


def _stand_below_other_heads(texts: Sequence[str], first: int, second: int) -> bool:
    """Whether two paragraphs stand below lines of their own, as the same step of two recipes."""
    heads = [texts[index - 1] for index in (first, second) if index > 0]
    return len(set(heads)) == 2 and all(len(head) <= NARROW and not ends_whole(head) for head in heads)
