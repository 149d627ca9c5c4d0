"""A file's bytes or a URL → Document, read in a subprocess with bounded time and memory.

The protocol: the input goes to the subprocess's standard input, a JSON object comes back on its standard output.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict

from summarizer.cancellation import CHECK_INTERVAL, checkpoint
from summarizer.errors import ArticleTooLong, Busy, LinkFailed, SummarizerError, UnreadableFile, UnreadableText
from summarizer.readers.document import Document
from summarizer.spans import Span

# Seconds. An HTML page takes less than one; a PDF 0.1 a page (measured on two cores), so 200 pages are read.
MAX_SECONDS = 30
# Bytes of address space.
MAX_MEMORY = 1024**3
# To wait after a fault of this machine.
_RETRY_SECONDS = 30
log = logging.getLogger(__name__)
_ERRORS: dict[str, type[SummarizerError]] = {
    error.__name__: error for error in (ArticleTooLong, LinkFailed, UnreadableFile, UnreadableText)
}


def run(arguments: Sequence[str], sent: bytes) -> Document:
    """Have `python -m summarizer.readers ARGUMENTS` read what was sent.

    :raises SummarizerError: the error that the subprocess reports, or `UnreadableFile` when it fails.
    """
    from summarizer.settings import PREFIX  # here, because the subprocess imports this module, too

    try:
        with tempfile.TemporaryFile() as given:
            given.write(sent)
            given.seek(0)
            with subprocess.Popen(
                [sys.executable, "-P", "-m", "summarizer.readers", *arguments],
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Without the settings, some of which are secret.
                env={name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
            ) as reader:
                try:
                    answer = json.loads(_wait(reader))
                finally:
                    reader.kill()
    except OSError as error:  # no memory, processes or disk
        log.error("a file cannot be read: %s", type(error).__name__)
        raise Busy(
            "The service has no room to read files at the moment. Send it again later.", _RETRY_SECONDS
        ) from None
    except ValueError:  # it was ended before it had written its answer
        raise UnreadableFile(
            "The file could not be read: it is damaged or requires too much memory. Save it again, or paste the text."
        ) from None
    if "error" in answer:
        raise _ERRORS[answer["kind"]](answer["error"])
    boilerplate = tuple((Span(start, end), reason) for (start, end), reason in answer["boilerplate"])
    return Document(answer["text"], answer["title"], boilerplate, tuple(answer["notes"]), is_page=False)


def _wait(reader: subprocess.Popen[bytes]) -> bytes:
    """What the subprocess writes; work that is late or cancelled ends here.

    :raises UnreadableFile: when it takes too long.
    """
    end = time.monotonic() + MAX_SECONDS
    while time.monotonic() < end:
        checkpoint()
        try:
            return reader.communicate(timeout=2 * CHECK_INTERVAL)[0]
        except subprocess.TimeoutExpired:
            continue
    raise UnreadableFile(f"Reading the file took more than {MAX_SECONDS} seconds. Paste the text instead.")


def encode_document(document: Document) -> str:
    """The subprocess's answer for a document."""
    fields = asdict(document)
    fields["boilerplate"] = [[[span.start, span.end], reason] for span, reason in document.boilerplate]
    return json.dumps(fields)


def encode_error(error: SummarizerError) -> str:
    """The subprocess's answer for an error that the user can fix."""
    return json.dumps({"error": str(error), "kind": type(error).__name__})
