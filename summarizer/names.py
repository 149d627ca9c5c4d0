"""Names of people: in full where a summary mentions them first, and in the place of a "he" whose sentence is not in it.

Goes by capitals and by what newspapers write around names: an age behind it, "Mr" before it, "said" beside it. It
renames only where the article leaves one possibility. Knows nothing of models.
"""

import re
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass

from summarizer.text import CALENDAR, FUNCTION_WORDS, SAYS

_CAPITALIZED = r"[^\W\d_a-zß-öø-ÿ][\w’'-]*[^\W\d_]"
_NAME = re.compile(rf"{_CAPITALIZED}(?: (?:(?:van|von|de|del|der|den|la|bin|al|el) )?{_CAPITALIZED}){{1,4}}")
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Professor|Prof)\.?"
_POSSESSIVE = re.compile(r"['’]s$")
_QUOTATION = re.compile(r"[\"“][^\"”]*[\"”]|(?<!\w)['‘].*?['’](?!\w)")
# Beside what a last name makes a person of its bearer: "Lind said", "said Lind", "Lind, 54," or "Mr Lind".
_TREATED_AS_PERSON = re.compile(
    rf"(?P<speaker>{_CAPITALIZED}),? {SAYS}\b|(?P<aged>{_CAPITALIZED})(?:, [1-9]\d(?=[,.;]| who\b)|,? who\b)"
)
_NAMED_AS_PERSON = re.compile(rf"\b(?:{SAYS}|{_TITLE}) (?P<name>{_CAPITALIZED}(?: {_CAPITALIZED})*)")
# Behind one of these a name is no person's: "the Brandt bakery".
_DETERMINED = "".join(rf"(?<!\b{word} )" for word in "the The a A an An this This its Its their Their our Our".split())
# Of a "he" only he who says something is safe to name: whoever else it is may be a man without a name.
_PRONOUN = re.compile(rf"(?P<he>He|She)(?= (?:also )?{SAYS}\b)")


@dataclass(frozen=True)
class _Person:
    """Someone whom an article names in full: the name, the last of its words, and the sentence that has it first."""

    name: str
    last: str
    place: int

    def mentioned_in(self, text: str) -> re.Match[str] | None:
        """Where the name stands first, in full, with a title or the last name alone, but not as a part of another."""
        if self.last not in text:
            return None
        name, last = re.escape(self.name), re.escape(self.last)
        return re.search(rf"(?<![\w-]){_DETERMINED}(?:{name}|(?:{_TITLE} )?{last})(?![\w-])(?! {_CAPITALIZED})", text)


class Names:
    """The people of one article."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._sentences = sentences
        self._people = _people(sentences)

    def completed(self, summary: Sequence[tuple[str, int]]) -> list[tuple[str, tuple[int, ...]]]:
        """Each sentence of a summary with names completed, and the places of what it rests on, its own last.

        :param summary: the sentences in order, each with the place of the article's sentence that it was made from.
        """
        completed = []
        told: set[str] = set()
        taken = {place for _, place in summary}
        for sentence, place in summary:
            text, lenders = self._without_pronoun(sentence, place, taken)
            for person in self._people:
                mention = _outside_quotations(person, text)
                if mention and person.last not in told:
                    told.add(person.last)
                    if person.name not in text:
                        text = text[: mention.start()] + person.name + text[mention.end() :]
                        lenders.add(person.place)
            completed.append((text, (*sorted(lenders - {place}), place)))
        return completed

    def _without_pronoun(self, sentence: str, place: int, taken: Set[int]) -> tuple[str, set[int]]:
        """The sentence with the last name of whom its "he" means, and the place that tells; as it is where he was told
        of in the sentence before."""
        meant = None if place - 1 in taken else self._meant(sentence, place)
        if meant is None:
            return sentence, set()
        person, told_at = meant
        return _PRONOUN.sub(person.last, sentence, count=1), {told_at}

    def _meant(self, text: str, place: int) -> tuple[_Person, int] | None:
        """Whom the "he" that says something means: the only one named in the last sentence that names a speaker."""
        pronoun = _PRONOUN.match(text)
        if not pronoun:
            return None
        for before in range(place - 1, -1, -1):
            sentence = self._sentences[before]
            named = [person for person in self._people if person.mentioned_in(sentence)]
            if len(named) == 1 and named[0].last in _speakers(sentence):
                return named[0], before
            if named or not sentence.startswith(f"{pronoun['he']} "):
                return None
        return None


def _outside_quotations(person: _Person, text: str) -> re.Match[str] | None:
    """The first mention of a person, if it is no quoted one: what somebody said is not changed."""
    mention = person.mentioned_in(text)
    quoted = mention and any(
        quotation.start() < mention.start() < quotation.end() for quotation in _QUOTATION.finditer(text)
    )
    return None if quoted else mention


def _people(sentences: Sequence[str]) -> list[_Person]:
    """Those who have one full name in the article and are treated as people are."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    treated: set[str] = set()
    for place, sentence in enumerate(sentences):
        treated |= _speakers(sentence) | {match["aged"] for match in _TREATED_AS_PERSON.finditer(sentence)}
        for match in _NAME.finditer(sentence):
            name = _trimmed(match[0])
            if " " in name:
                found[_last(name)].setdefault(name, place)
    people = []
    for last, names in found.items():
        longest = max(names, key=len)
        if last in treated and all(name in longest for name in names):
            first = min(names, key=lambda name: names[name])
            people.append(_Person(first, last, names[first]))
    return people


def _speakers(sentence: str) -> set[str]:
    """The last names that a word of speech or a title stands beside."""
    named = {_last(_POSSESSIVE.sub("", match["name"])) for match in _NAMED_AS_PERSON.finditer(sentence)}
    return named | {match["speaker"] for match in _TREATED_AS_PERSON.finditer(sentence) if match["speaker"]}


def _last(name: str) -> str:
    return name.rsplit(" ", 1)[-1]


def _trimmed(name: str) -> str:
    """The name without what stands before it: the "On Monday" of its sentence, the "BBC's" of whose it is, a "Mr"."""
    words = _POSSESSIVE.sub("", name).split(" ")
    starts = [
        index
        for index, word in enumerate(words, start=1)
        if word.casefold() in FUNCTION_WORDS | CALENDAR or _POSSESSIVE.search(word) or re.fullmatch(_TITLE, word)
    ]
    return " ".join(words[max(starts, default=0) :])
