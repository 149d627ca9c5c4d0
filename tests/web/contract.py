"""What every answer of the API promises."""

from typing import Any

from summarizer import Summary

# The fields in their order; `sent` is only in answers to files and links.
FIELDS = [name for name in Summary.model_fields if name != "sent"]


def assert_contract(body: dict[str, Any], article: str) -> None:
    """The answer fits its model and has whole sentences, each with evidence within the article."""
    assert list(body) == FIELDS
    summary = Summary.model_validate(body)
    assert summary.title
    assert summary.title in article
    for length, sentences in summary.by_length().items():
        text = getattr(summary, length)
        texts = [sentence.text for sentence in sentences]
        is_list = (length, summary.format) == ("long", "bullets")
        assert text == ("\n".join(f"- {one}" for one in texts) if is_list else " ".join(texts))
        assert getattr(summary.stats, f"{length}_words") == len(" ".join(texts).split())
        for sentence in sentences:
            is_headline = (length, summary.format) == ("long", "headline")
            assert sentence.text.rstrip("\"'”’)").endswith((".", "!", "?")) or is_headline
            assert sentence.evidence
            for span in sentence.evidence:
                assert 0 <= span.start < span.end <= len(summary.article)
    assert 1 <= len(summary.sentences.short or ()) <= 2
    assert summary.stats.article_words == len(summary.article.split())
    assert summary.stats.seconds >= 0
