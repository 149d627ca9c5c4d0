"""The main sentence of a summary → a headline: without its full stop, and without clauses behind it while it is long.

Only clauses at the end of the sentence are dropped, and only while the rest passes verification. A clause stays if it
says who said the rest, or if the rest would mean something else without it.
"""

import re
from collections.abc import Callable

from summarizer.selection.selector import carries_news
from summarizer.text.words import word_count

# A headline is cut to this many words if it can be.
MAX_HEADLINE_WORDS = 14
_LANGUAGE = "en"
# Where a clause may begin that adds to what stands before it. A condition ("if", "unless") does not only add.
_CLAUSE = re.compile(
    r",\s+(?:which|who|whose|where|when|after|before|because|as|while|with)\b"
    r"|,\s+(?!according|king|morning|evening|nothing|anything|something)[a-z]+ing\b"
    r"|,\s+(?:a|an|the)\s+\w+\s+(?:that|which|who)\b|,\s+\w+\s+(?:days?|weeks?|months?|years?)\s+after\b"
    r"|\s+(?:after|because)\b|;|\s+[–—]\s+"
)
# What makes "after" or "because" a part of what stands before it: "two days after", "shortly after", "look after".
_NEEDS_CLAUSE = re.compile(
    r"(?:\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|moments?|\w+ly|soon|long|just|even|only"
    r"|look(?:s|ed|ing)?|named?|names|naming|call(?:s|ed|ing)?|t[ao]kes?|taken|taking|took|ask(?:s|ed|ing)?|not)"
    r"|\b(?:not|never|no|none|neither|nor|without|hardly)\b.*|n['’]t\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_REPORTS = re.compile(
    r"\b(?:said|says?|saying|told|tells?|according|claim(?:s|ed)?|warn(?:s|ed)?|add(?:s|ed)|alleg\w+|report(?:s|ed)?|announc\w+"
    r"|admit(?:s|ted)?|insist(?:s|ed)?|argu(?:es?|ed)|believ(?:es?|ed)|suggest(?:s|ed)?|show(?:s|ed)?)\b",
    re.IGNORECASE,
)
_COORDINATED = re.compile(r"\s+(?:and|or)\b")
_OPEN, _CLOSE = "([{“", ")]}”"
_FULL_STOP = re.compile(r"(?<!\.)[.。।۔]$")


def headline_of(sentence: str, language: str | None, is_supported: Callable[[str], bool]) -> str:
    """A headline that says what a sentence says.

    :param language: of the sentence; clauses are found in English only.
    :param is_supported: whether the article supports a shorter sentence.
    """
    headline = sentence
    if language in (None, _LANGUAGE):
        while word_count(headline) > MAX_HEADLINE_WORDS and (shorter := _without_clause(headline)):
            if not is_supported(f"{shorter}."):
                break
            headline = shorter
    return _FULL_STOP.sub("", headline)


def _without_clause(sentence: str) -> str | None:
    """The sentence without its last clause; None if it has none that can go."""
    for match in reversed(list(_CLAUSE.finditer(sentence))):
        rest, clause = sentence[: match.start()].rstrip(), sentence[match.end() :]
        # A comma behind it may be its end, as in "the mayor, who resigned, is ill"; before "and" it may be in a list.
        is_inner = "," in clause or _COORDINATED.match(clause) or _REPORTS.search(match[0] + clause)
        is_needed = not match[0].startswith((",", ";")) and _NEEDS_CLAUSE.search(rest)
        if not is_inner and not is_needed and _is_whole(rest) and carries_news(f"{rest}."):
            return rest
    return None


def _is_whole(text: str) -> bool:
    """Whether no quotation or bracket is open at the end."""
    return text.count('"') % 2 == 0 and all(
        text.count(begin) == text.count(end) for begin, end in zip(_OPEN, _CLOSE, strict=True)
    )
