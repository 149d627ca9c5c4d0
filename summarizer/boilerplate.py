"""Boilerplate: how surely a line is a page's and not its article's, by its words and its form.

For what pages say in ways that no list foresees. A logistic model on words, pairs of words and shape, as shallow
features tell boilerplate well (Kohlschütter et al. 2010); it sees one line at a time. `scripts/fit_boilerplate.py` fits
it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from summarizer.sentences import ends_whole
from summarizer.text import CALENDAR

WEIGHTS = Path(__file__).with_name("boilerplate.json")
# Longer lines are paragraphs, and none of them is taken for boilerplate here.
LONGEST = 30
# Contracts and manuals speak as pages do, in sentences of so many words; few pages have as long ones.
_LONG_SENTENCE = 9
_CLAUSE = re.compile(r";(?: and| or)?$")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:/]\d+)*|[^\w\s]")
# Social networks, as buttons name them.
NETWORKS = frozenset(
    "facebook twitter x instagram youtube tiktok whatsapp linkedin pinterest reddit messenger telegram bluesky "
    "mastodon threads flipboard snapchat".split()
)
_QUOTES = re.compile('["“”‘’«»]')
_QUOTATION = re.compile('["“«][^"“”«»]{8,}["”»]')
# A character beyond the punctuation of running text: an arrow, a pictogram, a bullet.
_PICTOGRAM = re.compile(r"[\u2190-\u2bff\U0001f000-\U0001faff]")
_LENGTHS = (1, 2, 3, 5, 8, 12, 18)


@dataclass(frozen=True)
class Boilerplate:
    """A fitted model.

    :param weights: log-odds by feature; a word that is not among them counts by its shape.
    :param threshold: the log-odds from which on a line is taken for boilerplate.
    """

    bias: float
    threshold: float
    weights: Mapping[str, float]

    def log_odds(self, line: str) -> float:
        """How surely a line is boilerplate."""
        return self.bias + sum(self.weights.get(feature, 0.0) for feature in features(line, self.weights))

    def is_sure(self, line: str) -> bool:
        """Whether a line is boilerplate so surely that it may go; a long sentence and what somebody says never are."""
        words = len(line.split())
        is_sentence = words >= _LONG_SENTENCE and (ends_whole(line) or bool(_CLAUSE.search(line)))
        if words > LONGEST or is_sentence or _QUOTATION.search(line):
            return False
        return self.log_odds(line) >= self.threshold


@lru_cache(maxsize=1)
def fitted() -> Boilerplate:
    """The model of the package."""
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Boilerplate(stored["bias"], stored["threshold"], stored["weights"])


def features(line: str, known: Mapping[str, object]) -> set[str]:
    """What a line is judged by: its words, each two that stand together, and its form.

    :param known: the words that count as themselves; others count by their shape, "Lind" as a name.
    """
    words = ["<begin>", *(_as_known(token, known) for token in _TOKEN.findall(line)), "<end>"]
    return {*words[1:-1], *(f"{word} {following}" for word, following in pairwise(words)), *_form(line)}


def _as_known(token: str, known: Mapping[str, object]) -> str:
    plain = token.casefold()
    if plain in CALENDAR:
        return "<calendar>"
    if plain in NETWORKS:
        return "<network>"
    if token[0].isdigit():
        return "<number>" if token.isdigit() else "<figures>"
    if _PICTOGRAM.match(token):
        return "<pictogram>"
    if plain in known or not token[0].isalpha():
        return plain
    return "<CAPITALS>" if token.isupper() else "<Name>" if token[0].isupper() else "<word>"


def _form(line: str) -> Iterator[str]:
    words = line.split()
    yield f"length {sum(len(words) > length for length in _LENGTHS)}"
    if ends_whole(line):
        yield "ends a sentence"
    if _QUOTES.search(line):
        yield "quotes"
    if line.isupper():
        yield "all capitals"
    if "@" in line or "www." in line or "://" in line:
        yield "address"
    later = [word for word in words[1:] if word[0].isalpha()]
    if later:
        yield f"later capitals {round(3 * sum(word[0].isupper() for word in later) / len(later))}"
