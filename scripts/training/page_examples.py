"""Real pages, made pages and articles by themselves → lines with the segmentation that the page divider learns.

The lines of a real page are compared with its article's text; of a page without one, trafilatura's extract of the HTML
stands in, corrected by the snippets that are known to belong to the article or not.
"""

import random
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import torch
import trafilatura

from scripts.evaluation.pages import RealPage, is_right_title, shingles, words_of
from scripts.evaluation.synthetic_pages import Pages
from summarizer.cleaning.line_features import PageLines
from summarizer.cleaning.lines import split_lines
from summarizer.models.page_divider import bag
from summarizer.models.page_network import Segmentation

# A line is the article's if it is one of its lines, or has this share of its sequences of four words in it.
_MIN_SHARE, _MIN_WORDS = 0.7, 6
# A line with fewer words is the article's only as one of its lines: "Share" stands in many sentences.
_FEW_WORDS = 4
# A page whose article is only known from trafilatura counts less.
_GUESSED_WEIGHT = 0.4
# The best segmentation has most lines of the article in it; another line in it counts against it by this much.
_FOREIGN_LINE = 0.12
# At most this many lines are left around an article when a page is cropped.
_LEFT_ABOVE, _LEFT_BELOW = 12, 30
# Of articles by themselves.
_TITLED = 0.6
_WRAP_WIDTHS, _FEW_PARAGRAPHS = (36, 90), (2, 8)


