"""Sentences → what each depends on: who "he" is, or which match "that match" was.

A summary with such a sentence but without the one it depends on is hard to understand and easily wrong: the reader
takes "that match" for the one in whichever sentence comes before. Patterns of English; sentences of other languages
have no dependencies.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from summarizer.cancellation import checked
from summarizer.text.lexicon import WEEKDAYS
from summarizer.text.words import stem, terms

# Share of a sentence's gain that counts when its dependency is missing. Set by reading selections: on the evaluation
# articles ROUGE is equal from 0.4 to 0.8, and 0.3 lower if such sentences are excluded.
_PRONOUN = 0.5
_DEMONSTRATIVE = 0.5
_HALF_QUOTATION = 0.5
_LINK = 0.8
_FIRST_PERSON_SPEAKER = 0.7
_DEFINITE = 0.85
# "This match" is mostly named within this many sentences before.
_MAX_DISTANCE = 4
# "The bridge" may be named in every sentence before. Only the first and this many of the latest mentions count, so that
# time and memory stay linear in the article.
_MAX_MENTIONS = 20

_OPENING = r"^[\"'“‘]?"
_LINKS = (
    "but|and|or|however|also|moreover|so|then|soon|instead|meanwhile|yet|still|what['’]s more|furthermore|besides|"
    "in addition|in (?:contrast|fact|turn|return|response)(?! (?:to|for))|by contrast|indeed|nevertheless|nonetheless|"
    "even so|therefore|thus|hence|as a result|for (?:example|instance)|on the other hand|likewise|similarly|"
    "of course|after all"
)
_LINKED = re.compile(
    rf"{_OPENING}(?:{_LINKS}|another|others|both|neither|the other)\b|\b(?:however|meanwhile)\b", re.IGNORECASE
)
_SUBORDINATE = r"when|as|while|after|before|once|if|since|although|though|because"
_PREPOSITION = "in|at|of|for|from|after|before|during|with|by|on|to|over|about|under|into|against|through"
_STARTS_WITH_PRONOUN = re.compile(
    rf"{_OPENING}(?:(?:{_LINKS}|{_SUBORDINATE})\b,?\s+|(?:{_PREPOSITION}|as|like|unlike|despite)\b[^,]{{1,40}},\s)*"
    # "It is thought that" and "It is hard to" have a dummy pronoun.
    r"(?:he|she|it(?! (?:is|was) \w+ (?:that|to|whether|who)\b)(?! (?:emerged|appears|seems|takes|took)\b)|they|"
    r"his|her|its|their|this|that|these|those|"
    r"the (?:\d+-year-old|pair|couple|duo|two|three|trio|former|latter))\b",
    re.IGNORECASE,
)
# "On a normal day he sells 600", without a comma and without a name or anybody else before him.
_BEHIND_PHRASE = re.compile(
    rf"{_OPENING}(?i:{_PREPOSITION})\s(?:(?!(?:he|she|they)\b)[a-z]+\s){{1,3}}(?:he|she|they)\s"
)
_QUOTED_PRONOUN = re.compile(r"[,?!.][\"”'’]\s(?:he|she|they) \w+|[\"”'’], (?:he|she|they) \w+")
# "That" and "those" mostly begin a clause; after a preposition and at the start they are demonstratives.
_POINTS = re.compile(
    rf"\b(?:this|these|such)\s+(?P<near>[^\W\d_][\w-]*)"
    rf"|(?:^|\b(?:{_PREPOSITION})\s+)(?:that|those)\s+(?P<far>[^\W\d_][\w-]*)",
    re.IGNORECASE,
)
# "This week" and "this country" refer to the time and place of writing.
_HERE_AND_NOW = frozenset(
    map(
        stem,
        (
            "week weekend month year season morning afternoon evening night summer winter spring autumn fall time day "
            "moment stage point century decade hour minute country"
        ).split()
        + sorted(WEEKDAYS),
    )
)
_DEFINITE_SUBJECT = re.compile(r"^the\s+(?P<noun>[^\W\d_][\w-]*)(?!\s+(?:of|who|which|that)\b)", re.IGNORECASE)
# A shell noun sums up what was said just before (Schmid 2000): "From seven in 2004, the figure rose."
_SHELL = re.compile(
    rf"^(?:(?:{_PREPOSITION}|{_SUBORDINATE})\b[^,]*,\s)?"
    r"the (?:figure|number|total|news|move|decision|incident|claim|comment|remark|revelation|announcement|rise)s?\b"
    r"(?! (?:of|who|which|that|to)\b)",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"[\"“][^\"”]*[\"”]|(?<!\w)['‘].*?['’](?!\w)")
_OPENS = re.compile(r"^['‘](?=\w)|(?:[:,]|\b(?:says?|said|added))\s['‘](?=\w)")
_CLOSES = re.compile(r"[.,!?]['’](?=\s|$)")
_FIRST_PERSON = re.compile(r"\b(?:i|me|my|we|us|our)\b", re.IGNORECASE)
_ACRONYM = re.compile(r"\bUS\b")


@dataclass(frozen=True)
class Dependency:
    """A reference in a sentence that other sentences resolve.

    :param antecedents: indices of the sentences that resolve it; one of them is enough.
    :param understood: the share of the sentence's gain that counts without them.
    """

    antecedents: frozenset[int]
    understood: float


def find_dependencies(sentences: Sequence[str]) -> list[tuple[Dependency, ...]]:
    """The dependencies of each sentence of an article."""
    mentions: defaultdict[str, list[int]] = defaultdict(list)
    found = []
    for index, sentence in enumerate(checked(sentences)):
        found.append(tuple(_dependencies(sentence, index, mentions)))
        for word in {stem(term) for term in terms(sentence)}:
            mentions[word].append(index)
    return found


def understood(dependencies: Sequence[Dependency], taken: Set[int]) -> float:
    """The share of a sentence's gain that counts for a reader who sees the taken sentences and this one."""
    unresolved = (dependency for dependency in dependencies if dependency.antecedents.isdisjoint(taken))
    return min((dependency.understood for dependency in unresolved), default=1.0)


