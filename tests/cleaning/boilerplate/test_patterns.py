"""Patterns: the kind of boilerplate that a single line is, or None for a line that may belong to the article."""

import pytest

from summarizer.cleaning.boilerplate.patterns import (
    ADVERTISEMENT,
    BYLINE,
    CAPTION,
    COMMENTS,
    COOKIES,
    COPYRIGHT,
    CREDIT,
    LINK,
    NEWSLETTER,
    SHARE,
    TIME,
    boilerplate_reason,
    has_date,
    heads_related,
    is_byline,
    is_caption,
    is_date,
    is_network,
    is_paragraph,
    is_statement,
    is_time,
)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ADVERTISEMENT", ADVERTISEMENT),
        ("(Ad)", ADVERTISEMENT),
        ("Story continues below", ADVERTISEMENT),
        ("Scroll down to continue", ADVERTISEMENT),
        ("Paid content", ADVERTISEMENT),
        ("Read more: How bees find their way", LINK),
        ("LISTEN: Our podcast on bees", LINK),
        ("Read the full story", LINK),
        ("Back to top", LINK),
        ("Click here for our guide to honey", LINK),
        ("Share", SHARE),
        ("Share on Facebook", SHARE),
        ("Print Email Save", SHARE),
        ("Follow us on Instagram", SHARE),
        ("1.2k shares", SHARE),
        ("Accept all", COOKIES),
        ("Reject cookies · Manage preferences", COOKIES),
        ("We use cookies to improve your visit.", COOKIES),
        ("By using this site you agree to our privacy policy.", COOKIES),
        ("14 comments", COMMENTS),
        ("Leave a comment", COMMENTS),
        ("Be the first to comment", COMMENTS),
        ("Comments are closed", COMMENTS),
        ("Sign up for our newsletter", NEWSLETTER),
        ("Get our morning briefing", NEWSLETTER),
        ("Subscribe now", NEWSLETTER),
        ("Already a subscriber?", NEWSLETTER),
        ("You have 2 free articles left this month", NEWSLETTER),
        ("By Karl Holm", BYLINE),
        ("By Karl Holm and Ida Dunn, Reuters", BYLINE),
        ("Written by Ida Dunn", BYLINE),
        ("Ida Dunn, chief science correspondent", BYLINE),
        ("Published: 9 April 2025, 7.15 am", TIME),
        ("April 9, 2025 at 7:15 AM", TIME),
        ("3 hours ago", TIME),
        ("4 min read", TIME),
        ("© 2025 Valley Post", COPYRIGHT),
        ("All rights reserved", COPYRIGHT),
        ("Photo: Ida Dunn", CREDIT),
        ("Image credit: Karl Holm", CREDIT),
        ("Karl Holm/Getty Images", CREDIT),
        ("Photograph by Ida Dunn", CREDIT),
        ("## Advertisement ##", ADVERTISEMENT),
        ("[Advertisement]", ADVERTISEMENT),
    ],
)
def test_boilerplate_has_its_reason(line: str, reason: str) -> None:
    assert boilerplate_reason(line) == reason


@pytest.mark.parametrize(
    "line",
    [
        "",
        "***",
        "Ads for honey continue to appear in the local paper, she said.",
        "Share the honey",
        "Save it",
        "Photo: the hive after the storm",
        "Comments from the beekeepers of the valley",
        "A byline for bees",
        "9 April 2025",
        "Subscribe to a theory",
        "Copyright lawyers meet in the valley",
        "Facebook",
        "Read the leaves",
        "The story continues in the next valley, where nobody keeps bees.",
        "Sign up for the walk at the town hall",
    ],
)
def test_other_line_has_no_reason(line: str) -> None:
    assert boilerplate_reason(line) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Related articles", True),
        ("More on this story", True),
        ("MOST READ", True),
        ("You may also like:", True),
        ("More on the price of honey", False),
        ("Related to bees", False),
    ],
)
def test_lines_above_headlines_of_other_articles_are_recognized(line: str, expected: bool) -> None:
    assert heads_related(line) == expected


def test_dates_are_whole_lines() -> None:
    assert is_time("Wednesday, 9 April 2025")
    assert is_time("9 April 2025 7.15 am")
    assert not is_time("On 9 April 2025 the bees swarmed")
    assert is_date("Pell, Saturday 7 March 2026, 3.15pm")
    assert not is_time("Pell, Saturday 7 March 2026, 3.15pm")
    assert has_date("The valley, 9 April 2025")
    assert not has_date("9 April 2025 in the valley")


def test_bylines_and_networks_are_whole_lines() -> None:
    assert is_byline("By Ida Dunn")
    assert not is_byline("By Ida Dunn the bees are never disturbed")
    assert is_network("WhatsApp")
    assert not is_network("WhatsApp for bees")


def test_question_is_not_a_statement() -> None:
    assert is_statement("The bees swarmed.")
    for question in ("Did the bees swarm?", "蜜蜂分群了吗？", "هل طارت النحل؟"):
        assert not is_statement(question)


def test_paragraph_is_a_long_sentence_or_introduces_a_list() -> None:
    sentence = "The beekeepers of the valley lost a third of their hives in the long frost of that winter"
    assert is_paragraph(f"{sentence}.")
    assert is_paragraph(f"{sentence}:")
    assert is_paragraph(f"{sentence}.[4][12]")
    assert not is_paragraph(sentence)
    assert not is_paragraph("They lost a third of them.")


def test_caption_describes_a_picture_before_its_credit() -> None:
    assert is_caption("A beekeeper opens a hive in the valley. Karl Holm/Getty Images")
    assert not is_caption("A hive. Karl Holm/Getty Images")


@pytest.mark.parametrize(
    "line",
    [
        "[1/2] A lighthouse stands above Tarn, Norway, March 1, 2024. REUTERS/Ole Berg",
        "Item 1 of 2 A lighthouse stands above Tarn. REUTERS/Ole Berg/File Photo",
        "FILE - The lighthouse of Tarn is seen in this Jan. 5, 2019 picture.",
        "Visitors climb the lighthouse on Saturday, March 2, 2024. (AP Photo/Kari Moe, File)",
    ],
)
def test_caption_of_an_agency_is_none_of_the_article(line: str) -> None:
    assert boilerplate_reason(line) == CAPTION


@pytest.mark.parametrize(
    "line",
    [
        "[1] A lighthouse stands above Tarn.",
        "File a complaint - or wait, the keeper said.",
        "TARN, March 4 (Reuters) - The lighthouse was sold on Monday.",
        "The picture (AP has it) shows the lighthouse.",
        "We process your letters within a week, the keeper said.",
        "Her deputy will lead the town until the election in May. (AFP/Reuters)",
        "Der Leuchtturm wurde gestern verkauft, sagte der Sprecher der Stadt. (dpa/lni)",
        "[1/3] The lighthouse of Tarn was sold today, and nobody knows why.",
        "Item 4 of 12 on the agenda was the sale of the lighthouse.",
        "We respect the legitimate interests of our neighbours, but the light must not go out.",
    ],
)
def test_sentence_that_only_looks_like_one_stays(line: str) -> None:
    assert boilerplate_reason(line) is None


def test_sentence_of_a_consent_dialogue_goes() -> None:
    line = "We share this information with our partners on the basis of consent and legitimate interest."
    assert boilerplate_reason(line) == COOKIES
