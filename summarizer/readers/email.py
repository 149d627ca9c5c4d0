"""EML → the text that its writer wrote or passed on, and the subject.

A quoted or forwarded message counts only where the writer's own text is no more than a line above it. Replies are taken
apart by mail-parser-reply, after quoted lines are gone.
"""

import email
import email.policy
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.message import EmailMessage, MIMEPart
from importlib import import_module
from typing import cast

from mailparser_reply import EmailReplyParser

from summarizer.errors import UnreadableFile
from summarizer.readers.document import Document
from summarizer.readers.html import read_page
from summarizer.text.words import word_count

# With fewer words of its writer's own, a message only passes on what it quotes, forwards or attaches.
_MIN_OWN_WORDS = 40
# A plain text with less than this share of the HTML's words says only where to read the HTML.
_MIN_PLAIN_SHARE = 0.5
_LANGUAGES = ["en", "cs", "da", "de", "es", "fr", "it", "ja", "ko", "nl", "pl", "sv", "zh"]
_FORWARDED = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg|tr|rv|sv|vs|i|r)\s*:)+", re.IGNORECASE)
_SUBJECT = re.compile(
    r"^\s*\**(?:Subject|Betreff|Objet|Asunto|Oggetto|Onderwerp|Assunto|Temat|Ämne|Тема)\**\s*:\s*(.+)", re.MULTILINE
)
# "On Tue, 6 March 2018, Maria Lopez wrote:" in any language: it has a date or an address, and ends with a colon.
_DATE_OR_ADDRESS = re.compile(r"[\d@]")
_MAX_ATTRIBUTION = 150  # characters of a line
_QUOTED = re.compile(r"^\s*>+ ?")
# An address in brackets behind its link's text, as newsletters have them.
_ADDRESS = re.compile(r"\s*(?:\[\s*https?://\S+\s*\]|\(\s*https?://\S+\s*\)|<\s*https?://\S+\s*>)")
_ATTACHED_KINDS = {
    "application/pdf": "pdf",
    "text/html": "html",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}


def read(raw: bytes, charset: str | None) -> Document:
    """The text of an e-mail; its title is the subject, or the headline of its HTML page.

    :raises UnreadableFile: when it has none.
    """
    return _document(email.message_from_bytes(raw, policy=email.policy.default))


def _document(message: EmailMessage) -> Document:
    attached = list(message.iter_attachments())
    body = _body(message)
    if body is None or word_count(body.text) < _MIN_OWN_WORDS:
        for part in attached:
            if found := _attachment(part):
                note = f"The e-mail itself has little text, so its attachment {_name(part)} was read."
                return replace(found, notes=(note, *found.notes))
    if body is None:
        raise UnreadableFile("The e-mail has no text. Paste the article's text instead.")
    names = ", ".join(map(_name, attached))
    return replace(body, notes=(f"Attachments were not read: {names}.",)) if names else body


def _body(message: EmailMessage) -> Document | None:
    """The message's own text: plain, or its HTML where that says more."""
    subject = _FORWARDED.sub("", str(message["subject"] or "")).strip() or None
    plain, page = (_content(message.get_body((kind,))) for kind in ("plain", "html"))
    article = _page(page) if page else None
    if article and (plain is None or word_count(plain) < _MIN_PLAIN_SHARE * word_count(article.text)):
        return replace(article, title=article.title or subject)
    if plain is None:
        return None
    text, title = own_text(plain)
    return Document(text, title or subject)


def own_text(plain: str) -> tuple[str, str | None]:
    """The text that the writer of a message wrote or passed on, and the subject of what was passed on.

    :param plain: the whole message, with quotations and forwarded messages.
    """
    plain = _ADDRESS.sub("", plain.replace("\r\n", "\n"))
    unquoted = "\n".join(_unquoted(plain.split("\n")))
    messages = [text for text in _messages(unquoted) if text[0]]
    if messages and word_count(messages[0][0]) >= _MIN_OWN_WORDS:
        return messages[0][0], None
    quoted = "\n".join(_QUOTED.sub("", line) for line in plain.split("\n") if _QUOTED.match(line))
    passed_on = [*messages[1:], *_messages(quoted)]
    longest = max(passed_on, key=lambda found: word_count(found[0]), default=("", None))
    if word_count(longest[0]) < _MIN_OWN_WORDS:
        return plain, None
    return longest


def _unquoted(lines: Sequence[str]) -> list[str]:
    """The lines without quoted ones and the attributions above them."""
    kept: list[str] = []
    was_quoted = False
    for line in lines:
        is_quoted = bool(_QUOTED.match(line))
        if is_quoted and not was_quoted:
            _remove_attribution(kept)
        if not is_quoted:
            kept.append(line)
        was_quoted = is_quoted or (was_quoted and not line.strip())
    return kept


def _remove_attribution(lines: list[str]) -> None:
    """Remove the one or two lines at the end that say who wrote what is quoted below."""
    ends = [index for index, line in enumerate(lines) if line.strip()][-2:]
    if not ends or not lines[ends[-1]].rstrip().endswith(":") or len(lines[ends[-1]]) > _MAX_ATTRIBUTION:
        return
    for index in reversed(ends):
        if len(lines[index]) <= _MAX_ATTRIBUTION and _DATE_OR_ADDRESS.search(lines[index]):
            del lines[index:]
            return


def _messages(text: str) -> Iterator[tuple[str, str | None]]:
    """Each message of a conversation, the latest first: its text without signature, and its subject."""
    for reply in EmailReplyParser(languages=_LANGUAGES).read(text=text).replies:
        subject = _SUBJECT.search(reply.headers or "")
        yield reply.body.strip(), _FORWARDED.sub("", subject[1]).strip() if subject else None


def _content(part: MIMEPart | None) -> str | None:
    if part is None:
        return None
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        raise UnreadableFile("The e-mail's text is in an unknown encoding. Paste it instead.") from None


def _page(page: str) -> Document | None:
    try:
        return read_page(page)
    except UnreadableFile:
        return None


def _attachment(part: EmailMessage) -> Document | None:
    """The text of an attachment, if it is of a kind that is read."""
    kind = part.get_content_type()
    try:
        if kind == "message/rfc822":
            return _document(part.get_content())
        if module := _ATTACHED_KINDS.get(kind):
            reader = import_module(f"summarizer.readers.{module}")
            return cast(Document, reader.read(part.get_payload(decode=True) or b"", part.get_content_charset()))
    except (UnreadableFile, LookupError, ValueError):
        return None
    return None


def _name(part: EmailMessage) -> str:
    return part.get_filename() or part.get_content_type()
