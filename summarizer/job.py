"""`Job`: a summary being computed, and the listener that follows it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Self, cast, get_args

from summarizer.abstraction import Accepted
from summarizer.cancellation import checkpoint
from summarizer.cleaning import Article
from summarizer.cleaning.repair import repair
from summarizer.errors import InvalidOption
from summarizer.models.encoder import Vectors
from summarizer.selection.length import (
    FORMATS,
    LENGTHS,
    LIMITS,
    MAX_FOCUS,
    MAX_WANTED_WORDS,
    MIN_ARTICLE_WORDS,
    MIN_WANTED_WORDS,
    Format,
    Length,
    Limits,
    limits_of,
    point_limits,
)
from summarizer.selection.selector import Candidate, Selector, carries_news
from summarizer.settings import Method
from summarizer.spans import Span
from summarizer.summary import SummarySentence
from summarizer.text.language import language_name
from summarizer.text.sentences import lacks_marks
from summarizer.text.words import word_count

# The language that selection, verification and prompts are made for.
_LANGUAGE = "en"

# A written summary is filled up with the article's own sentences only below this share of the least words: readers find
# them stray.
_FILLED_BELOW = 0.6

# Sentences of the article that are named as left out.
_MOST_LEFT_OUT = 3

Stage = Literal["selecting", "writing", "verifying"]
SentencesByLength = Mapping[Length, Sequence[SummarySentence]]


class Listener:
    """Follows a summary being computed, on the thread that computes it; override the methods you need.

    An exception that one of them raises ends the job and reaches the caller of `Summarizer.summarize`.
    """

    def on_article(self, article: Article) -> None:
        """The article is cleaned."""

    def on_preview(self, make_preview: Callable[[], SentencesByLength]) -> None:
        """A model is about to write; `make_preview` returns the extractive summary."""

    def on_sentence(self, length: Length, index: int, sentence: SummarySentence) -> None:
        """A sentence that a model wrote is verified; the finished summary may have another one at this position."""

    def on_step(self, stage: Stage, done: int, total: int) -> None:
        """A stage has done this many of its steps."""


@dataclass(frozen=True)
class Choice:
    """A sentence that the summary may contain.

    :param source: the index of the article's sentence that it is, or mainly rests on.
    """

    sentence: SummarySentence
    source: int


@dataclass(frozen=True)
class Outcome:
    """The sentences of a summary and how they came about.

    :param drafted: sentences that a model wrote.
    :param refused: drafted sentences that were not supported.
    :param left_out: main sentences of the article that the summaries do not cover.
    """

    sentences: SentencesByLength
    notes: tuple[str, ...] = ()
    drafted: int = 0
    refused: int = 0
    left_out: tuple[Span, ...] = ()

    def with_notes(self, *notes: str) -> "Outcome":
        """The same outcome with notes before its own."""
        return replace(self, notes=(*notes, *self.notes))


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    :param words: of the long summary; None for its usual length.
    :param focus: what the summary should be about, in words or as a question; None for what is news.
    """

    lengths: frozenset[Length]
    words: int | None = None
    focus: str | None = None
    format: Format = "paragraph"

    @classmethod
    def of(cls, method: str, lengths: Iterable[str], words: int | None, focus: str | None, form: Format) -> Self:
        """Check the options of a summary.

        :raises InvalidOption: when one has no such value.
        """
        methods = get_args(Method)
        if method not in methods:
            raise InvalidOption(f"There is no method {method!r}. Use one of {', '.join(methods)}.")
        requested = frozenset([lengths] if isinstance(lengths, str) else lengths)
        if not requested or not requested <= set(LENGTHS):
            raise InvalidOption(f"Lengths are {' and '.join(LENGTHS)}; specify one or both.")
        if words is not None and not MIN_WANTED_WORDS <= words <= MAX_WANTED_WORDS:
            raise InvalidOption(f"A long summary can have {MIN_WANTED_WORDS} to {MAX_WANTED_WORDS} words, not {words}.")
        if form not in FORMATS:
            raise InvalidOption(f"There is no format {form!r}. Use {', '.join(FORMATS[:-1])} or {FORMATS[-1]}.")
        focus = repair(focus or "").strip()
        if len(focus) > MAX_FOCUS:
            raise InvalidOption(f"The focus has more than {MAX_FOCUS} characters. Give a few words or a question.")
        return cls(cast(frozenset[Length], requested), words, focus or None, form)

    @property
    def to_write(self) -> "Wanted":
        """What is to be written: a headline is made of a short summary."""
        return replace(self, lengths=frozenset({"short"}), format="paragraph") if self.format == "headline" else self

    def limits(self, article_words: int) -> dict[Length, Limits]:
        """The limits of each length that is asked for."""
        return {
            length: limits_of(length, article_words, self.words, self.format)
            for length in LENGTHS
            if length in self.lengths
        }

    def stands_alone(self, length: Length) -> bool:
        """Whether each sentence of a summary must be comprehensible without the others."""
        return length == "long" and self.format == "bullets"


