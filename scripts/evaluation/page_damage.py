"""Kinds of synthetic pages with damaged text: wrapped lines, wrong encodings and invisible characters.

Cleaning should repair all of it.
"""

import html
import re
import textwrap
from collections.abc import Callable
from dataclasses import replace

from scripts.evaluation.page_parts import Draw, Kind, Piece

Damage = Callable[[Draw, str], str]
_Replacements = dict[str, str | int | None]
_ENTITIES: _Replacements = {
    "’": "&rsquo;",
    "‘": "&lsquo;",
    "“": "&ldquo;",
    "”": "&rdquo;",
    "–": "&ndash;",
    "£": "&pound;",
}
# UTF-8 decoded as Windows-1252, which has no character for the last byte of "”".
_MISREAD: _Replacements = {"”": "â€\x9d", **{char: char.encode().decode("cp1252") for char in "’‘“–—é£ü°"}}
_SOFT_HYPHEN, _NO_BREAK_SPACE, _ZERO_WIDTH_SPACE = "\u00ad", "\u00a0", "\u200b"
# Characters per line of `_hyphenate`. A longer word that crosses the first column is divided; the second ends a line.
_HYPHENATION_COLUMN, _LAST_COLUMN = 68, 74
_MIN_HYPHENATED_CHARACTERS = 100


def _damage_pieces(damage: Damage) -> Kind:
    """A page with a repeated headline, each piece of it damaged."""

    def make(draw: Draw) -> list[Piece]:
        headline = draw.headline()
        page = draw.page(headline, [Piece(headline, "boilerplate")])
        return [replace(piece, text=damage(draw, piece.text), cleaned=piece.text) for piece in page]

    return make


def _end_lines_with(end: str) -> Kind:
    """A page with a repeated headline and other line endings."""

    def make(draw: Draw) -> list[Piece]:
        headline = draw.headline()
        return [replace(piece, after=end * 2) for piece in draw.page(headline, [Piece(headline, "boilerplate")])]

    return make


def _wrap(draw: Draw, text: str) -> str:
    return textwrap.fill(text, draw.choice([66, 72, 78]), break_on_hyphens=False)


def _hyphenate(draw: Draw, text: str) -> str:
    """Wrap a paragraph and divide long words, as LaTeX and newspapers do."""
    if len(text) < _MIN_HYPHENATED_CHARACTERS:
        return text
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) > _HYPHENATION_COLUMN and re.fullmatch(r"[a-z]{8,}[.,;]?", word):
            lines.append(f"{line}{word[:4]}{draw.choice(['-', _SOFT_HYPHEN])}")
            line = word[4:] + " "
        elif len(line) + len(word) > _LAST_COLUMN:
            lines.append(line.rstrip())
            line = word + " "
        else:
            line += word + " "
    return "\n".join([*lines, line.rstrip()])


def _misread_encoding(_: Draw, text: str) -> str:
    return text.translate(str.maketrans(_MISREAD))


def _escape_entities(draw: Draw, text: str) -> str:
    return html.escape(text, quote=draw.coin()).translate(str.maketrans(_ENTITIES))


def _sprinkle(inserted: str, where: str) -> Damage:
    """Insert a text at a third of the matches of a pattern."""

    def damage(draw: Draw, text: str) -> str:
        return re.sub(where, lambda match: inserted if draw.integer(0, 2) == 0 else match[0], text)

    return damage


DAMAGED_KINDS: dict[str, Kind] = {
    "broken: hard-wrapped": _damage_pieces(_wrap),
    "broken: hyphenated": _damage_pieces(_hyphenate),
    "broken: wrong encoding": _damage_pieces(_misread_encoding),
    "broken: HTML entities": _damage_pieces(_escape_entities),
    "broken: soft hyphens": _damage_pieces(_sprinkle(_SOFT_HYPHEN, r"(?<=[a-z]{4})(?=[a-z]{4})")),
    "broken: non-breaking spaces": _damage_pieces(_sprinkle(_NO_BREAK_SPACE, " ")),
    "broken: zero-width spaces": _damage_pieces(_sprinkle(f" {_ZERO_WIDTH_SPACE}", " ")),
    "broken: Windows line endings": _end_lines_with("\r\n"),
    "broken: classic Mac line endings": _end_lines_with("\r"),
}
