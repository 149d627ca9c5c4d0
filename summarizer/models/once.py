"""A value that is made at the first call."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Makes a value at the first call; concurrent callers wait for it, and a call that failed is repeated."""

    def __init__(self, make: Callable[[], T]) -> None:
        """Take what makes the value, without calling it."""
        self._make = make
        self._lock = threading.Lock()
        self._made: list[T] = []

    def __call__(self) -> T:
        """The value."""
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]
