"""The training command, on a tiny model and articles of one sentence pattern."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import peft
import pytest
import torch
from gguf import GGUFReader
from transformers import AutoTokenizer

from scripts.training import train_writer
from scripts.training.adapter_to_gguf import gguf_name
from scripts.training.alignment import rests_on, sources_of
from scripts.training.base_model import checkpoint
from scripts.training.bfloat16_linear import Bfloat16Lora
from scripts.training.int8_linear import Int8Lora
from scripts.training.writer_examples import (
    Reference,
    Statement,
    augmented,
    closeness,
    encoded,
    has_known_facts,
    order,
    read_references,
    with_curly_quotes,
)
from scripts.training.writer_model import WriterModel, replace_lora_layers
from tests.tiny_gguf import HEADS, INNER, KEY_HEADS, LAYERS, WIDTH, write_tiny_model

ROOT = Path(__file__).parents[2]
TOWNS = ["Pell", "Arden", "Lowick", "Stanwell", "Corby Moor", "Hesket", "Dunmore", "Farley", "Oakham", "Tarn"]


def row(town: str, split: str) -> dict[str, object]:
    short = f"The bridge at {town} is closed until 9 May."
    long = f"{short} The council of {town} closed it after a lorry hit a pillar."
    text = long.replace(". ", ".\n") + "\nBuses take the road by the mill.\nA hearing follows."
    return {
        "id": f"{split}-{town}",
        "split": split,
        "title": f"{town} bridge",
        "text": text,
        "short": short,
        "long": long,
        "wrong": [{"text": short.replace("closed", "open"), "kind": "relation"}],
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny model, its checkpoint and the data."""
    folder = tmp_path_factory.mktemp("writer")
    write_tiny_model(folder / "tiny.gguf")
    rows = [row(town, "train") for town in TOWNS] + [row(town, "validation") for town in TOWNS[:2]]
    (folder / "data.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    checkpoint(folder / "tiny.gguf", folder / "base", torch.float32)
    return folder


def arguments(folder: Path, work: str, *more: str) -> list[str]:
    named = {
        "--data": folder / "data.jsonl",
        "--model": folder / "tiny.gguf",
        "--base": folder / "base",
        "--work": folder / work,
        "--out": folder / work / "writer.gguf",
        "--precision": "float32",
        "--rate": "0.01",
        "--max-tokens": "2000",
        "--rank": "4",
        "--threads": "1",
    }
    return [*(str(word) for pair in named.items() for word in pair), *more]


def train(folder: Path, work: str, *more: str) -> int:
    return train_writer.main(arguments(folder, work, *more))


def tensors(file: Path) -> dict[str, np.ndarray]:
    return {tensor.name: np.array(tensor.data) for tensor in GGUFReader(str(file)).tensors}


def losses(folder: Path) -> list[dict[str, float]]:
    lines = (folder / "log.jsonl").read_text().splitlines()
    return [line for line in map(json.loads, lines) if "loss" in line]


def test_killed_run_continues_and_ends_with_the_same_weights(folder: Path) -> None:
    more = ["--epochs", "12", "--checkpoint-minutes", "0"]
    assert train(folder, "whole", *more) == 0
    command = [sys.executable, "-m", "scripts.training.train_writer", *arguments(folder, "killed", *more)]
    process = subprocess.Popen(command, cwd=ROOT)
    log = folder / "killed" / "log.jsonl"
    while not log.is_file() or log.read_text().count('"loss"') < 6:
        assert process.poll() is None, "the run ended before it was killed"
        time.sleep(0.005)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert not (folder / "killed" / "writer.gguf").exists()
    assert train(folder, "killed", *more) == 0
    whole, killed = (tensors(folder / work / "writer.gguf") for work in ("whole", "killed"))
    assert whole.keys() == killed.keys()
    for name, values in whole.items():
        np.testing.assert_array_equal(values, killed[name], err_msg=name)
    assert losses(folder / "whole") == losses(folder / "killed")


def test_training_lowers_the_loss(folder: Path) -> None:
    assert train(folder, "lower", "--epochs", "8") == 0
    card = json.loads((folder / "lower" / "writer.json").read_text())
    (_, first), *_, (examples, last) = card["validation_losses"]
    assert examples == card["examples_seen"] == 8 * len(TOWNS)
    assert last < 0.8 * first


def test_adapter_has_a_pair_of_tensors_for_each_layer(folder: Path) -> None:
    assert train(folder, "tensors") == 0
    keys = WIDTH // HEADS * KEY_HEADS
    sizes = {
        "attn_q": (WIDTH, WIDTH),
        "attn_k": (WIDTH, keys),
        "attn_v": (WIDTH, keys),
        "attn_output": (WIDTH, WIDTH),
        "ffn_gate": (WIDTH, INNER),
        "ffn_up": (WIDTH, INNER),
        "ffn_down": (INNER, WIDTH),
    }
    expected = {}
    for layer in range(LAYERS):
        for part, (inputs, outputs) in sizes.items():
            expected[f"blk.{layer}.{part}.weight.lora_a"] = (4, inputs)
            expected[f"blk.{layer}.{part}.weight.lora_b"] = (outputs, 4)
    found = tensors(folder / "tensors" / "writer.gguf")
    assert {name: values.shape for name, values in found.items()} == expected
    assert all(values.dtype == np.float16 for values in found.values())
    fields = GGUFReader(str(folder / "tensors" / "writer.gguf")).fields
    assert fields["general.type"].contents() == "adapter"
    assert fields["adapter.type"].contents() == "lora"
    assert fields["adapter.lora.alpha"].contents() == 8.0


def test_run_with_other_options_does_not_continue(folder: Path) -> None:
    assert train(folder, "other") == 0
    with pytest.raises(SystemExit, match="another rate"):
        train(folder, "other", "--rate", "0.02")


def test_run_starts_from_the_weights_of_another(folder: Path) -> None:
    assert train(folder, "first", "--epochs", "8") == 0
    assert train(folder, "second", "--start-from", str(folder / "first" / "writer.gguf")) == 0
    first, second = (json.loads((folder / run / "writer.json").read_text()) for run in ("first", "second"))
    # The file has 16 bits a number.
    assert second["validation_losses"][0][1] == pytest.approx(first["validation_losses"][-1][1], abs=1e-3)


def test_limit_takes_the_nearest_to_the_wording(folder: Path) -> None:
    assert train(folder, "limit", "--limit", "3") == 0
    assert json.loads((folder / "limit" / "writer.json").read_text())["examples_seen"] == 3


def test_card_has_no_folder_of_the_machine(folder: Path) -> None:
    assert train(folder, "card") == 0
    card = (folder / "card" / "writer.json").read_text()
    assert str(folder) not in card
    assert len(json.loads(card)["data_sha256"]) == 64


def test_tensor_of_another_model_is_refused() -> None:
    with pytest.raises(ValueError, match="lm_head"):
        gguf_name("base_model.model.lm_head.lora_A.weight")


@pytest.mark.parametrize("replacement", [Int8Lora, Bfloat16Lora])
def test_layer_computes_what_the_float_layer_does(replacement: type[Int8Lora] | type[Bfloat16Lora]) -> None:
    torch.manual_seed(0)
    layer = torch.nn.Sequential(torch.nn.Linear(256, 128))
    model = peft.get_peft_model(layer, peft.LoraConfig(r=4, lora_alpha=8, target_modules=["0"]))
    weights = {name: value for name, value in model.named_parameters() if value.requires_grad}
    for name, value in weights.items():
        if "lora_B" in name:
            torch.nn.init.normal_(value, std=0.1)
    values = torch.randn(1, 12, 256)
    values[..., 7] *= 100  # an outlier, which would cost the others their resolution

    def computed(dtype: torch.dtype) -> list[torch.Tensor]:
        given = values.to(dtype).requires_grad_()
        output = model(given)
        gradients = torch.autograd.grad(output.float().sin().sum(), [given, *weights.values()])
        return [output.detach(), *gradients]

    exact = computed(torch.float32)
    replace_lora_layers(model, replacement)
    assert any(isinstance(module, replacement) for module in model.modules())
    assert weights.keys() == {name for name, value in model.named_parameters() if value.requires_grad}
    dtype = torch.float32
    if replacement is Bfloat16Lora:
        dtype = torch.bfloat16
        model.to(dtype)
    output, *gradients = (
        torch.nn.functional.cosine_similarity(one.flatten().float(), other.flatten().float(), dim=0).item()
        for one, other in zip(exact, computed(dtype), strict=True)
    )
    assert output > 0.9999
    assert min(gradients) > 0.99


SENTENCES = ("The mayor opened the new bridge on Monday.", "It cost £4m.", "Crowds cheered.")


def reference(short: str = "", long: str = "", title: str | None = "A bridge") -> Reference:
    """A reference whose statements are single sentences on the first sentence."""
    first, second = [(Statement(text, (0,)),) if text else () for text in (short, long)]
    return Reference("one", title, SENTENCES, short=first, long=second)


def test_closeness_is_the_share_of_word_pairs() -> None:
    assert closeness(reference(long="The mayor opened the new bridge.")) == 1.0
    assert closeness(reference(long="A mayor inaugurated a crossing.")) == 0.0


def test_sources_are_the_sentences_that_have_the_words() -> None:
    assert sources_of("The mayor opened the bridge.", SENTENCES) == (0,)
    assert sources_of("Crowds cheered loudly.", SENTENCES) == (2,)
    assert sources_of("The bridge, which the mayor opened on Monday, cost £4m while crowds cheered.", SENTENCES) == (
        0,
        1,
    )


def test_name_may_come_from_elsewhere() -> None:
    assert sources_of("Ana Lind, the mayor, opened the new bridge on Monday.", SENTENCES) == (0,)


def test_other_words_have_no_sources() -> None:
    assert sources_of("A crossing was inaugurated amid much joy.", SENTENCES) is None
    assert sources_of("", SENTENCES) is None


def test_more_than_three_sources_are_none() -> None:
    fruit = "apples pears plums quinces cherries figs nuts".split()
    sentences = [f"Farmers grow {name} here." for name in fruit]
    assert sources_of(f"They sell {' '.join(fruit[:4])}.", sentences) == (0, 1, 2)
    assert sources_of(f"They sell {' '.join(fruit)}.", sentences) is None


def test_statement_rests_on_sentences_that_have_its_words() -> None:
    assert rests_on("The mayor opened a bridge for £4m.", SENTENCES[:2])
    assert not rests_on("The mayor cheered while crowds sang songs.", SENTENCES[:2])


def count_words(text: str) -> int:
    return len(text.split())


def test_references_have_the_statements_of_each_summary_with_their_sources(folder: Path) -> None:
    first, *_ = read_references(folder / "data.jsonl", "train", count_words, 384)
    assert first.short == (Statement("The bridge at Pell is closed until 9 May.", (0,)),)
    assert [statement.sources for statement in first.long] == [(0,), (1,)]
    assert first.title == "Pell bridge"


def test_what_the_budget_cuts_off_is_not_learned(folder: Path) -> None:
    (first, *_) = read_references(folder / "data.jsonl", "train", count_words, 12)
    assert first.sentences == ("The bridge at Pell is closed until 9 May.",)
    assert len(first.long) == 1


@pytest.mark.parametrize("text", ["The mayor opened the bridge in May.", "Ana Lind opened the bridge on Monday."])
def test_fact_that_is_not_read_is_unknown(text: str) -> None:
    assert not has_known_facts(Statement(text, (0,)), SENTENCES)


def test_fact_that_is_read_is_known() -> None:
    assert has_known_facts(Statement("The mayor opened the bridge, for £4m.", (0, 1)), SENTENCES)


def test_order_has_every_example_once_an_epoch() -> None:
    places = order(5, 2, seed=1)
    assert sorted(places) == [(epoch, index) for epoch in range(2) for index in range(5)]
    assert places == order(5, 2, seed=1)
    assert places != order(5, 2, seed=2)


def test_augmentation_repeats_with_seed_and_epoch() -> None:
    sentences = ("“Yes,” she said.", "He didn’t.")
    statement = (Statement("“Yes,” she said.", (0,)),)
    references = [Reference(str(number), "Title", sentences, statement, statement) for number in range(200)]
    first = [augmented(one, 0, 0) for one in references]
    assert first == [augmented(one, 0, 0) for one in references]
    assert first != [augmented(one, 0, 1) for one in references]
    assert 0.05 < sum(one.title is None for one in first) / len(first) < 0.3
    assert 0.02 < sum(not one.long for one in first) / len(first) < 0.25
    straight = [one for one in first if one.sentences[0] == '"Yes," she said.']
    assert straight
    assert all(one.short[0].text == one.sentences[0] for one in straight)


def test_quotes_change_and_nothing_else() -> None:
    assert with_curly_quotes("""He said: "It's 'done'." It is 5'11" tall.""") == (
        "He said: “It’s ‘done’.” It is 5'11\" tall."
    )


def test_model_learns_the_statements_alone(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(checkpoint(folder / "tiny.gguf", folder / "base", torch.float32))
    first, second = Statement("A mayor opened the bridge.", (0,)), Statement("It cost £4m, and it cheered.", (1, 2))
    example = encoded(tokenizer, Reference("one", "A bridge", SENTENCES, short=(), long=(first, second)))
    assert tokenizer.decode(example.prompt).endswith("Crowds cheered.<|im_end|>\n<|im_start|>assistant\n")
    assert tokenizer.decode(example.answer) == (
        f"# Long\n> {SENTENCES[0]}\n- A mayor opened the bridge.\n"
        f"> {SENTENCES[1]}\n> {SENTENCES[2]}\n- It cost £4m, and it cheered.\n"
    )
    written = [tokenizer.decode(example.answer[part]) for part in example.statements]
    assert written == [" A mayor opened the bridge.\n", " It cost £4m, and it cheered.\n"]
    assert sum(example.learned) == sum(part.stop - part.start for part in example.statements)


def test_verdicts_are_learned_where_their_statements_stand(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(checkpoint(folder / "tiny.gguf", folder / "base", torch.float32))
    wrong = (Statement("A mayor shut the bridge.", (0,), "relation"), Statement("Crowds booed.", (2,), "relation"))
    example = encoded(tokenizer, Reference("one", None, SENTENCES, (), (Statement("A mayor opened it.", (0,)),), wrong))
    read = [
        (tokenizer.decode((*example.answer[: one.after], *one.tokens)), one.statement.kind) for one in example.checks
    ]
    start = f"# Long\n> {SENTENCES[0]}\n-"
    assert read == [
        (f"{start} A mayor shut the bridge.\n?", "relation"),
        (f"{start} A mayor opened it.\n?", ""),
        (f"{start} A mayor opened it.\n> {SENTENCES[2]}\n- Crowds booed.\n?", "relation"),
    ]


def test_verdict_depends_on_what_stands_before_it_alone(folder: Path) -> None:
    base = checkpoint(folder / "tiny.gguf", folder / "base", torch.float32)
    model = WriterModel(base, 4, "float32", torch.device("cpu"))
    one = encoded(AutoTokenizer.from_pretrained(base), read_references(folder / "data.jsonl", "train", len, 384)[0])
    assert len(one.checks) == 3
    for check, together in zip(one.checks, model.log_odds(one), strict=True):
        alone = replace(one, answer=one.answer[: check.after], checks=(check,))
        assert model.log_odds(alone) == pytest.approx([together], abs=1e-4)


def test_rules_make_wrong_statements_of_what_is_stated() -> None:
    made = augmented(reference(long="The mayor opened the bridge on Monday."), 0, 0).wrong
    assert made
    assert all(one.is_made and one.kind and one.sources == (0,) for one in made)


def test_short_summary_is_learned_alone(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(checkpoint(folder / "tiny.gguf", folder / "base", torch.float32))
    answer = tokenizer.decode(encoded(tokenizer, reference(short="A mayor opened it.")).answer)
    assert answer == f"# Short\n> {SENTENCES[0]}\n- A mayor opened it.\n"
