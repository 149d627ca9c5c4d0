"""Evidence and support: which sentences of an article a summary sentence rests on, and how far they bear it out.

Knows nothing of how vectors, trees and verdicts are made.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

from summarizer.models.extractive import Vectors
from summarizer.syntax import Tree
from summarizer.text import canonical, content_terms, stem, terms, word_count
from summarizer.wording import names_and_numbers, turns

Parse = Callable[[Sequence[str]], list[Tree]]
THRESHOLD = Path(__file__).with_name("support.json")
# What a language model reads to judge a sentence: some 160 tokens, so that a verdict costs the same for any article.
# How well it judges by them: scripts/evaluate.py support.
_PASSAGE_WORDS = 120
_MOST_EVIDENCE = 3
# How much the sentence's direction counts beside its rare words, and rare words that are covered already.
_SIMILARITY, _AGAIN = 1.0, 0.3
# A rewritten sentence passes the check of words when its evidence has at least this share of its content words.
_LEAST_SHARED = 0.75
# What words in common weigh beside a verdict. On the sentences of `scripts/evaluate.py support`, which are free
# paraphrase, half of that would tell a little better (AUC 0.835 instead of 0.829); summaries that copy, and go wrong by
# putting copied parts together, are told by words much better than by verdicts.
_SHARED = 0.75
# A sentence with so much in common is a copy in which little is left out: its words tell all.
_COPIED = 0.9
# Relations that tell who did what to whom, of what kind and how many, by ClearNLP's names.
_TELLING = frozenset("nsubj nsubjpass dobj attr acomp poss amod compound nummod appos xcomp neg pobj".split())


@dataclass(frozen=True)
class Signals:
    """How far an article bears a sentence out, and a language model's verdict.

    :param words: the share of its content words that the article has in any form.
    :param pairs: the share of its pairs of words in a row that the article has.
    :param relations: the share of its grammatical relations that the nearest sentences have.
    :param verdict: log-odds of "Yes, every detail is stated" against "No"; 0 where nobody was asked.
    """

    words: float
    pairs: float
    relations: float
    verdict: float = 0.0

    @property
    def shared(self) -> float:
        """What the sentence has in common with the article, from 0 to 1."""
        return (self.words + self.pairs + self.relations) / 3

    @property
    def support(self) -> float:
        """Both together. Verdicts lie between -3 and 4; beyond, they are no more certain."""
        return _SHARED * self.shared + math.tanh(self.verdict / 4)

    @property
    def is_supported(self) -> bool:
        """Whether there is support enough to show the sentence."""
        return self.support >= support_threshold()


@cache
def support_threshold() -> float:
    """The support from which on a sentence is shown; `support.json` says what it was fitted on."""
    return float(json.loads(THRESHOLD.read_text(encoding="utf-8"))["threshold"])


class Grounds:
    """An article's sentences, prepared once, as grounds for any number of summary sentences."""

    def __init__(self, sentences: Sequence[str], vectors: Vectors, parse: Parse) -> None:
        """Take the sentences.

        :param vectors: their unit vectors, shape (sentences, dimensions).
        :param parse: sentences in, their dependency trees out.
        """
        self.sentences = sentences
        self._vectors = vectors
        self.parse = parse
        self._trees: dict[int, Tree] = {}
        self.words = [_content(sentence) for sentence in sentences]
        occurrences = Counter(word for words in self.words for word in words)
        # Rare words tell sentences apart: inverse document frequency (Spärck Jones 1972), without the logarithm.
        self._rarity = {word: 1.0 / count for word, count in occurrences.items()}

    def claim(self, text: str, vector: Vectors) -> "Claim":
        """A summary sentence, to be looked up here.

        :param vector: its unit vector.
        """
        return Claim(self, text, vector)

    def nearest(self, wanted: set[str], vector: Vectors) -> Iterator[int]:
        """The sentences, each time the one that adds most to what the ones before it cover of the wanted words."""
        similarity = _SIMILARITY * (self._vectors @ vector)
        lasting = similarity + [_AGAIN * self._weight(words & wanted) for words in self.words]
        left = wanted
        rest = set(range(len(self.sentences)))
        while rest:
            best = max(rest, key=lambda index: (lasting[index] + self._weight(self.words[index] & left), -index))
            yield best
            rest.remove(best)
            left = left - self.words[best]

    def _weight(self, words: set[str]) -> float:
        return sum((self._rarity[word] for word in words), 0.0)

    def relations_of(self, index: int) -> set[tuple[str, str]]:
        """The grammatical relations of a sentence."""
        if index not in self._trees:
            self._trees[index] = self.parse([self.sentences[index]])[0]
        return _relations(self._trees[index])

    @cached_property
    def all_words(self) -> set[str]:
        """Every word of the article, without its ending."""
        return {stem(term) for sentence in self.sentences for term in terms(canonical(sentence))}

    @cached_property
    def all_pairs(self) -> set[tuple[str, str]]:
        """Every pair of words in a row in one of its sentences."""
        return set().union(*(_word_pairs(sentence) for sentence in self.sentences))

    @cached_property
    def windows(self) -> list[set[str]]:
        """The words of each sentence and the one after it."""
        every = [{stem(term) for term in terms(canonical(sentence))} for sentence in self.sentences]
        return [words.union(*every[index + 1 : index + 2]) for index, words in enumerate(every)]


