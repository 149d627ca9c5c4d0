"""A summary sentence and its article → the article's sentences that it rests on, and how much they share.

`Source` indexes the article once, for any number of claims.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from functools import cached_property
from itertools import pairwise

from summarizer.faithfulness.lexical import names_and_numbers, reverses
from summarizer.models.encoder import Vectors
from summarizer.text.lexicon import FUNCTION_WORDS, SPEECH_VERBS
from summarizer.text.numbers import canonical
from summarizer.text.words import content_terms, stem, terms, word_count

# Words of the passage that the network reads to judge a sentence: about 160 tokens, so that a verdict costs the same
# for any article.
_PASSAGE_WORDS = 120
_MAX_EVIDENCE = 3
_TITLES = frozenset({"Mr", "Mrs", "Ms", "Miss", "Dr"})  # anybody may be given one
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# A word in lower case and the name behind it; verbs and adverbs are no roles.
_ROLE = re.compile(r"\b([a-z][a-z-]{2,})\s+((?:[A-Z][\w'’-]*\.?\s?)+)")
_NO_ROLE = re.compile(rf"{SPEECH_VERBS}|\w+(?:ed|ing|ly)")
_FIRST_PERSON = frozenset("i me my mine we us our ours you your".split())
_PRONOUNS = frozenset("he him his she her hers they them their theirs".split())
# Weights, beside the rare words that a sentence covers, of its similarity and of rare words that are covered already.
_SIMILARITY_WEIGHT, _COVERED_WEIGHT = 1.0, 0.3
# Least share of a sentence's content words that its evidence must contain for the lexical check.
_MIN_SHARED_WORDS = 0.75


class Source:
    """The sentences of an article, indexed for finding evidence."""

    def __init__(self, sentences: Sequence[str], vectors: Vectors) -> None:
        """Index the sentences.

        :param vectors: their unit vectors, shape (sentences, dimensions).
        """
        self.sentences = sentences
        self._vectors = vectors
        self.words = [_content_stems(sentence) for sentence in sentences]
        occurrences = Counter(word for words in self.words for word in words)
        # Rare words identify sentences: inverse document frequency (Spärck Jones 1972), without the logarithm.
        self._rarity = {word: 1.0 / count for word, count in occurrences.items()}

    def nearest(self, wanted: set[str], vector: Vectors) -> Iterator[int]:
        """The sentences, each time the one that adds most to the wanted words covered so far."""
        similarity = _SIMILARITY_WEIGHT * (self._vectors @ vector)
        base = similarity + [_COVERED_WEIGHT * self._weight(words & wanted) for words in self.words]
        uncovered = wanted
        rest = set(range(len(self.sentences)))
        while rest:
            best = max(rest, key=lambda index: (base[index] + self._weight(self.words[index] & uncovered), -index))
            yield best
            rest.remove(best)
            uncovered = uncovered - self.words[best]

    def _weight(self, words: set[str]) -> float:
        return sum((self._rarity[word] for word in words), 0.0)

    @cached_property
    def all_names(self) -> set[str]:
        """All words of the article, as names are compared."""
        return set().union(*map(_name_forms, self.sentences))

    @cached_property
    def all_words(self) -> set[str]:
        """The stems of all words of the article."""
        return set().union(*self.every)

    @cached_property
    def all_pairs(self) -> set[tuple[str, str]]:
        """All pairs of consecutive words within a sentence."""
        return set().union(*(_word_pairs(sentence) for sentence in self.sentences))

    @cached_property
    def windows(self) -> list[set[str]]:
        """The stems of each sentence and the one after it."""
        return [words.union(*self.every[index + 1 : index + 2]) for index, words in enumerate(self.every)]

    @cached_property
    def roles(self) -> dict[str, set[str]]:
        """The forms of all names behind each word in lower case that may be a role."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for sentence in self.sentences:
            for role, names in _roles(sentence):
                found[role] |= names
        return dict(found)

    @cached_property
    def every(self) -> list[set[str]]:
        """The stems of all words of each sentence."""
        return [_stems(sentence) for sentence in self.sentences]


