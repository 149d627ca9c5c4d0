"""Send articles to the service from many clients, some of which disconnect, and report its state afterwards.

    python -m scripts.benchmark.stress                 sixteen clients for five minutes; a quarter of requests aborted
    python -m scripts.benchmark.stress --seconds 30

Reports the statuses, the statuses of as many requests as the queue has places afterwards, memory at the start, in the
middle and at the end, and the seconds of one request before and after.
"""

import argparse
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from statistics import median
from urllib.error import HTTPError

from scripts.benchmark.service import RunningService, running_service
from scripts.evaluation.data import DATA, read_rows

# An aborted request keeps its place in the queue until the service notices, about half a second later.
_SPARE_PLACES = 8
_MAX_ARTICLES = 20


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the test and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA / "realsumm.jsonl", help="JSONL with `article`")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--abort", type=float, default=0.25, help="share of requests that are aborted")
    options = parser.parse_args(arguments)
    articles = [str(row["article"]) for row in read_rows(options.data, {"article"}, _MAX_ARTICLES)]
    places = options.clients + _SPARE_PLACES
    with running_service(queue=places) as service:
        before, memory = _median_seconds(service, articles), [service.megabytes()]
        statuses = _send_all(service, articles, options, memory)
        memory.append(service.megabytes())
        time.sleep(2)  # until the service has noticed the last aborted requests
        with ThreadPoolExecutor(places) as pool:
            afterwards = Counter(pool.map(lambda article: _status(service, article), (articles * places)[:places]))
        after = _median_seconds(service, articles)
    print(f"statuses: {dict(statuses)}")
    print(f"{places} requests at the same time afterwards: {dict(afterwards)}")
    print(f"MB at the start, in the middle and at the end: {memory}")
    print(f"seconds of one request before and after: {before:.2f} and {after:.2f}")


def _send_all(
    service: RunningService, articles: Sequence[str], options: argparse.Namespace, memory: list[int]
) -> Counter[str]:
    """Run all clients and count the statuses that they get; appends the memory at half-time to `memory`."""
    statuses: Counter[str] = Counter()
    lock = threading.Lock()
    end = time.monotonic() + options.seconds

    def client(number: int) -> None:
        draw = random.Random(number)
        while time.monotonic() < end:
            article = draw.choice(articles)
            if draw.random() < options.abort:
                _abort(service, article, draw.uniform(0.0, 2.0))
                status = "aborted"
            else:
                status = _status(service, article)
            with lock:
                statuses[status] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(options.clients)]
    for thread in threads:
        thread.start()
    time.sleep(options.seconds / 2)
    memory.append(service.megabytes())
    for thread in threads:
        thread.join()
    return statuses


def _status(service: RunningService, article: str) -> str:
    try:
        service.seconds(article)
    except HTTPError as error:
        return str(error.code)
    except Exception as error:  # every failure is counted
        return type(error).__name__
    return "200"


def _abort(service: RunningService, article: str, seconds: float) -> None:
    """Send an article and disconnect after some seconds, usually before the response."""
    body = article.encode()
    head = "POST /summarize HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    with suppress(OSError), socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(head.encode() + body)
        time.sleep(seconds)


def _median_seconds(service: RunningService, articles: Sequence[str]) -> float:
    """The median over five articles, sent one after the other."""
    return median(service.seconds(article) for article in articles[:5])


if __name__ == "__main__":
    main()