@dataclass(frozen=True)
class Job:
    """A summary being computed.

    :param texts: the article's sentences.
    :param vectors: their unit vectors, shape (sentences, dimensions).
    :param deadline: on the clock of `time.monotonic`, for what a model writes; None for no limit.
    """

    article: Article
    texts: tuple[str, ...]
    vectors: Vectors
    selector: Selector
    wanted: Wanted
    listener: Listener
    deadline: float | None

    @cached_property
    def limits(self) -> dict[Length, Limits]:
        """The limits of the requested lengths."""
        return self.wanted.limits(word_count(self.article.text))

    def step(self, stage: Stage, done: int, total: int) -> None:
        """Report progress, and end the work if it is late or cancelled.

        :raises DeadlineExceeded: when the deadline has passed.
        """
        self.listener.on_step(stage, done, total)
        checkpoint()

    def own_choices(self) -> list[Choice]:
        """The article's own sentences, in order."""
        return [self.own_choice(index) for index in range(len(self.texts))]

    def own_choice(self, index: int) -> Choice:
        """One of the article's own sentences."""
        evidence = (self.article.sentences[index],)
        return Choice(SummarySentence(text=self.texts[index], evidence=evidence, origin="article"), index)

    def written_choice(self, text: str, evidence: Sequence[int], support: float | None) -> Choice:
        """A written sentence.

        :param evidence: the indices of the sentences that support it, best first.
        :param support: the probability that they do.
        """
        spans = tuple(self.article.sentences[index] for index in sorted(evidence))
        return Choice(SummarySentence(text=text, evidence=spans, origin="written", support=support), evidence[0])

    def accepted_choice(self, accepted: Accepted) -> Choice:
        """A sentence that the editor has accepted."""
        if accepted.origin == "article":
            return self.own_choice(accepted.evidence[0])
        return self.written_choice(accepted.text, accepted.evidence, accepted.support)

    def filled(self, written: Sequence[Choice], length: Length) -> list[Choice]:
        """The written choices in their order, without the least important ones if they are too long.

        If they are far too short, or shorter than was wanted, the article's best sentences join them that can be
        understood and are not already evidence, each before the first one that rests on a later sentence.
        """
        limits, chosen = self.limits[length], list(written)
        enough = 1.0 if length == "long" and self.wanted.words else _FILLED_BELOW
        while chosen and not limits.admit(_words(chosen)):
            chosen.remove(min(chosen, key=lambda choice: self.selector.gain(choice.source, length)))
        covered = {span for choice in chosen for span in choice.sentence.evidence}
        others = {index for index, span in enumerate(self.article.sentences) if span in covered}
        rest = [choice for choice in self.own_choices() if choice.source not in others]
        seen = set[int]() if self.wanted.stands_alone(length) else others
        for own in self.select(rest, length, covered=others):
            is_enough = sum(_words(chosen)) >= enough * limits.min_words
            fits = limits.admit(_words([*chosen, own]))
            if not is_enough and fits and self.selector.is_understood(own.source, seen):
                later = (place for place, choice in enumerate(chosen) if place and choice.source > own.source)
                chosen.insert(next(later, len(chosen)), own)
        return chosen or self.own_choices()

    def extractive(self) -> Outcome:
        """The extractive summary."""
        return self.outcome({length: self.own_choices() for length in self.limits})

    def select(self, choices: Sequence[Choice], length: Length, covered: Collection[int] = ()) -> list[Choice]:
        """The choices that make the best summary of this length, in the given order; empty if none fits.

        :param covered: the article's sentences that it has already.
        """
        candidates = [Candidate(choice.sentence.text, choice.source) for choice in choices]
        alone = self.wanted.stands_alone(length)
        chosen = self.selector.select(candidates, self.limits[length], length, alone=alone, covered=covered)
        return [choices[index] for index in sorted(chosen)]

    def points(self) -> tuple[int, ...]:
        """The indices of the sentences that an abstractive summary states, the main one first."""
        limits = point_limits(word_count(self.article.text), self.wanted.words)
        return self.selector.points([word_count(text) for text in self.texts], limits)

    def outcome(self, choices: Mapping[Length, Sequence[Choice]], *, drafted: int = 0, refused: int = 0) -> Outcome:
        """The summaries that these choices make: all of them if they fit, else the best ones.

        Where none fits a length, the summary is the shortest, with a note.
        """
        sentences, notes = {}, []
        if self.selector.misses_focus:
            notes.append("Nothing in the article is close to the focus, so the summary is the usual one.")
        for length, given in choices.items():
            fits = self.limits[length].admit([word_count(choice.sentence.text) for choice in given])
            chosen = given if fits else self.select(given, length)
            if not chosen:
                shortest = min(given, key=lambda choice: word_count(choice.sentence.text))
                words = word_count(shortest.sentence.text)
                chosen = [shortest]
                notes.append(f"No sentence fits the {length} summary, so it contains the shortest one ({words} words).")
            sentences[length] = tuple(choice.sentence for choice in chosen)
        return Outcome(sentences, tuple(notes), drafted, refused, self._left_out(sentences))

    def _left_out(self, sentences: SentencesByLength) -> tuple[Span, ...]:
        """The article's main sentences that no sentence of the summaries rests on."""
        evidence = {span for chosen in sentences.values() for sentence in chosen for span in sentence.evidence}
        covered = [index for index, span in enumerate(self.article.sentences) if span in evidence]
        return tuple(self.article.sentences[index] for index in self.selector.left_out(covered, _MOST_LEFT_OUT))


