"""The evaluation on the test articles: tables, kept summaries, files for blind reading, recorded answers."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scripts.evaluation import samples, summaries
from scripts.evaluation.data import read_rows, rotated, rotation
from scripts.evaluation.recorded_model import NotRecorded, RecordedModel
from scripts.evaluation.support import auc
from summarizer.models.llama_cpp import LlamaCppModel

NAMES = ["news-harbour-bridge", "court-appeal", "science-lake-sediment"]


@pytest.fixture
def data(tmp_path: Path, articles: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three articles with their first paragraph as reference, and a folder for what is kept."""
    monkeypatch.setattr(summaries, "RESULTS", tmp_path / "kept")
    path = tmp_path / "articles.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for name in NAMES:
            text = (articles / f"{name}.txt").read_text(encoding="utf-8")
            first = text.split("\n\n")[1]
            row = {"id": name, "article": text, "reference": first, "bart_large": first}
            stream.write(json.dumps(row) + "\n")
    return path


@pytest.fixture
def evaluate(data: Path) -> Callable[..., None]:
    """Run the command on the articles."""
    return lambda *arguments: summaries.main(["--data", *map(str, (data, *arguments))])


def test_summaries_are_scored_saved_and_laid_side_by_side(
    evaluate: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, saved = tmp_path / "table.json", tmp_path / "saved"
    systems = ["--check", "--systems", "lead-3", "extractive", "bart_large"]
    evaluate(*systems, "--json", table, "--blind", "extractive", "bart_large", "--save", saved)
    scores = {row["system"]: row for row in json.loads(table.read_text())}
    assert scores["bart_large"]["rouge1"] == 100.0
    assert 0 < scores["lead-3"]["rouge1"] < 100
    assert scores["extractive"]["article's own"] == "9 of 9"
    assert scores["extractive"]["unsupported, normal"] == scores["extractive"]["unsupported, strict"] == "0 of 9"
    assert "| bart_large | 100.0 |" in capsys.readouterr().out
    assert len((saved / "extractive.jsonl").read_text().splitlines()) == len(NAMES)
    page = (saved / "blind-extractive-bart_large.txt").read_text()
    assert page.count("FIRST") == len(NAMES)
    assert "extractive" not in page
    assert page.splitlines()[3].islower()  # letter case would reveal which system copied
    key = json.loads((saved / "blind-extractive-bart_large-key.json").read_text())
    assert all(sorted(order) == ["bart_large", "extractive"] for order in key.values())


def test_interrupted_run_resumes(evaluate: Callable[..., None]) -> None:
    evaluate("--systems", "lead-3", "--limit", 2)
    (kept,) = summaries.RESULTS.rglob("*lead-3.jsonl")
    first = kept.read_text()
    assert len(first.splitlines()) == 2
    evaluate("--systems", "lead-3")
    assert kept.read_text().startswith(first)
    assert len(kept.read_text().splitlines()) == 3


def test_rotation_moves_the_first_third_to_the_end() -> None:
    assert rotation(7) == [2, 3, 4, 5, 6, 0, 1]
    text = "A title of five words\n\nOne is here. Two is here. Three is here."
    assert rotated(text) == "A title of five words\n\nTwo is here. Three is here. One is here."


def test_row_without_a_field_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": 1, "article": "x"}\n')
    with pytest.raises(SystemExit, match="line 1: reference is missing"):
        read_rows(path, {"id", "article", "reference"})
    with pytest.raises(SystemExit, match="Name a JSONL file"):
        read_rows(tmp_path / "none.jsonl", {"id"})


def test_auc_is_the_share_of_pairs_in_the_right_order() -> None:
    labels = np.array([1.0, 1.0, 0.0, 0.0])
    assert auc(np.array([0.9, 0.8, 0.2, 0.1]), labels) == 1.0
    assert auc(np.array([0.5, 0.5, 0.5, 0.5]), labels) == 0.5
    assert auc(np.array([0.9, 0.1, 0.5, 0.2]), labels) == 0.5


@pytest.mark.llm
def test_answer_is_computed_once_and_then_recorded(tmp_path: Path, language_model: LlamaCppModel) -> None:
    path = tmp_path / "answers.jsonl"
    recorded = RecordedModel.of(language_model, path)
    answer = recorded.continue_prompt("The old lighthouse", 4, lambda: None)
    assert recorded.saved == 0
    again = RecordedModel(path, language_model.name, language_model.token_budget)
    assert again.continue_prompt("The old lighthouse", 4, lambda: None) == answer
    assert again.saved > 0


def test_missing_answer_without_a_model_is_an_error(tmp_path: Path) -> None:
    recorded = RecordedModel(tmp_path / "answers.jsonl", "some-model", 160)
    with pytest.raises(NotRecorded, match="has no answer"):
        recorded.continue_prompt("The old lighthouse", 4, lambda: None)


def test_samples_are_the_same_articles_every_time(capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for _ in range(2):
        samples.main(["--method", "extractive", "--count", "2"])
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    first, second = printed[0].strip().split("\n\n")
    assert first != second
    assert "sentences are the article's): " in first
