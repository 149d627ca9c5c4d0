"""The Summarizer: text in, a checked `Summary` out; the only thing that web, scripts and library users talk to.

1. parse the article, 2. weigh what its sentences say, 3. shorten the best of them, or let a model write, 4. check each
sentence against its evidence, 5. choose what fits both lengths.
"""

import threading
import time
from collections.abc import Iterable, Sequence
from copy import copy
from typing import Protocol, cast, get_args

from summarizer.article import Article, parse
from summarizer.concepts import Weights
from summarizer.documents import Document
from summarizer.embedded import encoder_folder, parser_folder
from summarizer.errors import InvalidOption
from summarizer.extraction import Ranking
from summarizer.language import language_of
from summarizer.lengths import LENGTHS, LIMITS, VERY_SHORT, Length
from summarizer.models.base import Judge, Model
from summarizer.models.extractive import SentenceEncoder
from summarizer.models.find import embedded_model, find_model
from summarizer.models.parser import DependencyParser
from summarizer.rewriting import Rewriting
from summarizer.settings import Method, Settings
from summarizer.shortening import Shortening
from summarizer.summary import Summary, SummarySentence
from summarizer.text import word_count
from summarizer.watching import Summaries, Watcher
from summarizer.work import Overdue, Work

EXTRACTIVE_MODEL = "all-MiniLM-L6-v2"
NO_MODEL = "none"
# What ranking, parser, check and prompts are made for.
_LANGUAGE = "en"


class EmbeddedModel(Model, Judge, Protocol):
    """A model that writes and judges."""


class Summarizer:
    """Summarizes articles with the models that the settings name; safe to use from several threads."""

    def __init__(self, settings: Settings | None = None, embedded: EmbeddedModel | None = None) -> None:
        """Find the models, without loading them.

        :param settings: by default those of the environment.
        :param embedded: what writes and judges in the place of the embedded language model.
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
        self._judge = embedded or embedded_model(self.settings)
        self._model: Model = configured or self._judge
        self._shortening = Shortening(self._parser)
        self._rewriting = Rewriting(
            self._encoder, self._parser, self._judge, self.settings.check, self.settings.token_budget
        )
        self.methods: tuple[Method, ...] = get_args(Method)
        self.default_method: Method = self.settings.method or ("rewrite" if configured else "compress")
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
        return self._model.name if method == "rewrite" else EXTRACTIVE_MODEL

    def load(self) -> None:
        """Load what the default method needs, once; other models load when they are first asked.

        :raises ModelFailed: when one does not load.
        """
        if self._loaded:  # who asks meanwhile must not wait for a model that is at work
            return
        with self._loading:
            self._encoder.load()
            language_of("")  # reads its model
            if self.default_method != "extract":
                self._parser.load()
            if self.default_method == "rewrite":
                self._model.load()
                if self.settings.check == "model":
                    self._judge.load()
            self._loaded = True

    def summarize(
        self,
        article: str | Document,
        *,
        method: Method | None = None,
        lengths: Sequence[Length] = LENGTHS,
        strip: bool | None = None,
        watcher: Watcher | None = None,
        seconds: float | None = None,
    ) -> Summary:
        """Summarize one article.

        :param article: the text as it was pasted, or what a file held.
        :param method: how; by default `default_method`.
        :param lengths: which of "short" and "long" to make.
        :param strip: whether to take out what is not the article's; by default as the settings say.
        :param watcher: told how it comes along.
        :param seconds: how long it may take; what is not done by then gives way to the extractive summary.
        :raises EmptyArticle: when there is no article in the text.
        :raises InvalidOption: when there is no such method or length.
        """
        started, watcher = time.monotonic(), watcher or Watcher()
        chosen = method or self.default_method
        wants = _checked_options(chosen, lengths)
        document = Document(article) if isinstance(article, str) else article
        strips = self.settings.strip if strip is None else strip
        parsed = parse(document.text, strip=strips, known_title=document.title, known_remains=document.remains)
        watcher.parsed(parsed)
        if word_count(parsed.text) < VERY_SHORT:
            note = f"The article has fewer than {VERY_SHORT} words, so what it says comes back as it stands."
            summaries = _whole(parsed, wants)
            took = time.monotonic() - started
            return Summary(parsed, summaries.get("short"), summaries.get("long"), chosen, NO_MODEL, (note,), took)
        if chosen == self.default_method:
            self.load()
        work = self._begun(parsed, wants, watcher, None if seconds is None else started + seconds)
        try:
            summaries = self._written(work, chosen)
        except Overdue:
            work = work.anew()
            work.notes.append(f"The method {chosen} was not ready in time, so these are the article's own sentences.")
            chosen, summaries = "extract", work.extract()
        return Summary(
            parsed,
            summaries.get("short"),
            summaries.get("long"),
            chosen,
            self.model_name(chosen),
            (*_notes_on(parsed), *work.notes),
            time.monotonic() - started,
            drafted=work.counts["drafted"],
            refused=work.counts["refused"],
        )

    def _begun(self, article: Article, wants: frozenset[Length], watcher: Watcher, due: float | None) -> Work:
        texts = tuple(span.of(article.text) for span in article.sentences)
        vectors = self._encoder.embed(texts, lambda done, total: watcher.step("reading", done, total))
        words = word_count(article.text)
        limits = {length: LIMITS[length].within_half(words) for length in LENGTHS if length in wants}
        ranking = Ranking(texts, vectors, article.title, self._weights)
        return Work(article, texts, vectors, ranking, limits, watcher, due)

    def _written(self, work: Work, method: Method) -> Summaries:
        if method == "extract":
            return work.extract()
        work.watcher.ranked(lambda: work.anew().extract())
        work.stay_in_time()
        summaries = self._shortening(work) if method == "compress" else self._rewriting(work, self._model)
        if refused := work.counts["refused"]:
            work.notes.append(
                f"{refused} of {work.counts['drafted']} written sentences said something that the article does not, or "
                "could not be checked; where they would stand, the article's own stand."
            )
        return summaries


def _checked_options(method: str, lengths: Iterable[str]) -> frozenset[Length]:
    methods = get_args(Method)
    if method not in methods:
        raise InvalidOption(f"There is no method {method!r}. Use one of {', '.join(methods)}.")
    wants = frozenset(lengths)
    if not wants or not wants <= set(LENGTHS):
        raise InvalidOption(f"Lengths are {' and '.join(LENGTHS)}; name one of them or both.")
    return cast(frozenset[Length], wants)


def _notes_on(article: Article) -> tuple[str, ...]:
    """What is to be said of an article, however it is summarized."""
    if article.language in (None, _LANGUAGE):
        return ()
    return (
        f"The article does not seem to be in English, but in “{article.language}”: its sentences are chosen by "
        "rules for English, and hardly shortened.",
    )


def _whole(article: Article, wants: frozenset[Length]) -> Summaries:
    """An article that is a summary already, as it is; for the short summary as much of its beginning as fits."""
    sentences = tuple(SummarySentence(span.of(article.text), (span,), "article") for span in article.sentences)
    short = sentences[: LIMITS["short"].most_sentences]
    while len(short) > 1 and sum(word_count(sentence.text) for sentence in short) > LIMITS["short"].most_words:
        short = short[:-1]
    whole: dict[Length, tuple[SummarySentence, ...]] = {"short": short, "long": sentences}
    return {length: whole[length] for length in LENGTHS if length in wants}
