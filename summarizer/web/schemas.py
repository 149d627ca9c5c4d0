"""The models of what a request contains and of the events of a stream; `Summary` is the model of the answer.

JSON bodies, forms and queries are validated by `SummaryRequest` alike, and the OpenAPI description is derived from it.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SkipValidation,
    ValidationError,
    WithJsonSchema,
    create_model,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import ErrorDetails

from summarizer.errors import InvalidOption
from summarizer.job import Stage
from summarizer.selection.length import FORMATS, LENGTHS, MAX_FOCUS, MAX_WANTED_WORDS, MIN_WANTED_WORDS, Format, Length
from summarizer.settings import METHODS, Method
from summarizer.summary import Summary, SummarySentence, VerifiedSentence

# Characters of a wrong name or value that an error quotes.
_MAX_QUOTE = 40
# Sentences to verify, and characters of one. A hundred take a few seconds.
MAX_CLAIMS, MAX_CLAIM = 100, 1_000
# Characters. Headlines of newspapers have up to 150.
_MAX_TITLE = 500
_VALUES = {
    "method": " or ".join(METHODS),
    "clean": "true or false",
    "format": " or ".join(FORMATS),
    "words": f"a number from {MIN_WANTED_WORDS} to {MAX_WANTED_WORDS}",
}
_LENGTHS_HINT = "Use short or long; leave 'lengths' out for both."


def _split_lengths(value: object) -> tuple[object, ...]:
    """The lengths in a string, with commas, or in a list of such strings, in the order of the answer."""
    items = value if isinstance(value, list | tuple) else [value]
    parts = [part.strip() if isinstance(part, str) else part for item in items for part in _split(item)]
    named = [part for part in parts if part != ""]
    for part in named:
        if part not in LENGTHS:
            raise ValueError(f"{quote(part)} is not a valid length. {_LENGTHS_HINT}")
    if not named:
        raise ValueError(f"'lengths' is empty. {_LENGTHS_HINT}")
    return tuple(length for length in LENGTHS if length in named)


def _split(item: object) -> list[Any]:
    return item.split(",") if isinstance(item, str) else [item]


def _as_string(value: object) -> object:
    # pydantic's own string type rejects lone surrogates, which cleaning removes.
    if not isinstance(value, str):
        raise ValueError("must be a string")
    return value


def _as_text(value: object) -> object:
    return None if value is None else _as_string(value)


def _as_line(most: int) -> Callable[[object], object]:
    def checked(value: object) -> object:
        line = _as_text(value)
        if isinstance(line, str) and len(line) > most:
            raise ValueError(f"must have at most {most} characters")
        return line

    return checked


_Model = TypeVar("_Model", bound=BaseModel)
_Text = Annotated[str, SkipValidation]
_ONE_LENGTH = {"enum": list(LENGTHS)}
_LENGTHS_SCHEMA = {"anyOf": [_ONE_LENGTH, {"type": "array", "items": _ONE_LENGTH, "minItems": 1}]}
_METHODS = " ".join(f"`{name}`: {method.description}" for name, method in METHODS.items())


class Options(BaseModel):
    """The options of a summary, as JSON fields, form fields or query parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Method | SkipJsonSchema[None] = Field(
        None, description=f"{_METHODS} Default: the server's `SUMMARIZER_METHOD` setting."
    )
    lengths: Annotated[tuple[Length, ...], BeforeValidator(_split_lengths), WithJsonSchema(_LENGTHS_SCHEMA)] = Field(
        LENGTHS,
        description="`short` (one or two sentences), `long` (usually three to six), or a list of these. Default: both.",
    )
    words: Annotated[int, Field(ge=MIN_WANTED_WORDS, le=MAX_WANTED_WORDS)] | SkipJsonSchema[None] = Field(
        None,
        description=f"Words of the long summary, {MIN_WANTED_WORDS} to {MAX_WANTED_WORDS}, give or take a fifth. It "
        "never has more than half of the article's. Default: about 85.",
    )
    focus: Annotated[_Text | SkipJsonSchema[None], BeforeValidator(_as_line(MAX_FOCUS))] = Field(
        None,
        json_schema_extra={"maxLength": MAX_FOCUS},
        description="What the summary should be about, in words or as a question. Default: what is news.",
    )
    format: Format = Field(
        "paragraph",
        description="Form of the long summary: `paragraph`, `bullets` for key points that can each be read alone, or "
        "`headline` for a one-line headline (`words` is then ignored). Default: `paragraph`.",
    )
    title: Annotated[_Text | SkipJsonSchema[None], BeforeValidator(_as_line(_MAX_TITLE))] = Field(
        None,
        json_schema_extra={"maxLength": _MAX_TITLE},
        description="The headline, if you know it. It makes the removal of repeated headlines more reliable.",
    )
    clean: bool = Field(
        True,
        description="Whether to remove repeated headlines and page clutter such as ads, buttons and bylines. "
        "Default: `true`.",
    )


