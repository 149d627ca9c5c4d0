"""The word lists that several stages share; `lexicon.toml` holds them."""

import tomllib
from pathlib import Path

_LISTS = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))

FUNCTION_WORDS = frozenset(_LISTS["function_words"].split())
CALENDAR = frozenset(f"{_LISTS['months']} {_LISTS['weekdays']}".split())
WEEKDAYS = frozenset(_LISTS["weekdays"].split())
# For patterns: an alternation of the verbs, and a character class of the marks.
SPEECH_VERBS = rf"(?:{'|'.join(_LISTS['speech_verbs'].split())})"
QUOTATION_MARKS = f"[{_LISTS['quotation_marks']}]"

CLAUSE_NEGATORS = frozenset(_LISTS["negators"]["clause"].split())
SENTENCE_NEGATORS = frozenset(_LISTS["negators"]["sentence"].split())
NEXT_WORD_HEDGES = frozenset(_LISTS["negators"]["next_word"].split())
NUMBER_HEDGES = frozenset(_LISTS["negators"]["number"].split())
ATTRIBUTIONS = frozenset(_LISTS["negators"]["attribution"].split())
CONDITIONS = frozenset(_LISTS["negators"]["condition"].split())
HEADLINE_NEGATORS = frozenset(_LISTS["negators"]["headline"].split())
