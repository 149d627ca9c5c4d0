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

from summarizer.models.prompts import judge_messages
from summarizer.models.protocols import Progress, Question
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
        (count,) = self._answers_to(["tokens"], [text], lambda _: [self._required().count_tokens(text, on_wait)])
        return int(count)

    def verdicts(self, questions: Sequence[Question], progress: Progress) -> list[float]:
        """Log-odds of "Yes" against "No" for each question."""
        prompts = [judge_messages(question) for question in questions]
        return list(self._answers_to(prompts, questions, lambda new: self._required().verdicts(new, progress)))

    def continue_prompt(
        self, prompt: str, limit: int, on_token: Callable[[], None], *, temperature: float = 0.0, seed: int = 0
    ) -> str:
        """What the model writes after a prompt, up to the end of the line."""

        def compute(_: object) -> list[str]:
            engine = self._required()
            return [engine.continue_prompt(prompt, limit, on_token, temperature=temperature, seed=seed)]

        key = [prompt, f"{limit} {temperature} {seed}", _adapter_hash()]
        (text,) = self._answers_to([key], [prompt], compute)
        on_token()
        return str(text)

    def _required(self) -> Engine:
        if self._model is None:
            raise NotRecorded(f"{self._path.name} has no answer to this prompt. Record it with the model.")
        return self._model

    def _answers_to(
        self, prompts: Sequence[object], inputs: Sequence[Any], compute: Callable[[list[Any]], Sequence[Any]]
    ) -> list[Any]:
        """The answer to each prompt; those that are not recorded are computed from their inputs."""
        keys = [self._key(prompt, given) for prompt, given in zip(prompts, inputs, strict=True)]
        self.saved += sum(self._answers[key]["seconds"] for key in keys if key in self._answers)
        new = {key: given for key, given in zip(keys, inputs, strict=True) if key not in self._answers}
        if new:
            self._record(list(new), lambda: compute(list(new.values())))
        return [self._answers[key]["answer"] for key in keys]

    def _record(self, keys: Sequence[str], compute: Callable[[], Sequence[Any]]) -> None:
        began = time.perf_counter()
        answers = compute()
        seconds = (time.perf_counter() - began) / len(keys)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as stream:
            for key, answer in zip(keys, answers, strict=True):
                self._answers[key] = {"key": key, "answer": answer, "seconds": round(seconds, 3)}
                stream.write(json.dumps(self._answers[key], ensure_ascii=False) + "\n")

    def _key(self, prompt: object, given: object) -> str:
        content = [self.name, *(prompt if isinstance(prompt, list) else [prompt, str(given)])]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()
