"""A line as sent → the same line, readable.

Fixes wrong encodings, entities, odd white space and invisible characters (ftfy, Speer 2019).
"""

import re

import ftfy

from summarizer.text.hyphenation import BREAK_HYPHEN

# Quotes, full-width characters and line ends stay as the author wrote them.
_REPAIRS = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_character_width=False, fix_line_breaks=False, explain=False, normalization="NFC"
)
_NEEDS_REPAIR = re.compile(r"[^\x00-\x7f]|&[#\w]+;|\x1b")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u00ad"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# Lone surrogates cannot be encoded as UTF-8, so no answer could contain them.
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SOFT_HYPHEN_LAST = re.compile("(?<=[^\\W\\d_])\u00ad+$")


def repair(text: str) -> str:
    """Repair the encoding, entities and white space of a line or of a part of it."""
    if _NEEDS_REPAIR.search(text):
        text = _SOFT_HYPHEN_LAST.sub(BREAK_HYPHEN, text)
        text = ftfy.fix_text(_SURROGATE.sub("", text), _REPAIRS).translate(_INVISIBLE)
    plain = " ".join(_CONTROL.sub(" ", text).split())
    # Removing a control character can reveal another broken sequence.
    return repair(plain) if _CONTROL.search(text) else plain
