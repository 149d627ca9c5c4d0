"""A line → whether it is a label: the name of a section, or of an action on a site.

`navigation_labels.txt` has whole lines in three blocks: labels that articles never contain, names of sections, which
may also be subheads, and buttons beside an article.
"""

import re
from collections.abc import Set
from pathlib import Path

from summarizer.cleaning.title_matching import without_marks

_UNAMBIGUOUS, _SECTIONS, _BUTTONS = (
    frozenset(block.splitlines())
    for block in Path(__file__).with_name("navigation_labels.txt").read_text(encoding="utf-8").split("\n\n")
)
_NAVIGATION = _UNAMBIGUOUS | _SECTIONS
_LABELS = _NAVIGATION | _BUTTONS
_MAX_LABEL_CHARACTERS = 40
_BREADCRUMB_SEPARATOR = re.compile(r"\s[>›»/]\s")


def is_label(line: str) -> bool:
    """Whether a line is the name of a section or a button."""
    return _is_in(_LABELS, line)


def is_navigation_label(line: str) -> bool:
    """Whether a line is the name of a section or another label of a menu; buttons beside an article are excluded."""
    return _is_in(_NAVIGATION, line)


def is_unambiguous_label(line: str) -> bool:
    """Whether a line is a label that articles never contain, such as "Skip to content"."""
    return _is_in(_UNAMBIGUOUS, line)


def is_breadcrumb(line: str) -> bool:
    """Whether a line is the path of a page within its site: "Home > News > Local"."""
    parts = _BREADCRUMB_SEPARATOR.split(line)
    return len(parts) > 1 and is_label(parts[0]) and all(len(part) <= _MAX_LABEL_CHARACTERS for part in parts[:-1])


def label_key(line: str) -> str:
    """A line as it is compared with labels."""
    return without_marks(line).strip("[]()|•·: ").casefold().replace("’", "'")


def _is_in(labels: Set[str], line: str) -> bool:
    return len(line) <= _MAX_LABEL_CHARACTERS and label_key(line) in labels
