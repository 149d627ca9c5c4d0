"""Pasted pages: the tests' own articles with what pages put between their paragraphs, and a count of what parsing does.

A case knows of each of its pieces whether it is the article's. The phrases and headlines are in two halves: rules and
thresholds were made by looking at the one half, `docs/stripping.md` has the table of the other.
"""

from __future__ import annotations

import html
import json
import random
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from summarizer.article import parse
from summarizer.headlines import key_of
from summarizer.sentences import sentence_spans

FOLDER = Path(__file__).parent
ARTICLES = FOLDER.parent / "articles"
Half = Literal["fitting", "testing"]
# "either" is a page's, but may stay: the name of a section.
Role = Literal["article", "title", "remains", "either"]
SEED = 20_240_607


@dataclass(frozen=True)
class Piece:
    """A part of a pasted page.

    :param reads: the text as it should be read, where that differs.
    :param after: what stands between it and the next piece.
    """

    text: str
    role: Role = "article"
    reads: str = ""
    after: str = "\n\n"


@dataclass(frozen=True)
class Case:
    kind: str
    pieces: tuple[Piece, ...]

    @property
    def sent(self) -> str:
        """The page as it was pasted."""
        return "".join(piece.text + piece.after for piece in self.pieces)

    @property
    def remains(self) -> list[tuple[int, int]]:
        """Where what must go stands in it."""
        places = []
        start = 0
        for piece in self.pieces:
            if piece.role == "remains":
                places.append((start, start + len(piece.text)))
            start += len(piece.text) + len(piece.after)
        return places


@dataclass(frozen=True)
class Score:
    """What parsing did to cases: pieces found and missed, sentences of articles kept and lost, right titles."""

    found: int = 0
    missed: int = 0
    kept: int = 0
    lost: int = 0
    cases: int = 0
    titled: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(*(ours + theirs for ours, theirs in zip(vars(self).values(), vars(other).values(), strict=True)))


def score(case: Case) -> Score:
    """Parse a case and count."""
    article = parse(case.sent)
    stripped = [span for line in article.stripped for span in line.spans]
    gone = {place for span in stripped for place in range(span.start, span.end)}
    found = sum(
        all(place in gone or case.sent[place].isspace() for place in range(start, end)) for start, end in case.remains
    )
    wanted = Counter(_sentences(piece.reads or piece.text for piece in case.pieces if piece.role == "article"))
    text = f" {' '.join(article.text.split())} "
    lost = sum(max(count - text.count(sentence), 0) for sentence, count in wanted.items())
    titles = [piece.reads or piece.text for piece in case.pieces if piece.role == "title"]
    is_titled = [key_of(title) for title in titles] == [key_of(article.title or "")]
    return Score(found, len(case.remains) - found, sum(wanted.values()) - lost, lost, 1, int(is_titled))


def _sentences(texts: Iterator[str]) -> Iterator[str]:
    for text in texts:
        yield from _split(text)


@cache
def _split(text: str) -> tuple[str, ...]:
    """The sentences of a paragraph, which stands on many pages."""
    return tuple(" ".join(span.of(text).split()) for span in sentence_spans(text))


