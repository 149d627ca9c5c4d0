"""A `.gguf` language model run by llama.cpp inside this process (xllamacpp).

Safe to call from several threads: they share the engine's slots, and their requests are computed together.
"""

import json
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from summarizer.errors import ModelFailed
from summarizer.models.devices import compute_threads
from summarizer.models.once import Once
from summarizer.models.prompts import (
    MOST_ANSWER_TOKENS,
    STATED_ANSWER_TOKENS,
    TOKEN_BUDGET,
    Message,
    answer_tokens,
    draft_messages,
    wanted_lengths,
)
from summarizer.models.protocols import Completion, Draft, Excerpt, Progress
from summarizer.models.usage import USAGE

# Tokens of context for the prompt around an article, its title, and the answer.
_PROMPT_AND_ANSWER_TOKENS = 292 + MOST_ANSWER_TOKENS
# Tokens prefilled between two progress calls: 3 s on a slow processor, which prefills in batches of 64 as fast as in
# batches of 512 (docs/experiments.md).
_BATCH_SIZE = 64
# Tokens whose probabilities are asked for in the place of a verdict; others are less likely than each of them.
_LIKELIEST = 20
# Without the environment's proxies: the engine is in this process, and articles stay in it.
_DIRECT = build_opener(ProxyHandler({}))

# Called with the tokens that were prefilled or generated so far, and those to prefill.
OnToken = Callable[[int, int], None]


class LlamaCppModel:
    """One llama.cpp server in this process; loads at the first call or by `load`."""

    def __init__(
        self,
        path: Path,
        *,
        adapter: Path | None = None,
        token_budget: int = TOKEN_BUDGET,
        slots: int = 1,
        gpu: bool = True,
    ) -> None:
        """Take a model file; nothing is read before `load`.

        :param adapter: a LoRA adapter in GGUF form.
        :param slots: requests that the engine answers at the same time.
        :param gpu: whether layers may go to a GPU if the engine finds one.
        """
        self.name = path.stem
        self.token_budget = token_budget
        self._path = path
        self._adapter = adapter
        self._slots = slots
        self._gpu = gpu
        self._server = Once(self._start)
        self._key = secrets.token_hex(16)

    def load(self) -> None:
        """Load the weights, once."""
        self._server()

    def count_tokens(self, text: str, on_wait: Callable[[], None]) -> int:
        """The number of tokens of a text, without special ones; this never waits."""
        return len(self._post("/tokenize", {"content": text})["tokens"])

    def draft(self, excerpt: Excerpt, *, short: bool, long: bool, progress: Progress) -> Draft:
        """Both lengths; the second prompt differs in its last line only, so the rest is cached."""
        wanted = wanted_lengths(short=short, long=long)
        to_write = sum(answer_tokens(length, excerpt) for length in wanted)
        completions: dict[str, tuple[Completion, ...]] = {}
        written_before = 0
        for length in wanted:
            on_token = partial(_report, progress, written_before, to_write)
            limit = answer_tokens(length, excerpt)
            answer = self.complete(draft_messages(excerpt, short=length == "short"), limit, on_token)
            completions[length] = (Completion(answer.text.strip(), answer.is_finished),)
            written_before += limit
        progress(1, 1)
        return Draft(completions.get("short"), completions.get("long"))

    def complete(self, messages: list[Message], limit: int, on_token: OnToken) -> "StreamedAnswer":
        """The engine's answer to a chat, of at most `limit` tokens.

        :raises ModelFailed: when the engine reports an error; what `on_token` raises ends the answer.
        """
        answer = StreamedAnswer(on_token)
        request = {
            "messages": messages,
            "temperature": 0.0,
            "max_tokens": limit,
            "cache_prompt": True,
            "stream": True,
            "return_progress": True,
        }
        self._server().handle_chat_completions(request, answer)
        self._check(answer)
        return answer

    def continue_prompt(
        self,
        prompt: str,
        limit: int,
        on_token: Callable[[], None],
        *,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> str:
        """What the model writes after a prompt, up to the end of the line.

        :param limit: in tokens.
        :param on_token: called after each token; an exception that it raises ends the text and reaches the caller.
        :param temperature: 0 for the likeliest text.
        :raises ModelFailed: when the engine reports an error.
        """
        answer = StreamedAnswer(lambda *_: on_token())
        request = {
            "prompt": prompt,
            "temperature": temperature,
            "seed": seed,
            "n_predict": limit,
            "stop": ["\n"],
            "cache_prompt": True,
            "stream": True,
            "return_progress": True,
        }
        self._server().handle_completions(request, answer)
        self._check(answer)
        return answer.text

    def log_odds(self, prompt: str, one: str, other: str, on_token: Callable[[], None]) -> float:
        """How much likelier one token is than another after a prompt, as a difference of log-probabilities.

        :param on_token: called once or more; an exception that it raises ends the work and reaches the caller.
        :raises ModelFailed: when the engine reports an error.
        """
        answer = StreamedAnswer(lambda *_: on_token())
        request = {
            "prompt": prompt,
            "temperature": 0.0,
            "n_predict": 1,
            "n_probs": _LIKELIEST,
            "grammar": f"root ::= {json.dumps(one)} | {json.dumps(other)}",
            "cache_prompt": True,
            "stream": True,
            "return_progress": True,
        }
        self._server().handle_completions(request, answer)
        self._check(answer)
        found = {token["token"]: float(token["logprob"]) for token in answer.likeliest}
        least = min(found.values(), default=0.0)
        return found.get(one, least) - found.get(other, least)

    def _check(self, answer: "StreamedAnswer") -> None:
        timings = answer.last.get("timings") or {}
        USAGE.add(timings.get("prompt_n", 0), timings.get("predicted_n", 0))
        if answer.raised:
            raise answer.raised
        if "choices" not in answer.last:
            reason = str(answer.last.get("error", answer.last).get("message", "no reason given"))
            raise ModelFailed(f"{self.name} did not respond: {reason}")

    def _start(self) -> Any:
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(self._path)
        params.n_parallel = self._slots
        answer = STATED_ANSWER_TOKENS if self._adapter else 0
        params.n_ctx = self._slots * (self.token_budget + _PROMPT_AND_ANSWER_TOKENS + answer)
        params.n_batch = params.n_ubatch = _BATCH_SIZE
        if self._adapter:
            params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(self._adapter), 1.0)]
        params.cache_ram_mib = 0
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = compute_threads()
        params.n_gpu_layers = -1 if self._gpu else 0
        params.warmup = False
        params.verbosity = 0
        # The engine listens on a port of the loopback address; only this process has the key.
        params.api_keys = [self._key]
        params.ui = False
        try:
            server = xllamacpp.Server(params)
        except Exception as error:
            adapter = f" with the adapter {self._adapter}" if self._adapter else ""
            raise ModelFailed(
                f"{self._path}{adapter} could not be loaded: it is damaged or is not a text model ({error})."
            ) from error
        # The engine answers before its loop has begun, and one that is ended then waits for it forever.
        server.handle_completions({"prompt": " ", "n_predict": 1, "stream": True}, StreamedAnswer(lambda *_: None))
        return server

    def _post(self, path: str, body: dict[str, object]) -> Any:
        """Call an endpoint that the engine's Python interface lacks."""
        request = Request(
            self._server().listening_address + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"},
        )
        try:
            with _DIRECT.open(request, timeout=600) as answer:
                return json.load(answer)
        except OSError as error:
            raise ModelFailed(f"{self.name} did not respond: {error}") from error


