"""A `.gguf` language model run by llama.cpp inside this process, through xllamacpp.

Sentences or an article in, text out; greedy. Compressions run in slots of their own, all at once, each of which holds
the fixed beginning of the prompt; one more slot reads articles, so that neither work drives the other's tokens out of
the cache. Safe to call from several threads.
"""

import hashlib
import json
import secrets
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from summarizer.errors import ModelFailed
from summarizer.models.base import Ability, Draft, Passage, Progress, Question, Reading, Source
from summarizer.models.devices import physical_cores
from summarizer.models.prompts import (
    ANSWER_TOKENS,
    TOKEN_BUDGET,
    Message,
    compress_prefix,
    compress_question,
    judge_messages,
    rewrite_messages,
)

# The prompts around an article, and what is written after it.
_REWRITE_ROOM = 512
# Context of a compression: fixed beginning 400 tokens, two sentences of up to 250 each, the answer.
_COMPRESS_ROOM = 1_200


# Never through a proxy that the environment names: the engine is in this process, and articles stay in it.
_DIRECTLY = build_opener(ProxyHandler({}))


# Both answers are among the likeliest tokens, whatever the passage says.
_LIKELIEST = 30
_LEAST_LIKELY = -20.0


class _ContextExceeded(ModelFailed):
    """A prompt that is longer than the context, alone or with those that run at the same time."""


