"""Dependency trees: the words of a sentence and which of them hangs on which. Knows nothing of who parsed it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Token:
    """A word, number or sign of a sentence.

    :param start: its first character in the sentence; `end` is the one behind its last.
    :param part: its part of speech, by the names of Universal Dependencies (Nivre et al. 2020).
    :param relation: how it hangs on its head, by ClearNLP's names (Choi and Palmer 2012).
    :param head: the index of its head; a root is its own.
    """

    text: str
    start: int
    end: int
    lemma: str
    part: str
    relation: str
    head: int

    @property
    def plain(self) -> str:
        """The word in lower case."""
        return self.text.casefold()


class Tree:
    """The tokens of one sentence, with the ways up and down."""

    def __init__(self, sentence: str, tokens: Sequence[Token]) -> None:
        self.sentence = sentence
        self.tokens = tuple(tokens)
        self._children: list[list[int]] = [[] for _ in tokens]
        for index, token in enumerate(tokens):
            if token.head != index:
                self._children[token.head].append(index)

    def children(self, index: int) -> list[Token]:
        """What hangs on a token directly, in order."""
        return [self.tokens[child] for child in self._children[index]]

    def child_indices(self, index: int) -> list[int]:
        """The same, by index."""
        return self._children[index]

    def subtree(self, index: int) -> frozenset[int]:
        """A token with all that hangs on it."""
        found, waiting = set(), [index]
        while waiting:
            found.add(current := waiting.pop())
            waiting += self._children[current]
        return frozenset(found)

    def ancestors(self, index: int) -> Iterator[int]:
        """The head of a token, the head's head … up to the root."""
        while (head := self.tokens[index].head) != index:
            yield head
            index = head
