"""Lines of a page → its headlines and the lines that contain them; the first headline is the title."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from itertools import takewhile

from summarizer.cancellation import checked
from summarizer.cleaning.boilerplate.navigation_labels import is_label
from summarizer.cleaning.boilerplate.patterns import heads_related, is_paragraph
from summarizer.cleaning.duplicates import (
    MAX_NARROW_WIDTH,
    MIN_REPEATED_WORDS,
    Finding,
    cannot_be_name,
    contents_keys,
)
from summarizer.cleaning.title_matching import Headline, key_of, length_in_words, looks_like_headline, variants
from summarizer.cleaning.unwrap import MAX_WRAP_WIDTH, MIN_WRAP_WIDTH, Wrapping
from summarizer.text.sentences import SENTENCE_START, ends_whole

TITLE = "title"
REPEATED_HEADLINE = "repeated headline"

# The headline is one of this many first lines, before the article's first sentence.
_MAX_FIRST_LINES = 8
# Above the title there are at most this many labels; and, if the title occurs twice before the text, at most this many
# other lines, all within the lines before the first paragraph.
_MAX_LABELS = 2
_MAX_UNKNOWN_LINES = 2
_MAX_LINES_ABOVE_TEXT = 14
# Below the first lines, a line counts as a headline only if it occurs this often.
_MIN_OCCURRENCES = 3
# A headline that is not the first line is longer than a label: "What we like", "Counsel to the Inquiry".
_MIN_HEADLINE_WORDS = 5
# If the text before a bar is shorter, the text after it may be the headline.
_MIN_WORDS_BEFORE_SITE = 4
_DIGIT = re.compile(r"\d")


def find_headlines(
    texts: Sequence[str], removed: Set[int], known_title: str | None = None, title_line: int | None = None
) -> tuple[list[Headline], list[Finding]]:
    """Find the headlines of a page, the title first, and the lines that contain them.

    :param removed: indices of lines already identified as boilerplate.
    :param known_title: a headline from another source, which becomes the title.
    :param title_line: the index of its line, where that is known.
    """
    unknown = (index for index, text in enumerate(texts) if text and index not in removed)
    remaining = [index for index in checked(unknown) if not heads_related(texts[index])]
    labels = list(takewhile(lambda index: is_label(texts[index]), remaining[:_MAX_LABELS]))
    first_lines = _first_lines(texts, remaining[len(labels) :])
    headlines: list[Headline] = []
    findings: list[Finding] = []
    if known_title and key_of(known_title):
        headline, findings = _find_known_title(texts, remaining, first_lines, known_title, title_line)
        headlines.append(headline)
    contents = contents_keys([texts[index] for index in remaining[1:]])
    candidates = (*_candidates(texts, first_lines, remaining), *_repeated_above_text(texts, remaining))
    for candidate in candidates:
        used = {index for finding in findings for index in finding.lines}
        if not used.isdisjoint(candidate) or key_of(texts[candidate[0]]) in contents:
            continue
        unused = [index for index in remaining if index not in used]
        headline, repetitions = _best_variant(texts, unused, candidate, text_at(texts, candidate))
        if repetitions and _may_repeat(headline, is_first=candidate[0] == remaining[0]):
            findings.append(Finding(candidate, REPEATED_HEADLINE if headlines else TITLE, headline.key))
            findings += [Finding(lines, REPEATED_HEADLINE, headline.key) for lines in repetitions]
            headlines.append(headline)
    if headlines:
        return headlines, findings
    # Beside names of sections, a few words are the name of a site.
    is_beside_labels = bool(labels) or (
        len(remaining) > _MAX_LABELS and all(is_label(texts[index]) for index in remaining[1:3])
    )
    return _find_unrepeated(texts, remaining, first_lines, _MIN_HEADLINE_WORDS if is_beside_labels else 1)


def _find_known_title(
    texts: Sequence[str],
    remaining: Sequence[int],
    first_lines: Sequence[int],
    known_title: str,
    title_line: int | None,
) -> tuple[Headline, list[Finding]]:
    """The known title and the lines that contain it.

    One of them is its own line: that of `title_line`, else the first if it is near the beginning.
    """
    headline, occurrences = _best_variant(texts, remaining, (), known_title)
    own = next((lines for lines in occurrences if title_line in lines), None)
    if own is None:
        own = next((lines for lines in occurrences[:1] if lines[0] in first_lines), None)
    findings = [Finding(lines, TITLE if lines == own else REPEATED_HEADLINE, headline.key) for lines in occurrences]
    return headline, findings


def _find_unrepeated(
    texts: Sequence[str], remaining: Sequence[int], first_lines: Sequence[int], min_words: int
) -> tuple[list[Headline], list[Finding]]:
    """The first line as the headline if it is set off from the text; else a line that occurs often enough below it."""
    if first_lines:
        first = first_lines[0]
        if length_in_words(key_of(texts[first])) >= min_words and _is_set_off(texts, first):
            headline, _ = _best_variant(texts, remaining, (first,), texts[first])
            return [headline], [Finding((first,), TITLE, headline.key)]
    below = _frequent_line(texts, remaining)
    if below is None:
        return [], []
    headline, repetitions = _best_variant(texts, remaining, (below,), texts[below])
    findings = [Finding((below,), TITLE, headline.key)]
    return [headline], findings + [Finding(lines, REPEATED_HEADLINE, headline.key) for lines in repetitions]


def _may_repeat(headline: Headline, *, is_first: bool) -> bool:
    """Whether a repeated line may be a headline, and not a label above each part or before each answer."""
    words = length_in_words(headline.key)
    return cannot_be_name(headline.title) and words >= (MIN_REPEATED_WORDS if is_first else _MIN_HEADLINE_WORDS)


def _first_lines(texts: Sequence[str], remaining: Sequence[int]) -> list[int]:
    """The lines before the article's first sentence; only the first line if verse or no sentence follows."""
    lines = list(takewhile(lambda index: looks_like_headline(texts[index]), remaining[: _MAX_FIRST_LINES + 1]))
    has_following = len(lines) < min(_MAX_FIRST_LINES + 1, len(remaining))
    following = texts[remaining[len(lines)]] if has_following else ""
    is_prose = len(following) > MAX_NARROW_WIDTH or ends_whole(following)
    return lines if is_prose else lines[:1]


