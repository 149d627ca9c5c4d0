"""What the writer reads of an article: title and text in, the excerpt that the service would choose out.

Excerpts are kept in a JSON-lines file, since encoding 1,000 articles takes minutes.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from summarizer import cleaning
from summarizer.abstraction import select_excerpt
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.manifest import encoder_folder
from summarizer.models.protocols import Excerpt
from summarizer.readers import Document
from summarizer.selection.selector import Selector
from summarizer.settings import Settings

# The excerpt that is read, from an article's title, its text and a budget in tokens of the text.
Selection = Callable[[str | None, str, int], Excerpt]
CountTokens = Callable[[str], int]


@dataclass(frozen=True)
class _Reader:
    """Counts tokens as the service asks a model to."""

    count: CountTokens

    def count_tokens(self, text: str, on_wait: Callable[[], None]) -> int:
        return self.count(text)


def service_selection(count_tokens: CountTokens) -> Selection:
    """The service's own choice: clean the article, rank its sentences, take the best within the budget."""
    settings = Settings.from_env()
    encoder = SentenceEncoder(encoder_folder(settings.cache), settings.device)

    def select(title: str | None, text: str, budget: int) -> Excerpt:
        article = cleaning.clean(Document(text, title=title))
        sentences = tuple(span.of(article.text) for span in article.sentences)
        selector = Selector(sentences, encoder.embed(sentences), article.title)
        chosen = select_excerpt(
            article.text, sentences, selector, _Reader(count_tokens), budget=budget, on_wait=lambda: None
        )
        return Excerpt(article.title, tuple(sentences[index] for index in chosen))

    return select


def cached_selection(select: Callable[[], Selection], file: Path) -> Selection:
    """The same selection, with its results kept in a file.

    :param select: makes the selection; called only when an article is not in the file.
    :param file: JSON lines of `key`, `title` and `sentences`, appended to; delete it when the selection changes.
    """
    known = _known(file)
    selection = cache(select)

    def cached(title: str | None, text: str, budget: int) -> Excerpt:
        key = hashlib.sha256(json.dumps([title, text, budget]).encode()).hexdigest()
        if key not in known:
            known[key] = selection()(title, text, budget)
            row = {"key": key, **asdict(known[key])}
            with file.open("a", encoding="utf-8") as output:
                output.write(json.dumps(row, ensure_ascii=False) + "\n")
        return known[key]

    return cached


def _known(file: Path) -> dict[str, Excerpt]:
    """The results in the file; half a line, which a killed process may leave, is removed."""
    if not file.is_file():
        return {}
    text = file.read_text(encoding="utf-8")
    lines = text[: text.rfind("\n") + 1]
    if lines != text:
        file.write_text(lines, encoding="utf-8")
    rows = map(json.loads, lines.split("\n")[:-1])
    return {row["key"]: Excerpt(row["title"], tuple(row["sentences"])) for row in rows}
