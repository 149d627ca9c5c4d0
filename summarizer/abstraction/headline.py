"""The main sentence of a summary → a headline: without its full stop, and without clauses behind it while it is long.

Only clauses at the end of the sentence are dropped, and only while the rest passes verification. What a dropped clause
says is lost, but nothing that remains depends on it.
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
        # A comma behind it may be its end, as in "the mayor, who resigned, is ill".
        if "," not in clause and _is_whole(rest) and carries_news(f"{rest}."):
            return rest
    return None


def _is_whole(text: str) -> bool:
    """Whether no quotation or bracket is open at the end."""
    return text.count('"') % 2 == 0 and all(
        text.count(begin) == text.count(end) for begin, end in zip(_OPEN, _CLOSE, strict=True)
    )
