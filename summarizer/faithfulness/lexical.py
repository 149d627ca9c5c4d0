"""Lexical faithfulness: does a sentence add a claim, or reverse one, by its words?

Negations, hedges, conditions, names and numbers are recognized by lists. The check is strict on purpose: a sentence
refused by mistake costs some readability, one accepted by mistake costs the reader's trust.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from summarizer.text.lexicon import (
    ATTRIBUTIONS,
    CLAUSE_NEGATORS,
    CONDITIONS,
    FUNCTION_WORDS,
    NEXT_WORD_HEDGES,
    NUMBER_HEDGES,
    SENTENCE_NEGATORS,
)
from summarizer.text.numbers import QUANTITIES
from summarizer.text.words import stem, terms

_NEGATORS = CLAUSE_NEGATORS | SENTENCE_NEGATORS | NEXT_WORD_HEDGES | CONDITIONS
# They name nobody.
_TITLES = frozenset({"Mr", "Mrs", "Ms"})
# Words of the longest clause that is an aside: "prosecutors in the capital alleged on Monday".
_ASIDE_WORDS = 7
_CONTRACTIONS = (
    (re.compile(r"\bcan['’]t\b|\bcannot\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bwon['’]t\b", re.IGNORECASE), "will not"),
    (re.compile(r"n['’]t\b", re.IGNORECASE), " not"),
)


def reverses(sentence: str, sources: Sequence[str], beside: Sequence[str] = ()) -> bool:
    """Whether a sentence lacks a negator or hedge that its sources apply to its words, or adds one.

    :param beside: further sentences that it takes names from; it may have their negators, but need not.
    """
    sentence, sources = _expanded(sentence), [_expanded(source) for source in sources]
    words = set(_content_stems(terms(sentence)))
    kept = Counter(_negators(terms(sentence)))
    required = sum((_required_negators(source, words) for source in sources), Counter[str]())
    return not required <= kept <= Counter(_negators(terms(" ".join([*sources, *map(_expanded, beside)]))))


def names_and_numbers(sentence: str) -> list[str]:
    """Numbers and capitalized words; at the beginning of a sentence a common word counts as a name, too."""
    return [
        term
        for term in terms(sentence)
        if term[0].isdigit()
        or term.casefold() in QUANTITIES
        or (term[0].isupper() and term.casefold() not in FUNCTION_WORDS and term not in _TITLES)
    ]


def names_in(sentence: str) -> list[str]:
    """Capitalized words; at the beginning of a sentence a common word counts as a name, too."""
    return [term for term in names_and_numbers(sentence) if term[0].isupper()]


def _is_number(words: Sequence[str]) -> bool:
    return any(word[0].isdigit() or word.casefold() in QUANTITIES for word in words)


def _expanded(text: str) -> str:
    """The text with "n't" as "not", so that a negation is the same word in both forms."""
    for contracted, full in _CONTRACTIONS:
        text = contracted.sub(full, text)
    return text


def _required_negators(source: str, kept: set[str]) -> Counter[str]:
    """The negators and hedges of the source whose scope contains one of the stems kept."""
    required: Counter[str] = Counter()
    sentence = set(_content_stems(terms(source)))
    clauses = [terms(clause) for clause in re.split(r"[,;:](?=\s)|[()–—]|\s-\s", source)]
    for number, clause in enumerate(clauses):
        later = [term for following in clauses[number + 1 :] for term in following]
        for position, term in enumerate(clause):
            word, rest = term.casefold(), clause[position + 1 :]
            is_aside = number > 0 and (len(clause) <= _ASIDE_WORDS or word in ATTRIBUTIONS)
            if word in CONDITIONS or (word in SENTENCE_NEGATORS and is_aside):
                scope = sentence  # ", prosecutors alleged," may follow its claim
            elif word in SENTENCE_NEGATORS:
                scope = {*_content_stems(rest), *_content_stems(later)}
            elif word in NEXT_WORD_HEDGES:
                scope = set(_content_stems(rest)[:1]) if word not in NUMBER_HEDGES or _is_number(rest[:1]) else set()
            elif word in CLAUSE_NEGATORS:
                scope = set(_content_stems(rest) or _content_stems(clause))
            else:
                continue
            required[word] += bool(scope & kept)
    return required


def _content_stems(words: Iterable[str]) -> list[str]:
    folded = ((word, word.casefold()) for word in words)
    return [stem(word) for word, plain in folded if plain not in FUNCTION_WORDS and plain not in _NEGATORS]


def _negators(words: Iterable[str]) -> list[str]:
    return [word.casefold() for word in words if word.casefold() in _NEGATORS]