def _report(progress: Progress, written_before: int, to_write: int, done: int, to_read: int) -> None:
    """Report the progress of both lengths together, in tokens prefilled or generated."""
    total = to_read + to_write
    progress(min(written_before + done, total), total)


class StreamedAnswer:
    """The chunks of a streamed answer, put together.

    The engine calls this object from native code, which exceptions cannot cross: one that `on_token` raises is stored
    in `raised`, and the stream ends.
    """

    def __init__(self, on_token: OnToken) -> None:
        self.last: dict[str, Any] = {}  # the last chunk, which has the timings
        self.raised: BaseException | None = None
        self._on_token = on_token
        self.likeliest: list[dict[str, Any]] = []  # tokens in the first one's place, if they were asked for
        self._pieces: list[str] = []
        self._prefilled = self._to_prefill = 0

    @property
    def text(self) -> str:
        """The generated text."""
        return "".join(self._pieces)

    @property
    def is_finished(self) -> bool:
        """Whether the model stopped before the token limit."""
        return bool(self.last["choices"][0]["finish_reason"] == "stop")

    def __call__(self, chunk: dict[str, Any]) -> bool:
        """Take a chunk; True ends the stream."""
        self.last = chunk
        try:
            if "choices" in chunk:
                self._add(chunk["choices"][0], chunk.get("prompt_progress"))
                self._on_token(self._prefilled + len(self._pieces), self._to_prefill)
        except BaseException as error:
            self.raised = error
        return self.raised is not None

    def _add(self, choice: dict[str, Any], prefill: dict[str, int] | None) -> None:
        if choice.get("logprobs") and not self.likeliest:
            (token,) = choice["logprobs"]["content"]
            self.likeliest = [*token["top_logprobs"], token]
        if prefill:
            self._prefilled, self._to_prefill = prefill["processed"], prefill["total"]
        # A chat's pieces are in `delta`, those of a continued prompt are the choice's `text`.
        if piece := choice["text"] if "text" in choice else choice["delta"].get("content"):
            self._pieces.append(piece)
