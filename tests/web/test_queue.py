"""The fair queue."""

import pytest

from summarizer.errors import Busy
from summarizer.web.queue import FairQueue


def _have_begun(*turns):
    return [turn.wait(0) for turn in turns]


def test_turns_beyond_the_concurrency_wait():
    queue = FairQueue(concurrency=2, size=3)
    first, second, third = (queue.enter("a") for _ in range(3))
    assert _have_begun(first, second, third) == [True, True, False]
    with second:
        pass
    assert _have_begun(third) == [True]


def test_client_with_one_article_does_not_wait_for_all_of_another_client():
    queue = FairQueue(concurrency=1, size=9)
    eager = [queue.enter("eager") for _ in range(4)]
    single = queue.enter("single")
    queue.leave(eager[0])
    assert _have_begun(*eager, single) == [True, True, False, False, False]
    queue.leave(eager[1])
    assert _have_begun(*eager, single) == [True, True, False, False, True]
    queue.leave(single)
    assert _have_begun(*eager) == [True, True, True, False]


def test_full_queue_refuses_until_a_turn_leaves():
    queue = FairQueue(concurrency=1, size=2)
    first, waiting = queue.enter("a"), queue.enter("b")
    with pytest.raises(Busy):
        queue.enter("c")
    queue.leave(waiting)
    next_one = queue.enter("c")
    queue.leave(first)
    assert _have_begun(waiting, next_one) == [False, True]


def test_resting_turn_lets_another_begin_and_keeps_its_place():
    queue = FairQueue(concurrency=1, size=3)
    resting, second, third = (queue.enter("a") for _ in range(3))
    resting.rest()
    assert _have_begun(resting, second, third) == [False, True, False]
    with pytest.raises(Busy):
        queue.enter("b")
    resting.resume()
    assert _have_begun(resting) == [False]
    queue.leave(second)
    assert _have_begun(resting, third) == [True, False]
    resting.rest()
    queue.leave(resting)
    assert len(queue) == 1


def test_error_gives_the_place_back():
    queue = FairQueue(concurrency=1, size=1)
    with pytest.raises(ValueError, match="wrong"), queue.enter("a"):
        raise ValueError("wrong")
    assert _have_begun(queue.enter("a")) == [True]