class Pages:
    """Makes cases of one half, always the same ones."""

    def __init__(self, half: Half) -> None:
        phrases = json.loads((FOLDER / "phrases.json").read_text(encoding="utf-8"))
        offset = 0 if half == "fitting" else 1
        self.phrases: dict[str, list[str]] = {kind: some[offset::2] for kind, some in phrases.items()}
        self.pairs: list[dict[str, list[str]]] = phrases["headline_pairs"][offset::2]
        self._random = random.Random(f"{SEED} {half}")

    def cases(self, each: int) -> Iterator[Case]:
        """So many cases of every kind."""
        for kind, make in _KINDS.items():
            for _ in range(each):
                yield Case(kind, tuple(make(self)))

    # ---- parts

    def one_of(self, kind: str) -> str:
        return self._random.choice(self.phrases[kind])

    def headline(self) -> str:
        return str(self.pair()["headline"])

    def pair(self) -> dict[str, list[str]]:
        """A headline with others like it."""
        return self._random.choice(self.pairs)

    def body(self) -> list[Piece]:
        """Paragraphs of an article, from its beginning."""
        paragraphs = _paragraphs(self._random.choice(_PROSE))
        return [Piece(paragraph) for paragraph in paragraphs[: self._random.randint(4, 12)]]

    def page(self, headline: str, intruders: Sequence[Piece]) -> list[Piece]:
        """A page with the intruders between its paragraphs, each at a place of its own."""
        pieces = self.body()
        for intruder in intruders:
            pieces.insert(self._random.randint(1, len(pieces)), intruder)
        return [Piece(headline, "title"), *pieces]

    def times(self) -> int:
        return self._random.randint(1, 4)

    def site(self) -> str:
        return self._random.choice(_SITES)

    def shuffled(self, some: Sequence[str]) -> list[str]:
        return self._random.sample(some, len(some))

    def pick(self, some: Sequence[str]) -> str:
        return self._random.choice(some)

    def spot(self, length: int) -> int:
        return self._random.randrange(length)


_PROSE = [
    "news-harbour-bridge.txt",
    "science-lake-sediment.txt",
    "opinion-night-buses.txt",
    "court-appeal.txt",
    "contradiction.txt",
    "instructions.txt",
    "longread-salt-road.txt",
]
_SITES = ["CNN", "BBC News", "The Guardian", "Reuters", "Daily Mail Online", "Lakeside Times", "Harbour Gazette", "AP"]
_SECTIONS = ["News", "World", "UK News", "Business", "Local News"]


def _paragraphs(name: str) -> list[str]:
    """An article's paragraphs below its headline."""
    blocks = (ARTICLES / name).read_text(encoding="utf-8").split("\n\n")
    return [block.strip() for block in blocks[1:] if block.strip()]


def _repeated(change: Callable[[Pages, str], str]) -> Callable[[Pages], list[Piece]]:
    """A page whose headline stands again in another form."""

    def make(pages: Pages) -> list[Piece]:
        headline = pages.headline()
        return pages.page(headline, [Piece(change(pages, headline), "remains") for _ in range(pages.times())])

    return make


def _cut(pages: Pages, headline: str) -> str:
    words = headline.split()
    kept = " ".join(words[: max(len(words) - 1 - pages.spot(3), 4)])
    return kept.rstrip(",:;'\"”’") + pages.pick(["…", "...", " …"])


def _other_marks(pages: Pages, headline: str) -> str:
    changed = headline.translate(str.maketrans({"'": "’", "’": "'", "“": '"', "”": '"', "–": "-", "-": "–"}))
    return changed.replace(" ", pages.pick([" ", "\u00a0", "  "]))


def _broken(pages: Pages) -> list[Piece]:
    headline = pages.headline()
    words = headline.split()
    middle = 2 + pages.spot(len(words) - 3)
    return pages.page(headline, [Piece(" ".join(words[:middle]) + "\n" + " ".join(words[middle:]), "remains")])


def _glued_before(pages: Pages) -> list[Piece]:
    pieces = pages.page(pages.headline(), [])
    headline = pieces[0].text
    spot = 1 + pages.spot(len(pieces) - 1)
    glue = pages.pick([" ", " ", ": ", " - "])
    form = pages.pick([headline, headline, headline.upper()])
    own_line = [Piece(headline, "remains")] if pages.spot(2) else []
    return [*pieces[:spot], Piece(form, "remains", after=glue), *pieces[spot:], *own_line]


def _glued_behind(pages: Pages) -> list[Piece]:
    pieces = pages.page(pages.headline(), [])
    spot = 1 + pages.spot(len(pieces) - 1)
    pieces[spot] = replace(pieces[spot], after=" ")
    return [*pieces[: spot + 1], Piece(pieces[0].text, "remains"), *pieces[spot + 1 :]]


def _changed(pages: Pages) -> list[Piece]:
    pair = pages.pair()
    return pages.page(str(pair["headline"]), [Piece(pages.pick(pair["changed"]), "remains")])


