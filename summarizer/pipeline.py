"""`Summarizer`: an article in, a verified `Summary` out. Web, batch and library use this class alone."""

import threading
import time
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Protocol, cast, get_args

from summarizer import cleaning
from summarizer.abstraction import draft_sentences, select_excerpt
from summarizer.cleaning import Article
from summarizer.errors import InvalidOption
from summarizer.faithfulness import Verifier
from summarizer.job import Choice, DeadlineExceeded, Job, Listener, Outcome
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.manifest import ENCODER, encoder_folder
from summarizer.models.protocols import Excerpt, Judge, Writer
from summarizer.models.resolve import default_language_model, resolve_model
from summarizer.readers import Document
from summarizer.selection.length import LENGTHS, LIMITS, MIN_ARTICLE_WORDS, Length
from summarizer.selection.salience import SalienceModel
from summarizer.selection.selector import Selector
from summarizer.settings import Method, Settings
from summarizer.summary import Summary, SummarySentence
from summarizer.text.language import detect_language, language_name
from summarizer.text.words import word_count

NO_MODEL = "none"
# The language that selection, verification and prompts are made for.
_LANGUAGE = "en"


class LanguageModel(Writer, Judge, Protocol):
    """A model that writes and judges."""


class Summarizer:
    """Summarizes articles with the models that the settings name; safe to use from several threads."""

    def __init__(self, settings: Settings | None = None, language_model: LanguageModel | None = None) -> None:
        """Find the models, without loading them.

        :param settings: by default those of the environment.
        :param language_model: writes and judges in place of the default language model.
        :raises ModelNotFound: when a model that may be needed is missing.
        :raises InvalidSetting: when the environment has an invalid value.
        """
        self.settings = settings or Settings.from_env()
        self._encoder = SentenceEncoder(encoder_folder(self.settings.cache), self.settings.device)
        self._salience: SalienceModel | None = None
        self._writer, self._judge = _writer_and_judge(self.settings, language_model)
        self._verifier = Verifier(self._encoder, self._judge, self.settings.check)
        self._loading = threading.Lock()
        self._loaded = False

    def with_salience_model(self, model: SalienceModel) -> "Summarizer":
        """The same summarizer, with the same loaded models, that selects by another salience model."""
        other = copy(self)
        other._salience = model
        return other

    @property
    def default_method(self) -> Method:
        """The method for requests that name none."""
        return self.settings.method or ("abstractive" if self.settings.model else "extractive")

    @property
    def loaded(self) -> bool:
        """Whether the models of the default method are ready."""
        return self._loaded

    def model_name(self, method: Method) -> str:
        """The name of the model that a method uses."""
        return self._writer.name if method == "abstractive" else ENCODER

    def load(self) -> None:
        """Load the models of the default method, once; other models load when a request first needs them.

        :raises ModelFailed: when one does not load.
        """
        if self._loaded:  # without the lock, which another thread may hold for long
            return
        with self._loading:
            self._encoder.load()
            detect_language("")  # loads its model
            if self.default_method == "abstractive":
                self._writer.load()
                if self._judge is not None:
                    self._judge.load()
            self._loaded = True

    def summarize(
        self,
        article: str | Document,
        *,
        method: Method | None = None,
        lengths: Sequence[Length] = LENGTHS,
        title: str | None = None,
        clean: bool = True,
        listener: Listener | None = None,
        seconds: float | None = None,
    ) -> Summary:
        """Summarize one article.

        :param article: its text as it was pasted, or what a file contained.
        :param method: by default `default_method`.
        :param lengths: "short", "long" or both.
        :param title: the headline, if it is known apart from the text.
        :param clean: whether to remove repeated headlines and page furniture.
        :param listener: follows the work.
        :param seconds: time limit, after which the extractive summary is returned.
        :raises EmptyArticle: when the text contains no article.
        :raises InvalidOption: when there is no such method or length.
        """
        started, listener = time.monotonic(), listener or Listener()
        method = method or self.default_method
        requested = _checked_options(method, lengths)
        document = Document(article) if isinstance(article, str) else article

        # 1. Clean: text repaired, title found, boilerplate removed.
        cleaned = cleaning.clean(replace(document, title=title) if title else document, remove=clean)
        listener.on_article(cleaned)
        if word_count(cleaned.text) < MIN_ARTICLE_WORDS:
            unchanged = _unchanged(cleaned, requested).with_notes(*document.notes)
            return _summary(cleaned, unchanged, method, NO_MODEL, started)

        # 2. Select: rank the sentences.
        if method == self.default_method:
            self.load()
        job = self._job(cleaned, requested, listener, None if seconds is None else started + seconds)

        # 3. Write and verify, unless the article's own sentences are the summary.
        method, outcome = self._outcome(job, method)
        outcome = outcome.with_notes(*document.notes, *_notes_on(cleaned))
        return _summary(cleaned, outcome, method, self.model_name(method), started)

    def _job(self, article: Article, requested: frozenset[Length], listener: Listener, deadline: float | None) -> Job:
        texts = tuple(span.of(article.text) for span in article.sentences)
        vectors = self._encoder.embed(texts, partial(listener.on_step, "selecting"))
        words = word_count(article.text)
        limits = {length: LIMITS[length].within_half(words) for length in LENGTHS if length in requested}
        selector = Selector(texts, vectors, article.title, self._salience)
        return Job(article, texts, vectors, selector, limits, listener, deadline)

    def _outcome(self, job: Job, method: Method) -> tuple[Method, Outcome]:
        """The summaries by a method; the extractive ones, with a note, if the abstractive ones are late."""
        if method == "extractive":
            return method, job.extractive()
        try:
            return method, self._abstractive(job)
        except DeadlineExceeded:
            note = "The abstractive summary was not ready in time, so this is the extractive one."
            return "extractive", job.extractive().with_notes(note)

    def _abstractive(self, job: Job) -> Outcome:
        """The language model's sentences, verified; the article's own where too few are supported."""
        job.listener.on_preview(lambda: job.extractive().sentences)
        job.check_deadline()

        # 3.1 Read the most relevant part of the article, and write.
        notes = []
        read = self._excerpt(job)
        if len(read) < len(job.texts):
            notes.append(f"The model read the best {len(read)} of the article's {len(job.texts)} sentences.")
        excerpt = Excerpt(job.article.title, tuple(job.texts[index] for index in read))
        drafts = draft_sentences(self._writer, excerpt, job.limits, partial(job.step, "writing"))

        # 3.2 Verify each sentence that is not the article's own.
        choices = {choice.sentence.text: choice for choice in job.own_choices()}
        written = [text for text in _distinct(drafts.values()) if text not in choices]
        report = partial(job.step, "verifying")
        claims = self._verifier.verify(job.texts, job.vectors, written, author=self._writer, progress=report)
        choices |= {claim.text: job.written_choice(claim.text, claim.evidence) for claim in claims}
        if refused := len(written) - len(claims):
            were = "was" if refused == 1 else "were"
            notes.append(f"{refused} of {len(written)} generated sentences could not be verified and {were} left out.")

        # 3.3 Select what fits each length.
        supported = {
            length: _with_own_if_too_few(job, [choices[text] for text in texts if text in choices], length)
            for length, texts in drafts.items()
        }
        return job.outcome(supported, drafted=len(written), refused=refused).with_notes(*notes)

    def _excerpt(self, job: Job) -> tuple[int, ...]:
        """The indices of the sentences that the model reads."""
        return select_excerpt(
            job.article.text,
            job.texts,
            job.selector,
            self._writer,
            budget=self.settings.token_budget or self._writer.token_budget,
            on_wait=lambda: job.step("writing", 0, 1),
        )


