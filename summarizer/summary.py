"""`Summary`: the answer. HTTP, events, batch rows, the cache and the OpenAPI description are derived from it."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SkipValidation
from pydantic.json_schema import SkipJsonSchema

from summarizer.cleaning import Article, Removed
from summarizer.selection.length import Format, Length
from summarizer.settings import Method
from summarizer.spans import Span
from summarizer.text.words import word_count

_MARKDOWN = re.compile(r"[\\`*_\[\]<>#|]")

Origin = Literal["article", "written"]


def _is_none(value: object) -> bool:
    return value is None


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class SummarySentence(_Frozen):
    """A sentence of a summary, with its evidence."""

    text: str = Field(description="The sentence.")
    evidence: tuple[Span, ...] = Field(description="The passages of `article` that support it.")
    origin: Origin = Field(description="`article`: verbatim from the article; `written`: written by a language model.")
    support: float | None = Field(
        1.0,
        ge=0,
        le=1,
        description="How likely the article supports the sentence: 1 for its own sentences, null if the server does "
        "not verify.",
    )


class VerifiedSentence(_Frozen):
    """A sentence that someone wrote about an article, verified."""

    text: str = Field(description="The sentence.")
    support: float = Field(ge=0, le=1, description="How likely the article supports the sentence.")
    supported: bool = Field(description="Whether that is enough to show it in a summary.")
    evidence: tuple[Span, ...] = Field(description="The passages of `article` that come nearest to it.")


class Sentences(_Frozen):
    """The summaries, split into sentences."""

    short: tuple[SummarySentence, ...] | SkipJsonSchema[None] = Field(
        None, exclude_if=_is_none, description="Sentences of the short summary, if requested."
    )
    long: tuple[SummarySentence, ...] | SkipJsonSchema[None] = Field(
        None, exclude_if=_is_none, description="Sentences of the long summary, if requested."
    )


class Stats(_Frozen):
    """Word counts, sentence counts and time."""

    article_words: int = Field(description="Word count of the cleaned article.")
    short_words: int | SkipJsonSchema[None] = Field(
        None, exclude_if=_is_none, description="Word count of the short summary, if requested."
    )
    long_words: int | SkipJsonSchema[None] = Field(
        None, exclude_if=_is_none, description="Word count of the long summary, if requested."
    )
    drafted: int = Field(description="Number of sentences written by the language model.")
    refused: int = Field(
        description="Number of model-written sentences rejected because the article does not support them."
    )
    seconds: float = Field(description="Response time in seconds, including time in the queue.")


class Summary(_Frozen):
    """The summaries, their evidence, the cleaned article and statistics."""

    title: str | None = Field(description="The headline, or null if no headline was found.")
    short: str | SkipJsonSchema[None] = Field(
        None, exclude_if=_is_none, description="One or two sentences, if requested."
    )
    long: str | SkipJsonSchema[None] = Field(
        None,
        exclude_if=_is_none,
        description="A paragraph of usually three to six sentences; key points, one a line after a dash; a headline.",
    )
    sentences: Sentences = Field(description="The summaries, split into sentences.")
    language: str | None = Field(
        description="The article's language as an IETF tag such as `en`; null if it is uncertain."
    )
    article: str = Field(
        description="The cleaned text without its title. Evidence spans are character offsets into this text."
    )
    removed: tuple[Removed, ...] = Field(description="The removed text.")
    # A text that a client sent may contain lone surrogates, which pydantic does not accept as a string.
    sent: Annotated[str, SkipValidation] = Field(
        "",
        description="The text extracted from the file or link. Spans in `removed` are offsets into it. Omitted if the "
        "request contained the text itself.",
    )
    left_out: tuple[Span, ...] = Field(
        (), description="The article's main sentences that the summaries do not cover, at most three."
    )
    format: Format = Field("paragraph", description="The form of `long`.")
    method: Method = Field(description="The method used.")
    model: str = Field(description="The model used; `none` for an article returned unchanged.")
    notes: tuple[str, ...] = Field(description="Warnings for the reader.")
    stats: Stats = Field(description="Word counts, sentence counts and time.")

    @classmethod
    def of(
        cls,
        article: Article,
        sentences: Mapping[Length, Sequence[SummarySentence]],
        *,
        left_out: Sequence[Span],
        format: Format,  # noqa: A002 - the name of the field
        method: Method,
        model: str,
        notes: Sequence[str],
        stats: Mapping[str, float],
    ) -> Self:
        """Put a summary together.

        :param sentences: by length; a length that was not requested is missing.
        :param stats: the fields of `Stats` that are not word counts.
        """
        words = {f"{length}_words": sum(word_count(one.text) for one in chosen) for length, chosen in sentences.items()}
        return cls(
            **article_fields(article),
            **texts_of(sentences, format),
            sentences=Sentences(**{length: tuple(chosen) for length, chosen in sentences.items()}),
            left_out=tuple(left_out),
            format=format,
            method=method,
            model=model,
            notes=tuple(notes),
            stats=Stats(article_words=word_count(article.text), **words, **stats),
        )

    def with_seconds(self, seconds: float) -> Self:
        """The same summary with another time to the answer."""
        return self.model_copy(update={"stats": self.stats.model_copy(update={"seconds": round(seconds, 2)})})

    def to_markdown(self, *, level: int = 1, sources: bool = True) -> str:
        """The summary as Markdown: its title, the short summary in bold, and of the long one what it adds.

        :param level: of the title's heading, 1 to 5.
        :param sources: whether the passages follow that each sentence rests on.
        """
        short, long = self.sentences.short or (), self.sentences.long or ()
        repeated = set() if self.format == "headline" else {one.text for one in short}
        added = [one for one in long if one.text not in repeated]
        texts = texts_of({"short": short, "long": added}, self.format, _escape_markdown)
        parts = [f"{'#' * level} {_escape_markdown(self.title)}"] if self.title else []
        parts += [f"**{texts['short']}**"] if short else []
        before = "Suggested headline: " if self.format == "headline" else ""
        parts += [before + texts["long"]] if added else []
        if sources:
            parts.append(f"{'#' * (level + 1)} Source passages")
        for sentence in (*short, *added) if sources else ():
            quoted = (f"  > {_escape_markdown(span.of(self.article))}" for span in sentence.evidence)
            parts.append(f"- {_escape_markdown(sentence.text)}\n\n" + "\n  >\n".join(quoted))
        return "\n\n".join(parts) + "\n"

    def by_length(self) -> dict[Length, tuple[SummarySentence, ...]]:
        """The sentences of each requested length."""
        lengths: dict[Length, tuple[SummarySentence, ...] | None] = {
            "short": self.sentences.short,
            "long": self.sentences.long,
        }
        return {length: chosen for length, chosen in lengths.items() if chosen is not None}


def texts_of(
    sentences: Mapping[Length, Sequence[SummarySentence]], form: Format, escape: Callable[[str], str] = str
) -> dict[str, str]:
    """The text of each length.

    :param form: of the long summary.
    :param escape: returns a sentence as the text is to have it.
    """
    texts = {length: [escape(one.text) for one in chosen] for length, chosen in sentences.items()}
    return {
        length: "\n".join(f"- {text}" for text in given) if (length, form) == ("long", "bullets") else " ".join(given)
        for length, given in texts.items()
    }


def _escape_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))


def article_fields(article: Article) -> dict[str, object]:
    """The fields of `Summary` that are known once the article is cleaned."""
    return {
        "title": article.title,
        "language": article.language,
        "article": article.text,
        "removed": article.removed,
        "sent": article.sent,
    }
