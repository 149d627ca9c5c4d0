"""Measure the cleaning of real pages: the table of docs/cleaning.md.

    python -m scripts.evaluation.pages                    whole pages, pasted and as HTML files, by set
    python -m scripts.evaluation.pages --inputs paste     only one kind of input
    python -m scripts.evaluation.pages --folds WORK/      by weights that have not seen a page's site

A title is right if it is the page's, with or without the site's name. A line of the article counts if the input has it;
it is kept if the cleaned text has the whole line, or 80% of its sequences of four words. Foreign are the words of lines
that are kept and are not the article's.
"""

import argparse
import base64
import json
import lzma
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path

import trafilatura
from lxml import etree
from lxml.html import tostring
from tqdm import tqdm

from scripts.evaluation.data import DATA
from scripts.evaluation.tables import Row, markdown_table
from summarizer.cleaning import clean
from summarizer.errors import SummarizerError
from summarizer.models.page_divider import PageDivider, default_divider
from summarizer.readers import Document, html
from summarizer.text.words import units

PAGES = DATA.parent / "pages" / "pages.jsonl.xz"
# For cross-validation the sites are divided into this many parts.
FOLDS = 5
_SHINGLE, _MIN_SHARE = 4, 0.8
# A page is clean if at most this share of its text is foreign.
_CLEAN = 0.05


@dataclass(frozen=True)
class RealPage:
    """A page with its ground truth.

    :param body: the article's lines; empty if only snippets are known.
    """

    id: str
    set: str
    site: str
    html: bytes
    paste: str
    titles: tuple[str, ...]
    body: tuple[str, ...]
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    @property
    def fold(self) -> int:
        """The fold of the page's site, 0 to 4."""
        return zlib.crc32(self.site.encode()) % FOLDS

    @cached_property
    def _known(self) -> "Text":
        return Text([*self.body, *self.titles])

    def is_article(self, line: str) -> bool:
        """Whether a line is the article's, or its title."""
        return self._known.has(line)

    def from_headline(self) -> str:
        """The paste from its first headline to its end; empty without one."""
        lines = self.paste.splitlines()
        place = next((index for index, line in enumerate(lines) if is_right_title(line, self.titles)), None)
        return "" if place is None else "\n".join(lines[place:])


class Text:
    """A text in which lines are looked up."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._words = " ".join([" ", *(word for line in lines for word in words_of(line)), " "])
        self._shingles = shingles([word for line in lines for word in words_of(line)])

    def has(self, line: str) -> bool:
        """Whether the text has the whole line or most of its sequences of words."""
        words = words_of(line)
        if not words or f" {' '.join(words)} " in self._words:
            return True
        wanted = shingles(words)
        return bool(wanted) and len(wanted & self._shingles) >= _MIN_SHARE * len(wanted)


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case; of scripts without spaces the characters."""
    return units(text.casefold())


def shingles(words: Sequence[str]) -> set[tuple[str, ...]]:
    """The sequences of four words."""
    return {tuple(words[start : start + _SHINGLE]) for start in range(len(words) - _SHINGLE + 1)}


def is_right_title(title: str, titles: Sequence[str]) -> bool:
    """Whether a title is one of the page's, or differs from it by a site's name before or after it."""
    found = " ".join(words_of(title))
    for one in titles:
        known = " ".join(words_of(one))
        longer, shorter = max(found, known, key=len), min(found, known, key=len)
        is_long = 2 * len(shorter) >= len(longer)
        if found == known or (is_long and (longer.startswith(f"{shorter} ") or longer.endswith(f" {shorter}"))):
            return True
    return False


@dataclass
class Score:
    """Counts over some pages; `lines` and `lost` are lines of articles, the rest words or pages."""

    pages: int = 0
    titled: int = 0
    lines: int = 0
    lost: int = 0
    shown: int = 0
    foreign: int = 0
    page_words: int = 0
    gone: int = 0
    lossless: int = 0
    judged: int = 0
    right: int = 0
    unwanted: int = 0
    unwanted_shown: int = 0

    def __iadd__(self, other: "Score") -> "Score":
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))
        return self


def score(page: RealPage, given: Sequence[str], title: str | None, shown: Sequence[str]) -> Score:
    """What became of one page.

    :param given: the lines of the input.
    :param shown: the lines of the cleaned text.
    """
    is_titled = title is not None and is_right_title(title, page.titles)
    found = Score(pages=1, titled=is_titled)
    source, result = Text(given), Text(shown)
    wanted = [line for line in (page.body or page.wanted) if words_of(line) and source.has(line)]
    found.lines = len(wanted)
    found.lost = sum(not result.has(line) for line in wanted)
    unwanted = [snippet for snippet in page.unwanted if source.has(snippet)]
    found.unwanted = len(unwanted)
    found.unwanted_shown = sum(result.has(snippet) for snippet in unwanted)
    if page.body:
        found.shown = sum(len(words_of(line)) for line in shown)
        found.foreign = sum(len(words_of(line)) for line in shown if not page.is_article(line))
        furniture = [line for line in given if words_of(line) and not page.is_article(line)]
        found.page_words = sum(len(words_of(line)) for line in furniture)
        found.gone = sum(len(words_of(line)) for line in furniture if not result.has(line))
        found.judged = 1
        found.lossless = not found.lost
        found.right = is_titled and not found.lost and found.foreign <= _CLEAN * found.shown
    return found


