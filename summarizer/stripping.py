"""Stripping: the lines of a pasted page in, the article's own out, and what was taken out and why.

Losing one sentence of an article is worse than leaving one headline in; so each kind goes only by what its lines are
as a whole, verse and lists stay together, and what could be a refrain stays. Knows nothing of sentences and models.
"""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, takewhile
from types import MappingProxyType

from summarizer.headlines import Headline, key_of, length_in_words, looks_like_headline, readings
from summarizer.pasted import NARROWEST_WRAP, WIDEST_WRAP, Line, Wrapping, place_of_beginning, place_of_end
from summarizer.remains import OTHER, heads_related, is_paragraph, remains, unforeseen
from summarizer.sentences import SENTENCE_START, Span, ends_whole, trimmed
from summarizer.surroundings import is_label, surroundings
from summarizer.text import word_count

TITLE = "title"
REPEATED_HEADLINE = "repeated headline"
REPEATED_LINE = "repeated line"
REPEATED_PARAGRAPH = "repeated paragraph"

# The headline is one of the first lines, before the article's first sentence.
_HEAD = 8
# Above it may stand so many labels, and where it stands twice above the text so many other lines.
_MOST_LABELS = 2
_MOST_UNKNOWN = 2
_FAR_HEAD = 14
# A line that is no headline is one below the first lines when it stands so often.
_STANDINGS = 3
# Lines of verse, lists and buttons are at most so wide; in characters.
_NARROW = 60
_FEWEST_LINES_OF_VERSE = 3
# Shorter lines that stand twice are the names of speakers, and the "No." of an interview.
_FEWEST_WORDS_REPEATED = 3
# A headline that is not the first line has more words than a label: "What we like", "Counsel to the Inquiry".
_FEWEST_WORDS_HEADLINE = 5
# A paragraph that stands twice was pasted twice when it has more than one sentence and so many words, or when others
# around it stand twice with it, of so many words each: a refrain is shorter.
_FEWEST_WORDS_PASTED = 25
_FEWEST_WORDS_PASTED_TOGETHER = 15
_LONGEST_NAME = 4
# With fewer words before a bar, what stands behind it may be the headline.
_FEWEST_WORDS_BEFORE_SITE = 4
_FIGURE = re.compile(r"\d")
# A list of contents has so many lines.
_FEWEST_LISTED = 3
_NO_ENTRY = (".", ":", ",")
_LIST_OR_FIGURES = re.compile(r"^[-–—*•·▪\d]|\d\D+\d|[?!]$")
_SECOND_SENTENCE = re.compile(r"[.!?…][\"'’”»)\]]*\s+\S")


@dataclass(frozen=True)
class Removal:
    """One place that was taken out.

    :param text: as it reads.
    :param place: in the text as it was sent.
    :param what: the same for all that say the same.
    """

    text: str
    place: Span
    reason: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """The lines of a page, and what is known to be none of the article's.

    :param title: the headline, without marks and without the name of its site.
    :param title_place: where it stood in the text as it was sent, when a line is it.
    """

    title: str | None
    title_place: Span | None
    lines: tuple[Line, ...]
    removals: tuple[Removal, ...]


def with_title(lines: Sequence[Line], known_title: str | None = None) -> Page:
    """The page with nothing taken out but its title."""
    headlines, found = find_headlines([line.text for line in lines], set(), known_title)
    titles = {index for finding in found if finding.reason == TITLE for index in finding.lines}
    kept = tuple(replace(line, text="") if index in titles else line for index, line in enumerate(lines))
    return Page(headlines[0].title if headlines else None, None, kept, ())


def strip_lines(
    lines: Sequence[Line],
    sent: str,
    *,
    known_title: str | None = None,
    known_remains: Mapping[int, str] = MappingProxyType({}),
    is_page: bool = True,
) -> Page:
    """Take out headlines, lines and page remains that stand between the lines of an article.

    :param sent: the text that the places of the lines count.
    :param known_title: a headline that is known from elsewhere.
    :param known_remains: why lines go that are known to be none of the article's.
    :param is_page: whether the headline may stand below others, as when all of a page was copied.
    """
    texts = [line.text for line in lines]
    around = surroundings(texts, {**remains(texts), **known_remains}, is_page=is_page)
    reasons = around.reasons
    if around.headline is not None:
        known_title = texts[around.headline]
    remainders = [
        Finding((index,), reason, _whatever_numbers(texts[index])) for index, reason in sorted(reasons.items())
    ]
    headlines, repetitions = find_headlines(texts, set(reasons), known_title)
    known = {index for finding in (*remainders, *repetitions) for index in finding.lines}
    others = [Finding((index,), OTHER, key_of(texts[index])) for index in unforeseen(texts, known)]
    found = _without_verse(texts, [*remainders, *repetitions, *others])
    found += _repeated_lines(texts, found)
    kept = list(lines)
    removals = []
    for finding in found:
        if finding.reason != TITLE:
            place = Span(lines[finding.lines[0]].place.start, lines[finding.lines[-1]].place.end)
            removals.append(Removal(_text_at(texts, finding.lines), place, finding.reason, finding.what))
        for index in finding.lines:
            kept[index] = replace(lines[index], text="")
    _join_wrapped(kept, headlines)
    known_to_repeat = {finding.what for finding in found if finding.reason == REPEATED_HEADLINE}
    for index, line in enumerate(kept):
        for headline in headlines if line.text else ():
            if cut := _cut_glued(line, sent, headline, headline.key in known_to_repeat):
                kept[index], removal = cut
                removals.append(removal)
                break
    titles = [finding.lines for finding in found if finding.reason == TITLE]
    title_place = Span(lines[titles[0][0]].place.start, lines[titles[0][-1]].place.end) if titles else None
    return Page(headlines[0].title if headlines else None, title_place, tuple(kept), tuple(removals))