class SummaryRequest(Options):
    """An article, by its text or its link, with options."""

    text: Annotated[_Text | SkipJsonSchema[None], BeforeValidator(_as_text)] = Field(
        None, description="The article's text."
    )
    url: Annotated[_Text | SkipJsonSchema[None], BeforeValidator(_as_text)] = Field(
        None, description="A link to the article, if the server fetches links."
    )


class SummaryForm(SummaryRequest):
    """One of text, link and file, with options."""

    file: str | SkipJsonSchema[None] = Field(
        None,
        description="A file: text, HTML, PDF, DOCX, ODT, RTF, EPUB, Markdown, EML, MHTML, mbox, SRT or VTT. Only in "
        "multipart/form-data.",
        json_schema_extra={"contentMediaType": "application/octet-stream"},
    )


class VerifyRequest(BaseModel):
    """Sentences to verify, and the article that they are about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Annotated[_Text, BeforeValidator(_as_string)] = Field(description="The article's text.")
    sentences: Annotated[
        tuple[Annotated[_Text, BeforeValidator(_as_string)], ...], Field(min_length=1, max_length=MAX_CLAIMS)
    ] = Field(description=f"The sentences, at most {MAX_CLAIMS}, each of at most {MAX_CLAIM:,} characters.")


class VerifyAnswer(BaseModel):
    """The sentences with their support, and the cleaned article."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str | None = Field(description="The headline, or null if no headline was found.")
    article: str = Field(
        description="The cleaned text without its title. Evidence spans are character offsets into this text."
    )
    sentences: tuple[VerifiedSentence, ...] = Field(description="The sentences, in the order of the request.")


def validate(model: type[_Model], values: Mapping[str, object], kind: str) -> _Model:
    """The values as a model.

    :param kind: what a value is to the client: "field" or "option".
    :raises InvalidOption: saying what can be sent instead.
    """
    unknown = next((name for name in values if name not in model.model_fields), None)
    if unknown is not None:
        known = sorted(model.model_fields, key=lambda name: name in Options.model_fields)
        raise InvalidOption(f"There is no {kind} named {quote(unknown)}. The {kind}s are {', '.join(known)}.")
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidOption(_explain(error.errors()[0], kind)) from None


def _explain(error: ErrorDetails, kind: str) -> str:
    name = str(error["loc"][0])
    if name in _VALUES:
        return f"{quote(error['input'])} is not a value of '{name}'. Use {_VALUES[name]}."
    if name == "lengths":
        return str(error["ctx"]["error"])
    if name in ("title", "focus") and error["type"] == "value_error":
        return f"The '{name}' {kind} {error['ctx']['error']}."
    if name == "sentences":
        return f"The 'sentences' field must be a list of 1 to {MAX_CLAIMS} strings."
    if error["type"] == "missing":
        return f"The '{name}' {kind} is missing."
    return f"The '{name}' {kind} must be a string."


def quote(value: object) -> str:
    """A value that a client sent, short enough for an error and with unprintable characters escaped."""
    text = value if isinstance(value, str) else str(value)
    return repr(text if len(text) <= _MAX_QUOTE else text[: _MAX_QUOTE - 1] + "…")


# ---- the events of a stream

ArticleEvent = create_model(
    "ArticleEvent",
    __doc__="The cleaned article.",
    __config__=ConfigDict(extra="forbid"),
    **{  # type: ignore[call-overload]
        name: (Summary.model_fields[name].annotation, Summary.model_fields[name])
        for name in ("title", "language", "article", "removed", "sent")
    },
)
PreviewEvent = create_model(
    "PreviewEvent",
    __doc__="The extractive summary, shown while the language model writes.",
    __config__=ConfigDict(extra="forbid"),
    **{  # type: ignore[call-overload]
        name: (Summary.model_fields[name].annotation, Summary.model_fields[name])
        for name in ("short", "long", "sentences")
    },
)


class ProgressEvent(BaseModel):
    """Progress of the current stage."""

    model_config = ConfigDict(extra="forbid")

    stage: Stage
    done: int = Field(description="Steps done.")
    total: int = Field(description="Steps in all.")


class SentenceEvent(SummarySentence):
    """A verified sentence of the summary."""

    length: Length
    index: int = Field(ge=0, description="Its position in the summary.")


class Problem(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    detail: str = Field(description="What is wrong, and what to do about it.")


class Status(BaseModel):
    """The state of the service."""

    model_config = ConfigDict(extra="forbid")

    status: str


EVENTS: dict[str, type[BaseModel]] = {
    "article": ArticleEvent,
    "preview": PreviewEvent,
    "progress": ProgressEvent,
    "sentence": SentenceEvent,
    "done": Summary,
    "error": Problem,
}
