"""`Document`: what every reader returns."""

from dataclasses import dataclass

from summarizer.spans import Span


@dataclass(frozen=True)
class Document:
    """The text of a file.

    :param title: the headline, where the file names it apart from its text.
    :param boilerplate: spans that repeat on every page, each with what it is.
    :param notes: what a reader should know, such as what was left out.
    :param is_page: whether the text may be a whole web page, copied from a browser. In files other than plain text the
        reader has found the article.
    """

    text: str
    title: str | None = None
    boilerplate: tuple[tuple[Span, str], ...] = ()
    notes: tuple[str, ...] = ()
    is_page: bool = True
