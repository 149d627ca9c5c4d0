"""Article → a short and a long summary, every sentence linked to its evidence.

`from summarizer import Summarizer` is the library; models are loaded when they are first used.
"""

from typing import TYPE_CHECKING, Any

from summarizer.errors import SummarizerError

if TYPE_CHECKING:
    from summarizer.pipeline import Summarizer
    from summarizer.settings import Settings
    from summarizer.summary import Summary

__all__ = ["Settings", "Summarizer", "SummarizerError", "Summary"]
_MODULES = {"Settings": "settings", "Summarizer": "pipeline", "Summary": "summary"}


def __getattr__(name: str) -> Any:
    """Import a public name at its first use, so that `import summarizer.text` is instant."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
