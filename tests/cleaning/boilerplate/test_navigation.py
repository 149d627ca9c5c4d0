"""Whole pages: the headline is found below the navigation, and the lines around the article are removed."""

from pathlib import Path

import pytest

from summarizer.cleaning import Article, clean
from summarizer.readers import Document

HEADLINE = "Harbour bridge shut after inspectors find cracked cable anchor"
NAVIGATION = ["Skip to content", "The Pell Times", "News", "Sport", "Ferry times", "Log in"]
TEASERS = ["Orchestra plays to an empty hall and fills it", "Seven recipes for a cold kitchen"]
SIGNED = ["By Anna Lind", "Published: 4 March 2026, 10.32 a.m."]
FOOTER = ["About us", "Contact us", "Where to buy it", "Terms of use", "Privacy policy", "© 2026 The Pell Times"]


@pytest.fixture(scope="module")
def paragraphs(articles: Path) -> list[str]:
    return (articles / "news-harbour-bridge.txt").read_text(encoding="utf-8").strip().split("\n\n")[1:]


def removed_lines(article: Article) -> set[str]:
    return {removed.text for removed in article.removed}


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["single line ends", "empty lines"])
def test_whole_page_is_reduced_to_its_article(paragraphs: list[str], between: str) -> None:
    article = clean(between.join([*NAVIGATION, *TEASERS, HEADLINE, *SIGNED, *paragraphs, *FOOTER]))
    assert article.title == HEADLINE
    assert article.text == "\n\n".join(paragraphs)
    assert removed_lines(article) == {*NAVIGATION, *TEASERS, *SIGNED, *FOOTER}


def test_single_line_above_the_probable_headline_is_kept(paragraphs: list[str]) -> None:
    page = ["Skip to content", "News", "Sport", "Rust never sleeps", HEADLINE, *paragraphs]
    article = clean("\n\n".join(page))
    assert article.text == "\n\n".join(["Rust never sleeps", *paragraphs])


UNRELATED = "A matter of nineteen rusty strands"
SECTIONS = ["News", "Sport", "Jobs", "Property", "Food", "Travel"]


@pytest.mark.parametrize(
    "above",
    [
        ["Skip to content", "Subscribe", "News", "Most read", *TEASERS, "Local", UNRELATED],
        ["Skip to content", "Subscribe", "News", "Most read", *TEASERS, "Local", UNRELATED, "Karl Vik", *SIGNED],
        [*SECTIONS, UNRELATED, *SIGNED],
        ["Exclusive", UNRELATED, "Anna Lind"],
        ["Opinion", UNRELATED, "Comment", UNRELATED],
        ["FA Vase", "Match report", UNRELATED, "Anna Lind at the bridge", "2:14", UNRELATED],
    ],
    ids=["by its place", "above a byline", "sections", "kicker", "twice", "twice, apart"],
)
def test_headline_that_shares_no_words_with_its_article_is_found(paragraphs: list[str], above: list[str]) -> None:
    article = clean("\n\n".join([*above, *paragraphs]))
    assert article.title == UNRELATED
    assert UNRELATED not in article.text
    assert article.text.endswith("\n\n".join(paragraphs))


@pytest.mark.parametrize(
    "above",
    [
        ["Skip to content", "News", "Rust never sleeps in Pell", "4 hours ago", "Share", "Getty Images", HEADLINE],
        ["Stop your phone spying", "Settings > Privacy > Location", "Settings > Privacy > Ads", HEADLINE],
    ],
    ids=["above dates and buttons", "instructions"],
)
def test_possible_article_lines_above_the_headline_are_kept(paragraphs: list[str], above: list[str]) -> None:
    article = clean("\n\n".join([*above, *paragraphs]))
    kept = [article.title, *article.text.split("\n\n")]
    boilerplate = {"Skip to content", "News", "4 hours ago", "Share", "Getty Images"}
    assert [line for line in above if line not in kept] == [line for line in above if line in boilerplate]


def test_site_name_is_not_the_headline(paragraphs: list[str]) -> None:
    article = clean("\n\n".join(["The Pell Times", "News", "Sport", "A", "B", "C", *paragraphs]))
    assert article.title is None


def test_section_names_that_are_subheads_are_kept(paragraphs: list[str]) -> None:
    contents = [line for line, text in zip(SECTIONS, paragraphs, strict=False) for line in (line, text)]
    article = clean(
        "\n\n".join([*SECTIONS, "The harbour bridge, shut after inspectors found a crack", *SIGNED, *contents])
    )
    assert all(article.text.count(section) >= 2 for section in SECTIONS)


