"""A model behind a server: llama.cpp's own, with a tiny model of random weights, and one that misbehaves."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from summarizer import Settings, Summarizer
from summarizer.errors import ModelFailed, ModelNotFound
from summarizer.models.llama_cpp import LlamaCppModel
from summarizer.models.protocols import Excerpt
from summarizer.models.remote import RemoteModel
from summarizer.models.resolve import resolve_model
from tests.tiny_gguf import write_tiny_model

EXCERPT = Excerpt("A lighthouse", ("Olof Dahl sold the lighthouse of Tarn to a baker.", "It was 90 years old."))
EVENTS = {"Content-Type": "text/event-stream"}
SENTENCE = "Olof Dahl sold the lighthouse of Tarn to a baker."

# What a server does with a request for an answer: called with the handler and the number of earlier requests.
Behaviour = Callable[["_Handler", int], None]


class _Handler(BaseHTTPRequestHandler):
    behaviour: Behaviour
    requests = 0

    def do_GET(self) -> None:
        self.answer(200, {"data": [{"id": "small", "object": "model", "max_model_len": 1_000}]})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        cls = type(self)
        cls.requests += 1
        cls.behaviour(self, cls.requests - 1)

    def answer(self, status: int, body: object, **headers: str) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw)

    def stream(self, *pieces: str, finish: str | None = "stop") -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for piece in pieces:
            self._send({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
        if finish:
            self._send({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
            self.wfile.write(b"data: [DONE]\n\n")

    def _send(self, chunk: object) -> None:
        self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
        self.wfile.flush()

    def log_message(self, *args: object) -> None:
        """Log nothing."""


Serve = Callable[[Behaviour], RemoteModel]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server that behaves as told, and returns its model."""
    servers = []

    def started(behaviour: Behaviour) -> RemoteModel:
        handler = type("Handler", (_Handler,), {"behaviour": staticmethod(behaviour), "requests": 0})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return RemoteModel("small", f"http://127.0.0.1:{server.server_port}/v1")

    yield started
    for server in servers:
        server.shutdown()


def _ignore(done: int, total: int) -> None:
    pass


def _written(model: RemoteModel) -> str:
    draft = model.draft(EXCERPT, short=True, long=False, progress=_ignore)
    assert draft.long is None
    assert draft.short
    return draft.short[0].text


def _well(handler: _Handler, earlier: int) -> None:
    handler.stream("Olof Dahl sold ", "the lighthouse of Tarn to a baker.")


def test_llama_cpp_server_answers(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "tiny.gguf")
    engine = LlamaCppModel(tmp_path / "tiny.gguf")
    engine.load()
    address, key = engine._server().listening_address, engine._key
    listed = RemoteModel("other", f"{address}/v1", key)
    with pytest.raises(ModelNotFound, match="tiny"):
        listed.load()
    model = RemoteModel(str(tmp_path / "tiny.gguf"), f"{address}/v1", key)
    model.load()
    draft = model.draft(EXCERPT, short=True, long=True, progress=_ignore)
    assert draft.short
    assert draft.long
    with pytest.raises(ModelFailed, match="SUMMARIZER_API_KEY"):
        RemoteModel(str(tmp_path / "tiny.gguf"), f"{address}/v1", "wrong").draft(
            EXCERPT, short=True, long=False, progress=_ignore
        )


def test_pieces_of_a_stream_are_joined(serve: Serve) -> None:
    assert _written(serve(_well)) == SENTENCE


@pytest.mark.parametrize("thought", ["<think>A baker?", "A baker?"])
def test_thoughts_are_left_out(serve: Serve, thought: str) -> None:
    assert _written(serve(lambda handler, _: handler.stream(thought, "</think>", SENTENCE))) == SENTENCE


def test_thoughts_without_an_answer_are_none(serve: Serve) -> None:
    with pytest.raises(ModelFailed, match="thinks before it answers"):
        _written(serve(lambda handler, _: handler.stream("<think>A baker? The article says", finish="length")))


def test_answer_at_the_token_limit_is_unfinished(serve: Serve) -> None:
    model = serve(lambda handler, _: handler.stream("Olof Dahl sold", finish="length"))
    draft = model.draft(EXCERPT, short=True, long=False, progress=_ignore)
    assert draft.short
    assert not draft.short[0].finished


