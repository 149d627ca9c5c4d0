"""Lines of a page → its headline and the lines around its article: menus and teasers above it, menus below it.

A single line such as "Weather", "Log in" or "June 2, 2024" is ambiguous; above a headline, among others of its kind, it
is navigation. Without enough evidence nothing is removed, so an article pasted by itself keeps all its lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.cleaning.boilerplate.header import Header
from summarizer.cleaning.boilerplate.navigation_labels import is_unambiguous_label, label_key
from summarizer.cleaning.boilerplate.patterns import COOKIES, COPYRIGHT, OTHER, RELATED, is_paragraph
from summarizer.text.sentences import ends_whole
from summarizer.text.words import word_count

# Paragraphs with at most this many other lines between them are one text.
_MAX_LINES_BETWEEN_PARAGRAPHS = 6
# The first text of this length is the article; texts below it belong to it from the second length on.
_MIN_ARTICLE_WORDS = 60
_MIN_LATER_TEXT_WORDS = 15
# Of the lines below the article, the number and the share that must be unambiguous before any of them is removed.
_MIN_FOOTER_LINES, _MIN_FOOTER_SHARE = 3, 0.25


@dataclass(frozen=True)
class Navigation:
    """The boilerplate of a page.

    :param headline: the index of the headline if there is navigation above it, else None.
    :param reasons: by index, the reasons of all lines to remove.
    """

    headline: int | None
    reasons: Mapping[int, str]


def find_navigation(lines: Sequence[str], known: Mapping[int, str], *, may_be_below: bool = True) -> Navigation:
    """Find the headline below a page's navigation, and the lines to remove above and below the article.

    :param known: by index, the reasons of lines already identified as boilerplate.
    :param may_be_below: whether the headline may be below other lines, as when a whole page was copied.
    """
    nonempty = [index for index, line in enumerate(lines) if line]
    paragraphs = _paragraphs(lines, nonempty, known)
    if not paragraphs:
        return Navigation(None, known)
    first, last = paragraphs[0], paragraphs[-1]
    reasons = dict.fromkeys(_footer_lines([index for index in nonempty if index > last], lines, known), OTHER)
    article_labels = {label_key(lines[index]) for index in nonempty if first < index < last}
    header = Header(lines, [index for index in nonempty if index < first], known, article_labels)
    headline = header.find_headline(paragraphs) if may_be_below else None
    if headline is None:
        return Navigation(None, {**reasons, **known})
    reasons |= header.reasons(headline)
    # Headlines of other articles end above the article's headline.
    kept = {index for index in header.indices if index >= headline and known.get(index) == RELATED}
    return Navigation(headline, {index: reason for index, reason in {**reasons, **known}.items() if index not in kept})


def _paragraphs(lines: Sequence[str], nonempty: Sequence[int], known: Mapping[int, str]) -> list[int]:
    """Indices of the article's paragraphs: the first group that is long enough, and the long groups below it."""
    positions = {index: position for position, index in enumerate(nonempty)}
    paragraphs = [index for index in nonempty if index not in known and is_paragraph(lines[index])]
    groups: list[list[int]] = [paragraphs[:1]]
    for index, following in pairwise(paragraphs):
        if positions[following] - positions[index] > _MAX_LINES_BETWEEN_PARAGRAPHS + 1:
            groups.append([])
        groups[-1].append(following)
    lengths = [sum(word_count(lines[index]) for index in group) for group in groups]
    min_length = min(max(lengths), _MIN_ARTICLE_WORDS)
    first = next(position for position, length in enumerate(lengths) if length >= min_length)
    return [
        index
        for group, length in zip(groups[first:], lengths[first:], strict=True)
        if length >= _MIN_LATER_TEXT_WORDS
        for index in group
    ]


def _footer_lines(below: Sequence[int], lines: Sequence[str], known: Mapping[int, str]) -> list[int]:
    """Indices of the footer: from the first two consecutive unambiguous lines on, all lines but sentences.

    :param below: indices of the lines below the article's last paragraph.
    """
    is_footer = [_is_footer_line(lines[index], known.get(index)) for index in below]
    for position, (is_first, is_second) in enumerate(pairwise(is_footer)):
        is_introduced = position > 0 and lines[below[position - 1]].endswith(":")
        # A video embedded in the article may have a cookie notice.
        is_embedded = all(known.get(index) == COOKIES for index in below[position : position + 2])
        if is_first and is_second and not is_introduced and not is_embedded:
            rest = list(zip(below[position:], is_footer[position:], strict=True))
            count = sum(is_footer_line for _, is_footer_line in rest)
            is_enough = count >= _MIN_FOOTER_LINES and count >= _MIN_FOOTER_SHARE * len(rest)
            footer = [
                index for index, is_footer_line in rest if is_footer_line or not _may_belong_to_article(lines[index])
            ]
            return footer if is_enough else []
    return []


def _is_footer_line(line: str, reason: str | None) -> bool:
    return reason in (COOKIES, COPYRIGHT) or is_unambiguous_label(line)


def _may_belong_to_article(line: str) -> bool:
    return ends_whole(line) or word_count(line) >= _MIN_LATER_TEXT_WORDS
