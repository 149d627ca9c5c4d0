"""A real server, and a summary that never ends, for what a test client cannot show."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

from summarizer import Summarizer
from summarizer.job import Listener


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


@contextmanager
def serving(app: Flask) -> Iterator[int]:
    """Serve an application on a free port, which is yielded."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


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
                time.sleep(0.01)
        finally:
            self.ended.set()
