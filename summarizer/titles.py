"""Titles: the headlines of a page, and which of its lines are them; the first is the title.

Lines in, `Finding`s out. What repeats a headline is told by `headlines`; knows nothing of what else goes.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from itertools import takewhile

from summarizer.headlines import Headline, key_of, length_in_words, looks_like_headline, readings
from summarizer.page_lines import heads_related, is_paragraph
from summarizer.pasted import NARROWEST_WRAP, WIDEST_WRAP, Wrapping
from summarizer.repetition import FEWEST_WORDS_REPEATED, NARROW, Finding, is_no_name, listed
from summarizer.sentences import SENTENCE_START, ends_whole
from summarizer.surroundings import is_label

TITLE = "title"
REPEATED_HEADLINE = "repeated headline"

# The headline is one of the first lines, before the article's first sentence.
_HEAD = 8
# Above it may stand so many labels, and where it stands twice above the text so many other lines.
_MOST_LABELS = 2
_MOST_UNKNOWN = 2
_FAR_HEAD = 14
# A line that is no headline is one below the first lines when it stands so often.
_STANDINGS = 3
# A headline that is not the first line has more words than a label: "What we like", "Counsel to the Inquiry".
_FEWEST_WORDS_HEADLINE = 5
# With fewer words before a bar, what stands behind it may be the headline.
_FEWEST_WORDS_BEFORE_SITE = 4
_FIGURE = re.compile(r"\d")


def find_headlines(
    texts: Sequence[str], others: Set[int], known_title: str | None = None
) -> tuple[list[Headline], list[Finding]]:
    """The headlines of a page, the title first, and the lines that are them.

    :param others: lines that are no part of the article for other reasons.
    """
    own = [index for index, text in enumerate(texts) if text and index not in others and not heads_related(text)]
    labels = list(takewhile(lambda index: is_label(texts[index]), own[:_MOST_LABELS]))
    head = _first_lines(texts, own[len(labels) :])
    headlines: list[Headline] = []
    found: list[Finding] = []
    if known_title and key_of(known_title):
        headline, repetitions = _best_reading(texts, own, (), known_title)
        headlines.append(headline)
        for lines in repetitions:
            is_title = not found and lines[0] in head
            found.append(Finding(lines, TITLE if is_title else REPEATED_HEADLINE, headline.key))
    contents = listed([texts[index] for index in own[1:]])
    for place in (*_candidates(texts, head, own), *_twice_above_text(texts, own)):
        taken = {index for finding in found for index in finding.lines}
        if not taken.isdisjoint(place) or key_of(texts[place[0]]) in contents:
            continue
        left = [index for index in own if index not in taken]
        headline, repetitions = _best_reading(texts, left, place, text_at(texts, place))
        if repetitions and _may_repeat(headline, is_first=place[0] == own[0]):
            found.append(Finding(place, REPEATED_HEADLINE if headlines else TITLE, headline.key))
            found += [Finding(lines, REPEATED_HEADLINE, headline.key) for lines in repetitions]
            headlines.append(headline)
    # Beside names of sections a few words are the name of a site.
    is_beside_labels = bool(labels) or (len(own) > _MOST_LABELS and all(is_label(texts[index]) for index in own[1:3]))
    fewest = _FEWEST_WORDS_HEADLINE if is_beside_labels else 1
    if not headlines and head and length_in_words(key_of(texts[head[0]])) >= fewest and _is_set_off(texts, head[0]):
        headlines.append(_best_reading(texts, own, (head[0],), texts[head[0]])[0])
        found.append(Finding((head[0],), TITLE, headlines[0].key))
    below = None if headlines else _below(texts, own)
    if below is not None:
        headline, repetitions = _best_reading(texts, own, (below,), texts[below])
        headlines.append(headline)
        found.append(Finding((below,), TITLE, headline.key))
        found += [Finding(lines, REPEATED_HEADLINE, headline.key) for lines in repetitions]
    return headlines, found


def _may_repeat(headline: Headline, *, is_first: bool) -> bool:
    """Whether what repeats may be a headline, and not the label that stands above each part or before each answer."""
    words = length_in_words(headline.key)
    return is_no_name(headline.title) and words >= (FEWEST_WORDS_REPEATED if is_first else _FEWEST_WORDS_HEADLINE)


def _first_lines(texts: Sequence[str], own: Sequence[int]) -> list[int]:
    """The lines before the article's first sentence; the first alone where verse follows, or no sentence soon."""
    head = list(takewhile(lambda index: looks_like_headline(texts[index]), own[: _HEAD + 1]))
    following = texts[own[len(head)]] if len(head) < min(_HEAD + 1, len(own)) else ""
    is_prose = len(following) > NARROW or ends_whole(following)
    return head if is_prose else head[:1]


