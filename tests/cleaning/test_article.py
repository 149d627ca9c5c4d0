"""Cleaning: the title is found, boilerplate and repetitions are removed, and the article's text is kept."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.cleaning import Article, clean
from summarizer.cleaning.boilerplate.patterns import ADVERTISEMENT
from summarizer.cleaning.title import REPEATED_HEADLINE
from summarizer.errors import EmptyArticle, SummarizerError

HEADLINE = "Council votes to keep the old swimming pool open"
BODY = "The council voted on Monday by 14 to 3.\n\nThe pool, built in 1931, will stay open until at least 2030."


def _removed(article: Article) -> list[tuple[str, int, str]]:
    return [(removed.text, removed.count, removed.reason) for removed in article.removed]


def test_first_line_becomes_the_title() -> None:
    article = clean(f"{HEADLINE}\n\n{BODY}")
    assert article.title == HEADLINE
    assert article.text == BODY
    assert article.removed == ()


def test_copied_page_loses_only_repeated_headlines_and_advertisements(articles: Path) -> None:
    article = clean((articles / "copied-page.txt").read_text(encoding="utf-8"))
    assert article.title == 'Mayor says island ferry "will not close" - but winter sailings may go'
    assert [(removed.count, removed.reason) for removed in article.removed] == [
        (6, REPEATED_HEADLINE),
        (1, ADVERTISEMENT),
        (1, ADVERTISEMENT),
    ]
    assert "will not close" not in article.text
    assert len(article.paragraphs) == 8


@pytest.mark.parametrize(
    "repetition",
    [
        HEADLINE,
        HEADLINE.upper(),
        f"# {HEADLINE}",
        f"**{HEADLINE}**",
        f"“{HEADLINE}”",
        f"{HEADLINE} | Lakeside Times",
        f"{HEADLINE} - BBC News",
        f"News > {HEADLINE}",
        "Council votes to keep the old…",
        "Council votes to keep the old swimming...",
        f"  {HEADLINE}  ",
    ],
)
def test_repeated_headline_is_removed_in_any_form(repetition: str) -> None:
    first, second = BODY.split("\n\n")
    article = clean(f"{HEADLINE}\n\n{first}\n\n{repetition}\n\n{second}\n\n{repetition}")
    assert article.text == BODY
    assert _removed(article) == [(repetition.strip(), 2, REPEATED_HEADLINE)]


def test_headline_glued_to_a_paragraph_is_cut_off() -> None:
    article = clean(f"{HEADLINE}\n\n{HEADLINE} {BODY}")
    assert article.text == BODY
    assert _removed(article) == [(HEADLINE, 1, REPEATED_HEADLINE)]


def test_headline_below_another_line_is_found_if_it_is_repeated() -> None:
    article = clean(f"By our own reporter.\n\n{HEADLINE}\n\n{BODY}\n\n{HEADLINE}\n\n{HEADLINE}")
    assert article.title == HEADLINE
    assert _removed(article) == [(HEADLINE, 2, REPEATED_HEADLINE)]


def test_site_name_is_not_part_of_the_title() -> None:
    article = clean(f"{HEADLINE} | Lakeside Times\n\n{BODY}\n\n{HEADLINE}")
    assert article.title == HEADLINE
    assert _removed(article) == [(HEADLINE, 1, REPEATED_HEADLINE)]


@pytest.mark.parametrize(
    "kept",
    [
        "Council votes to keep the old swimming pool open for another year, a spokesman said.",
        "The council votes to keep it. The council votes to keep it.",
        "Council votes to keep the old library open",
        "Council votes…",
    ],
)
def test_line_that_only_resembles_the_headline_is_kept(kept: str) -> None:
    article = clean(f"{HEADLINE}\n\n{BODY}\n\n{kept}")
    assert article.text == f"{BODY}\n\n{kept}"
    assert article.removed == ()


def test_refrain_is_kept() -> None:
    refrain = "And still the rain came down."
    article = clean(f"{HEADLINE}\n\n{refrain}\n\n{BODY}\n\n{refrain}\n\n{refrain}")
    assert article.text.count(refrain) == 3


@pytest.mark.parametrize(
    "text",
    [
        "And still the rain came down.\n\nThe boats were tied up.\n\nAnd still the rain came down.",
        "Q: Why did you leave?\n\nOla: I was tired.\n\nQ: Why did you leave?\n\nOla: I told you.",
        f"{HEADLINE}\n\n{BODY}\n\n{HEADLINE} - experts cheer",
        f"{HEADLINE}\n\n{BODY}\n\n{HEADLINE} - Monday at the latest.",
        f"{HEADLINE}\n\n{BODY}\n\n{HEADLINE} Peter Lind for a year.",
        f"{HEADLINE}\n\n{BODY}\n\n{HEADLINE}\nfor another year, a spokesman said.",
        "By noon\n\nThe boats were tied up. And still the rain came down.",
        "ประชาชน" * 60 + "\n\n" + "ประชาชน" * 60,
    ],
    ids=["refrain", "question", "remark", "sentence", "name", "wrapped", "byline", "thai"],
)
def test_article_without_boilerplate_keeps_every_word(text: str) -> None:
    article = clean(text)
    title = "" if article.title is None else article.title
    assert f"{title} {article.text}".split() == text.split()
    assert article.removed == ()


def test_headline_directly_above_its_text_is_the_title() -> None:
    article = clean("Ferry company of Torvik runs out of money\nThe ferry will stop on Monday.\nIt has 40 passengers.")
    assert article.title == "Ferry company of Torvik runs out of money"
    assert len(article.paragraphs) == 2


def test_list_items_and_subheads_are_not_joined() -> None:
    items = [
        "- a warm coat that keeps out the wind and the rain at sea",
        "- boots",
        "What the committee of the island decided",
    ]
    article = clean(f"{HEADLINE}\n\nTake with you:\n" + "\n".join(items))
    assert [span.of(article.text) for span in article.paragraphs] == ["Take with you:", *items]


def test_article_without_a_headline_keeps_its_first_sentence() -> None:
    article = clean(BODY)
    assert article.title is None
    assert article.text == BODY


def test_hard_wrapped_lines_become_one_paragraph() -> None:
    wrapped = (
        "The ferry company said on Thursday that it would not raise its\n"
        "fares this year, although the price of diesel has risen by a\n"
        "third since the spring and two of its boats need new engines."
    )
    article = clean(wrapped)
    assert article.title is None
    assert article.text == wrapped.replace("\n", " ")
    assert len(article.sentences) == 1


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_separates_lines(line_end: str) -> None:
    assert clean(f"{HEADLINE}\n\n{BODY}".replace("\n", line_end)).text == BODY


def test_invisible_and_control_characters_are_removed() -> None:
    assert clean("The\u00a0coun\u00adcil \x00voted\u200b on Monday.").text == "The council voted on Monday."


@pytest.mark.parametrize("nothing", ["", "   ", "\n" * 10_000, "\u200b\u00ad", "\x00\x00"])
def test_empty_text_is_refused(nothing: str) -> None:
    with pytest.raises(EmptyArticle, match="Paste or send"):
        clean(nothing)


def test_headline_alone_is_refused() -> None:
    with pytest.raises(EmptyArticle, match="only a headline"):
        clean(f"{HEADLINE}\n\n{HEADLINE.upper()}")


@settings(max_examples=200, deadline=None)
@given(
    st.text()
    | st.lists(st.sampled_from([HEADLINE, BODY, "", "…", "| X", "# ", "a\nb", HEADLINE.upper()])).map("\n".join)
)
def test_any_text_is_cleaned_or_refused_and_its_spans_are_valid(text: str) -> None:
    try:
        article = clean(text)
    except SummarizerError:
        return
    article.text.encode("utf-8")
    for span in (*article.paragraphs, *article.sentences):
        assert span.of(article.text) == span.of(article.text).strip() != ""
    assert list(article.sentences) == sorted(article.sentences)
    shown = "".join(span.of(article.text) for span in article.sentences)
    assert "".join(shown.split()) == "".join(article.text.split())
