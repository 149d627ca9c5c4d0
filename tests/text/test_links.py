"""Links, and texts that have nothing else."""

import pytest

from summarizer.cleaning import clean
from summarizer.errors import EmptyArticle
from summarizer.text.links import has_only_links, is_link


@pytest.mark.parametrize("text", ["https://example.org/a", "HTTP://example.org", "https://example.org/a?b=c#d"])
def test_web_address_is_a_link(text: str) -> None:
    assert is_link(text)


@pytest.mark.parametrize(
    "text", ["", "example.org", "https://example.org/a b", "see https://example.org", "ftp://a.example"]
)
def test_other_text_is_no_link(text: str) -> None:
    assert not is_link(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/news/1",
        "www.example.org",
        "example.org/news/articles/1",
        "<https://example.org/1>",
        "https://example.org/Straße",
        "  https://a.example/1\n\nhttps://b.example/2\n",
    ],
)
def test_links_alone_are_no_article(text: str) -> None:
    assert has_only_links(text)
    with pytest.raises(EmptyArticle, match="only links"):
        clean(text)


@pytest.mark.parametrize("text", ["", "Rain.", "example.org", "and/or", "It is at https://example.org/1", "1.5/2 cups"])
def test_text_with_words_is_more_than_links(text: str) -> None:
    assert not has_only_links(text)
