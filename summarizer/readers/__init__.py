"""Bytes or a URL → Document: the text of a file, whichever program wrote it.

Every format but plain text is read in a subprocess with bounded time and memory (`sandbox`), because files can be made
to take any amount of both. The subprocess imports the module that is named like the kind.
"""

from collections.abc import Sequence

from summarizer.readers import plain, sandbox
from summarizer.readers.detect import SUFFIXES, TYPES, Kind, detect_kind
from summarizer.readers.document import Document

__all__ = ["SUFFIXES", "TYPES", "Document", "Kind", "detect_kind", "fetch", "read"]


def read(raw: bytes, kind: Kind, charset: str | None = None) -> Document:
    """The text of a file.

    :raises UnreadableFile: when it is damaged, encrypted, has no text, or takes too much time or memory.
    :raises UnreadableText: when its bytes are not text in its encoding.
    """
    if kind == "text":
        return plain.read(raw, charset)
    return sandbox.run([kind, *filter(None, [charset])], raw)


def fetch(url: str, max_bytes: int, networks: Sequence[str] = ()) -> Document:
    """The text at a web address.

    :param max_bytes: a longer response is refused.
    :param networks: networks that may be reached although they are not public, such as 10.0.0.0/8.
    :raises LinkFailed: when the URL is not a public web address, or its server does not answer properly.
    :raises UnreadableFile: as `read`.
    :raises UnreadableText: as `read`.
    """
    return sandbox.run(["url", str(max_bytes), *networks], url.encode(errors="replace"))
