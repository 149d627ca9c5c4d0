"""The process that reads one file or link: bytes from standard input, the text to standard output as JSON.

`python -m summarizer.documents KIND [CHARSET]` reads a file, `… link MOST_BYTES [NETWORKS]` what is at an address.
"""

import json
import logging
import resource
import sys
from importlib import import_module
from ipaddress import ip_network
from typing import cast

from summarizer.decoding import decode_text
from summarizer.documents import MEMORY, SECONDS, Document, as_json, kind_of
from summarizer.errors import SummarizerError

# Processor time; the caller gives up by the clock.
resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
if sys.platform != "darwin":  # which knows no such limit
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
logging.disable()


def main() -> None:
    what, *arguments = sys.argv[1:]
    sent = sys.stdin.buffer.read()
    try:
        document = _from_link(sent.decode(), *arguments) if what == "link" else _read(what, sent, *arguments)
        sys.stdout.write(as_json(document))
    except SummarizerError as error:
        sys.stdout.write(json.dumps({"error": str(error), "kind": type(error).__name__}))


def _from_link(url: str, most_bytes: str, *networks: str) -> Document:
    # Each reader is imported only when it is asked for: that is most of the time that reading takes.
    allowed = [ip_network(network) for network in networks]
    fetched = import_module("summarizer.documents.link").fetch(url, int(most_bytes), allowed)
    kind = kind_of(fetched.raw, fetched.content_type, fetched.name)
    return _read(kind, fetched.raw, fetched.charset)


def _read(kind: str, raw: bytes, charset: str | None = None) -> Document:
    if kind == "text":
        return Document(decode_text(raw, charset))
    reader = import_module(f"summarizer.documents.{kind}")
    return cast(Document, reader.read(raw, charset))


main()
