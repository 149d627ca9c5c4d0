"""The Summarizer: text in, a checked `Summary` out; the only thing that web, scripts and library users talk to.

1. parse the article, 2. rank its sentences, 3. let a model write, 4. check each sentence against its evidence,
5. fit both lengths.
"""

import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast, get_args

from summarizer.article import Article, parse
from summarizer.embedded import encoder_folder
from summarizer.errors import InvalidOption
from summarizer.extraction import Ranking, distinct, rank, within_budget
from summarizer.grounding import SentenceIndex, keeps_to_source, points_backward, speaks_of_itself
from summarizer.lengths import LONG, SHORT, VERY_SHORT, Limits, fit
from summarizer.models.base import Ability, Model, Passage, Reading, Source
from summarizer.models.extractive import SentenceEncoder
from summarizer.models.find import embedded_model, find_model
from summarizer.sentences import sentence_spans
from summarizer.settings import Method, Settings
from summarizer.summary import LENGTHS, Length, Summary, SummarySentence
from summarizer.text import word_count

Progress = Callable[[str, int, int], None]

EXTRACTIVE_MODEL = "all-MiniLM-L6-v2"
# Shortened sentences keep some two thirds of their words; so many source words make the least of a long summary.
_SOURCE_WORDS = 105
# Longer sentences are lists and tables, which no model shortens well; in characters.
_LONGEST_SOURCE = 600
# A sentence shortened below this share of its words has mostly lost a clause that mattered.
_LEAST_KEPT = 0.35
_WHOLE = re.compile(r"[.!?…。！？؟۔।][\"'’”»)\]]*$")


@dataclass(frozen=True)
class _Work:
    """What the steps of one summary hand on."""

    article: Article
    texts: tuple[str, ...]
    ranking: Ranking
    wants: frozenset[Length]
    progress: Progress
    notes: list[str]

    def words(self, index: int) -> int:
        return word_count(self.texts[index])

    def own(self, index: int) -> SummarySentence:
        """A sentence of the article as a sentence of the summary."""
        return SummarySentence(self.texts[index], (self.article.sentences[index],), "article")


class Summarizer:
    """Summarizes articles with the models that the settings name; safe to use from several threads."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Find the models, without loading them.

        :param settings: by default those of the environment.
        :raises ModelNotFound: when a model that may be needed is not there.
        :raises InvalidSetting: when the environment holds a value that does not fit.
        """
        self.settings = settings or Settings.from_env()
        self._encoder = SentenceEncoder(
            encoder_folder(self.settings.cache), self.settings.device, self.settings.compute_threads
        )
        configured = find_model(self.settings.model, self.settings) if self.settings.model else None
        self._models = _by_method(configured, self.settings)
        self.methods: tuple[Method, ...] = get_args(Method)
        is_summarizer = configured is not None and "compress" not in configured.abilities
        self.default_method: Method = self.settings.method or ("rewrite" if is_summarizer else "compress")
        self._loading = threading.Lock()
        self._loaded = False

    @property
    def loaded(self) -> bool:
        """Whether the models that answer the default method are ready."""
        return self._loaded

    def model_name(self, method: Method) -> str:
        """The name of the model that answers a method."""
        return EXTRACTIVE_MODEL if method == "extract" else self._models[method].name

    def load(self) -> None:
        """Load the sentence encoder and the model of the default method, once; others load when they are first asked.

        :raises ModelFailed: when one does not load.
        """
        with self._loading:
            self._encoder.load()
            if self.default_method != "extract":
                self._models[self.default_method].load()
            self._loaded = True

    def summarize(
        self,
        text: str,
        *,
        method: Method | None = None,
        lengths: Sequence[Length] = LENGTHS,
        progress: Progress | None = None,
    ) -> Summary:
        """Summarize one article.

        :param text: the article as it was pasted.
        :param method: how; by default `default_method`.
        :param lengths: which of "short" and "long" to make.
        :param progress: called with the stage, the steps done and all steps, from this thread.
        :raises EmptyArticle: when there is no article in the text.
        :raises InvalidOption: when there is no such method or length.
        """
        started = time.perf_counter()
        chosen = method or self.default_method
        wants = _checked_options(chosen, lengths)
        article = parse(text)
        if word_count(article.text) < VERY_SHORT:
            return _very_short(article, chosen, wants, started)
        work = self._rank(article, wants, progress or _no_progress)
        if chosen == "extract":
            short, long = _extract(work)
        elif chosen == "compress":
            short, long = _compress(work, self._models[chosen])
        else:
            short, long = self._rewrite(work, self._models[chosen])
        return Summary(
            article,
            short if "short" in wants else None,
            long if "long" in wants else None,
            chosen,
            self.model_name(chosen),
            (*work.notes, *_own_words_note(chosen, (*short, *long))),
            time.perf_counter() - started,
        )

    def _rank(self, article: Article, wants: frozenset[Length], progress: Progress) -> _Work:
        texts = tuple(span.of(article.text) for span in article.sentences)
        vectors = self._encoder.embed(texts, lambda done, total: progress("reading", done, total))
        title = self._encoder.embed([article.title]) if article.title else None
        return _Work(article, texts, rank(article, vectors, title), wants, progress, [])

    def _rewrite(self, work: _Work, model: Model) -> tuple[tuple[SummarySentence, ...], ...]:
        """The model's own words for both lengths, from one reading, checked against the whole article."""
        read = self._within_token_budget(work, model)
        draft = model.rewrite(
            Reading(work.article.title, tuple(work.texts[index] for index in read)),
            short="short" in work.wants,
            long="long" in work.wants,
            progress=lambda done, total: work.progress("writing", done, total),
        )
        index = SentenceIndex(work.article.text, work.article.sentences)
        return tuple(
            _checked_rewriting(work, index, passages or (), limits)
            for passages, limits in ((draft.short, SHORT), (draft.long, LONG))
        )

    def _within_token_budget(self, work: _Work, model: Model) -> tuple[int, ...]:
        """The sentences that the model reads: all, or the best that fit its budget, in order."""
        budget = self.settings.token_budget or model.token_budget
        tokens = model.count_tokens(work.article.text)
        if tokens <= budget:
            return tuple(range(len(work.texts)))
        per_character = tokens / len(work.article.text)
        costs = [len(text) * per_character + 1 for text in work.texts]
        read = within_budget(work.ranking, costs, budget)
        work.notes.append(
            f"The article is longer than the token budget of {budget}; the model read the {len(read)} best of its "
            f"{len(work.texts)} sentences."
        )
        return read


