"""The service over HTTP: an API for programs, a page for people, health for whoever runs it.

Turns requests into calls of `Summarizer` and its answers and errors into JSON or HTML. Knows nothing of how a
summary is made, and never logs an article.
"""

from flask import Flask

from summarizer import Summarizer
from summarizer.web.api import api
from summarizer.web.bodylimit import BodyLimit
from summarizer.web.docs import docs
from summarizer.web.headers import harden
from summarizer.web.health import health
from summarizer.web.pages import pages
from summarizer.web.problems import answer_problems
from summarizer.web.ratelimit import limit_rate
from summarizer.web.requestlog import log_requests
from summarizer.web.service import Service

__all__ = ["create_app"]


def create_app(summarizer: Summarizer | None = None) -> Flask:
    """The WSGI application around one summarizer, whose settings hold here too.

    :param summarizer: by default one made from the environment; its models are loaded by the first summary,
        unless `Service.load_in_background` was called before.
    :raises SummarizerError: when a setting does not fit or a model is not there.
    """
    summarizer = summarizer or Summarizer()
    settings = summarizer.settings
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.wsgi_app = BodyLimit(app.wsgi_app, settings.max_body)  # type: ignore[method-assign]
    Service(summarizer).attach(app)
    log_requests(app)
    limit_rate(app, settings.rate_limit)
    app.register_blueprint(api)
    app.register_blueprint(pages)
    app.register_blueprint(docs)
    app.register_blueprint(health)
    answer_problems(app)
    harden(app)
    return app
