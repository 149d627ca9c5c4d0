"""Names in full at first mention, and in the place of a "he" that would mean nobody."""

import pytest

from summarizer.names import Names

ARTICLE = [
    "The ferry between Pell and Torvik stopped on Tuesday.",
    "Anna Lind, 54, who runs the ferry, blamed the council.",
    "Lind said the pier had been unsafe for years.",
    "She said she had written nine letters.",
    "On Monday Mayor Ivo Tal told reporters that the pier was safe.",
    "“Lind is wrong,” Mr Tal said.",
    "The pier at New Pell is older.",
    "Real Torvik won the cup.",
    "York is far from Torvik.",
]


def _completed(*places: int) -> list[tuple[str, tuple[int, ...]]]:
    return Names(ARTICLE).completed([(ARTICLE[place], place) for place in places])


def test_last_name_becomes_the_full_name_at_first_mention_only() -> None:
    assert _completed(0, 2, 5) == [
        (ARTICLE[0], (0,)),
        ("Anna Lind said the pier had been unsafe for years.", (1, 2)),
        ("“Lind is wrong,” Mayor Ivo Tal said.", (4, 5)),
    ]
    assert _completed(1, 2) == [(ARTICLE[1], (1,)), (ARTICLE[2], (2,))]


def test_name_of_a_firm_is_not_completed() -> None:
    article = ["Karla Brandt, 51, said so.", "The Brandt bakery is warm.", "Brandt was pleased."]
    assert Names(article).completed([(article[1], 1)]) == [(article[1], (1,))]
    assert Names(article).completed([(article[2], 2)])[0][0] == "Karla Brandt was pleased."


def test_quotation_is_not_changed() -> None:
    assert _completed(5)[0][0].startswith("“Lind is wrong,”")


def test_pronoun_that_speaks_takes_the_name_when_the_sentence_before_is_not_there() -> None:
    assert _completed(0, 3)[1] == ("Anna Lind said she had written nine letters.", (1, 2, 3))
    assert _completed(2, 3)[1] == (ARTICLE[3], (3,))


@pytest.mark.parametrize(
    "before",
    [
        ["Anna Lind, 54, blamed a driver."],
        ["Anna Lind, 54, said Ivo Tal, 60, was wrong."],
        ["Anna Lind, 54, said it was late.", "A driver fled."],
        ["Ivo Tal, 60, said it was late.", "It rained."],
    ],
)
def test_pronoun_stays_where_it_may_mean_somebody_else(before: list[str]) -> None:
    sentence = "He said nobody was hurt."
    place = len(before)
    assert Names([*before, sentence]).completed([(sentence, place)]) == [(sentence, (place,))]


def test_pronoun_that_does_something_stays() -> None:
    article = ["Anna Lind, 54, said a driver was drunk.", "He fled."]
    assert Names(article).completed([(article[1], 1)]) == [(article[1], (1,))]


def test_places_and_clubs_are_no_people() -> None:
    places = ["They lost to Torvik.", "Pell has a market."]
    article = [*ARTICLE, *places]
    for place, text in enumerate(places, start=len(ARTICLE)):
        assert Names(article).completed([(text, place)]) == [(text, (place,))]


def test_two_people_of_one_name_are_not_completed() -> None:
    article = ["Anna Lind, 54, and Peter Lind, 50, run the ferry.", "Lind said it was late."]
    assert Names(article).completed([(article[1], 1)]) == [(article[1], (1,))]


@pytest.mark.parametrize("sentence", ["", "LIND", "Lind", "....", "He said", "“Lind", "ليند قال"])
def test_odd_sentences_stay(sentence: str) -> None:
    assert Names([*ARTICLE, sentence]).completed([(sentence, len(ARTICLE))])[0][1][-1] == len(ARTICLE)
