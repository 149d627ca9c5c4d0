"""The tools that agents call: `summarize_text`, `summarize_file` and `verify_sentence`."""

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import anyio
from mcp.server import MCPServer
from mcp.server.mcpserver.context import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import BaseModel, Field

from summarizer import Summarizer, Summary
from summarizer.cleaning import Article
from summarizer.errors import ArticleTooLong, SummarizerError, UnreadableFile
from summarizer.job import Listener, Stage
from summarizer.readers import Document, detect_kind, read
from summarizer.selection.length import MAX_WANTED_WORDS, MIN_WANTED_WORDS, Format
from summarizer.settings import METHODS, Method
from summarizer.summary import VerifiedSentence

_INSTRUCTIONS = (
    "Summarizes articles and other long texts. Every sentence of a summary comes with the sentences of the text that "
    "it rests on. Headlines, menus and other remains of a web page are removed first."
)
# Between two reports of the progress.
_REPORT_SECONDS = 0.5
_Result = TypeVar("_Result")
_Text = Annotated[str, Field(description="The whole text. The headline may be part of it.")]
_Title = Annotated[str | None, Field(description="The headline, if it is not part of the text.")]
_Method = Annotated[
    Method | None,
    Field(description=" ".join(f"`{name}`: {method.description}" for name, method in METHODS.items())),
]


_Words = Annotated[
    int | None,
    Field(
        ge=MIN_WANTED_WORDS,
        le=MAX_WANTED_WORDS,
        description="Words of the long summary, give or take a fifth. By default about 85.",
    ),
]
_Focus = Annotated[
    str | None,
    Field(description="What the summary should be about, in words or as a question. By default what is news."),
]
_Format = Annotated[
    Format, Field(description="Form of the long summary. Each bullet can be read alone; a headline is one line.")
]


class SentenceWithEvidence(BaseModel):
    """A sentence of a summary."""

    text: str
    evidence: list[str] = Field(description="The sentences of the text that it rests on.")
    support: float | None = Field(description="The probability that the text supports it, 0 to 1.")


class SummaryWithEvidence(BaseModel):
    """A short and a long summary, and what they rest on."""

    title: str | None
    short: str = Field(description="One or two sentences.")
    long: str = Field(description="A paragraph, or key points, one a line after a dash.")
    sentences: list[SentenceWithEvidence] = Field(description="The sentences of the long summary.")
    left_out: list[str] = Field(description="The text's main sentences that the summary does not cover.")
    notes: list[str] = Field(description="Warnings for the reader.")


class Verification(BaseModel):
    """Whether a text supports a sentence about it."""

    supported: bool
    support: float = Field(description="The probability that the text supports it, 0 to 1.")
    evidence: list[str] = Field(description="The sentences of the text that come nearest to it.")


def server_of(summarizer: Summarizer, *, reads_files: bool) -> MCPServer:
    """The server with its tools.

    :param reads_files: whether `summarize_file` is one of them.
    """
    server = MCPServer("summarizer", instructions=_INSTRUCTIONS, log_level="WARNING")
    tools = _Tools(summarizer)
    server.add_tool(tools.summarize_text)
    if reads_files:
        server.add_tool(tools.summarize_file)
    server.add_tool(tools.verify_sentence)
    return server


