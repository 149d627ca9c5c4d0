"""The subprocess of `sandbox`: bytes on standard input → a Document as JSON on standard output.

`python -m summarizer.readers KIND [CHARSET]` reads a file, `… url MAX_BYTES [NETWORKS]` what is at an address.
"""

import logging
import resource
import sys
from importlib import import_module
from ipaddress import ip_network
from typing import cast

from summarizer.errors import SummarizerError
from summarizer.readers import detect_kind
from summarizer.readers.document import Document
from summarizer.readers.sandbox import MAX_MEMORY, MAX_SECONDS, encode_document, encode_error


def main() -> None:
    """Read standard input as the arguments say."""
    # Processor time; the parent process limits the elapsed time.
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    if sys.platform != "darwin":  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    logging.disable()
    kind, *arguments = sys.argv[1:]
    sent = sys.stdin.buffer.read()
    try:
        document = _fetch(sent.decode(), *arguments) if kind == "url" else _read(kind, sent, *arguments)
        sys.stdout.write(encode_document(document))
    except SummarizerError as error:
        sys.stdout.write(encode_error(error))


def _fetch(url: str, max_bytes: str, *networks: str) -> Document:
    allowed = [ip_network(network) for network in networks]
    fetched = import_module("summarizer.readers.url").fetch(url, int(max_bytes), allowed)
    return _read(detect_kind(fetched.raw, fetched.content_type, fetched.name), fetched.raw, fetched.charset)


def _read(kind: str, raw: bytes, charset: str | None = None) -> Document:
    # Only the reader that is needed is imported: imports are most of the time that reading takes.
    reader = import_module("summarizer.readers.plain" if kind == "text" else f"summarizer.readers.{kind}")
    return cast(Document, reader.read(raw, charset))


if __name__ == "__main__":
    main()
