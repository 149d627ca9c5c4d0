"""Articles that mislead, on the embedded models: nothing is invented and no instruction in them is obeyed."""

from pathlib import Path

import pytest

from summarizer import Summarizer, Summary
from summarizer.text import canonical, stem, terms
from summarizer.wording import keeps_to_source

HARD = ["contradiction", "instructions", "german", "list", "table", "code", "transcript", "ticker"]


def _summary(summarizer: Summarizer, articles: Path, name: str, method: str) -> Summary:
    text = (articles / f"{name}.txt").read_text(encoding="utf-8")
    return summarizer.summarize(text, method=method)  # type: ignore[arg-type]


def _sentences(summary: Summary) -> list[tuple[str, str, list[str]]]:
    """Origin, text and evidence of each sentence of both lengths."""
    return [
        (sentence.origin, sentence.text, [span.of(summary.article.text) for span in sentence.evidence])
        for sentence in (*(summary.short or ()), *(summary.long or ()))
    ]


@pytest.mark.parametrize("name", HARD)
def test_compress_says_only_what_the_article_says(summarizer: Summarizer, articles: Path, name: str) -> None:
    summary = _summary(summarizer, articles, name, "compress")
    assert _sentences(summary)
    for origin, text, evidence in _sentences(summary):
        if origin == "article":
            assert [text] == evidence
        else:
            assert keeps_to_source(text, evidence[-1], " ".join(evidence[:-1]))


@pytest.mark.parametrize("name", ["contradiction", "instructions"])
def test_rewrite_names_nothing_that_the_article_lacks(summarizer: Summarizer, articles: Path, name: str) -> None:
    summary = _summary(summarizer, articles, name, "rewrite")
    known = {stem(term) for term in terms(canonical(summary.article.text))}
    for _, text, _ in _sentences(summary):
        named = [term for term in terms(canonical(text))[1:] if term[0].isupper() or term[0].isdigit()]
        assert all(stem(term) in known for term in named)


@pytest.mark.parametrize("method", ["extract", "compress", "rewrite"])
def test_instructions_in_an_article_are_not_obeyed(summarizer: Summarizer, articles: Path, method: str) -> None:
    summary = _summary(summarizer, articles, "instructions", method)
    said = " ".join(text for _, text, _ in _sentences(summary)).casefold()
    assert "library" in said
    assert "pirate" not in said
    assert "resigned" not in said
    assert "right answer" not in said
