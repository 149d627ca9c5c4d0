"""A model behind a server that speaks the chat interface of OpenAI: vLLM, llama.cpp's server, Ollama, TGI, a provider.

Articles leave this machine if the server is elsewhere.
"""

import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from summarizer.errors import ModelFailed, ModelNotFound
from summarizer.models.prompts import (
    MOST_ANSWER_TOKENS,
    TOKEN_BUDGET,
    Message,
    answer_tokens,
    draft_messages,
    wanted_lengths,
)
from summarizer.models.protocols import Completion, Draft, Excerpt, Progress

# In seconds: to connect, and without any sign of the server while it reads or waits for its turn.
_CONNECT_TIMEOUT, _SILENCE_TIMEOUT = 5.0, 60.0
# A request is sent again after a pause that doubles each time, or as long as the server asks.
_ATTEMPTS, _PAUSE, _LONGEST_PAUSE = 4, 0.5, 20.0
# Seconds between two looks at whether somebody still waits for the answer.
_POLL = 0.1
# The interface has no way to count tokens. A token has about four characters of English, three bytes of others.
_BYTES_PER_TOKEN = 3.5
# Tokens of the prompt beside the article, and of the answer.
_OTHER_TOKENS = 200 + MOST_ANSWER_TOKENS
# The thoughts of models that reason come before their answers; the opening mark may be part of the prompt.
_THOUGHTS = re.compile(r"^.*</think>", re.DOTALL)
_UNFINISHED_THOUGHT = re.compile(r"^\s*<think>")


class _CutOff(Exception):
    """The server ended a stream before the model had ended its answer, or sent nothing for too long."""


class RemoteModel:
    """Sends requests from several threads at once; verification treats it as any other model."""

    def __init__(self, name: str, base_url: str, api_key: str | None = None) -> None:
        """Take the address; nothing is sent before `load`.

        :param name: of the model, as its server lists it.
        :param base_url: of the interface, such as `http://127.0.0.1:8000/v1`.
        """
        import openai

        self.name = name
        self.token_budget = TOKEN_BUDGET
        self._host = urlsplit(base_url).netloc.rpartition("@")[2]  # without a password
        self._is_loaded = False
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=api_key or "none",
            timeout=openai.Timeout(_SILENCE_TIMEOUT, connect=_CONNECT_TIMEOUT),
            max_retries=0,  # sent again here, so that nobody waits for an answer that is no longer wanted
        )

    def load(self) -> None:
        """Ask the server for its models, and read no more of an article than this one's context holds.

        :raises ModelNotFound: when the server lists others only.
        :raises ModelFailed: when it cannot be reached.
        """
        import openai

        try:
            models = {model.id: model.to_dict() for model in self._client.models.list()}
        except openai.NotFoundError:  # not every server lists its models
            return
        except (openai.OpenAIError, ValueError, AttributeError, TypeError) as error:  # the last three: no such list
            raise self._failed(error) from None
        self._is_loaded = True
        if models and self.name not in models:
            raise ModelNotFound(f"The model server at {self._host} has no model {self.name}, but {', '.join(models)}.")
        if context := _context_length(models.get(self.name, {})):
            self.token_budget = max(min(TOKEN_BUDGET, context - _OTHER_TOKENS), 1)

    def count_tokens(self, text: str, on_wait: Callable[[], None]) -> int:
        """About the number of tokens of a text."""
        return round(len(text.encode()) / _BYTES_PER_TOKEN)

    def draft(self, excerpt: Excerpt, *, short: bool, long: bool, progress: Progress) -> Draft:
        """Both lengths; their prompts differ in the last line only, so that servers that cache prefixes read once.

        :raises ModelFailed: when the server does not answer, also when it is asked again.
        """
        if not self._is_loaded:
            self.load()
        wanted = wanted_lengths(short=short, long=long)
        completions: dict[str, tuple[Completion, ...]] = {}
        for done, length in enumerate(wanted):
            messages = draft_messages(excerpt, short=length == "short")
            on_poll = partial(progress, done, len(wanted))
            completions[length] = (self._answer(messages, answer_tokens(length, excerpt), on_poll),)
        progress(len(wanted), len(wanted))
        return Draft(completions.get("short"), completions.get("long"))

    def _answer(self, messages: list[Message], limit: int, on_poll: Callable[[], None]) -> Completion:
        """The answer to a chat, asked for again where that may help.

        :param on_poll: called every tenth of a second; an exception that it raises ends the waiting.
        """
        import openai

        for attempt in range(_ATTEMPTS):
            try:
                return self._streamed(messages, limit, on_poll)
            except (openai.APIError, _CutOff, ValueError) as error:  # ValueError: what came is no JSON
                if attempt == _ATTEMPTS - 1 or not _may_pass(error):
                    raise self._failed(error) from None
                _wait(_pause_after(error, attempt), on_poll)
        raise AssertionError  # the last attempt returns or raises

    def _streamed(self, messages: list[Message], limit: int, on_poll: Callable[[], None]) -> Completion:
        pieces: list[str] = []
        reason = None
        for chunk in _polled(partial(self._open, messages, limit), on_poll):
            for choice in getattr(chunk, "choices", None) or ():
                pieces.append(getattr(choice.delta, "content", None) or "")
                reason = choice.finish_reason or reason
        if reason is None:
            raise _CutOff
        written = _THOUGHTS.sub("", "".join(pieces))
        if _UNFINISHED_THOUGHT.match(written):
            raise ModelFailed(
                f"The model {self.name} thinks before it answers, which takes too long here. Turn that off on its "
                "server, or choose another model."
            )
        return Completion(written.strip(), reason == "stop")

    def _open(self, messages: list[Message], limit: int) -> Any:
        """The stream of an answer."""
        given: Any = messages
        return self._client.chat.completions.create(
            model=self.name, messages=given, max_tokens=limit, temperature=0.0, stream=True
        )

    def _failed(self, error: Exception) -> ModelFailed:
        """What to tell whoever runs the service; the server's own message could contain the article."""
        status = getattr(error, "status_code", None)
        named = " ".join(str(value) for name in ("code", "param") if (value := getattr(error, name, None)))
        reason = {
            400: f"it refused the request (HTTP 400{', ' if named else ''}{named}). If the article is longer than its "
            "context, lower SUMMARIZER_TOKEN_BUDGET",
            401: "it refused the key (HTTP 401): set SUMMARIZER_API_KEY",
            403: "it refused the key (HTTP 403): set SUMMARIZER_API_KEY",
            404: "it knows neither the model nor the address (HTTP 404): check SUMMARIZER_MODEL and "
            "SUMMARIZER_BASE_URL",
            429: "it is busy (HTTP 429)",
        }.get(
            status or 0,
            f"HTTP {status}" if status else f"it cannot be reached or ends its answers early ({type(error).__name__})",
        )
        return ModelFailed(f"The model server at {self._host} did not answer: {reason}.")