def _writer_and_judge(settings: Settings, language_model: LanguageModel | None) -> tuple[Writer, LanguageModel | None]:
    """The model that writes and the one that judges; None if no setting needs a judge."""
    if not settings.model:
        model = language_model or default_language_model(settings)
        return model, model if settings.check == "model" else None
    writer = resolve_model(settings.model, settings)
    return writer, (language_model or default_language_model(settings)) if settings.check == "model" else None


def _with_own_if_too_few(job: Job, written: Sequence[Choice], length: Length) -> list[Choice]:
    """The written choices; if they are too few, also the article's sentences that are not already their evidence.

    With sentences of the article among them, all are in the article's order.
    """
    selected = job.select(written, length) if written else []
    if job.limits[length].are_met_by([word_count(choice.sentence.text) for choice in selected]):
        return list(written)
    covered = {span for choice in written for span in choice.sentence.evidence}
    own = [choice for choice in job.own_choices() if choice.sentence.evidence[0] not in covered]
    return sorted([*written, *own], key=lambda choice: choice.sentence.evidence[0].start)


def _distinct(drafts: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(text for texts in drafts for text in texts))


def _summary(article: Article, outcome: Outcome, method: Method, model: str, started: float) -> Summary:
    return Summary.of(
        article,
        outcome.sentences,
        method=method,
        model=model,
        notes=outcome.notes,
        stats={
            "drafted": outcome.drafted,
            "refused": outcome.refused,
            "seconds": round(time.monotonic() - started, 2),
        },
    )


def _checked_options(method: str, lengths: Iterable[str]) -> frozenset[Length]:
    methods = get_args(Method)
    if method not in methods:
        raise InvalidOption(f"There is no method {method!r}. Use one of {', '.join(methods)}.")
    requested = frozenset([lengths] if isinstance(lengths, str) else lengths)
    if not requested or not requested <= set(LENGTHS):
        raise InvalidOption(f"Lengths are {' and '.join(LENGTHS)}; specify one or both.")
    return cast(frozenset[Length], requested)


def _notes_on(article: Article) -> tuple[str, ...]:
    """The notes that an article needs, whichever method summarizes it."""
    if article.language in (None, _LANGUAGE):
        return ()
    return (
        f"The article appears to be in {language_name(str(article.language))}. This service is tuned for English, so "
        "the summary may be worse.",
    )


def _unchanged(article: Article, requested: frozenset[Length]) -> Outcome:
    """A very short article as its own summary; for the short one as many of its first sentences as fit."""
    sentences = tuple(
        SummarySentence(text=span.of(article.text), evidence=(span,), origin="article") for span in article.sentences
    )
    short = sentences[: LIMITS["short"].max_sentences]
    while len(short) > 1 and sum(word_count(sentence.text) for sentence in short) > LIMITS["short"].max_words:
        short = short[:-1]
    whole: dict[Length, tuple[SummarySentence, ...]] = {"short": short, "long": sentences}
    note = f"The article is too short to summarize (under {MIN_ARTICLE_WORDS} words), so it is returned unchanged."
    return Outcome({length: whole[length] for length in LENGTHS if length in requested}, (note,))