class _Tools:
    """The tools; their docstrings and parameters are what agents read."""

    def __init__(self, summarizer: Summarizer) -> None:
        self._summarizer = summarizer
        self._settings = summarizer.settings
        self._turns = anyio.Semaphore(self._settings.concurrency)

    async def summarize_text(
        self,
        text: _Text,
        context: Context,
        *,
        title: _Title = None,
        method: _Method = None,
        words: _Words = None,
        focus: _Focus = None,
        format: _Format = "paragraph",  # noqa: A002 - as in the API
    ) -> SummaryWithEvidence:
        """Summarize a text: a short and a long summary, each sentence with its evidence."""
        return await self._summarize(text, context, title=title, method=method, words=words, focus=focus, format=format)

    async def summarize_file(
        self,
        path: str,
        context: Context,
        *,
        method: _Method = None,
        words: _Words = None,
        focus: _Focus = None,
        format: _Format = "paragraph",  # noqa: A002 - as in the API
    ) -> SummaryWithEvidence:
        """Summarize a file of this machine: text, HTML, PDF, DOCX, ODT, RTF, EPUB, Markdown, e-mail, subtitles."""
        document = await _in_thread(lambda _: _read(path, self._settings.max_body), context)
        return await self._summarize(document, context, method=method, words=words, focus=focus, format=format)

    async def verify_sentence(self, text: _Text, sentence: str, context: Context) -> Verification:
        """Say whether a text supports a sentence about it, and which of its sentences come nearest."""

        def work(follower: _Follower) -> tuple[Article, list[VerifiedSentence]]:
            _check_length(text, self._settings.max_text)
            return self._summarizer.verify(text, [sentence], progress=partial(follower.on_step, "verifying"))

        async with self._turns:
            article, (verified,) = await _in_thread(work, context)
        evidence = [span.of(article.text) for span in verified.evidence]
        return Verification(supported=verified.supported, support=verified.support, evidence=evidence)

    async def _summarize(self, document: Document | str, context: Context, **options: Any) -> SummaryWithEvidence:
        def work(follower: _Follower) -> Summary:
            _check_length(document, self._settings.max_text)
            return self._summarizer.summarize(document, listener=follower, seconds=self._settings.deadline, **options)

        async with self._turns:
            return _with_evidence(await _in_thread(work, context))


class _NotWanted(Exception):
    """The agent does not wait for the answer any more."""


class _Follower(Listener):
    """Reports the progress to the agent, and ends the work when it is not wanted any more."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._reported = time.monotonic()
        self.is_over = threading.Event()

    def on_step(self, stage: Stage, done: int, total: int) -> None:
        if self.is_over.is_set():
            raise _NotWanted
        if time.monotonic() - self._reported >= _REPORT_SECONDS:
            self._reported = time.monotonic()
            anyio.from_thread.run(self._context.report_progress, done, total, stage)


async def _in_thread(work: Callable[[_Follower], _Result], context: Context) -> _Result:
    """The result of work on another thread; an error that a user can fix is the tool's answer."""
    follower = _Follower(context)
    try:
        return await anyio.to_thread.run_sync(work, follower, abandon_on_cancel=True)
    except SummarizerError as error:
        raise ToolError(str(error)) from error
    finally:
        follower.is_over.set()


def _check_length(document: Document | str, most_characters: int) -> None:
    if len(document if isinstance(document, str) else document.text) > most_characters:
        raise ArticleTooLong(f"The text has more than {most_characters:,} characters. Send only part of it.")


def _read(path: str, most_bytes: int) -> Document:
    try:
        file = Path(path).expanduser()
        if not file.is_file():
            raise UnreadableFile(f"{path} is no file of this machine. Give the path of one.")
        if file.stat().st_size > most_bytes:
            raise UnreadableFile(f"{path} has more than {most_bytes:,} bytes. Give a smaller file.")
        raw = file.read_bytes()
    except (OSError, RuntimeError, ValueError) as error:  # a home that does not exist, a path with a zero byte
        raise UnreadableFile(f"{path!r} cannot be read. Give the path of a file of this machine.") from error
    return read(raw, detect_kind(raw, name=file.name))


def _with_evidence(summary: Summary) -> SummaryWithEvidence:
    sentences = [
        SentenceWithEvidence(
            text=sentence.text,
            evidence=[span.of(summary.article) for span in sentence.evidence],
            support=sentence.support,
        )
        for sentence in summary.sentences.long or ()
    ]
    return SummaryWithEvidence(
        title=summary.title,
        short=summary.short or "",
        long=summary.long or "",
        sentences=sentences,
        left_out=[span.of(summary.article) for span in summary.left_out],
        notes=list(summary.notes),
    )
