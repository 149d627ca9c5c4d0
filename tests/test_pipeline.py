"""The whole way from text to summary on the embedded models: `extract` for form, `compress` and `rewrite` once each."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer import Summarizer, Summary
from summarizer.article import Article
from summarizer.errors import EmptyArticle, InvalidOption
from summarizer.text import stem, terms, word_count
from summarizer.watching import Stage, Watcher
from summarizer.wording import keeps_to_source

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


class Noted(Watcher):
    """Notes what it is told: each kind once, in order, and the steps."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.steps: list[tuple[int, int]] = []

    def _note(self, kind: str) -> None:
        if kind not in self.told:
            self.told.append(kind)

    def parsed(self, article: Article) -> None:
        self._note("parsed")

    def ranked(self, extract: object) -> None:
        self._note("ranked")

    def step(self, stage: Stage, done: int, total: int) -> None:
        self._note(stage)
        self.steps.append((done, total))


def _text(articles: Path, name: str) -> str:
    return (articles / f"{name}.txt").read_text(encoding="utf-8")


def _assert_promises(summary: Summary) -> None:
    """What every summary promises, whatever the article, the model and the method."""
    article_words = word_count(summary.article.text)
    for sentences, most_words, most_sentences in ((summary.short, 60, 2), (summary.long, 150, 6)):
        assert sentences
        assert len(sentences) <= most_sentences
        words = sum(word_count(sentence.text) for sentence in sentences)
        assert words <= min(most_words, article_words // 2)
        assert len({sentence.text for sentence in sentences}) == len(sentences)
        for sentence in sentences:
            assert sentence.text[-1] in ".!?…\"'’”»)]"
            assert sentence.evidence
            assert all(span in summary.article.sentences for span in sentence.evidence)
            if sentence.origin == "article":
                assert sentence.text == sentence.evidence[0].of(summary.article.text)


@pytest.mark.parametrize("name", ARTICLES)
def test_extract_keeps_every_promise(summarizer: Summarizer, articles: Path, name: str) -> None:
    summary = summarizer.summarize(_text(articles, name), method="extract")
    _assert_promises(summary)
    assert summary.method == "extract"
    assert len(summary.notes) == (summary.article.language != "en")


def test_compress_shortens_and_every_sentence_keeps_to_its_source(summarizer: Summarizer, articles: Path) -> None:
    watcher = Noted()
    summary = summarizer.summarize(_text(articles, "longread-salt-road"), method="compress", watcher=watcher)
    _assert_promises(summary)
    assert summary.model == "all-MiniLM-L6-v2"
    assert summary.long is not None
    shortened = [sentence for sentence in summary.long if sentence.origin == "shortened"]
    assert shortened
    for sentence in shortened:
        (source,) = (span.of(summary.article.text) for span in sentence.evidence)
        assert keeps_to_source(sentence.text, source)
        assert word_count(sentence.text) < word_count(source)
    assert watcher.told == ["parsed", "reading", "ranked", "writing"]


def test_rewrite_states_no_name_or_number_that_the_article_lacks(summarizer: Summarizer, articles: Path) -> None:
    origins = set()
    for name in ("court-appeal", "science-lake-sediment"):
        summary = summarizer.summarize(_text(articles, name), method="rewrite")
        _assert_promises(summary)
        known = {stem(term) for term in terms(summary.article.text)}
        for sentence in (*(summary.long or ()), *(summary.short or ())):
            origins.add(sentence.origin)
            names = [term for term in terms(sentence.text)[1:] if term[0].isupper() or term[0].isdigit()]
            assert all(stem(term) in known for term in names)
    assert "rewritten" in origins  # what a processor rounds otherwise may be written otherwise


def test_only_the_lengths_asked_for_are_made(summarizer: Summarizer, articles: Path) -> None:
    summary = summarizer.summarize(_text(articles, "court-appeal"), method="extract", lengths=["short"])
    assert summary.long is None
    assert "long" not in summary.as_dict()
    assert "long" not in summary.as_dict()["sentences"]
    assert summary.short


def test_very_short_article_comes_back_with_a_note(summarizer: Summarizer, articles: Path) -> None:
    summary = summarizer.summarize(_text(articles, "short-notice"))
    assert summary.as_dict()["long"] == summary.article.text
    assert "fewer than 60 words" in summary.notes[0]


def test_article_of_50_000_words_is_summarized_and_shows_its_progress(summarizer: Summarizer, articles: Path) -> None:
    sentences = _text(articles, "longread-salt-road").split(". ")
    shuffled = random.Random(7)
    text = ". ".join(shuffled.choice(sentences) for _ in range(2_800)) + "."
    assert word_count(text) > 40_000
    watcher = Noted()
    summary = summarizer.summarize(text, method="extract", watcher=watcher)
    _assert_promises(summary)
    assert len(watcher.steps) > 100
    assert watcher.steps[-1][0] == watcher.steps[-1][1]


@pytest.mark.parametrize("options", [{"method": "guess"}, {"lengths": []}, {"lengths": ["medium"]}])
def test_unknown_options_are_refused(summarizer: Summarizer, options: dict[str, object]) -> None:
    with pytest.raises(InvalidOption, match=r"Use one of|name one of"):
        summarizer.summarize("Some text that is an article.", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "word " * 5_000,
        "😀 " * 500,
        "שלום עולם. " * 200,
        "今日は雨です。" * 100,
        "\x00".join("A sentence with a null character stands here." for _ in range(20)),
        "Line\n" + "\n" * 10_000 + "And this is the text below ten thousand blank lines.",
        "?! " * 300,
        "- item\n" * 300,
    ],
    ids=["one word", "no full stop", "emoji", "right to left", "japanese", "nulls", "blank lines", "marks", "list"],
)
def test_strange_text_gives_a_summary_or_a_clear_error(summarizer: Summarizer, text: str) -> None:
    try:
        summary = summarizer.summarize(text, method="extract")
    except EmptyArticle:
        return
    assert summary.as_dict()["short"]
    assert summary.as_dict()["long"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=400))
def test_any_text_gives_a_summary_or_a_clear_error(summarizer: Summarizer, text: str) -> None:
    try:
        summary = summarizer.summarize(text, method="extract")
    except EmptyArticle:
        return
    assert summary.as_dict()["short"]
