"""Summary sentences → the one or two sentences of the article that each rests on.

The first source is the sentence with the largest share of the statement's words; a second is added when it has words
that the first lacks. In the reference summaries 79% of a statement's words are in the first and 96% in both.
"""

from collections.abc import Sequence

from summarizer.text.numbers import canonical
from summarizer.text.words import content_terms, stem

# A second source must add this share of the statement's words; below it, the words are a name that the context gives.
_LEAST_ADDED = 0.12


def word_stems(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning, with numbers in one form."""
    return frozenset(stem(term) for term in content_terms(canonical(text)))


def sources_of(statement: str, sentences: Sequence[str]) -> tuple[int, ...]:
    """The indices of the one or two sentences that a statement rests on, best first."""
    wanted = word_stems(statement)
    offered = [word_stems(sentence) & wanted for sentence in sentences]
    # Of equals the first: later ones repeat it.
    best = max(range(len(sentences)), key=lambda index: (len(offered[index]), -index))
    missing = wanted - offered[best]
    second = max(range(len(sentences)), key=lambda index: (len(offered[index] & missing), -index))
    if len(offered[second] & missing) < max(_LEAST_ADDED * len(wanted), 1):
        return (best,)
    return best, second


def coverage(statement: str, texts: Sequence[str]) -> float:
    """The share of a statement's words that are in the texts, 0 to 1."""
    wanted = word_stems(statement)
    found = frozenset[str]().union(*map(word_stems, texts))
    return len(wanted & found) / max(len(wanted), 1)
