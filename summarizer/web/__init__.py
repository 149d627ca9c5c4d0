"""HTTP requests → summaries as JSON, events or a page; health checks and the API's description."""

from flask import Flask

from summarizer import Summarizer
from summarizer.web.access import Access
from summarizer.web.api import api
from summarizer.web.body_limit import BodyLimit
from summarizer.web.docs import docs
from summarizer.web.headers import add_security_headers
from summarizer.web.health import health
from summarizer.web.pages import pages
from summarizer.web.problems import handle_errors
from summarizer.web.request_log import log_requests
from summarizer.web.service import Service
from summarizer.web.tracing import trace_requests

__all__ = ["create_app"]


def create_app(summarizer: Summarizer | None = None) -> Flask:
    """The WSGI application around one summarizer and its settings.

    :param summarizer: by default one with the environment's settings. Its models are loaded by the first request,
        unless `Service.load_in_background` is called before.
    :raises SummarizerError: when a setting is invalid or a model is missing.
    """
    summarizer = summarizer or Summarizer()
    settings = summarizer.settings
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.wsgi_app = BodyLimit(app.wsgi_app, settings.max_body)  # type: ignore[method-assign]
    service = Service(summarizer)
    service.init_app(app)
    log_requests(app)
    trace_requests(app)
    service.metrics.init_app(app)
    Access(settings).init_app(app)
    app.register_blueprint(api)
    app.register_blueprint(pages)
    app.register_blueprint(docs)
    app.register_blueprint(health)
    handle_errors(app)
    add_security_headers(app)
    return app
