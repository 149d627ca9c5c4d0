"""WSGI middleware that enforces the size limit on every request body.

A chunked body is read here and gets a Content-Length, because Werkzeug would silently truncate it at the limit. A body
that is too large is read to its end and discarded before the answer is sent: most clients send everything before they
read, and would see a broken connection instead of the answer.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import IO, Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
App = Callable[[Environ, StartResponse], Iterable[bytes]]

# A body that is too large is discarded up to this multiple of the limit; beyond it the connection may break.
MAX_DISCARDED = 20
_CHUNK_SIZE = 64 * 1024


class BodyLimit:
    """Wraps an application that answers 413 when the Content-Length exceeds `limit` bytes."""

    def __init__(self, app: App, limit: int) -> None:
        self._app = app
        self._limit = limit

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on with a correct Content-Length."""
        stream: IO[bytes] = environ["wsgi.input"]
        chunked = "CONTENT_LENGTH" not in environ and environ.get("wsgi.input_terminated")
        # Werkzeug then answers 400 to a body that ends before its Content-Length; otherwise it takes it as whole.
        environ.pop("wsgi.input_terminated", None)
        if chunked:
            body = stream.read(self._limit + 1)
            environ["wsgi.input"] = BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ.pop("HTTP_TRANSFER_ENCODING", None)
        answer = self._app(environ, start_response)
        length = _length(environ)
        if length > self._limit:
            left = MAX_DISCARDED * self._limit
            _discard(stream, left if chunked else min(length, left))
        return answer


def _length(environ: Environ) -> int:
    length = str(environ.get("CONTENT_LENGTH", ""))
    return int(length) if length.isdecimal() else 0


def _discard(stream: IO[bytes], left: int) -> None:
    try:
        while left > 0 and (piece := stream.read(min(left, _CHUNK_SIZE))):
            left -= len(piece)
    except OSError:
        return
