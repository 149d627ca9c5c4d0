"""Random parts of synthetic pages: headlines, lines of page furniture and paragraphs of the test articles.

The phrases and headlines have two halves: rules were written and thresholds fitted on "fitting"; "testing" measures
them.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

FOLDER = Path(__file__).with_name("pages")
ARTICLES = Path(__file__).resolve().parents[2] / "tests" / "articles"
Half = Literal["fitting", "testing"]
# Boilerplate must be removed. An "either" piece may be removed or kept: the name of a section.
Role = Literal["article", "title", "boilerplate", "either"]
SECTIONS = ["News", "World", "UK News", "Business", "Local News"]
# Articles in English running text; the others are lists, tables, interviews or in other languages.
PROSE = [
    "news-harbour-bridge.txt",
    "science-lake-sediment.txt",
    "opinion-night-buses.txt",
    "court-appeal.txt",
    "contradiction.txt",
    "instructions.txt",
    "longread-salt-road.txt",
]
_SITES = ["CNN", "BBC News", "The Guardian", "Reuters", "Daily Mail Online", "Lakeside Times", "Harbour Gazette", "AP"]
_SEED = 20_240_607
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Piece:
    """A part of a page.

    :param cleaned: the text after cleaning, if cleaning repairs it.
    :param after: the separator between this piece and the next one.
    """

    text: str
    role: Role = "article"
    cleaned: str = ""
    after: str = "\n\n"

    @property
    def expected(self) -> str:
        """The text that cleaning should return if it keeps the piece."""
        return self.cleaned or self.text


@dataclass(frozen=True)
class HeadlineVariants:
    """A headline and similar ones.

    :param changed: the same headline, lightly changed.
    :param different: headlines with another meaning.
    """

    headline: str
    changed: tuple[str, ...]
    different: tuple[str, ...]


def article_blocks(name: str) -> list[str]:
    """The headline of a test article, then its paragraphs."""
    blocks = (ARTICLES / name).read_text(encoding="utf-8").split("\n\n")
    return [block.strip() for block in blocks if block.strip()]


class Draw:
    """Draws parts of one half at random, in the same order every time.

    :param phrases: lines of page furniture and of articles, by kind.
    :param headlines: the headlines of this half.
    """

    def __init__(self, half: Half) -> None:
        stored = json.loads((FOLDER / "phrases.json").read_text(encoding="utf-8"))
        first = 0 if half == "fitting" else 1
        self.headlines = [
            HeadlineVariants(pair["headline"], tuple(pair["changed"]), tuple(pair["different"]))
            for pair in stored.pop("headline_pairs")[first::2]
        ]
        self.phrases: dict[str, list[str]] = {kind: phrases[first::2] for kind, phrases in stored.items()}
        self._random = random.Random(f"{_SEED} {half}")

    def integer(self, least: int, most: int) -> int:
        """A number in this range, both ends included."""
        return self._random.randint(least, most)

    def choice(self, items: Sequence[_Item]) -> _Item:
        """One of the items."""
        return self._random.choice(items)

    def sample(self, items: Sequence[_Item], count: int) -> list[_Item]:
        """Different items in random order."""
        return self._random.sample(items, count)

    def shuffled(self, items: Sequence[_Item]) -> list[_Item]:
        """All items in random order."""
        return self.sample(items, len(items))

    def coin(self) -> bool:
        """True or False, with equal probability."""
        return bool(self.integer(0, 1))

    def phrase(self, kind: str) -> str:
        """A phrase of a kind."""
        return self.choice(self.phrases[kind])

    def site(self) -> str:
        """The name of a site."""
        return self.choice(_SITES)

    def variants(self) -> HeadlineVariants:
        """A headline with its variants."""
        return self.choice(self.headlines)

    def headline(self) -> str:
        """A headline."""
        return self.variants().headline

    def body(self) -> list[Piece]:
        """The first paragraphs of an article."""
        _, *paragraphs = article_blocks(self.choice(PROSE))
        return [Piece(paragraph) for paragraph in paragraphs[: self.integer(4, 12)]]

    def page(self, headline: str, inserted: Sequence[Piece] = ()) -> list[Piece]:
        """A headline and an article, with each inserted piece after a random paragraph."""
        pieces = self.body()
        for piece in inserted:
            pieces.insert(self.integer(1, len(pieces)), piece)
        return [Piece(headline, "title"), *pieces]


Kind = Callable[[Draw], list[Piece]]