def strip_paragraphs(paragraphs: Sequence[Line]) -> tuple[list[Line], list[Removal]]:
    """Take out paragraphs that were pasted a second time; what is left, and what went."""
    keys = [key_of(paragraph.text) for paragraph in paragraphs]
    first: dict[tuple[str, ...], int] = {}
    again = [first.setdefault(key, index) if key else index for index, key in enumerate(keys)]
    gone: set[int] = set()
    for run in _runs(again):
        words = [len(keys[index]) for index in run]
        together = len(run) > 1 and sum(words) >= _FEWEST_WORDS_PASTED_TOGETHER * len(run)
        if together or any(
            count >= _FEWEST_WORDS_PASTED
            and _SECOND_SENTENCE.search(paragraphs[index].text)
            and not _stands_below_other_head(paragraphs, again[index], index)
            for index, count in zip(run, words, strict=True)
        ):
            gone.update(run)
    removals = [
        Removal(paragraphs[index].text, paragraphs[index].place, REPEATED_PARAGRAPH, keys[index])
        for index in sorted(gone)
    ]
    return [paragraph for index, paragraph in enumerate(paragraphs) if index not in gone], removals


def _stands_below_other_head(paragraphs: Sequence[Line], first: int, second: int) -> bool:
    """Whether two paragraphs stand below lines of their own, as the same step of two recipes."""
    heads = [paragraphs[index - 1].text for index in (first, second) if index > 0]
    return len(set(heads)) == 2 and all(len(head) <= _NARROW and not ends_whole(head) for head in heads)


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


def _join_wrapped(lines: list[Line], headlines: Sequence[Headline]) -> None:
    """Join a line that says a headline and goes on in the next: a sentence that begins with the headline's words."""
    for index, line in enumerate(lines[:-1]):
        following = lines[index + 1]
        if any(_goes_on(headline, following.text) and headline.is_repeated_by(line.text) for headline in headlines):
            lines[index + 1] = Line(f"{line.text} {following.text}", Span(line.place.start, following.place.end))
            lines[index] = replace(line, text="")


def _cut_glued(line: Line, sent: str, headline: Headline, repeats: bool) -> tuple[Line, Removal] | None:
    """The line without the headline that is glued to its front or its end, and that; None when none is."""
    if begin := headline.glued_before(line.text, repeats):
        rest, cut = line.text[begin:], line.text[:begin].strip()
        cut_place = place_of_beginning(line, sent, cut)
        place = Span(cut_place.end, line.place.end) if cut_place else None
    elif end := headline.glued_behind(line.text):
        rest, cut = line.text[:end], line.text[end:].strip()
        cut_place = place_of_end(line, sent, cut)
        place = Span(line.place.start, cut_place.start) if cut_place else None
    else:
        return None
    if cut_place is None or place is None:
        return None
    return Line(rest, trimmed(sent, place)), Removal(cut, cut_place, REPEATED_HEADLINE, headline.key)


@dataclass(frozen=True)
class Finding:
    """Lines that are none of the article's, one or two that belong together.

    :param what: the same for all that say the same.
    """

    lines: tuple[int, ...]
    reason: str
    what: tuple[str, ...]


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
    listed = _listed(texts[index] for index in own[1:])
    for place in (*_candidates(texts, head, own), *_twice_above_text(texts, own)):
        taken = {index for finding in found for index in finding.lines}
        if not taken.isdisjoint(place) or key_of(texts[place[0]]) in listed:
            continue
        left = [index for index in own if index not in taken]
        headline, repetitions = _best_reading(texts, left, place, _text_at(texts, place))
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
    return _is_no_name(headline.title) and words >= (_FEWEST_WORDS_REPEATED if is_first else _FEWEST_WORDS_HEADLINE)


def _first_lines(texts: Sequence[str], own: Sequence[int]) -> list[int]:
    """The lines before the article's first sentence; the first alone where verse follows, or no sentence soon."""
    head = list(takewhile(lambda index: looks_like_headline(texts[index]), own[: _HEAD + 1]))
    following = texts[own[len(head)]] if len(head) < min(_HEAD + 1, len(own)) else ""
    is_prose = len(following) > _NARROW or ends_whole(following)
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


def _whatever_numbers(text: str) -> tuple[str, ...]:
    """A line as it is compared with others that count: "Page 1" and "Page 2" say the same."""
    return tuple("#" if word.isdigit() else word for word in key_of(text))


