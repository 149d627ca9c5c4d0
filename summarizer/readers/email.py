"""EML → the text that its writer wrote or passed on, and the subject.

A quoted or forwarded message counts only where the writer's own text is no more than a few lines above it. Where one
message ends and the one below it begins is told by form, which is the same in every language and mail program.
"""

import email
import email.policy
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from email.message import EmailMessage, MIMEPart
from importlib import import_module
from typing import cast

from summarizer.errors import UnreadableFile, UnreadableText
from summarizer.readers.document import Document
from summarizer.readers.html import read_page
from summarizer.readers.plain import decode_any
from summarizer.text.words import word_count

# With fewer words of its writer's own, a message only passes on what it quotes, forwards or attaches.
_MIN_OWN_WORDS = 40
# A plain text with less than this share of the HTML's words says only where to read the HTML.
_MIN_PLAIN_SHARE = 0.5
_REPLY_MARK = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg|tr|rv|sv|vs|i|r)\s*:)+", re.IGNORECASE)
# The head of a message below: "From: …", "Sent: …", "To: …", in the languages of the common mail programs.
_HEAD_LINE = re.compile(r"\s*\**([^\W\d_][^\W\d_]*(?:[ -][^\W\d_]+)?)\**\s?[:：]\s*\S")
_SENDER = frozenset("from von de da van från fra od от від lähettäjä kimden gönderen 发件人 寄件者 差出人 从".split())
_SUBJECT = frozenset(
    "subject betreff objet asunto oggetto onderwerp assunto temat ämne emne předmět тема konu 主题 件名".split()
)
_MIN_HEAD_LINES = 3
# "-----Original Message-----", "---------- Forwarded message ---------", "________".
_RULE = re.compile(r"\s*(?:[-_=]{5,}.*|.*[-_=]{5,})\s*")
# "On Tue, 6 March 2018, Maria Lopez wrote:" in any language: it has a date or an address, and ends with a colon.
_DATE_OR_ADDRESS = re.compile(r"[\d@]")
_MAX_ATTRIBUTION = 150  # characters of a line
_QUOTED = re.compile(r"\s*>(?!From )>* ?")
_SIGNATURE = re.compile(r"--\s?")  # RFC 3676
# An address in brackets behind its link's text, as newsletters have them.
_ADDRESS = re.compile(r"[ \t]?(?:\[[ \t]?{0}[ \t]?\]|\([ \t]?{0}[ \t]?\)|<{0}>)".replace("{0}", r"https?://[^\s\])>]+"))
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
    body = _body(message)
    attached = [part for part in message.walk() if part.is_attachment() or part.get_content_type() == "message/rfc822"]
    own_words = word_count(body.text) if body else 0
    if own_words < _MIN_OWN_WORDS:
        for part in attached:
            found = _attachment(part)
            if found and word_count(found.text) > own_words:
                others = [_name(other) for other in attached if other is not part]
                note = f"The e-mail itself has little text, so its attachment {_name(part)} was read."
                return replace(found, notes=(note, *_unread(others), *found.notes))
    if body is None:
        raise UnreadableFile("The e-mail has no text. Paste the article's text instead.")
    return replace(body, notes=(*body.notes, *_unread(map(_name, attached))))


def _unread(names: Iterable[str]) -> tuple[str, ...]:
    joined = ", ".join(names)
    return (f"Attachments were not read: {joined}.",) if joined else ()


def _body(message: EmailMessage) -> Document | None:
    """The message's own text: plain, or its HTML where that says more."""
    subject = _REPLY_MARK.sub("", str(message["subject"] or "")).strip() or None
    plain, notes = _plain(message)
    page = message.get_body(("html",))
    article = _page(page) if page else None
    if article and (plain is None or word_count(plain) < _MIN_PLAIN_SHARE * word_count(article.text)):
        return replace(article, title=article.title or subject)
    if plain is None:
        return None
    text, title, is_own = own_text(plain)
    if not is_own:
        notes = ("The text is that of a message which this e-mail quotes or forwards.", *notes)
    return Document(text, title or subject, notes=notes)


