"""Quotations that go on over several sentences: the marks that one of them needs where it stands without the others.

Reads marks and nothing else. A mark that opens nothing and one that closes nothing are left alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A straight mark opens where a word follows directly and none stands before it.
_MARK = re.compile(r"(?P<opens>[“«„]|(?<![^\s(\[—–])\"(?=\S))|(?P<closes>[”»]|(?<=\S)\"(?![^\W_]))")
_CLOSING = {"“": "”", "«": "»", "„": "“", '"': '"'}


@dataclass(frozen=True)
class Torn:
    """The mark of a quotation that is open when a sentence begins, and of one that is open when it ends; else ""."""

    before: str = ""
    behind: str = ""


def torn(paragraphs: Sequence[Sequence[str]]) -> list[Torn]:
    """For each sentence of each paragraph, in order, what is open around it.

    A quotation of several paragraphs opens again in each; one that no later sentence of its paragraph closes says
    nothing.
    """
    return [sentence for paragraph in paragraphs for sentence in _torn(paragraph)]


def _torn(sentences: Sequence[str]) -> Iterator[Torn]:
    last_closing = max((place for place, sentence in enumerate(sentences) if _closes_first(sentence)), default=-1)
    is_open = ""
    for place, sentence in enumerate(sentences):
        before = is_open
        for mark in _MARK.finditer(sentence):
            is_open = mark["opens"] or ""
        if place >= last_closing:
            is_open = ""
        yield Torn(before, is_open)


def _closes_first(sentence: str) -> bool:
    """Whether the first mark of a sentence closes a quotation."""
    mark = _MARK.search(sentence)
    return bool(mark and mark["closes"])


def closed(text: str, here: Torn, *, follows: bool, goes_on: bool) -> str:
    """A sentence with the marks that it needs.

    :param follows: whether the sentence before it stands before it here, too.
    :param goes_on: whether the sentence behind it does.
    """
    opening = here.before if not follows else ""
    closing = _CLOSING[here.behind] if here.behind and not goes_on else ""
    return f"{opening}{text}{closing}"
