"""Coherence: what a sentence leaves to the sentences around it, such as who "he" is or which match "that match" was.

A summary that takes such a sentence without the others is hard to understand, and easily wrong: the reader takes "that
match" for the one of the sentence that happens to stand before. Patterns of English; a sentence of another language
leans on nothing here. Knows nothing of models and of which sentences are chosen.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from summarizer.text import stem, terms

# How much of a sentence is understood without what it leans on. Set by reading choices; on the evaluation articles
# ROUGE does not tell between 0.4 and 0.8, and falls by 0.3 when such sentences are never taken (a trial).
_PRONOUN = 0.5
_POINTING = 0.5
_TORN = 0.5
_LINK = 0.8
_SPEAKER = 0.7
_DEFINITE = 0.85
# "This match" was mostly named in one of so many sentences before.
_REACH = 4
# "The bridge" may have been named in all sentences before; the first and the last so many are looked at, so that time
# and memory grow with the article and not with its square.
_MENTIONS = 20

_OPENING = r"^[\"'“‘]?"
_LINKS = r"but|and|or|however|also|moreover|so|then|soon|instead|meanwhile|yet|still"
_LINKED = re.compile(
    rf"{_OPENING}(?:{_LINKS}|another|others|both|neither|the other)\b|\b(?:however|meanwhile)\b", re.IGNORECASE
)
_SUBORDINATE = r"when|as|while|after|before|once|if|since|although|though|because"
_STARTS_WITH_PRONOUN = re.compile(
    rf"{_OPENING}(?:(?:{_LINKS}|{_SUBORDINATE})\b,?\s+)*"
    # "It is thought that" and "It is hard to" have a pronoun that means nothing.
    r"(?:he|she|it(?! (?:is|was) \w+ (?:that|to|whether|who)\b)(?! (?:emerged|appears|seems|takes|took)\b)|they|"
    r"his|her|its|their|this|that|these|those|"
    r"the (?:\d+-year-old|pair|couple|duo|two|three|trio|former|latter))\b",
    re.IGNORECASE,
)
_PREPOSITION = "in|at|of|for|from|after|before|during|with|by|on|to|over|about|under|into|against|through"
_QUOTED_PRONOUN = re.compile(r"[,?!.][\"”'’]\s(?:he|she|they) \w+|[\"”'’], (?:he|she|they) \w+")
# "That" and "those" mostly begin a clause; behind a preposition and at the start they point.
_POINTS = re.compile(
    rf"\b(?:this|these|such)\s+(?P<near>[^\W\d_][\w-]*)"
    rf"|(?:^|\b(?:{_PREPOSITION})\s+)(?:that|those)\s+(?P<far>[^\W\d_][\w-]*)",
    re.IGNORECASE,
)
# "This week" and "this country" point at the day and the place of the writing.
_HERE_AND_NOW = frozenset(
    map(
        stem,
        "week weekend month year season morning afternoon evening night summer winter spring autumn fall time day "
        "moment stage point century decade hour minute monday tuesday wednesday thursday friday saturday sunday "
        "country".split(),
    )
)
_DEFINITE_SUBJECT = re.compile(r"^the\s+(?P<noun>[^\W\d_][\w-]*)(?!\s+(?:of|who|which|that)\b)", re.IGNORECASE)
# A noun that sums up what was told just before, a shell noun (Schmid 2000); "From seven in 2004, the figure rose."
_SHELL = re.compile(
    rf"^(?:(?:{_PREPOSITION}|{_SUBORDINATE})\b[^,]*,\s)?"
    r"the (?:figure|number|total|news|move|decision|incident|claim|comment|remark|revelation|announcement|rise)s?\b"
    r"(?! (?:of|who|which|that|to)\b)",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"[\"“][^\"”]*[\"”]|(?<!\w)['‘].*?['’](?!\w)")
_FIRST_PERSON = re.compile(r"\b(?:i|me|my|we|us|our)\b", re.IGNORECASE)
_ACRONYM = re.compile(r"\bUS\b")


@dataclass(frozen=True)
class Leaning:
    """Something in a sentence that is told elsewhere.

    :param places: the sentences, by index, that tell it; one of them is enough.
    :param understood: the share of the sentence's worth that is left without them.
    """

    places: frozenset[int]
    understood: float


def leanings(sentences: Sequence[str]) -> list[tuple[Leaning, ...]]:
    """What each sentence of an article leans on."""
    told: defaultdict[str, list[int]] = defaultdict(list)
    found = []
    for place, sentence in enumerate(sentences):
        found.append(tuple(_leanings(sentence, place, told)))
        for word in {stem(term) for term in terms(sentence)}:
            told[word].append(place)
    return found


def understood(leanings: Sequence[Leaning], taken: Set[int]) -> float:
    """The share of a sentence's worth that is left to a reader of the taken sentences and of this one."""
    return min((leaning.understood for leaning in leanings if leaning.places.isdisjoint(taken)), default=1.0)


def _leanings(sentence: str, place: int, told: defaultdict[str, list[int]]) -> Iterator[Leaning]:
    before = frozenset([place - 1])
    if _STARTS_WITH_PRONOUN.match(sentence) or _QUOTED_PRONOUN.search(sentence):
        yield Leaning(before, _PRONOUN)
    if _LINKED.search(sentence):
        yield Leaning(before, _LINK)
    for match in _POINTS.finditer(sentence):
        noun = stem(match["near"] or match["far"])
        if noun not in _HERE_AND_NOW and noun not in map(stem, terms(sentence[: match.start()])):
            named = frozenset(earlier for earlier in told.get(noun, ())[-_REACH:] if earlier >= place - _REACH)
            yield Leaning(named or before, _POINTING)
    definite = _DEFINITE_SUBJECT.match(sentence)
    if _SHELL.match(sentence):
        yield Leaning(before, _POINTING)
    elif definite and (earlier := told.get(stem(definite["noun"]))):
        yield Leaning(frozenset([earlier[0], *earlier[-_MENTIONS:]]), _DEFINITE)
    if sentence.count("”") > sentence.count("“"):
        yield Leaning(before, _TORN)
    if sentence.count("“") > sentence.count("”") or sentence.count('"') % 2:
        yield Leaning(before | {place + 1}, _TORN)
    if _FIRST_PERSON.search(_ACRONYM.sub("", _QUOTATION.sub("", sentence))):
        yield Leaning(before, _SPEAKER)
