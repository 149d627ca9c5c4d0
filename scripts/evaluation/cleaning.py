"""Measure the cleaning of articles: the tables of docs/cleaning.md.

    python -m scripts.evaluation.cleaning pages        # generated pages: titles, removed and lost lines
    python -m scripts.evaluation.cleaning lines        # single lines by another author
    python -m scripts.evaluation.cleaning near         # lightly changed headlines
    python -m scripts.evaluation.cleaning time         # seconds for 1,000 to 1,000,000 characters

The pages and headlines have two halves: rules were written and thresholds fitted on `--half fitting`; the default is
the other half.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from tqdm import tqdm

from scripts.evaluation.page_parts import ARTICLES, FOLDER, Draw
from scripts.evaluation.synthetic_pages import Pages, Score, score
from scripts.evaluation.tables import Row, markdown_table
from summarizer.cleaning import clean
from summarizer.cleaning.boilerplate.classifier import line_classifier
from summarizer.cleaning.boilerplate.patterns import boilerplate_reason, heads_related
from summarizer.cleaning.title_matching import NEAR, Headline, key_of

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


_TABLES: dict[str, Callable[[argparse.Namespace], list[Row]]] = {
    "pages": _pages,
    "lines": _lines,
    "near": _near,
    "time": _time,
}


if __name__ == "__main__":
    main()
