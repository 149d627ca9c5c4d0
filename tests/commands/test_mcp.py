"""`summarizer mcp`, through the client of the official SDK."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from mcp import Client, StdioServerParameters

SERVER = StdioServerParameters(command=sys.executable, args=["-m", "summarizer", "mcp"])
TOOLS = {"summarize_text", "summarize_file", "verify_sentence"}


@pytest.fixture(scope="module")
def answers(articles: Path) -> dict[str, object]:
    """What one client was told, since each start of the server loads the models."""

    async def ask() -> dict[str, object]:
        file = articles / "news-harbour-bridge.txt"
        text = file.read_text(encoding="utf-8")
        async with Client(SERVER) as client:
            return {
                "tools": {tool.name for tool in (await client.list_tools()).tools},
                "text": await client.call_tool("summarize_text", {"text": text, "method": "extractive"}),
                "focused": await client.call_tool(
                    "summarize_text", {"text": text, "method": "extractive", "words": 40, "focus": "cost of the repair"}
                ),
                "file": await client.call_tool("summarize_file", {"path": str(file), "method": "extractive"}),
                "missing": await client.call_tool("summarize_file", {"path": "/no/such/file.txt"}),
                "no home": await client.call_tool("summarize_file", {"path": "~nobody-of-that-name/a.txt"}),
                "device": await client.call_tool("summarize_file", {"path": "/dev/zero"}),
                "too long": await client.call_tool("summarize_text", {"text": "A word. " * 200_000}),
                "empty": await client.call_tool("summarize_text", {"text": " "}),
                "invented": await client.call_tool(
                    "verify_sentence", {"text": text, "sentence": "Ada Lovelace sold the bridge to the moon."}
                ),
            }

    return anyio.run(ask)


def test_tools_are_listed(answers: dict) -> None:
    assert answers["tools"] == TOOLS


def test_summary_has_evidence_from_the_text(answers: dict, articles: Path) -> None:
    text = (articles / "news-harbour-bridge.txt").read_text(encoding="utf-8")
    summary = answers["text"].structured_content
    assert summary["title"]
    assert summary["short"]
    assert len(summary["sentences"]) >= 3
    for sentence in summary["sentences"]:
        assert sentence["evidence"] == [sentence["text"]]
        assert sentence["text"] in text


def test_summary_has_the_focus_and_words_that_are_wanted(answers: dict) -> None:
    long = answers["focused"].structured_content["long"]
    assert "£4.1m" in long
    assert len(long.split()) <= 48


def test_file_gives_the_same_summary(answers: dict) -> None:
    assert answers["file"].structured_content == answers["text"].structured_content


def test_error_says_what_to_do(answers: dict) -> None:
    expected_of = {
        "missing": "Give the path",
        "no home": "Give the path",
        "device": "Give the path",
        "too long": "Send only part",
        "empty": "Paste or send the text",
    }
    for name, expected in expected_of.items():
        assert answers[name].is_error
        assert expected in answers[name].content[0].text


def test_invented_sentence_is_not_supported(answers: dict) -> None:
    verified = answers["invented"].structured_content
    assert verified["supported"] is False
    assert verified["support"] == 0.0
    assert verified["evidence"]


@pytest.fixture
def address() -> Iterator[str]:
    """The address of a server that listens for HTTP."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "summarizer", "mcp", "--http", "--port", str(port)])
    try:
        for _ in range(600):
            assert process.poll() is None
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait(20)


def test_http_offers_no_files_of_the_machine(address: str, articles: Path) -> None:
    text = (articles / "news-harbour-bridge.txt").read_text(encoding="utf-8")

    async def ask() -> tuple[set[str], object]:
        async with Client(address) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            return tools, await client.call_tool("summarize_text", {"text": text, "method": "extractive"})

    tools, summary = anyio.run(ask)
    assert tools == TOOLS - {"summarize_file"}
    assert summary.structured_content["long"]  # type: ignore[attr-defined]
