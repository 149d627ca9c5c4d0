"""What a download shows on stderr: messages and progress bars."""

import sys
import threading
from collections.abc import Callable

from tqdm import tqdm

Advance = Callable[[int], object]


def say(message: str) -> None:
    """Print a message above the progress bar."""
    tqdm.write(f"download: {message}", file=sys.stderr)


def progress_bar(total: int, initial: int = 0) -> "tqdm[None]":
    """A bar in bytes. It is redrawn rarely in a log file, where each state is a line."""
    return tqdm(
        total=total,
        initial=initial,
        unit="B",
        unit_scale=True,
        mininterval=0.2 if sys.stderr.isatty() else 10,
        file=sys.stderr,
    )


def thread_safe(bar: "tqdm[None]") -> Advance:
    """The bar's `update`, for several threads."""
    lock = threading.Lock()

    def advance(step: int) -> None:
        with lock:
            bar.update(step)

    return advance
