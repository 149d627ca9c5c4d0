"""Wrong sentences by rules, and the training of the verifier's network on a handful of articles."""

import json
import random
from pathlib import Path

import pytest

from scripts.training import train_verifier
from scripts.training.verifier_examples import Pair, read_pairs, with_made
from scripts.training.wrong_sentences import wrong_sentences
from summarizer import Settings
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.manifest import encoder_folder
from summarizer.models.support_model import SupportModel

PASSAGE = "Ines Marr sold the lighthouse to Olof Dahl for 40,000 crowns. The mayor, Sven Holm, may buy 12 boats."
SENTENCE = "Ines Marr sold the lighthouse for 40,000 crowns."
HEDGED = "The mayor, Sven Holm, may buy 12 boats."
OTHER = "The baker has opened a café in Lund."
TOWNS = ("Pell", "Arden", "Lowick", "Stanwell", "Hesket", "Dunmore")


def wrong(sentence: str, *others: str) -> dict[str, set[str]]:
    """All wrong variants that some seed makes, by kind."""
    found: dict[str, set[str]] = {}
    for seed in range(60):
        for one in wrong_sentences(sentence, PASSAGE, others, 6, random.Random(seed)):
            found.setdefault(one.kind, set()).add(one.text)
    return found


def test_name_is_exchanged_for_one_of_the_passage() -> None:
    assert wrong(SENTENCE)["entity"] == {
        "Olof Dahl sold the lighthouse for 40,000 crowns.",
        "Sven Holm sold the lighthouse for 40,000 crowns.",
    }


def test_shorter_name_of_the_same_person_is_not_wrong() -> None:
    passage = "Ines Marr sold it. Marr had it for years. The mayor met Dahl, and Olof Dahl left."
    for sentence in ("Ines Marr, who had it for years, sold it.", "The mayor met Dahl."):
        variants = [wrong_sentences(sentence, passage, [], 6, random.Random(seed)) for seed in range(30)]
        names = {one.text for found in variants for one in found if one.kind == "entity"}
        assert not names & {"Marr, who had it for years, sold it.", "The mayor met Olof Dahl."}


def test_number_is_exchanged_or_changed() -> None:
    assert wrong(SENTENCE)["number"] == {"Ines Marr sold the lighthouse for 40,003 crowns."}


def test_relation_is_reversed() -> None:
    assert "Ines Marr bought the lighthouse for 40,000 crowns." in wrong(SENTENCE)["relation"]


def test_hedge_is_lost() -> None:
    assert wrong(HEDGED)["hedge"] == {"The mayor, Sven Holm, will buy 12 boats."}


def test_negation_is_added_and_left_out() -> None:
    assert wrong(HEDGED)["negation"] == {"The mayor, Sven Holm, may not buy 12 boats."}
    assert wrong("Sven Holm did not buy boats.")["negation"] == {"Sven Holm did buy boats."}


def test_halves_of_two_sentences_are_joined() -> None:
    assert wrong("Olof Dahl has sailed home.", OTHER)["merge"] == {"Olof Dahl has opened a café in Lund."}


def test_halves_about_the_same_are_not_joined() -> None:
    assert "merge" not in wrong("Olof Dahl has sailed home.", "Dahl has opened a café in Lund.")


def test_span_is_what_was_changed() -> None:
    found = wrong_sentences(SENTENCE, PASSAGE, [], 6, random.Random(0))
    changed = {one.kind: [one.text[start:end] for start, end in one.spans] for one in found}
    assert changed["number"] == ["40,003"]
    assert changed["entity"] in (["Olof Dahl"], ["Sven Holm"])


def test_variant_that_the_passage_says_is_not_wrong() -> None:
    passage = "Ines Marr sold the lighthouse. Olof Dahl sold the lighthouse."
    assert not [
        one
        for seed in range(20)
        for one in wrong_sentences("Ines Marr sold the lighthouse.", passage, [], 6, random.Random(seed))
        if one.kind == "entity"
    ]


def test_made_pairs_are_the_same_for_the_same_seed() -> None:
    pairs = [Pair(PASSAGE, SENTENCE), Pair(PASSAGE, "Ines Marr sold a boat.", "entity", None)]
    made = with_made(pairs, random.Random(1))
    assert made == with_made(pairs, random.Random(1))
    assert made[:2] == pairs
    assert {bool(pair.kind) for pair in made[2:]} == {True, False}
    assert all(pair.is_made for pair in made[2:])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("verifier") / "data.jsonl"
    rows = []
    for number, town in enumerate(TOWNS):
        right = f"The bridge at {town} is closed until 9 May."
        rows.append(
            {
                "id": town,
                "split": "train" if number < 4 else "validation",
                "title": None,
                "text": f"{right} The council of {town} closed it after a lorry hit a pillar. Buses take a detour.",
                "short": right,
                "long": f"{right} The council closed it after a lorry hit a pillar.",
                "wrong": [{"text": f"The bridge at {town} is open until 9 May.", "kind": "relation"}],
            }
        )
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_each_sentence_has_its_passage(data: Path, encoder: SentenceEncoder) -> None:
    first, *others = read_pairs([data], "train", encoder)
    assert len(others) == 3
    assert [pair.kind for pair in first] == ["", "", "", "relation"]
    assert all("The bridge at Pell is closed until 9 May." in pair.passage for pair in first)


def test_training_is_repeatable_and_its_weights_are_served(data: Path, tmp_path: Path) -> None:
    def trained(name: str) -> tuple[list[float], Path]:
        out = tmp_path / f"{name}.safetensors"
        named = {"--data": data, "--work": tmp_path / name, "--out": out, "--epochs": 3, "--rate": 1e-3, "--threads": 1}
        assert train_verifier.main([str(word) for pair in named.items() for word in pair]) == 0
        lines = map(json.loads, (tmp_path / name / "log.jsonl").read_text().splitlines())
        return [line["loss"] for line in lines if "loss" in line], out

    losses, out = trained("first")
    assert losses == trained("second")[0]
    assert losses[-1] < losses[0]
    model = SupportModel(encoder_folder(Settings().cache), out)
    pairs = [(PASSAGE, SENTENCE), (PASSAGE, HEDGED)]
    together = model.log_odds(pairs, lambda done, total: None)
    apart = [model.log_odds([pair], lambda done, total: None)[0] for pair in pairs]
    assert together == pytest.approx(apart, abs=1e-4)
    assert len(set(together)) == 2


def test_word_that_is_left_out_leaves_one_space() -> None:
    assert wrong("The mayor reportedly sails.")["hedge"] == {"The mayor sails."}
