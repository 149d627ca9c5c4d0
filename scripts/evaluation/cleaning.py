"""Measure the cleaning of articles: the tables of docs/cleaning.md.

    python -m scripts.evaluation.cleaning pages        # generated pages: titles, removed and lost lines
    python -m scripts.evaluation.cleaning lines        # single lines by another author
    python -m scripts.evaluation.cleaning near         # lightly changed headlines
    python -m scripts.evaluation.cleaning time         # seconds for 1,000 to 1,000,000 characters
    python -m scripts.evaluation.cleaning sentences    # sentence splitters on hard cases

The pages and headlines have two halves: rules were written and thresholds fitted on `--half fitting`; the default is
the other half. Splitters that are not installed are left out.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module

from tqdm import tqdm

from scripts.evaluation.page_parts import ARTICLES, FOLDER, Draw
from scripts.evaluation.synthetic_pages import Pages, Score, score
from scripts.evaluation.tables import Row, markdown_table
from summarizer.cleaning import clean
from summarizer.cleaning.boilerplate.classifier import line_classifier
from summarizer.cleaning.boilerplate.patterns import boilerplate_reason, heads_related
from summarizer.cleaning.title_matching import NEAR, Headline, key_of
from summarizer.text.sentences import sentence_spans

Splitter = Callable[[str], Iterable[str]]
# By the keys of unseen.json.
_LINE_KINDS = {"page": "page furniture", "article": "articles"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", choices=_TABLES)
    parser.add_argument("--half", choices=("fitting", "testing"), default="testing")
    parser.add_argument("--each", type=int, default=60, help="pages of each kind (default: 60)")
    options = parser.parse_args(arguments)
    print(markdown_table(_TABLES[options.table](options)))


def _pages(options: argparse.Namespace) -> list[Row]:
    scores: defaultdict[str, Score] = defaultdict(Score)
    for case in tqdm(list(Pages(options.half).cases(options.each)), desc="cleaning"):
        scores[case.kind] += score(case)
    scores["all"] = sum(scores.values(), Score())
    return [_page_row(kind, total) for kind, total in scores.items()]


def _page_row(kind: str, total: Score) -> Row:
    has_boilerplate = total.found + total.missed > 0
    return {
        "kind": kind,
        "pages": f"{total.cases:,}",
        "title right": f"{total.titled:,}",
        "found": f"{total.found:,}" if has_boilerplate else "",
        "missed": f"{total.missed:,}" if has_boilerplate else "",
        "sentences kept": f"{total.kept:,}",
        "lost": f"{total.lost:,}",
    }


def _lines(_: argparse.Namespace) -> list[Row]:
    rows: list[Row] = []
    for kind, lines in json.loads((FOLDER / "unseen.json").read_text(encoding="utf-8")).items():
        by_rule = [bool(boilerplate_reason(line) or heads_related(line)) for line in lines]
        by_classifier = [line_classifier().is_sure(line) for line in lines]
        either = [any(removed) for removed in zip(by_rule, by_classifier, strict=True)]
        rows.append(
            {
                "lines": _LINE_KINDS[kind],
                "removed by a rule": sum(by_rule),
                "by the classifier": sum(by_classifier),
                "by either": sum(either),
                "of": len(lines),
            }
        )
    return rows


def _near(options: argparse.Namespace) -> list[Row]:
    headlines = Draw(options.half).headlines
    changed = [
        Headline(variants.headline).difference(key_of(line)) for variants in headlines for line in variants.changed
    ]
    different = [
        Headline(variants.headline).difference(key_of(line)) for variants in headlines for line in variants.different
    ]
    return [
        {
            "at most": f"{limit:.2f}{' (used)' if limit == NEAR else ''}",
            "same headline, found": f"{sum(cost <= limit for cost in changed)} of {len(changed)}",
            "other headline, taken for it": f"{sum(cost <= limit for cost in different)} of {len(different)}",
        }
        for limit in (0.10, 0.15, NEAR, 0.25, 0.30, 0.40)
    ]


def _time(_: argparse.Namespace) -> list[Row]:
    page = (ARTICLES / "copied-page.txt").read_text(encoding="utf-8")
    rows: list[Row] = []
    for length in (1_000, 10_000, 100_000, 1_000_000):
        text = (f"{page}\n\n" * (length // len(page) + 1))[:length]
        began = time.perf_counter()
        clean(text)
        seconds = time.perf_counter() - began
        rows.append(
            {
                "characters": f"{length:,}",
                "seconds": f"{seconds:.3f}",
                "seconds per million": f"{seconds * 1_000_000 / length:.1f}",
            }
        )
    return rows


def _sentences(_: argparse.Namespace) -> list[Row]:
    """A line of sentences.txt has "|" between its sentences."""
    lines = (FOLDER / "sentences.txt").read_text(encoding="utf-8").splitlines()
    rows: list[Row] = []
    for name, load in _SPLITTERS.items():
        try:
            split = load()
        except ImportError:
            continue
        list(split("The first call loads the model."))
        began = time.perf_counter()
        right = sum([part.strip() for part in split(line.replace("|", " "))] == line.split("|") for line in lines)
        seconds = time.perf_counter() - began
        rows.append(
            {
                "splitter": name,
                "lines split correctly": f"{right} of {len(lines)}",
                "milliseconds per line": f"{1000 * seconds / len(lines):.2f}",
            }
        )
    return rows


def _load_project() -> Splitter:
    return lambda text: [span.of(text) for span in sentence_spans(text)]


def _load_syntok() -> Splitter:
    segmenter = import_module("syntok.segmenter")

    def split(text: str) -> Iterable[str]:
        for paragraph in segmenter.process(text):
            for sentence in paragraph:
                yield text[sentence[0].offset : sentence[-1].offset + len(sentence[-1].value)]

    return split


def _load_sentencex() -> Splitter:
    segment = import_module("sentencex").segment
    return lambda text: list(segment("en", text))


def _load_blingfire() -> Splitter:
    text_to_sentences = import_module("blingfire").text_to_sentences
    return lambda text: str(text_to_sentences(text)).splitlines()


# Each function imports its splitter, and raises ImportError if it is not installed.
_SPLITTERS: dict[str, Callable[[], Splitter]] = {
    "this project (nupunkt with corrections)": _load_project,
    "nupunkt": lambda: import_module("nupunkt").sent_tokenize,
    "syntok": _load_syntok,
    "pysbd": lambda: import_module("pysbd").Segmenter(language="en", clean=False).segment,
    "sentencex": _load_sentencex,
    "blingfire": _load_blingfire,
}
_TABLES: dict[str, Callable[[argparse.Namespace], list[Row]]] = {
    "pages": _pages,
    "lines": _lines,
    "near": _near,
    "time": _time,
    "sentences": _sentences,
}


if __name__ == "__main__":
    main()
