"""Train the writer: fine-tune the language model with a LoRA adapter on reference summaries and wrong statements.

    python -m scripts.training.train_writer --data summaries.jsonl --model MODEL.gguf --work WORK/ --out writer.gguf

Runs on the processor or a CUDA device. SIGTERM or Ctrl-C ends it with a checkpoint; the same command continues a run
that was stopped or killed. Writes the adapter as GGUF, and a JSON file beside it with its data, command and losses.
"""

import argparse
import hashlib
import json
import random
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer

from scripts.evaluation.support import auc_by_kind
from scripts.training.adapter_to_gguf import read_adapter, write_adapter
from scripts.training.base_model import checkpoint
from scripts.training.loop import Course, Plan, Training, stop_on_signals
from scripts.training.writer_examples import (
    Example,
    Reference,
    augmented,
    closeness,
    data_hash,
    encoded,
    order,
    read_references,
)
from scripts.training.writer_model import (
    PRECISIONS,
    SCALE,
    WriterModel,
    dtype_of,
    fastest_precision,
    training_device,
    use_threads,
)

# Summaries that are written for reading at a time, and the tokens by which a statement may be longer than the
# reference's. One summary takes as long as two to six training examples.
_SUMMARIES, _LONGER = 2, 10
# What changes the weights that a run ends with.
_IDENTITY = ("rank", "rate", "epochs", "skip", "token_budget", "max_tokens", "limit", "seed")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, and write the adapter when the run is over.

    :return: 0, or 1 when the run was stopped before its end.
    """
    started = time.monotonic()
    options = _options(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    use_threads(options.threads)
    device = training_device()
    precision = options.precision or fastest_precision(device)
    if precision == "int8" and device.type == "cuda":
        sys.exit("--precision int8 is for processors. Use bfloat16 or float32 on a CUDA device.")
    base = checkpoint(options.model, options.base or options.work / "base", dtype_of(precision))
    torch.manual_seed(options.seed)
    model = WriterModel(base, options.rank, precision, device)
    course = _course(options, base, model)
    print(f"{course.count} examples, {precision} on {device}", flush=True)
    if options.start_from:
        model.load_weights(read_adapter(options.start_from, model.weights))
    deadline = None if options.minutes is None else started + 60 * options.minutes
    plan = Plan(rate=options.rate, deadline=deadline, save_seconds=60 * options.checkpoint_minutes)
    try:
        training = Training(model, course, plan, options.work, _identity(options, precision, course))
    except ValueError as error:
        sys.exit(str(error))
    stop_on_signals(training)
    if not training.run():
        print("stopped; the same command continues", flush=True)
        return 1
    write_adapter(model.weights, SCALE * options.rank, options.out)
    _write_card(options, training, precision)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--data", type=Path, nargs="+", required=True, help="JSON lines: id, split, title, text, short, long, wrong")
    add("--model", type=Path, required=True, help="the language model, a GGUF file of the Qwen2 family")
    add("--work", type=Path, required=True, help="folder of checkpoints and logs; one run has one folder")
    add("--base", type=Path, help="folder that keeps the dequantized model, 3.5 or 7 GB (default: WORK/base)")
    add("--out", type=Path, required=True, help="the adapter, a GGUF file")
    add("--rank", type=int, default=8, help="rank of the adapter (default: %(default)s)")
    add("--rate", type=float, default=3e-4, help="highest learning rate (default: %(default)s)")
    add("--epochs", type=int, default=1, help="how often each example is seen (default: %(default)s)")
    add("--skip", type=int, default=0, help="examples that an earlier run has seen, in the same order (default: none)")
    add("--token-budget", type=int, default=384, help="tokens of an article that are read (default: %(default)s)")
    add("--max-tokens", type=int, default=720, help="leave out longer examples (default: %(default)s)")
    add("--limit", type=int, help="examples, those nearest to the article's wording (default: all)")
    add("--start-from", type=Path, help="an adapter whose weights this run begins with, a GGUF file")
    add("--minutes", type=float, help="end this start after this time; the learning rate reaches zero by then")
    add("--seed", type=int, default=0, help="of order, augmentation and first weights (default: %(default)s)")
    add("--validation-examples", type=int, default=24, help="for the validation loss (default: %(default)s)")
    add("--checkpoint-minutes", type=float, default=3.0, help="between checkpoints (default: %(default)s)")
    add("--precision", choices=PRECISIONS, help="of the frozen weights (default: what the device computes fastest)")
    add("--threads", type=int, help="(default: one for each processor)")
    return parser.parse_args(arguments)


def _course(options: argparse.Namespace, base: Path, model: WriterModel) -> Course[Example]:
    tokenizer = AutoTokenizer.from_pretrained(base)

    def count_tokens(text: str) -> int:
        return len(tokenizer(text, add_special_tokens=False).input_ids)

    def references_of(split: str) -> list[Reference]:
        budget = options.token_budget
        return [one for file in options.data for one in read_references(file, split, count_tokens, budget)]

    references = _training_set(options, tokenizer, references_of("train"))
    places = order(len(references), options.epochs, options.seed)[options.skip :]

    def example(place: int) -> Example:
        epoch, index = places[place]
        return encoded(tokenizer, augmented(references[index], options.seed, epoch))

    validation = _validation_set(options, tokenizer, references_of("validation"))

    def report() -> str:
        summaries = (line for one in validation[:_SUMMARIES] for line in (f"--- {one.id}", *statements(one)))
        return "\n".join([_verdicts(model, validation), *summaries])

    def statements(one: Example) -> Iterator[str]:
        """Each statement, written after the reference's own statements before it."""
        for part in one.statements:
            ids = model.write(one.prompt + one.answer[: part.start], part.stop - part.start + _LONGER)
            yield str(tokenizer.decode(ids, skip_special_tokens=True)).strip().splitlines()[0]

    return Course(len(places), example, validation, lambda one: sum(one.learned), report)


