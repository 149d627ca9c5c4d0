"""What a summary is: plain frozen dataclasses, and the one form in which all ways in hand it out.

Knows nothing of models, Flask or files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from summarizer.article import Article
from summarizer.lengths import LENGTHS, Length
from summarizer.sentences import Span
from summarizer.settings import Method
from summarizer.text import word_count

Origin = Literal["article", "shortened", "rewritten"]


@dataclass(frozen=True)
class SummarySentence:
    """A sentence that a reader sees, and the places in `Article.text` that support it."""

    text: str
    evidence: tuple[Span, ...]
    origin: Origin


@dataclass(frozen=True)
class Summary:
    """Both lengths of a summary with what explains them; a length that was not asked for is None.

    :param drafted: sentences that a model wrote for it; `refused` of them did not pass the check as they were.
    """

    article: Article
    short: tuple[SummarySentence, ...] | None
    long: tuple[SummarySentence, ...] | None
    method: Method
    model: str
    notes: tuple[str, ...]
    seconds: float
    drafted: int = 0
    refused: int = 0

    def as_dict(self, *, with_sent: bool = False) -> dict[str, Any]:
        """The summary as the HTTP contract has it, ready for JSON; lengths not asked for are left out.

        :param with_sent: whether to add the text that the spans of what was stripped count, for those who sent a file.
        """
        lengths: dict[Length, tuple[SummarySentence, ...]] = {
            length: sentences for length in LENGTHS if (sentences := getattr(self, length)) is not None
        }
        article = article_dict(self.article, with_sent=with_sent)
        return {
            "title": article.pop("title"),
            **lengths_dict(lengths),
            **article,
            "method": self.method,
            "model": self.model,
            "notes": list(self.notes),
            "stats": {
                "article_words": word_count(self.article.text),
                **{f"{length}_words": word_count(joined(sentences)) for length, sentences in lengths.items()},
                "seconds": round(self.seconds, 2),
            },
        }


def article_dict(article: Article, *, with_sent: bool) -> dict[str, Any]:
    """An article, and what was stripped of it, as the HTTP contract has them."""
    return {
        "title": article.title,
        "language": article.language,
        "article": article.text,
        "stripped": [
            {
                "text": line.text,
                "count": line.count,
                "reason": line.reason,
                "spans": [_span_dict(span) for span in line.spans],
            }
            for line in article.stripped
        ],
        **({"sent": article.sent} if with_sent else {}),
    }


def lengths_dict(summaries: Mapping[Length, Sequence[SummarySentence]]) -> dict[str, Any]:
    """The summaries of an article as the HTTP contract has them: text first, then what explains it."""
    return {
        **{length: joined(sentences) for length, sentences in summaries.items()},
        "sentences": {
            length: [_sentence_dict(sentence) for sentence in sentences] for length, sentences in summaries.items()
        },
    }


def joined(sentences: Sequence[SummarySentence]) -> str:
    """The sentences as one paragraph."""
    return " ".join(sentence.text for sentence in sentences)


def _sentence_dict(sentence: SummarySentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "evidence": [_span_dict(span) for span in sentence.evidence],
        "origin": sentence.origin,
    }


def _span_dict(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}
