"""`Span`: a range of characters in a text."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Span:
    """A half-open range of characters: `text[start:end]`."""

    # pydantic takes the descriptions of the API from these docstrings.
    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - part of pydantic's protocol

    start: int
    """Index of the first character."""
    end: int
    """Index just past the last character."""

    def of(self, text: str) -> str:
        """The part of `text` that the span covers."""
        return text[self.start : self.end]


def trim(text: str, span: Span) -> Span:
    """The span without the white space at its ends."""
    stripped = span.of(text).strip()
    start = span.start + span.of(text).find(stripped)
    return Span(start, start + len(stripped))
