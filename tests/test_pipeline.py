"""The whole pipeline, from text to summary, with the real encoder and the language model's recorded answers."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.evaluation.recorded_model import RecordedModel
from summarizer import Summarizer, Summary
from summarizer.cleaning import Article, clean
from summarizer.errors import EmptyArticle, InvalidOption
from summarizer.job import Listener, Stage
from summarizer.models.llama_cpp import LlamaCppModel
from summarizer.models.trained_writer import TrainedWriter
from summarizer.text.words import stem, terms, word_count
from tests.stalling import Stalling

ARTICLES = [
    "news-harbour-bridge",
    "science-lake-sediment",
    "opinion-night-buses",
    "interview-clockmaker",
    "longread-salt-road",
    "court-appeal",
    "copied-page",
    "arabic-library",
]


class Recorder(Listener):
    """Records the kinds of events, each once and in order, and the steps."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.steps: list[tuple[int, int]] = []

    def _record(self, event: str) -> None:
        if event not in self.events:
            self.events.append(event)

    def on_article(self, article: Article) -> None:
        self._record("article")

    def on_preview(self, make_preview: object) -> None:
        self._record("preview")

    def on_step(self, stage: Stage, done: int, total: int) -> None:
        self._record(stage)
        self.steps.append((done, total))


def _text(articles: Path, name: str) -> str:
    return (articles / f"{name}.txt").read_text(encoding="utf-8")


def _assert_promises(summary: Summary) -> None:
    """What every summary promises, whatever the article, the model and the method."""
    spans = clean(summary.sent).sentences
    limits = ((summary.sentences.short, 60, 2), (summary.sentences.long, 150, 6))
    for sentences, max_words, max_sentences in limits:
        assert sentences
        assert len(sentences) <= max_sentences
        words = sum(word_count(sentence.text) for sentence in sentences)
        assert words <= min(max_words, summary.stats.article_words // 2)
        assert len({sentence.text for sentence in sentences}) == len(sentences)
        for sentence in sentences:
            assert sentence.text[-1] in ".!?…\"'’”»)]"
            assert sentence.evidence
            assert all(span in spans for span in sentence.evidence)
            if sentence.origin == "article":
                assert sentence.text == sentence.evidence[0].of(summary.article)


def _assert_names_are_known(summary: Summary) -> None:
    """No written sentence has a name or a number that the article lacks."""
    known = {stem(term) for term in terms(summary.article)}
    for sentence in (*(summary.sentences.long or ()), *(summary.sentences.short or ())):
        named = [term for term in terms(sentence.text)[1:] if term[0].isupper() or term[0].isdigit()]
        assert all(stem(term) in known for term in named)


@pytest.mark.parametrize("name", ARTICLES)
def test_extractive_summary_keeps_every_promise(summarizer: Summarizer, articles: Path, name: str) -> None:
    summary = summarizer.summarize(_text(articles, name), method="extractive")
    _assert_promises(summary)
    assert summary.method == "extractive"
    assert summary.model == "all-MiniLM-L6-v2"
    assert len(summary.notes) == (summary.language != "en")


@pytest.mark.parametrize("name", ["court-appeal", "science-lake-sediment"])
def test_abstractive_summary_keeps_every_promise(summarizer: Summarizer, articles: Path, name: str) -> None:
    recorder = Recorder()
    summary = summarizer.summarize(_text(articles, name), method="abstractive", listener=recorder)
    _assert_promises(summary)
    _assert_names_are_known(summary)
    assert recorder.events[:3] == ["article", "selecting", "preview"]
    assert summary.stats.drafted >= summary.stats.refused >= 0


def test_abstractive_summary_has_written_sentences(summarizer: Summarizer, articles: Path) -> None:
    summary = summarizer.summarize(_text(articles, "court-appeal"), method="abstractive")
    origins = {sentence.origin for sentences in summary.by_length().values() for sentence in sentences}
    assert "written" in origins


def test_refused_sentences_are_noted(summarizer: Summarizer, articles: Path) -> None:
    summaries = [
        summarizer.summarize(_text(articles, name), method="abstractive")
        for name in ("court-appeal", "science-lake-sediment")
    ]
    for summary in summaries:
        noted = any("could not be verified" in note for note in summary.notes)
        assert noted == (summary.stats.refused > 0)


@pytest.mark.llm
def test_live_model_writes_a_verified_summary(language_model: LlamaCppModel, articles: Path) -> None:
    """With the real model; what one processor rounds differently may be written differently."""
    live = Summarizer(language_model=TrainedWriter(language_model))
    summary = live.summarize(_text(articles, "court-appeal"), method="abstractive", lengths=["short"])
    assert summary.model == language_model.name
    assert summary.stats.drafted >= 1
    _assert_names_are_known(summary)


def test_only_the_requested_lengths_are_made(summarizer: Summarizer, articles: Path) -> None:
    summary = summarizer.summarize(_text(articles, "court-appeal"), method="extractive", lengths=["short"])
    assert summary.short
    assert summary.long is None
    answer = summary.model_dump()
    assert "long" not in answer
    assert "long" not in answer["sentences"]
    assert "long_words" not in answer["stats"]


def test_one_length_may_be_given_as_a_string(summarizer: Summarizer, articles: Path) -> None:
    summary = summarizer.summarize(_text(articles, "court-appeal"), method="extractive", lengths="long")  # type: ignore[arg-type]
    assert set(summary.by_length()) == {"long"}


def test_known_title_is_used_and_its_repetitions_are_removed(summarizer: Summarizer, articles: Path) -> None:
    text = _text(articles, "court-appeal").partition("\n\n")[2]
    title = "A headline that the client knows"
    summary = summarizer.summarize(f"{title}\n\n{text}", method="extractive", title=title)
    assert summary.title == title
    assert title not in summary.article


def test_very_short_article_is_returned_unchanged_with_a_note(summarizer: Summarizer, articles: Path) -> None:
    summary = summarizer.summarize(_text(articles, "short-notice"))
    assert summary.long == summary.article
    assert "under 60 words" in summary.notes[0]
    assert summary.model == "none"


def test_note_names_the_language_of_an_article_that_is_not_english(summarizer: Summarizer, articles: Path) -> None:
    german = summarizer.summarize(_text(articles, "german"), method="extractive")
    assert any("in German" in note for note in german.notes)
    english = summarizer.summarize(_text(articles, "news-harbour-bridge"), method="extractive")
    assert not english.notes


def test_article_of_50_000_words_is_summarized_with_progress(summarizer: Summarizer, articles: Path) -> None:
    sentences = _text(articles, "longread-salt-road").split(". ")
    shuffled = random.Random(7)
    text = ". ".join(shuffled.choice(sentences) for _ in range(2_800)) + "."
    assert word_count(text) > 40_000
    recorder = Recorder()
    summary = summarizer.summarize(text, method="extractive", listener=recorder)
    _assert_promises(summary)
    assert len(recorder.steps) > 10
    assert recorder.steps[-1][0] == recorder.steps[-1][1]


@pytest.mark.parametrize("options", [{"method": "guess"}, {"lengths": []}, {"lengths": ["medium"]}])
def test_unknown_options_are_refused(summarizer: Summarizer, options: dict[str, object]) -> None:
    with pytest.raises(InvalidOption, match=r"Use one of|specify one"):
        summarizer.summarize("Some text that is an article.", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "word " * 5_000,
        "😀 " * 500,
        "שלום עולם. " * 200,
        "今日は雨です。" * 100,
        "\x00".join("A sentence with a null character is here." for _ in range(20)),
        "Line\n" + "\n" * 10_000 + "And this is the text below ten thousand blank lines.",
        "?! " * 300,
        "- item\n" * 300,
    ],
    ids=["one word", "no full stop", "emoji", "right to left", "japanese", "nulls", "blank lines", "marks", "list"],
)
def test_strange_text_gives_a_summary_or_a_clear_error(summarizer: Summarizer, text: str) -> None:
    try:
        summary = summarizer.summarize(text, method="extractive")
    except EmptyArticle:
        return
    assert summary.short
    assert summary.long


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=400))
def test_any_text_gives_a_summary_or_a_clear_error(summarizer: Summarizer, text: str) -> None:
    try:
        summary = summarizer.summarize(text, method="extractive")
    except EmptyArticle:
        return
    assert summary.short