@pytest.mark.parametrize("breadcrumb", ["Home / Towns / Pell", "Home > News > Pell", "News › Pell"])
def test_breadcrumb_is_navigation(paragraphs: list[str], breadcrumb: str) -> None:
    article = clean("\n\n".join(["Ferry times", breadcrumb, "Menu", HEADLINE, *SIGNED, *paragraphs]))
    assert article.title == HEADLINE
    assert article.text == "\n\n".join(paragraphs)


def test_lines_below_a_cookie_notice_are_kept(paragraphs: list[str]) -> None:
    below = ["To watch this video accept cookies", "Cookie settings", "Two old bells", "One long rope"]
    article = clean("\n\n".join([HEADLINE, *paragraphs, *below]))
    assert article.text.endswith("Two old bells\n\nOne long rope")


def test_whole_page_in_german_loses_its_navigation() -> None:
    headline = "Hafenbrücke nach Riss im Kabelanker gesperrt"
    paragraphs = [
        "Die Hafenbrücke in Pell ist seit Dienstag gesperrt, nachdem Prüfer einen Riss im Anker eines Kabels fanden.",
        "„Wir konnten nicht warten“, sagte die Leiterin der Behörde, Ola Brask, am Mittwoch vor dem Stadtrat von Pell.",
    ]
    above = ["Zum Inhalt springen", "Startseite", "Anmelden", "Politik", "Sport"]
    signed = ["Von Karl Vik", "04.03.2026, 10:32 Uhr"]
    article = clean("\n".join([*above, headline, *signed, *paragraphs, "Impressum", "Datenschutz", "AGB"]))
    assert article.title == headline
    assert article.text == "\n\n".join(paragraphs)


def test_headline_without_a_byline_is_found_by_its_words(paragraphs: list[str]) -> None:
    article = clean("\n\n".join([*NAVIGATION, *TEASERS, HEADLINE, *paragraphs]))
    assert article.title == HEADLINE


def test_standfirst_and_caption_below_the_headline_are_kept(paragraphs: list[str]) -> None:
    standfirst = "Crack in the cable anchor of the eastern span cuts port from town"
    caption = "The bridge at dusk, seen from the port"
    head = [HEADLINE, standfirst, *SIGNED, caption, "Photo: Anna Lind"]
    article = clean("\n".join([*NAVIGATION, *head, *paragraphs]))
    assert article.title == HEADLINE
    assert article.text == "\n\n".join([standfirst, caption, *paragraphs])


def test_first_line_is_the_headline_if_buttons_follow_it(paragraphs: list[str]) -> None:
    article = clean("\n\n".join([HEADLINE, "Log in", "Subscribe", "The bridge is shut, says the council", *paragraphs]))
    assert article.title == HEADLINE
    assert "The bridge is shut, says the council" in article.text


def test_related_headlines_end_above_the_headline(paragraphs: list[str]) -> None:
    page = ["Menu", "Most read", *TEASERS, HEADLINE, *SIGNED, *paragraphs]
    article = clean("\n".join(page))
    assert article.title == HEADLINE


def test_labels_within_an_article_are_kept(paragraphs: list[str]) -> None:
    first, second, *rest = paragraphs
    article = clean("\n\n".join([HEADLINE, first, "Weather", second, "Sport", *rest]))
    assert "\n\nWeather\n\n" in article.text
    assert "\n\nSport\n\n" in article.text


def test_subheads_and_lists_below_a_button_are_kept(paragraphs: list[str]) -> None:
    *rest, last = paragraphs
    article = clean("\n\n".join([HEADLINE, *rest, "Share", "What happens next", "- a second survey", last, *FOOTER]))
    assert article.text.endswith(f"What happens next\n\n- a second survey\n\n{last}")


def test_sentences_below_the_article_are_kept(paragraphs: list[str]) -> None:
    author = "Anna Lind has reported on the harbour and its ferries for eleven years."
    article = clean("\n".join([HEADLINE, *paragraphs, "Tags", author, *FOOTER]))
    assert article.text.endswith(author)
    assert "About us" not in article.text


