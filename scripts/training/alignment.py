"""Summary sentence → the sentence of the article that it restates, if it restates one.

In the reference summaries 79% of a statement's words are in the sentence with the largest share of them; 60% restate
one sentence. The others merge two, which is what a small model gets wrong most often.
"""

from collections.abc import Sequence

from summarizer.faithfulness import names_in
from summarizer.text.numbers import canonical
from summarizer.text.words import content_terms, stem

# Of a statement's words; the others are names, which the sentence may lack, or paraphrase.
_LEAST_SHARED = 0.6
_MOST_OTHER_WORDS = 2


def restated(statement: str, sentences: Sequence[str]) -> int | None:
    """The index of the sentence that a statement restates; None if it needs more than one."""
    wanted = _word_stems(statement)
    offered = [_word_stems(sentence) & wanted for sentence in sentences]
    # Of equals the first: later ones repeat it.
    best = max(range(len(sentences)), key=lambda index: (len(offered[index]), -index))
    missing = wanted - offered[best]
    names = {stem(name) for name in names_in(statement)}
    is_restated = len(offered[best]) >= _LEAST_SHARED * len(wanted) and len(missing - names) <= _MOST_OTHER_WORDS
    return best if is_restated else None


def _word_stems(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning, with numbers in one form."""
    return frozenset(stem(term) for term in content_terms(canonical(text)))