def _by_method(configured: Model | None, settings: Settings) -> dict[Method, Model]:
    """Which model answers which method: the configured one where it is able to, else the embedded one."""
    abilities: tuple[Ability, ...] = get_args(Ability)
    embedded = None
    models: dict[Method, Model] = {}
    for ability in abilities:
        if configured and ability in configured.abilities:
            models[ability] = configured
        else:
            embedded = embedded or embedded_model(settings)
            models[ability] = embedded
    return models


def _checked_options(method: str, lengths: Iterable[str]) -> frozenset[Length]:
    methods = get_args(Method)
    if method not in methods:
        raise InvalidOption(f"There is no method {method!r}. Use one of {', '.join(methods)}.")
    wants = frozenset(lengths)
    if not wants or not wants <= set(LENGTHS):
        raise InvalidOption(f"Lengths are {' and '.join(LENGTHS)}; name one of them or both.")
    return cast(frozenset[Length], wants)


def _no_progress(stage: str, done: int, total: int) -> None:
    """For callers that do not want to know."""


def _very_short(article: Article, method: Method, wants: frozenset[Length], started: float) -> Summary:
    """An article that is a summary already comes back as it is."""
    sentences = tuple(SummarySentence(span.of(article.text), (span,), "article") for span in article.sentences)
    counts = {index: word_count(sentence.text) for index, sentence in enumerate(sentences)}
    short = tuple(sentences[index] for index in fit(counts, counts, SHORT)) or sentences
    return Summary(
        article,
        short if "short" in wants else None,
        sentences if "long" in wants else None,
        method,
        "none",
        (f"The article has fewer than {VERY_SHORT} words, so what it says comes back as it stands.",),
        time.perf_counter() - started,
    )


def _extract(work: _Work) -> tuple[tuple[SummarySentence, ...], ...]:
    ranked = tuple(distinct(work.ranking, work.texts))
    return tuple(_fitted(work, {index: work.own(index) for index in ranked}, limits) for limits in (SHORT, LONG))


