"""The training command, on a tiny model and articles of one sentence pattern."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import peft
import pytest
import torch
from gguf import GGUFReader
from transformers import AutoTokenizer

from scripts.training import train_writer
from scripts.training.adapter_to_gguf import gguf_name
from scripts.training.alignment import sources_of
from scripts.training.base_model import checkpoint
from scripts.training.int8_linear import Int8Lora, quantize_frozen_layers
from scripts.training.writer_examples import (
    Reference,
    Statement,
    augmented,
    closeness,
    distinct_length,
    encoded,
    faithful,
    order,
    read_references,
    with_curly_quotes,
)
from summarizer.models.protocols import Excerpt
from tests.tiny_gguf import HEADS, INNER, KEY_HEADS, LAYERS, WIDTH, write_tiny_model

ROOT = Path(__file__).parents[2]
TOWNS = ["Pell", "Arden", "Lowick", "Stanwell", "Corby Moor", "Hesket", "Dunmore", "Farley", "Oakham", "Tarn"]
# Reads every article whole, in a process of its own.
COMMAND = """
import sys
from scripts.training.train_writer import main
from tests.scripts.test_train_writer import read_whole
sys.exit(main(sys.argv[1:], lambda count_tokens: read_whole))
"""


def row(town: str, split: str) -> dict[str, str | None]:
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


def read_whole(title: str | None, text: str, budget: int) -> Excerpt:
    return Excerpt(title, tuple(text.splitlines()))


def train(folder: Path, work: str, *more: str) -> int:
    return train_writer.main(arguments(folder, work, *more), lambda count_tokens: read_whole)


def tensors(file: Path) -> dict[str, np.ndarray]:
    return {tensor.name: np.array(tensor.data) for tensor in GGUFReader(str(file)).tensors}


def losses(folder: Path) -> list[dict[str, float]]:
    lines = (folder / "log.jsonl").read_text().splitlines()
    return [line for line in map(json.loads, lines) if "loss" in line]


def test_killed_run_continues_and_ends_with_the_same_weights(folder: Path) -> None:
    more = ["--epochs", "12", "--checkpoint-minutes", "0"]
    assert train(folder, "whole", *more) == 0
    command = [sys.executable, "-c", COMMAND, *arguments(folder, "killed", *more)]
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
    assert train(folder, "second", "--start-from", str(folder / "first" / "checkpoint.pt")) == 0
    first, second = (json.loads((folder / run / "writer.json").read_text()) for run in ("first", "second"))
    assert second["validation_losses"][0][1] == first["validation_losses"][-1][1]


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


def test_int8_layer_computes_what_the_float_layer_does() -> None:
    torch.manual_seed(0)
    layer = torch.nn.Sequential(torch.nn.Linear(256, 128))
    model = peft.get_peft_model(layer, peft.LoraConfig(r=4, lora_alpha=8, target_modules=["0"]))
    weights = {name: value for name, value in model.named_parameters() if value.requires_grad}
    for name, value in weights.items():
        if "lora_B" in name:
            torch.nn.init.normal_(value, std=0.1)
    values = torch.randn(1, 12, 256)
    values[..., 7] *= 100  # an outlier, which would cost the others their resolution

    def computed() -> list[torch.Tensor]:
        given = values.clone().requires_grad_()
        output = model(given)
        gradients = torch.autograd.grad(output.sin().sum(), [given, *weights.values()])
        return [output.detach(), *gradients]

    exact = computed()
    quantize_frozen_layers(model)
    assert any(isinstance(module, Int8Lora) for module in model.modules())
    assert weights.keys() == {name for name, value in model.named_parameters() if value.requires_grad}
    output, *gradients = (
        torch.nn.functional.cosine_similarity(one.flatten(), other.flatten(), dim=0).item()
        for one, other in zip(exact, computed(), strict=True)
    )
    assert output > 0.9999
    assert min(gradients) > 0.99


SENTENCES = ("The mayor opened the new bridge on Monday.", "It cost £4m.", "Crowds cheered.")


def reference(short: str = "", long: str = "", title: str | None = "A bridge", **values: str) -> Reference:
    """A reference whose statements are single sentences."""
    given = {"id": "one", "sentences": SENTENCES, **values}
    statements = [(Statement(text, sources_of(text, SENTENCES)),) if text else () for text in (short, long)]
    return Reference(title=title, short=statements[0], long=statements[1], **given)  # type: ignore[arg-type]


def test_closeness_is_the_share_of_word_pairs() -> None:
    assert closeness(reference(long="The mayor opened the new bridge.")) == 1.0
    assert closeness(reference(long="A mayor inaugurated a crossing.")) == 0.0


def test_sources_are_the_sentences_that_a_statement_takes_its_words_from() -> None:
    assert sources_of("The mayor opened the bridge.", SENTENCES) == (0,)
    assert sources_of("The bridge, which the mayor opened on Monday, cost £4m.", SENTENCES) == (0, 1)


def test_references_have_the_sentences_of_each_summary_with_their_sources(folder: Path) -> None:
    first, *_ = read_references(folder / "data.jsonl", "train", read_whole, 384)
    assert first.short == (Statement("The bridge at Pell is closed until 9 May.", (0,)),)
    assert [statement.sources for statement in first.long] == [(0,), (1,)]


@pytest.mark.parametrize("statement", ["The mayor opened the bridge in May.", "Ana Lind opened the bridge on Monday."])
def test_statement_with_a_fact_that_is_not_read_is_left_out(statement: str) -> None:
    assert faithful(reference(long=statement)) is None


def test_paraphrase_far_from_its_sources_is_left_out() -> None:
    assert faithful(reference(long="A crossing was inaugurated amid cheering.")) is None
    assert faithful(reference(long="Crowds cheered.")) is not None


def test_short_summary_goes_when_it_is_not_faithful() -> None:
    kept = faithful(reference(short="A crossing was inaugurated.", long="Crowds cheered."))
    assert kept
    assert (len(kept.short), len(kept.long)) == (0, 1)


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
    assert any(not one.short for one in first)
    straight = [one for one in first if one.sentences[0] == '"Yes," she said.']
    assert straight
    assert all(one.long[0].text == one.sentences[0] for one in straight)


def test_quotes_change_and_nothing_else() -> None:
    assert with_curly_quotes("""He said: "It's 'done'." It is 5'11" tall.""") == (
        "He said: “It’s ‘done’.” It is 5'11\" tall."
    )


