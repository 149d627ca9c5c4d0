"""Measure how near the long summary comes to the number of words that is asked for, and how many key points there are.

python -m scripts.evaluation.lengths                 30 evaluation articles of 400 words or more
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from scripts.evaluation.data import DATA, read_rows
from scripts.evaluation.tables import markdown_table
from summarizer import Summarizer
from summarizer.text.words import word_count

_WORDS, _TOLERANCE = (40, 85, 120, 200), 0.2
_MIN_ARTICLE_WORDS, _ARTICLES = 400, 30


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA / "realsumm.jsonl", help="JSONL with `article`")
    options = parser.parse_args(arguments)
    texts = [row["article"] for row in read_rows(options.data, {"article"})]
    texts = [text for text in texts if word_count(text) >= _MIN_ARTICLE_WORDS][:_ARTICLES]
    summarizer = Summarizer()
    table = []
    for words in _WORDS:
        found = [summarizer.summarize(text, words=words, lengths=["long"]).stats.long_words or 0 for text in texts]
        near = sum(abs(one - words) <= _TOLERANCE * words for one in found)
        table.append(
            {"words": words, "articles": len(texts), "within a fifth": near, "least": min(found), "most": max(found)}
        )
    points = Counter[int]()
    for text in texts:
        summary = summarizer.summarize(text, format="bullets")
        short = {one.text for one in summary.sentences.short or ()}
        points[sum(one.text not in short for one in summary.sentences.long or ())] += 1
    counted = [{"key points beside the short summary": number, "articles": points[number]} for number in sorted(points)]
    print(markdown_table(table), markdown_table(counted), sep="\n\n")


if __name__ == "__main__":
    main()
