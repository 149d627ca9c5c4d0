"""Train the verifier's network on right and wrong sentences.

    python -m scripts.training.train_verifier --data summaries.jsonl scripts/training/data/references.jsonl --work WORK/

All layers of the sentence encoder but its embeddings learn from pairs of a passage and a sentence. SIGTERM or Ctrl-C
ends it with a checkpoint; the same command continues a run that was stopped or killed. `python -m
scripts.evaluation.support` measures the result.
"""

import argparse
import dataclasses
import hashlib
import json
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn.functional import binary_cross_entropy_with_logits
from tqdm import tqdm

from scripts.evaluation.support import auc_by_kind
from scripts.training.loop import Course, Plan, Training, stop_on_signals
from scripts.training.verifier_examples import Pair, read_pairs, with_made
from scripts.training.writer_examples import data_hash
from scripts.training.writer_model import has_fast_bfloat16, use_threads
from summarizer import Settings
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.manifest import encoder_folder
from summarizer.models.support_model import WEIGHTS
from summarizer.models.support_network import PairTokenizer, SupportNetwork, in_sentence

_BATCH, _RATE = 16, 1e-4
# Batches whose pairs are sorted by length together, so that little is padded.
_SORTED_BATCHES = 16
# What a pair counts: wrong sentences of people are what matters, and rules make many.
_BY_HAND, _BY_RULE = 2.0, 0.7
# Of the loss of single words beside that of the sentence; and of a wrong word beside a right one.
_WORDS_WEIGHT, _WRONG_WORD = 0.5, 5.0


class Verifying:
    """The network in training."""

    def __init__(self, encoder: Path) -> None:
        self.network = SupportNetwork(encoder)
        self.weights = self.network.trained_weights()
        for name, value in self.network.named_parameters():
            value.requires_grad_(name in self.weights)
        self._tokenizer = PairTokenizer(encoder)
        # Nearly twice as fast as float32.
        self._has_bfloat16 = has_fast_bfloat16()

    def loss(self, example: Sequence[Pair]) -> torch.Tensor:
        """The weighted mean cross-entropy of a batch: of its sentences, and of the words that are known."""
        self.network.train(torch.is_grad_enabled())  # no dropout where nothing is learned
        support, wrong, inputs, offsets = self._computed(example)
        right = torch.tensor([float(not pair.kind) for pair in example])
        weights = torch.tensor([_BY_RULE if pair.is_made else _BY_HAND if pair.kind else 1.0 for pair in example])
        of_sentences = (binary_cross_entropy_with_logits(support, right, reduction="none") * weights).mean()
        labels, known = _word_labels(example, inputs["token_type_ids"], offsets)
        emphasis = 1.0 + (_WRONG_WORD - 1.0) * labels
        of_words = binary_cross_entropy_with_logits(wrong, labels, reduction="none") * emphasis
        return of_sentences + _WORDS_WEIGHT * (of_words * known).sum() / known.sum().clamp(min=1)

    @torch.no_grad()
    def support(self, pairs: Sequence[Pair]) -> list[float]:
        """The log-odds that each sentence is supported."""
        self.network.eval()
        found: list[float] = self._computed(pairs)[0].tolist()
        return found

    def load_weights(self, weights: Mapping[str, torch.Tensor]) -> None:
        """Replace the weights."""
        with torch.no_grad():
            for name, value in self.weights.items():
                value.copy_(weights[name])

    def _computed(
        self, pairs: Sequence[Pair]
    ) -> tuple[torch.Tensor, torch.Tensor, dict[str, torch.Tensor], torch.Tensor]:
        inputs = dict(self._tokenizer([pair.passage for pair in pairs], [pair.sentence for pair in pairs]))
        offsets = inputs.pop("offset_mapping")
        with torch.autocast("cpu", torch.bfloat16, enabled=self._has_bfloat16):
            support, wrong = self.network(**inputs)
        return support.float(), wrong.float(), inputs, offsets


