"""Lines → what stands before the first sentence of each: the mark of a list item ("● ", "3. ") or an agency's dateline
("OSLO, March 4 (Reuters) - ").
"""

import re
from collections.abc import Sequence

_BULLET = re.compile(r"(?:[-*•●○■□▪◦☐☑☒➢➤‣⁃∙·]|o(?= [A-Z]))\s+(?=\S)")
_ORDINAL = re.compile(r"\(?(?P<ordinal>\d{1,3}|[a-z])(?P<end>[.)])\s+(?=\S)")
# A place in capitals, perhaps a state or country, a date and an agency, and a dash before a new sentence.
_PLACE = r"[A-Z][A-Z'’.-]+(?:[ /][A-Z][A-Z'’.-]+){0,3}"
_DATELINE = re.compile(
    rf"{_PLACE}(?:, [A-Z][\w.]+(?: [A-Z][\w.]+)?)?(?:, [A-Z][a-z]+\.? \d{{1,2}})?(?:,? \([^()]{{2,40}}\))?"
    r"\s?(?:[–—]|--?)\s(?=[\"“'‘]?[A-Z])"
)


def openings(lines: Sequence[str]) -> list[int]:
    """How many characters of each line stand before its first sentence.

    A number or letter is the mark of a list item if another line has the one before or after it: "3. Oktober" alone is
    a date.
    """
    ordinals = [_ORDINAL.match(line) for line in lines]
    known = {(_position(found), found["end"]) for found in ordinals if found}
    ends = []
    for line, found in zip(lines, ordinals, strict=True):
        opening = _BULLET.match(line) or _DATELINE.match(line)
        if found and not {(_position(found) + step, found["end"]) for step in (-1, 1)}.isdisjoint(known):
            opening = found
        ends.append(opening.end() if opening else 0)
    return ends


def _position(found: re.Match[str]) -> int:
    """The place of a number or letter in its order; letters come after all numbers."""
    ordinal = found["ordinal"]
    return int(ordinal) if ordinal.isdigit() else 10_000 + ord(ordinal)
