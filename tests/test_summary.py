"""What a summary can be turned into."""

from pathlib import Path

from summarizer import Summarizer


def test_markdown_has_both_lengths_without_repetition_and_the_passages(summarizer: Summarizer, articles: Path) -> None:
    summary = summarizer.summarize((articles / "news-harbour-bridge.txt").read_text(encoding="utf-8"))
    markdown = summary.to_markdown()
    body, sources = markdown.split("## Source passages")
    assert body.startswith(f"# {summary.title}\n\n**{summary.short}**\n\n")
    for sentence in summary.sentences.long:
        assert body.count(sentence.text) == 1
        assert f"- {sentence.text}\n\n  > {sentence.text}" in sources


def test_markdown_of_key_points_is_a_list(summarizer: Summarizer, articles: Path) -> None:
    text = (articles / "news-harbour-bridge.txt").read_text(encoding="utf-8")
    markdown = summarizer.summarize(text, format="bullets").to_markdown(level=2, sources=False)
    assert markdown.startswith("## ")
    assert markdown.count("\n- ") >= 2
    assert "Source passages" not in markdown


def test_markdown_names_a_headline(summarizer: Summarizer, articles: Path) -> None:
    text = (articles / "news-harbour-bridge.txt").read_text(encoding="utf-8")
    summary = summarizer.summarize(text, format="headline")
    assert f"\n\nSuggested headline: {summary.long}\n" in summary.to_markdown(sources=False)


def test_marks_in_an_article_are_no_markup(summarizer: Summarizer) -> None:
    text = "The *old* bridge_at <Pell> [closed](x) on Monday after `engineers` found a crack. " * 2
    assert "\\*old\\* bridge\\_at \\<Pell\\> \\[closed\\](x)" in summarizer.summarize(text).to_markdown()