@pytest.mark.parametrize(
    "fault",
    [
        lambda handler: handler.answer(500, {"error": "no memory"}),
        lambda handler: handler.answer(429, {"error": "busy"}, Retry_After="0"),
        lambda handler: handler.stream("Olof Dahl", finish=None),
        lambda handler: handler.answer(200, b"data: {nonsense\n\n", **EVENTS),
        lambda handler: handler.answer(200, b'data: {"error": {"message": "out of memory"}}\n\n', **EVENTS),
        lambda handler: handler.connection.close(),
    ],
    ids=["500", "429", "cut off", "nonsense", "error in the stream", "hung up"],
)
def test_request_that_failed_is_sent_again(serve: Serve, fault: Callable[[_Handler], None]) -> None:
    def behaviour(handler: _Handler, earlier: int) -> None:
        if earlier < 2:
            fault(handler)
        else:
            _well(handler, earlier)

    assert _written(serve(behaviour)) == SENTENCE


def test_server_that_never_answers_rightly_is_named_without_its_message(serve: Serve) -> None:
    model = serve(lambda handler, _: handler.answer(500, {"error": SENTENCE}))
    with pytest.raises(ModelFailed, match=r"did not answer: HTTP 500\.$") as failed:
        _written(model)
    assert failed.value.__cause__ is None


def test_article_beyond_the_context_says_what_to_set(serve: Serve) -> None:
    model = serve(lambda handler, _: handler.answer(400, {"error": "too long"}))
    with pytest.raises(ModelFailed, match="SUMMARIZER_TOKEN_BUDGET"):
        _written(model)


class Interrupted(Exception):
    pass


def test_waiting_ends_as_soon_as_nobody_waits(serve: Serve) -> None:
    model = serve(lambda handler, _: time.sleep(3))
    began = time.monotonic()

    def progress(done: int, total: int) -> None:
        if time.monotonic() - began > 0.3:
            raise Interrupted

    with pytest.raises(Interrupted):
        model.draft(EXCERPT, short=True, long=True, progress=progress)
    assert time.monotonic() - began < 2


def test_context_of_the_server_limits_what_is_read(serve: Serve) -> None:
    model = serve(_well)
    model.load()
    assert 0 < model.token_budget < 1_000


def test_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(ModelFailed, match=r"127\.0\.0\.1:9") as failed:
        RemoteModel("small", "http://me:secret@127.0.0.1:9/v1").load()
    assert "secret" not in str(failed.value)


def test_address_of_something_else_is_no_model_server(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        _Handler, "do_GET", lambda handler: handler.answer(200, b"<html>", **{"Content-Type": "text/html"})
    )
    with pytest.raises(ModelFailed, match="did not answer"):
        serve(_well).load()


def test_request_that_is_not_wanted_any_more_is_hung_up(serve: Serve) -> None:
    hung_up = threading.Event()

    def behaviour(handler: _Handler, earlier: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        try:
            for _ in range(100):
                handler.wfile.write(b": still here\n\n")
                time.sleep(0.05)
        except OSError:
            hung_up.set()

    def progress(done: int, total: int) -> None:
        if time.monotonic() - began > 0.5:
            raise Interrupted

    model, began = serve(behaviour), time.monotonic()
    with pytest.raises(Interrupted):
        model.draft(EXCERPT, short=True, long=True, progress=progress)
    assert hung_up.wait(2)


def test_setting_names_the_model_and_its_server() -> None:
    with pytest.raises(ModelNotFound, match="SUMMARIZER_BASE_URL"):
        resolve_model("openai:small", Settings())
    model = resolve_model("openai:small", Settings(base_url="http://127.0.0.1:9/v1", api_key="secret"))
    assert model.name == "small"
    assert "secret" not in repr(Settings(api_key="secret"))


def test_what_the_server_writes_is_verified(serve: Serve, articles: Path) -> None:
    invented = "The moon is made of cheese, said Ada Lovelace."
    model = serve(lambda handler, _: handler.stream(invented))
    summary = Summarizer(Settings(), model).summarize(
        (articles / "news-harbour-bridge.txt").read_text(encoding="utf-8"), method="abstractive"
    )
    assert "Lovelace" not in f"{summary.short} {summary.long}"
    assert summary.notes
