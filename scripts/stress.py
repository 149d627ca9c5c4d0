#!/usr/bin/env python
"""Send a service articles from many clients at once, some of whom hang up, and say whether it holds.

    scripts/stress.py                 sixteen clients for five minutes, a quarter of the requests given up
    scripts/stress.py --seconds 30

Says which statuses came, whether every place in the queue is free afterwards, what memory it held at the start, in the
middle and at the end, and how long one request takes before and after.
"""

from __future__ import annotations

import argparse
import random
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from statistics import median
from urllib.error import HTTPError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, when run as a file

from evaluation_data import DATA, read_rows
from served import Served, served

# Who hung up holds a place until the service has seen it, half a second or so.
_SPARE_PLACES = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA / "realsumm.jsonl", help="JSONL with `article`")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--hang-up", type=float, default=0.25, help="the share of requests that are given up")
    options = parser.parse_args()
    articles = [str(row["article"]) for row in read_rows(options.data, {"article"}, 20)]
    places = options.clients + _SPARE_PLACES
    with served(queue=places) as service:
        before, held = _one(service, articles), [service.megabytes()]
        statuses = _storm(service, articles, options, held)
        held.append(service.megabytes())
        time.sleep(2)
        with ThreadPoolExecutor(places) as pool:
            full = Counter(pool.map(lambda article: _status(service, article), (articles * places)[:places]))
        after = _one(service, articles)
    print(f"statuses: {dict(statuses)}")
    print(f"{places} at once afterwards: {dict(full)}")
    print(f"megabytes at the start, in the middle and at the end: {held}")
    print(f"seconds of one request before and after: {before:.2f} and {after:.2f}")


def _storm(service: Served, articles: Sequence[str], options: argparse.Namespace, held: list[int]) -> Counter[str]:
    """What all clients get until the time is over; memory is looked at half way."""
    statuses: Counter[str] = Counter()
    lock = threading.Lock()
    end = time.monotonic() + options.seconds

    def client(number: int) -> None:
        draw = random.Random(number)
        while time.monotonic() < end:
            article = draw.choice(articles)
            if draw.random() < options.hang_up:
                _give_up(service, article, draw.uniform(0.0, 2.0))
                status = "given up"
            else:
                status = _status(service, article)
            with lock:
                statuses[status] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(options.clients)]
    for thread in threads:
        thread.start()
    time.sleep(options.seconds / 2)
    held.append(service.megabytes())
    for thread in threads:
        thread.join()
    return statuses


def _status(service: Served, article: str) -> str:
    try:
        service.seconds(article)
    except HTTPError as error:
        return str(error.code)
    except Exception as error:  # whatever it is, it is no summary
        return type(error).__name__
    return "200"


def _give_up(service: Served, article: str, seconds: float) -> None:
    """Send an article and hang up before the answer may be there."""
    body = article.encode()
    head = f"POST /summarize HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    with suppress(OSError), socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(head.encode() + body)
        time.sleep(seconds)


def _one(service: Served, articles: Sequence[str]) -> float:
    return median(service.seconds(article) for article in articles[:5])


if __name__ == "__main__":
    main()