def _different(pages: Pages) -> list[Piece]:
    pair = pages.pair()
    return pages.page(
        str(pair["headline"]), [Piece(pages.pick(pair["different"])), Piece(str(pair["headline"]), "remains")]
    )


def _below_other_lines(pages: Pages) -> list[Piece]:
    headline = pages.headline()
    above = Piece(pages.pick([*_SECTIONS, "Lakeside Times", "Menu"]), "either")
    page = pages.page(headline, [Piece(headline, "remains"), Piece(headline, "remains")])
    return [above, *page]


def _two_headlines(pages: Pages) -> list[Piece]:
    pair = pages.pair()
    first, second = pages.shuffled([str(pair["headline"]), pages.pick(pair["different"])])
    title, *below = pages.page(first, [Piece(first, "remains"), Piece(second, "remains")])
    return [title, Piece(second, "remains"), *below]


def _line(kind: str) -> Callable[[Pages], list[Piece]]:
    """A page with one or two lines of its template."""

    def make(pages: Pages) -> list[Piece]:
        lines = dict.fromkeys(pages.one_of(kind) for _ in range(1 + pages.spot(2)))
        return pages.page(pages.headline(), [Piece(line, "remains") for line in lines])

    return make


def _related(pages: Pages) -> list[Piece]:
    items = pages._random.sample(pages.pairs, 3)
    after = pages.pick(["\n", "\n\n"])
    lines = [pages.one_of("related_header"), *(str(pair["headline"]).rstrip("?!.") for pair in items)]
    related = [Piece(line, "remains", after=after) for line in lines]
    related[-1] = replace(related[-1], after="\n\n")
    page = pages.page(pages.headline(), [])
    return [*page, *related]


def _repeated_line(kind: str) -> Callable[[Pages], list[Piece]]:
    def make(pages: Pages) -> list[Piece]:
        line = pages.one_of(kind)
        body = pages.body()
        first, second = sorted(pages._random.sample(range(1, len(body)), 2))
        body.insert(second, Piece(line, "remains"))
        body.insert(first, Piece(line))
        return [Piece(pages.headline(), "title"), *body]

    return make


def _pasted_twice(pages: Pages) -> list[Piece]:
    body = pages.body()
    first = pages.spot(len(body) - 2)
    block = [replace(piece, role="remains") for piece in body[first : first + 1 + pages.spot(3)]]
    if len(block) == 1 and len(list(_sentences(iter([block[0].text])))) == 1:
        block.append(replace(body[first + 1], role="remains"))
    return [Piece(pages.headline(), "title"), *body[: first + len(block)], *block, *body[first + len(block) :]]


def _whole_page(pages: Pages) -> list[Piece]:
    """All of a page: menus and other headlines above the article's own, which it shares words with, and menus below."""
    after = pages.pick(["\n", "\n\n"])
    name = pages.pick(_PROSE)
    headline = (ARTICLES / name).read_text(encoding="utf-8").split("\n\n")[0].strip()
    menu = [pages.site(), *pages.shuffled(pages.phrases["navigation"])[: 6 + pages.spot(8)]]
    teasers = [str(pair["headline"]) for pair in pages._random.sample(pages.pairs, pages.spot(3))]
    head = pages.shuffled([pages.one_of("byline"), pages.one_of("time_stamp")])
    footer = pages.shuffled(pages.phrases["footer"])[: 5 + pages.spot(4)]
    return [
        *(Piece(line, "remains", after=after) for line in ("Skip to content", *menu, *teasers)),
        Piece(headline, "title", after=after),
        *(Piece(line, "remains", after=after) for line in head),
        *(Piece(paragraph, after=after) for paragraph in _paragraphs(name)),
        *(Piece(line, "remains", after=after) for line in ("Contact us", "Privacy policy", *footer, "Terms of use")),
    ]


# ---- what must stay


def _own_lines(pages: Pages) -> list[Piece]:
    """An article with lines of its own that look like a page's."""
    lines = [Piece(pages.one_of("hard_negatives")) for _ in range(3)]
    headline = pages.headline()
    return pages.page(headline, [*lines, Piece(headline, "remains")])