def _candidates(
    texts: Sequence[str], first_lines: Sequence[int], remaining: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """The first lines, each joined with the line directly below it, then by itself."""
    for index in first_lines:
        if index + 1 in remaining[: _MAX_FIRST_LINES + 2] and not texts[index + 1].endswith((".", "…")):
            yield (index, index + 1)
        yield (index,)


def _repeated_above_text(texts: Sequence[str], remaining: Sequence[int]) -> Iterator[tuple[int]]:
    """The first line that a later line above the first paragraph repeats, if few lines above it are not labels."""
    above = list(takewhile(lambda index: not is_paragraph(texts[index]), remaining[: _MAX_LINES_ABOVE_TEXT + 1]))
    if len(above) == len(remaining[: _MAX_LINES_ABOVE_TEXT + 1]):
        return
    unknown: set[str] = set()
    for position, index in enumerate(above):
        text = texts[index]
        is_headline = looks_like_headline(text) and length_in_words(key_of(text)) >= _MIN_HEADLINE_WORDS
        if is_headline and any(Headline(text).is_repeated_by(texts[other]) for other in above[position + 1 :]):
            yield (index,)
            return
        unknown.update([] if is_label(text) else [text])
        if len(unknown) > _MAX_UNKNOWN_LINES:
            return


def _frequent_line(texts: Sequence[str], remaining: Sequence[int]) -> int | None:
    """The first line that looks like a headline and occurs often enough to be one."""
    wrapping = Wrapping(texts)
    continuations = {index + 1 for index in remaining if wrapping.continues(index)}
    keys = {
        index: key_of(texts[index])
        for index in checked(remaining)
        if index not in continuations and looks_like_headline(texts[index])
    }
    counts = Counter(keys.values())
    frequent = (
        index
        for index, key in keys.items()
        if counts[key] >= _MIN_OCCURRENCES and length_in_words(key) >= _MIN_HEADLINE_WORDS
    )
    return next(frequent, None)


def text_at(texts: Sequence[str], lines: tuple[int, ...]) -> str:
    """The text of the lines with these indices, joined."""
    return " ".join(texts[index] for index in lines)


def _best_variant(
    texts: Sequence[str], remaining: Sequence[int], candidate: tuple[int, ...], text: str
) -> tuple[Headline, list[tuple[int, ...]]]:
    """The variant of a text that is repeated most often, as a headline, and the lines that repeat it.

    Of equally frequent variants it is the shortest, without names of sites.

    :param candidate: the indices of the lines that have the text.
    """
    whole, *parts = map(Headline, variants(text))
    repetitions = [
        (headline, _repetitions(texts, remaining, headline, candidate)) for headline in (whole, *parts) if headline.key
    ]
    if len(candidate) > 1:
        repetitions = [
            (headline, lines) for headline, lines in repetitions if _are_one(texts, candidate, headline, lines)
        ]
    repeated = [entry for entry in repetitions if entry[1]]
    # The name of a site may be repeated everywhere; if the rest is longer, the rest is the headline.
    repeated = [
        entry for entry in repeated if 2 * len(entry[0].key) > len(whole.key) or len(repeated) == len(repetitions)
    ]
    if repeated:
        # The text before a dash is probably a part of the headline: "The Ferryman – a ghost story".
        is_beginning = {headline: whole.title.startswith(headline.title) for headline, _ in repeated}
        return max(repeated, key=lambda entry: (len(entry[1]), is_beginning[entry[0]], -len(entry[0].key)))
    return _without_names(whole, parts), []


def _without_names(whole: Headline, parts: Sequence[Headline]) -> Headline:
    """A headline that is not repeated, without a section before its first bar and without names after other bars.

    A bar may also belong to the headline: "War | Peace: how it ended".
    """
    section, _, rest = whole.title.partition(" | ")
    if is_label(section):
        whole = next((part for part in parts if part.title == rest), whole)
    pieces = whole.title.split(" | ")
    beginnings = [
        " | ".join(pieces[:last]) for last in range(1, len(pieces)) if not _DIGIT.search(" ".join(pieces[last:]))
    ]
    bare = [part for part in parts if part.title in beginnings and len(part.key) >= _MIN_WORDS_BEFORE_SITE]
    return min(bare, key=lambda part: len(part.key), default=whole)


def _are_one(
    texts: Sequence[str], candidate: tuple[int, ...], headline: Headline, repetitions: Sequence[tuple[int, ...]]
) -> bool:
    """Whether two lines are one headline: a single line repeats it word for word, or it is wrapped again."""
    is_wrapped = MIN_WRAP_WIDTH <= len(texts[candidate[0]]) <= MAX_WRAP_WIDTH
    same = [lines for lines in repetitions if key_of(text_at(texts, lines)) == headline.key]
    return any(len(lines) == 1 or is_wrapped for lines in same)


def _repetitions(
    texts: Sequence[str], remaining: Sequence[int], headline: Headline, candidate: tuple[int, ...]
) -> list[tuple[int, ...]]:
    """The other lines, and pairs of lines, that repeat a headline; not a line whose sentence continues in the next."""
    repetitions: list[tuple[int, ...]] = []
    used = set(candidate)
    for index in checked(remaining):
        following = texts[index + 1] if index + 1 < len(texts) else ""
        if index in used:
            continue
        if following and index + 1 not in used and _is_split(headline, texts[index], following):
            repetitions.append((index, index + 1))
            used.add(index + 1)
        elif headline.is_repeated_by(texts[index]) and not continues_below(headline, following):
            repetitions.append((index,))
    return repetitions


def continues_below(headline: Headline, following: str) -> bool:
    """Whether the next line continues a sentence that begins with the headline's words."""
    return following[:1].islower() and not headline.is_repeated_by(following)


def _is_split(headline: Headline, line: str, following: str) -> bool:
    """Whether the headline is split over two lines."""
    if len(line) > 2 * len(headline.title):  # excludes most lines cheaply
        return False
    beginning = key_of(line)
    is_beginning = 1 < len(beginning) < len(headline.key) and headline.key[: len(beginning)] == beginning
    return is_beginning and beginning + key_of(following) == headline.key


def _is_set_off(texts: Sequence[str], first: int) -> bool:
    """Whether the first line is separate: an empty line, a line too wide to be wrapped, or a new sentence follows."""
    following = texts[first + 1] if first + 1 < len(texts) else ""
    return not following or len(following) > MAX_WRAP_WIDTH or bool(SENTENCE_START.match(following))
