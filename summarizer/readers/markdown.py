"""Markdown → its text without markup (CommonMark with tables, by markdown-it)."""

import re
import tomllib
from collections.abc import Iterator, Sequence

import lxml.html
import yaml
from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token

from summarizer.readers.document import Document
from summarizer.readers.plain import decode_any

_FRONT_MATTER = re.compile(
    r"\A(?:---[ \t]*\n(?P<yaml>.*?)\n(?:---|\.\.\.)|\+\+\+[ \t]*\n(?P<toml>.*?)\n\+\+\+)[ \t]*\n", re.DOTALL
)
_KEY = re.compile(r"\s*(?:#.*\n\s*)*[\w\"'-]+\s*[:=]")


def read(raw: bytes, charset: str | None) -> Document:
    """The paragraphs, headings and list items of a Markdown file; its title from its front matter."""
    text, notes = decode_any(raw, charset)
    text = text.replace("\r\n", "\n")
    front = _FRONT_MATTER.match(text)
    if front and not _KEY.match(front["yaml"] or front["toml"] or ""):  # a line between two rules
        front = None
    tokens = MarkdownIt("commonmark").enable("table").parse(text[front.end() :] if front else text)
    title = _title(front) if front else None
    return Document("\n\n".join(filter(None, _blocks(tokens))), title, notes=notes)


def _title(front: re.Match[str]) -> str | None:
    """The title that the front matter names; None where it names none or is damaged."""
    try:
        # BaseLoader makes strings of all scalars: a title may be a number or a time.
        fields = yaml.load(front["yaml"], yaml.BaseLoader) if front["toml"] is None else tomllib.loads(front["toml"])
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError):
        return None
    title = fields.get("title") if isinstance(fields, dict) else None
    return (" ".join(title.split()) or None) if isinstance(title, str) else None


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
            yield " ".join(_text_of_html(token.content).split())
        # The paragraph that a list item opens is the item's text.
        opened = opened if token.type == "paragraph_open" and opened == "list_item_open" else token.type


def _text_of_html(content: str) -> str:
    tree = lxml.html.fragment_fromstring(content, create_parent=True)
    etree.strip_elements(tree, "script", "style", etree.Comment, with_tail=False)
    return " ".join(tree.itertext())


def _text(inline: Token) -> str:
    """The visible text of a line: a link's text, and nothing of an image."""
    seen = []
    for token in inline.children or ():
        if token.type in ("text", "code_inline"):
            seen.append(token.content)
        elif token.type in ("softbreak", "hardbreak") or token.content.startswith(("<br", "<BR")):
            seen.append(" ")
    return "".join(seen)
