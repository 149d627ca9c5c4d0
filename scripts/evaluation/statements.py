"""Measure how well the writer tells right statements from wrong ones, alone and with the other signals.

    python -m scripts.evaluation.statements --data FILE ...          AUC of each signal, and of all together
    python -m scripts.evaluation.statements --data FILE ... --fit    also write weights and thresholds into the package

A data file has articles with reference summaries and wrong sentences. The statements of the split `validation`
are read; the writer judges each where it would have written it. Nine to fifteen seconds an article.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from scripts.evaluation.data import read_rows
from scripts.evaluation.support import Judged, by_kind, evaluate, fit
from scripts.evaluation.tables import markdown_table
from scripts.training.writer_examples import Reference, Statement, read_references
from summarizer import Settings
from summarizer.cleaning import Article, clean
from summarizer.faithfulness.evidence import Claim, Source
from summarizer.faithfulness.support import Signals
from summarizer.models import prompts
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.llama_cpp import LlamaCppModel
from summarizer.models.manifest import encoder_folder
from summarizer.models.protocols import Excerpt
from summarizer.models.resolve import default_engine
from summarizer.models.trained_writer import verdict_prompt, with_statement
from summarizer.readers import Document


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, nargs="+", required=True, help="JSONL: id, split, title, text, long, wrong"
    )
    parser.add_argument("--fit", action="store_true", help="write weights and thresholds into the package")
    parser.add_argument("--limit", type=int, help="only the first N articles")
    options = parser.parse_args(arguments)
    judge = Judge(default_engine(Settings.from_env()))
    judged = list(judge.references(options.data, options.limit))
    if options.fit:
        fit(judged, "statements", ", ".join(file.name for file in options.data))
    print(markdown_table(evaluate(judged)), markdown_table(by_kind(judged)), sep="\n\n")


@dataclass(frozen=True)
class Context:
    """What the writer has read and said before a statement.

    :param read: sentences of the article.
    :param said: pairs of the sources of a statement, which are among them, and the statement.
    """

    title: str | None
    read: Sequence[str]
    said: Sequence[tuple[Sequence[str], str]]

    @property
    def prompt(self) -> str:
        """The writer's prompt so far."""
        prompt = prompts.writing_prompt(Excerpt(self.title, tuple(self.read))) + prompts.LONG_MARK
        for sources, statement in self.said:
            prompt = with_statement(prompt, sources, statement)
        return prompt

    @property
    def text(self) -> str:
        """The title and the statements."""
        return " ".join([self.title or "", *(statement for _, statement in self.said)])


class Judge:
    """The models that give the signals of a statement."""

    def __init__(self, engine: LlamaCppModel) -> None:
        self._encoder, self._engine = SentenceEncoder(encoder_folder(Settings.from_env().cache)), engine

    def references(self, files: Sequence[Path], limit: int | None, first_group: int = 0) -> Iterator[Judged]:
        """The statements of validation articles, right and wrong ones, with their signals.

        :param limit: of articles; None for all.
        :param first_group: the number of the first article.
        """
        articles = [pair for file in files for pair in self.articles(file)][:limit]
        for group, (text, reference) in enumerate(tqdm(articles, desc="judging"), start=first_group):
            yield from self.judged(group, text, reference)

    def articles(self, file: Path) -> Iterator[tuple[str, Reference]]:
        """The text of each article, and what the writer would read and state of it."""
        texts = {row["id"]: row["text"] for row in read_rows(file, {"id", "split", "title", "text", "long", "wrong"})}
        references = read_references(file, "validation", self._count, self._engine.token_budget)
        yield from ((texts[reference.id], reference) for reference in references)

    def _count(self, text: str) -> int:
        return self._engine.count_tokens(text, lambda: None)

    def judged(self, group: int, text: str, reference: Reference) -> Iterator[Judged]:
        """The statements of an article with their signals: each wrong one where the right one stands, or last."""
        article = clean(Document(text, title=reference.title))
        if article.language not in (None, "en"):  # the network is not asked
            return
        source, read = self.source(article), reference.sentences
        said: list[tuple[Sequence[str], str]] = []

        def sources_of(statement: Statement) -> list[str]:
            return [read[index] for index in statement.sources]

        def judged(statement: Statement) -> Judged:
            context = Context(reference.title, read, said)
            signals, is_known = self.signals(source, context, sources_of(statement), statement.text)
            return Judged(group, not statement.kind, statement.kind, signals, is_known)

        for statement in reference.long:
            yield from (judged(wrong) for wrong in reference.wrong if wrong.sources == statement.sources)
            yield judged(statement)
            said.append((sources_of(statement), statement.text))
        stated = {statement.sources for statement in reference.long}
        yield from (judged(wrong) for wrong in reference.wrong if wrong.sources not in stated)

    def source(self, article: Article) -> Source:
        """An article, indexed for finding evidence."""
        texts = [span.of(article.text) for span in article.sentences]
        return Source(texts, self._encoder.embed(texts))

    def signals(self, source: Source, context: Context, sources: Sequence[str], text: str) -> tuple[Signals, bool]:
        """The signals of a statement, and whether the article has all its names and numbers.

        :param sources: the sentences of the article that it states.
        """
        (vector,) = self._encoder.embed([text])
        cited = [list(source.sentences).index(one) for one in sources]
        claim = Claim(source, text, vector, cited, context.text)
        asked = verdict_prompt(context.prompt, sources, text)
        author = self._engine.log_odds(asked, prompts.RIGHT, prompts.WRONG, lambda: None)
        return Signals.of(claim, None, author), not (claim.unknown or claim.joins_names)


if __name__ == "__main__":
    main()
