"""The application that is served; its models load in the background from the start.

An invalid setting, a missing model or an unavailable device is reported on stderr, with exit code 4.
"""

import os
import sys
from collections.abc import Sequence

from flask import Flask

from summarizer import Summarizer
from summarizer.errors import CANNOT_LOAD, InvalidSetting, SummarizerError
from summarizer.models.devices import require_device
from summarizer.settings import LOG_LEVELS, LOG_STYLES, PREFIX, Settings
from summarizer.web import create_app
from summarizer.web.request_log import configure_log
from summarizer.web.service import service_of


def start() -> Flask:
    """The application with the environment's settings."""
    try:
        configure_log(_choice("LOG_LEVEL", LOG_LEVELS, "info"), _choice("LOG_STYLE", LOG_STYLES, "text"))
        settings = Settings.from_env()
        app = create_app(Summarizer(settings))
        require_device(settings.device)
    except SummarizerError as error:
        print(f"summarizer: {error}", file=sys.stderr)
        raise SystemExit(CANNOT_LOAD) from None
    service_of(app).load_in_background()
    return app


def _choice(name: str, choices: Sequence[str], default: str) -> str:
    """The value of a variable of `summarizer serve`."""
    value = os.environ.get(f"{PREFIX}{name}") or default
    if value.lower() not in choices:
        what = name.lower().replace("_", " ").removeprefix("log ")
        raise InvalidSetting(f"{PREFIX}{name}={value!r}: valid {what}s are {', '.join(choices)}.")
    return value.lower()


app = start()