def own_text(plain: str) -> tuple[str, str | None, bool]:
    """The text that the writer of a message wrote or passed on, its subject, and whether it is the writer's own.

    :param plain: the whole message, with quotations and forwarded messages.
    """
    lines = _ADDRESS.sub("", plain.replace("\r\n", "\n")).split("\n")
    own, *passed_on = _messages(_without_quotations(lines))
    if word_count(own[0]) >= _MIN_OWN_WORDS:
        return own[0], None, True
    quoted = [_QUOTED.sub("", line) for line in lines if _QUOTED.match(line)]
    longest = max([*passed_on, *_messages(quoted)], key=lambda message: word_count(message[0]))
    if word_count(longest[0]) <= word_count(own[0]):
        return own[0], None, True
    return longest[0], longest[1], False


def _messages(lines: Sequence[str]) -> list[tuple[str, str | None]]:
    """The messages of a conversation, the latest first: the text of each without its signature, and its subject."""
    messages: list[tuple[str, str | None]] = []
    body: list[str] = []
    subject: str | None = None
    index = 0
    while index < len(lines):
        head = _head(lines, index)
        if head:
            messages.append((_without_signature(body), subject))
            body, subject = [], _subject(head)
            index += len(head)
        else:
            body.append(lines[index])
            index += 1
    return [*messages, (_without_signature(body), subject)]


def _head(lines: Sequence[str], start: int) -> list[str]:
    """The lines of the head of a message that begins there; none if none does."""
    head: list[str] = []
    for line in lines[start:]:
        if not _HEAD_LINE.match(line):
            break
        head.append(line)
    is_head = len(head) >= _MIN_HEAD_LINES and _key(head[0]) in _SENDER and any(map(_DATE_OR_ADDRESS.search, head))
    return head if is_head else []


def _key(line: str) -> str:
    found = _HEAD_LINE.match(line)
    return found[1].casefold() if found else ""


def _subject(head: Sequence[str]) -> str | None:
    """The subject that the head of a message names."""
    values = [re.split("[:：]", line, maxsplit=1)[1].strip(" *") for line in head if _key(line) in _SUBJECT]
    return _REPLY_MARK.sub("", values[0]).strip() or None if values else None


def _without_signature(lines: Sequence[str]) -> str:
    """The text of a message down to the mark of its signature, without a rule above the next message."""
    end = next((index for index, line in enumerate(lines) if _SIGNATURE.fullmatch(line)), len(lines))
    kept = list(lines[:end])
    while kept and (not kept[-1].strip() or _RULE.fullmatch(kept[-1])):
        kept.pop()
    return "\n".join(kept).strip()


def _without_quotations(lines: Sequence[str]) -> list[str]:
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


def _plain(message: EmailMessage) -> tuple[str | None, tuple[str, ...]]:
    """The plain text of a message, whose parts may stand around pictures."""
    body = message.get_body(("plain",))
    if body is None:
        return None, ()
    parts: list[MIMEPart] = [body]
    if message.get_content_type() == "multipart/mixed":
        inline = [part for part in message.iter_parts() if part.get_content_type() == "text/plain"]
        parts = [part for part in inline if not part.is_attachment()] or parts
    read = [_decoded(part) for part in parts]
    return "\n\n".join(text.strip("\n") for text, _ in read), tuple(note for _, notes in read for note in notes)


def _decoded(part: MIMEPart) -> tuple[str, tuple[str, ...]]:
    raw = part.get_payload(decode=True)
    try:
        return decode_any(raw if isinstance(raw, bytes) else b"", part.get_content_charset())
    except UnreadableText:
        raise UnreadableFile("The e-mail's text is in an unknown encoding. Paste it instead.") from None


def _page(part: MIMEPart) -> Document | None:
    try:
        return read_page(_decoded(part)[0], is_mail=True)
    except UnreadableFile:
        return None


def _attachment(part: MIMEPart) -> Document | None:
    """The text of an attachment, if it is of a kind that is read."""
    kind = part.get_content_type()
    try:
        if kind == "message/rfc822":
            return _document(part.get_content())
        if module := _ATTACHED_KINDS.get(kind):
            reader = import_module(f"summarizer.readers.{module}")
            return cast(Document, reader.read(part.get_payload(decode=True) or b"", part.get_content_charset()))
    except (UnreadableFile, UnreadableText, LookupError, ValueError):
        return None
    return None


def _name(part: MIMEPart) -> str:
    return part.get_filename() or part.get_content_type()
