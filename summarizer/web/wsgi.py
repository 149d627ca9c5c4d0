"""The application that is served; its models load in the background from the start.

An invalid setting, a missing model or an unavailable device is reported on stderr, with exit code 4.
"""

import os
import sys

from flask import Flask

from summarizer import Summarizer
from summarizer.errors import CANNOT_LOAD, InvalidSetting, SummarizerError
from summarizer.models.devices import require_device
from summarizer.settings import LOG_LEVELS, Settings
from summarizer.web import create_app
from summarizer.web.request_log import configure_log
from summarizer.web.service import service_of

_LOG_LEVEL = "SUMMARIZER_LOG_LEVEL"


def start() -> Flask:
    """The application with the environment's settings."""
    try:
        configure_log(_log_level())
        settings = Settings.from_env()
        app = create_app(Summarizer(settings))
        require_device(settings.device)
    except SummarizerError as error:
        print(f"summarizer: {error}", file=sys.stderr)
        raise SystemExit(CANNOT_LOAD) from None
    service_of(app).load_in_background()
    return app


def _log_level() -> str:
    level = os.environ.get(_LOG_LEVEL) or "info"
    if level.lower() not in LOG_LEVELS:
        raise InvalidSetting(f"{_LOG_LEVEL}={level!r}: valid levels are {', '.join(LOG_LEVELS)}.")
    return level


app = start()
