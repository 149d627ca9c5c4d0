"""A language model whose answers are recorded, so that an evaluation or a test computes only new ones.

Greedy answers depend only on the model and the prompt, which are the key of an answer.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from summarizer.models.resolve import ADAPTER
from summarizer.models.trained_writer import Engine


@cache
def _adapter_hash() -> str:
    return hashlib.sha256(ADAPTER.read_bytes()).hexdigest()


class NotRecorded(Exception):
    """The recording has no answer to a prompt, and there is no model to compute it."""


class RecordedModel:
    """Returns a model's recorded answers, and records new ones.

    `saved` is the number of seconds that the answers from the recording took to compute.
    """

    def __init__(self, path: Path, name: str, token_budget: int, model: Engine | None = None) -> None:
        """Open a recording.

        :param path: a JSONL file of answers, created if it is missing.
        :param name: of the model whose answers these are.
        :param model: computes new answers; without it, a prompt without an answer raises `NotRecorded`.
        """
        self.name, self.token_budget = name, token_budget
        self.saved = 0.0
        self._model = model
        self._path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self._answers = {row["key"]: row for row in map(json.loads, lines)}

    @classmethod
    def of(cls, model: Engine, path: Path) -> "RecordedModel":
        """The recording of a model that computes new answers."""
        return cls(path, model.name, model.token_budget, model)

    def load(self) -> None:
        """Load the model's weights, if there is a model."""
        if self._model:
            self._model.load()

    def count_tokens(self, text: str, on_wait: Callable[[], None]) -> int:
        """The number of tokens of a text."""
        return int(self._answer(["tokens", text], lambda: self._required().count_tokens(text, on_wait)))

    def continue_prompt(
        self, prompt: str, limit: int, on_token: Callable[[], None], *, temperature: float = 0.0, seed: int = 0
    ) -> str:
        """What the model writes after a prompt, up to the end of the line."""

        def compute() -> str:
            return self._required().continue_prompt(prompt, limit, on_token, temperature=temperature, seed=seed)

        text = self._answer([prompt, f"{limit} {temperature} {seed}", _adapter_hash()], compute)
        on_token()
        return str(text)

    def log_odds(self, prompt: str, one: str, other: str, on_token: Callable[[], None]) -> float:
        """How much likelier one token is than another after a prompt."""

        def compute() -> float:
            return self._required().log_odds(prompt, one, other, on_token)

        return float(self._answer([prompt, one, other, _adapter_hash()], compute))

    def _required(self) -> Engine:
        if self._model is None:
            raise NotRecorded(f"{self._path.name} has no answer to this prompt. Record it with the model.")
        return self._model

    def _answer(self, question: Sequence[str], compute: Callable[[], Any]) -> Any:
        """The recorded answer to a question; one that is not recorded is computed."""
        key = hashlib.sha256(json.dumps([self.name, *question]).encode()).hexdigest()
        if key in self._answers:
            self.saved += self._answers[key]["seconds"]
        else:
            began = time.perf_counter()
            answer = compute()
            row = {"key": key, "answer": answer, "seconds": round(time.perf_counter() - began, 3)}
            self._answers[key] = row
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        return self._answers[key]["answer"]