def _context_length(model: dict[str, Any]) -> int | None:
    """The tokens of a model's context, as vLLM or llama.cpp report it."""
    meta = model.get("meta")
    found = model.get("max_model_len") or (meta.get("n_ctx") or meta.get("n_ctx_train") if meta else None)
    return found if isinstance(found, int) and found > 0 else None


def _may_pass(error: Exception) -> bool:
    """Whether the same request may succeed later: the server is busy or failed, or the connection did."""
    status = getattr(error, "status_code", None)
    return status is None or status in (408, 409, 429) or status >= 500


def _pause_after(error: Exception, attempt: int) -> float:
    """The seconds to wait before the next attempt: as the server asks, or twice as long each time."""
    response = getattr(error, "response", None)
    asked = response.headers.get("retry-after", "") if response is not None else ""
    seconds = float(asked) if asked.isdecimal() and asked.isascii() else _PAUSE * 2**attempt
    return min(seconds, _LONGEST_PAUSE)


def _wait(seconds: float, on_poll: Callable[[], None]) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        on_poll()
        time.sleep(min(left, _POLL))


def _polled(open_stream: Callable[[], Any], on_poll: Callable[[], None]) -> Iterator[Any]:
    """The chunks of a stream, while `on_poll` is called every tenth of a second; what it raises ends the request."""
    arrived: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    streams: list[Any] = []

    def receive() -> None:
        try:
            with open_stream() as stream:
                streams.append(stream)
                for chunk in stream:
                    arrived.put(("chunk", chunk))
            arrived.put(("end", None))
        except Exception as error:
            arrived.put(("error", error))

    threading.Thread(target=receive, daemon=True).start()
    heard = time.monotonic()
    try:
        while True:
            on_poll()
            try:
                kind, value = arrived.get(timeout=_POLL)
            except queue.Empty:
                if time.monotonic() - heard > _SILENCE_TIMEOUT:  # comments of a server do not count
                    raise _CutOff from None
                continue
            if kind == "error":
                raise value
            if kind == "end":
                return
            heard = time.monotonic()
            yield value
    finally:
        for stream in streams:
            stream.close()