class GgufModel:
    """One llama.cpp server in this process; loads at the first call or by `load`."""

    abilities: frozenset[Ability] = frozenset({"compress", "rewrite"})

    def __init__(
        self,
        path: Path,
        *,
        slots: int,
        prefix_folder: Path,
        token_budget: int = TOKEN_BUDGET,
        threads: int | None = None,
        gpu: bool = True,
    ) -> None:
        """Take a model file; nothing is read before `load`.

        :param slots: sentences shortened at the same time.
        :param prefix_folder: where the fixed beginning of the prompt is kept, as the model read it, for later starts.
        :param gpu: whether layers may go to a GPU where the engine finds one.
        """
        self.name = path.stem
        self.token_budget = token_budget
        self._path = path
        self._prefix_folder = prefix_folder
        self._slots = slots
        self._threads = threads
        self._gpu = gpu
        self._server: Any = None
        self._loading = threading.Lock()
        self._compressing: SimpleQueue[int] = SimpleQueue()
        self._reading: SimpleQueue[int] = SimpleQueue()
        self._pool = ThreadPoolExecutor(slots, thread_name_prefix="compress")
        self._key = secrets.token_hex(16)

    def load(self) -> None:
        """Load the weights and read the fixed beginning of the compression prompt into every slot."""
        with self._loading:
            if self._server is None:
                with suppress(OSError):  # kept for later starts where it can be
                    self._prefix_folder.mkdir(parents=True, exist_ok=True)
                self._server = self._start()
                try:
                    self._fill_slots()
                except BaseException:
                    self._server = None  # so that the next call starts anew instead of waiting for slots
                    raise
                for slot in range(self._slots):
                    self._compressing.put(slot)
                self._reading.put(self._slots)

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, without special ones."""
        self.load()
        return len(self._post("/tokenize", {"content": text})["tokens"])

    def compress(self, sources: Sequence[Source], progress: Progress) -> list[str | None]:
        """Each sentence shortened on its own, all slots at once."""
        self.load()
        futures = [self._pool.submit(self._compress_one, source) for source in sources]
        for done, _ in enumerate(as_completed(futures), start=1):
            progress(done, len(sources))
        return [future.result() for future in futures]

    def rewrite(self, reading: Reading, *, short: bool, long: bool, progress: Progress) -> Draft:
        """Both lengths after one reading: the second prompt differs in its last line only and finds the rest cached."""
        self.load()
        asked = [length for length, wanted in (("long", long), ("short", short)) if wanted]
        passages: dict[str, tuple[Passage, ...]] = {}
        with _taken(self._reading) as slot:
            for done, length in enumerate(asked, start=1):
                messages = rewrite_messages(reading, short=length == "short")
                passages[length] = (self._answer(messages, slot, ANSWER_TOKENS[length]),)
                progress(done, len(asked))
        return Draft(passages.get("short"), passages.get("long"))

    def verdicts(self, questions: Sequence[Question], progress: Progress) -> list[float]:
        """Log-odds of "Yes" against "No" for each question, one after the other."""
        self.load()
        found = []
        with _taken(self._reading) as slot:
            for done, question in enumerate(questions, start=1):
                found.append(self._verdict(question, slot))
                progress(done, len(questions))
        return found

    def _verdict(self, question: Question, slot: int) -> float:
        asked = {"logprobs": True, "top_logprobs": _LIKELIEST}
        choice = self._ask(judge_messages(question), slot, 1, asked)["choices"][0]
        likeliest: dict[str, float] = {}
        for token in choice["logprobs"]["content"][0]["top_logprobs"]:
            word = token["token"].strip().casefold()
            likeliest[word] = max(likeliest.get(word, _LEAST_LIKELY), token["logprob"])
        return likeliest.get("yes", _LEAST_LIKELY) - likeliest.get("no", _LEAST_LIKELY)

    def _compress_one(self, source: Source) -> str | None:
        messages = [*compress_prefix(), compress_question(source)]
        # Shorter than the source in any language; a token has three characters and more in most.
        limit = len(source.sentence) // 3 + 16
        with _taken(self._compressing) as slot:
            try:
                passage = self._answer(messages, slot, limit)
            except _ContextExceeded:  # some scripts need a token a character; such a sentence stays as it is
                return None
        return passage.text if passage.finished else None

    def _start(self) -> Any:
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(self._path)
        params.n_parallel = self._slots + 1
        params.n_ctx = self._slots * _COMPRESS_ROOM + self.token_budget + _REWRITE_ROOM
        # One cache for all slots: each takes what it needs of it, and slots stay filled while they are idle.
        params.kv_unified = True
        params.cache_idle_slots = False
        params.cache_ram_mib = 0
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self._threads or physical_cores()
        params.n_gpu_layers = -1 if self._gpu else 0
        params.warmup = False
        params.verbosity = 0
        # The engine listens on a port of the loopback address; nobody but this process has the key to it.
        params.api_keys = [self._key]
        params.ui = False
        params.slot_save_path = f"{self._prefix_folder}/"
        try:
            return xllamacpp.Server(params)
        except Exception as error:
            raise ModelFailed(f"{self._path} does not load: it is damaged, or no model for text ({error}).") from error

    def _fill_slots(self) -> None:
        """Give every slot the fixed beginning: from an earlier start's file, else read once and copied.

        Reading it in each of six slots took 60 s on a slow machine, once 9 s, from the file 0.03 s.
        """
        name = self._prefix_name()
        if not (self._prefix_folder / name).exists() or not self._restore(name, 0):
            self._answer([*compress_prefix(), compress_question(Source("It rained."))], 0, 1)
            try:
                self._keep_prefix(name)
            except (OSError, ModelFailed):  # a cache that cannot be written: each slot reads for itself
                return
        for slot in range(1, self._slots):
            self._restore(name, slot)

    def _keep_prefix(self, name: str) -> None:
        unfinished = f"{name}.{secrets.token_hex(4)}"
        self._post("/slots/0?action=save", {"filename": unfinished})
        for stale in self._prefix_folder.glob(f"{self.name}-*.prefix"):
            stale.unlink(missing_ok=True)
        (self._prefix_folder / unfinished).replace(self._prefix_folder / name)

    def _restore(self, name: str, slot: int) -> bool:
        try:
            self._post(f"/slots/{slot}?action=restore", {"filename": name})
        except ModelFailed:  # a file that the engine does not take; the slot is empty and will read for itself
            return False
        return True

    def _prefix_name(self) -> str:
        """A name that changes with everything that the file depends on: the weights, the prompt, the engine."""
        weights = self._path.stat()
        origin = [weights.st_size, weights.st_mtime_ns, compress_prefix(), version("xllamacpp")]
        return f"{self.name}-{hashlib.sha256(json.dumps(origin).encode()).hexdigest()[:16]}.prefix"

    def _answer(self, messages: list[Message], slot: int, limit: int) -> Passage:
        choice = self._ask(messages, slot, limit)["choices"][0]
        return Passage(choice["message"]["content"].strip(), choice["finish_reason"] == "stop")

    def _ask(self, messages: list[Message], slot: int, limit: int, options: dict[str, Any] | None = None) -> Any:
        """The engine's whole answer, with what it read from its cache and what anew."""
        answer = self._server.handle_chat_completions(
            {
                "messages": messages,
                "temperature": 0.0,
                "max_tokens": limit,
                "cache_prompt": True,
                "id_slot": slot,
                **(options or {}),
            }
        )
        if "choices" not in answer:
            reason = str(answer.get("error", answer).get("message", "no reason given"))
            failure = _ContextExceeded if "context size" in reason.lower() else ModelFailed
            raise failure(f"{self.name} did not answer: {reason}")
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


@contextmanager
def _taken(slots: "SimpleQueue[int]") -> Iterator[int]:
    """A free slot, for as long as the block runs."""
    slot = slots.get()
    try:
        yield slot
    finally:
        slots.put(slot)