def _training_set(options: argparse.Namespace, tokenizer: Any, references: Sequence[Reference]) -> list[Reference]:
    """The references to learn from, those nearest to the article's wording first."""
    usable = [one for one in references if encoded(tokenizer, one).tokens <= options.max_tokens]
    return sorted(usable, key=lambda one: (-closeness(one), one.id))[: options.limit]


def _validation_set(options: argparse.Namespace, tokenizer: Any, references: Sequence[Reference]) -> list[Example]:
    """A fixed sample: the same for every seed, so that runs can be compared."""
    sample = random.Random(0).sample(references, min(options.validation_examples, len(references)))
    return [encoded(tokenizer, reference) for reference in sample]


def _verdicts(model: WriterModel, examples: Sequence[Example]) -> str:
    """How well right and wrong statements are told apart, by the kind of error."""
    checks = [check for one in examples for check in one.checks]
    log_odds = [value for one in examples for value in model.log_odds(one)]
    return "AUC of the verdicts: " + auc_by_kind(log_odds, [check.statement.kind for check in checks])


def _identity(options: argparse.Namespace, precision: str, course: Course[Example]) -> dict[str, Any]:
    """What two starts must have in common to be one run."""
    model = f"{options.model.name}, {options.model.stat().st_size} bytes"
    named = {name: getattr(options, name) for name in _IDENTITY}
    examples = hashlib.sha256(repr([course.example(place) for place in range(course.count)]).encode()).hexdigest()
    return {"examples": examples, "model": model, "precision": precision, **named}


def _write_card(options: argparse.Namespace, training: Training[Example], precision: str) -> None:
    """Write the JSON file beside the adapter."""
    card = {
        "data_sha256": data_hash(options.data),
        "model": options.model.name,
        "command": shlex.join(["python", "-m", "scripts.training.train_writer", *_words_of(options)]),
        "date": datetime.now(UTC).date().isoformat(),
        "precision": precision,
        "examples_seen": training.progress.examples,
        "validation_losses": training.progress.validation,
    }
    options.out.with_suffix(".json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def _words_of(options: argparse.Namespace) -> list[str]:
    """The options as words; of paths the last part only, since folders differ between machines."""
    words = []
    for name, value in vars(options).items():
        if value is not None:
            given = value if isinstance(value, list) else [value]
            words.append(f"--{name.replace('_', '-')}")
            words += [str(one.name if isinstance(one, Path) else one) for one in given]
    return words


if __name__ == "__main__":
    sys.exit(main())
