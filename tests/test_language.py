"""Languages, on the tests' own articles."""

import pytest

from summarizer.language import language_of


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("news-harbour-bridge", "en"),
        ("transcript", "en"),
        ("short-notice", "en"),
        ("german", "de"),
        ("arabic-library", "ar"),
    ],
)
def test_language_of_an_article_is_told(articles, name, language):
    assert language_of((articles / f"{name}.txt").read_text(encoding="utf-8")) == language


@pytest.mark.parametrize("text", ["", "Ok", "123 456", "x = 3; print(x)", "Pell Skarra Ola Brask Quenby"])
def test_what_could_be_any_language_is_none(text):
    assert language_of(text) is None


def test_answer_says_when_an_article_is_not_in_english(summarizer, articles):
    def notes(name):
        return summarizer.summarize((articles / name).read_text(encoding="utf-8"), method="extract").notes

    assert any("not seem to be in English, but in “de”" in note for note in notes("german.txt"))
    assert not any("English" in note for note in notes("news-harbour-bridge.txt"))
