"""The application that gunicorn serves; its models load in the background from the start.

An invalid setting or a missing model is reported on stderr, with exit code 4. gunicorn takes that as "cannot load the
application" and stops, instead of restarting the worker forever.
"""

import os
import sys

from flask import Flask

from summarizer import Summarizer
from summarizer.errors import SummarizerError
from summarizer.settings import Settings
from summarizer.web import create_app
from summarizer.web.request_log import configure_log
from summarizer.web.service import service_of

_CANNOT_LOAD = 4


def start() -> Flask:
    """The application with the environment's settings."""
    try:
        configure_log(os.environ.get("SUMMARIZER_LOG_LEVEL", "info"))
        app = create_app(Summarizer(Settings.from_env()))
    except SummarizerError as error:
        print(f"summarizer: {error}", file=sys.stderr)
        raise SystemExit(_CANNOT_LOAD) from None
    service_of(app).load_in_background()
    return app


app = start()
