"""Article lines that look like boilerplate are kept among lines of their kind: credits, dates, questions, subheads."""

import pytest

from summarizer.cleaning import clean

HEADLINE = "The lighthouse keeper who kept a cinema"
PARAGRAPHS = [
    "For thirty years Edda Moran lit the lamp at dusk, and on Saturdays she lit a projector in the boat shed below it.",
    "Fishermen rowed across the sound with their families, paid in coins or fish, and sat on coiled rope until ten.",
    "The shed burnt down in 1961, and most of the reels with it, but four survived in a chest that nobody had opened.",
    "They were shown again on Sunday, in the same harbour, to an audience that had come from as far as the capital.",
]

CREDITS = [
    "Credits",
    "Directed by Edda Moran",
    "Written by Edda Moran and Joss Pell",
    "Photography: Joss Pell",
    "Music: Ruth Amsel",
    "With: Ida Moran, Karl Moran",
]
TIMES = ["Prep Time: 10 minutes", "Cook Time: 25 minutes", "Serves: 4"]
FIGURES = ["Length of the voyage: 1,140 miles", "Lowest temperature: -47", "Words spoken on the way: about 2,000"]
DIARY = [
    "9 February, 6.15 am",
    "The wind went round to the east in the night and the ice has opened, so that we may be able to row today.",
    "10 February, 7.30 am",
    "We rowed until noon and then the fog came down, so that we could hear the seals but see none of them at all.",
    "11 February, 5.45 am",
    "Land, and a fire on it, and somebody beside the fire who waved to us as if we had been expected for a week.",
]
RELATED_QUESTIONS = [
    "How did it begin?",
    "It began with a bed sheet, she says, and with a lamp that the harbour master did not need in the summer months.",
    "What did people pay?",
    "Mostly fish, and in the autumn potatoes, which she kept in the projection room because it was the only dry one.",
    "Most popular",
    "How a village switched off its street lights",
    "Why did it have to end?",
    "Because a lamp fell over in the spring of 1961 and nobody was there to see it until the roof had come down.",
]
PLANS = [
    "A first plan",
    "It had nineteen pages, and she read all of it aloud in the parish hall on a wet Friday evening in November.",
    "The final plan",
    "It had two pages, and was put up at the harbour office, where it can be read until the end of the year.",
]
COMMENTS = [
    *PLANS[:2],
    "Comments",
    "It was put through every door, with a form on which people could write what they thought of the cinema.",
    *PLANS[2:],
]
READING = [
    *PLANS,
    "Further reading",
    "Her own account of those years, printed by the parish, can be had from the harbour office on weekdays.",
]
FIXTURES = [
    "Ashby, Saturday 7 March 2026, 3.15pm",
    "Quay, Tuesday 10 March 2026, 5.15pm",
    "Torvik, 14 March 2026, 3.15pm",
]
CONCERT = ["Saturday 14 June, 7pm"]
FUNERAL = ["Service", "Saturday, June 7, 2025 at 11:00 AM", "Chapel on the Quay"]
BOOKS = ["Salt Road", "By Caryl Marsh", "Low Water", "By Roger Pell", "The Weir", "By Ida Dunn"]
PROGRAMME = ["11.30 am", "Bells of the valley", "By Dr Hester Moran", "1 pm", "Lunch"]
STEPS = [
    "1. Settings",
    "It is the last entry but one, and it is not the same as the one above it, though they are called alike.",
    "2. Share",
    "Here you choose whom you share the film with, and if you want nobody to see it you leave the line empty.",
    "3. Back to top",
    "Scroll up until you see the blue bar again, which shows you how much of the film is still to be sent off.",
]
REVIEWS = [
    "What we like",
    "It rings when it rains, which is more than can be said of any of the others that we tried on the quay.",
    "What we do not like",
    "It rings when it does not rain, too, and we could not find out how to make it stop in two long weeks.",
    "What we like",
    "It is the only one of them that survived the harbour, and afterwards it could be heard better than before.",
    "What we do not like",
    "It comes in one colour, and that colour is best described as the one that is left when all others are sold.",
]
CLAUSES = [
    '"You" shall mean anyone who takes this lamp home with him, whether or not he brings it back again.',
    "(a) You must give any other borrower of this lamp your name and a copy of this letter; and",
    "(b) please bring it back before the next borrower has to come and knock on your door for it.",
]
LINKS = [
    "Read the full letter before you sign it",
    "See more of your friends",
    "Click on the bin icon to empty it",
    "Image: 24 megapixels",
]


@pytest.mark.parametrize(
    "lines",
    [
        CREDITS,
        TIMES,
        FIGURES,
        DIARY,
        COMMENTS,
        READING,
        FIXTURES,
        CONCERT,
        FUNERAL,
        BOOKS,
        PROGRAMME,
        STEPS,
        REVIEWS,
        CLAUSES,
        *([line] for line in LINKS),
    ],
    ids=lambda lines: lines[-1],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["single line ends", "empty lines"])
def test_lines_are_kept_among_lines_of_their_kind(lines: list[str], between: str) -> None:
    article = clean(between.join([HEADLINE, *PARAGRAPHS[:2], *lines, *PARAGRAPHS[2:]]))
    assert article.text == "\n\n".join([*PARAGRAPHS[:2], *lines, *PARAGRAPHS[2:]])


def test_interview_question_is_not_a_related_headline() -> None:
    article = clean("\n\n".join([HEADLINE, *RELATED_QUESTIONS]))
    assert "Why did it have to end?" in article.text
    assert "street lights" not in article.text


@pytest.mark.parametrize(
    "line", ["Written by Anna Lind", "Photography: Anna Lind", "6 February 2026, 6.15 am", "Comments"]
)
def test_single_line_of_the_same_kind_is_removed(line: str) -> None:
    article = clean("\n\n".join([HEADLINE, line, *PARAGRAPHS, line]))
    assert line not in article.text


def test_subheads_and_their_table_of_contents_are_kept() -> None:
    contents = ["The lamp", "What people paid", "Would she do it again?", "What was left"]
    parts = [line for pair in zip(contents, PARAGRAPHS, strict=True) for line in pair]
    article = clean(
        "\n\n".join([HEADLINE, "A story in four parts, told by those who sat on the rope.", *contents, *parts])
    )
    assert article.removed == ()


@pytest.mark.parametrize(
    "lines",
    [
        ["Send the form, with a stamp for the answer, by the end of May to:", "Harbour Office", "3 Quay Street"],
        ["Thursday and Friday, from 2 pm until dusk, or ring the bell", "Free"],
        [
            "Bring a blanket, a lamp and something that can be sat upon",
            "Come before the tide does",
            "Pay what you like",
        ],
    ],
    ids=lambda lines: lines[-1],
)
def test_lines_beside_paragraphs_of_one_line_are_not_joined(lines: list[str]) -> None:
    article = clean(
        "\n".join([HEADLINE, *(f"{paragraph} It was not the last time." for paragraph in PARAGRAPHS), *lines])
    )
    assert [span.of(article.text) for span in article.paragraphs][-len(lines) :] == lines
