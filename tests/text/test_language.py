"""Language identification, on the test articles."""

import pytest

from summarizer.text.language import detect_language, language_name


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
def test_language_of_an_article_is_detected(articles, name, language):
    assert detect_language((articles / f"{name}.txt").read_text(encoding="utf-8")) == language


@pytest.mark.parametrize("text", ["", "Ok", "123 456", "x = 3; print(x)", "Pell Skarra Ola Brask Quenby"])
def test_text_that_could_be_any_language_has_none(text):
    assert detect_language(text) is None


@pytest.mark.parametrize(("tag", "name"), [("de", "German"), ("pt-BR", "Portuguese"), ("zh", "Chinese"), ("xx", "xx")])
def test_language_has_an_english_name(tag, name):
    assert language_name(tag) == name
