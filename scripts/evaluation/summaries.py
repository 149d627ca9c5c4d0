"""Measure the summaries of each system: ROUGE, words and seconds, tables of docs/quality.md.

    python -m scripts.evaluation.summaries                 every system on the evaluation articles
    python -m scripts.evaluation.summaries --rotate        the same, with each article's first third moved to its end
    python -m scripts.evaluation.summaries --check         also the sentences that verification calls unsupported
    python -m scripts.evaluation.summaries --blind extractive bart_large --save DIR

Each summary is saved under evaluation/ when it is finished, so that an interrupted run resumes; after a change of the
package, all are computed again.
"""

import argparse
import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median

from rouge_score.rouge_scorer import RougeScorer
from tqdm import tqdm

from scripts.evaluation.data import CHECKOUT, DATA, read_rows, rotated
from scripts.evaluation.recorded_model import RecordedModel
from scripts.evaluation.tables import Row, markdown_table
from summarizer import Settings, Summarizer
from summarizer.cleaning import clean
from summarizer.faithfulness import Source, Verifier
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.manifest import encoder_folder
from summarizer.models.resolve import default_engine
from summarizer.models.support_model import SupportModel
from summarizer.models.trained_writer import TrainedWriter
from summarizer.settings import METHODS, Check
from summarizer.text.sentences import sentence_spans
from summarizer.text.words import word_count
from summarizer.web.cache import code_hash

SYSTEMS = ("lead-3", *METHODS, "bart_large")
MEASURES = ("rouge1", "rouge2", "rougeLsum")
_CHECKS: tuple[Check, ...] = ("normal", "strict")
RESULTS = CHECKOUT / "evaluation"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA / "realsumm.jsonl", help="JSONL: id, article, reference")
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--rotate", action="store_true", help="move each article's first third to its end")
    parser.add_argument("--check", action="store_true", help="also count the sentences that are called unsupported")
    parser.add_argument("--save", type=Path, metavar="DIR", help="write each system's summaries as JSONL")
    parser.add_argument(
        "--blind", nargs=2, choices=SYSTEMS, metavar=("A", "B"), help="write A and B side by side, for blind reading"
    )
    parser.add_argument("--limit", type=int, help="only the first N rows")
    parser.add_argument("--json", type=Path, help="also write the table as JSON")
    options = parser.parse_args(arguments)
    if options.blind and not set(options.blind) <= set(options.systems):
        parser.error("--blind needs both of its systems among --systems")
    table = evaluate(options)
    print(markdown_table(table))
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def evaluate(options: argparse.Namespace) -> list[Row]:
    """One row per system."""
    rows = read_rows(options.data, {"id", "article", "reference"}, options.limit)
    systems = Systems(rows, options.data, options.rotate)
    summaries = {system: _summaries(rows, systems, system) for system in options.systems}
    if options.save:
        _save(summaries, options.save)
    if options.blind:
        one, other = options.blind
        _write_blind(rows, summaries, (one, other), options.save or RESULTS)
    scorer = RougeScorer(list(MEASURES), use_stemmer=True)
    table = [_scores(system, rows, made, scorer) for system, made in summaries.items()]
    return [row | systems.check(summaries[row["system"]]) for row in table] if options.check else table


