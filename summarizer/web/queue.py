"""The queue for summaries: a fixed size, and fair between clients.

Clients take turns, so that one that sends many articles does not delay one that sends a single one.
"""

import threading
from collections import OrderedDict, deque
from types import TracebackType
from typing import Self

from summarizer.errors import Busy

# An extractive summary takes a second on two cores, an abstractive one up to a minute; by then a place is likely free.
RETRY_AFTER_SECONDS = 5


class Turn:
    """A client's place in the queue; as a context manager it is given back at the end."""

    def __init__(self, queue: "FairQueue", client: str) -> None:
        self.client = client
        self._queue = queue
        self._has_begun = threading.Event()

    def begin(self) -> None:
        """End the waiting."""
        self._has_begun.set()

    def pause(self) -> None:
        """Wait again."""
        self._has_begun.clear()

    def wait(self, seconds: float) -> bool:
        """Wait for the turn, with a time limit; whether it has begun."""
        return self._has_begun.wait(seconds)

    def rest(self) -> None:
        """Let others begin while this turn waits for something else; the place in the queue is kept."""
        self._queue.rest(self)

    def resume(self) -> None:
        """After a rest, wait again, ahead of the client's other requests."""
        self._queue.resume(self)

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
        :param size: turns that run, rest or wait.
        """
        self._concurrency = concurrency
        self._size = size
        self._running: set[Turn] = set()
        self._resting: set[Turn] = set()
        # By client, in the order of their turns.
        self._waiting: OrderedDict[str, deque[Turn]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """The turns that run, rest or wait."""
        return len(self._running) + len(self._resting) + sum(map(len, self._waiting.values()))

    def enter(self, client: str) -> Turn:
        """Take a place in the queue.

        :param client: identifies the client, by its address for example.
        :raises Busy: when the queue is full.
        """
        with self._lock:
            if len(self) >= self._size:
                raise Busy(
                    f"The queue is full. Send the request again in {RETRY_AFTER_SECONDS} seconds.",
                    retry_after=RETRY_AFTER_SECONDS,
                )
            turn = Turn(self, client)
            self._waiting.setdefault(client, deque()).append(turn)
            self._begin_next()
        return turn

    def rest(self, turn: Turn) -> None:
        """Let another turn run in place of a running one."""
        with self._lock:
            if turn in self._running:
                self._running.remove(turn)
                self._resting.add(turn)
                turn.pause()
                self._begin_next()

    def resume(self, turn: Turn) -> None:
        """Put a resting turn back, ahead of its client's other turns."""
        with self._lock:
            if turn in self._resting:
                self._resting.remove(turn)
                self._waiting.setdefault(turn.client, deque()).appendleft(turn)
                self._begin_next()

    def leave(self, turn: Turn) -> None:
        """Give a place back, whether its turn has begun or not."""
        with self._lock:
            if turn in self._running:
                self._running.remove(turn)
            elif turn in self._resting:
                self._resting.remove(turn)
            else:
                self._waiting[turn.client].remove(turn)
                if not self._waiting[turn.client]:
                    del self._waiting[turn.client]
            self._begin_next()

    def _begin_next(self) -> None:
        while self._waiting and len(self._running) < self._concurrency:
            client, turns = self._waiting.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self._waiting[client] = turns
            self._running.add(turn)
            turn.begin()
