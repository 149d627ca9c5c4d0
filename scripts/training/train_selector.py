"""Train the sentence ranker of the selection from articles with reference summaries.

    python -m scripts.training.train_selector --data summaries.jsonl scripts/training/data/references.jsonl

A sentence is wanted in a summary if the best extract for the reference has it (Nallapati et al. 2017). Titles are left
out of some examples and the first third of some articles is moved to their end, so that the ranker relies on neither.
Takes some ten minutes on a processor. `python -m scripts.evaluation.selection` measures the result.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch.nn.functional import binary_cross_entropy_with_logits
from tqdm import tqdm

from scripts.evaluation.data import read_rows, rotation
from scripts.training.writer_examples import data_hash
from summarizer import Settings
from summarizer.cleaning import clean
from summarizer.models.encoder import SentenceEncoder, Vectors
from summarizer.models.manifest import encoder_folder
from summarizer.models.ranker import WEIGHTS
from summarizer.models.ranker_network import RankerNetwork
from summarizer.readers import Document
from summarizer.selection.anaphora import find_dependencies
from summarizer.selection.features import Title, sentence_features
from summarizer.selection.selector import carries_news
from summarizer.text.words import stem, units

# Of the articles. With a fifth of them rotated, ROUGE-1 is 50 on rotated articles and as without on the others.
_ROTATED, _TITLE_DROPPED = 0.2, 0.4
_EPOCHS, _BATCH, _RATE, _WEIGHT_DECAY = 20, 16, 1e-3, 0.05
_DROPOUT, _VECTOR_DROPOUT = 0.3, 0.5
_MAX_SENTENCES = 80
_FIELDS = {"id", "split", "title", "text", "short", "long"}
_MAX_GRADIENT_NORM = 1.0

Grams = Counter[tuple[str, ...]]


@dataclass(frozen=True)
class Article:
    """An article with its references.

    :param vectors: of its sentences, shape (sentences, dimensions).
    :param wanted: whether each sentence stands in the best extract for the long and the short reference, shape
        (sentences, 2).
    """

    id: str
    title: Title | None
    sentences: tuple[str, ...]
    vectors: Vectors
    references: tuple[str, str]
    wanted: NDArray[np.float32]

    def rotated(self) -> "Article":
        """The article with its first third at the end."""
        order = rotation(len(self.sentences))
        sentences = tuple(self.sentences[index] for index in order)
        return replace(self, sentences=sentences, vectors=self.vectors[order], wanted=self.wanted[order])

    def features(self) -> NDArray[np.float32]:
        """What the ranker reads besides the vectors, shape (sentences, 20)."""
        dependencies, news = find_dependencies(self.sentences), list(map(carries_news, self.sentences))
        return sentence_features(self.sentences, self.vectors, self.title, dependencies, news)


def read_articles(files: Sequence[Path], split: str) -> list[Article]:
    """The articles of one split (`train` or `validation`) with their vectors.

    :param files: JSON lines: id, split, title, text, short, long.
    """
    encoder = SentenceEncoder(encoder_folder(Settings.from_env().cache))
    rows = [row for file in files for row in read_rows(file, _FIELDS) if row["split"] == split]
    articles = []
    for row in tqdm(rows, desc="embedding"):
        article = clean(Document(row["text"], title=row["title"] or None))
        sentences = tuple(span.of(article.text) for span in article.sentences)[:_MAX_SENTENCES]
        vectors = encoder.embed([*sentences, *filter(None, [article.title])])
        title = Title(article.title, vectors[-1]) if article.title else None
        references = (row["long"], row["short"])
        wanted = np.zeros((len(sentences), len(references)), dtype=np.float32)
        for column, reference in enumerate(references):
            wanted[best_extract(sentences, reference), column] = 1.0
        articles.append(Article(row["id"], title, sentences, vectors[: len(sentences)], references, wanted))
    return articles


def best_extract(sentences: Sequence[str], reference: str) -> list[int]:
    """The indices of the sentences that together are nearest to the reference, found greedily.

    Nearness is the sum of the F1 of words and of word pairs; a sentence that does not raise it is not taken.
    """
    wanted = [_grams(reference, size) for size in (1, 2)]
    offered = [[_grams(sentence, size) for size in (1, 2)] for sentence in sentences]
    taken: list[int] = []
    covered: list[Grams] = [Counter(), Counter()]
    nearness = 0.0
    while len(taken) < len(sentences):
        gains = {
            index: sum(_f1(old + new, goal) for old, new, goal in zip(covered, offered[index], wanted, strict=True))
            for index in range(len(sentences))
            if index not in taken
        }
        best = max(gains, key=lambda index: (gains[index], -index))
        if gains[best] <= nearness:
            break
        nearness = gains[best]
        taken.append(best)
        covered = [old + new for old, new in zip(covered, offered[best], strict=True)]
    return taken


def _grams(text: str, size: int) -> Grams:
    words = [stem(term) for term in units(text)]
    return Counter((word,) for word in words) if size == 1 else Counter(pairwise(words))


def _f1(found: Grams, wanted: Grams) -> float:
    shared = (found & wanted).total()
    return 2 * shared / max(found.total() + wanted.total(), 1)


def train(articles: Sequence[Article], seed: int) -> RankerNetwork:
    """A network trained on the articles; the same articles and seed give the same weights on one machine."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    network = RankerNetwork(_DROPOUT, _VECTOR_DROPOUT)
    optimizer = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=_WEIGHT_DECAY)
    updates = _EPOCHS * -(-len(articles) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=updates)
    variants = [_variants(article) for article in tqdm(articles, desc="features")]
    for _ in tqdm(range(_EPOCHS), desc="training"):
        network.train()
        for batch in _batches(chance.sample(variants, len(variants)), chance):
            vectors, features, wanted, is_padding = batch
            losses = binary_cross_entropy_with_logits(
                network(vectors, features, is_padding), wanted, reduction="none"
            ).sum(-1)
            loss = losses[~is_padding].mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), _MAX_GRADIENT_NORM)
            optimizer.step()
            schedule.step()
    return network.eval()


