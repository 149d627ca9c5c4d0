"""EML → the text and the subject of an e-mail."""

import email
import email.policy
import re

from summarizer.errors import UnreadableFile
from summarizer.readers.document import Document
from summarizer.readers.html import read_page

_FORWARDED = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg)\s*:)+", re.IGNORECASE)


def read(raw: bytes, charset: str | None) -> Document:
    """The body of an e-mail, plain text preferred to HTML; its title is the subject, or the HTML page's own.

    :raises UnreadableFile: when it has none.
    """
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    if body is None:
        raise UnreadableFile("The e-mail has no text. Paste the article's text instead.")
    try:
        content = body.get_content()
    except (LookupError, ValueError):
        raise UnreadableFile("The e-mail's text is in an unknown encoding. Paste it instead.") from None
    subject = _FORWARDED.sub("", str(message["subject"] or "")).strip()
    if body.get_content_type() == "text/html":
        page = read_page(content)
        return Document(page.text, page.title or subject or None)
    return Document(content, subject or None)
