"""A language model whose answers are kept on disk, so that an evaluation that is run again asks only what is new.

Greedy answers do not change as long as the model and the prompt do not; both are part of an answer's key.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, when run as a file

from summarizer.models.base import Draft, Passage, Progress, Question, Reading
from summarizer.models.gguf import GgufModel
from summarizer.models.prompts import judge_messages, rewrite_messages


class KeptAnswers:
    """Does what the model does, or tells what it did; `saved` counts the seconds that this saved."""

    def __init__(self, model: GgufModel, path: Path) -> None:
        self.name, self.token_budget = model.name, model.token_budget
        self.load, self.count_tokens = model.load, model.count_tokens
        self.saved = 0.0
        self._model = model
        self._path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self._answers = {row["key"]: row for row in map(json.loads, lines)}

    def verdicts(self, questions: Sequence[Question], progress: Progress) -> list[float]:
        keys = [self._key(judge_messages(question)) for question in questions]
        self._make(keys, questions, lambda new: self._model.verdicts(new, progress))
        return [self._answers[key]["answer"] for key in keys]

    def rewrite(self, reading: Reading, *, short: bool, long: bool, progress: Progress) -> Draft:
        key = self._key([*rewrite_messages(reading, short=short), {"lengths": f"{short} {long}"}])
        self._make(
            [key],
            [reading],
            lambda _: [asdict(self._model.rewrite(reading, short=short, long=long, progress=progress))],
        )
        draft = self._answers[key]["answer"]
        made = {length: draft[length] and tuple(Passage(**passage) for passage in draft[length]) for length in draft}
        return Draft(made["short"], made["long"])

    def _make(self, keys: Sequence[str], asked: Sequence[Any], make: Callable[[list[Any]], Sequence[Any]]) -> None:
        self.saved += sum(self._answers[key]["seconds"] for key in keys if key in self._answers)
        new = {key: thing for key, thing in zip(keys, asked, strict=True) if key not in self._answers}
        if not new:
            return
        began = time.perf_counter()
        answers = make(list(new.values()))
        seconds = (time.perf_counter() - began) / len(new)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as stream:
            for key, answer in zip(new, answers, strict=True):
                self._answers[key] = {"key": key, "answer": answer, "seconds": round(seconds, 3)}
                stream.write(json.dumps(self._answers[key], ensure_ascii=False) + "\n")

    def _key(self, messages: Sequence[object]) -> str:
        return hashlib.sha256(json.dumps([self.name, *messages]).encode()).hexdigest()
