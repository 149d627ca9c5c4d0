"""How many summaries one client address may ask for in a time; one more is refused, with when to come again."""

import time
from typing import NoReturn

from flask import Flask, request
from flask_limiter import Limiter, RequestLimit
from flask_limiter.util import get_remote_address
from limits import parse_many
from werkzeug.exceptions import TooManyRequests

from summarizer.errors import InvalidSetting


def limit_rate(app: Flask, rate_limit: str) -> None:
    """Limit how many summaries one client address may ask for, over the API and the form together.

    :param rate_limit: such as `30 per minute` or `5/second; 200/day`; empty for no limit.
    :raises InvalidSetting: when it cannot be read.
    """
    if not rate_limit:
        return
    try:
        parse_many(rate_limit)
    except ValueError:
        raise InvalidSetting(
            f"SUMMARIZER_RATE_LIMIT={rate_limit!r} cannot be read. Write it like '30 per minute'."
        ) from None
    Limiter(
        get_remote_address,
        app=app,
        storage_uri="memory://",
        strategy="moving-window",
        application_limits=[rate_limit],
        application_limits_exempt_when=lambda: request.method != "POST",
        on_breach=_refuse,
    )


def _refuse(limit: RequestLimit) -> NoReturn:
    seconds = max(1, round(limit.reset_at - time.time()))
    raise TooManyRequests(
        f"Your address may ask for {limit.limit}, and did. Send the request again in {seconds} seconds.",
        retry_after=seconds,
    )
