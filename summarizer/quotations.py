"""Quotations that go on over several sentences: the marks that one of them needs where it stands without the others.

Reads marks and nothing else, those that English newspapers use. In a paragraph in which they do not match, or in which
others stand, nothing is said to be open.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# A straight mark opens where a word follows directly and none stands before it.
_MARK = re.compile(r"(?P<opens>“|(?<![^\s(\[—–])\"(?=\S))|(?P<closes>”|(?<=\S)\"(?![^\W_]))|(?P<other>[«»„‘\"])")
_CLOSING = {"“": "”", '"': '"'}


@dataclass(frozen=True)
class Torn:
    """The mark of a quotation that is open when a sentence begins, and of one that is open when it ends; else ""."""

    before: str = ""
    behind: str = ""


def torn(paragraphs: Sequence[Sequence[str]]) -> list[Torn]:
    """For each sentence of each paragraph, in order, what is open around it.

    In a paragraph that leaves one open, because it goes on in the next or its end was forgotten, nothing is.
    """
    return [sentence for paragraph in paragraphs for sentence in _torn(paragraph)]


def _torn(sentences: Sequence[str]) -> list[Torn]:
    """What is open around each sentence of one paragraph."""
    is_open = ""
    found = []
    for sentence in sentences:
        before = is_open
        for mark in _MARK.finditer(sentence):
            matches = mark["closes"] == _CLOSING.get(is_open) if mark["closes"] else mark["opens"] and not is_open
            if not matches:
                return [Torn()] * len(sentences)
            is_open = mark["opens"] or ""
        found.append(Torn(before, is_open))
    return [Torn()] * len(sentences) if is_open else found


def closed(text: str, here: Torn, *, follows: bool, goes_on: bool) -> str:
    """A sentence with the marks that it needs.

    :param follows: whether the sentence before it stands before it here, too.
    :param goes_on: whether the sentence behind it does.
    """
    opening = here.before if not follows else ""
    closing = _CLOSING[here.behind] if here.behind and not goes_on else ""
    return f"{opening}{text}{closing}"
