"""Whole pages: the headline beneath the navigation, and what stands above and below the article."""

import pytest

from summarizer.article import parse

HEADLINE = "Harbour bridge shut after inspectors find cracked cable anchor"
NAVIGATION = ["Skip to content", "The Pell Times", "News", "Sport", "Ferry times", "Log in"]
TEASERS = ["Orchestra plays to an empty hall and fills it", "Seven recipes for a cold kitchen"]
SIGNED = ["By Anna Lind", "Published: 4 March 2026, 10.32 a.m."]
FOOTER = ["About us", "Contact us", "Where to buy it", "Terms of use", "Privacy policy", "© 2026 The Pell Times"]


@pytest.fixture(scope="module")
def paragraphs(articles):
    return (articles / "news-harbour-bridge.txt").read_text(encoding="utf-8").strip().split("\n\n")[1:]


def stripped(article):
    return {line.text for line in article.stripped}


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["single line ends", "empty lines"])
def test_article_alone_is_left_of_a_whole_page(paragraphs, between):
    article = parse(between.join([*NAVIGATION, *TEASERS, HEADLINE, *SIGNED, *paragraphs, *FOOTER]))
    assert article.title == HEADLINE
    assert article.text == "\n\n".join(paragraphs)
    assert stripped(article) == {*NAVIGATION, *TEASERS, *SIGNED, *FOOTER}


def test_headline_without_a_byline_is_known_by_its_words(paragraphs):
    article = parse("\n\n".join([*NAVIGATION, *TEASERS, HEADLINE, *paragraphs]))
    assert article.title == HEADLINE


def test_standfirst_and_caption_below_the_headline_stay(paragraphs):
    standfirst = "Crack in the cable anchor of the eastern span cuts port from town"
    caption = "The bridge at dusk, seen from the port"
    head = [HEADLINE, standfirst, *SIGNED, caption, "Photo: Anna Lind"]
    article = parse("\n".join([*NAVIGATION, *head, *paragraphs]))
    assert article.title == HEADLINE
    assert article.text == "\n\n".join([standfirst, caption, *paragraphs])


def test_first_line_that_is_the_headline_stays_it(paragraphs):
    article = parse("\n\n".join([HEADLINE, "Log in", "Subscribe", "The bridge is shut, says the council", *paragraphs]))
    assert article.title == HEADLINE
    assert "The bridge is shut, says the council" in article.text


def test_headlines_of_others_do_not_take_the_articles_own_with_them(paragraphs):
    page = ["Menu", "Most read", *TEASERS, HEADLINE, *SIGNED, *paragraphs]
    article = parse("\n".join(page))
    assert article.title == HEADLINE


def test_labels_within_an_article_are_its_own(paragraphs):
    first, second, *rest = paragraphs
    article = parse("\n\n".join([HEADLINE, first, "Weather", second, "Sport", *rest]))
    assert "\n\nWeather\n\n" in article.text
    assert "\n\nSport\n\n" in article.text


def test_subheads_and_lists_after_a_button_are_the_articles(paragraphs):
    *rest, last = paragraphs
    article = parse("\n\n".join([HEADLINE, *rest, "Share", "What happens next", "- a second survey", last, *FOOTER]))
    assert article.text.endswith(f"What happens next\n\n- a second survey\n\n{last}")


def test_sentences_below_the_article_stay(paragraphs):
    author = "Anna Lind has reported on the harbour and its ferries for eleven years."
    article = parse("\n".join([HEADLINE, *paragraphs, "Tags", author, *FOOTER]))
    assert article.text.endswith(author)
    assert "About us" not in article.text