def _refrain(pages: Pages) -> list[Piece]:
    refrain = pages.pick(_REFRAINS)
    return pages.page(pages.headline(), [Piece(refrain) for _ in range(3)])


def _quoted(pages: Pages) -> list[Piece]:
    headline = pages.headline().rstrip("?!.")
    sentence = pages.pick(
        [
            f"“{headline},” said the poster on the gate.",
            f"{headline}, the notice on the door had said, and nobody believed it.",
            f"The message read: {headline}.",
            f"He had written “{headline}” on the back of an envelope.",
        ]
    )
    return pages.page(headline, [Piece(sentence), Piece(headline, "remains")])


def _poem(pages: Pages) -> list[Piece]:
    verse = [Piece(line, after="\n") for line in pages.pick(_POEMS).split("\n")]
    verse[-1] = replace(verse[-1], after="\n\n")
    headline = pages.headline()
    if pages.spot(2):  # the refrain is the headline, too
        headline, *verse = verse[0].text, *verse[1:]
    if pages.spot(2):
        verse = [replace(line, after="\n\n") for line in verse]
    return [Piece(headline, "title"), *verse]


def _clean(pages: Pages) -> list[Piece]:
    names = sorted(path.name for path in ARTICLES.glob("*.txt") if path.name != "copied-page.txt")
    name = pages.pick(names)
    headline = (ARTICLES / name).read_text(encoding="utf-8").split("\n\n")[0].strip()
    return [Piece(headline, "title"), *map(Piece, _paragraphs(name))]


_REFRAINS = [
    "And still the rain came down.",
    "Nobody had asked the ferrymen.",
    "“We were never told,” she says.",
    "That was the winter of the long ice.",
    "It was not enough.",
]
_POEMS = [
    "The road to Pell\nThe carts went down at four\nwith lanterns on the shaft,\nand the road to Pell\n"
    "was white before the door.\n"
    "The road to Pell\nis longer than the year,\nsays the man who laughed,\nthe road to Pell\nis longer than a year",
    "Count the boats\nOne for the herring,\ntwo for the snow,\nthree for the brother\nwho would not go\n"
    "Count the boats\n"
    "One for the harbour,\ntwo for the tide,\nthree for the widow\nwho waited outside\nCount the boats",
]


# ---- broken text: the page as it was, and what programs made of it


def _broken_text(change: Callable[[Pages, str], str]) -> Callable[[Pages], list[Piece]]:
    """A page with a repeated headline, each piece of it changed by a program."""

    def make(pages: Pages) -> list[Piece]:
        headline = pages.headline()
        page = pages.page(headline, [Piece(headline, "remains")])
        return [replace(piece, text=change(pages, piece.text), reads=piece.text) for piece in page]

    return make


def _wrapped(pages: Pages, text: str) -> str:
    return textwrap.fill(text, pages._random.choice([66, 72, 78]), break_on_hyphens=False)


def _hyphenated(pages: Pages, text: str) -> str:
    """Wrapped by a program that parts long words, as LaTeX and newspapers do."""
    if len(text) < 100:
        return text
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) > 68 and re.fullmatch(r"[a-z]{8,}[.,;]?", word):
            lines.append(f"{line}{word[:4]}{pages.pick(['-', chr(0xAD)])}")
            line = word[4:] + " "
        elif len(line) + len(word) > 74:
            lines.append(line.rstrip())
            line = word + " "
        else:
            line += word + " "
    return "\n".join([*lines, line.rstrip()])


def _wrong_encoding(pages: Pages, text: str) -> str:
    """UTF-8 that was read as Windows-1252."""
    changes = {char: char.encode().decode("cp1252") for char in "’‘“–—é£ü°"} | {"”": "â€\x9d"}
    return text.translate(str.maketrans(changes))


def _with_entities(pages: Pages, text: str) -> str:
    named = {"’": "&rsquo;", "‘": "&lsquo;", "“": "&ldquo;", "”": "&rdquo;", "–": "&ndash;", "£": "&pound;"}
    return html.escape(text, quote=bool(pages.spot(2))).translate(str.maketrans(named))


