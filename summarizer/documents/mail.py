"""E-mails: an EML file in, the text that its writer wrote out."""

import email
import email.policy
import re

from summarizer.documents import Document
from summarizer.documents.html import read_page
from summarizer.errors import UnreadableFile

_FORWARDED = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg)\s*:)+", re.IGNORECASE)


def read(raw: bytes, charset: str | None) -> Document:
    """The body of an e-mail, its plain text before its HTML; the title is its page's, else its subject.

    :raises UnreadableFile: when it has none.
    """
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    if body is None:
        raise UnreadableFile("There is no text in this e-mail. Paste the article's text instead.")
    try:
        content = body.get_content()
    except (LookupError, ValueError):
        raise UnreadableFile("The text of this e-mail is in an encoding that is not known. Paste it instead.") from None
    subject = _FORWARDED.sub("", str(message["subject"] or "")).strip()
    if body.get_content_type() == "text/html":
        page = read_page(content)
        return Document(page.text, page.title or subject or None)
    return Document(content, subject or None)
