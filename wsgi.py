"""What gunicorn runs: the application, its models loading in the background from the start.

A wrong setting or a missing model ends with its message on stderr and exit code 4, which gunicorn takes as
"cannot load the application": it stops, instead of starting the worker again and again.
"""

import sys

from flask import Flask

from summarizer import Summarizer
from summarizer.errors import SummarizerError
from summarizer.settings import Settings
from summarizer.web import create_app
from summarizer.web.requestlog import configure_log
from summarizer.web.service import service_of

CANNOT_LOAD = 4


def start() -> Flask:
    """The application from the environment, models on their way."""
    try:
        settings = Settings.from_env()
        configure_log(settings.log_level)
        application = create_app(Summarizer(settings))
    except SummarizerError as error:
        print(f"summarizer: {error}", file=sys.stderr)
        raise SystemExit(CANNOT_LOAD) from None
    service_of(application).load_in_background()
    return application


app = start()
