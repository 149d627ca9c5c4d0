"""mbox (a mailbox in one file) → its first message."""

import re
from dataclasses import replace

from summarizer.readers import email
from summarizer.readers.document import Document

# "From ann@example.org Mon May  6 08:00:00 2024", at the beginning or after a blank line.
_START = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From \S+ [^\r\n]*\d\d:\d\d[^\r\n]*\d{4}[^\r\n]*\r?\n")


def read(raw: bytes, charset: str | None) -> Document:
    """The first message of a mailbox.

    :raises UnreadableFile: as `email.read`.
    """
    first, *others = [message for message in _START.split(raw) if message.strip()] or [raw]
    document = email.read(re.sub(rb"^>(>*From )", rb"\1", first, flags=re.MULTILINE), charset)
    if not others:
        return document
    note = f"The mailbox has {len(others) + 1} messages; this is the first one."
    return replace(document, notes=(note, *document.notes))
