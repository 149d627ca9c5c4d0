"""Measure the median seconds of each part of verification: a table of docs/quality.md.

python -m scripts.evaluation.costs --limit 4

The models are loaded before the measurement.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tqdm import tqdm

from scripts.evaluation.data import DATA, read_rows
from scripts.evaluation.tables import Row, markdown_table
from summarizer import Settings
from summarizer.cleaning import clean
from summarizer.faithfulness.evidence import Claim, Source
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.manifest import encoder_folder
from summarizer.models.support_model import SupportModel


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA / "qags_xsum.jsonl", help="JSONL: article, sentence")
    parser.add_argument("--limit", type=int, help="only the first N rows")
    options = parser.parse_args(arguments)
    print(markdown_table(evaluate(read_rows(options.data, {"article", "sentence"}, options.limit))))


def evaluate(rows: Sequence[Row]) -> list[Row]:
    """One row per part."""
    folder = encoder_folder(Settings.from_env().cache)
    encoder, network = SentenceEncoder(folder), SupportModel(folder)
    encoder.load()
    network.load()
    seconds: dict[str, list[float]] = {}
    for row in tqdm(rows, desc="timing"):
        text = row["sentence"]
        article = clean(row["article"])
        sentences = [span.of(article.text) for span in article.sentences]
        with _timed(seconds, "vectors of the article's sentences, which selection needs as well"):
            vectors = encoder.embed(sentences)
        vector = encoder.embed([text])[0]
        with _timed(seconds, "evidence and words of the first sentence of a summary"):
            source = Source(sentences, vectors)
            _ = Claim(source, text, vector).passes_exact_checks
        with _timed(seconds, "evidence and words of each further sentence"):
            _ = Claim(source, text, vector).passes_exact_checks
        with _timed(seconds, "the network's verdict on one sentence"):
            network.log_odds([(Claim(source, text, vector).passage, text)], lambda *_: None)
    return [{"part": part, "seconds": round(median(found), 3)} for part, found in seconds.items()]


@contextmanager
def _timed(seconds: dict[str, list[float]], part: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds.setdefault(part, []).append(time.perf_counter() - began)


if __name__ == "__main__":
    main()
