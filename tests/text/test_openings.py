"""What stands before the first sentence of a line."""

import pytest

from summarizer.text.openings import openings


@pytest.mark.parametrize(
    ("lines", "bare"),
    [
        (["- Apples", "* Pears", "● Plums", "☑ Figs"], ["Apples", "Pears", "Plums", "Figs"]),
        (["1. Apples", "2. Pears", "a) Plums", "b) Figs"], ["Apples", "Pears", "Plums", "Figs"]),
        (["(1) Apples", "(2) Pears"], ["Apples", "Pears"]),
        (["o Apples are ripe"], ["Apples are ripe"]),
        (["TARN, March 4 (Reuters) - The sale"], ["The sale"]),
        (["TARN, N.Y. (AP) — “The sale"], ["“The sale"]),
        (["NEW TARN — The sale", "TARN, Norway -- A sale"], ["The sale", "A sale"]),
        (["1. Apples", "They are red.", "2. Pears"], ["Apples", "They are red.", "Pears"]),
    ],
)
def test_opening_is_found(lines: list[str], bare: list[str]) -> None:
    assert [line[end:] for line, end in zip(lines, openings(lines), strict=True)] == bare


@pytest.mark.parametrize(
    "lines",
    [
        ["3. Oktober 2024: der Markt öffnet."],
        ["1. The first is dry.", "7. Mai ist der letzte Tag."],
        ["1) One bus waits.", "2. Two wait."],
        ["*note", "o casa o mare", "a. m."],
        ["— Whose orchard is it? asked Ines."],
        ["-", "3."],
        ["3. Oktober 1990: Tag eins.", "4. Oktober 1990: Tag zwei."],
        ["1. Mai: Tag eins.", "2. Mai: Tag zwei."],
        ["USA - Mexico ended 2-0.", "GDP - The value of all goods."],
        ["NATO — The alliance was founded in 1949."],
        ["It was sold.", "ANNA LIND — I never said that."],
        ["- 5 degrees at night"],
        ["TARN - an old town", "Tarn — The town", "TARN (the town)", "TARN-ON-SEA is old."],
    ],
)
def test_other_beginnings_are_none(lines: list[str]) -> None:
    assert openings(lines) == [0] * len(lines)