class Claim:
    """A summary sentence, looked up in its source."""

    def __init__(self, source: Source, text: str, vector: Vectors, cited: Sequence[int] = (), said: str = "") -> None:
        """Take a sentence.

        :param vector: its unit vector.
        :param cited: the indices of the sentences that its author drew on, which come first in its evidence.
        :param said: the title and what the summary said before.
        """
        self.text = text
        self._source = source
        self._vector = vector
        self._cited = tuple(cited)
        self._said = said
        self._words = _content_stems(text)

    @cached_property
    def evidence(self) -> tuple[int, ...]:
        """The indices of the one to three sentences that the claim rests on, best first."""
        found = list(self._cited)
        wanted = self._words.difference(*(self._source.words[index] for index in found))
        for index in self._source.nearest(wanted, self._vector):
            if index in found:
                continue
            if found and len(self._source.words[index] & wanted) < 2:
                break
            found.append(index)
            wanted = wanted - self._source.words[index]
            if len(found) == _MAX_EVIDENCE:
                break
        return tuple(found)

    @cached_property
    def passage(self) -> str:
        """The sentences, in order, by which the verifier's network judges the claim."""
        found: list[int] = []
        left = _PASSAGE_WORDS
        for index in self._source.nearest(self._words, self._vector):
            words = word_count(self._source.sentences[index])
            if found and words > left:
                break
            found.append(index)
            left -= words
        return " ".join(self._source.sentences[index] for index in sorted(found))

    @cached_property
    def unknown(self) -> list[str]:
        """The names and numbers of the claim that are not in the article in any form."""
        return [term for term in self._named if _name_form(term) not in self._source.all_names]

    @property
    def uncited(self) -> list[str]:
        """The names and numbers that are neither near the sentences that its author drew on nor said before.

        Near are they and the sentences next to them, which may name whom a pronoun means. Of the right sentences among
        the references 8% have one, of those with an exchanged name 23%.
        """
        if not self._cited:
            return []
        beside = {index + step for index in self._cited for step in (-1, 0, 1)}
        near = [index for index in beside if 0 <= index < len(self._source.sentences)]
        known = _name_forms(self._said).union(*(_name_forms(self._source.sentences[index]) for index in near))
        return [term for term in self._named if _name_form(term) not in known]

    @property
    def joins_names(self) -> bool:
        """Whether two capitalized words stand side by side that never do in the article or in what was said before.

        "Mike Miller" may come of Mike Lind and Drew Miller. Of the right statements among the references 2% have such a
        pair.
        """
        said = _word_pairs(self._said)
        return any(pair not in self._source.all_pairs and pair not in said for pair in _name_pairs(self.text))

    @property
    def exchanges_role(self) -> bool:
        """Whether a role stands before a name, and in the article only before others.

        "Arsenal defender Jurgen Klopp" may come of "Arsenal defender Per Mertesacker". Of the right sentences among the
        references 1% have one.
        """
        roles = self._source.roles
        return any(role in roles and names.isdisjoint(roles[role]) for role, names in _roles(self.text))

    @property
    def exchanges_pronoun(self) -> bool:
        """Whether a person's pronoun is not in the cited sentences ("his son" for "their son").

        The words of a speaker may be reported: "my son" becomes "his son".
        """
        cited = {word for index in self._cited for word in map(str.casefold, terms(self._source.sentences[index]))}
        if not cited or cited & _FIRST_PERSON:
            return False
        return not _PRONOUNS & set(map(str.casefold, terms(self.text))) <= cited

    @property
    def apart(self) -> list[tuple[str, str]]:
        """The pairs of a name and a number that are never in the same or in neighbouring sentences."""
        named = list(dict.fromkeys(map(stem, self._named)))
        pairs = [(name, number) for name in named for number in named if not name[0].isdigit() and number[0].isdigit()]
        return [pair for pair in pairs if not any(set(pair) <= window for window in self._source.windows)]

    @property
    def passes_exact_checks(self) -> bool:
        """Whether it keeps the facts of its evidence, and names nobody and nothing from elsewhere in the article."""
        return self.keeps_facts and not self.uncited and not self.exchanges_pronoun

    @cached_property
    def keeps_facts(self) -> bool:
        """Whether the article has the claim's names and numbers together, and its evidence the same words, negations
        and hedges."""
        if self.unknown or self.apart:
            return False
        covered = set().union(*(self._source.words[index] for index in self.evidence))
        is_covered = len(self._words & covered) >= _MIN_SHARED_WORDS * len(self._words) > 0
        texts = [self._source.sentences[index] for index in self.evidence]
        count = len(self._cited) or len(texts)
        return is_covered and not reverses(self.text, texts[:count], texts[count:])

    @property
    def shared_words(self) -> float:
        """The share of the claim's content words that the article has in any form, 0 to 1."""
        return _share(self._words, self._source.all_words)

    @property
    def shared_pairs(self) -> float:
        """The share of its pairs of consecutive words that the article has, 0 to 1."""
        return _share(_word_pairs(self.text), self._source.all_pairs)

    @property
    def _named(self) -> list[str]:
        return names_and_numbers(canonical(self.text))


def _roles(text: str) -> Iterator[tuple[str, set[str]]]:
    """Each word in lower case that may be a role ("defender", "mayor"), and the forms of the name behind it."""
    for found in _ROLE.finditer(text):
        if found[1] not in FUNCTION_WORDS and not _NO_ROLE.fullmatch(found[1]):
            yield found[1], _name_forms(found[2])


def _name_pairs(text: str) -> Iterator[tuple[str, str]]:
    """The stems of each two capitalized words with a space between them, but "Scotland's Ana" and "Mr Lind"."""
    for one, other in pairwise(_WORD.finditer(text)):
        is_name = one[0] not in _TITLES and one[0].casefold() not in FUNCTION_WORDS and one[0][-2:] not in ("'s", "’s")
        if is_name and one[0][0].isupper() and other[0][0].isupper() and text[one.end() : other.start()] == " ":
            yield stem(one[0]), stem(other[0])


def _content_stems(sentence: str) -> set[str]:
    return {stem(term) for term in content_terms(canonical(sentence))}


def _stems(text: str) -> set[str]:
    return {stem(term) for term in terms(canonical(text))}


def _name_forms(text: str) -> set[str]:
    return {_name_form(term) for term in terms(canonical(text))}


def _name_form(term: str) -> str:
    """A name without its possessive ending. It is no stem: "Carrie" and "Carried" differ."""
    return re.sub(r"['’]s?$", "", term.casefold())


def _word_pairs(sentence: str) -> set[tuple[str, str]]:
    words = [stem(term) for term in terms(canonical(sentence))]
    return set(pairwise(words))


def _share(words: Set[object], known: Set[object]) -> float:
    return len(words & known) / max(len(words), 1)
