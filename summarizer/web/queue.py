"""The queue for summaries: a fixed size, and fair between clients.

Clients take turns, so that one that sends many articles does not delay one that sends a single one. A turn that lasts
is interrupted for another client that has hardly had one yet, so that a short article does not wait for a long one. A
client that was refused gets a place before those that came later, if it comes back when it was told to.
"""

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

from summarizer.errors import Busy

# Seconds of a turn after which another client's may interrupt it, until that one has had as many.
SLICE_SECONDS = 0.5
# Seconds between two calls of `check` while a turn is awaited.
_CHECK_INTERVAL = 0.1
# Seconds that a refused client is told to wait, at least and at most.
_MIN_RETRY_AFTER, _MAX_RETRY_AFTER = 1, 60
# Seconds before and after the end of that time in which a place is kept for the client.
_KEPT_BEFORE, _KEPT_AFTER = 2.0, 3.0
# Seconds that the turns of a place take, until some have been measured, and the weight of the latest one in their mean.
_FIRST_ESTIMATE, _LATEST_WEIGHT = 1.0, 0.1


class Place:
    """A client's place in the queue; as a context manager it is given back at the end."""

    def __init__(self, queue: "FairQueue", client: str) -> None:
        self.client = client
        self._queue = queue
        self._earlier = 0.0  # seconds of its turns that are over
        self._began: float | None = None
        self._is_running = threading.Event()

    @property
    def seconds(self) -> float:
        """How long its turns have taken."""
        return self._earlier + (0.0 if self._began is None else time.monotonic() - self._began)

    def take_turn(self, check: Callable[[], bool]) -> bool:
        """Wait for the turn; whether it has begun.

        :param check: called ten times a second meanwhile; False ends the waiting, an exception the work.
        """
        self._queue.wait_for_turn(self)
        return self._wait(check)

    def share_turn(self, check: Callable[[], bool]) -> None:
        """Let others run if they should, and wait for the next turn.

        :param check: as for `take_turn`.
        """
        if self._queue.interrupt(self):
            self._wait(check)

    def end_turn(self) -> None:
        """Let others run; the place is kept."""
        self._queue.end_turn(self)

    def add(self, seconds: float) -> None:
        """Count the time of a turn that it had in another line."""
        self._earlier += seconds

    def begin(self) -> None:
        """Begin or continue a turn."""
        self._began = time.monotonic()
        self._is_running.set()

    def pause(self) -> None:
        """End or interrupt a turn."""
        self._earlier, self._began = self.seconds, None
        self._is_running.clear()

    def _wait(self, check: Callable[[], bool]) -> bool:
        while not self._is_running.wait(_CHECK_INTERVAL):
            if not check():
                return False
        return True

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
        # By client, in the order in which they get places: the end of the time that each was told to wait.
        self._refused: OrderedDict[str, float] = OrderedDict()
        self._began_new = False  # whether the last turn that began was a place's first
        self._seconds = _FIRST_ESTIMATE
        self._closed: str | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """The places that are taken."""
        return len(self._places)

    @property
    def running(self) -> int:
        """The turns that have begun."""
        return len(self._running)

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
            # Nothing is kept for others while turns are free: they may not come back.
            kept = self._kept_before(client) if len(self._places) >= self._concurrency else 0
            if self._size - len(self._places) <= kept:
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
        """Put a running place at the end of the line if another client's should run now; whether it was.

        That is so once it has run for `SLICE_SECONDS`, if the other one has not.
        """
        with self._lock:
            if place not in self._running or place.seconds < SLICE_SECONDS:
                return False
            if not any(client != place.client and _is_new(places[0]) for client, places in self._waiting.items()):
                return False
            self._running.remove(place)
            place.pause()
            self._waiting.setdefault(place.client, deque()).append(place)
            self._begin_next()
            return True

    def end_turn(self, place: Place) -> None:
        """End the turn of a place, which is kept."""
        with self._lock:
            if place in self._running:
                self._running.remove(place)
                place.pause()
                self._begin_next()

    def leave(self, place: Place) -> None:
        """Give a place back, whether its turn has begun or not."""
        with self._lock:
            self._places.discard(place)
            if place in self._running:
                self._running.remove(place)
                place.pause()
            elif place in self._waiting.get(place.client, ()):  # also one that was interrupted
                self._waiting[place.client].remove(place)
                if not self._waiting[place.client]:
                    del self._waiting[place.client]
            if place.seconds:
                self._seconds += _LATEST_WEIGHT * (place.seconds - self._seconds)
            self._begin_next()

    def _begin_next(self) -> None:
        """Begin turns while there is room: by turns that of a new place, so that a long turn does not delay a short
        one, and that of the client that has waited longest."""
        while self._waiting and len(self._running) < self._concurrency:
            client = next(iter(self._waiting))
            if not self._began_new:
                client = next((client for client, places in self._waiting.items() if _is_new(places[0])), client)
            places = self._waiting.pop(client)
            place = places.popleft()
            if places:
                self._waiting[client] = places
            self._began_new = _is_new(place)
            self._running.add(place)
            place.begin()

    def _kept_before(self, client: str) -> int:
        """The number of places that are kept for clients that were refused before this one."""
        now = time.monotonic()
        for other in [other for other, until in self._refused.items() if until + _KEPT_AFTER < now]:
            del self._refused[other]
        kept = 0
        for other, until in self._refused.items():
            if other == client:
                break
            kept += until - _KEPT_BEFORE <= now
        return kept

    def _refuse(self, client: str) -> Busy:
        """The refusal of a client, for which a place is perhaps kept."""
        seconds = self.retry_after
        if client in self._refused or len(self._refused) < self._size:
            self._refused[client] = time.monotonic() + seconds
        unit = "second" if seconds == 1 else "seconds"
        return Busy(f"The queue is full. Send the request again in {seconds} {unit}.", retry_after=seconds)


def _is_new(place: Place) -> bool:
    return place.seconds < SLICE_SECONDS
