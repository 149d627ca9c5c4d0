"""Headlines: what may go from a sentence, and what must stay."""

import pytest

from summarizer.abstraction import headline_of

BRIDGE = "The harbour bridge was closed on Tuesday night by the city's works department after engineers found a crack."


def always(_: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("sentence", "headline"),
    [
        ("The ferry leaves at noon.", "The ferry leaves at noon"),
        ("Is the ferry late?", "Is the ferry late?"),
        ("The ferry was late…", "The ferry was late…"),
        ("The ferry was late...", "The ferry was late..."),
        (BRIDGE, "The harbour bridge was closed on Tuesday night by the city's works department"),
        (
            "The council should close three of its night buses from Monday 1 September, saving the city £1.3m a year.",
            "The council should close three of its night buses from Monday 1 September",
        ),
        (
            "The council has published changes to eight bus routes, which will take effect on Monday 2 September.",
            "The council has published changes to eight bus routes",
        ),
    ],
)
def test_clause_behind_the_news_goes_if_the_sentence_is_long(sentence: str, headline: str) -> None:
    assert headline_of(sentence, "en", always) == headline


@pytest.mark.parametrize(
    "sentence",
    [
        # The relative clause is in the middle, so that the verb would go with it.
        "Barkley, who sat out the derby with an injured leg, could be joined by another centre of his club this week.",
        "A walker was found in the park by the river on Sunday afternoon two days after she had left her house.",
        "The council will spend its four million pounds this year on schools, parks, pools, housing and libraries.",
        "The harbour bridge was not closed by the city's works department on Tuesday night because of the crack in it.",
        "The mayor of Farley took the money for the new ferry from the fund for the old one – prosecutors said so.",
        "The ferry will not leave the harbour of Farley on Tuesday morning if the storm reaches the coast before noon.",
        'The mayor said "the ferry will leave Farley at noon on Tuesday after the storm has gone" to the crowd there.',
        "Die Fähre verließ am Dienstag den Hafen von Farley mit zwei Stunden Verspätung, because sie repariert wurde.",
    ],
    ids=["middle", "time", "list", "negation", "report", "condition", "quotation", "german"],
)
def test_what_the_sentence_needs_stays(sentence: str) -> None:
    language = "de" if sentence.startswith("Die") else "en"
    assert headline_of(sentence, language, always) == sentence.removesuffix(".")


def test_what_is_not_supported_without_its_clause_stays() -> None:
    asked = []

    def refuses(text: str) -> bool:
        asked.append(text)
        return False

    assert headline_of(BRIDGE, "en", refuses) == BRIDGE.removesuffix(".")
    assert asked == ["The harbour bridge was closed on Tuesday night by the city's works department."]
