#!/usr/bin/env python
"""Measure what parsing does to pasted pages; prints the tables of docs/stripping.md.

    scripts/evaluate_parsing.py pages             found, missed and lost on thousands of made pages
    scripts/evaluate_parsing.py lines             what is found of single lines that someone else wrote, unseen
    scripts/evaluate_parsing.py near              how the threshold of near headlines is fitted
    scripts/evaluate_parsing.py time              seconds for 1,000 to 1,000,000 characters
    scripts/evaluate_parsing.py sentences         splitters on hard sentences, as far as they are installed

The pages, headlines and sentences are those of the tests, in two halves: `--half fitting` is the one that rules and
thresholds were made on.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, when run as a file
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from pages import ARTICLES, FOLDER, Pages, Score, score
from tqdm import tqdm

from summarizer.article import parse
from summarizer.boilerplate import fitted
from summarizer.headlines import NEAR, Headline, key_of
from summarizer.page_lines import heads_related, reason_to_strip
from summarizer.sentences import sentence_spans

Splitter = Callable[[str], Iterable[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", choices=("pages", "lines", "near", "time", "sentences"))
    parser.add_argument("--half", choices=("fitting", "testing"), default="testing")
    parser.add_argument("--each", type=int, default=60, help="pages of each kind (default: 60)")
    options = parser.parse_args()
    tables = {"pages": _pages, "lines": _lines, "near": _near, "time": _time, "sentences": _sentences}
    tables[options.table](options)


def _pages(options: argparse.Namespace) -> None:
    scores: defaultdict[str, Score] = defaultdict(Score)
    for case in tqdm(list(Pages(options.half).cases(options.each)), desc="parsing"):
        scores[case.kind] += score(case)
    scores["all"] = sum(scores.values(), Score())
    print("| kind | pages | title right | found | missed | sentences kept | lost |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for kind, total in scores.items():
        found = f"{total.found:,} | {total.missed:,}" if total.found + total.missed else " | "
        print(f"| {kind} | {total.cases:,} | {total.titled:,} | {found} | {total.kept:,} | {total.lost} |")


def _lines(options: argparse.Namespace) -> None:
    print("| lines | taken by a rule | by the model | by either | of |\n| --- | --- | --- | --- | --- |")
    for kind, lines in json.loads((FOLDER / "unseen.json").read_text(encoding="utf-8")).items():
        ruled = [bool(reason_to_strip(line) or heads_related(line)) for line in lines]
        learnt = [fitted().is_sure(line) for line in lines]
        either = sum(map(any, zip(ruled, learnt, strict=True)))
        print(f"| {kind}'s | {sum(ruled)} | {sum(learnt)} | {either} | {len(lines)} |")


def _near(options: argparse.Namespace) -> None:
    print("| at most | same headline, found | other headline, taken for it |\n| --- | --- | --- |")
    pairs = Pages(options.half).pairs
    changed, different = (
        [Headline(str(pair["headline"])).difference(key_of(other)) for pair in pairs for other in pair[kind]]
        for kind in ("changed", "different")
    )
    for limit in (0.10, 0.15, NEAR, 0.25, 0.30, 0.40):
        found, taken = (sum(difference <= limit for difference in some) for some in (changed, different))
        print(f"| {limit:.2f} | {found} of {len(changed)} | {taken} of {len(different)} |")


def _time(options: argparse.Namespace) -> None:
    page = (ARTICLES / "copied-page.txt").read_text(encoding="utf-8")
    print("| characters | seconds | seconds a million |\n| --- | --- | --- |")
    for length in (1_000, 10_000, 100_000, 1_000_000):
        text = (f"{page}\n\n" * (length // len(page) + 1))[:length]
        began = time.perf_counter()
        parse(text)
        seconds = time.perf_counter() - began
        print(f"| {length:,} | {seconds:.3f} | {seconds * 1_000_000 / length:.1f} |")


def _sentences(options: argparse.Namespace) -> None:
    cases = (FOLDER / "sentences.txt").read_text(encoding="utf-8").splitlines()
    print("| splitter | lines as a reader splits them | milliseconds a line |\n| --- | --- | --- |")
    for name, load in _SPLITTERS.items():
        try:
            split = load()
        except ImportError:
            continue
        split("Load it first.")
        began = time.perf_counter()
        right = sum([part.strip() for part in split(case.replace("|", " "))] == case.split("|") for case in cases)
        seconds = time.perf_counter() - began
        print(f"| {name} | {right} of {len(cases)} | {1000 * seconds / len(cases):.2f} |")


def _syntok() -> Splitter:
    segmenter = import_module("syntok.segmenter")

    def split(text: str) -> Iterable[str]:
        for paragraph in segmenter.process(text):
            for sentence in paragraph:
                yield text[sentence[0].offset : sentence[-1].offset + len(sentence[-1].value)]

    return split


_SPLITTERS: dict[str, Callable[[], Splitter]] = {
    "this project (nupunkt and what is mended of it)": lambda: (
        lambda text: [span.of(text) for span in sentence_spans(text)]
    ),
    "nupunkt": lambda: import_module("nupunkt").sent_tokenize,
    "syntok": _syntok,
    "pysbd": lambda: import_module("pysbd").Segmenter(language="en", clean=False).segment,
    "sentencex": lambda: lambda text: import_module("sentencex").segment("en", text),
    "blingfire": lambda: lambda text: import_module("blingfire").text_to_sentences(text).splitlines(),
}

if __name__ == "__main__":
    main()
