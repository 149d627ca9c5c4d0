"""A `.gguf` language model run by llama.cpp inside this process, through xllamacpp.

An article in, both lengths or verdicts out; greedy. Safe to call from several threads, which take turns.
"""

import json
import secrets
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from summarizer.errors import ModelFailed
from summarizer.models.base import Draft, Passage, Progress, Question, Reading
from summarizer.models.devices import physical_cores
from summarizer.models.prompts import ANSWER_TOKENS, TOKEN_BUDGET, Message, judge_messages, rewrite_messages

# The prompts around an article, and what is written after it.
_REWRITE_ROOM = 512
# A passage and a sentence to judge have 1,000 characters at most each, which in some scripts are as many tokens.
_LEAST_CONTEXT = 2_048
# Never through a proxy that the environment names: the engine is in this process, and articles stay in it.
_DIRECTLY = build_opener(ProxyHandler({}))
# Both answers are among the likeliest tokens, whatever the passage says.
_LIKELIEST = 30
_LEAST_LIKELY = -20.0


class GgufModel:
    """One llama.cpp server in this process; loads at the first call or by `load`."""

    def __init__(
        self, path: Path, *, token_budget: int = TOKEN_BUDGET, threads: int | None = None, gpu: bool = True
    ) -> None:
        """Take a model file; nothing is read before `load`.

        :param gpu: whether layers may go to a GPU where the engine finds one.
        """
        self.name = path.stem
        self.token_budget = token_budget
        self._path = path
        self._threads = threads
        self._gpu = gpu
        self._server: Any = None
        self._loading = threading.Lock()
        self._turn = threading.Lock()
        self._key = secrets.token_hex(16)

    def load(self) -> None:
        """Load the weights unless they are there."""
        with self._loading:
            if self._server is None:
                self._server = self._start()

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, without special ones."""
        self.load()
        return len(self._post("/tokenize", {"content": text})["tokens"])

    def rewrite(self, reading: Reading, *, short: bool, long: bool, progress: Progress) -> Draft:
        """Both lengths after one reading: the second prompt differs in its last line only and finds the rest cached."""
        self.load()
        asked = [length for length, wanted in (("long", long), ("short", short)) if wanted]
        passages: dict[str, tuple[Passage, ...]] = {}
        with self._turn:
            for done, length in enumerate(asked, start=1):
                messages = rewrite_messages(reading, short=length == "short")
                passages[length] = (self._answer(messages, ANSWER_TOKENS[length]),)
                progress(done, len(asked))
        return Draft(passages.get("short"), passages.get("long"))

    def verdicts(self, questions: Sequence[Question], progress: Progress) -> list[float]:
        """Log-odds of "Yes" against "No" for each question, one after the other."""
        self.load()
        found = []
        with self._turn:
            for done, question in enumerate(questions, start=1):
                found.append(self._verdict(question))
                progress(done, len(questions))
        return found

    def _verdict(self, question: Question) -> float:
        asked = {"logprobs": True, "top_logprobs": _LIKELIEST}
        choice = self._ask(judge_messages(question), 1, asked)["choices"][0]
        likeliest: dict[str, float] = {}
        for token in choice["logprobs"]["content"][0]["top_logprobs"]:
            word = token["token"].strip().casefold()
            likeliest[word] = max(likeliest.get(word, _LEAST_LIKELY), token["logprob"])
        return likeliest.get("yes", _LEAST_LIKELY) - likeliest.get("no", _LEAST_LIKELY)

    def _start(self) -> Any:
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(self._path)
        params.n_parallel = 1
        params.n_ctx = max(self.token_budget, _LEAST_CONTEXT) + _REWRITE_ROOM
        params.cache_ram_mib = 0
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self._threads or physical_cores()
        params.n_gpu_layers = -1 if self._gpu else 0
        params.warmup = False
        params.verbosity = 0
        # The engine listens on a port of the loopback address; nobody but this process has the key to it.
        params.api_keys = [self._key]
        params.ui = False
        try:
            return xllamacpp.Server(params)
        except Exception as error:
            raise ModelFailed(f"{self._path} does not load: it is damaged, or no model for text ({error}).") from error

    def _answer(self, messages: list[Message], limit: int) -> Passage:
        choice = self._ask(messages, limit)["choices"][0]
        return Passage(choice["message"]["content"].strip(), choice["finish_reason"] == "stop")

    def _ask(self, messages: list[Message], limit: int, options: dict[str, Any] | None = None) -> Any:
        """The engine's whole answer, with what it read from its cache and what anew."""
        answer = self._server.handle_chat_completions(
            {
                "messages": messages,
                "temperature": 0.0,
                "max_tokens": limit,
                "cache_prompt": True,
                **(options or {}),
            }
        )
        if "choices" not in answer:
            reason = str(answer.get("error", answer).get("message", "no reason given"))
            raise ModelFailed(f"{self.name} did not answer: {reason}")
        return answer

    def _post(self, path: str, body: dict[str, object]) -> Any:
        """Ask the engine what its Python interface does not offer."""
        request = Request(
            self._server.listening_address + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"},
        )
        try:
            with _DIRECTLY.open(request, timeout=600) as answer:
                return json.load(answer)
        except OSError as error:
            raise ModelFailed(f"{self.name} did not answer: {error}") from error
