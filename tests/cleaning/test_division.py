"""Pages that were copied whole: the title, and what stands around the article."""

from pathlib import Path

import pytest

from summarizer.cleaning import clean
from summarizer.cleaning.division import UNDIVIDED, divide
from summarizer.cleaning.removal import OUTSIDE
from summarizer.models.page_divider import default_divider
from summarizer.readers import Document

TITLE = "Harbour bridge shut after inspectors find cracked cable anchor"
ABOVE = """Skip to main content
Pell Courier
Sign in
Subscribe
Home
News
Sport
Weather
Jobs
Property
Obituaries
E-edition
Puzzles
Most read
Ferry timetable changes from Monday
Six places to eat by the water
Local News"""
UNDER = "By Anna Lind\n4 March 2026\nShare"
BELOW = """Share this
Facebook
Twitter
Email
Related topics
Bridges
Transport
More from the Courier
School roof to be mended before winter
Council tax to rise by three per cent
Rowers win the spring regatta again
Comments
Join the conversation
About us
Contact us
Advertise with us
Terms of use
Privacy policy
© 2026 Pell Courier"""


@pytest.fixture(scope="module")
def paragraphs(articles: Path) -> list[str]:
    return (articles / "news-harbour-bridge.txt").read_text(encoding="utf-8").strip().split("\n\n")[1:]


def test_copied_page_is_reduced_to_its_article(paragraphs: list[str]) -> None:
    article = clean("\n".join([ABOVE, TITLE, UNDER, *paragraphs, BELOW]))
    assert article.title == TITLE
    assert article.text == "\n\n".join(paragraphs)
    assert OUTSIDE in {removed.reason for removed in article.removed}


def test_page_in_a_language_without_rules_is_reduced_to_its_article() -> None:
    title = "Most w porcie zamknięty po wykryciu pęknięcia"
    paragraphs = [
        "Most w porcie jest zamknięty od wtorku, ponieważ inspektorzy znaleźli pęknięcie w kotwie liny nośnej.",
        "„Nie mogliśmy czekać” – powiedziała w środę Ola Brask, która kieruje zarządem dróg. Naprawa potrwa do maja.",
        "Codziennie przez most przejeżdża cztery tysiące ciężarówek, które teraz muszą jechać objazdem przez góry.",
        "Prom pływa co pół godziny, ale zabiera tylko dwadzieścia samochodów, a kolejki mają kilometr długości.",
    ]
    above = "Przejdź do treści\nZaloguj się\nStrona główna\nWiadomości\nSport\nPogoda\nPraca\nOgłoszenia\nSzukaj"
    below = "Udostępnij\nFacebook\nTwitter\nCzytaj także\nDach szkoły do naprawy\nPodatki wzrosną o trzy procent\n"
    below += "Komentarze\nO nas\nKontakt\nReklama\nRegulamin\nPolityka prywatności\n© 2026 Kurier"
    article = clean("\n".join([above, title, "Anna Lind", "4.03.2026, 10:32", *paragraphs, below]))
    assert article.title == title
    assert "Polityka prywatności" not in article.text
    assert "Zaloguj się" not in article.text
    assert all(paragraph in article.text for paragraph in paragraphs)


def numbered(form: str, count: int = 30) -> list[str]:
    """Lines of one form with other words in each."""
    things = "crack pillar lorry ferry harbour council engineer cable anchor survey".split()
    places = "Pell Arno Lisk Vorn Tade Omb".split()
    return [
        form.format(n=n, thing=things[n % 10], place=places[n % 6], other=things[(3 * n + 1) % 10])
        for n in range(1, count + 1)
    ]


# Whole texts of other kinds, each longer than the shortest page that is divided.
OTHER_TEXTS = {
    "paragraphs": numbered("The {thing} at {place} was seen by {n} people, and all said that the {other} was gone."),
    "list": [
        "Whoever wants to cross the moor in March has to bring more than good will, and nobody will carry it for him.",
        *numbered("{n} metres of rope for the {thing}"),
    ],
    "interview": numbered("Q: What happened to the {thing} in {place}?\nA: We looked after the {other} for {n} days."),
    "diary": numbered("{n} March\nSaw a {thing} at {place}, and thought of the {other} for the rest of the day."),
    "verse": numbered("the {thing} of {place}\nand the {other} below"),
    "dialogue": numbered("“Is that the {thing}?” she asked. “It is the {other},” he said, and walked on to {place}."),
}


@pytest.mark.parametrize("kind", OTHER_TEXTS)
def test_article_by_itself_is_kept_whole(kind: str) -> None:
    lines = "\n".join(OTHER_TEXTS[kind]).splitlines()
    assert len(lines) > 25
    assert divide(lines, default_divider()).outside == frozenset()
    assert divide([line for text in lines for line in (text, "")], default_divider()).outside == frozenset()


def test_hard_wrapped_article_is_kept_whole(paragraphs: list[str]) -> None:
    words = " ".join(paragraphs * 3).split()
    lines = [" ".join(words[start : start + 15]) for start in range(0, len(words), 15)]
    assert max(map(len, lines)) > 80
    assert len(lines) > 25
    assert divide([TITLE, "", *lines], default_divider()).outside == frozenset()


def test_file_is_not_divided(paragraphs: list[str]) -> None:
    """A reader of files has found the article, and all its lines count."""
    page = "\n".join([ABOVE, TITLE, *paragraphs, BELOW])
    removed = clean(Document(page, is_page=False)).removed
    assert OUTSIDE not in {one.reason for one in removed}


def test_title_that_is_known_does_not_keep_the_page(paragraphs: list[str]) -> None:
    article = clean(Document("\n".join([ABOVE, TITLE, UNDER, *paragraphs, BELOW]), title=TITLE))
    assert article.title == TITLE
    assert article.text == "\n\n".join(paragraphs)


def test_standfirst_below_teasers_is_kept(paragraphs: list[str]) -> None:
    standfirst = "A crack in the cable anchor of the eastern span has cut the port off from the town."
    article = clean("\n".join([ABOVE, TITLE, standfirst, UNDER, *paragraphs, BELOW]))
    assert article.text.startswith(standfirst)


def test_book_is_not_divided(paragraphs: list[str]) -> None:
    page = "\n".join([ABOVE, TITLE, UNDER, *paragraphs, BELOW]).splitlines()
    assert divide(page, default_divider()) != UNDIVIDED
    assert divide(page + paragraphs * 600, default_divider()) == UNDIVIDED


def test_short_text_is_not_divided(paragraphs: list[str]) -> None:
    assert divide(["Home", "News", TITLE, *paragraphs, "About us"], default_divider()) == UNDIVIDED
