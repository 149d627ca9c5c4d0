"""A value that is made when it is first asked for."""

import threading
import time

import pytest

from summarizer.models.once import Once


def test_value_is_made_once_for_all_threads() -> None:
    made = []

    def make() -> int:
        time.sleep(0.05)
        made.append(1)
        return len(made)

    value = Once(make)
    assert made == []
    threads = [threading.Thread(target=value) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value() == 1
    assert made == [1]


def test_none_is_a_value() -> None:
    calls = []
    value = Once(lambda: calls.append(1))
    assert value() is value() is None
    assert calls == [1]


def test_error_is_not_kept() -> None:
    answers = iter([ValueError("not yet"), None])

    def make() -> str:
        if error := next(answers):
            raise error
        return "made"

    value = Once(make)
    with pytest.raises(ValueError, match="not yet"):
        value()
    assert value() == "made"
