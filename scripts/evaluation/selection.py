"""Measure the selection on articles with reference summaries: ROUGE of its three best sentences and of the first three.

    python -m scripts.evaluation.selection --data summaries.jsonl

Uses the validation split, which the ranker is not trained on, in the articles' own order and with the first third of
each moved to its end. The short summary is the one sentence that is best for it.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

from rouge_score.rouge_scorer import RougeScorer

from scripts.evaluation.tables import Row, markdown_table
from scripts.training.train_selector import Article, read_articles
from summarizer.selection.length import Length, Limits
from summarizer.selection.selector import Candidate, Selector
from summarizer.text.sentences import sentence_spans

_MEASURES = ("rouge1", "rouge2", "rougeLsum")
# As many sentences as are wanted, however long.
_THREE, _ONE = (Limits(10**6, 10**6, 10**6, count, count) for count in (3, 1))

# Chooses sentences of an article: indices in order.
Choose = Callable[[Article, Limits, Length], Sequence[int]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, nargs="+", required=True, help="JSONL: id, split, title, text, short, long"
    )
    options = parser.parse_args(arguments)
    articles = read_articles(options.data, "validation")
    print(markdown_table(table(articles)))


def table(articles: Sequence[Article]) -> list[Row]:
    """One row for each way of choosing, order of the articles and length."""
    ways: dict[str, Choose] = {"first sentences": _first, "selection": _selected}
    rotated = [article.rotated() for article in articles]
    return [
        {"chosen": name, "articles": order, "summary": length, **_rouge(choose, given, length)}
        for length in ("long", "short")
        for order, given in (("as they are", articles), ("rotated", rotated))
        for name, choose in ways.items()
    ]


def _first(article: Article, limits: Limits, length: Length) -> Sequence[int]:
    return range(min(limits.max_sentences, len(article.sentences)))


def _selected(article: Article, limits: Limits, length: Length) -> Sequence[int]:
    candidates = [Candidate(text, index) for index, text in enumerate(article.sentences)]
    return sorted(Selector(article.sentences, article.vectors, article.title).select(candidates, limits, length))


def _rouge(choose: Choose, articles: Sequence[Article], length: Length) -> Row:
    scorer = RougeScorer(list(_MEASURES), use_stemmer=True)
    limits, column = (_THREE, 0) if length == "long" else (_ONE, 1)
    scores = []
    for article in articles:
        reference = article.references[column]
        wanted = "\n".join(span.of(reference) for span in sentence_spans(reference))
        found = "\n".join(article.sentences[index] for index in choose(article, limits, length))
        scores.append(scorer.score(wanted, found))
    return {measure: round(100 * mean(score[measure].fmeasure for score in scores), 2) for measure in _MEASURES}


if __name__ == "__main__":
    main()