def _word_labels(
    pairs: Sequence[Pair], token_type_ids: torch.Tensor, offsets: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """For each token whether it is wrong, and whether that is known (1.0 or 0.0)."""
    starts, ends = offsets[..., 0], offsets[..., 1]
    known = in_sentence(token_type_ids) & (ends > starts)
    labels = torch.zeros(known.shape)
    for row, pair in enumerate(pairs):
        for start, end in pair.wrong_spans or ():
            labels[row] = torch.maximum(labels[row], ((starts[row] < end) & (ends[row] > start)).float())
        known[row] &= pair.wrong_spans is not None
    return labels * known, known.float()


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, and write the weights when the run is over.

    :return: 0, or 1 when the run was stopped before its end.
    """
    options = _options(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    use_threads(options.threads)
    torch.manual_seed(options.seed)
    folder = encoder_folder(Settings.from_env().cache)
    learner = Verifying(folder)
    train, validation = (_pairs(options, split, SentenceEncoder(folder)) for split in ("train", "validation"))
    batches = [
        batch
        for epoch in range(options.epochs)
        for batch in _batches(_with_made(train, options.seed, epoch), options.seed, epoch)
    ]
    tested = [pair for pairs in validation for pair in pairs]
    course = Course(len(batches), batches.__getitem__, _batches(tested, 0, 0), len, lambda: _report(learner, tested))
    plan = Plan(rate=options.rate, batch=1, validate_every=options.validate_every, report_every=1)
    examples = hashlib.sha256(repr(batches).encode()).hexdigest()
    identity = {"examples": examples, "seed": options.seed, "epochs": options.epochs, "rate": options.rate}
    try:
        training = Training(learner, course, plan, options.work, identity)
    except ValueError as error:
        sys.exit(str(error))
    stop_on_signals(training)
    if not training.run():
        print("stopped; the same command continues", flush=True)
        return 1
    origin = {name: str(value) for name, value in identity.items()}
    save_file({name: value.detach().half() for name, value in learner.weights.items()}, options.out, metadata=origin)
    print(_report(learner, tested), f"{options.out} written.", sep="\n")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--data", type=Path, nargs="+", required=True, help="JSONL: id, split, title, text, short, long, wrong")
    add("--work", type=Path, required=True, help="folder of checkpoints and logs; one run has one folder")
    add("--out", type=Path, default=WEIGHTS, help="the weights (default: those of the package)")
    add("--epochs", type=int, default=3, help="how often each pair is seen (default: %(default)s)")
    add("--rate", type=float, default=_RATE, help="highest learning rate (default: %(default)s)")
    add("--validate-every", type=int, default=200, help="updates between two validations (default: %(default)s)")
    add("--seed", type=int, default=0, help="of order and first weights (default: %(default)s)")
    add("--threads", type=int, help="(default: one for each processor)")
    return parser.parse_args(arguments)


def _pairs(options: argparse.Namespace, split: str, encoder: SentenceEncoder) -> list[list[Pair]]:
    """The pairs of each article of a split; kept in the work folder, since finding the passages takes minutes."""
    file = options.work / f"{split}-{data_hash(options.data)[:12]}.json"
    if not file.is_file():
        articles = tqdm(read_pairs(options.data, split, encoder), desc=f"passages, {split}")
        found = [[dataclasses.asdict(pair) for pair in pairs] for pairs in articles]
        partial = file.with_suffix(".partial")
        partial.write_text(json.dumps(found), encoding="utf-8")
        partial.replace(file)
    return [[Pair(**values) for values in pairs] for pairs in json.loads(file.read_text(encoding="utf-8"))]


def _with_made(articles: Sequence[Sequence[Pair]], seed: int, epoch: int) -> list[Pair]:
    """All pairs, with other wrong variants in each epoch."""
    chance = random.Random(f"{seed} {epoch}")
    return [pair for pairs in articles for pair in with_made(pairs, chance)]


def _batches(pairs: Sequence[Pair], seed: int, epoch: int) -> list[list[Pair]]:
    """The pairs, shuffled, in batches of nearly equal lengths."""
    chance = random.Random(f"{seed} {epoch}")
    order = chance.sample(pairs, len(pairs))
    size = _BATCH * _SORTED_BATCHES
    found = []
    for start in range(0, len(order), size):
        part = sorted(order[start : start + size], key=lambda pair: len(pair.passage) + len(pair.sentence))
        found += [part[first : first + _BATCH] for first in range(0, len(part), _BATCH)]
    return chance.sample(found, len(found))


def _report(learner: Verifying, pairs: Sequence[Pair]) -> str:
    """How well right and wrong sentences are told apart, by the kind of error."""
    batches = _batches(pairs, 0, 0)
    support = [value for batch in batches for value in learner.support(batch)]
    return "AUC: " + auc_by_kind(support, [pair.kind for batch in batches for pair in batch])


if __name__ == "__main__":
    sys.exit(main())