LEAD = "The town woke on Tuesday to find its only crossing closed, and this is what is known so far."


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (["Who pays for rust?", "The harbour bridge with its cracked cable anchor"], []),
        (["A matter of rust", "Council waits for a second survey of the bridge"], []),
        (["What we know", LEAD, "Bridge shut", "Ferry full", "Why the harbour bridge cable anchor cracked"], []),
        (["Rust never sleeps", LEAD, "What is wrong?", "A crack.", "When will the harbour bridge open?"], []),
        (["Health", "What to know about rust", "Rust is bad. It kills bridges.", "Why the cable anchor cracked"], []),
        (["Harbour bridge shut / Council waits for a second survey", "Crack in the cable anchor of the span"], []),
        (["Back to school for the bridge builders of Pell", "Inspectors on the harbour bridge"], []),
        (["The bridge that was", "“Rust never sleeps.”", "Neil Young", "2 May 1979"], []),
        (["Diary of a bridge inspector", "4 March 2026", "I saw the crack.", "5 March 2026", "They shut it."], []),
        (["Diary of an inspector", "Day One", "4 March 2026", "I saw it.", "Day Two", "5 March 2026"], []),
        ([HEADLINE, "New York", "June 2, 2024"], []),
        (["Rust never sleeps", "Crack in the cable anchor of the eastern span cuts port from town"], ["Lind Theatre"]),
        ([HEADLINE], ["Tour dates", "8 June, Quay Arts Centre", "13 June, Pell", "Support: The Anchors"]),
        (["Morning briefing", "News", "Weather", "Sport", "Harbour bridge shut after inspectors find a crack"], []),
        ([HEADLINE], ["The survey looks at four things:", "Health", "Climate", "Jobs", "the harbour wall"]),
        ([HEADLINE], ["1", "The anchor", "2", "The span", "3", "The ferry"]),
        ([HEADLINE], ["Books", "The Anchor, by Anna Lind", "Film", "The Span", "Music", "Songs of rust"]),
        ([HEADLINE], ["Football", "Pell 3-1 Quay", "Cricket", "Pell 212 all out", "Tennis", "Lind beat Marsh"]),
        ([HEADLINE], ["Health", "She smiled.", "“No,” she said.", "News", "Sport"]),
        ([HEADLINE], ["I asked whether she would go.", "No", "“I will stay here.”", "And that was that.", "Sport"]),
    ],
)
@pytest.mark.parametrize("first", ["", "\n"], ids=["first line", "after an empty line"])
def test_article_without_navigation_keeps_all_its_lines(
    paragraphs: list[str], above: list[str], below: list[str], first: str
) -> None:
    article = clean(first + "\n\n".join([*above, *paragraphs, *below]))
    assert article.removed == ()
    lines = [*above, *paragraphs, *below]
    if article.title:  # the first line, or the second below the name of a section
        assert article.title in above[:2]
        lines.remove(article.title)
    assert article.text.split("\n\n") == lines


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (
            ["Rust never sleeps", "Listen to this article", "Subscribe"],
            ["Share", "Tweet", "Print", "Pell: Lind; Marsh"],
        ),
        (["Morning Briefing", "Subscribe", "News", "Harbour bridge shut after a crack"], ["Share", "Save", "1. Rain"]),
        (["Skip to content", "News", HEADLINE, "3 hours ago", "The bridge at dusk, seen from the port of Pell"], []),
        (
            [
                "Skip to content",
                "News",
                HEADLINE,
                "Anchor of the bridge cracked",
                "Port cut from town",
                "Span",
                "Ferry",
                "Bridge shut for weeks, inspectors say",
                "By Anna Lind",
            ],
            [],
        ),
        (["Skip to content", "News", HEADLINE, "Day One", "4 March 2026"], ["Day Two", "5 March 2026"]),
        (
            ["Skip to content", "News", "What happened at the harbour bridge on 4 March", "Port cut off", "By A. Lind"],
            [],
        ),
    ],
)
def test_headline_and_article_lines_are_kept_without_enough_navigation(
    paragraphs: list[str], above: list[str], below: list[str]
) -> None:
    article = clean("\n".join([*above, *paragraphs, *below]))
    article_lines = [line for line in (*above, *below) if line not in BOILERPLATE]
    assert [line for line in article_lines if line not in (article.title or "") and line not in article.text] == []


BOILERPLATE = {
    "Listen to this article",
    "Subscribe",
    "News",
    "Share",
    "Tweet",
    "Print",
    "Save",
    "Skip to content",
    "3 hours ago",
    "By Anna Lind",
    "By A. Lind",
}


def test_headline_in_capitals_is_found_below_the_navigation(paragraphs: list[str]) -> None:
    article = clean("\n".join([*NAVIGATION, HEADLINE.upper(), *SIGNED, *paragraphs]))
    assert article.title == HEADLINE.upper()


def test_name_beside_the_date_of_a_whole_page_is_a_byline(paragraphs: list[str]) -> None:
    head = [HEADLINE, "Anna Lind", "4 March 2026"]
    article = clean("\n".join([*NAVIGATION, *head, *paragraphs]))
    assert article.text == "\n\n".join(paragraphs)
    assert {removed.text: removed.reason for removed in article.removed}["Anna Lind"] == "byline"


def test_article_with_a_known_title_keeps_the_lines_above_its_text(paragraphs: list[str]) -> None:
    standfirst = "Council waits for a second survey of the harbour bridge"
    page = ["Rust never sleeps", "Menu", "News", "Log in", standfirst, *paragraphs]
    article = clean(Document("\n\n".join(page), title="Rust never sleeps"))
    assert article.title == "Rust never sleeps"
    assert standfirst in article.text
