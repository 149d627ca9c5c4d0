"""A real server, and a summary that never ends, for what a test client cannot show."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask

from summarizer import Summarizer
from summarizer.cancellation import checkpoint
from summarizer.job import Listener
from summarizer.web.server import Server, make_server


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


@contextmanager
def serving(app: Flask) -> Iterator[int]:
    """Serve an application on a free port, which is yielded."""
    with server_of(app) as (_, port):
        yield port


@contextmanager
def server_of(app: Flask) -> Iterator[tuple[Server, int]]:
    """The server of an application on a free port, and the port."""
    server = make_server(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield server, server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


class Endless(Summarizer):
    """Summaries that run until someone ends them, as on a slow machine."""

    def __init__(self, settings):
        super().__init__(settings)
        self.begun, self.ended = threading.Event(), threading.Event()

    def summarize(self, article, *, listener=None, **options):
        self.begun.set()
        try:
            while True:
                (listener or Listener()).on_step("writing", 0, 1)
                checkpoint()
                time.sleep(0.01)
        finally:
            self.ended.set()
