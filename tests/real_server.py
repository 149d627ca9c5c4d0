"""A server with connections, and a summary that has no end, for what a test client cannot show."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

from summarizer import Summarizer
from summarizer.watching import Watcher


@contextmanager
def serving(app: Flask) -> Iterator[int]:
    """Serve an application on a free port, which is given."""
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
    """A summary that goes on until someone ends it, as on a slow machine."""

    def __init__(self, settings):
        super().__init__(settings)
        self.begun, self.ended = threading.Event(), threading.Event()

    def summarize(self, article, *, watcher=None, **options):
        self.begun.set()
        try:
            while True:
                (watcher or Watcher()).step("writing", 0, 1)
                time.sleep(0.01)
        finally:
            self.ended.set()
