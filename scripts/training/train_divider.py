"""Train the page divider, which finds the title and the article in a page that was copied whole.

    python -m scripts.training.train_divider --pages pages.jsonl.xz --articles FILE … --work WORK/

Trains one network for each fifth of the sites, which has not seen them (`python -m scripts.evaluation.pages --folds
WORK/` measures cleaning with them), then the one of the package on all pages. The weights for titles are fitted on what
the five networks predict for the pages that they have not seen. Takes half a minute for each on two cores; a network
whose file exists is not trained again.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from tqdm import tqdm

from scripts.evaluation.data import read_rows
from scripts.evaluation.pages import FOLDS, PAGES, RealPage, fold_file, is_right_title, read_pages
from scripts.training.page_examples import PageExample, bare_articles, made_pages, of_real_page, variants
from scripts.training.writer_examples import data_hash
from summarizer.cleaning.division import TitleCandidates
from summarizer.models.page_divider import WEIGHTS
from summarizer.models.page_network import PageNetwork, log_partition, marginals, score

_EPOCHS, _BATCH, _RATE, _WEIGHT_DECAY = 14, 4, 2e-3, 0.02
_DROPOUT, _WORD_DROPOUT = 0.25, 0.4
_MAX_GRADIENT_NORM = 1.0
# Half of the pages whole, the others cropped; made pages and articles by themselves for each epoch.
_WHOLE, _OTHERS = 0.5, 120
_BARE, _MADE_EACH = 400, 4
# The score of a segmentation is a sum over some hundred lines.
_LOSS_SCALE = 1 / 8
_TITLE_STEPS, _TITLE_RATE, _TITLE_DECAY = 200, 0.02, 0.02


@dataclass(frozen=True)
class Titles:
    """The candidates for a page's title.

    :param features: shape (candidates, 30).
    :param is_right: for each candidate, at least one of which is right.
    """

    features: torch.Tensor
    is_right: torch.Tensor


def train(pages: Sequence[Sequence[PageExample]], others: Sequence[PageExample], seed: int) -> PageNetwork:
    """A network trained on the variants of pages, and on others as they are."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    network = PageNetwork(_DROPOUT, _WORD_DROPOUT)
    optimizer = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=_WEIGHT_DECAY)
    count = len(pages) + min(_OTHERS, len(others))
    updates = _EPOCHS * -(-count // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=updates)
    for _ in tqdm(range(_EPOCHS), desc="training"):
        network.train()
        epoch = [one[0] if chance.random() < _WHOLE else chance.choice(one[1:] or one) for one in pages]
        epoch += chance.sample(others, min(_OTHERS, len(others)))
        chance.shuffle(epoch)
        for start in range(0, len(epoch), _BATCH):
            optimizer.zero_grad()
            for example in epoch[start : start + _BATCH]:
                _loss(network, example).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), _MAX_GRADIENT_NORM)
            optimizer.step()
            schedule.step()
    return network.eval()


def _loss(network: PageNetwork, example: PageExample) -> torch.Tensor:
    """The negative log-probability of the example's segmentation."""
    if example.segmentation is None:
        raise ValueError("an example without an article")
    scores = network(*example.inputs)
    return (log_partition(scores) - score(scores, example.segmentation)) * (example.weight * _LOSS_SCALE)


def titles_of(network: PageNetwork, page: RealPage, example: PageExample) -> Iterator[Titles]:
    """The candidates as a network that has not seen the page finds them, if the right one is among them.

    They are those of the whole page, and of the page from its headline on.
    """
    for one in (example, example.from_title()):
        with torch.no_grad():
            parts = marginals(network(*one.inputs)).numpy()
        candidates = TitleCandidates(one.page, parts)
        is_right = [is_right_title(one.lines[index], page.titles) for index in candidates.indices]
        if any(is_right):
            yield Titles(torch.from_numpy(candidates.features), torch.tensor(is_right))


def fit_titles(network: PageNetwork, pages: Sequence[Titles]) -> None:
    """Fit the network's weights for titles: so that the right ones score highest in their page."""
    nn.init.zeros_(network.title.weight)
    nn.init.zeros_(network.title.bias)
    optimizer = torch.optim.AdamW(network.title.parameters(), lr=_TITLE_RATE, weight_decay=_TITLE_DECAY)
    for _ in range(_TITLE_STEPS):
        loss = torch.stack([_title_loss(network, page) for page in pages]).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()


