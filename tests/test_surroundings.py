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


def test_line_alone_above_what_seems_to_be_the_headline_may_be_the_headline(paragraphs):
    page = ["Skip to content", "News", "Sport", "Rust never sleeps", HEADLINE, *paragraphs]
    article = parse("\n\n".join(page))
    assert article.text == "\n\n".join(["Rust never sleeps", *paragraphs])


UNSAID = "A matter of nineteen rusty strands"
SECTIONS = ["News", "Sport", "Jobs", "Property", "Food", "Travel"]


@pytest.mark.parametrize(
    "above",
    [
        ["Skip to content", "Subscribe", "News", "Most read", *TEASERS, "Local", UNSAID],
        ["Skip to content", "Subscribe", "News", "Most read", *TEASERS, "Local", UNSAID, "Karl Vik", *SIGNED],
        [*SECTIONS, UNSAID, *SIGNED],
        ["Exclusive", UNSAID, "Anna Lind"],
        ["Opinion", UNSAID, "Comment", UNSAID],
        ["FA Vase", "Match report", UNSAID, "Anna Lind at the bridge", "2:14", UNSAID],
    ],
    ids=["by its place", "above a byline", "sections", "kicker", "twice", "twice, apart"],
)
def test_headline_whose_words_do_not_come_again_is_found(paragraphs, above):
    article = parse("\n\n".join([*above, *paragraphs]))
    assert article.title == UNSAID
    assert UNSAID not in article.text
    assert article.text.endswith("\n\n".join(paragraphs))


@pytest.mark.parametrize(
    "above",
    [
        ["Skip to content", "News", "Rust never sleeps in Pell", "4 hours ago", "Share", "Getty Images", HEADLINE],
        ["Stop your phone spying", "Settings > Privacy > Location", "Settings > Privacy > Ads", HEADLINE],
    ],
    ids=["above dates and buttons", "ways through menus"],
)
def test_what_may_be_an_articles_own_above_its_headline_stays(paragraphs, above):
    article = parse("\n\n".join([*above, *paragraphs]))
    kept = [article.title, *article.text.split("\n\n")]
    gone = {"Skip to content", "News", "4 hours ago", "Share", "Getty Images"}
    assert [line for line in above if line not in kept] == [line for line in above if line in gone]


def test_site_is_no_headline(paragraphs):
    article = parse("\n\n".join(["The Pell Times", "News", "Sport", "A", "B", "C", *paragraphs]))
    assert article.title is None


def test_sections_that_are_subheads_are_the_articles(paragraphs):
    contents = [line for line, text in zip(SECTIONS, paragraphs, strict=False) for line in (line, text)]
    article = parse(
        "\n\n".join([*SECTIONS, "The harbour bridge, shut after inspectors found a crack", *SIGNED, *contents])
    )
    assert all(article.text.count(section) >= 2 for section in SECTIONS)


@pytest.mark.parametrize("trail", ["Home / Towns / Pell", "Home > News > Pell", "News › Pell"])
def test_trail_through_the_site_is_navigation(paragraphs, trail):
    article = parse("\n\n".join(["Ferry times", trail, "Menu", HEADLINE, *SIGNED, *paragraphs]))
    assert article.title == HEADLINE
    assert article.text == "\n\n".join(paragraphs)


def test_lines_below_a_notice_of_cookies_stay(paragraphs):
    below = ["To watch this video accept cookies", "Cookie settings", "Two old bells", "One long rope"]
    article = parse("\n\n".join([HEADLINE, *paragraphs, *below]))
    assert article.text.endswith("Two old bells\n\nOne long rope")


def test_whole_page_in_german_loses_its_navigation():
    headline = "Hafenbrücke nach Riss im Kabelanker gesperrt"
    paragraphs = [
        "Die Hafenbrücke in Pell ist seit Dienstag gesperrt, nachdem Prüfer einen Riss im Anker eines Kabels fanden.",
        "„Wir konnten nicht warten“, sagte die Leiterin der Behörde, Ola Brask, am Mittwoch vor dem Stadtrat von Pell.",
    ]
    above = ["Zum Inhalt springen", "Startseite", "Anmelden", "Politik", "Sport"]
    signed = ["Von Karl Vik", "04.03.2026, 10:32 Uhr"]
    article = parse("\n".join([*above, headline, *signed, *paragraphs, "Impressum", "Datenschutz", "AGB"]))
    assert article.title == headline
    assert article.text == "\n\n".join(paragraphs)


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
@pytest.mark.parametrize("first", ["", "\n"], ids=["at once", "after an empty line"])
def test_article_without_its_page_keeps_all_its_lines(paragraphs, above, below, first):
    article = parse(first + "\n\n".join([*above, *paragraphs, *below]))
    assert article.stripped == ()
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
def test_headline_and_lines_of_an_article_are_not_taken_for_the_pages(paragraphs, above, below):
    article = parse("\n".join([*above, *paragraphs, *below]))
    own = [line for line in (*above, *below) if line not in PAGES_OWN]
    assert [line for line in own if line not in (article.title or "") and line not in article.text] == []


PAGES_OWN = {
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


def test_headline_in_capitals_is_found_beneath_its_navigation(paragraphs):
    article = parse("\n".join([*NAVIGATION, HEADLINE.upper(), *SIGNED, *paragraphs]))
    assert article.title == HEADLINE.upper()


def test_name_beside_the_date_is_a_byline_where_the_page_is_there(paragraphs):
    head = [HEADLINE, "Anna Lind", "4 March 2026"]
    article = parse("\n".join([*NAVIGATION, *head, *paragraphs]))
    assert article.text == "\n\n".join(paragraphs)
    assert {line.text: line.reason for line in article.stripped}["Anna Lind"] == "byline"


def test_known_headline_keeps_what_stands_above_the_text(paragraphs):
    standfirst = "Council waits for a second survey of the harbour bridge"
    page = ["Rust never sleeps", "Menu", "News", "Log in", standfirst, *paragraphs]
    article = parse("\n\n".join(page), known_title="Rust never sleeps")
    assert article.title == "Rust never sleeps"
    assert standfirst in article.text