def test_answer_quotes_the_sources_before_each_statement(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(checkpoint(folder / "tiny.gguf", folder / "base", torch.float32))
    example = encoded(tokenizer, reference(short="Crowds cheered.", long="The bridge cost £4m on Monday."))
    assert tokenizer.decode(example.prompt).endswith("Crowds cheered.<|im_end|>\n<|im_start|>assistant\n")
    assert tokenizer.decode(example.answer) == (
        "# Short\n> Crowds cheered.\n- Crowds cheered.\n"
        f"# Long\n> {SENTENCES[0]}\n> {SENTENCES[1]}\n- The bridge cost £4m on Monday.\n<|im_end|>"
    )
    learned = tokenizer.decode(
        [token for token, is_learned in zip(example.answer, example.learned, strict=True) if is_learned]
    )
    # Of a source only the first letter, which tells it from the others; the first mark is the client's choice.
    assert learned == "> C- Crowds cheered.\n# Long\n> T> I- The bridge cost £4m on Monday.\n<|im_end|>"


def test_answer_to_the_short_length_alone_ends_with_it(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(checkpoint(folder / "tiny.gguf", folder / "base", torch.float32))
    answer = tokenizer.decode(encoded(tokenizer, reference(short="Crowds cheered.")).answer)
    assert answer == "# Short\n> Crowds cheered.\n- Crowds cheered.\n<|im_end|>"


def test_answer_to_one_length_has_no_other_mark(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(checkpoint(folder / "tiny.gguf", folder / "base", torch.float32))
    assert tokenizer.decode(encoded(tokenizer, reference(long="Crowds cheered.")).answer).startswith("# Long\n>")


def test_distinct_length_counts_the_tokens_that_tell_a_line_from_the_others() -> None:
    lines = [(1, 2, 3), (1, 2, 4), (5,)]
    assert [distinct_length(lines, index) for index in range(3)] == [3, 3, 1]
