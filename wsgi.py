"""The application for WSGI servers: `gunicorn --config python:summarizer.web.gunicorn_config wsgi:app`."""

from summarizer.web.wsgi import app

__all__ = ["app"]
