"""`Summarizer`: an article in, a verified `Summary` out. Web, batch and library use this class alone."""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from summarizer import cleaning
from summarizer.abstraction import (
    MAX_HEADLINE_WORDS,
    Editor,
    NotTrusted,
    around,
    best_within,
    headline_of,
    token_costs,
    write_statements,
)
from summarizer.cancellation import DeadlineExceeded, cancellable
from summarizer.cleaning import Article
from summarizer.cleaning.repair import repair
from summarizer.errors import OutOfTime
from summarizer.faithfulness import Source, Verifier
from summarizer.job import Follower, Job, Listener, Outcome, Wanted, lead, notes_on, unchanged
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.manifest import ENCODER, encoder_folder
from summarizer.models.page_divider import default_divider
from summarizer.models.protocols import Excerpt, Model, Progress, StatementWriter
from summarizer.models.resolve import default_language_model, resolve_model
from summarizer.models.support_model import SupportModel
from summarizer.readers import Document
from summarizer.selection.features import Title
from summarizer.selection.length import LENGTHS, MIN_ARTICLE_WORDS, Format, Length
from summarizer.selection.selector import Selector
from summarizer.settings import Method, Settings
from summarizer.summary import Summary, VerifiedSentence
from summarizer.text.instructions import addresses_model
from summarizer.text.language import detect_language
from summarizer.text.words import word_count

NO_MODEL = "none"


