"""Turns: who may have a summary made, and when.

So many are made at once and so many more wait; one more is refused. Clients take turns, so that one who sends many
articles does not hold up one who sends a single one. Knows nothing of HTTP and of how a summary is made.
"""

import threading
from collections import OrderedDict, deque
from types import TracebackType
from typing import Self

from summarizer.errors import Busy

# A shortened summary takes a second on two cores, a retold one up to a minute; by then one in front is likely done.
RETRY_AFTER_SECONDS = 5


class Turn:
    """A place in the queue; as a context manager it is given back at the end."""

    def __init__(self, turns: "Turns", client: str) -> None:
        self.client = client
        self._turns = turns
        self._begun = threading.Event()

    def begin(self) -> None:
        """End the waiting."""
        self._begun.set()

    def pause(self) -> None:
        """Begin the waiting anew."""
        self._begun.clear()

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; whether the waiting is over."""
        return self._begun.wait(seconds)

    def rest(self) -> None:
        """Let others begin while something else is waited for; the place stays taken."""
        self._turns.rest(self)

    def resume(self) -> None:
        """Wait again, where it rests, before all others of its client."""
        self._turns.resume(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._turns.leave(self)


class Turns:
    """A queue with a fixed number of places, fair between clients."""

    def __init__(self, at_once: int, places: int) -> None:
        """Make an empty queue.

        :param at_once: how many turns may have begun.
        :param places: how many may have begun, rest or wait.
        """
        self._at_once = at_once
        self._places = places
        self._begun: set[Turn] = set()
        self._resting: set[Turn] = set()
        # The client whose turn is next stands first.
        self._waiting: OrderedDict[str, deque[Turn]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        """The places that are taken."""
        return len(self._begun) + len(self._resting) + sum(map(len, self._waiting.values()))

    def enter(self, client: str) -> Turn:
        """Take a place.

        :param client: who asks, such as an address.
        :raises Busy: when there is none.
        """
        with self._lock:
            if self.taken >= self._places:
                raise Busy(
                    "All places in the queue are taken. Send the request again in "
                    f"{RETRY_AFTER_SECONDS} seconds, as the Retry-After header says.",
                    retry_after=RETRY_AFTER_SECONDS,
                )
            turn = Turn(self, client)
            self._waiting.setdefault(client, deque()).append(turn)
            self._begin_next()
        return turn

    def rest(self, turn: Turn) -> None:
        """Let another begin in the place of one that has begun."""
        with self._lock:
            if turn in self._begun:
                self._begun.remove(turn)
                self._resting.add(turn)
                turn.pause()
                self._begin_next()

    def resume(self, turn: Turn) -> None:
        """Let one that rests wait again, before all others of its client."""
        with self._lock:
            if turn in self._resting:
                self._resting.remove(turn)
                self._waiting.setdefault(turn.client, deque()).appendleft(turn)
                self._begin_next()

    def leave(self, turn: Turn) -> None:
        """Give a place back, whether its turn has begun or not."""
        with self._lock:
            if turn in self._begun:
                self._begun.remove(turn)
            elif turn in self._resting:
                self._resting.remove(turn)
            else:
                self._waiting[turn.client].remove(turn)
                if not self._waiting[turn.client]:
                    del self._waiting[turn.client]
            self._begin_next()

    def _begin_next(self) -> None:
        while self._waiting and len(self._begun) < self._at_once:
            client, turns = self._waiting.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self._waiting[client] = turns
            self._begun.add(turn)
            turn.begin()
