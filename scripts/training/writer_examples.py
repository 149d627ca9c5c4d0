"""The writer's examples: reference summaries in, prompts and answers out.

Prompt and answer have the form that the service uses (`summarizer.models.prompts`): each statement of a summary stands
after the one or two sentences of the article that it rests on. The same data, seed and epoch always give the same
examples.
"""

import hashlib
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Protocol

from scripts.training.alignment import coverage, sources_of
from scripts.training.article_selection import Selection
from summarizer.faithfulness.lexical import names_and_numbers
from summarizer.models import prompts
from summarizer.models.protocols import Excerpt
from summarizer.text.sentences import sentence_spans

# Shares of the training examples: clients often have no title, other quote marks, or want only one length. Not tuned.
TITLE_DROPPED = 0.15
OTHER_QUOTES = 0.15
ONE_LENGTH = 0.1
# Of a statement's words in its sources. The rest is paraphrase, which the model should learn to avoid.
MIN_COVERAGE = 0.8
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


class Tokenizer(Protocol):
    """The part of a transformers tokenizer that examples need."""

    def __call__(self, text: str, *, add_special_tokens: bool) -> Any:
        """Token ids of a text, as `input_ids`."""


@dataclass(frozen=True)
class Statement:
    """A sentence of a summary.

    :param sources: the indices of the one or two sentences of the article that it rests on, best first.
    """

    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True)
class Reference:
    """An article as the writer reads it, with its two reference summaries."""

    id: str
    title: str | None
    sentences: tuple[str, ...]
    short: tuple[Statement, ...]
    long: tuple[Statement, ...]


@dataclass(frozen=True)
class Example:
    """Token ids of a prompt and of its answer.

    :param learned: for each token of the answer, whether the model learns to write it; the rest of a source after the
        tokens that tell it from the article's other sentences is given.
    """

    id: str
    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    learned: tuple[bool, ...]

    @property
    def given(self) -> int:
        """How many of the answer's first tokens the client gives: the mark of the length."""
        return self.learned.index(True)

    @property
    def tokens(self) -> int:
        """The length of both."""
        return len(self.prompt) + len(self.answer)


def read_references(data: Path, split: str, select: Selection, budget: int) -> list[Reference]:
    """The references of one split (`train` or `validation`), in the file's order.

    :param data: JSON lines: id, split, title, text, short, long.
    :param select: chooses the sentences that the writer reads.
    :param budget: tokens of the article's text.
    """
    with data.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    references = []
    for row in rows:
        if row["split"] == split:
            read = select(row["title"] or None, row["text"], budget)
            short, long = (_statements(row[length], read.sentences) for length in ("short", "long"))
            references.append(Reference(row["id"], read.title, read.sentences, short, long))
    return references


def _statements(summary: str, sentences: Sequence[str]) -> tuple[Statement, ...]:
    texts = [span.of(summary) for span in sentence_spans(summary)]
    return tuple(Statement(text, sources_of(text, sentences)) for text in texts)


