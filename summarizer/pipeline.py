"""The Summarizer: text in, a checked `Summary` out; the only thing that web, scripts and library users talk to.

1. parse the article, 2. weigh what its sentences say, 3. let a model write, 4. check each sentence against its
evidence, 5. choose what fits both lengths.
"""

import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import cast, get_args

from summarizer.article import Article, parse
from summarizer.concepts import Weights
from summarizer.deletion import follow
from summarizer.embedded import encoder_folder, parser_folder
from summarizer.errors import InvalidOption
from summarizer.extraction import Candidate, Ranking
from summarizer.grounding import SentenceIndex, keeps_to_source, lent_name, points_backward, speaks_of_itself
from summarizer.lengths import LENGTHS, LIMITS, VERY_SHORT, Length, Limits
from summarizer.models.base import Ability, Model, Passage, Reading, Source
from summarizer.models.extractive import SentenceEncoder
from summarizer.models.find import embedded_model, find_model
from summarizer.models.parser import DependencyParser
from summarizer.sentences import Span, sentence_spans
from summarizer.settings import Method, Settings
from summarizer.summary import Summary, SummarySentence
from summarizer.syntax import Tree
from summarizer.text import word_count

Progress = Callable[[str, int, int], None]
Summaries = dict[Length, tuple[SummarySentence, ...]]

EXTRACTIVE_MODEL = "all-MiniLM-L6-v2"
NO_MODEL = "none"
# Shortened sentences keep some three quarters of their words; so many source words make a long summary.
_SOURCE_WORDS = 110
# Longer sentences are lists and tables, which no model shortens well; in characters.
_LONGEST_SOURCE = 600
# A sentence shortened below this share of its words has mostly lost a clause that mattered.
_LEAST_KEPT = 0.45
_WHOLE = re.compile(r"[.!?…。！？؟۔।][\"'’”»)\]]*$")


