"""The queue for summaries: a fixed size, and fair between clients.

Clients take turns, so that one that sends many articles does not delay one that sends a single one. A turn that lasts
is interrupted when others wait, so that a short article does not wait for a long one. A client that was refused gets
the next free place if it comes back in time, so that nobody is refused again and again while others get in.
"""

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

from summarizer.errors import Busy

# Seconds of a turn after which another client's turn may interrupt it.
SLICE_SECONDS = 1.0
# Seconds between two calls of `check` while a turn is awaited.
_CHECK_INTERVAL = 0.1
# Seconds that a refused client is told to wait, at least and at most, and is waited for beyond that.
_MIN_RETRY_AFTER, _MAX_RETRY_AFTER, _GRACE_SECONDS = 1, 60, 3.0
# Refused clients that are remembered; more only come with an attack.
_MAX_REFUSED = 1_000
# Seconds that a turn takes, until some have been measured, and the weight of the latest one in their mean.
_FIRST_ESTIMATE, _LATEST_WEIGHT = 1.0, 0.1


class Place:
    """A client's place in the queue; as a context manager it is given back at the end."""

    def __init__(self, queue: "FairQueue", client: str) -> None:
        self.client = client
        self.seconds = 0.0  # that its turns took, up to the last interruption
        self.began = 0.0
        self._queue = queue
        self._is_running = threading.Event()

    def take_turn(self, check: Callable[[], None]) -> None:
        """Wait for the turn.

        :param check: called ten times a second meanwhile; an exception that it raises ends the waiting.
        """
        self._queue.wait_for_turn(self)
        self._wait(check)

    def share_turn(self, check: Callable[[], None]) -> None:
        """Let others run if this turn has lasted `SLICE_SECONDS`, and wait for the next turn.

        :param check: as for `take_turn`.
        """
        if self._queue.interrupt(self):
            self._wait(check)

    def begin(self) -> None:
        """Begin or continue a turn."""
        self.began = time.monotonic()
        self._is_running.set()

    def end(self) -> None:
        """End or interrupt a turn."""
        self.seconds += time.monotonic() - self.began
        self._is_running.clear()

    def _wait(self, check: Callable[[], None]) -> None:
        while not self._is_running.wait(_CHECK_INTERVAL):
            check()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queue.leave(self)


class FairQueue:
    """A queue with a fixed size, fair between clients."""

    def __init__(self, concurrency: int, size: int) -> None:
        """Create an empty queue.

        :param concurrency: turns that run at the same time.
        :param size: places.
        """
        self._concurrency = concurrency
        self._size = size
        self._places: set[Place] = set()
        self._running: set[Place] = set()
        # By client, in the order of their turns.
        self._waiting: OrderedDict[str, deque[Place]] = OrderedDict()
        # By client, in the order in which they get places: until when, on the clock of `time.monotonic`.
        self._refused: OrderedDict[str, float] = OrderedDict()
        self._seconds = _FIRST_ESTIMATE
        self._closed: str | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """The places that are taken."""
        return len(self._places)

    @property
    def size(self) -> int:
        """The places that there are."""
        return self._size

    @property
    def is_full(self) -> bool:
        """Whether no place is free."""
        return len(self._places) >= self._size

    @property
    def retry_after(self) -> int:
        """Seconds until a place is likely free for a client that is refused now."""
        ahead = len(self._places) + len(self._refused) - self._size + 1
        seconds = self._seconds * max(ahead, 1) / self._concurrency
        return min(max(math.ceil(seconds), _MIN_RETRY_AFTER), _MAX_RETRY_AFTER)

    def close(self, reason: str) -> None:
        """Refuse everyone from now on, for a reason."""
        self._closed = reason

    def enter(self, client: str) -> Place:
        """Take a place in the queue.

        :param client: identifies the client, by its address for example.
        :raises Busy: when the queue is full or closed, or its free places are kept for others.
        """
        with self._lock:
            if self._closed is not None:
                raise Busy(self._closed, _MIN_RETRY_AFTER)
            if self._size - len(self._places) <= self._refused_before(client):
                raise self._refuse(client)
            self._refused.pop(client, None)
            place = Place(self, client)
            self._places.add(place)
        return place

    def wait_for_turn(self, place: Place) -> None:
        """Put a place at the end of the line."""
        with self._lock:
            self._waiting.setdefault(place.client, deque()).append(place)
            self._begin_next()

    def interrupt(self, place: Place) -> bool:
        """Put a running place at the end of the line if it has run long enough and others wait; whether it was."""
        with self._lock:
            has_run = place in self._running and time.monotonic() - place.began >= SLICE_SECONDS
            if not has_run or not self._waiting:
                return False
            self._running.remove(place)
            place.end()
            self._waiting.setdefault(place.client, deque()).append(place)
            self._begin_next()
            return True

    def leave(self, place: Place) -> None:
        """Give a place back, whether its turn has begun or not."""
        with self._lock:
            self._places.discard(place)
            if place in self._running:
                self._running.remove(place)
                place.end()
                self._seconds += _LATEST_WEIGHT * (place.seconds - self._seconds)
            elif place in self._waiting.get(place.client, ()):
                self._waiting[place.client].remove(place)
                if not self._waiting[place.client]:
                    del self._waiting[place.client]
            self._begin_next()

    def _begin_next(self) -> None:
        while self._waiting and len(self._running) < self._concurrency:
            client, places = self._waiting.popitem(last=False)
            place = places.popleft()
            if places:
                self._waiting[client] = places
            self._running.add(place)
            place.begin()

    def _refused_before(self, client: str) -> int:
        """The number of refused clients that get a place before this one."""
        now = time.monotonic()
        for other in [other for other, until in self._refused.items() if until < now]:
            del self._refused[other]
        return next((index for index, other in enumerate(self._refused) if other == client), len(self._refused))

    def _refuse(self, client: str) -> Busy:
        """Keep one of the next places for a client, for as long as it is told to wait."""
        seconds = self.retry_after
        if client in self._refused or len(self._refused) < _MAX_REFUSED:
            self._refused[client] = time.monotonic() + seconds + _GRACE_SECONDS
        unit = "second" if seconds == 1 else "seconds"
        return Busy(f"The queue is full. Send the request again in {seconds} {unit}.", retry_after=seconds)
