"""Lines: repaired text with its span in the text as sent."""

from summarizer.cleaning.lines import Line, span_of_beginning, span_of_end, split_lines
from summarizer.spans import Span


def test_every_line_has_its_span_in_the_text_as_sent() -> None:
    sent = "  One bell \r\n\r\n\tTwo&nbsp;bells\rThree"
    lines = split_lines(sent)
    assert [line.text for line in lines] == ["One bell", "", "Two bells", "Three"]
    assert [line.span.of(sent) for line in lines] == ["One bell", "", "Two&nbsp;bells", "Three"]


def test_empty_text_has_no_lines() -> None:
    assert split_lines("") == []


def test_span_of_a_part_includes_entities_and_ligatures() -> None:
    sent = "The &ldquo;ﬁrst&rdquo; caf&eacute; opened."
    (line,) = split_lines(sent)
    assert line.text == "The “first” café opened."
    beginning = span_of_beginning(line, sent, "The “first”")
    end = span_of_end(line, sent, "café opened.")
    assert beginning is not None
    assert beginning.of(sent) == "The &ldquo;ﬁrst&rdquo;"
    assert end is not None
    assert end.of(sent) == "caf&eacute; opened."


def test_text_that_the_line_does_not_begin_or_end_with_has_no_span() -> None:
    line = Line("One bell", Span(0, 8))
    assert span_of_beginning(line, "One bell", "bell") is None
    assert span_of_end(line, "One bell", "One") is None
