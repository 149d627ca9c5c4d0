"""Training the ranker, and its measure."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from scripts.evaluation import selection
from scripts.training.train_selector import Article, best_extract, read_articles, train
from summarizer.models.ranker_network import VECTOR_SIZE

SENTENCES = (
    "It rained on Monday.",
    "The bridge at Pell was shut after a crack was found.",
    "Ducks do not mind.",
    "It will open in May, the council said.",
)


def test_extract_has_the_sentences_of_the_reference() -> None:
    assert sorted(best_extract(SENTENCES, "The bridge was shut after a crack was found. It opens in May.")) == [1, 3]


def test_sentence_that_adds_nothing_is_not_in_it() -> None:
    assert best_extract(SENTENCES, SENTENCES[2]) == [2]
    assert best_extract(SENTENCES, "Nothing.") == []


def test_chinese_is_compared_by_character() -> None:
    assert best_extract(["鸭子不在乎。", "大桥星期一关闭。"], "大桥关闭了。") == [1]


def _article(number: int) -> Article:
    """An article in which the sentence with a certain vector is wanted, wherever it is."""
    place = number % len(SENTENCES)
    vectors = np.random.default_rng(number).normal(size=(len(SENTENCES), VECTOR_SIZE)).astype(np.float32)
    vectors[place] = 1.0
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    wanted = np.zeros((len(SENTENCES), 2), dtype=np.float32)
    wanted[place] = 1.0
    return Article(str(number), None, SENTENCES, vectors, ("", ""), wanted)


def test_network_learns_which_vectors_are_wanted() -> None:
    network = train([_article(number) for number in range(60)], seed=0)
    right = 0
    for number in range(100, 120):
        article = _article(number)
        inputs = (torch.from_numpy(values).unsqueeze(0) for values in (article.vectors, article.features()))
        scores = network(*inputs, torch.zeros((1, len(SENTENCES)), dtype=torch.bool))[0]
        right += int(scores[:, 0].argmax()) == int(article.wanted[:, 0].argmax())
    assert right >= 18


def test_rotated_article_keeps_its_labels() -> None:
    article = _article(1)
    rotated = article.rotated()
    place = rotated.sentences.index(SENTENCES[1])
    assert rotated.wanted[place, 0] == 1.0
    assert (rotated.vectors[place] == article.vectors[1]).all()


def test_measure_compares_with_the_first_sentences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {
        "id": "one",
        "split": "validation",
        "title": "Bridge shut",
        "text": " ".join(SENTENCES * 2),
        "short": SENTENCES[1],
        "long": f"{SENTENCES[1]} {SENTENCES[3]}",
    }
    (tmp_path / "data.jsonl").write_text(json.dumps(row) + "\n")
    assert len(read_articles([tmp_path / "data.jsonl"], "validation")) == 1
    selection.main(["--data", str(tmp_path / "data.jsonl")])
    table = capsys.readouterr().out
    assert "first sentences" in table
    assert "rotated" in table
