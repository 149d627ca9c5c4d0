"""Markdown → its text without markup (CommonMark with tables, by markdown-it)."""

import re
import tomllib
from collections.abc import Iterator, Sequence

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from summarizer.readers.document import Document
from summarizer.readers.plain import decode_any

_FRONT_MATTER = re.compile(
    r"\A(?:---[ \t]*\n(?P<yaml>.*?)\n(?:---|\.\.\.)|\+\+\+[ \t]*\n(?P<toml>.*?)\n\+\+\+)[ \t]*\n", re.DOTALL
)
_TAG = re.compile(r"<[^<>]*>")


def read(raw: bytes, charset: str | None) -> Document:
    """The paragraphs, headings and list items of a Markdown file; its title from its front matter."""
    text, notes = decode_any(raw, charset)
    text = text.replace("\r\n", "\n")
    front = _FRONT_MATTER.match(text)
    tokens = MarkdownIt("commonmark").enable("table").parse(text[front.end() :] if front else text)
    title = _title(front) if front else None
    return Document("\n\n".join(filter(None, _blocks(tokens))), title, notes=notes)


def _title(front: re.Match[str]) -> str | None:
    """The title that the front matter names; None where it names none or is damaged."""
    try:
        fields = yaml.safe_load(front["yaml"]) if front["toml"] is None else tomllib.loads(front["toml"])
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError):
        return None
    title = fields.get("title") if isinstance(fields, dict) else None
    return " ".join(str(title).split()) if title else None


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
