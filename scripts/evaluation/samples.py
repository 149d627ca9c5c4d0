"""Print summaries of ten of the suite's articles, good or bad, as Markdown: the samples of docs/training.md.

    python -m scripts.evaluation.samples              # --method abstractive, the default, or extractive

The articles are written for this project, and no model has been trained on their summaries. A fixed seed chooses them.
"""

import argparse
import random
from collections.abc import Iterator, Sequence

from tqdm import tqdm

from scripts.evaluation.page_parts import ARTICLES
from summarizer import Settings, Summarizer
from summarizer.settings import METHODS, Method

_COUNT, _SEED = 10, 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the samples."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--method", choices=METHODS, default="abstractive", help="(default: %(default)s)")
    parser.add_argument("--count", type=int, default=_COUNT, help="articles (default: %(default)s)")
    options = parser.parse_args(arguments)
    print("\n\n".join(samples(Summarizer(Settings.from_env()), options.method, options.count)))


def samples(summarizer: Summarizer, method: Method, count: int) -> Iterator[str]:
    """A paragraph for each article: its title and the long summary, with the number of the article's own sentences."""
    files = sorted(ARTICLES.glob("*.txt"))
    for file in tqdm(random.Random(_SEED).sample(files, min(count, len(files))), desc="writing"):
        summary = summarizer.summarize(file.read_text(encoding="utf-8"), method=method)
        sentences = summary.sentences.long or ()
        own = sum(sentence.origin == "article" for sentence in sentences)
        count_own = f"{own} of {len(sentences)} sentences are the article's"
        yield f"**{summary.title or file.stem}** ({count_own}): {summary.long}"


if __name__ == "__main__":
    main()
