"""Markdown → its text without markup (CommonMark with tables, by markdown-it)."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from summarizer.readers.document import Document
from summarizer.readers.plain import decode

_FRONT_MATTER = re.compile(r"\A---\s*\n(?P<fields>.*?)\n(?:---|\.\.\.)\s*\n", re.DOTALL)
_TITLE = re.compile(r"^title:\s*(?P<title>.+?)\s*$", re.MULTILINE)
_TAG = re.compile(r"<[^<>]*>")


def read(raw: bytes, charset: str | None) -> Document:
    """The paragraphs, headings and list items of a Markdown file; its title from its front matter."""
    text = decode(raw, charset).replace("\r\n", "\n")
    front = _FRONT_MATTER.match(text)
    title = _TITLE.search(front["fields"]) if front else None
    tokens = MarkdownIt("commonmark").enable("table").parse(text[front.end() :] if front else text)
    named = title["title"].strip("\"'") if title else None
    return Document("\n\n".join(filter(None, _blocks(tokens))), named)


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """One text for each heading, paragraph, list item and table row."""
    cells: list[str] = []
    opened = ""
    for token in tokens:
        if token.type == "inline" and opened in ("td_open", "th_open"):
            cells.append(_text(token))
        elif token.type == "inline":
            yield f"- {_text(token)}" if opened == "list_item_open" else _text(token)
        elif token.type == "tr_close":
            yield "\t".join(cells)
            cells = []
        elif token.type in ("fence", "code_block"):
            yield token.content.strip()
        elif token.type == "html_block":
            yield " ".join(_TAG.sub(" ", token.content).split())
        # The paragraph that a list item opens is the item's text.
        opened = opened if token.type == "paragraph_open" and opened == "list_item_open" else token.type


def _text(inline: Token) -> str:
    """The visible text of a line: a link's text, and nothing of an image."""
    seen = []
    for token in inline.children or ():
        if token.type in ("text", "code_inline"):
            seen.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            seen.append(" ")
    return "".join(seen)
