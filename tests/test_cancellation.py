"""Cancellation: what ends the work of a thread at its checkpoints."""

import threading
import time

import pytest

from summarizer import cancellation
from summarizer.cancellation import DeadlineExceeded, cancellable, checked, checkpoint
from summarizer.readers import read


class Cancelled(Exception):
    """The work is no longer wanted."""


def cancel() -> None:
    raise Cancelled


def test_checkpoint_without_a_token_does_nothing() -> None:
    checkpoint()


def test_check_ends_the_work() -> None:
    with pytest.raises(Cancelled), cancellable(cancel):
        checkpoint()


def test_deadline_ends_the_work_at_every_further_checkpoint() -> None:
    with cancellable(deadline=time.monotonic() - 1):
        for _ in range(2):
            with pytest.raises(DeadlineExceeded):
                checkpoint()


def test_outer_block_ends_the_work_of_an_inner_one() -> None:
    with pytest.raises(Cancelled), cancellable(cancel), cancellable(deadline=time.monotonic() + 60):
        checkpoint()


def test_deadline_counts_only_within_its_block() -> None:
    with cancellable(deadline=time.monotonic() - 1):
        pass
    checkpoint()


def test_other_thread_is_not_cancelled() -> None:
    reached = []
    with cancellable(cancel):
        thread = threading.Thread(target=lambda: reached.extend(checked([1, 2])))
        thread.start()
        thread.join()
    assert reached == [1, 2]


def test_check_is_not_called_at_each_of_many_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr(cancellation.time, "monotonic", lambda: 100.0)
    with cancellable(lambda: calls.append(1)):
        for _ in checked(range(1_000)):
            pass
    assert len(calls) == 1


def test_file_that_is_being_read_is_cancelled_at_once() -> None:
    begun = time.monotonic()
    slow = b"%PDF-1.4\n" + b"<<" * 3_000_000
    with pytest.raises(Cancelled), cancellable(cancel):
        read(slow, "pdf")
    assert time.monotonic() - begun < 2