def test_headline_is_made_of_a_written_sentence(summarizer: Summarizer, articles: Path) -> None:
    summary = summarizer.summarize(_text(articles, "court-appeal"), method="abstractive", format="headline")
    (headline,) = summary.sentences.long or ()
    main = (summary.sentences.short or ())[0]
    assert headline.origin == "written"
    assert main.text.startswith(headline.text)
    assert word_count(headline.text) < word_count(main.text)


def test_sentences_that_are_verified_by_the_deadline_are_kept(articles: Path, recorded_model: RecordedModel) -> None:
    summarizer = Summarizer(language_model=TrainedWriter(Stalling(recorded_model, sentences=2)))
    summarizer.load()
    text = _text(articles, "court-appeal")
    summary = summarizer.summarize(text, method="abstractive", seconds=5)
    assert summary.method == "abstractive"
    assert "There was not enough time to write the whole summary." in summary.notes
    assert {sentence.origin for sentence in summary.sentences.short} == {"written"}


def test_summary_without_a_verified_sentence_by_the_deadline_is_extractive(
    articles: Path, recorded_model: RecordedModel
) -> None:
    summarizer = Summarizer(language_model=TrainedWriter(Stalling(recorded_model, sentences=0)))
    summarizer.load()
    summary = summarizer.summarize(_text(articles, "court-appeal"), method="abstractive", seconds=3)
    assert summary.method == "extractive"
    assert any("not ready in time" in note for note in summary.notes)