def _candidates(texts: Sequence[str], head: Sequence[int], own: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The first lines, each with the one that follows directly, of which a word may be enough, and alone."""
    for index in head:
        if index + 1 in own[: _HEAD + 2] and not texts[index + 1].endswith((".", "…")):
            yield (index, index + 1)
        yield (index,)


def _twice_above_text(texts: Sequence[str], own: Sequence[int]) -> Iterator[tuple[int]]:
    """The first of two lines that say a headline above the first paragraph, with little above it that is no label."""
    above = list(takewhile(lambda index: not is_paragraph(texts[index]), own[: _FAR_HEAD + 1]))
    if len(above) == len(own[: _FAR_HEAD + 1]):
        return
    unknown: set[str] = set()
    for position, index in enumerate(above):
        text = texts[index]
        is_headline = looks_like_headline(text) and length_in_words(key_of(text)) >= _FEWEST_WORDS_HEADLINE
        if is_headline and any(Headline(text).is_repeated_by(texts[other]) for other in above[position + 1 :]):
            yield (index,)
            return
        unknown.update([] if is_label(text) else [text])
        if len(unknown) > _MOST_UNKNOWN:
            return


def _below(texts: Sequence[str], own: Sequence[int]) -> int | None:
    """The first line that looks like a headline and stands three times."""
    wrapping = Wrapping(texts)
    wrapped = {index + 1 for index in own if wrapping.goes_on(index)}
    keys = {index: key_of(texts[index]) for index in own if index not in wrapped and looks_like_headline(texts[index])}
    counts = Counter(keys.values())
    enough = (
        index
        for index, key in keys.items()
        if counts[key] >= _STANDINGS and length_in_words(key) >= _FEWEST_WORDS_HEADLINE
    )
    return next(enough, None)


def text_at(texts: Sequence[str], place: tuple[int, ...]) -> str:
    """One line, or two as one."""
    return " ".join(texts[index] for index in place)


def _best_reading(
    texts: Sequence[str], own: Sequence[int], place: tuple[int, ...], text: str
) -> tuple[Headline, list[tuple[int, ...]]]:
    """A text as a headline, and what but its own place repeats it: the reading that is repeated most.

    Of readings that are repeated as often it is the shortest, without the names of sites. A headline that nothing
    repeats loses a section before its first bar and the names behind the others; "War | Peace: how it ended" has a bar
    of its own.
    """
    whole, *parts = map(Headline, readings(text))
    found = [(headline, _repetitions(texts, own, headline, place)) for headline in (whole, *parts) if headline.key]
    if len(place) > 1:
        found = [(headline, lines) for headline, lines in found if _are_one(texts, place, headline, lines)]
    repeated = [entry for entry in found if entry[1]]
    # A site's name stands everywhere; where the rest is longer, the rest is the headline.
    repeated = [entry for entry in repeated if 2 * len(entry[0].key) > len(whole.key) or len(repeated) == len(found)]
    if repeated:
        # What stands before a dash is as likely a part of it: "The Ferryman – a ghost story".
        is_begun = {headline: whole.title.startswith(headline.title) for headline, _ in repeated}
        return max(repeated, key=lambda entry: (len(entry[1]), is_begun[entry[0]], -len(entry[0].key)))
    section, _, rest = whole.title.partition(" | ")
    if is_label(section):
        whole = next((part for part in parts if part.title == rest), whole)
    barred = whole.title.split(" | ")
    without_names = [
        " | ".join(barred[:last]) for last in range(1, len(barred)) if not _FIGURE.search(" ".join(barred[last:]))
    ]
    bare = [part for part in parts if part.title in without_names and len(part.key) >= _FEWEST_WORDS_BEFORE_SITE]
    return min(bare, key=lambda part: len(part.key), default=whole), []


def _are_one(
    texts: Sequence[str], place: tuple[int, ...], headline: Headline, repetitions: Sequence[tuple[int, ...]]
) -> bool:
    """Whether two lines are one headline: one line has it word for word, or it is wrapped in the same way again."""
    is_wrapped = NARROWEST_WRAP <= len(texts[place[0]]) <= WIDEST_WRAP
    same = [lines for lines in repetitions if key_of(text_at(texts, lines)) == headline.key]
    return any(len(lines) == 1 or is_wrapped for lines in same)


def _repetitions(
    texts: Sequence[str], own: Sequence[int], headline: Headline, place: tuple[int, ...]
) -> list[tuple[int, ...]]:
    """The lines, and the pairs of lines, that say a headline again; not a line that the next one goes on with."""
    found: list[tuple[int, ...]] = []
    taken = set(place)
    for index in own:
        following = texts[index + 1] if index + 1 < len(texts) else ""
        if index in taken:
            continue
        if following and index + 1 not in taken and _is_broken(headline, texts[index], following):
            found.append((index, index + 1))
            taken.add(index + 1)
        elif headline.is_repeated_by(texts[index]) and not goes_on_below(headline, following):
            found.append((index,))
    return found


def goes_on_below(headline: Headline, following: str) -> bool:
    """Whether the next line goes on with a sentence that begins with the headline's words."""
    return following[:1].islower() and not headline.is_repeated_by(following)


def _is_broken(headline: Headline, line: str, following: str) -> bool:
    """Whether two lines say a headline that was broken over them."""
    if len(line) > 2 * len(headline.title):  # most lines
        return False
    begin = key_of(line)
    starts_it = 1 < len(begin) < len(headline.key) and headline.key[: len(begin)] == begin
    return starts_it and begin + key_of(following) == headline.key


def _is_set_off(texts: Sequence[str], first: int) -> bool:
    """Whether the first line stands alone: an empty line, one too wide to be wrapped, or a new sentence follows it."""
    following = texts[first + 1] if first + 1 < len(texts) else ""
    return not following or len(following) > WIDEST_WRAP or bool(SENTENCE_START.match(following))
