"""Cancellation: work that is late, or that nobody waits for, ends at its next `checkpoint`.

The token belongs to the context (`contextvars`) of the thread that works, so that no stage has to pass it on. Code that
may run for more than 0.1 s calls `checkpoint` now and then; outside a `cancellable` block that does nothing.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

# Seconds between two checks, at least, so that a checkpoint costs little in a loop over the lines of a text.
CHECK_INTERVAL = 0.05
_Item = TypeVar("_Item")


class DeadlineExceeded(Exception):
    """The work has run past its deadline."""


@dataclass
class _Token:
    """What ends the work of one thread.

    :param check: raises an exception to end it.
    :param deadline: on the clock of `time.monotonic`; None for no limit.
    :param outer: the token of the block around this one, which ends the work as well.
    """

    check: Callable[[], object] | None
    deadline: float | None
    outer: "_Token | None"
    _due: float = field(default=0.0, init=False)

    def checkpoint(self) -> None:
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + CHECK_INTERVAL
        if self.outer is not None:
            self.outer.checkpoint()
        if self.check is not None:
            self.check()
        if self.deadline is not None and time.monotonic() > self.deadline:
            self._due = 0.0  # so that the next checkpoint ends the work as well
            raise DeadlineExceeded


_current: ContextVar[_Token | None] = ContextVar("token", default=None)


def checkpoint() -> None:
    """End the work of this thread if it is late or cancelled.

    :raises DeadlineExceeded: when it has run past its deadline.
    """
    token = _current.get()
    if token is not None:
        token.checkpoint()


def checked(items: Iterable[_Item]) -> Iterator[_Item]:
    """The items, with a checkpoint before each."""
    for item in items:
        checkpoint()
        yield item


@contextmanager
def cancellable(check: Callable[[], object] | None = None, *, deadline: float | None = None) -> Iterator[None]:
    """Make the work in this block end when `check` raises, or at a time.

    :param check: called at checkpoints, at most every `CHECK_INTERVAL` seconds; it may also wait.
    :param deadline: on the clock of `time.monotonic`; None for no limit of this block's own.
    """
    reset = _current.set(_Token(check, deadline, _current.get()))
    try:
        yield
    finally:
        _current.reset(reset)