def data_hash(files: Sequence[Path]) -> str:
    """The SHA-256 of data files, in hexadecimal."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def faithful(reference: Reference) -> Reference | None:
    """The reference without the statements that the writer could not take from what it reads.

    Most errors of a small model come from merged or missing sources, and a fact that the token budget cut off would
    teach it to invent. A summary goes with its first statement, which says the main thing; None when the long one goes.
    """
    short = tuple(one for one in reference.short if is_faithful(one, reference))
    long = tuple(one for one in reference.long if is_faithful(one, reference))
    if long[:1] != reference.long[:1]:
        return None
    return replace(reference, short=short if short == reference.short else (), long=long)


def is_faithful(statement: Statement, reference: Reference) -> bool:
    """Whether a statement is near its sources' wording, with no name or number that the sentences lack.

    What only the title says does not count: verification refuses it, and the title is left out at random.
    """
    sources = [reference.sentences[index] for index in statement.sources]
    read = {term.casefold() for text in reference.sentences for term in _bare_terms(text)}
    facts = _bare_terms(" ".join(names_and_numbers(statement.text)))
    return {fact.casefold() for fact in facts} <= read and coverage(statement.text, sources) >= MIN_COVERAGE


def _bare_terms(text: str) -> list[str]:
    return [re.sub(r"['’]s?$", "", term) for term in re.findall(r"[^\W_]+(?:[.,'’][^\W_]+)*", text)]


def order(count: int, epochs: int, seed: int) -> list[tuple[int, int]]:
    """Pairs of epoch and index of an example: each epoch has every example once, shuffled."""
    return [
        (epoch, index)
        for epoch in range(epochs)
        for index in random.Random(f"{seed} {epoch}").sample(range(count), count)
    ]


def augmented(reference: Reference, seed: int, epoch: int) -> Reference:
    """The reference as a client might send it: without its title, with other quote marks, or one length alone."""
    chance = random.Random(f"{seed} {epoch} {reference.id}")
    drops_title, other_quotes, one_length = (chance.random() for _ in range(3))
    if drops_title < TITLE_DROPPED:
        reference = replace(reference, title=None)
    if other_quotes < OTHER_QUOTES:
        reference = _with_other_quotes(reference)
    if one_length < ONE_LENGTH:
        reference = replace(reference, short=())
    return reference


def _with_other_quotes(reference: Reference) -> Reference:
    """Curly quote marks made straight in a text that has them, else straight ones made curly."""
    has_curly = any(text.translate(_STRAIGHT) != text for text in reference.sentences)
    change = _with_straight_quotes if has_curly else with_curly_quotes

    def changed(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return tuple(Statement(change(one.text), one.sources) for one in statements)

    return replace(
        reference,
        title=reference.title and change(reference.title),
        sentences=tuple(map(change, reference.sentences)),
        short=changed(reference.short),
        long=changed(reference.long),
    )


def _with_straight_quotes(text: str) -> str:
    return text.translate(_STRAIGHT)


def with_curly_quotes(text: str) -> str:
    """Straight quotation marks made curly; those behind a digit may mean feet and inches, and stay."""
    text = re.sub(r'(?<![\w.,!?)])"(?=\S)', "“", text)
    text = re.sub(r"(?<![\w.,!?)])'(?=[^\W\d])", "‘", text)
    return re.sub(r'(?<!\d)"', "”", re.sub(r"(?<!\d)'", "’", text))


def encoded(tokenizer: Tokenizer, reference: Reference) -> Example:
    """Token ids of the prompt and of the answer."""

    def ids(text: str) -> tuple[int, ...]:
        return tuple(tokenizer(text, add_special_tokens=False).input_ids)

    lines = [ids(f" {prompts.without_special_tokens(sentence)}\n") for sentence in reference.sentences]
    answer: list[int] = []
    learned: list[bool] = []

    def add(tokens: Sequence[int], learn: int) -> None:
        """Append tokens, of which the first `learn` are learned."""
        answer.extend(tokens)
        learned.extend(place < learn for place in range(len(tokens)))

    for mark, statements in ((prompts.SHORT_MARK, reference.short), (prompts.LONG_MARK, reference.long)):
        if not statements:  # this length is not asked for
            continue
        # The first mark is given: the client asks for a length.
        add(ids(mark), len(ids(mark)) if answer else 0)
        for statement in statements:
            for source in statement.sources:
                add(ids(prompts.SOURCE_MARK), 1)
                add(lines[source], distinct_length(lines, source))
            add(ids(prompts.STATEMENT_MARK), 1)
            line = ids(f" {statement.text}\n")
            add(line, len(line))
    add(ids(prompts.END_MARK), 1)
    prompt = ids(prompts.writing_prompt(Excerpt(reference.title, reference.sentences)))
    return Example(reference.id, prompt, tuple(answer), tuple(learned))


def distinct_length(lines: Sequence[tuple[int, ...]], index: int) -> int:
    """How many of a line's first tokens tell it from all other lines."""
    line = lines[index]
    others = [other for place, other in enumerate(lines) if place != index]
    shared = [sum(accumulate((a == b for a, b in zip(line, other)), min)) for other in others]  # noqa: B905
    return min(max(shared, default=0) + 1, len(line))


def closeness(reference: Reference) -> float:
    """The share of the summaries' word pairs that are in the article as the writer reads it, 0 to 1."""
    read = set(_pairs(" ".join(filter(None, (reference.title, *reference.sentences)))))
    pairs = [pair for one in (*reference.short, *reference.long) for pair in _pairs(one.text)]
    return sum(pair in read for pair in pairs) / max(len(pairs), 1)


def _pairs(text: str) -> list[tuple[str, str]]:
    return list(pairwise(term.casefold() for term in _bare_terms(text)))
