"""The embedded dependency parser: sentences in, trees out.

spaCy's small English pipeline (Honnibal et al. 2020), its files taken as data. Knows nothing of summaries.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from summarizer.errors import ModelNotFound
from summarizer.syntax import Token, Tree


class DependencyParser:
    """Loads once, then parses; calls from several threads take turns."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "config.cfg").is_file():
            raise ModelNotFound(f"The dependency parser is not in {folder}. Run scripts/setup to put it there.")
        self._folder = folder
        self._lock = threading.Lock()
        self._loaded: Any = None

    def load(self) -> None:
        """Load the weights unless they are there."""
        with self._lock:
            self._load()

    def parse(self, sentences: Sequence[str]) -> list[Tree]:
        """The tree of each sentence; 15 ms for a sentence of 25 words on one slow core."""
        with self._lock:
            pipeline = self._load()
            with pipeline.memory_zone():  # else each word that it has not seen before is kept for ever
                return [
                    _tree(sentence, document)
                    for sentence, document in zip(sentences, pipeline.pipe(sentences), strict=True)
                ]

    def _load(self) -> Any:
        if self._loaded is None:
            import spacy

            self._loaded = spacy.load(self._folder, exclude=["ner", "senter"])
        return self._loaded


def _tree(sentence: str, document: Any) -> Tree:
    return Tree(
        sentence,
        [
            Token(
                token.text,
                token.idx,
                token.idx + len(token.text),
                token.lemma_.casefold(),
                token.pos_,
                token.dep_,
                token.head.i,
            )
            for token in document
        ],
    )