def _sprinkled(char: str, where: str) -> Callable[[Pages, str], str]:
    def change(pages: Pages, text: str) -> str:
        return re.sub(where, lambda match: char if pages.spot(3) == 0 else match[0], text)

    return change


def _other_line_ends(end: str) -> Callable[[Pages], list[Piece]]:
    def make(pages: Pages) -> list[Piece]:
        headline = pages.headline()
        return [replace(piece, after=end * 2) for piece in pages.page(headline, [Piece(headline, "remains")])]

    return make


_KINDS: dict[str, Callable[[Pages], list[Piece]]] = {
    "headline: as it was": _repeated(lambda pages, headline: headline),
    "headline: in capitals": _repeated(lambda pages, headline: headline.upper()),
    "headline: in lower case": _repeated(lambda pages, headline: headline.lower()),
    "headline: other quotes, dashes, spaces": _repeated(_other_marks),
    "headline: cut with an ellipsis": _repeated(_cut),
    "headline: site behind": _repeated(
        lambda pages, headline: headline + pages.pick([" | ", " - ", " — ", " :: ", " • ", " – "]) + pages.site()
    ),
    "headline: section before": _repeated(
        lambda pages, headline: pages.pick(_SECTIONS) + pages.pick([" > ", " | ", " » ", " - "]) + headline
    ),
    "headline: site and section": _repeated(
        lambda pages, headline: f"{pages.pick(_SECTIONS)} > {headline} | {pages.site()}"
    ),
    "headline: Markdown heading": _repeated(lambda pages, headline: "#" * (1 + pages.spot(3)) + f" {headline}"),
    "headline: HTML heading": _repeated(lambda pages, headline: f'<h1 class="title">{headline}</h1>'),
    "headline: bold": _repeated(lambda pages, headline: pages.pick([f"**{headline}**", f"__{headline}__"])),
    "headline: in quotes": _repeated(
        lambda pages, headline: pages.pick([f"“{headline}”", f'"{headline}"', f"'{headline}'"])
    ),
    "headline: numbered or bulleted": _repeated(
        lambda pages, headline: pages.pick(["1. ", "12) ", "• ", "- ", "* ", "▪ ", "3: "]) + headline
    ),
    "headline: broken over two lines": _broken,
    "headline: glued before a paragraph": _glued_before,
    "headline: glued behind a paragraph": _glued_behind,
    "headline: lightly changed": _changed,
    "headline: below other lines": _below_other_lines,
    "headline: two of them": _two_headlines,
    "repeated kicker": _repeated_line("kicker"),
    "repeated subhead": _repeated_line("subhead"),
    "paragraphs pasted twice": _pasted_twice,
    "advertisement": _line("advertisement"),
    "story continues": _line("story_continues"),
    "link to another page": _line("read_more"),
    "share buttons": _line("share_buttons"),
    "cookie notice": _line("cookie_banner"),
    "byline": _line("byline"),
    "time stamp": _line("time_stamp"),
    "photo credit": _line("photo_credit"),
    "newsletter sign-up": _line("newsletter"),
    "comment count": _line("comment_count"),
    "related headlines": _related,
    "whole page": _whole_page,
    "stays: lines that look like a page's": _own_lines,
    "stays: other headlines": _different,
    "stays: refrain": _refrain,
    "stays: headline quoted in running text": _quoted,
    "stays: verse": _poem,
    "stays: articles that repeat nothing": _clean,
    "broken: hard-wrapped": _broken_text(_wrapped),
    "broken: hyphenated": _broken_text(_hyphenated),
    "broken: wrong encoding": _broken_text(_wrong_encoding),
    "broken: entities": _broken_text(_with_entities),
    "broken: soft hyphens": _broken_text(_sprinkled("\u00ad", r"(?<=[a-z]{4})(?=[a-z]{4})")),
    "broken: non-breaking spaces": _broken_text(_sprinkled("\u00a0", " ")),
    "broken: zero-width spaces": _broken_text(_sprinkled(" \u200b", " ")),
    "broken: Windows line ends": _other_line_ends("\r\n"),
    "broken: old Mac line ends": _other_line_ends("\r"),
}
