"""Lines → what stands before the first sentence of each: the mark of a list item ("● ", "3. ") or an agency's dateline
("OSLO, March 4 (Reuters) - ").
"""

import re
from collections.abc import Sequence

# "- 5" may be a negative number.
_BULLET = re.compile(r"(?:[-·](?!\s+\d)|[*•●○■□▪◦☐☑☒➢➤‣⁃∙]|o(?= [A-Z]))\s+(?=\S)")
_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"  # "1. Mai"
_ORDINAL = re.compile(rf"\(?(?P<ordinal>\d{{1,3}}|[a-z])(?P<end>[.)])\s+(?=\S)(?!(?:{_MONTHS})\b)")
# The fewest items that make a list, and how its first item is numbered.
_MIN_ITEMS, _FIRST_ITEMS = 2, frozenset({"1", "a"})
# A place in capitals, a state or country, a date and an agency, and a dash before a new sentence. In the first
# paragraph the place alone is enough, if it is no acronym.
_PLACE = r"[A-Z][A-Z'’.-]+(?:[ /][A-Z][A-Z'’.-]+){0,3}"
_DASH = r"\s?(?:[–—]|--?)\s(?=[\"“'‘]?[A-Z])"
_STATE, _DATE, _AGENCY = r", [A-Z][\w.]+(?: [A-Z][\w.]+)?", r", [A-Z][a-z]+\.? \d{1,2}", r",? \([^()]{2,40}\)"
_DATELINE = re.compile(rf"{_PLACE}(?:{_STATE}(?:{_DATE})?(?:{_AGENCY})?|{_DATE}(?:{_AGENCY})?|{_AGENCY}){_DASH}")
_BARE_PLACE = re.compile(r"(?=[A-Z]{5}|[A-Z]+ [A-Z])[A-Z]+(?: [A-Z]+){0,2} —\s(?=[A-Z])")
_DATELINE_PARAGRAPHS = 3


def openings(lines: Sequence[str]) -> list[int]:
    """How many characters of each line stand before its first sentence.

    A number or letter is the mark of a list item if the lines that have one count up from the first: "3. Oktober" alone
    is a date.
    """
    items = _items(lines)
    ends = []
    for index, line in enumerate(lines):
        opening = items.get(index) or _BULLET.match(line)
        if index < _DATELINE_PARAGRAPHS:
            opening = opening or _DATELINE.match(line) or (_BARE_PLACE.match(line) if index == 0 else None)
        ends.append(opening.end() if opening else 0)
    return ends


def _items(lines: Sequence[str]) -> dict[int, re.Match[str]]:
    """By index, the marks of lists that count up from their first item; other lines may stand between the items."""
    items: dict[int, re.Match[str]] = {}
    run: dict[int, re.Match[str]] = {}
    for index, found in enumerate(map(_ORDINAL.match, lines)):
        if not found:
            continue
        last = next(reversed(run.values()), None)
        if not last or found["end"] != last["end"] or _position(found) != _position(last) + 1:
            items.update(run if len(run) >= _MIN_ITEMS else {})
            run = {}
        if run or found["ordinal"] in _FIRST_ITEMS:
            run[index] = found
    return {**items, **(run if len(run) >= _MIN_ITEMS else {})}


def _position(found: re.Match[str]) -> int:
    """The place of a number or letter in its order; letters come after all numbers."""
    ordinal = found["ordinal"]
    return int(ordinal) if ordinal.isdigit() else 10_000 + ord(ordinal)
