"""The writer's examples: reference summaries in, prompts and answers out.

Prompt and answer have the form that the service uses (`summarizer.models.prompts`): each statement of a summary stands
after the sentences of the article that it rests on, and the model judges it: right ones of the references, and wrong
ones, which people wrote or rules made. The same data, seed and epoch always give the same examples.
"""

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from scripts.training.alignment import rests_on, sources_of
from scripts.training.wrong_sentences import wrong_sentences
from summarizer import cleaning
from summarizer.abstraction import around, token_costs
from summarizer.faithfulness.lexical import names_and_numbers
from summarizer.models import prompts
from summarizer.models.protocols import Excerpt
from summarizer.readers import Document
from summarizer.text.numbers import canonical
from summarizer.text.sentences import sentence_spans
from summarizer.text.words import stem, terms

# Shares of the training examples: clients often have no title, other quote marks, or want the short summary. Not tuned.
TITLE_DROPPED = 0.15
OTHER_QUOTES = 0.15
SHORT_ALONE = 0.1
# Wrong variants that rules make of each right statement.
_MADE = 1
# What a verdict counts: wrong statements of people are what matters, and rules make many.
_BY_HAND, _BY_RULE = 2.0, 0.7
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})

# Called with a text; returns the number of its tokens.
CountTokens = Callable[[str], int]


class Tokenizer(Protocol):
    """The part of a transformers tokenizer that examples need."""

    def __call__(self, text: str, *, add_special_tokens: bool) -> Any:
        """Token ids of a text, as `input_ids`."""


@dataclass(frozen=True)
class Statement:
    """A sentence of a summary.

    :param sources: the indices of the sentences that it rests on, among those that are read, in order.
    :param kind: of its error; empty if it is right.
    :param is_made: whether a rule made it.
    """

    text: str
    sources: tuple[int, ...]
    kind: str = ""
    is_made: bool = False


@dataclass(frozen=True)
class Reference:
    """An article as the writer reads it, and the statements of its two reference summaries.

    :param wrong: statements that are wrong.
    """

    id: str
    title: str | None
    sentences: tuple[str, ...]
    short: tuple[Statement, ...]
    long: tuple[Statement, ...]
    wrong: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Check:
    """A verdict that the model learns to give.

    :param after: how many tokens of the answer stand before it.
    :param tokens: what follows them, up to the mark behind which the verdict stands: the mark alone, if the answer has
        the statement.
    :param weight: what it counts.
    """

    after: int
    tokens: tuple[int, ...]
    statement: Statement
    weight: float


@dataclass(frozen=True)
class Example:
    """Token ids of a prompt and of its answer.

    :param learned: for each token of the answer, whether the model learns to write it; the mark of the length and the
        points are given.
    """

    id: str
    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    learned: tuple[bool, ...]
    checks: tuple[Check, ...] = ()

    @property
    def statements(self) -> list[slice]:
        """The parts of the answer that the model learns to write."""
        edges = [index for index, pair in enumerate(pairwise((False, *self.learned, False))) if pair[0] != pair[1]]
        return [slice(*edge) for edge in zip(edges[::2], edges[1::2], strict=True)]

    @property
    def tokens(self) -> int:
        """The length of prompt and answer."""
        return len(self.prompt) + len(self.answer)


@dataclass(frozen=True)
class _Counter:
    """Counts tokens as the service asks a model to."""

    count: CountTokens

    def count_tokens(self, text: str, on_wait: Callable[[], None]) -> int:
        return self.count(text)


def read_references(data: Path, split: str, count_tokens: CountTokens, budget: int) -> list[Reference]:
    """The references of one split (`train` or `validation`) with something to learn from, in the file's order.

    :param data: JSON lines: id, split, title, text, short, long, wrong.
    :param budget: tokens of the article's text that are read.
    """
    with data.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["split"] == split]
    references = (_reference(row, _Counter(count_tokens), budget) for row in rows)
    return [one for one in references if one.long]


def _reference(row: dict[str, Any], counter: _Counter, budget: int) -> Reference:
    article = cleaning.clean(Document(row["text"], title=row["title"] or None))
    sentences = [span.of(article.text) for span in article.sentences]
    short, long = (_statements(row[length], sentences) for length in ("short", "long"))
    wrong = [one for given in row["wrong"] if (one := _wrong(given, long, sentences))]
    points = list(dict.fromkeys(point for one in (*long, *short, *wrong) for point in one.sources))
    costs = token_costs(article.text, sentences, counter, lambda: None)
    read = around(points, sentences, costs, budget)
    texts = tuple(sentences[index] for index in read)

    def readable(statements: Sequence[Statement]) -> tuple[Statement, ...]:
        return tuple(
            replace(one, sources=tuple(map(read.index, one.sources)))
            for one in statements
            if set(one.sources) <= set(read)
        )

    right_short, right_long = (
        tuple(one for one in readable(part) if has_known_facts(one, texts)) for part in (short, long)
    )
    return Reference(row["id"], article.title, texts, right_short[:1], right_long, readable(wrong))


def _statements(summary: str, sentences: Sequence[str]) -> list[Statement]:
    """The statements with known sources, the first one first and the others in the article's order."""
    texts = [span.of(summary) for span in sentence_spans(summary)]
    statements = [Statement(text, sources) for text in texts if (sources := sources_of(text, sentences))]
    return [*statements[:1], *sorted(statements[1:], key=lambda one: one.sources)]


def _wrong(given: dict[str, str], right: Sequence[Statement], sentences: Sequence[str]) -> Statement | None:
    """A wrong statement with the sources of a right one, if these have what it says, else with its own ones."""
    shared = (one.sources for one in right if rests_on(given["text"], [sentences[index] for index in one.sources]))
    sources = next(shared, None) or sources_of(given["text"], sentences)
    return Statement(given["text"], sources, given["kind"]) if sources else None


