"""A language model that stops writing, as on a machine that is too slow."""

import time
from collections.abc import Callable
from typing import Any

from scripts.evaluation.recorded_model import RecordedModel


class Stalling:
    """An engine that writes as another one does, but never ends after the first sentences, as on a slow machine."""

    def __init__(self, engine: RecordedModel, sentences: int) -> None:
        self.name, self.token_budget = engine.name, engine.token_budget
        self.load, self.count_tokens, self.log_odds = engine.load, engine.count_tokens, engine.log_odds
        self._engine, self._left = engine, sentences

    def continue_prompt(self, prompt: str, limit: int, on_token: Callable[[], None], **options: Any) -> str:
        self._left -= 1
        while self._left < 0:
            on_token()
            time.sleep(0.01)
        return self._engine.continue_prompt(prompt, limit, on_token, **options)
