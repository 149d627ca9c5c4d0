"""Title matching: which lines repeat a headline, and which lines have it glued to their text."""

import pytest

from summarizer.cleaning.title_matching import NEAR, Headline, key_of, looks_like_headline, variants, without_marks

TITLE = "Glass factory reopens after the flood"
TEXT = "The furnaces were lit on Monday, and the first bottles are expected before the end of the week."


@pytest.mark.parametrize(
    "line",
    [
        TITLE,
        TITLE.upper(),
        f"## {TITLE}",
        f"“{TITLE}”",
        f"{TITLE} | Valley Post",
        f"Business » {TITLE} - Valley Post",
        f'<h2 class="head">{TITLE}</h2>',
        "Glass factory reopens after…",
        "Glass factory reopens aft...",
    ],
)
def test_headline_is_repeated_in_any_form(line: str) -> None:
    assert Headline(TITLE).is_repeated_by(line)


@pytest.mark.parametrize(
    ("title", "line"),
    [
        (TITLE, "Glass factory reopens after flood"),
        (TITLE, "Glass factory reopened after the flood"),
        (TITLE, "The glass factory reopens after the flood"),
        ("Five boats leave the port of Ansel", "5 boats left the port of Ansel"),
        ("Union seeks £1.2m for the by-election", "Union seeks £1.2m for the byelection"),
    ],
)
def test_near_variant_repeats_the_headline(title: str, line: str) -> None:
    assert Headline(title).is_repeated_by(line)
    assert Headline(line).is_repeated_by(title)


@pytest.mark.parametrize(
    ("title", "line"),
    [
        (TITLE, ""),
        (TITLE, "Glass…"),
        (TITLE, "Glass factory closes after the flood"),
        (TITLE, "Glass factory reopens before the flood"),
        (TITLE, "Old glass factory reopens after the flood"),
        (TITLE, "Glass factory reopens after the flood,"),
        (TITLE, "Glass factory reopens after the flood."),
        (TITLE, "Glass factory reopens after the flood - workers cheer"),
        ("Rail fares to rise by £5 in May", "Rail fares to rise by 5% in May"),
        ("Court will hear the case again in June", "Court will not hear the case again in June"),
        ("Four die in fire", "Four died in fire"),
    ],
)
def test_other_line_does_not_repeat_the_headline(title: str, line: str) -> None:
    assert not Headline(title).is_repeated_by(line)


def test_difference_is_a_share_of_the_words() -> None:
    assert Headline(TITLE).difference(key_of(TITLE)) == 0
    assert 0 < Headline(TITLE).difference(key_of("Glass factory reopens after flood")) <= NEAR
    assert Headline(TITLE).difference(key_of("Glass factory closes after the flood")) == float("inf")


@pytest.mark.parametrize(
    ("title", "glued"),
    [
        (TITLE, f"{TITLE} "),
        (TITLE, f"{TITLE}: "),
        (TITLE, f"{TITLE} - "),
        (TITLE, f"**{TITLE}** "),
        (TITLE, f"{TITLE.upper()}. "),
    ],
)
def test_headline_is_cut_off_before_a_text(title: str, glued: str) -> None:
    line = glued + TEXT
    assert line[Headline(title).glued_before(line, False) :] == TEXT


@pytest.mark.parametrize(
    "line",
    [
        f"{TITLE}, and the town is glad of it.",
        f"{TITLE} in the valley, where it has stood since 1870.",
        f"{TITLE}. {TEXT}",
        f"{TITLE} Monday was the first day of work.",
        f"{TITLE} Without a full stop",
        TITLE,
        TEXT,
    ],
)
def test_sentence_that_begins_with_the_headline_is_not_cut(line: str) -> None:
    assert Headline(TITLE).glued_before(line, False) == 0


def test_name_after_the_headline_begins_a_text_only_if_the_headline_is_known_to_repeat() -> None:
    headline = Headline("Farmers of the valley thank Anna")
    line = "Farmers Of The Valley Thank Anna Lind for her two years of work."
    assert headline.glued_before(line, False) == 0
    assert line[headline.glued_before(line, True) :] == "Lind for her two years of work."


@pytest.mark.parametrize("glue", [" ", " **", " “"])
def test_headline_is_cut_off_after_a_text(glue: str) -> None:
    line = TEXT + glue + TITLE
    assert line[: Headline(TITLE).glued_after(line)] == TEXT


@pytest.mark.parametrize("line", [f"The notice says: {TITLE}", f"{TEXT} {TITLE}.", f"{TEXT} {TITLE} again", TITLE])
def test_sentence_that_ends_with_the_headline_is_not_cut(line: str) -> None:
    assert Headline(TITLE).glued_after(line) == 0


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("The U.S. votes", "the US votes"),
        ("Two boats", "2 boats"),
        ("1,200 workers", "1200 workers"),
        ("3) Nine lives", "Nine lives"),
        ("— “It’s over”", "It's over"),
        ("<b>It</b> is over", "It is over"),
    ],
)
def test_keys_ignore_case_marks_and_spellings_of_numbers(line: str, other: str) -> None:
    assert key_of(line) == key_of(other)


def test_variants_omit_names_of_sites_and_sections() -> None:
    assert variants("News > Rain is coming to town | Valley Post") == [
        "News > Rain is coming to town | Valley Post",
        "News > Rain is coming to town",
        "Rain is coming to town",
        "Rain is coming to town | Valley Post",
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (TITLE, True),
        ("Why did the glass factory close?", True),
        (f"# {TITLE}.", True),
        ("Factory", False),
        (TEXT, False),
        ("Rain, wind,", False),
        ("word " * 41, False),
        ("Q: Why did the glass factory close?", False),
    ],
)
def test_headline_is_some_words_that_do_not_end_as_a_sentence(line: str, expected: bool) -> None:
    assert looks_like_headline(line) == expected


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("## Light ##", "Light"),
        ("**Light**", "Light"),
        ("• Light", "Light"),
        ("12) Light", "Light"),
        ("<p>Light</p>", "Light"),
        ("#MeToo", "#MeToo"),
        ("-40C at night", "-40C at night"),
        ("C#", "C#"),
    ],
)
def test_marks_around_a_line_are_removed(line: str, bare: str) -> None:
    assert without_marks(line) == bare