def starts_with_pronoun(sentence: str) -> bool:
    """Whether a sentence is about someone or something that only the one before names ("He …", "This …")."""
    return bool(_STARTS_WITH_PRONOUN.match(sentence) or _BEHIND_PHRASE.match(sentence))


def is_first_person(sentence: str) -> bool:
    """Whether a sentence is somebody's words without quotation marks ("I was 12 then")."""
    return bool(_FIRST_PERSON.search(_ACRONYM.sub("", _QUOTATION.sub("", sentence))))


def has_half_quotation(sentence: str) -> bool:
    """Whether a sentence opens or closes a quotation of which the rest is in the sentence beside it."""
    is_double = sentence.count("“") != sentence.count("”") or sentence.count('"') % 2 == 1
    # A single mark may be an apostrophe, so it counts only where one cannot be.
    return is_double or (_OPENS.search(sentence) is None) != (_CLOSES.search(sentence) is None)


def _dependencies(sentence: str, index: int, mentions: defaultdict[str, list[int]]) -> Iterator[Dependency]:
    before = frozenset([index - 1])
    if starts_with_pronoun(sentence) or _QUOTED_PRONOUN.search(sentence):
        yield Dependency(before, _PRONOUN)
    if _LINKED.search(sentence):
        yield Dependency(before, _LINK)
    for match in _POINTS.finditer(sentence):
        noun = stem(match["near"] or match["far"])
        if noun not in _HERE_AND_NOW and noun not in map(stem, terms(sentence[: match.start()])):
            named = (earlier for earlier in mentions.get(noun, ())[-_MAX_DISTANCE:] if earlier >= index - _MAX_DISTANCE)
            yield Dependency(frozenset(named) or before, _DEMONSTRATIVE)
    definite = _DEFINITE_SUBJECT.match(sentence)
    if _SHELL.match(sentence):
        yield Dependency(before, _DEMONSTRATIVE)
    elif definite and (earlier := mentions.get(stem(definite["noun"]))):
        yield Dependency(frozenset([earlier[0], *earlier[-_MAX_MENTIONS:]]), _DEFINITE)
    if sentence.count("”") > sentence.count("“"):
        yield Dependency(before, _HALF_QUOTATION)
    elif has_half_quotation(sentence):
        yield Dependency(before | {index + 1}, _HALF_QUOTATION)
    if is_first_person(sentence):
        yield Dependency(before, _FIRST_PERSON_SPEAKER)