class Summarizer:
    """Summarizes articles with the models that the settings name; safe to use from several threads."""

    def __init__(self, settings: Settings | None = None, language_model: Model | None = None) -> None:
        """Find the models, without loading them.

        :param settings: by default those of the environment.
        :param language_model: writes in place of the default language model.
        :raises ModelNotFound: when a model that may be needed is missing.
        :raises InvalidSetting: when the environment has an invalid value.
        """
        self.settings = settings or Settings.from_env()
        folder = encoder_folder(self.settings.cache)
        self._encoder = SentenceEncoder(folder, self.settings.device)
        self._writer = _writer(self.settings, language_model)
        self._network = SupportModel(folder)
        self._verifier = Verifier(self._encoder, self._network, self.settings.check)
        self._loading = threading.Lock()
        self._loaded = False

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
            default_divider().load()
            detect_language("")  # loads its model
            if self.default_method == "abstractive":
                self._writer.load()
                # A writer that judges its own sentences needs it for headlines alone.
                if self.settings.check != "off" and not isinstance(self._writer, StatementWriter):
                    self._network.load()
            self._loaded = True

    def summarize(
        self,
        article: str | Document,
        *,
        method: Method | None = None,
        lengths: Sequence[Length] = LENGTHS,
        words: int | None = None,
        focus: str | None = None,
        format: Format = "paragraph",  # noqa: A002 - as in the API
        title: str | None = None,
        clean: bool = True,
        listener: Listener | None = None,
        seconds: float | None = None,
    ) -> Summary:
        """Summarize one article.

        :param article: its text as it was pasted, or what a file contained.
        :param method: by default `default_method`.
        :param lengths: "short", "long" or both.
        :param words: of the long summary, 20 to 400; by default about 85. At most half of the article's.
        :param focus: what the summary should be about, in words or as a question; by default what is news.
        :param format: form of the long summary: "paragraph", "bullets" for key points that can each be read alone, or
            "headline" for a one-line headline (`words` is then ignored).
        :param title: the headline, if it is known apart from the text.
        :param clean: whether to remove repeated headlines and page furniture.
        :param listener: follows the work.
        :param seconds: time limit, after which what is verified is returned, else the extractive summary.
        :raises EmptyArticle: when the text contains no article.
        :raises InvalidOption: when there is no such method, length or format, or no such number of words.
        :raises OutOfTime: when the time is over before the article is cleaned.
        """
        started, listener = time.monotonic(), listener or Listener()
        deadline = None if seconds is None else started + seconds
        method = method or self.default_method
        wanted = Wanted.of(method, lengths, words, focus, format)
        document = Document(article) if isinstance(article, str) else article
        document = replace(document, title=title or document.title)

        # 1. Clean: text repaired, title found, boilerplate removed.
        cleaned = _cleaned(document, clean, deadline)
        listener.on_article(cleaned)
        method, model, outcome = self._summarize(cleaned, wanted.to_write, method, listener, deadline)
        if format == "headline":
            outcome = self._with_headline(cleaned, outcome, wanted)
        return _summary(cleaned, outcome.with_notes(*document.notes), format, method, model, started)

    def _summarize(
        self, article: Article, wanted: Wanted, method: Method, listener: Listener, deadline: float | None
    ) -> tuple[Method, str, Outcome]:
        """The summaries of a cleaned article, and the method and model that made them."""
        if word_count(article.text) < MIN_ARTICLE_WORDS:
            return method, NO_MODEL, unchanged(article, wanted.lengths)

        # 2. Select: rank the sentences.
        if method == self.default_method:
            self.load()
        job = self._job(article, wanted, listener, deadline)

        # 3. Write and verify, unless the article's own sentences are the summary.
        method, outcome = self._outcome(job, method) if job else ("extractive", lead(article, wanted))
        return method, self.model_name(method), outcome.with_notes(*notes_on(article))

    def _with_headline(self, article: Article, outcome: Outcome, wanted: Wanted) -> Outcome:
        """The outcome with a headline, made of the short summary's first sentence, in place of the long summary."""
        main = outcome.sentences["short"][0]
        texts = [span.of(article.text) for span in main.evidence]
        source = Source(texts, self._encoder.embed(texts))

        verifier = replace(self._verifier, check="normal") if self._verifier.check == "off" else self._verifier

        def is_supported(text: str) -> bool:
            # Without its sources: what a clause denies or hedges must not be missed when the clause is.
            return verifier.verify(source, text, language=article.language, progress=lambda *_: None).is_supported

        text = headline_of(main.text, article.language, is_supported)
        sentences = {**outcome.sentences, "long": (main.model_copy(update={"text": text}),)}
        outcome = replace(outcome, sentences={length: sentences[length] for length in wanted.lengths})
        is_long = word_count(text) > 2 * MAX_HEADLINE_WORDS
        return (
            outcome.with_notes("The suggested headline is long: its sentence could not be shortened safely.")
            if is_long
            else outcome
        )

    def verify(
        self, article: str | Document, sentences: Sequence[str], *, progress: Progress = lambda done, total: None
    ) -> tuple[Article, list[VerifiedSentence]]:
        """Verify sentences that someone wrote about an article; `SUMMARIZER_CHECK=off` counts as `normal`.

        :param progress: called now and then with the steps done and their total; an exception that it raises ends it.
        :return: the cleaned article, whose characters the evidence counts, and the sentences in their order.
        :raises EmptyArticle: when the text contains no article.
        """
        cleaned = cleaning.clean(article)
        texts = [span.of(cleaned.text) for span in cleaned.sentences]
        source = Source(texts, self._encoder.embed(texts, progress))
        verifier = self._verifier if self._verifier.check != "off" else replace(self._verifier, check="normal")
        found = []
        for done, text in enumerate(map(repair, sentences)):
            on_step = partial(_report, progress, done, len(sentences))
            on_step(0, 1)
            verdict = verifier.verify(source, text, language=cleaned.language, progress=on_step)
            found.append(
                VerifiedSentence(
                    text=text,
                    support=verdict.support or 0.0,
                    supported=verdict.is_supported,
                    evidence=tuple(cleaned.sentences[index] for index in sorted(verdict.evidence)),
                )
            )
        return cleaned, found

    def _job(self, article: Article, wanted: Wanted, listener: Listener, deadline: float | None) -> Job | None:
        """The article with its sentences ranked; None when the deadline has passed before that."""
        texts = tuple(span.of(article.text) for span in article.sentences)
        try:
            with cancellable(deadline=deadline):
                beside = [text for text in (article.title, wanted.focus) if text]
                vectors = self._encoder.embed([*texts, *beside], partial(listener.on_step, "selecting"))
                headline = Title(article.title, vectors[len(texts)]) if article.title else None
                focus = vectors[-1] if wanted.focus else None
                vectors = vectors[: len(texts)]
                selector = Selector(texts, vectors, headline, focus)
        except DeadlineExceeded:
            return None
        return Job(article, texts, vectors, selector, wanted, listener, deadline)

    def _outcome(self, job: Job, method: Method) -> tuple[Method, Outcome]:
        """The summaries by a method; the extractive ones, with a note, if the abstractive ones are late."""
        if method == "extractive":
            return method, job.extractive()
        try:
            return self._abstractive(job)
        except DeadlineExceeded:
            note = "The abstractive summary was not ready in time, so this is the extractive one."
        except NotTrusted:
            note = "Too many sentences that the model wrote could not be verified, so this is the extractive summary."
        return "extractive", job.extractive().with_notes(note)

    def _abstractive(self, job: Job) -> tuple[Method, Outcome]:
        """The language model's sentences, verified; the article's own where too few are supported.

        :raises NotTrusted: when too few of them are.
        :raises DeadlineExceeded: when the deadline has passed before each length has a sentence.
        """
        job.listener.on_preview(lambda: job.extractive().sentences)

        # 3.1 Read the most relevant part of the article.
        notes = []
        with cancellable(deadline=job.deadline):
            excerpt, read = self._excerpt(job)
        if not read:
            note = "The article's sentences are too long for the model, so this is the extractive summary."
            return "extractive", job.extractive().with_notes(note)
        if len(read) < len(job.texts):
            notes.append(f"The model read {len(read)} of the article's {len(job.texts)} sentences.")

        # 3.2 Write; each sentence is verified, and replaced or left out if the article does not support it.
        editor = Editor(
            job.article.title,
            job.texts,
            job.vectors,
            read,
            verifier=self._verifier,
            language=job.article.language,
            follower=Follower(job),
            progress=partial(job.step, "verifying"),
            stands_alone=job.wanted.stands_alone,
        )
        notes += self._write(job, excerpt, editor)

        # 3.3 Fill up with the article's own sentences where too few are left.
        choices = {
            length: job.filled([job.accepted_choice(one) for one in editor.accepted.get(length, ())], length)
            for length in job.limits
        }
        outcome = job.outcome(choices, drafted=len(editor.drafted), refused=len(editor.refused))
        return "abstractive", outcome.with_notes(*notes)

    def _write(self, job: Job, excerpt: Excerpt, editor: Editor) -> list[str]:
        """Have the model write to the editor; the notes on how that went."""
        notes = []
        progress, language = partial(job.step, "writing"), job.article.language
        try:
            with cancellable(deadline=job.deadline):
                write_statements(self._writer, excerpt, job.limits, editor.accept, progress=progress, language=language)
        except DeadlineExceeded:
            if not all(editor.accepted.get(length) for length in job.limits):
                raise
            notes.append("There was not enough time to write the whole summary.")
        if editor.refused:
            were = "was" if len(editor.refused) == 1 else "were"
            notes.append(
                f"{len(editor.refused)} of {len(editor.drafted)} generated sentences could not be verified and {were} "
                "replaced or left out."
            )
        return notes

    def _excerpt(self, job: Job) -> tuple[Excerpt, tuple[int, ...]]:
        """What the model reads, and the indices of its sentences in the article."""
        budget = self.settings.token_budget or self._writer.token_budget
        costs = token_costs(job.article.text, job.texts, self._writer, lambda: job.step("writing", 0, 1))
        states_points = isinstance(self._writer, StatementWriter)
        points = job.points() if states_points else ()
        read = around(points, job.texts, costs, budget) if states_points else best_within(budget, costs, job.selector)
        places = [read.index(point) for point in points if point in read]
        if states_points and not places:  # without a point there is nothing to write about
            read = ()
        sentences = tuple(job.texts[index] for index in read)
        title = job.article.title
        if title is not None and addresses_model(title):
            title = None
        main = places[0] if places else None
        return Excerpt(title, sentences, tuple(sorted(places)), main, job.wanted.focus, job.wanted.words), read


def _writer(settings: Settings, language_model: Model | None) -> Model:
    if settings.model:
        return resolve_model(settings.model, settings)
    return language_model or default_language_model(settings)


def _cleaned(document: Document, remove: bool, deadline: float | None) -> Article:
    try:
        with cancellable(deadline=deadline):
            return cleaning.clean(document, remove=remove)
    except DeadlineExceeded:
        raise OutOfTime("There was not enough time to read the text. Send a shorter one, or try again later.") from None


def _report(progress: Progress, done: int, total: int, *_: int) -> None:
    """Report a step within one of several sentences."""
    progress(done, total)


def _summary(  # noqa: PLR0917 - each is a field of the summary
    article: Article, outcome: Outcome, form: Format, method: Method, model: str, started: float
) -> Summary:
    return Summary.of(
        article,
        outcome.sentences,
        left_out=outcome.left_out,
        format=form,
        method=method,
        model=model,
        notes=outcome.notes,
        stats={
            "drafted": outcome.drafted,
            "refused": outcome.refused,
            "seconds": round(time.monotonic() - started, 2),
        },
    )