def _title_loss(network: PageNetwork, page: Titles) -> torch.Tensor:
    return -torch.logsumexp(torch.log_softmax(network.title(page.features)[:, 0], dim=0)[page.is_right], dim=0)


@dataclass(frozen=True)
class Data:
    """What the networks learn from.

    :param examples: of the pages, in their order; `variants` has the parts of each that people copy.
    :param others: made pages and articles by themselves.
    :param origin: what the files of weights say about it.
    """

    pages: Sequence[RealPage]
    examples: Sequence[PageExample]
    variants: Sequence[Sequence[PageExample]]
    others: Sequence[PageExample]
    origin: dict[str, str]


def main() -> None:
    """Train, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--pages", type=Path, default=PAGES, help="pages as JSONL, xz-compressed")
    add("--articles", type=Path, nargs="+", required=True, help="articles by themselves as JSONL: title, text")
    add("--work", type=Path, required=True, help="folder of the networks that have not seen a fifth of the sites")
    add("--seed", type=int, default=0, help="of order and first weights (default: %(default)s)")
    add("--out", type=Path, default=WEIGHTS, help="the weights (default: those of the package)")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    data = _read(options.pages, options.articles, options.seed)
    titles = _train_folds(data, options.work)
    network = _load_or_train(options.work / "network.safetensors", data, without=None)
    fit_titles(network, titles)
    _write(network, options.out, data.origin)
    print(f"{options.out} written. scripts.evaluation.pages --folds {options.work} measures the method.")


def _read(pages: Path, articles: Sequence[Path], seed: int) -> Data:
    real = [page for page in tqdm(read_pages(pages), desc="reading") if page.paste]
    examples = [of_real_page(page) for page in tqdm(real, desc="labelling")]
    rows = [row for file in articles for row in read_rows(file, {"title", "text"})]
    others = (*bare_articles(rows, _BARE, seed), *made_pages(_MADE_EACH))
    return Data(
        real,
        examples,
        [variants(example, page.id) for page, example in zip(real, examples, strict=True)],
        [one for one in others if one.segmentation is not None],
        {"pages": str(len(real)), "data_sha256": data_hash([pages, *articles]), "seed": str(seed)},
    )


def _train_folds(data: Data, work: Path) -> list[Titles]:
    """Train and write the networks for cross-validation.

    :return: the titles of all pages, as the networks that have not seen them find them.
    """
    networks = {fold: _load_or_train(work / f"network-{fold}.safetensors", data, without=fold) for fold in range(FOLDS)}
    titles = [
        (page.fold, found)
        for page, example in zip(data.pages, data.examples, strict=True)
        for found in titles_of(networks[page.fold], page, example)
    ]
    for fold, network in networks.items():
        fit_titles(network, [found for other, found in titles if other != fold])
        _write(network, fold_file(work, fold), data.origin)
    return [found for _, found in titles]


def _load_or_train(file: Path, data: Data, *, without: int | None) -> PageNetwork:
    """The network of a file, trained and written if it does not exist.

    :param without: the fold of the pages that it does not see.
    :raises SystemExit: when it was trained on other data or with another seed.
    """
    if not file.is_file():
        seen = [one for page, one in zip(data.pages, data.variants, strict=True) if one and page.fold != without]
        _write(train(seen, data.others, int(data.origin["seed"])), file, data.origin)
    with safe_open(file, "pt") as stored:
        if stored.metadata() != data.origin:
            sys.exit(f"{file} was trained on other data or with another seed. Give another folder.")
    network = PageNetwork().eval()
    network.load_state_dict(load_file(file))
    return network


def _write(network: PageNetwork, file: Path, origin: dict[str, str]) -> None:
    """Write the weights, whole or not at all."""
    partial = file.with_suffix(".partial")
    save_file({name: value.half() for name, value in network.state_dict().items()}, partial, metadata=origin)
    partial.chmod(0o644)
    partial.replace(file)


if __name__ == "__main__":
    main()
