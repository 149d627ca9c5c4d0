"""Summaries of articles, each sentence with its place in the article.

`from summarizer import Summarizer` is the library; models are loaded only when they are used.
"""

from typing import TYPE_CHECKING, Any

from summarizer.errors import SummarizerError

if TYPE_CHECKING:
    from summarizer.pipeline import Summarizer
    from summarizer.settings import Settings
    from summarizer.summary import Summary

__all__ = ["Settings", "Summarizer", "SummarizerError", "Summary"]
_HOMES = {"Settings": "settings", "Summarizer": "pipeline", "Summary": "summary"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import summarizer.article` stays instant."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
