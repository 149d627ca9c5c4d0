"""The application for any WSGI server; `summarizer serve` runs it with the one that it is tested with."""

from summarizer.web.wsgi import app

__all__ = ["app"]
