"""The new rows of a batch → a Markdown digest, to be read by people."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from summarizer.batch.outputs import Output
from summarizer.batch.rows import Row
from summarizer.text.links import is_link

SUFFIX = ".md"


class DigestOutput:
    """An output that also writes a digest of the rows that this run adds; it replaces that of an earlier run."""

    def __init__(self, output: Output, path: Path) -> None:
        self.name, self.resumes, self.was_cut = output.name, output.resumes, output.was_cut
        self.done, self.failed = output.done, output.failed
        self._output = output
        self._path = path
        self._parts: list[str] = []

    def append(self, row: Row) -> None:
        """Add one row after the others."""
        self._output.append(row)
        if row.summary is not None:
            link = row.columns.get("link") or row.columns.get("url")
            source = f"<{link}>" if isinstance(link, str) and is_link(link) else f"`{row.id}`"
            heading = "" if row.summary.title else "## Untitled\n\n"
            self._parts.append(f"{heading}{row.summary.to_markdown(level=2, sources=False)}\n{source}\n")

    def __enter__(self) -> Self:
        self._output.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._parts:  # nothing new leaves the digest of the last run
                partial = self._path.with_name(f".{self._path.name}.{os.getpid()}")
                partial.write_text("\n".join(["# Digest\n", *self._parts]), encoding="utf-8")
                partial.replace(self._path)
        finally:
            self._output.__exit__(kind, error, trace)
