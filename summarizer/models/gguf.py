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
# So many tokens are read between two looks at whether anybody still waits: 3 s on a slow processor, which reads in
# batches of 64 as fast as in those of 512 (a trial on an AMD EPYC without AVX-512: 21.4 and 21.8 tokens a second).
_BATCH = 64
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

    def count_tokens(self, text: str, waiting: Callable[[], None]) -> int:
        """Tokens of a text, without special ones; nobody waits for that."""
        self.load()
        return len(self._post("/tokenize", {"content": text})["tokens"])

    def rewrite(self, reading: Reading, *, short: bool, long: bool, progress: Progress) -> Draft:
        """Both lengths after one reading: the second prompt differs in its last line only and finds the rest cached."""
        self.load()
        asked = [length for length, wanted in (("long", long), ("short", short)) if wanted]
        to_write = sum(ANSWER_TOKENS[length] for length in asked)
        passages: dict[str, tuple[Passage, ...]] = {}
        written_before = 0
        for length in asked:
            told = partial(_further, progress, written_before, to_write)
            answer = self._ask(rewrite_messages(reading, short=length == "short"), ANSWER_TOKENS[length], told)
            passages[length] = (Passage(answer.text, answer.is_finished),)
            written_before += ANSWER_TOKENS[length]
        progress(1, 1)
        return Draft(passages.get("short"), passages.get("long"))

    def verdicts(self, questions: Sequence[Question], progress: Progress) -> list[float]:
        """Log-odds of "Yes" against "No" for each question, one after the other."""
        self.load()
        found: list[float] = []
        for question in questions:
            found.append(self._verdict(question, lambda *_: progress(len(found), len(questions))))
            progress(len(found), len(questions))
        return found

    def _verdict(self, question: Question, told: "_Told") -> float:
        options = {"logprobs": True, "top_logprobs": _LIKELIEST}
        likeliest: dict[str, float] = {}
        for token in self._ask(judge_messages(question), 1, told, options).likeliest:
            word = token["token"].strip().casefold()
            likeliest[word] = max(likeliest.get(word, _LEAST_LIKELY), token["logprob"])
        return likeliest.get("yes", _LEAST_LIKELY) - likeliest.get("no", _LEAST_LIKELY)

    def _start(self) -> Any:
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(self._path)
        params.n_parallel = self._slots
        params.n_ctx = self._slots * (max(self.token_budget, _LEAST_CONTEXT) + _REWRITE_ROOM)
        params.n_batch = params.n_ubatch = _BATCH
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

    def _ask(
        self, messages: list[Message], limit: int, told: "_Told", options: dict[str, Any] | None = None
    ) -> "_Answer":
        """What the engine answers; an error of who is told ends it."""
        answer = _Answer(told)
        request = {
            "messages": messages,
            "temperature": 0.0,
            "max_tokens": limit,
            "cache_prompt": True,
            "stream": True,
            "return_progress": True,
            **(options or {}),
        }
        self._server.handle_chat_completions(request, answer)
        if answer.raised:
            raise answer.raised
        if "choices" not in answer.last:
            reason = str(answer.last.get("error", answer.last).get("message", "no reason given"))
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


# Tokens that are read or written, and those that are to be read.
_Told = Callable[[int, int], None]


def _further(progress: Progress, written_before: int, to_write: int, done: int, to_read: int) -> None:
    """Tell how far both lengths together are, in tokens that are read or written."""
    total = to_read + to_write
    progress(min(written_before + done, total), total)


class _Answer:
    """A streamed answer, heard piece by piece.

    The engine calls from native code, through which no error passes: one of `told` is kept, and the stream ended.
    """

    def __init__(self, told: _Told) -> None:
        self.last: dict[str, Any] = {}
        self.likeliest: list[dict[str, Any]] = []  # what its first token could have been, if that was asked for
        self.raised: BaseException | None = None
        self._told = told
        self._pieces: list[str] = []
        self._read = self._to_read = 0

    @property
    def text(self) -> str:
        """What was written."""
        return "".join(self._pieces).strip()

    @property
    def is_finished(self) -> bool:
        """Whether the model came to an end before the limit."""
        return bool(self.last["choices"][0]["finish_reason"] == "stop")

    def __call__(self, chunk: dict[str, Any]) -> bool:
        """Whether to stop."""
        self.last = chunk
        try:
            if "choices" in chunk:
                self._hear(chunk["choices"][0], chunk.get("prompt_progress"))
                self._told(self._read + len(self._pieces), self._to_read)
        except BaseException as error:
            self.raised = error
        return self.raised is not None

    def _hear(self, choice: dict[str, Any], reading: dict[str, int] | None) -> None:
        if reading:
            self._read, self._to_read = reading["processed"], reading["total"]
        if piece := choice["delta"].get("content"):
            self._pieces.append(piece)
        if not self.likeliest and choice.get("logprobs"):
            self.likeliest = choice["logprobs"]["content"][0]["top_logprobs"]
