"""How gunicorn runs the service: one process that holds the models once, and threads that answer requests."""

import socket
import struct
import sys

from summarizer.errors import SummarizerError
from summarizer.settings import Settings

try:
    settings = Settings.from_env()
except SummarizerError as error:
    sys.exit(f"summarizer: {error}")

host = f"[{settings.host}]" if ":" in settings.host else settings.host  # an IPv6 address
bind = f"{host}:{settings.port}"

workers = 1  # a second one would hold the models a second time
worker_class = "gthread"
threads = settings.threads

# A worker that is not heard of for so many seconds is killed. Its threads answer while a summary of a long
# article takes minutes on a processor, so that time says nothing: 0 turns it off.
timeout = 0
graceful_timeout = 30  # seconds that requests under way have to end after SIGTERM

# Seconds that a client may stay silent while it sends its request; without an end, a few that never finish would hold
# all threads. Who sends a byte now and then is for a proxy that collects requests.
SILENCE = 30

# No remote control: its socket lies in the home folder, which two services share and a container lacks.
control_socket_disable = True


def when_ready(server):
    """Bound the wait for a request's head, which gunicorn itself does not: connections inherit it from who listens."""
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENCE, 0))


def pre_request(worker, request):
    """Bound the wait for its body, where an error that tells the time from other errors can be answered."""
    request.unreader.sock.settimeout(SILENCE)
