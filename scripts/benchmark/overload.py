"""Send the service twice the requests that its queue holds, from clients that wait as long as they are told to.

    python -m scripts.benchmark.overload                  32 clients for 110 seconds; eight share an address
    python -m scripts.benchmark.overload --seconds 30
    python -m scripts.benchmark.overload --seconds 60 --stop TERM    also end the service in the middle, by a signal

Each client sends articles of its own one after the other; one that is refused waits for `Retry-After` seconds. Reports
the statuses, and the summaries of each address as a share of what it would get if all got equally many. A request whose
connection breaks after it was sent counts as `lost`; one that finds no service any more as `not taken`.
"""

import argparse
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median

from scripts.benchmark.service import RunningService, running_service
from scripts.evaluation.data import DATA, read_rows

_MAX_ARTICLES = 50
_SHARED_ADDRESS = "203.0.113.200"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the test and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA / "realsumm.jsonl", help="JSONL with `article`")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--sharing", type=int, default=8, help="clients that share one address")
    parser.add_argument("--queue", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=110)
    parser.add_argument("--stop", choices=("TERM", "HUP"), help="the signal that ends the service at half-time")
    options = parser.parse_args(arguments)
    articles = [str(row["article"]) for row in read_rows(options.data, {"article"}, _MAX_ARTICLES)]
    settings = {"SUMMARIZER_TRUSTED_PROXIES": "127.0.0.1"}
    clients = [
        Client(_SHARED_ADDRESS if number < options.sharing else f"203.0.113.{number}", articles, number)
        for number in range(options.clients)
    ]
    with running_service(queue=options.queue, settings=settings) as service:
        memory = service.megabytes()
        end = time.monotonic() + options.seconds
        if options.stop:
            number = signal.Signals[f"SIG{options.stop}"]
            threading.Timer(options.seconds / 2, os.kill, (service.process, number)).start()
        threads = [threading.Thread(target=client.run, args=(service, end)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(f"MB at the start and at the end: {memory}, {service.megabytes()}")
    statuses = sum((client.statuses for client in clients), Counter[int | str]())
    served = Counter[str]()
    for client in clients:
        served[client.address] += client.statuses[200]
    fair = sum(served.values()) / len(served)
    alone = [served[client.address] / fair for client in clients if client.address != _SHARED_ADDRESS]
    print(f"statuses: {dict(statuses)}")
    print(f"seconds of a summary, median and most: {_times(clients)}")
    shares = f"least {min(alone):.2f}, median {median(alone):.2f}, most {max(alone):.2f}"
    print(f"share of each address, of a fair one: {shares}")
    print(f"share of the address of {options.sharing} clients: {served[_SHARED_ADDRESS] / fair:.2f}")


class Client:
    """Sends articles one after the other, as one that waits when it is told to."""

    def __init__(self, address: str, articles: Sequence[str], number: int) -> None:
        self.address = address
        self.statuses: Counter[int | str] = Counter()
        self.seconds: list[float] = []
        self._articles = articles
        self._number = number

    def run(self, service: RunningService, end: float) -> None:
        """Send articles until a time on the clock of `time.monotonic`."""
        sent = 0
        while time.monotonic() < end:
            article = f"{self._articles[(self._number + sent) % len(self._articles)]} {self._number} {sent}."
            begun = time.monotonic()
            with closing(HTTPConnection("127.0.0.1", service.port, timeout=120)) as connection:
                headers = {"Content-Type": "text/plain; charset=utf-8", "X-Forwarded-For": self.address}
                try:
                    connection.connect()
                except OSError:
                    self.statuses["not taken"] += 1
                    return
                try:
                    connection.request("POST", "/summarize", article.encode(), headers)
                    response = connection.getresponse()
                    response.read()
                except (OSError, HTTPException):
                    self.statuses["lost"] += 1
                    return
            self.statuses[response.status] += 1
            if response.status == 200:
                sent += 1
                self.seconds.append(time.monotonic() - begun)
            else:
                time.sleep(float(response.headers.get("Retry-After", "1")))


def _times(clients: Sequence[Client]) -> str:
    seconds = [second for client in clients for second in client.seconds]
    return f"{median(seconds):.2f}, {max(seconds):.2f}"


if __name__ == "__main__":
    main()
