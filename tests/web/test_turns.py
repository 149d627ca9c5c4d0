"""Who may have a summary made, and when."""

import pytest

from summarizer.errors import Busy
from summarizer.web.turns import Turns


def _begun(*turns):
    return [turn.wait(0) for turn in turns]


def test_so_many_turns_begin_and_the_others_wait():
    turns = Turns(at_once=2, places=3)
    first, second, third = (turns.enter("a") for _ in range(3))
    assert _begun(first, second, third) == [True, True, False]
    with second:
        pass
    assert _begun(third) == [True]


def test_client_with_one_article_does_not_wait_for_all_of_another():
    turns = Turns(at_once=1, places=9)
    eager = [turns.enter("eager") for _ in range(4)]
    single = turns.enter("single")
    turns.leave(eager[0])
    assert _begun(*eager, single) == [True, True, False, False, False]
    turns.leave(eager[1])
    assert _begun(*eager, single) == [True, True, False, False, True]
    turns.leave(single)
    assert _begun(*eager) == [True, True, True, False]


def test_full_queue_refuses_and_takes_again_when_someone_leaves_before_his_turn():
    turns = Turns(at_once=1, places=2)
    first, waiting = turns.enter("a"), turns.enter("b")
    with pytest.raises(Busy):
        turns.enter("c")
    turns.leave(waiting)
    next_one = turns.enter("c")
    turns.leave(first)
    assert _begun(waiting, next_one) == [False, True]


def test_turn_that_rests_lets_another_begin_and_keeps_its_place():
    turns = Turns(at_once=1, places=3)
    resting, second, third = (turns.enter("a") for _ in range(3))
    resting.rest()
    assert _begun(resting, second, third) == [False, True, False]
    with pytest.raises(Busy):
        turns.enter("b")
    resting.resume()
    assert _begun(resting) == [False]
    turns.leave(second)
    assert _begun(resting, third) == [True, False]
    resting.rest()
    turns.leave(resting)
    assert turns.taken == 1


def test_error_gives_the_place_back():
    turns = Turns(at_once=1, places=1)
    with pytest.raises(ValueError, match="wrong"), turns.enter("a"):
        raise ValueError("wrong")
    assert _begun(turns.enter("a")) == [True]
