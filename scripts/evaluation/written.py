"""Collect sentences that the writer really writes, for people to judge, and measure verification on them.

    python -m scripts.evaluation.written write ARTICLE.txt ... --out FILE    each statement, and its other wordings
    python -m scripts.evaluation.written measure FILE                        AUC of each signal, what each check shows
    python -m scripts.evaluation.written measure FILE --data REFERENCES --limit N --fit

The last command also reads statements of references, as `scripts.evaluation.statements` does, and writes weights for
both into the package, and thresholds for the written ones.

In the file each sentence gets the votes of its judges: `yes`, how many of `votes` found the article to support it. The
weights are cross-validated by article, so there must be two articles at least.
"""

import argparse
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tqdm import tqdm

from scripts.evaluation.data import read_rows
from scripts.evaluation.statements import Context, Judge
from scripts.evaluation.support import Judged, by_kind, evaluate, fit, reliability
from scripts.evaluation.tables import Row, markdown_table
from summarizer import Settings, Summarizer
from summarizer.cleaning import clean
from summarizer.models.protocols import Accept, Excerpt, Length, Progress, Statement
from summarizer.models.resolve import default_engine
from summarizer.models.trained_writer import TrainedWriter
from summarizer.readers import Document

_FIELDS = {"text", "title", "read", "sentences"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Write or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    actions = parser.add_subparsers(dest="action", required=True)
    write = actions.add_parser("write")
    write.add_argument("articles", type=Path, nargs="+", help="text files, or a JSON lines file with text and title")
    write.add_argument("--out", type=Path, required=True)
    write.add_argument("--limit", type=int, help="only the first N articles")
    measure = actions.add_parser("measure")
    measure.add_argument("judged", type=Path)
    measure.add_argument("--data", type=Path, nargs="+", default=[], help="references with wrong sentences")
    measure.add_argument("--limit", type=int, help="only the first N articles of these")
    measure.add_argument("--fit", action="store_true", help="write weights and thresholds into the package")
    options = parser.parse_args(arguments)
    if options.action == "write":
        _write(list(_documents(options.articles))[: options.limit], options.out)
    else:
        _measure(options.judged, options.data, options.limit, should_fit=options.fit)


def _documents(files: Sequence[Path]) -> Iterator[Document]:
    for file in files:
        if file.suffix == ".jsonl":
            yield from (Document(row["text"], title=row["title"] or None) for row in read_rows(file, {"text", "title"}))
        else:
            yield Document(file.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class _Recorder(TrainedWriter):
    """Writes as the service does, and records each statement with its other wordings."""

    excerpts: list[Excerpt] = field(default_factory=list)
    sentences: list[dict[str, Any]] = field(default_factory=list)

    def write(self, excerpt: Excerpt, lengths: Collection[Length], accept: Accept, progress: Progress) -> None:
        self.excerpts.append(excerpt)
        said: list[tuple[int, str]] = []

        def recorded(length: Length, statement: Statement) -> str | None:
            (point,) = statement.sources
            if length == "long":
                for text in dict.fromkeys([statement.text, *statement.alternatives()]):
                    self.sentences.append({"point": point, "said": list(said), "text": text})
            accepted = accept(length, statement)
            if length == "long" and accepted is not None:
                said.append((point, accepted))
            return accepted

        super().write(excerpt, lengths, recorded, progress)


def _write(documents: Sequence[Document], out: Path) -> None:
    settings = Settings.from_env()
    engine = default_engine(settings)
    with out.open("w", encoding="utf-8") as stream:
        for document in tqdm(documents, desc="writing"):
            writer = _Recorder(engine)
            Summarizer(settings, language_model=writer).summarize(document, method="abstractive", lengths=["long"])
            read = writer.excerpts[0].sentences if writer.excerpts else ()
            sentences = [one | {"yes": 0, "votes": 0} for one in writer.sentences if one["text"] not in read]
            row = {"text": document.text, "title": document.title, "read": read, "sentences": sentences}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            stream.flush()


def _measure(file: Path, references: Sequence[Path], limit: int | None, *, should_fit: bool) -> None:
    judge = Judge(default_engine(Settings.from_env()))
    written = list(_judged(judge, file))
    others = list(judge.references(references, limit, first_group=1 + written[-1].group))
    if should_fit:
        fit([*written, *others], "statements", ", ".join(one.name for one in (file, *references)), len(written))
    print(markdown_table(_shares_wrong(file)), markdown_table(reliability(written)), sep="\n\n", end="\n\n")
    for judged in filter(None, (written, others)):
        print(markdown_table(evaluate(judged)), markdown_table(by_kind(judged)), sep="\n\n", end="\n\n")


def _shares_wrong(file: Path) -> list[Row]:
    """How many of the likeliest wordings and of the others the judges found wrong."""
    wrong: dict[str, list[bool]] = {"likeliest": [], "others": []}
    for row in read_rows(file, _FIELDS):
        seen = set[int]()
        for one in row["sentences"]:
            wrong["others" if one["point"] in seen else "likeliest"].append(2 * one["yes"] <= one["votes"])
            seen.add(one["point"])
    return [{"wordings": name, "sentences": len(found), "wrong": sum(found)} for name, found in wrong.items()]


def _judged(judge: Judge, file: Path) -> Iterator[Judged]:
    for group, row in enumerate(tqdm(read_rows(file, _FIELDS), desc="measuring")):
        article = clean(Document(row["text"], title=row["title"]))
        source = judge.source(article)
        for sentence in row["sentences"]:
            if not sentence["votes"]:
                continue
            said = [([row["read"][point]], text) for point, text in sentence["said"]]
            context, sources = Context(article.title, row["read"], said), [row["read"][sentence["point"]]]
            signals, is_known = judge.signals(source, context, sources, sentence["text"])
            is_right = 2 * sentence["yes"] > sentence["votes"]
            yield Judged(group, is_right, "" if is_right else "any", signals, is_known)


if __name__ == "__main__":
    main()