def _compress(work: _Work, model: Model) -> tuple[tuple[SummarySentence, ...], ...]:
    """The chosen sentences, each shortened on its own and checked; the short summary is the best of them."""
    ranked = tuple(distinct(work.ranking, work.texts))
    room = LONG.within_half(word_count(work.article.text)) if "long" in work.wants else SHORT
    target = Limits(
        _SOURCE_WORDS if "long" in work.wants else 0,
        # Sources may together be longer than the summary; what does not shorten enough drops out when it is fitted.
        2 * room.most_words,
        room.least_sentences,
        room.most_sentences,
    )
    chosen = fit(ranked, {index: work.words(index) for index in ranked}, target)
    sources = {index: Source(work.texts[index], _before(work, index)) for index in chosen}
    able = [index for index in chosen if len(work.texts[index]) <= _LONGEST_SOURCE]
    answers = model.compress(
        [sources[index] for index in able], lambda done, total: work.progress("writing", done, total)
    )
    shortened = dict(zip(able, answers, strict=True))
    candidates = {
        index: _checked_shortening(work, index, sources[index], shortened.get(index))
        for index in sorted(chosen, key=ranked.index)
    }
    # Should the shortened sentences not fill a length, the article's own ones go on.
    rest = {index: work.own(index) for index in ranked if index not in candidates}
    return tuple(_fitted(work, candidates | rest, limits) for limits in (SHORT, LONG))


def _own_words_note(method: Method, shown: Sequence[SummarySentence]) -> tuple[str, ...]:
    """What a reader should know of sentences that no model wrote although one was asked."""
    texts = {sentence.text for sentence in shown}
    own = {sentence.text for sentence in shown if sentence.origin == "article"}
    if method == "extract" or not own:
        return ()
    return (f"{len(own)} of {len(texts)} sentences are the article's own, for want of a supported shorter one.",)


def _before(work: _Work, index: int) -> str:
    return work.texts[index - 1] if index and points_backward(work.texts[index]) else ""


def _checked_shortening(work: _Work, index: int, source: Source, shortened: str | None) -> SummarySentence:
    """The shortened sentence where it is whole and says nothing but what its source says, else the source."""
    own = work.own(index)
    if (
        not shortened
        or shortened == source.sentence
        or not _WHOLE.search(shortened)
        or len(sentence_spans(shortened)) != 1
        or not _LEAST_KEPT * work.words(index) <= word_count(shortened) < work.words(index)
        or not keeps_to_source(shortened, source.sentence, source.before)
    ):
        return own
    evidence = own.evidence
    if source.before and not keeps_to_source(shortened, source.sentence):
        evidence = (work.article.sentences[index - 1], *evidence)
    return SummarySentence(shortened, evidence, "shortened")


def _checked_rewriting(
    work: _Work, index: SentenceIndex, passages: Sequence[Passage], limits: Limits
) -> tuple[SummarySentence, ...]:
    """The whole sentences of what a model wrote; an unsupported one gives way to the article's that it came from."""
    found: list[SummarySentence] = []
    for text in _in_turn(passages):
        if speaks_of_itself(text):
            continue
        evidence = index.evidence(text)
        sentence = SummarySentence(text, tuple(index.span(place) for place in evidence), "rewritten")
        if text in work.texts:
            sentence = work.own(work.texts.index(text))
        elif not index.supports(text, evidence):
            sentence = work.own(evidence[0])
        if sentence.text not in {other.text for other in found}:
            found.append(sentence)
    written = dict(enumerate(found))
    used = {sentence.text for sentence in found}
    rest = [place for place in distinct(work.ranking, work.texts) if work.texts[place] not in used]
    fallback = {len(found) + number: work.own(place) for number, place in enumerate(rest)}
    return _fitted(work, written | fallback, limits)


def _in_turn(passages: Sequence[Passage]) -> list[str]:
    """The whole sentences of the passages: the first of each, then the second of each …, so that each part is heard."""
    columns = [_whole_sentences(passage) for passage in passages]
    rows = max(map(len, columns), default=0)
    return [column[row] for row in range(rows) for column in columns if row < len(column)]


def _whole_sentences(passage: Passage) -> list[str]:
    """The sentences of a passage, without an unfinished last one and without list marks."""
    texts = [span.of(passage.text) for span in sentence_spans(passage.text)]
    if not passage.finished:
        texts = texts[:-1]
    return [text for text in texts if _WHOLE.search(text)]


def _fitted(work: _Work, candidates: dict[int, SummarySentence], limits: Limits) -> tuple[SummarySentence, ...]:
    """The candidates, best first, that fit a length, in the order of their keys; at least the shortest of them."""
    words = {key: word_count(sentence.text) for key, sentence in candidates.items()}
    chosen = fit(candidates, words, limits.within_half(word_count(work.article.text)))
    if not chosen:
        shortest = min(words, key=words.__getitem__)
        chosen = (shortest,)
        work.notes.append(f"No sentence fits a summary of this length; the shortest has {words[shortest]} words.")
    return tuple(candidates[key] for key in chosen)
