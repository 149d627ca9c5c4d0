"""Words hyphenated over line ends: joined without the hyphen unless the word is written with one."""

import pytest

from summarizer.text.hyphenation import BREAK_HYPHEN, Spellings


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["the wood", "was dry"], "the wood was dry"),
        (["a wood-", "pecker"], "a woodpecker"),
        (["a well-", "known bird"], "a well-known bird"),
        (["the north-", "facing wall"], "the north-facing wall"),
        (["a wood-", "Anna said"], "a wood- Anna said"),
        (["from 1990-", "2000"], "from 1990- 2000"),
        ([f"a well{BREAK_HYPHEN}", "ington boot"], "a wellington boot"),
        (["only one line-"], "only one line-"),
        (["the cost-", "benefit ratio"], "the cost-benefit ratio"),
        (["the state-of-the-", "art engine"], "the state-of-the-art engine"),
        (["the twenty-", "one towns"], "the twenty-one towns"),
        (["the interferon-", "dependent path"], "the interferon-dependent path"),
        (["the n-", "octanal in it"], "the n-octanal in it"),
        (["said Co-", "lin Baker"], "said Colin Baker"),
        (["the Saxon-", "Bavarian council"], "the Saxon-Bavarian council"),
        (["the pre-", "and post-war years"], "the pre- and post-war years"),
        (["the mark-", "et was full"], "the market was full"),
        (["it fell in-", "to town"], "it fell into town"),
        (["they pro-", "vide a mid-", "dle way"], "they provide a middle way"),
        (["该政策试行", "期为两年"], "该政策试行期为两年"),
        (["从 2024", "年起"], "从 2024 年起"),
    ],
)
def test_lines_are_joined(lines: list[str], joined: str) -> None:
    assert Spellings(lines).join(lines) == joined


@pytest.mark.parametrize(
    ("elsewhere", "joined"),
    [
        ("An egg-timer rang.", "the egg-timer"),
        ("An eggtimer rang.", "the eggtimer"),
        ("An egg-timer rang, then an eggtimer, then an EGG-TIMER.", "the egg-timer"),
    ],
)
def test_more_frequent_spelling_in_the_text_decides(elsewhere: str, joined: str) -> None:
    assert Spellings([elsewhere]).join(["the egg-", "timer"]) == joined


def test_word_list_is_that_of_the_language() -> None:
    lines = ["Der Rat hat gestern die neue Hand-", "lung der Stadt in aller Ruhe beraten und nichts beschlossen."]
    assert "Handlung der Stadt" in Spellings(lines).join(lines)
    lines = ["Der Regierungs-", "sprecher hat gestern nichts dazu gesagt, was die Stadt mit dem Geld machen will."]
    assert "Regierungssprecher hat" in Spellings(lines).join(lines)


def test_long_line_of_letters_takes_no_time() -> None:
    lines = ["a" * 200_000, "-", f"{'a' * 200_000}-", "b"]
    assert Spellings(lines).join(lines).endswith("ab")


def test_frequent_spelling_overrides_a_hyphenated_prefix() -> None:
    assert Spellings(["The overhang and the crosswind."]).join(["a cross-", "wind"]) == "a crosswind"