@dataclass(frozen=True)
class _Work:
    """What the steps of one summary hand on."""

    article: Article
    texts: tuple[str, ...]
    ranking: Ranking
    limits: dict[Length, Limits]
    progress: Progress
    notes: list[str]

    def words(self, index: int) -> int:
        return word_count(self.texts[index])

    def own(self, index: int) -> SummarySentence:
        """A sentence of the article as a sentence of the summary."""
        return SummarySentence(self.texts[index], (self.article.sentences[index],), "article")

    def place(self, sentence: SummarySentence) -> int:
        """The index of the article's sentence that a summary sentence mostly rests on."""
        return self.article.sentences.index(sentence.evidence[-1])


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
        self._parser = DependencyParser(parser_folder(self.settings.cache))
        self._weights: Weights | None = None
        configured = find_model(self.settings.model, self.settings) if self.settings.model else None
        self._models = _by_method(configured, self.settings)
        self.methods: tuple[Method, ...] = get_args(Method)
        is_summarizer = configured is not None and "compress" not in configured.abilities
        self.default_method: Method = self.settings.method or ("rewrite" if is_summarizer else "compress")
        self._loading = threading.Lock()
        self._loaded = False

    def with_ranking_weights(self, weights: Weights) -> "Summarizer":
        """The same summarizer, with the same models loaded, that chooses by other weights than the package's."""
        other = copy(self)
        other._weights = weights
        return other

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
            if self.default_method == "compress":
                self._parser.load()
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
            summaries, model = _whole(article, wants), NO_MODEL
            notes = [f"The article has fewer than {VERY_SHORT} words, so what it says comes back as it stands."]
        else:
            if chosen == self.default_method:
                self.load()
            work = self._rank(article, wants, progress or _no_progress)
            summaries, model = self._written(work, chosen), self.model_name(chosen)
            notes = work.notes
        return Summary(
            article,
            summaries.get("short"),
            summaries.get("long"),
            chosen,
            model,
            tuple(notes),
            time.perf_counter() - started,
        )

    def _rank(self, article: Article, wants: frozenset[Length], progress: Progress) -> _Work:
        texts = tuple(span.of(article.text) for span in article.sentences)
        vectors = self._encoder.embed(texts, lambda done, total: progress("reading", done, total))
        words = word_count(article.text)
        limits = {length: LIMITS[length].within_half(words) for length in LENGTHS if length in wants}
        ranking = Ranking(texts, vectors, article.title, self._weights)
        return _Work(article, texts, ranking, limits, progress, [])

    def _written(self, work: _Work, method: Method) -> Summaries:
        if method == "extract":
            return _extract(work)
        model = self._models[method]
        summaries = self._compress(work, model) if method == "compress" else self._rewrite(work, model)
        shown = {sentence for sentences in summaries.values() for sentence in sentences}
        own = sum(sentence.origin == "article" for sentence in shown)
        if own:
            work.notes.append(
                f"{own} of {len(shown)} sentences are the article's own words: the model's were not shorter, or said "
                "something that the article does not."
            )
        return summaries

    def _compress(self, work: _Work, model: Model) -> Summaries:
        """The chosen sentences, each shortened on its own and checked; the short summary is the best of them."""
        everything = [Candidate(text, index) for index, text in enumerate(work.texts)]
        chosen = sorted(work.ranking.choose(everything, _sources_of(work.limits)))
        able = [index for index in chosen if len(work.texts[index]) <= _LONGEST_SOURCE]
        sources = [Source(work.texts[index], _before(work, index)) for index in able]
        drafts = model.compress(sources, lambda done, total: work.progress("writing", done, total))
        trees = self._parser.parse([source.sentence for source in sources])
        shortened = {
            index: _shortened(work, index, source, tree, draft)
            for index, source, tree, draft in zip(able, sources, trees, drafts, strict=True)
        }
        sentences = [shortened.get(index) or work.own(index) for index in range(len(work.texts))]
        return {length: _fitted(work, sentences, length) for length in work.limits}

    def _rewrite(self, work: _Work, model: Model) -> Summaries:
        """The model's own words for both lengths, from one reading, checked against the whole article."""
        read = self._within_token_budget(work, model)
        draft = model.rewrite(
            Reading(work.article.title, tuple(work.texts[index] for index in read)),
            short="short" in work.limits,
            long="long" in work.limits,
            progress=lambda done, total: work.progress("writing", done, total),
        )
        index = SentenceIndex(work.article.text, work.article.sentences)
        passages: dict[Length, tuple[Passage, ...] | None] = {"short": draft.short, "long": draft.long}
        return {length: _checked_rewriting(work, index, passages[length] or (), length) for length in work.limits}

    def _within_token_budget(self, work: _Work, model: Model) -> tuple[int, ...]:
        """The sentences that the model reads: all, or the best that fit its budget, in order."""
        budget = self.settings.token_budget or model.token_budget
        tokens = model.count_tokens(work.article.text)
        if tokens <= budget:
            return tuple(range(len(work.texts)))
        per_character = tokens / len(work.article.text)
        costs = [len(text) * per_character + 1 for text in work.texts]
        read = work.ranking.within_budget(costs, budget)
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


def _whole(article: Article, wants: frozenset[Length]) -> Summaries:
    """An article that is a summary already, as it is; for the short summary as much of its beginning as fits."""
    sentences = tuple(SummarySentence(span.of(article.text), (span,), "article") for span in article.sentences)
    short = sentences[: LIMITS["short"].most_sentences]
    while len(short) > 1 and sum(word_count(sentence.text) for sentence in short) > LIMITS["short"].most_words:
        short = short[:-1]
    whole: Summaries = {"short": short, "long": sentences}
    return {length: whole[length] for length in LENGTHS if length in wants}


def _extract(work: _Work) -> Summaries:
    own = [work.own(index) for index in range(len(work.texts))]
    return {length: _fitted(work, own, length) for length in work.limits}


