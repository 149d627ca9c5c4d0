"""Article → a short and a long summary, every sentence linked to its evidence.

`from summarizer import summarize` is the library (docs/library.md); models are loaded when they are first used.
"""

from typing import TYPE_CHECKING, Any

from summarizer.errors import SummarizerError

if TYPE_CHECKING:
    from summarizer.library import stream, summarize, summarize_many
    from summarizer.pipeline import Summarizer
    from summarizer.settings import Settings
    from summarizer.summary import Summary

__all__ = ["Settings", "Summarizer", "SummarizerError", "Summary", "stream", "summarize", "summarize_many"]
_MODULES = {
    "Settings": "settings",
    "Summarizer": "pipeline",
    "Summary": "summary",
    "stream": "library",
    "summarize": "library",
    "summarize_many": "library",
}


def __getattr__(name: str) -> Any:
    """Import a public name at its first use, so that `import summarizer.text` is instant."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
