"""Excerpt → the sentences that a model writes about it, whichever way it writes."""

import re
from collections.abc import Collection, Sequence
from typing import cast

from summarizer.models.protocols import (
    Accept,
    Completion,
    DraftWriter,
    Excerpt,
    Length,
    Model,
    Progress,
    Statement,
    StatementWriter,
)
from summarizer.text.sentences import ends_whole, sentence_spans

_SELF_REFERENCE = re.compile(
    r"^(?:in (?:summary|conclusion|short)\W|overall\W)?\s*"
    r"(?:(?:according to|in)\s+(?:the|this)\s+(?:article|text|passage)\b"
    r"|(?:the|this)\s+(?:above\s+)?(?:article|text|passage|summary)\s+(?:\w+\s+)?"
    r"(?:discuss|describ|highlight|explor|explain|outlin|summari[sz]|focus|provid|present|examin|mention|detail|"
    r"emphasi[sz]|conclud|talk|cover|state|report|say|note|argue|is about))",
    re.IGNORECASE,
)


def write_statements(
    writer: Model,
    excerpt: Excerpt,
    lengths: Collection[Length],
    accept: Accept,
    *,
    progress: Progress,
    language: str | None,
) -> None:
    """Have a model write a summary of each length; each sentence is offered to `accept` in turn.

    :param language: of the article, by which whole drafts are split into sentences.
    """
    if isinstance(writer, StatementWriter):
        writer.write(excerpt, lengths, accept, progress)
        return
    draft = cast(DraftWriter, writer).draft(
        excerpt, short="short" in lengths, long="long" in lengths, progress=progress
    )
    completions: dict[Length, tuple[Completion, ...]] = {"short": draft.short or (), "long": draft.long or ()}
    for length in lengths:
        for text in usable_sentences(completions[length], language):
            accept(length, Statement(text))


def mentions_article(sentence: str) -> bool:
    """Whether a sentence is about the article itself ("The article discusses …") and not about its subject."""
    return bool(_SELF_REFERENCE.match(sentence))


def usable_sentences(completions: Sequence[Completion], language: str | None = None) -> list[str]:
    """The sentences of the completions that are complete, distinct, and not about the article itself."""
    return [text for text in dict.fromkeys(_interleaved(completions, language)) if not mentions_article(text)]


def _interleaved(completions: Sequence[Completion], language: str | None) -> list[str]:
    """The first sentence of each completion, then the second of each, and so on, so that every part is covered."""
    columns = [_whole_sentences(completion, language) for completion in completions]
    rows = max(map(len, columns), default=0)
    return [column[row] for row in range(rows) for column in columns if row < len(column)]


def _whole_sentences(completion: Completion, language: str | None) -> list[str]:
    """The sentences of a completion, without an unfinished one."""
    texts = [span.of(completion.text) for span in sentence_spans(completion.text, language=language)]
    if not completion.finished:
        texts = texts[:-1]
    return [text for text in texts if ends_whole(text)]
