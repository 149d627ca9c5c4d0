"""A `.gguf` language model run by llama.cpp inside this process, through xllamacpp.

An article in, both lengths or verdicts out; greedy. Safe to call from several threads, which share the engine's slots:
what they ask at once is computed together.
"""

import json
import secrets
import threading
from collections.abc import Callable, Sequence
from functools import partial
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
        self,
        path: Path,
        *,
        token_budget: int = TOKEN_BUDGET,
        slots: int = 1,
        threads: int | None = None,
        gpu: bool = True,
    ) -> None:
        """Take a model file; nothing is read before `load`.

        :param slots: how many threads the engine answers at once.
        :param gpu: whether layers may go to a GPU where the engine finds one.
        """
        self.name = path.stem
        self.token_budget = token_budget
        self._path = path
        self._slots = slots
        self._threads = threads
        self._gpu = gpu
        self._server: Any = None
        self._loading = threading.Lock()
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
        total = sum(ANSWER_TOKENS[length] for length in asked)
        passages: dict[str, tuple[Passage, ...]] = {}
        for before, length in zip((0, ANSWER_TOKENS[asked[0]]), asked, strict=False):
            listener = _Listener(partial(_further, progress, before, total))
            messages = rewrite_messages(reading, short=length == "short")
            passages[length] = (self._write(messages, ANSWER_TOKENS[length], listener),)
        progress(total, total)
        return Draft(passages.get("short"), passages.get("long"))

    def verdicts(self, questions: Sequence[Question], progress: Progress) -> list[float]:
        """Log-odds of "Yes" against "No" for each question, one after the other."""
        self.load()
        found = []
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
        params.n_parallel = self._slots
        params.n_ctx = self._slots * (max(self.token_budget, _LEAST_CONTEXT) + _REWRITE_ROOM)
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

    def _write(self, messages: list[Message], limit: int, listener: "_Listener") -> Passage:
        """What the engine writes, told token by token; an error of the listener ends it."""
        self._server.handle_chat_completions(_request(messages, limit, {"stream": True}), listener)
        if listener.raised:
            raise listener.raised
        self._refuse_failure(listener.last)
        return Passage("".join(listener.pieces).strip(), listener.last["choices"][0]["finish_reason"] == "stop")

    def _ask(self, messages: list[Message], limit: int, options: dict[str, Any] | None = None) -> Any:
        """The engine's whole answer, with what it read from its cache and what anew."""
        answer = self._server.handle_chat_completions(_request(messages, limit, options or {}))
        self._refuse_failure(answer)
        return answer

    def _refuse_failure(self, answer: dict[str, Any]) -> None:
        if "choices" not in answer:
            reason = str(answer.get("error", answer).get("message", "no reason given"))
            raise ModelFailed(f"{self.name} did not answer: {reason}")

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


def _request(messages: list[Message], limit: int, options: dict[str, Any]) -> dict[str, Any]:
    return {"messages": messages, "temperature": 0.0, "max_tokens": limit, "cache_prompt": True, **options}


def _further(progress: Progress, before: int, total: int, tokens: int) -> None:
    """Tell how many tokens there are of both lengths together."""
    progress(min(before + tokens, total), total)


class _Listener:
    """Hears a streamed answer piece by piece and keeps it.

    The engine calls from native code, through which no error passes: one of `told` is kept, and the stream ended.
    """

    def __init__(self, told: Callable[[int], None]) -> None:
        self.pieces: list[str] = []
        self.last: dict[str, Any] = {}
        self.raised: BaseException | None = None
        self._told = told

    def __call__(self, chunk: dict[str, Any]) -> bool:
        """Whether to stop."""
        self.last = chunk
        try:
            if "choices" in chunk:
                self.pieces.append(chunk["choices"][0]["delta"].get("content") or "")
                self._told(len(self.pieces))
        except BaseException as error:
            self.raised = error
        return self.raised is not None
