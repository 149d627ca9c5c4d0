"""Right sentences → wrong ones that differ in one thing, by rules: what a verifier learns to tell apart.

The kinds are those of the sentences that people wrote wrong by hand: a name or number changed, a relation reversed, a
negation or hedge lost or added, halves of two sentences joined.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from summarizer.text.lexicon import FUNCTION_WORDS
from summarizer.text.words import content_terms, stem

_EXCHANGES = Path(__file__).parent / "data" / "exchanges.txt"
_AUXILIARIES = "is are was were has have had will would can could should may might must does did".split()
_WORD = r"[A-Z][\w&-]*(?:['’](?!s\b)\w+)*"
_NAME = re.compile(rf"\b{_WORD}(?:\s(?:(?:of|the|de|van|von)\s)?{_WORD})*")
_NUMBER = re.compile(r"(?<![\w.,])[£$€]?(?:\d[\d,.]*)?\d(?!\w)")
_WORD_NUMBERS = "two three four five six seven eight nine ten eleven twelve".split()
# Words after which the halves of two sentences fit together.
_JOINT = re.compile(r"\s(?:has|have|had|is|are|was|were|will|would|said|says|told)\s")


@dataclass(frozen=True)
class Wrong:
    """A wrong sentence.

    :param spans: start and end of the characters that are wrong; empty if something is missing.
    """

    text: str
    kind: str
    spans: tuple[tuple[int, int], ...] = ()


def wrong_sentences(
    sentence: str, passage: str, others: Sequence[str], count: int, chance: random.Random
) -> list[Wrong]:
    """Up to `count` wrong variants of a right sentence, of different kinds.

    :param passage: the sentences of the article that support it; names and numbers are taken from it first.
    :param others: further right sentences on the same article.
    """
    makers: list[Callable[[], Iterable[Wrong]]] = [
        lambda: _with_other_name(sentence, [passage, *others]),
        lambda: _with_owner_alone(sentence),
        lambda: _with_other_number(sentence, [passage, *others]),
        lambda: _exchanged(sentence, "relation"),
        lambda: _exchanged(sentence, "hedge"),
        lambda: _negated(sentence),
        lambda: _joined(sentence, others),
    ]
    known = " ".join([passage, sentence, *others])
    found: list[Wrong] = []
    for make in chance.sample(makers, len(makers)):
        if variants := [wrong for wrong in make() if wrong.text not in known]:
            found.append(chance.choice(variants))
    return found[:count]


def _replaced(sentence: str, start: int, end: int, text: str, kind: str) -> Wrong:
    changed = f"{sentence[:start]}{text}{sentence[end:]}"
    span = ((start, start + len(text)),) if text else ()
    if not text:  # what is left out leaves no second space
        changed = re.sub(r"\s{2,}|(?<=^)\s", " ", changed).strip()
    return Wrong(changed[0].upper() + changed[1:] if changed else "", kind, span)


def _with_other_name(sentence: str, texts: Sequence[str]) -> Iterator[Wrong]:
    """One name exchanged for another of about as many words, none of which the sentence has."""
    words = _name_words(sentence)
    for own in _names(sentence):
        for other in dict.fromkeys(found[0] for text in texts for found in _names(text)):
            if words.isdisjoint(_name_words(other)) and abs(len(other.split()) - len(own[0].split())) <= 1:
                yield _replaced(sentence, own.start(), own.end(), other, "entity")


def _name_words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W_]+", text)}


def _names(text: str) -> list[re.Match[str]]:
    """Runs of capitalized words, without the common words that begin a sentence."""
    return [found for found in _NAME.finditer(text) if found[0].casefold() not in FUNCTION_WORDS and len(found[0]) > 2]


def _with_owner_alone(sentence: str) -> Iterator[Wrong]:
    """What somebody's sister did, told of him: "Ana's sister has won" → "Ana has won"."""
    for found in re.finditer(rf"(?<=\w)['’]s?\s[a-z]+(?=\s(?:{'|'.join(_AUXILIARIES)}|[a-z]+ed)\b)", sentence):
        yield _replaced(sentence, found.start(), found.end(), "", "entity")


def _with_other_number(sentence: str, texts: Sequence[str]) -> Iterator[Wrong]:
    numbers = dict.fromkeys(found[0] for text in texts for found in _NUMBER.finditer(text))
    for own in _NUMBER.finditer(sentence):
        near = [other for other in numbers if other not in sentence and _shape(other) == _shape(own[0])]
        digits = re.sub(r"\d(?=\D*$)", lambda last: str((int(last[0]) + 3) % 10), own[0])
        for other in [*near, digits]:
            yield _replaced(sentence, own.start(), own.end(), other, "number")
    for own in re.finditer(rf"\b(?:{'|'.join(_WORD_NUMBERS)})\b", sentence):
        other = _WORD_NUMBERS[(_WORD_NUMBERS.index(own[0]) + 2) % len(_WORD_NUMBERS)]
        yield _replaced(sentence, own.start(), own.end(), other, "number")


def _shape(number: str) -> tuple[bool, bool, int]:
    """What a number looks like: an amount of money, a fraction, and how many digits."""
    return number[0] in "£$€", "." in number, len(re.sub(r"\D", "", number))


def _exchanged(sentence: str, kind: str) -> Iterator[Wrong]:
    for one, other in _exchanges()[kind]:
        for found in re.finditer(rf"\b{re.escape(one)}\b", sentence):
            yield _replaced(sentence, found.start(), found.end(), other, kind)


@cache
def _exchanges() -> dict[str, list[tuple[str, str]]]:
    """Words and what stands for them, by the kind of error."""
    found: dict[str, list[tuple[str, str]]] = {"relation": [], "hedge": []}
    for line in _EXCHANGES.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if "|" in line:
            one, other = (side.strip() for side in line.split("|"))
            found["relation"] += [(one, other), (other, one)]
        else:
            one, other = (side.strip() for side in line.split(">"))
            found["hedge"].append((one, other))
    return found


def _negated(sentence: str) -> Iterator[Wrong]:
    """A negation left out, or one put behind the first or second auxiliary verb."""
    for found in re.finditer(r"\b(?:not|never|no longer)\s|(?<=\w)n['’]t\b", sentence):
        yield _replaced(sentence, found.start(), found.end(), "", "negation")
    if not re.search(r"\bnot\b|n['’]t\b", sentence):
        for found in list(re.finditer(rf"\b(?:{'|'.join(_AUXILIARIES)})\b", sentence))[:2]:
            yield _replaced(sentence, found.end(), found.end(), " not", "negation")


def _content(text: str) -> set[str]:
    return {stem(term) for term in content_terms(text)}


def _joined(sentence: str, others: Sequence[str]) -> Iterator[Wrong]:
    """The beginning of the sentence with the end of another one about something else."""
    for joint in list(_JOINT.finditer(sentence))[:1]:
        for other in others:
            ends = [found for found in _JOINT.finditer(other) if found[0] == joint[0]]
            if ends and _content(other[: ends[0].start()]).isdisjoint(_content(sentence[: joint.start()])):
                yield Wrong(sentence[: joint.end()] + other[ends[0].end() :], "merge")