class Claim:
    """A summary sentence, looked up in the article that it is to be borne out by."""

    def __init__(self, grounds: Grounds, text: str, vector: Vectors) -> None:
        self.text = text
        self._grounds = grounds
        self._vector = vector
        self._words = _content(text)

    @cached_property
    def evidence(self) -> tuple[int, ...]:
        """The sentences, one to three by index, that the claim rests on, the best first."""
        wanted = self._words
        found: list[int] = []
        for index in self._grounds.nearest(wanted, self._vector):
            if found and len(self._grounds.words[index] & wanted) < 2:
                break
            found.append(index)
            wanted = wanted - self._grounds.words[index]
            if len(found) == _MOST_EVIDENCE:
                break
        return tuple(found)

    @cached_property
    def judged_by(self) -> tuple[int, ...]:
        """The sentences that a language model judges the claim by, in order."""
        found: list[int] = []
        left = _PASSAGE_WORDS
        for index in self._grounds.nearest(self._words, self._vector):
            words = word_count(self._grounds.sentences[index])
            if found and words > left:
                break
            found.append(index)
            left -= words
        return tuple(sorted(found))

    @property
    def passage(self) -> str:
        """The same as one text."""
        return " ".join(self._grounds.sentences[index] for index in self.judged_by)

    @cached_property
    def unknown(self) -> list[str]:
        """The names and numbers of the claim that the article has in no form."""
        return [term for term in self._named if stem(term) not in self._grounds.all_words]

    @property
    def apart(self) -> list[tuple[str, str]]:
        """The pairs of a name and a number that never stand in the same or in neighbouring sentences."""
        named = list(dict.fromkeys(map(stem, self._named)))
        pairs = [(name, number) for name in named for number in named if not name[0].isdigit() and number[0].isdigit()]
        return [pair for pair in pairs if not any(set(pair) <= window for window in self._grounds.windows)]

    @cached_property
    def keeps_to_words(self) -> bool:
        """Whether the claim has no name and no number that the article lacks or never has together, and the evidence's
        words, negations and hedges."""
        if self.unknown or self.apart:
            return False
        theirs = set().union(*(self._grounds.words[index] for index in self.evidence))
        is_shared = len(self._words & theirs) >= _LEAST_SHARED * len(self._words) > 0
        return is_shared and not turns(self.text, [self._grounds.sentences[index] for index in self.evidence])

    @cached_property
    def signals(self) -> Signals:
        """What speaks for the claim before a language model was asked."""
        relations = _relations(self._grounds.parse([self.text])[0])
        told = set().union(*map(self._grounds.relations_of, self.judged_by))
        return Signals(
            words=_share(self._words, self._grounds.all_words),
            pairs=_share(_word_pairs(self.text), self._grounds.all_pairs),
            relations=_share(relations, told),
        )

    @cached_property
    def needs_verdict(self) -> bool:
        """Whether words do not tell: it has no unknown name, and is no near copy that keeps to its words."""
        return not self.unknown and not (self.signals.shared >= _COPIED and self.keeps_to_words)

    def is_supported(self, verdict: float) -> bool:
        """Whether the claim may be shown.

        :param verdict: a language model's log-odds for it, given its `passage`; any number where it needs none.
        """
        if self.needs_verdict:
            return replace(self.signals, verdict=verdict).is_supported
        return not self.unknown

    @property
    def _named(self) -> list[str]:
        return names_and_numbers(canonical(self.text))


def _content(sentence: str) -> set[str]:
    return {stem(term) for term in content_terms(canonical(sentence))}


def _word_pairs(sentence: str) -> set[tuple[str, str]]:
    words = [stem(term) for term in terms(canonical(sentence))]
    return set(pairwise(words))


def _relations(tree: Tree) -> set[tuple[str, str]]:
    """Head and dependent of each telling relation; what hangs on a preposition hangs on the preposition's head."""
    found = set()
    for index, token in enumerate(tree.tokens):
        if token.relation in _TELLING and token.head != index:
            head = token.head
            if token.relation == "pobj":
                head = tree.tokens[head].head
            found.add((stem(tree.tokens[head].lemma), stem(token.lemma)))
    return found


def _share(ours: Set[object], theirs: Set[object]) -> float:
    return len(ours & theirs) / max(len(ours), 1)