class Follower:
    """Shows accepted sentences to a job's listener, and knows which of the article's are understood."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.is_understood = job.selector.is_understood

    def on_accepted(self, length: Length, position: int, accepted: Accepted) -> None:
        """A sentence is accepted."""
        self._job.listener.on_sentence(length, position, self._job.accepted_choice(accepted).sentence)


def notes_on(article: Article) -> tuple[str, ...]:
    """The notes that an article needs, whichever method summarizes it."""
    notes = []
    if article.language not in (None, _LANGUAGE):
        notes.append(
            f"The article appears to be in {language_name(str(article.language))}. This service is tuned for English, "
            "so the summary may be worse."
        )
    if article.instructions:
        notes.append(
            "The text contains instructions to a language model. The summary neither follows nor contains them."
        )
    if any(lacks_marks(paragraph.of(article.text)) for paragraph in article.paragraphs):
        notes.append(
            "The text has hardly any punctuation, so it was cut where clauses probably begin. The summary's sentences "
            "may begin or end in the middle of one."
        )
    return tuple(notes)


def unchanged(article: Article, requested: frozenset[Length]) -> Outcome:
    """A very short article as its own summary; for the short one as many of its first sentences as fit."""
    sentences = _own_sentences(article)
    whole = {"short": _first(sentences, LIMITS["short"]), "long": sentences}
    note = f"The article is too short to summarize (under {MIN_ARTICLE_WORDS} words), so it is returned unchanged."
    return Outcome({length: whole[length] for length in LENGTHS if length in requested}, (note,))


def lead(article: Article, wanted: Wanted) -> Outcome:
    """An article's first statements, for want of time to rank its sentences."""
    statements = [sentence for sentence in _own_sentences(article) if carries_news(sentence.text)]
    sentences = {
        length: _first(statements or _own_sentences(article), limits)
        for length, limits in wanted.limits(word_count(article.text)).items()
    }
    note = "There was not enough time to read the whole article, so these are its first sentences."
    return Outcome(sentences, (note,))


def _words(choices: Sequence[Choice]) -> list[int]:
    return [word_count(choice.sentence.text) for choice in choices]


def _own_sentences(article: Article) -> tuple[SummarySentence, ...]:
    return tuple(
        SummarySentence(text=span.of(article.text), evidence=(span,), origin="article") for span in article.sentences
    )


def _first(sentences: Sequence[SummarySentence], limits: Limits) -> tuple[SummarySentence, ...]:
    """As many of the first sentences as a summary may have, but at least one."""
    chosen = tuple(sentences[: limits.max_sentences])
    while len(chosen) > 1 and sum(word_count(sentence.text) for sentence in chosen) > limits.max_words:
        chosen = chosen[:-1]
    return chosen
