"""How gunicorn runs the service: one process, which holds the models once, with threads that answer requests."""

import socket
import struct
import sys
from typing import Any

from summarizer.errors import CANNOT_LOAD, SummarizerError
from summarizer.settings import Settings

try:
    settings = Settings.from_env()
except SummarizerError as error:
    print(f"summarizer: {error}", file=sys.stderr)
    sys.exit(CANNOT_LOAD)

workers = 1  # each would load the models again
worker_class = "gthread"
# Enough for a full queue and for health checks beside it.
threads = settings.queue + 8

# gunicorn kills workers that do not report within this time, in seconds. Threads report while they compute, so it would
# never help; 0 turns it off.
timeout = 0
# Seconds for running requests to finish after SIGTERM.
graceful_timeout = 30

# Seconds that a client may be silent while it sends its request, so that a few that never finish cannot hold all
# threads. Clients that keep sending a byte now and then must be handled by a buffering proxy.
CLIENT_TIMEOUT = 30

# No control socket: it would be in the home folder, which containers lack and two services share.
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Limit the wait for a request's head, which gunicorn does not: connections inherit it from the listener."""
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", CLIENT_TIMEOUT, 0))


def pre_request(worker: Any, request: Any) -> None:
    """Limit the wait for a request's body; here the application can tell a timeout from other errors and answer it."""
    request.unreader.sock.settimeout(CLIENT_TIMEOUT)
