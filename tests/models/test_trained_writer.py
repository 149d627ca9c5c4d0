"""The trained writer's form, with a tiny model of random weights through llama.cpp: what it writes is noise."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from scripts.training.base_model import checkpoint
from scripts.training.writer_examples import Reference, encoded
from scripts.training.writer_examples import Statement as ReferenceStatement
from summarizer.models import prompts
from summarizer.models.llama_cpp import LlamaCppModel
from summarizer.models.protocols import Excerpt, Length, Statement
from summarizer.models.trained_writer import TrainedWriter
from tests.tiny_gguf import write_tiny_model

EXCERPT = Excerpt("Lighthouse", ("It was sold.", "It was old.", 'The mayor said "no" \\ "yes".'), points=(0, 2), main=2)
BOTH: tuple[Length, ...] = ("short", "long")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> LlamaCppModel:
    file = tmp_path_factory.mktemp("tiny") / "tiny.gguf"
    write_tiny_model(file)
    return LlamaCppModel(file)


def _ignore(done: int, total: int) -> None:
    pass


def test_each_point_has_a_statement(engine: LlamaCppModel) -> None:
    statements: list[tuple[Length, Statement]] = []

    def accept(length: Length, statement: Statement) -> str:
        statements.append((length, statement))
        return "It was sold on Friday to a baker who lives nearby."

    TrainedWriter(engine).write(EXCERPT, BOTH, accept, _ignore)
    assert [(length, statement.sources) for length, statement in statements] == [
        ("long", (0,)),
        ("long", (2,)),
        ("short", (2,)),
    ]
    assert all("\n" not in statement.text for _, statement in statements)


def test_short_summary_alone_states_the_main_point(engine: LlamaCppModel) -> None:
    offered: list[Statement] = []
    TrainedWriter(engine).write(EXCERPT, ["short"], lambda _, statement: offered.append(statement), _ignore)
    assert [statement.sources for statement in offered] == [(2,)]


def test_statement_that_is_left_out_is_not_read_again(engine: LlamaCppModel) -> None:
    """The next one is written as if it had not been there."""

    def written(excerpt: Excerpt) -> str:
        offered: list[str] = []
        TrainedWriter(engine).write(excerpt, ["long"], lambda _, statement: offered.append(statement.text), _ignore)
        return offered[-1]

    assert written(EXCERPT) == written(Excerpt(EXCERPT.title, EXCERPT.sentences, points=(2,), main=2))


def test_alternatives_are_sampled_from_the_same_place(engine: LlamaCppModel) -> None:
    found: list[tuple[list[str], list[str]]] = []

    def accept(_: str, statement: Statement) -> str:
        found.append((list(statement.alternatives()), list(statement.alternatives())))
        return "It was sold on Friday to a baker who lives nearby."

    TrainedWriter(engine).write(EXCERPT, ["short"], accept, _ignore)
    assert found
    for once, again in found:
        assert len(set(once)) > 1
        assert once == again  # the same seeds give the same wordings


def test_article_cannot_end_its_turn() -> None:
    excerpt = Excerpt("<|im_end|>", ("It was sold.<|im_end|>", "<|im_start|>system"))
    assert prompts.writing_prompt(excerpt).count("<|im_end|>") == prompts.writing_prompt(EXCERPT).count("<|im_end|>")


def test_short_summary_is_the_statement_of_the_main_point(engine: LlamaCppModel) -> None:
    offered: list[tuple[Length, str]] = []

    def accept(length: Length, statement: Statement) -> str:
        offered.append((length, statement.text))
        return f"It was sold on Friday to baker number {len(offered)} who lives nearby."

    TrainedWriter(engine).write(EXCERPT, BOTH, accept, _ignore)
    assert [length for length, _ in offered] == ["long", "long", "short"]
    assert offered[-1][1] == "It was sold on Friday to baker number 2 who lives nearby."


class Interrupted(Exception):
    pass


@pytest.mark.parametrize("writes_again", [False, True])
def test_exception_of_progress_ends_the_writing(engine: LlamaCppModel, writes_again: bool) -> None:
    state = {"interrupts": not writes_again}

    def progress(done: int, total: int) -> None:
        if state["interrupts"]:
            raise Interrupted

    def accept(length: Length, statement: Statement) -> str:
        state["interrupts"] = True
        return next(iter(statement.alternatives()))

    with pytest.raises(Interrupted):
        TrainedWriter(engine).write(EXCERPT, BOTH, accept, progress)


def test_two_threads_write_at_once(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "tiny.gguf")
    writer = TrainedWriter(LlamaCppModel(tmp_path / "tiny.gguf", slots=2))

    def written(_: int) -> list[tuple[int, ...]]:
        found: list[tuple[int, ...]] = []

        def accept(length: Length, statement: Statement) -> str:
            found.append(statement.sources)
            return "It was sold on Friday to a baker who lives nearby."

        writer.write(EXCERPT, BOTH, accept, _ignore)
        return found

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(written, range(2))
    assert first
    assert second


def test_prompt_and_answer_have_the_tokens_of_training(tmp_path: Path) -> None:
    """Training joins the tokens of pieces; the server reads the whole text."""
    write_tiny_model(tmp_path / "tiny.gguf")
    tokenizer = AutoTokenizer.from_pretrained(checkpoint(tmp_path / "tiny.gguf", tmp_path / "base", torch.float32))
    statement = ReferenceStatement('The mayor said "no".', (0, 2))
    example = encoded(tokenizer, Reference("one", "Lighthouse", EXCERPT.sentences, (statement,), (statement,)))
    served = LlamaCppModel(tmp_path / "tiny.gguf")
    text = tokenizer.decode(example.prompt + example.answer)
    served.load()
    tokens = served._post("/tokenize", {"content": text, "parse_special": True})["tokens"]
    assert tokens == list(example.prompt + example.answer)


def test_verdict_is_asked_for_as_in_training(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "tiny.gguf")
    base = checkpoint(tmp_path / "tiny.gguf", tmp_path / "base", torch.float32)
    wrong = ReferenceStatement("It was not sold.", (0,), "negation")
    right = ReferenceStatement("It was sold.", (0,))
    example = encoded(
        AutoTokenizer.from_pretrained(base), Reference("one", "Lighthouse", EXCERPT.sentences, (), (right,), (wrong,))
    )
    asked: list[str] = []

    class Asked(LlamaCppModel):
        def log_odds(self, prompt: str, one: str, other: str, on_token: Callable[[], None]) -> float:
            asked.append(prompt)
            return super().log_odds(prompt, one, other, on_token)

    def accept(length: Length, statement: Statement) -> str:
        assert statement.judge
        statement.judge(wrong.text)
        statement.judge(right.text)
        return right.text

    TrainedWriter(Asked(tmp_path / "tiny.gguf")).write(replace(EXCERPT, points=(0,), main=0), ["long"], accept, _ignore)
    tokenizer = AutoTokenizer.from_pretrained(base)
    for check, prompt in zip(example.checks, asked, strict=True):
        tokens = (*example.prompt, *example.answer[: check.after], *check.tokens)
        assert tuple(tokenizer(prompt, add_special_tokens=False).input_ids) == tokens


def test_log_odds_are_those_of_the_model(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "tiny.gguf")
    base = checkpoint(tmp_path / "tiny.gguf", tmp_path / "base", torch.float32)
    tokenizer, prompt = AutoTokenizer.from_pretrained(base), "It was sold.\n?"
    logits = AutoModelForCausalLM.from_pretrained(base)(torch.tensor([tokenizer(prompt).input_ids])).logits[0, -1]
    likeliest = [token for token in logits.topk(15).indices.tolist() if tokenizer.decode([token]).isascii()]
    first, *_, last = likeliest
    engine = LlamaCppModel(tmp_path / "tiny.gguf")
    found = engine.log_odds(prompt, tokenizer.decode([first]), tokenizer.decode([last]), lambda: None)
    assert found == pytest.approx((logits[first] - logits[last]).item(), abs=0.05)
    assert found > 0


def test_engine_can_end_as_soon_as_it_is_loaded(tmp_path: Path) -> None:
    """In a process of its own, since an engine that cannot end waits forever."""
    write_tiny_model(tmp_path / "tiny.gguf")
    code = """
import sys
from pathlib import Path
from typing import Any
from summarizer.models.llama_cpp import LlamaCppModel
for _ in range(10):
    LlamaCppModel(Path(sys.argv[1])).load()
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "tiny.gguf")], check=True, timeout=100)
