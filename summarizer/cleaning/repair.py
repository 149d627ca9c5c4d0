"""A line as sent → the same line, readable; paragraphs → the same without citation marks.

Fixes wrong encodings, entities, odd white space and invisible characters (ftfy, Speer 2019).
"""

import re
from collections.abc import Sequence

import ftfy

from summarizer.text.hyphenation import BREAK_HYPHEN

# Quotes, full-width characters and line ends stay as the author wrote them.
_REPAIRS = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_character_width=False, fix_line_breaks=False, explain=False, normalization="NFC"
)
_NEEDS_REPAIR = re.compile(r"[^\x00-\x7f]|&[#\w]+;|\x1b")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u00ad"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# "&amp;amp;amp;" would be repaired one level at a time, in time that grows with the square of its length.
_AMPERSANDS = re.compile(r"&(?:amp;){2,}", re.IGNORECASE)
# Lone surrogates cannot be encoded as UTF-8, so no answer could contain them.
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SOFT_HYPHEN_LAST = re.compile("(?<=[^\\W\\d_])\u00ad+$")
# "[4]", "[4]: 12", "[a]" and "[citation needed]" behind a word or a full stop, as encyclopedias have them.
_CITATION = re.compile(
    r"(?<=\S)\[(?:\d{1,3}|[a-z]|(?:note|n|nb) \d{1,2}|edit|update|[a-z ]*needed|(?:when|who|which|where|why)\?)\]"
    r"(?::\s?\d+(?:[–-]\d+)?(?=\s|$))?"
)
# In code they stand behind names, in articles mostly behind marks.
_BEHIND_MARK = re.compile(r"[.,;:!?)\]\"”»]\[\d{1,3}\]")
_MIN_BEHIND_MARK = 3


def without_citations(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs of an article without its citation marks, if it has some."""
    if sum(len(_BEHIND_MARK.findall(paragraph)) for paragraph in paragraphs) < _MIN_BEHIND_MARK:
        return list(paragraphs)
    return [_CITATION.sub("", paragraph) for paragraph in paragraphs]


def repair(text: str) -> str:
    """Repair the encoding, entities and white space of a line or of a part of it."""
    if _NEEDS_REPAIR.search(text):
        text = _SOFT_HYPHEN_LAST.sub(BREAK_HYPHEN, text)
        text = _AMPERSANDS.sub("&amp;", _SURROGATE.sub("", text))
        text = ftfy.fix_text(text, _REPAIRS).translate(_INVISIBLE)
    plain = " ".join(_CONTROL.sub(" ", text).split())
    # Removing a control character can reveal another broken sequence.
    return repair(plain) if _CONTROL.search(text) else plain
