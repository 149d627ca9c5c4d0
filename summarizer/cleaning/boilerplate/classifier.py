"""A line → the log-odds that it is boilerplate, by its words and shape.

A logistic model for boilerplate that no pattern matches. Its features are the words, the pairs of words and the shape
of one line; such shallow features identify boilerplate well (Kohlschütter et al. 2010). `weights.json` has the weights;
scripts/training/line_classifier.py fits them.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from summarizer.text.lexicon import CALENDAR, QUOTATION_MARKS
from summarizer.text.sentences import ends_whole

WEIGHTS = Path(__file__).with_name("weights.json")
# Longer lines are paragraphs and never count as boilerplate.
MAX_WORDS = 30
# Sentences of this length never count as boilerplate: contracts and manuals have them in the wording of pages, and few
# pages have any.
_MIN_LONG_SENTENCE_WORDS = 9
_CLAUSE = re.compile(r";(?: and| or)?$")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:/]\d+)*|[^\w\s]")
# Social networks, as on buttons.
NETWORKS = frozenset(
    "facebook twitter x instagram youtube tiktok whatsapp linkedin pinterest reddit messenger telegram bluesky "
    "mastodon threads flipboard snapchat".split()
)
_QUOTES = re.compile(QUOTATION_MARKS)
_QUOTATION = re.compile('["“«][^"“”«»]{8,}["”»]')
# Arrows, pictograms and geometric bullets.
_PICTOGRAM = re.compile(r"[\u2190-\u2bff\U0001f000-\U0001faff]")
_LENGTH_STEPS = (1, 2, 3, 5, 8, 12, 18)  # words


@dataclass(frozen=True)
class LineClassifier:
    """A fitted model.

    :param weights: log-odds by feature; a word that is not among them is represented by its shape.
    :param threshold: log-odds at which a line counts as boilerplate.
    """

    bias: float
    threshold: float
    weights: Mapping[str, float]

    def log_odds(self, line: str) -> float:
        """The log-odds that a line is boilerplate; negative for lines that more probably belong to the article."""
        return self.bias + sum(self.weights.get(feature, 0.0) for feature in features(line, self.weights))

    def is_sure(self, line: str) -> bool:
        """Whether a line can be removed as boilerplate; paragraphs, long sentences and quotations never can."""
        length = len(line.split())
        is_sentence = length >= _MIN_LONG_SENTENCE_WORDS and (ends_whole(line) or bool(_CLAUSE.search(line)))
        if length > MAX_WORDS or is_sentence or _QUOTATION.search(line):
            return False
        return self.log_odds(line) >= self.threshold


@lru_cache(maxsize=1)
def line_classifier() -> LineClassifier:
    """The model in `weights.json`, loaded once."""
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return LineClassifier(stored["bias"], stored["threshold"], stored["weights"])


def features(line: str, known: Mapping[str, object]) -> set[str]:
    """The features of a line: its words, the pairs of adjacent words, and its shape.

    :param known: the words that are features themselves; every other word is represented by its shape, "Lind" by
        "<Name>".
    """
    words = ["<begin>", *(_word_feature(token, known) for token in _TOKEN.findall(line)), "<end>"]
    return {*words[1:-1], *(f"{word} {following}" for word, following in pairwise(words)), *_shape_features(line)}


def _word_feature(token: str, known: Mapping[str, object]) -> str:
    word = token.casefold()
    if word in CALENDAR:
        return "<calendar>"
    if word in NETWORKS:
        return "<network>"
    if token[0].isdigit():
        return "<number>" if token.isdigit() else "<figures>"
    if _PICTOGRAM.match(token):
        return "<pictogram>"
    if word in known or not token[0].isalpha():
        return word
    return "<CAPITALS>" if token.isupper() else "<Name>" if token[0].isupper() else "<word>"


def _shape_features(line: str) -> Iterator[str]:
    words = line.split()
    yield f"length {sum(len(words) > step for step in _LENGTH_STEPS)}"
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