# What an input gives: its lines, the title found in it, and the lines of the cleaned article.
Outcome = tuple[Sequence[str], str | None, Sequence[str]]


def _pasted(page: RealPage, divider: PageDivider) -> Outcome | None:
    return _cleaned(page.paste, divider) if page.paste else None


def _from_headline(page: RealPage, divider: PageDivider) -> Outcome | None:
    text = page.from_headline()
    return _cleaned(text, divider) if text else None


def _cleaned(text: str, divider: PageDivider) -> Outcome:
    try:
        article = clean(Document(text), divider=divider)
    except SummarizerError:
        return text.splitlines(), None, ()
    return text.splitlines(), article.title, article.text.splitlines()


def _as_file(page: RealPage, divider: PageDivider) -> Outcome | None:
    return _read(page, lambda: html.read(page.html, None), divider)


def _read(page: RealPage, read: Callable[[], Document], divider: PageDivider) -> Outcome:
    try:
        article = clean(replace(read(), is_page=False), divider=divider)
    except SummarizerError:
        return page.paste.splitlines() or page.body, None, ()
    return page.paste.splitlines() or page.body, article.title, article.text.splitlines()


def _as_copied_html(page: RealPage, divider: PageDivider) -> Outcome | None:
    """About what a browser puts on the clipboard beside the text: the body, without head and scripts.

    A browser also leaves out what is hidden, and writes styles into the elements.
    """
    tree = trafilatura.load_html(page.html)
    body = None if tree is None else tree.find("body")
    if body is None:
        return None
    etree.strip_elements(body, "script", "style", "noscript", "template", with_tail=False)
    fragment = "".join([body.text or "", *(tostring(child, encoding="unicode") for child in body)])
    return _read(page, lambda: html.read_page(fragment), divider)


def _by_trafilatura(page: RealPage, _: PageDivider) -> Outcome | None:
    found = trafilatura.bare_extraction(page.html, with_metadata=True)
    text, title = getattr(found, "text", None) or "", getattr(found, "title", None)
    return page.paste.splitlines() or page.body, title, text.splitlines()


INPUTS: dict[str, Callable[[RealPage, PageDivider], Outcome | None]] = {
    "paste": _pasted,
    "headline to end": _from_headline,
    "HTML file": _as_file,
    "copied HTML": _as_copied_html,
    "trafilatura alone": _by_trafilatura,
}


def read_pages(path: Path) -> Iterator[RealPage]:
    """The pages of an xz-compressed JSONL file (its fields: ../shared/pages/README.md)."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            is_base64 = row["html_encoding"] == "base64"
            yield RealPage(
                id=row["id"],
                set=row["set"],
                site=re.sub(r"^(?:\w+://)?(?:www\.)?([^/]*).*$", r"\1", row["url"] or row["id"], flags=re.DOTALL),
                html=base64.b64decode(row["html"]) if is_base64 else row["html"].encode(),
                paste=row["paste"] or "",
                titles=tuple(row["titles"]),
                body=tuple(line for line in (row.get("body") or "").splitlines() if line.strip()),
                wanted=tuple(row.get("with") or ()),
                unwanted=(*(row.get("without") or ()), *(row.get("comments") or ())),
            )


def fold_file(folder: Path, fold: int) -> Path:
    """The weights that have not seen one part of the sites, among those of scripts/training/train_divider.py."""
    return folder / f"fold-{fold}.safetensors"


def evaluate(pages: Sequence[RealPage], inputs: Sequence[str], folds: Path | None = None) -> list[Row]:
    """One row for each input and set, and one for all sets of an input.

    :param folds: folder of the weights that have not seen each page's site; None for those of the package.
    """
    dividers = [PageDivider(fold_file(folds, fold)) for fold in range(FOLDS)] if folds else [default_divider()] * FOLDS
    table = []
    for name in inputs:
        scores: defaultdict[str, Score] = defaultdict(Score)
        for page in tqdm(pages, desc=name):
            if outcome := INPUTS[name](page, dividers[page.fold]):
                found = score(page, *outcome)
                scores[page.set] += found
                scores["all"] += found
        table += [_row(name, part, total) for part, total in scores.items()]
    return table


def _row(name: str, part: str, total: Score) -> Row:
    return {
        "input": name,
        "set": part,
        "pages": total.pages,
        "title right": f"{total.titled / total.pages:.0%}",
        "article lines lost": _share(total.lost, total.lines),
        "no line lost": f"{total.lossless} of {total.judged}" if total.judged else "",
        "foreign": _share(total.foreign, total.shown),
        "page words gone": _share(total.gone, total.page_words),
        "everything right": f"{total.right} of {total.judged}" if total.judged else "",
        "unwanted snippets left": f"{total.unwanted_shown} of {total.unwanted}" if total.unwanted else "",
    }


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else ""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=PAGES, help="pages as JSONL, xz-compressed")
    parser.add_argument("--inputs", nargs="+", choices=INPUTS, default=list(INPUTS))
    parser.add_argument("--folds", type=Path, help="weights that have not seen a page's site (default: the package's)")
    parser.add_argument("--limit", type=int, help="only the first N pages")
    options = parser.parse_args(arguments)
    print(markdown_table(evaluate(list(read_pages(options.data))[: options.limit], options.inputs, options.folds)))


if __name__ == "__main__":
    main()
