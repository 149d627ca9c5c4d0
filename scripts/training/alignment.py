"""Summary sentence → the sentences of the article that it rests on, one to three.

Each next one is the sentence that has most of the words that are still missing. Most of the references' statements rest
on one sentence, the others on two, few on three.
"""

from collections.abc import Sequence

from summarizer.faithfulness import names_in
from summarizer.text.numbers import canonical
from summarizer.text.words import content_terms, stem

# Of a statement's words, the share that its sources have. The others are names, which they may lack, or paraphrase: two
# words, or a quarter of those of a long statement.
_LEAST_SHARED = 0.6
_MOST_OTHER_WORDS, _OTHER_SHARE = 2, 0.25
_MOST_SOURCES = 3


def sources_of(statement: str, sentences: Sequence[str]) -> tuple[int, ...] | None:
    """The indices of the sentences that a statement rests on, in order; None if it needs more than three."""
    offered = [_word_stems(sentence) for sentence in sentences]
    missing, found = _word_stems(statement), set[int]()
    while not _is_covered(statement, missing):
        # Of equals the nearest to those found, and the first: later ones repeat it.
        best = max(
            range(len(sentences)),
            key=lambda index: (len(offered[index] & missing), -min((abs(index - one) for one in found), default=index)),
        )
        if len(found) == _MOST_SOURCES or not offered[best] & missing:
            return None
        found.add(best)
        missing -= offered[best]
    return tuple(sorted(found)) or None


def rests_on(statement: str, sentences: Sequence[str]) -> bool:
    """Whether the sentences together have what a statement says, but for names and a few words."""
    return _is_covered(statement, _word_stems(statement) - _word_stems(" ".join(sentences)))


def _is_covered(statement: str, missing: frozenset[str]) -> bool:
    wanted = _word_stems(statement)
    others = missing - {stem(name) for name in names_in(statement)}
    most_others = max(_MOST_OTHER_WORDS, _OTHER_SHARE * len(wanted))
    return len(missing) <= (1 - _LEAST_SHARED) * len(wanted) and len(others) <= most_others


def _word_stems(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning, with numbers in one form."""
    return frozenset(stem(term) for term in content_terms(canonical(text)))
