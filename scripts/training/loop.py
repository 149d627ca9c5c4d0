"""The training loop: a model and an order of examples in, trained weights out.

1. add up the gradients of a few examples, 2. update the weights, 3. every few minutes save a checkpoint, now and then
measure the validation loss and write a report for reading. A run that is killed resumes from its last checkpoint.
"""

import json
import math
import signal
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from types import FrameType
from typing import Any, Generic, Protocol, TypeVar

import torch

_WARM_UP = 0.05  # of the updates
_MAX_GRADIENT_NORM = 1.0
# Updates whose median time is the speed: one that was paused (SIGSTOP) does not change it.
_SPEED_WINDOW = 9
_SMOOTHING = 0.95  # of the loss that is shown, for each update
Example = TypeVar("Example")
Example_contra = TypeVar("Example_contra", contravariant=True)
CHECKPOINT, LOG, REPORTS = "checkpoint.pt", "log.jsonl", "reports.txt"


class Learner(Protocol[Example_contra]):
    """A model in training.

    `weights` are the ones that change, by their names.
    """

    weights: dict[str, torch.Tensor]

    def loss(self, example: Example_contra) -> torch.Tensor:
        """The mean loss of what is learned from an example."""

    def load_weights(self, weights: Mapping[str, torch.Tensor]) -> None:
        """Replace the weights."""


@dataclass(frozen=True)
class Plan:
    """How to train.

    :param rate: the highest learning rate; it rises to it over the first 5% of the updates and falls as a cosine.
    :param batch: examples for each update.
    :param validate_every: updates between two measures of the validation loss.
    :param report_every: measures of the validation loss between two reports; 0 for none.
    :param save_seconds: between two checkpoints.
    :param deadline: on the clock of `time.monotonic`; the rate falls to zero by then. None for no limit; then the same
        examples always give the same weights, however often the run was killed.
    """

    rate: float = 3e-4
    batch: int = 4
    validate_every: int = 40
    report_every: int = 4
    save_seconds: float = 180.0
    deadline: float | None = None


@dataclass(frozen=True)
class Course(Generic[Example]):
    """What to train on.

    :param example: returns the example at a place in the order, 0 to `count` - 1.
    :param validation: the fixed sample that the validation loss is measured on.
    :param size: how much an example counts in it.
    :param report: what the model can do by now, for reading.
    """

    count: int
    example: Callable[[int], Example]
    validation: Sequence[Example]
    size: Callable[[Example], int]
    report: Callable[[], str]


@dataclass
class Progress:
    """How far a run is.

    :param examples: how many examples of the order are done.
    :param schedule: how much of the cosine has passed, 0 to 1.
    :param loss: the smoothed training loss.
    :param validation: examples done and validation loss, for each measure.
    """

    examples: int = 0
    updates: int = 0
    schedule: float = 0.0
    loss: float | None = None
    validation: list[tuple[int, float]] = field(default_factory=list)