def data_hash(files: Sequence[Path]) -> str:
    """The SHA-256 of data files, in hexadecimal."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def has_known_facts(statement: Statement, sentences: Sequence[str]) -> bool:
    """Whether the sentences have all names and numbers of a statement.

    A fact that the token budget cut off would teach the writer to invent. What only the title says does not count:
    verification refuses it, and the title is left out at random.
    """
    read = {stem(term) for text in sentences for term in terms(canonical(text))}
    return {stem(term) for term in names_and_numbers(canonical(statement.text))} <= read


def order(count: int, epochs: int, seed: int) -> list[tuple[int, int]]:
    """Pairs of epoch and index of an example: each epoch has every example once, shuffled."""
    return [
        (epoch, index)
        for epoch in range(epochs)
        for index in random.Random(f"{seed} {epoch}").sample(range(count), count)
    ]


def augmented(reference: Reference, seed: int, epoch: int) -> Reference:
    """The reference with wrong variants of its statements, and as a client might send it.

    That is without its title, with other quote marks, or for a short summary.
    """
    chance = random.Random(f"{seed} {epoch} {reference.id}")
    drops_title, other_quotes, short_alone = (chance.random() for _ in range(3))
    if drops_title < TITLE_DROPPED:
        reference = replace(reference, title=None)
    if other_quotes < OTHER_QUOTES:
        reference = _with_other_quotes(reference)
    if short_alone < SHORT_ALONE and reference.short:
        reference = replace(reference, long=())
    return replace(reference, wrong=(*reference.wrong, *_made(reference, chance)))


def _made(reference: Reference, chance: random.Random) -> Iterator[Statement]:
    """Wrong variants of the statements that the example states."""
    statements = reference.long or reference.short
    for one in statements:
        passage = " ".join(reference.sentences[index] for index in one.sources)
        others = [other.text for other in statements if other != one]
        for wrong in wrong_sentences(one.text, passage, others, _MADE, chance):
            yield Statement(wrong.text, one.sources, wrong.kind, is_made=True)


def _with_other_quotes(reference: Reference) -> Reference:
    """Curly quote marks made straight in a text that has them, else straight ones made curly."""
    has_curly = any(text.translate(_STRAIGHT) != text for text in reference.sentences)
    change = _with_straight_quotes if has_curly else with_curly_quotes

    def changed(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return tuple(replace(one, text=change(one.text)) for one in statements)

    return replace(
        reference,
        title=reference.title and change(reference.title),
        sentences=tuple(map(change, reference.sentences)),
        short=changed(reference.short),
        long=changed(reference.long),
        wrong=changed(reference.wrong),
    )


def _with_straight_quotes(text: str) -> str:
    return text.translate(_STRAIGHT)


def with_curly_quotes(text: str) -> str:
    """Straight quotation marks made curly; those behind a digit may mean feet and inches, and stay."""
    text = re.sub(r'(?<![\w.,!?)])"(?=\S)', "“", text)
    text = re.sub(r"(?<![\w.,!?)])'(?=[^\W\d])", "‘", text)
    return re.sub(r'(?<!\d)"', "”", re.sub(r"(?<!\d)'", "’", text))


def encoded(tokenizer: Tokenizer, reference: Reference) -> Example:
    """Token ids of the prompt and of the answer: the long summary, or the short one if there is no long one."""
    mark, statements = (prompts.LONG_MARK, reference.long) if reference.long else (prompts.SHORT_MARK, reference.short)
    answer: list[int] = []
    learned: list[bool] = []
    checks: list[Check] = []

    def ids(text: str) -> list[int]:
        return list(tokenizer(text, add_special_tokens=False).input_ids)

    def add(text: str, learn: bool) -> None:
        answer.extend(ids(text))
        learned.extend([learn] * (len(answer) - len(learned)))

    def add_check(statement: Statement, given: Sequence[int]) -> None:
        weight = _BY_RULE if statement.is_made else _BY_HAND if statement.kind else 1.0
        tokens = (*given, *ids(prompts.VERDICT_MARK))
        checks.append(Check(len(answer), tokens, statement, weight))

    add(mark, learn=False)
    for statement in statements:
        add(_given(reference, statement), learn=False)
        for wrong in reference.wrong:
            if wrong.sources == statement.sources:
                add_check(wrong, ids(_line(wrong)))
        add(_line(statement), learn=True)
        add_check(statement, ())
    stated = {statement.sources for statement in statements}
    for wrong in reference.wrong:
        if wrong.sources not in stated:
            add_check(wrong, [*ids(_given(reference, wrong)), *ids(_line(wrong))])
    prompt = prompts.writing_prompt(Excerpt(reference.title, reference.sentences))
    return Example(reference.id, tuple(ids(prompt)), tuple(answer), tuple(learned), tuple(checks))


def _given(reference: Reference, statement: Statement) -> str:
    """What stands before a statement: its sources."""
    return prompts.statement_prompt([reference.sentences[index] for index in statement.sources])


def _line(statement: Statement) -> str:
    return f" {statement.text}\n"


def closeness(reference: Reference) -> float:
    """The share of the summaries' word pairs that are in the article as the writer reads it, 0 to 1."""
    read = set(_pairs(" ".join(filter(None, (reference.title, *reference.sentences)))))
    pairs = [pair for one in (*reference.short, *reference.long) for pair in _pairs(one.text)]
    return sum(pair in read for pair in pairs) / max(len(pairs), 1)


def _pairs(text: str) -> list[tuple[str, str]]:
    return list(pairwise(term.casefold() for term in terms(text)))
