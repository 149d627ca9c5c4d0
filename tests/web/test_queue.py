"""The fair queue."""

import threading
import time
from types import SimpleNamespace

import pytest

from summarizer.errors import Busy
from summarizer.web import queue as queue_module
from summarizer.web.queue import FairQueue


def asked(queue, *clients):
    """A place for each client, in line for a turn."""
    places = [queue.enter(client) for client in clients]
    for place in places:
        queue.wait_for_turn(place)
    return places


def have_begun(*places):
    return [place._is_running.is_set() for place in places]


def refusal(queue, client):
    with pytest.raises(Busy) as refused:
        queue.enter(client)
    return refused.value


def test_turns_beyond_the_concurrency_wait():
    queue = FairQueue(concurrency=2, size=3)
    first, second, third = asked(queue, "a", "a", "a")
    assert have_begun(first, second, third) == [True, True, False]
    with second:
        pass
    assert have_begun(third) == [True]


def test_place_that_has_not_asked_for_a_turn_lets_others_run():
    queue = FairQueue(concurrency=1, size=3)
    queue.enter("a")  # is still reading its file
    assert have_begun(*asked(queue, "b")) == [True]


def test_client_with_one_article_does_not_wait_for_all_of_another_client():
    queue = FairQueue(concurrency=1, size=9)
    *eager, single = asked(queue, *["eager"] * 4, "single")
    queue.leave(eager[0])
    assert have_begun(*eager, single) == [False, True, False, False, False]
    queue.leave(eager[1])
    assert have_begun(*eager, single) == [False, False, False, False, True]


def test_full_queue_refuses_until_a_place_is_given_back():
    queue = FairQueue(concurrency=1, size=2)
    first, waiting = asked(queue, "a", "b")
    refusal(queue, "c")
    queue.leave(waiting)
    (next_one,) = asked(queue, "c")
    queue.leave(first)
    assert have_begun(waiting, next_one) == [False, True]


@pytest.fixture
def later(monkeypatch):
    """Moves the queue's clock forward."""
    shift = [0.0]
    monkeypatch.setattr(queue_module, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + shift[0]))

    def move(seconds):
        shift[0] += seconds

    return move


def test_long_turn_is_interrupted_for_a_new_one_and_continues_after_it(later):
    queue = FairQueue(concurrency=1, size=2)
    (long,) = asked(queue, "a")
    later(2)
    assert not queue.interrupt(long)  # nobody waits
    (short,) = asked(queue, "b")
    assert queue.interrupt(long)
    assert have_begun(long, short) == [False, True]
    queue.leave(short)
    assert have_begun(long) == [True]


def test_long_turn_is_not_interrupted_for_another_long_one(later):
    queue = FairQueue(concurrency=1, size=3)
    first, second = asked(queue, "a", "b")
    later(2)
    assert queue.interrupt(first)
    later(2)
    assert not queue.interrupt(second)
    assert have_begun(first, second) == [False, True]


def test_long_turn_is_not_interrupted_for_the_same_client(later):
    queue = FairQueue(concurrency=1, size=2)
    first, _ = asked(queue, "a", "a")
    later(2)
    assert not queue.interrupt(first)


def test_new_turns_do_not_keep_a_long_one_waiting(later):
    queue = FairQueue(concurrency=1, size=9)
    (long,) = asked(queue, "a")
    later(2)
    (short,) = asked(queue, "b")
    queue.interrupt(long)
    (later_one,) = asked(queue, "c")
    queue.leave(short)
    assert have_begun(long, later_one) == [True, False]


def test_interrupted_place_that_leaves_gets_no_further_turn(later):
    queue = FairQueue(concurrency=1, size=3)
    (gone,) = asked(queue, "a")
    later(2)
    (short,) = asked(queue, "b")
    assert queue.interrupt(gone)
    queue.leave(gone)
    queue.leave(short)
    assert have_begun(*asked(queue, "c")) == [True]
    assert have_begun(gone) == [False]


def test_place_is_kept_when_its_turn_ends():
    queue = FairQueue(concurrency=1, size=2)
    first, second = asked(queue, "a", "b")
    first.end_turn()
    assert have_begun(first, second) == [False, True]
    assert len(queue) == 2


def test_short_turn_is_not_interrupted():
    queue = FairQueue(concurrency=1, size=2)
    first, _ = asked(queue, "a", "b")
    assert not queue.interrupt(first)


def test_check_ends_the_waiting():
    queue = FairQueue(concurrency=1, size=2)
    asked(queue, "a")

    def give_up():
        raise TimeoutError  # ends the work

    with pytest.raises(TimeoutError), queue.enter("b") as place:
        place.take_turn(give_up)
    assert len(queue) == 1


def test_refused_client_gets_a_place_before_one_that_comes_later(later):
    queue = FairQueue(concurrency=1, size=2)
    first, _ = queue.enter("a"), queue.enter("a")
    later(refusal(queue, "b").retry_after)
    queue.leave(first)
    refusal(queue, "c")
    queue.enter("b")


def test_place_is_kept_only_for_the_time_that_a_client_was_told(later):
    queue = FairQueue(concurrency=1, size=2)
    first, _ = queue.enter("a"), queue.enter("a")
    later(refusal(queue, "b").retry_after + 10)
    queue.leave(first)
    queue.enter("c")


def test_clients_that_do_not_come_back_keep_nobody_out():
    queue = FairQueue(concurrency=1, size=2)
    places = [queue.enter("a") for _ in range(2)]
    for number in range(50):
        refusal(queue, f"gone {number}")
    for place in places:
        queue.leave(place)
    queue.enter("b")


def test_every_client_gets_its_share_under_twice_the_load():
    queue = FairQueue(concurrency=2, size=8)
    served = {f"client {number}": 0 for number in range(16)}
    end = time.monotonic() + 6

    def ask_again_and_again(client):
        while time.monotonic() < end:
            try:
                with queue.enter(client) as place:
                    place.take_turn(lambda: True)
                    time.sleep(0.02)
                served[client] += 1
            except Busy:
                time.sleep(0.1)  # it is told to wait for a second or more

    threads = [threading.Thread(target=ask_again_and_again, args=[client]) for client in served]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fair_share = sum(served.values()) / len(served)
    assert min(served.values()) >= fair_share / 2


def test_time_to_wait_grows_with_the_queue():
    def told(size):
        queue = FairQueue(concurrency=1, size=size)
        for _ in range(size):
            queue.enter("a")
        return [refusal(queue, f"client {number}").retry_after for number in range(9)]

    assert told(1) == sorted(told(1))
    assert told(1)[0] < told(1)[-1]


def test_closed_queue_refuses_with_its_reason():
    queue = FairQueue(concurrency=1, size=2)
    (running,) = asked(queue, "a")
    queue.close("The service is restarting.")
    assert str(refusal(queue, "b")) == "The service is restarting."
    assert have_begun(running) == [True]