class Training(Generic[Example]):
    """A run of one plan over one course, which may take several starts of the program."""

    def __init__(
        self, model: Learner[Example], course: Course[Example], plan: Plan, folder: Path, identity: dict[str, Any]
    ) -> None:
        """Begin a run, or continue the one in the folder.

        :param identity: what two starts must have in common to be one run.
        :raises ValueError: when the folder has a run with another identity.
        """
        self._model, self._course, self._plan = model, course, plan
        self._folder, self._identity = folder, identity
        self._optimizer = torch.optim.AdamW(model.weights.values(), lr=plan.rate, weight_decay=0.0)
        self.progress = Progress()
        self.stop_requested = False
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / CHECKPOINT).is_file():
            self._resume()
        else:  # an earlier start may have been killed before its first checkpoint
            for name in (LOG, REPORTS):
                (folder / name).unlink(missing_ok=True)
        self._saved = time.monotonic()
        self._validation_seconds = 0.0  # of the last validation
        self._update_seconds: deque[float] = deque(maxlen=_SPEED_WINDOW)

    def run(self) -> bool:
        """Train to the end of the course or of the time, or until `stop_requested`; returns whether the run is over."""
        if not self.progress.validation:
            self._validate(report=False)
        while self.progress.examples < self._course.count and self._seconds_left() > 0 and not self.stop_requested:
            self._update()
            if self.progress.updates % self._plan.validate_every == 0:
                turn = self.progress.updates // self._plan.validate_every
                self._validate(report=self._plan.report_every > 0 and turn % self._plan.report_every == 0)
                self._save()
            elif time.monotonic() - self._saved >= self._plan.save_seconds:
                self._save()
        if not self.stop_requested and self.progress.validation[-1][0] != self.progress.examples:
            self._validate(report=self._plan.report_every > 0)
        self._save()
        return not self.stop_requested

    def _update(self) -> None:
        """Learn from the next examples of the order."""
        progress, began = self.progress, time.monotonic()
        last = min(progress.examples + self._plan.batch, self._course.count)
        batch = [self._course.example(place) for place in range(progress.examples, last)]
        losses = []
        for example in batch:
            loss = self._model.loss(example)
            (loss / len(batch)).backward()  # type: ignore[no-untyped-call]
            losses.append(loss.item())
        rate = self._optimizer.param_groups[0]["lr"] = self._next_rate()
        norm = torch.nn.utils.clip_grad_norm_(self._model.weights.values(), _MAX_GRADIENT_NORM)
        self._optimizer.step()
        self._optimizer.zero_grad()
        mean = sum(losses) / len(losses)
        progress.examples += len(batch)
        progress.updates += 1
        progress.loss = mean if progress.loss is None else _SMOOTHING * progress.loss + (1 - _SMOOTHING) * mean
        self._update_seconds.append(time.monotonic() - began)
        self._log(loss=round(mean, 5), norm=round(float(norm), 4), rate=rate)
        self._print_progress()

    def _next_rate(self) -> float:
        """The learning rate of the next update; moves the schedule on."""
        progress = self.progress
        step = (1 - progress.schedule) / self._updates_left()
        warm_up = min(1.0, (progress.schedule + step) / _WARM_UP)
        rate = self._plan.rate * warm_up * 0.5 * (1 + math.cos(math.pi * progress.schedule))
        progress.schedule += step
        return rate

    def _updates_left(self) -> int:
        """To the end of the course or of the time, at the speed of the last updates; at least 1."""
        left = math.ceil((self._course.count - self.progress.examples) / self._plan.batch)
        if self._plan.deadline is not None and self._update_seconds:
            left = min(left, int(self._seconds_left() / median(self._update_seconds)))
        return max(left, 1)

    def _seconds_left(self) -> float:
        """Until the time is over, less what the last validation takes."""
        if self._plan.deadline is None:
            return math.inf
        return self._plan.deadline - time.monotonic() - self._validation_seconds

    def _print_progress(self) -> None:
        seconds = median(self._update_seconds) / self._plan.batch
        left = min((self._course.count - self.progress.examples) * seconds, max(self._seconds_left(), 0.0))
        print(
            f"{self.progress.examples}/{self._course.count} examples, loss {self.progress.loss:.3f}, "
            f"{seconds:.1f} s an example, {left / 60:.0f} min left",
            flush=True,
        )

    def _validate(self, *, report: bool) -> None:
        """Measure the mean loss of the validation sample, and write a report."""
        began = time.monotonic()
        total, size = 0.0, 0
        for example in self._course.validation:
            if self.stop_requested:
                return
            with torch.no_grad():
                total += self._model.loss(example).item() * self._course.size(example)
            size += self._course.size(example)
        loss = round(total / max(size, 1), 5)
        self.progress.validation.append((self.progress.examples, loss))
        self._log(validation_loss=loss)
        print(f"validation loss {loss:.4f} after {self.progress.examples} examples", flush=True)
        if report:
            with (self._folder / REPORTS).open("a", encoding="utf-8") as output:
                output.write(f"=== after {self.progress.examples} examples\n{self._course.report()}\n")
        self._validation_seconds = time.monotonic() - began

    def _log(self, **values: float) -> None:
        line = {"updates": self.progress.updates, "examples": self.progress.examples, **values}
        with (self._folder / LOG).open("a", encoding="utf-8") as output:
            output.write(json.dumps(line) + "\n")

    def _save(self) -> None:
        """Write a checkpoint; a kill at any moment leaves a whole one."""
        state = {
            "identity": self._identity,
            "progress": asdict(self.progress),
            "weights": {name: value.detach().cpu() for name, value in self._model.weights.items()},
            "optimizer": self._optimizer.state_dict(),
            "random": torch.get_rng_state(),
        }
        partial = self._folder / f"{CHECKPOINT}.partial"
        torch.save(state, partial)
        partial.replace(self._folder / CHECKPOINT)
        self._saved = time.monotonic()

    def _resume(self) -> None:
        state = torch.load(self._folder / CHECKPOINT, map_location="cpu", weights_only=True)
        if changed := differences(state["identity"], self._identity):
            raise ValueError(f"{self._folder} has a run with another {', '.join(changed)}. Give another folder.")
        self.progress = Progress(**state["progress"])
        self._model.load_weights(state["weights"])
        self._optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        self._drop_log_after(self.progress.updates)
        print(f"continues after {self.progress.examples} examples", flush=True)

    def _drop_log_after(self, updates: int) -> None:
        """Remove the log's lines that the continued run writes again."""
        log = self._folder / LOG
        if log.is_file():
            lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
            kept = [line for line in lines if line.endswith("\n") and json.loads(line)["updates"] <= updates]
            log.write_text("".join(kept), encoding="utf-8")


def differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The names of the values that differ."""
    return [name for name in sorted(before.keys() | now.keys()) if before.get(name) != now.get(name)]


def stop_on_signals(training: Training[Any]) -> None:
    """Let the first SIGTERM or SIGINT end the run after its update, with a checkpoint; a second one ends it at once."""

    def stop(number: int, _: FrameType | None) -> None:
        training.stop_requested = True
        signal.signal(number, signal.SIG_DFL)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
