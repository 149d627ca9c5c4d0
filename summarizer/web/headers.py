"""Headers of every answer: a page may load its own style sheet and images, and send its form home."""

from flask import Flask, Response

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def harden(app: Flask) -> None:
    """Put the headers on all answers of the application."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response
