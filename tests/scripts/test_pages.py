"""The measure of cleaned pages, on a page written for this."""

import json
import lzma
from pathlib import Path

import pytest

from scripts.evaluation.pages import RealPage, Text, evaluate, is_right_title, main, read_pages, score

TITLE = "Harbour bridge at Pell shut after crack is found"
BODY = (
    "The harbour bridge at Pell was shut on Thursday after a crack was found in a pillar, the council said.",
    "It carries 4,000 lorries a day, and repairs will take until May.",
)
PASTE = ("Home", "Sport and weather", TITLE, *BODY, "Read our other stories about bridges today")


def page(**changes: object) -> RealPage:
    values = {
        "id": "one",
        "set": "made",
        "site": "example.org",
        "html": b"<html><body><p>x</p></body></html>",
        "paste": "\n\n".join(PASTE),
        "titles": (TITLE,),
        "body": BODY,
        "wanted": (),
        "unwanted": (),
    }
    return RealPage(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "is_right"),
    [
        (TITLE, True),
        (TITLE.upper(), True),
        (f"{TITLE} | The Pell Courier", True),
        (f"Courier: {TITLE}", True),
        ("Harbour", False),
        ("Sport and weather", False),
    ],
)
def test_title_may_have_the_name_of_the_site(title: str, is_right: bool) -> None:
    assert is_right_title(title, [TITLE]) is is_right


def test_line_is_kept_whole_or_by_most_of_its_words() -> None:
    text = Text([BODY[0], BODY[1].replace("May", "June")])
    assert text.has(BODY[0])
    assert text.has(BODY[1])
    assert not text.has("Repairs take a week, and the ferry runs all night.")


def test_perfect_result_is_right() -> None:
    found = score(page(), PASTE, TITLE, BODY)
    assert (found.titled, found.lines, found.lost, found.foreign, found.right) == (1, 2, 0, 0, 1)
    assert found.gone == found.page_words == 11


def test_lost_line_and_foreign_line_are_counted() -> None:
    found = score(page(), PASTE, None, [BODY[0], PASTE[-1]])
    assert (found.titled, found.lost, found.right) == (0, 1, 0)
    assert found.foreign == 7
    assert found.gone == 4


def test_snippets_are_counted_where_the_article_is_not_known() -> None:
    partly = page(body=(), wanted=("4,000 lorries a day",), unwanted=("Read our other stories",))
    found = score(partly, PASTE, TITLE, [*BODY, PASTE[-1]])
    assert (found.lines, found.lost, found.unwanted, found.unwanted_shown, found.judged) == (1, 0, 1, 1, 0)


def test_paste_can_begin_at_the_headline() -> None:
    assert page().from_headline().splitlines()[0] == TITLE
    assert page(titles=("Another",)).from_headline() == ""


def test_table_has_a_row_for_each_input_and_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {
        "id": "one",
        "set": "made",
        "url": "https://www.example.org/one",
        "html": "<html><body><h1>x</h1></body></html>",
        "html_encoding": "utf-8",
        "paste": "\n\n".join(PASTE),
        "titles": [TITLE],
        "body": "\n".join(BODY),
    }
    file = tmp_path / "pages.jsonl.xz"
    file.write_bytes(lzma.compress(json.dumps(row).encode()))
    (read,) = read_pages(file)
    assert read.site == "example.org"
    assert [(one["input"], one["set"]) for one in evaluate([read], ["paste"])] == [("paste", "made"), ("paste", "all")]
    main(["--data", str(file), "--inputs", "headline to end", "HTML file", "trafilatura alone"])
    assert "trafilatura alone" in capsys.readouterr().out
