"""Lines and paragraphs → those that repeat earlier ones, apart from the headline.

Text that recurs many times belongs to the article: the subheads below each product, the clauses of a contract, a
refrain.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from summarizer.cancellation import checked
from summarizer.cleaning.title_matching import key_of, looks_like_headline
from summarizer.cleaning.unwrap import Wrapping
from summarizer.text.sentences import ends_whole
from summarizer.text.words import word_count

REPEATED_LINE = "repeated line"

# In characters: the widest line of verse, of a list, or with a button.
MAX_NARROW_WIDTH = 60
# Shorter repeated lines are the names of speakers, or the "No." of an interview.
MIN_REPEATED_WORDS = 3
_MAX_NAME_WORDS = 4
# A repeated paragraph of more than one sentence counts as a duplicate from this length on. Adjacent repeated paragraphs
# count as duplicates from this average length on. A refrain is shorter.
_MIN_DUPLICATE_WORDS = 25
_MIN_ADJACENT_DUPLICATE_WORDS = 15
# Lines in a table of contents; fewer are enough if each of them also heads a paragraph.
_MIN_CONTENTS_LINES, _MIN_CONTENTS_HEADS = 3, 2
_MAX_CONTENTS_LINE_WIDTH = 100  # characters
_NOT_A_CONTENTS_LINE = (".", ":", ",")  # its last character
_LIST_OR_FIGURES = re.compile(r"^[-–—*•·▪\d]|\d\D+\d|[?!]$")
_SECOND_SENTENCE = re.compile(r"[.!?…][\"'’”»)\]]*\s+\S")


@dataclass(frozen=True)
class Finding:
    """One line to remove, or two lines that belong together.

    :param lines: their indices.
    :param key: equal for all findings with the same words.
    """

    lines: tuple[int, ...]
    reason: str
    key: tuple[str, ...]


def find_repeated_lines(texts: Sequence[str], removed: Set[int]) -> list[Finding]:
    """Find kickers, subheads and captions that occur a second time between paragraphs.

    :param removed: indices of lines already identified as boilerplate or headline.
    """
    remaining = [index for index, text in enumerate(texts) if text and index not in removed]
    contents = contents_keys([texts[index] for index in remaining])
    keys = {index: key_of(texts[index]) for index in checked(remaining) if _may_be_kicker(texts[index])}
    # Lines that recur several times, such as the same subheads below each product, belong to the article.
    if sum(count - 1 for key, count in Counter(keys.values()).items() if key not in contents) > 1:
        return []
    findings = []
    seen: set[tuple[str, ...]] = set()
    wrapping = Wrapping(texts)
    for position, index in enumerate(checked(remaining)):
        key = keys.get(index)
        is_wrapped = wrapping.continues(index) or (index > 0 and wrapping.continues(index - 1))
        if key is None or key in contents or is_wrapped:
            continue
        neighbours = remaining[max(position - 1, 0) : position] + remaining[position + 1 : position + 2]
        if key in seen and _are_prose([texts[neighbour] for neighbour in neighbours]):
            findings.append(Finding((index,), REPEATED_LINE, key))
        seen.add(key)
    return findings


def contents_keys(texts: Sequence[str]) -> set[tuple[str, ...]]:
    """Keys of the lines of a table of contents: consecutive lines each of which occurs again, apart from the others.

    Two lines are enough if each occurs exactly once more, as the heading of a paragraph.
    """
    keys = [
        key_of(text) if len(text) <= _MAX_CONTENTS_LINE_WIDTH and not text.endswith(_NOT_A_CONTENTS_LINE) else ()
        for text in checked(texts)
    ]
    counts = Counter(keys)
    is_followed_by_paragraph = [len(text) > MAX_NARROW_WIDTH and ends_whole(text) for text in texts[1:]]
    heads = {key for key, is_head in zip(keys, is_followed_by_paragraph, strict=False) if is_head and counts[key] == 2}
    pairs = Counter(pairwise(keys))
    contents: set[tuple[str, ...]] = set()
    run: dict[tuple[str, ...], None] = {}
    for previous, key in pairwise([(), *keys]):
        if not key or counts[key] < 2 or pairs[previous, key] > 1 or key in run:
            run = {}
        if key and counts[key] > 1:
            run[key] = None
        are_heads = len(run) == _MIN_CONTENTS_HEADS and heads.issuperset(run) and _differ(*run)
        if are_heads or len(run) >= _MIN_CONTENTS_LINES:
            contents.update(run)
    return contents


def _differ(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two lines share too few words to be variants of one headline."""
    return 2 * len({*words} & {*others}) <= min(len(words), len(others))


def _are_prose(lines: Sequence[str]) -> bool:
    """Whether at least one line is wide and every narrow line is a sentence."""
    is_wide = [len(line) > MAX_NARROW_WIDTH for line in lines]
    return any(is_wide) and all(wide or ends_whole(line) for wide, line in zip(is_wide, lines, strict=True))


def _may_be_kicker(text: str) -> bool:
    """Whether a line is neither a sentence nor a line that articles repeat: a name, a list item, a row of figures."""
    return looks_like_headline(text) and cannot_be_name(text) and not _LIST_OR_FIGURES.search(text)


def cannot_be_name(text: str) -> bool:
    """Whether a line cannot be a speaker's name: it has more words, or words in lower case."""
    words = text.split()
    may_be_name = len(words) <= _MAX_NAME_WORDS and all(word[:1].isupper() for word in words) and not text.isupper()
    # `word_count` counts each character in scripts without spaces: two per word.
    is_long = len(words) >= MIN_REPEATED_WORDS or word_count(text) >= 2 * _MAX_NAME_WORDS
    return is_long and not may_be_name


def find_duplicate_paragraphs(texts: Sequence[str]) -> set[int]:
    """Indices of the paragraphs that were pasted a second time."""
    keys = [key_of(text) for text in texts]
    first_with_key: dict[tuple[str, ...], int] = {}
    originals = [first_with_key.setdefault(key, index) if key else index for index, key in enumerate(keys)]
    duplicates: set[int] = set()
    for run in _repeated_runs(originals):
        lengths = [len(keys[index]) for index in run]
        are_adjacent = len(run) > 1 and sum(lengths) >= _MIN_ADJACENT_DUPLICATE_WORDS * len(run)
        has_long = any(
            length >= _MIN_DUPLICATE_WORDS and _SECOND_SENTENCE.search(texts[index])
            for index, length in zip(run, lengths, strict=True)
        )
        if (are_adjacent or has_long) and not _have_different_heads(texts, originals[run[0]], run[0]):
            duplicates.update(run)
    return duplicates


def _repeated_runs(originals: Sequence[int]) -> Iterator[list[int]]:
    """Runs of paragraphs that repeat earlier consecutive paragraphs in the same order.

    :param originals: for each paragraph, the index of the first one with the same words.
    """
    run: list[int] = []
    for index, original in enumerate(originals):
        if run and (original == index or original != originals[index - 1] + 1):
            yield run
            run = []
        if original != index:
            run.append(index)
    if run:
        yield run


def _have_different_heads(texts: Sequence[str], first: int, second: int) -> bool:
    """Whether two paragraphs are below different narrow lines, such as a step that two recipes share."""
    heads = [texts[index - 1] for index in (first, second) if index > 0]
    return len(set(heads)) == 2 and all(len(head) <= MAX_NARROW_WIDTH and not ends_whole(head) for head in heads)