def _fitted(work: _Work, sentences: Sequence[SummarySentence], length: Length) -> tuple[SummarySentence, ...]:
    """The sentences that make the best summary of this length, in the order in which they are given."""
    candidates = [Candidate(sentence.text, work.place(sentence)) for sentence in sentences]
    chosen = sorted(work.ranking.choose(candidates, work.limits[length]))
    if not chosen:
        words = [word_count(sentence.text) for sentence in sentences]
        chosen = [words.index(min(words))]
        work.notes.append(f"No sentence fits the {length} summary; the shortest has {min(words)} words.")
    return tuple(sentences[index] for index in chosen)


def _sources_of(limits: dict[Length, Limits]) -> Limits:
    """How much of the article is shortened for the lengths that are wanted."""
    widest = limits.get("long") or limits["short"]
    share = widest.aimed_words / LIMITS["long"].aimed_words
    return replace(widest, aimed_words=round(_SOURCE_WORDS * share), most_words=2 * widest.most_words)


def _before(work: _Work, index: int) -> str:
    """The sentence before, where a pronoun may need its name and it is no list."""
    before = work.texts[index - 1] if index and points_backward(work.texts[index]) else ""
    return before if len(before) <= _LONGEST_SOURCE else ""


def _shortened(work: _Work, index: int, source: Source, tree: Tree, draft: str | None) -> SummarySentence | None:
    """The sentence as short as the draft where nothing of it becomes untrue; None when it cannot be shortened."""
    if not draft:
        return None
    text = follow(tree, draft)
    evidence: tuple[Span, ...] = (work.article.sentences[index],)
    name = lent_name(source.before)
    pronoun = re.match(r"(?:He|She|They|It)(?= )", text)
    if name and pronoun and name in draft:
        text = name + text[pronoun.end() :]
        evidence = (work.article.sentences[index - 1], *evidence)
    is_right = (
        text != source.sentence
        and _WHOLE.search(text)
        and len(sentence_spans(text)) == 1
        and _LEAST_KEPT * work.words(index) <= word_count(text) <= work.words(index)
        and keeps_to_source(text, source.sentence, source.before)
    )
    return SummarySentence(text, evidence, "shortened") if is_right else None


def _checked_rewriting(
    work: _Work, index: SentenceIndex, passages: Sequence[Passage], length: Length
) -> tuple[SummarySentence, ...]:
    """The whole sentences of what a model wrote; an unsupported one gives way to the article's that it came from."""
    found: dict[str, SummarySentence] = {}
    for text in _in_turn(passages):
        if not speaks_of_itself(text):
            sentence = _supported(work, index, text)
            found.setdefault(sentence.text, sentence)
    written = list(found.values())
    chosen = _fitted(work, written, length) if written else ()
    if work.limits[length].are_reached_by([word_count(sentence.text) for sentence in chosen]):
        return chosen
    told = {span for sentence in written for span in sentence.evidence}
    rest = [work.own(place) for place in range(len(work.texts)) if work.article.sentences[place] not in told]
    # With sentences of the article among them, all stand in the article's order.
    return _fitted(work, sorted([*written, *rest], key=lambda sentence: sentence.evidence[0].start), length)


def _supported(work: _Work, index: SentenceIndex, text: str) -> SummarySentence:
    if text in work.texts:
        return work.own(work.texts.index(text))
    evidence = index.evidence(text)
    if not index.supports(text, evidence):
        return work.own(evidence[0])
    return SummarySentence(text, tuple(index.span(place) for place in sorted(evidence)), "rewritten")


def _in_turn(passages: Sequence[Passage]) -> list[str]:
    """The whole sentences of the passages: the first of each, then the second of each …, so that each part is heard."""
    columns = [_whole_sentences(passage) for passage in passages]
    rows = max(map(len, columns), default=0)
    return [column[row] for row in range(rows) for column in columns if row < len(column)]


def _whole_sentences(passage: Passage) -> list[str]:
    """The sentences of a passage, without an unfinished one."""
    texts = [span.of(passage.text) for span in sentence_spans(passage.text)]
    if not passage.finished:
        texts = texts[:-1]
    return [text for text in texts if _WHOLE.search(text)]
