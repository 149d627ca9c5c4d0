"""The verifier's examples: right and wrong sentences on an article, each with the passage that it is checked against.

The wrong ones were written by hand, or are made by rules from right ones (`wrong_sentences`).
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.evaluation.data import read_rows
from scripts.training.wrong_sentences import wrong_sentences
from summarizer.cleaning import clean
from summarizer.faithfulness.evidence import Claim, Source
from summarizer.models.encoder import SentenceEncoder
from summarizer.readers import Document
from summarizer.text.sentences import sentence_spans
from summarizer.text.words import word_count

_FIELDS = {"id", "split", "title", "text", "short", "long", "wrong"}
# A sentence of the article itself is right, too: the network learns to compare words on it.
_MIN_COPIED_WORDS = 8


@dataclass(frozen=True)
class Pair:
    """A sentence and the passage of its article.

    :param kind: of the error; empty for a right sentence.
    :param wrong_spans: start and end of the characters that are wrong; None if it is not known which are.
    :param is_made: whether a rule made it.
    """

    passage: str
    sentence: str
    kind: str = ""
    wrong_spans: tuple[tuple[int, int], ...] | None = ()
    is_made: bool = False


def read_pairs(files: Sequence[Path], split: str, encoder: SentenceEncoder) -> Iterator[list[Pair]]:
    """The pairs of each article of one split (`train` or `validation`): right sentences and ones wrong by hand.

    :param files: JSON lines: id, split, title, text, short, long, wrong.
    """
    for file in files:
        for row in read_rows(file, _FIELDS):
            if row["split"] == split:
                yield _pairs_of(row, encoder)


def _pairs_of(row: dict[str, Any], encoder: SentenceEncoder) -> list[Pair]:
    article = clean(Document(row["text"], title=row["title"] or None))
    sentences = [span.of(article.text) for span in article.sentences]
    right = [span.of(row[length]) for length in ("short", "long") for span in sentence_spans(row[length])]
    texts = [*right, *(one["text"] for one in row["wrong"])]
    vectors = encoder.embed([*sentences, *texts])
    source = Source(sentences, vectors[: len(sentences)])
    passages = [
        Claim(source, text, vector).passage for text, vector in zip(texts, vectors[len(sentences) :], strict=True)
    ]
    return [
        *(Pair(passage, text) for passage, text in zip(passages, right, strict=False)),
        *(
            Pair(passage, one["text"], one["kind"], None)
            for passage, one in zip(passages[len(right) :], row["wrong"], strict=True)
        ),
    ]


def with_made(pairs: Sequence[Pair], chance: random.Random) -> list[Pair]:
    """The pairs of an article, a wrong variant of each right one, and a sentence of the article with one."""
    right = [pair for pair in pairs if not pair.kind]
    own = {span.of(pair.passage): pair.passage for pair in right for span in sentence_spans(pair.passage)}
    whole = [text for text in own if word_count(text) >= _MIN_COPIED_WORDS]
    copied = [Pair(own[text], text, is_made=True) for text in chance.sample(whole, min(1, len(whole)))]
    others = [pair.sentence for pair in right]
    made = [
        Pair(pair.passage, wrong.text, wrong.kind, wrong.spans or None, is_made=True)
        for pair in (*right, *copied)
        for wrong in wrong_sentences(pair.sentence, pair.passage, others, 1, chance)
    ]
    return [*pairs, *copied, *made]
