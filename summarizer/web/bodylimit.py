"""WSGI middleware: no body larger than the limit reaches the application, in whatever way it is sent.

A body without a Content-Length (chunked) is read here and gets one, because Werkzeug would cut it off at the limit
without a word. What is too large is read to its end and thrown away before the answer goes out: most clients send
all they have before they read, and would see a broken connection instead of the answer.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import IO, Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
App = Callable[[Environ, StartResponse], Iterable[bytes]]

# Of a body that is too large, so many times the limit is read before the connection may break all the same.
_MOST_DISCARDED = 20
_PIECE = 64 * 1024


class BodyLimit:
    """An application behind a limit; that answers 413 when the Content-Length is larger than `limit` bytes."""

    def __init__(self, app: App, limit: int) -> None:
        self._app = app
        self._limit = limit

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request whose Content-Length is true."""
        stream: IO[bytes] = environ["wsgi.input"]
        chunked = "CONTENT_LENGTH" not in environ and environ.get("wsgi.input_terminated")
        if chunked:
            body = stream.read(self._limit + 1)
            environ["wsgi.input"] = BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ.pop("HTTP_TRANSFER_ENCODING", None)
        answer = self._app(environ, start_response)
        length = _length(environ)
        if length > self._limit:
            most = _MOST_DISCARDED * self._limit
            _discard(stream, most if chunked else min(length, most))
        return answer


def _length(environ: Environ) -> int:
    length = str(environ.get("CONTENT_LENGTH", ""))
    return int(length) if length.isdecimal() else 0


def _discard(stream: IO[bytes], most: int) -> None:
    try:
        while most > 0 and (piece := stream.read(min(most, _PIECE))):
            most -= len(piece)
    except OSError:
        return
