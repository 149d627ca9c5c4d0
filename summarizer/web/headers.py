"""Security headers: pages load their own scripts, styles and images only, connect to this server only, and are not
stored on the way."""

from flask import Flask, Response, request

# "same-origin", because a form that is sent with "no-referrer" has no origin that `access` could compare.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def add_security_headers(app: Flask) -> None:
    """Add the headers to all answers of the application."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    response.headers.update(_HEADERS)
    if request.endpoint != "static":  # what is neither a style nor a script may contain an article
        response.headers.setdefault("Cache-Control", "no-store")
    return response