# Vectors, features and labels of an article, by whether it is rotated and whether it has its title.
Variants = dict[tuple[bool, bool], tuple[torch.Tensor, torch.Tensor, torch.Tensor]]


def _variants(article: Article) -> Variants:
    found: Variants = {}
    for is_rotated in (False, True):
        for has_title in (False, True):
            one = article.rotated() if is_rotated else article
            one = one if has_title else replace(one, title=None)
            arrays = (one.vectors, one.features(), one.wanted)
            vectors, features, wanted = (torch.from_numpy(np.ascontiguousarray(array)) for array in arrays)
            found[is_rotated, has_title] = vectors, features, wanted
    return found


def _batches(variants: Sequence[Variants], chance: random.Random) -> Iterator[tuple[torch.Tensor, ...]]:
    """Vectors, features, labels and padding of a few articles, each in a random variant."""
    for start in range(0, len(variants), _BATCH):
        chosen = [
            one[chance.random() < _ROTATED, chance.random() >= _TITLE_DROPPED]
            for one in variants[start : start + _BATCH]
        ]
        columns = [
            torch.nn.utils.rnn.pad_sequence(list(column), batch_first=True) for column in zip(*chosen, strict=True)
        ]
        lengths = torch.tensor([len(vectors) for vectors, _, _ in chosen])
        yield *columns, torch.arange(int(lengths.max())) >= lengths[:, None]


def main() -> None:
    """Train the ranker and write its weights into the package."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, nargs="+", required=True, help="JSONL: id, split, title, text, short, long"
    )
    parser.add_argument("--seed", type=int, default=0, help="of order and first weights (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="the weights (default: those of the package)")
    options = parser.parse_args()
    articles = read_articles(options.data, "train")
    network = train(articles, options.seed)
    origin = {"articles": str(len(articles)), "data_sha256": data_hash(options.data), "seed": str(options.seed)}
    save_file(network.state_dict(), options.out, metadata=origin)
    print(f"{options.out} written. scripts.evaluation.selection measures it.")


if __name__ == "__main__":
    main()
