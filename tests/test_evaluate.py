"""scripts/evaluate.py on articles of our own: tables, what is kept between runs, blind files."""

import json
from pathlib import Path

import evaluate
import numpy as np
import pytest
from evaluation_data import read_rows, rotated, rotation
from kept_answers import KeptAnswers

from summarizer.embedded import language_model_path
from summarizer.models.base import Question
from summarizer.models.gguf import GgufModel
from summarizer.settings import Settings

NAMES = ["news-harbour-bridge", "court-appeal", "science-lake-sediment"]


@pytest.fixture
def data(tmp_path: Path, articles: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three articles with their first paragraph as reference, and a folder of their own for what is kept."""
    monkeypatch.setattr(evaluate, "KEPT", tmp_path / "kept")
    path = tmp_path / "own.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for name in NAMES:
            text = (articles / f"{name}.txt").read_text(encoding="utf-8")
            first = text.split("\n\n")[1]
            row = {"id": name, "article": text, "reference": first, "bart_large": first}
            stream.write(json.dumps(row) + "\n")
    return path


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr("sys.argv", ["evaluate.py", *map(str, arguments)])
    evaluate.main()


def test_summaries_are_scored_saved_and_laid_side_by_side(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table, saved = tmp_path / "table.json", tmp_path / "saved"
    systems = ["--check", "--systems", "lead-3", "extract", "bart_large"]
    blind = ["--blind", "extract", "bart_large", "--save", saved]
    _run(monkeypatch, "summaries", "--data", data, *systems, "--json", table, *blind)
    scores = {row["system"]: row for row in json.loads(table.read_text())}
    assert scores["bart_large"]["rouge1"] == 100.0
    assert 0 < scores["lead-3"]["rouge1"] < 100
    assert scores["extract"]["article's own"] == "9 of 9"
    assert scores["extract"]["unsupported by model"] == scores["extract"]["unsupported by words"] == "0 of 9"
    assert "| bart_large | 100.0 |" in capsys.readouterr().out
    assert len((saved / "extract.jsonl").read_text().splitlines()) == len(NAMES)
    page = (saved / "blind-extract-bart_large.txt").read_text()
    assert page.count("FIRST") == len(NAMES)
    assert "extract" not in page
    assert page.splitlines()[3].islower()  # case does not tell which system copied
    key = json.loads((saved / "blind-extract-bart_large-key.json").read_text())
    assert all(sorted(order) == ["bart_large", "extract"] for order in key.values())


def test_run_that_was_stopped_goes_on(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _run(monkeypatch, "summaries", "--data", data, "--systems", "lead-3", "--limit", 2)
    (kept,) = evaluate.KEPT.rglob("*lead-3.jsonl")
    first = kept.read_text()
    assert len(first.splitlines()) == 2
    _run(monkeypatch, "summaries", "--data", data, "--systems", "lead-3")
    assert kept.read_text().startswith(first)
    assert len(kept.read_text().splitlines()) == 3


def test_rotation_moves_the_first_third_to_the_end() -> None:
    assert rotation(7) == [2, 3, 4, 5, 6, 0, 1]
    text = "A title of five words\n\nOne is here. Two is here. Three is here."
    assert rotated(text) == "A title of five words\n\nTwo is here. Three is here. One is here."


def test_data_without_a_field_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": 1, "article": "x"}\n')
    with pytest.raises(SystemExit, match="line 1: reference is missing"):
        read_rows(path, {"id", "article", "reference"})
    with pytest.raises(SystemExit, match="Name a JSONL file"):
        read_rows(tmp_path / "none.jsonl", {"id"})


def test_auc_is_the_share_of_pairs_in_the_right_order() -> None:
    labels = np.array([1.0, 1.0, 0.0, 0.0])
    assert evaluate.auc(np.array([0.9, 0.8, 0.2, 0.1]), labels) == 1.0
    assert evaluate.auc(np.array([0.5, 0.5, 0.5, 0.5]), labels) == 0.5
    assert evaluate.auc(np.array([0.9, 0.1, 0.5, 0.2]), labels) == 0.5


def test_answers_are_asked_once(tmp_path: Path) -> None:
    model = GgufModel(language_model_path(Settings().cache), token_budget=256)
    asked = [Question("The old lighthouse was sold on Friday.", "The lighthouse was sold.")]
    kept = KeptAnswers(model, tmp_path / "answers.jsonl")
    answers = kept.verdicts(asked, lambda done, total: None)
    assert kept.saved == 0
    again = KeptAnswers(GgufModel(Path("nowhere.gguf").with_stem(model.name)), kept._path)
    assert again.verdicts(asked, lambda done, total: None) == answers
    assert again.saved > 0
