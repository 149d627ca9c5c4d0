"""Numbers and country names in one canonical form, so that "two" and "2" compare equal."""

import re

SCALES = {"thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "mn": 10**6, "billion": 10**9, "bn": 10**9}
_SCALED = re.compile(r"\b(\d+(?:\.\d+)?)\s?(thousand|million|billion|mn|bn|k|m)\b", re.IGNORECASE)
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_TENS = {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90"}
NUMBER_WORDS = {word: str(number) for number, word in enumerate(_UNITS.split())} | _TENS
# Words that state a quantity without a digit, for `faithfulness`.
QUANTITIES = frozenset(NUMBER_WORDS) - {"zero", "one"} | frozenset(
    "dozen dozens hundred hundreds thousand thousands million millions billion billions half twice double".split()
)
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)
_LONG_FORMS = (
    (re.compile(r"\b(?:U\.S\.(?:A\.)?|USA?)(?!\w)"), "United States"),
    (re.compile(r"\b(?:U\.K\.|UK)(?!\w)"), "United Kingdom"),
    (re.compile(r"\bper cent\b|\bpercent\b", re.IGNORECASE), "%"),
)


def canonical(text: str) -> str:
    """The text with numbers and countries in one form: "two" and 2, "£1.2m" and "1.2 million", "US" and "U.S."."""
    for short, full in _LONG_FORMS:
        text = short.sub(full, text)
    text = _NUMBER_WORD.sub(lambda match: NUMBER_WORDS[match[0].casefold()], text)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    return _SCALED.sub(lambda match: f"{float(match[1]) * SCALES[match[2].casefold()]:.0f}", text)