class Systems:
    """The systems by name: the index of a row → its summary."""

    def __init__(self, rows: Sequence[Row], data: Path, rotate: bool) -> None:
        self._rows, self._rotate, self._data = rows, rotate, data
        self._summarizer: Summarizer | None = None
        self._model = RecordedModel.of(default_engine(Settings.from_env()), RESULTS / "answers.jsonl")
        settings = repr(Settings.from_env()).encode()
        self._version = hashlib.sha256(code_hash().encode() + settings + data.read_bytes()).hexdigest()[:12]

    def file(self, system: str) -> Path:
        """The file of the system's summaries."""
        suffix = "-rotated" if self._rotate else ""
        return RESULTS / self._version / f"{self._data.stem}{suffix}-{system}.jsonl"

    def summarize(self, system: str, index: int) -> Row:
        """The long summary of a row by a system."""
        row = self._rows[index]
        text = rotated(row["article"]) if self._rotate else row["article"]
        if system == "lead-3":
            article = clean(text)
            return {"sentences": [span.of(article.text) for span in article.sentences[:3]], "seconds": 0.0}
        if system not in METHODS:
            return {"sentences": _sentences(row[system]), "seconds": 0.0}
        summarizer = self._loaded()
        began, saved = time.perf_counter(), self._model.saved
        summary = summarizer.summarize(text, method=system, lengths=["long"])
        sentences = summary.sentences.long or ()
        return {
            "sentences": [sentence.text for sentence in sentences],
            "origins": [sentence.origin for sentence in sentences],
            "drafted": summary.stats.drafted,
            "refused": summary.stats.refused,
            "seconds": time.perf_counter() - began + self._model.saved - saved,
        }

    def check(self, summaries: Sequence[Row]) -> Row:
        """The number of sentences that verification calls unsupported; the article's own are not checked."""
        folder = encoder_folder(Settings.from_env().cache)
        encoder, network = SentenceEncoder(folder), SupportModel(folder)
        refused: Counter[str] = Counter()
        for row, summary in zip(tqdm(self._rows, desc="checking"), summaries, strict=True):
            article = clean(row["article"])
            sentences = [span.of(article.text) for span in article.sentences]
            written = [text for text in summary["sentences"] if text not in sentences]
            source = Source(sentences, encoder.embed(sentences))
            for check in _CHECKS if written else ():
                verifier = Verifier(encoder, network, check)
                for text in written:
                    verdict = verifier.verify(source, text, language=article.language, progress=lambda *_: None)
                    refused[check] += not verdict.is_supported
        shown = sum(len(summary["sentences"]) for summary in summaries)
        return {f"unsupported, {check}": f"{refused[check]} of {shown}" for check in _CHECKS}

    def _loaded(self) -> Summarizer:
        if self._summarizer is None:
            self._summarizer = Summarizer(language_model=TrainedWriter(self._model))
            self._summarizer.load()
        return self._summarizer


def _summaries(rows: Sequence[Row], systems: Systems, system: str) -> list[Row]:
    """The system's summaries of all rows; only those missing from its file are computed."""
    path = systems.file(system)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    made = {row["id"]: row for row in map(json.loads, lines)}
    with path.open("a", encoding="utf-8") as stream:
        for index, row in enumerate(tqdm(rows, desc=system)):
            if row["id"] not in made:
                made[row["id"]] = {"id": row["id"], **systems.summarize(system, index)}
                stream.write(json.dumps(made[row["id"]], ensure_ascii=False) + "\n")
                stream.flush()
    return [made[row["id"]] for row in rows]


def _scores(system: str, rows: Sequence[Row], summaries: Sequence[Row], scorer: RougeScorer) -> Row:
    scores = [
        scorer.score("\n".join(_sentences(row["reference"])), "\n".join(summary["sentences"]))
        for row, summary in zip(rows, summaries, strict=True)
    ]
    drafted = sum(summary.get("drafted", 0) for summary in summaries)
    refused = sum(summary.get("refused", 0) for summary in summaries)
    origins = [origin for summary in summaries for origin in summary.get("origins", [])]
    return {
        "system": system,
        **{measure: round(100 * mean(score[measure].fmeasure for score in scores), 2) for measure in MEASURES},
        "words": round(mean(sum(map(word_count, summary["sentences"])) for summary in summaries), 1),
        "drafts refused": f"{refused} of {drafted}" if drafted else "",
        "article's own": f"{origins.count('article')} of {len(origins)}" if origins else "",
        "seconds": round(median(summary["seconds"] for summary in summaries), 1),
    }


def _sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text)]


def _save(summaries: dict[str, list[Row]], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for system, rows in summaries.items():
        lines = [json.dumps({"id": row["id"], "summary": " ".join(row["sentences"])}) for row in rows]
        (folder / f"{system}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_blind(rows: Sequence[Row], summaries: dict[str, list[Row]], pair: tuple[str, str], folder: Path) -> None:
    """Write the summaries of two systems side by side, in random order per article, and the order as a separate file.

    Everything is in lower case, because letter case would reveal the system in data that are partly in lower case.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(" ".join(pair))
    name = "-".join(pair)
    pages, key = [], {}
    for number, row in enumerate(rows):
        order = draw.sample(pair, 2)
        key[row["id"]] = order
        texts = [row["article"], *(" ".join(summaries[system][number]["sentences"]) for system in order)]
        article, first, second = (text.casefold() for text in texts)
        pages.append(f"# {number + 1}: {row['id']}\n\nARTICLE\n{article}\n\nFIRST\n{first}\n\nSECOND\n{second}\n")
    (folder / f"blind-{name}.txt").write_text("\n".join(pages), encoding="utf-8")
    (folder / f"blind-{name}-key.json").write_text(json.dumps(key, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