@dataclass(frozen=True)
class PageExample:
    """Lines with text, and what they are.

    :param blank_above: the number of empty lines before each.
    :param is_article: whether each line is the article's.
    :param title: the index of the title; None for a page without one.
    """

    lines: tuple[str, ...]
    blank_above: tuple[int, ...]
    is_article: tuple[bool, ...]
    title: int | None
    weight: float = 1.0

    @cached_property
    def page(self) -> PageLines:
        """The lines with their features."""
        return PageLines(self.lines, self.blank_above)

    @cached_property
    def inputs(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """What the network reads."""
        return torch.from_numpy(self.page.features), *bag(self.page.buckets)

    @cached_property
    def segmentation(self) -> Segmentation | None:
        """The title above the article, and the lines from the article's first to its last; None without an article."""
        block = _best_block(self.is_article)
        if block is None:
            return None
        first, last = block
        if self.title is None or self.title < first:
            return Segmentation(self.title, first, last)
        below = [index for index in range(self.title + 1, last + 1) if self.is_article[index]]
        if 2 * len(below) >= sum(self.is_article[first : last + 1]):
            return Segmentation(self.title, below[0], last)
        return Segmentation(None, first, last)  # a headline that is repeated below

    def from_title(self) -> "PageExample":
        """The page from its title to its end; the whole page if it has no title."""
        return self.crop(self.title or 0, len(self.lines))

    def crop(self, start: int, end: int, *, keep_blank: bool = True) -> "PageExample":
        """The lines from `start` to before `end`."""
        part = slice(start, end)
        return replace(
            self,
            lines=self.lines[part],
            blank_above=self.blank_above[part] if keep_blank else (0,) * len(self.lines[part]),
            is_article=self.is_article[part],
            title=self.title - start if self.title is not None and start <= self.title < end else None,
        )


def _best_block(is_article: Sequence[bool]) -> tuple[int, int] | None:
    """The first and last index of the run of lines with most of the article and least else.

    Found by Kadane's algorithm (Bentley 1984).
    """
    best, found, total, start = 0.0, None, 0.0, 0
    for index, belongs in enumerate(is_article):
        if total <= 0:
            total, start = 0.0, index
        total += 1.0 if belongs else -_FOREIGN_LINE
        if total > best:
            best, found = total, (start, index)
    return found


def variants(example: PageExample, seed: str) -> list[PageExample]:
    """The page as it is, and parts of it that people copy: from the headline on, the article alone, a bit around it."""
    if example.segmentation is None:
        return []
    chance = random.Random(seed)
    title, first, end = example.segmentation.title, example.segmentation.first, example.segmentation.last + 1
    start = first if title is None else title
    around = max(start - chance.randint(1, _LEFT_ABOVE), 0), end + chance.randint(1, _LEFT_BELOW)
    parts = [(start, len(example.lines)), (start, end), (first, end), (0, end), around]
    cropped = [example.crop(*part, keep_blank=chance.random() < 0.7) for part in parts]
    return [one for one in (example, *cropped) if one.segmentation is not None]


def of_real_page(page: RealPage) -> PageExample:
    """A page as copied from a browser."""
    lines, blank_above = _with_text(page.paste)
    body = page.body or _guessed_body(page)
    known = _Body(body)
    is_article = [known.has(line) for line in lines]
    for snippets, belongs in ((page.wanted, True), (page.unwanted, False)):
        keys = [" ".join(words_of(snippet)) for snippet in snippets]
        for index, line in enumerate(lines):
            if any(key and key in " ".join(words_of(line)) for key in keys):
                is_article[index] = belongs
    titles = [index for index, line in enumerate(lines) if is_right_title(line, page.titles)]
    for index in titles:
        is_article[index] = False
    block = _best_block(is_article)
    above = [index for index in titles if block is None or index < block[0]]
    title = above[-1] if above else next(iter(titles), None)
    return PageExample(
        tuple(lines), tuple(blank_above), tuple(is_article), title, 1.0 if page.body else _GUESSED_WEIGHT
    )


def _with_text(text: str) -> tuple[list[str], list[int]]:
    """The lines that have text, and the number of empty lines before each."""
    lines, blank_above, blank = [], [], 0
    for line in split_lines(text):
        if line.text:
            lines.append(line.text)
            blank_above.append(blank)
        blank = 0 if line.text else blank + 1
    return lines, blank_above


def _guessed_body(page: RealPage) -> tuple[str, ...]:
    text = trafilatura.extract(page.html, include_comments=False, include_tables=True) or ""
    return tuple(line for line in text.splitlines() if line.strip())


class _Body:
    """An article's text, in which lines of a page are looked up."""

    def __init__(self, lines: Sequence[str]) -> None:
        words = [words_of(line) for line in lines]
        self._lines = {" ".join(found) for found in words}
        self._words = " ".join(["", *(word for found in words for word in found), ""])
        self._shingles = shingles([word for found in words for word in found])

    def has(self, line: str) -> bool:
        """Whether a line is one of the article's, or most of it is."""
        words = words_of(line)
        key = " ".join(words)
        if not words or key in self._lines:
            return bool(words)
        if len(words) < _FEW_WORDS:
            return False
        found = shingles(words)
        is_mostly = len(words) >= _MIN_WORDS and len(found & self._shingles) >= _MIN_SHARE * len(found)
        return is_mostly or f" {key} " in self._words


def made_pages(each: int) -> Iterator[PageExample]:
    """The generated pages of the half that rules are written on, each kind `each` times."""
    for case in Pages("fitting").cases(each):
        roles = [
            {role for span, role in case.roles if span.start < line.span.end and line.span.start < span.end}
            for line in split_lines(case.sent)
            if line.text
        ]
        lines, blank_above = _with_text(case.sent)
        is_article = ["article" in found for found in roles]
        titles = [index for index, found in enumerate(roles) if found == {"title"}]
        yield PageExample(tuple(lines), tuple(blank_above), tuple(is_article), next(iter(titles), None))


def bare_articles(rows: Sequence[Mapping[str, str | None]], limit: int, seed: int) -> Iterator[PageExample]:
    """Articles by themselves, most of them with their headlines.

    Half are as they are, the others are hard-wrapped or only a beginning, as people paste them.

    :param rows: each with title and text.
    """
    chance = random.Random(seed)
    for row in chance.sample(rows, min(limit, len(rows))):
        title = row["title"] if chance.random() < _TITLED else None
        yield _bare(title, _as_pasted(row["text"] or "", chance))


def _as_pasted(text: str, chance: random.Random) -> str:
    """The text as it is, hard-wrapped, or its first paragraphs."""
    paragraphs = [paragraph for paragraph in text.splitlines() if paragraph.strip()]
    way = chance.random()
    if way < 0.5:
        return text
    if way < 0.75:
        width = chance.randint(*_WRAP_WIDTHS)
        return "\n\n".join(textwrap.fill(paragraph, width) for paragraph in paragraphs)
    return chance.choice(["\n", "\n\n"]).join(paragraphs[: chance.randint(*_FEW_PARAGRAPHS)])


def _bare(title: str | None, text: str) -> PageExample:
    lines, blank_above = _with_text(f"{title}\n\n{text}" if title else text)
    is_article = [title is None, *([True] * (len(lines) - 1))]
    return PageExample(tuple(lines), tuple(blank_above), tuple(is_article), 0 if title else None)