def _text_at(texts: Sequence[str], place: tuple[int, ...]) -> str:
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
        return max(repeated, key=lambda entry: (len(entry[1]), -len(entry[0].key)))
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
    same = [lines for lines in repetitions if key_of(_text_at(texts, lines)) == headline.key]
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
        elif headline.is_repeated_by(texts[index]) and not _goes_on(headline, following):
            found.append((index,))
    return found


def _goes_on(headline: Headline, following: str) -> bool:
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


def _without_verse(texts: Sequence[str], found: Sequence[Finding]) -> list[Finding]:
    """The findings, but not those that stand within verse or a list."""
    gone = {index for finding in found for index in finding.lines}
    filled = [index for index, text in enumerate(texts) if text]
    own = [index for index in filled if index not in gone]
    kept = []
    stanzas = _stanzas(texts, gone)
    for finding in found:
        if finding.reason == TITLE or (
            stanzas.isdisjoint(finding.lines) and not _is_between_verses(texts, own, finding)
        ):
            kept.append(finding)
    return kept


def _stanzas(texts: Sequence[str], gone: Set[int]) -> set[int]:
    """The lines of blocks of narrow lines of which most stay, the first block apart, which has headline and byline."""
    stanzas: set[int] = set()
    blocks = [
        list(block) for is_filled, block in groupby(range(len(texts)), lambda index: bool(texts[index])) if is_filled
    ]
    for block in blocks[1:]:
        narrow = all(len(texts[index]) <= _NARROW for index in block)
        if len(block) >= _FEWEST_LINES_OF_VERSE and narrow and 2 * len(gone & set(block)) < len(block):
            stanzas.update(block)
    return stanzas


def _is_between_verses(texts: Sequence[str], own: Sequence[int], finding: Finding) -> bool:
    """Whether what stands before and behind is verse: narrow lines that end no sentence; at the end two before."""
    position = bisect(own, finding.lines[0])
    before = 1 if position < len(own) else 2
    beside = [texts[index] for index in own[max(position - before, 0) : position + 1]]
    if len(beside) < 2 or finding.reason != REPEATED_HEADLINE:
        return False
    return all(len(text) <= _NARROW for text in beside) and not all(map(ends_whole, beside))


def _repeated_lines(texts: Sequence[str], found: Sequence[Finding]) -> list[Finding]:
    """Kickers, subheads and captions that stand a second time between paragraphs."""
    gone = {index for finding in found for index in finding.lines}
    own = [index for index, text in enumerate(texts) if text and index not in gone]
    seen: set[tuple[str, ...]] = set()
    listed = _listed(texts[index] for index in own)
    again = []
    wrapping = Wrapping(texts)
    for position, index in enumerate(own):
        text = texts[index]
        key = key_of(text)
        is_wrapped = wrapping.goes_on(index) or (index > 0 and wrapping.goes_on(index - 1))
        if not _may_be_kicker(text) or key in listed or is_wrapped:
            continue
        beside = own[max(position - 1, 0) : position] + own[position + 1 : position + 2]
        if key in seen and _is_prose([texts[neighbour] for neighbour in beside]):
            again.append(Finding((index,), REPEATED_LINE, key))
        seen.add(key)
    # What comes again and again, as the same subheads below each product, is the article's.
    return again if len({finding.what for finding in again}) == len(again) == 1 else []


def _listed(texts: Iterable[str]) -> set[tuple[str, ...]]:
    """Lines of a list of contents: some that stand one below the other, and each of them again, apart."""
    keys = [key_of(text) if len(text) <= _NARROW and not text.endswith(_NO_ENTRY) else () for text in texts]
    counts = Counter(keys)
    pairs = Counter(pairwise(keys))
    listed: set[tuple[str, ...]] = set()
    run: dict[tuple[str, ...], None] = {}
    for before, key in pairwise([(), *keys]):
        if not key or counts[key] < 2 or pairs[before, key] > 1 or key in run:
            run = {}
        if key and counts[key] > 1:
            run[key] = None
        if len(run) >= _FEWEST_LISTED:
            listed.update(run)
    return listed


def _is_prose(beside: Sequence[str]) -> bool:
    """Whether lines are paragraphs: at least one wide, and the others sentences."""
    wide = [len(text) > _NARROW for text in beside]
    return any(wide) and all(is_wide or ends_whole(text) for is_wide, text in zip(wide, beside, strict=True))


def _may_be_kicker(text: str) -> bool:
    """Whether a line is neither a sentence nor what an article has twice: a name, a list item, a row of figures."""
    return looks_like_headline(text) and _is_no_name(text) and not _LIST_OR_FIGURES.search(text)


def _is_no_name(text: str) -> bool:
    """Whether a line has more words than the name of a speaker, or words that no name has."""
    words = text.split()
    may_be_name = len(words) <= _LONGEST_NAME and all(word[:1].isupper() for word in words) and not text.isupper()
    # Where no spaces are written, two characters a word.
    is_long = len(words) >= _FEWEST_WORDS_REPEATED or word_count(text) >= 2 * _LONGEST_NAME
    return is_long and not may_be_name
