"""What a request asks for: an article and options, out of every content type of the contract.

Bytes and headers in, a `Submission` out. Options may stand in the fields of the body or in the query, lengths
several times or with commas. Whether the text is an article is not its business.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from summarizer.decoding import decode_text
from summarizer.documents import TYPES, Document, kind_of, read_document, read_link
from summarizer.errors import ArticleTooLong, InvalidOption
from summarizer.lengths import LENGTHS, Length
from summarizer.settings import Method, Settings

OPTIONS = ("lengths", "method", "strip")
_SWITCH = {"on": True, "true": True, "off": False, "false": False}
# What an error repeats of a wrong name or value: enough to find it again.
_LONGEST_QUOTE = 40
# As many as Werkzeug takes of a form in parts.
_MOST_FIELDS = 1_000


@dataclass(frozen=True)
class Submission:
    """What to make of an article; what is None is the service's own choice.

    :param read: gives the article; a file is read and a link is opened only then. Raises a SummarizerError when there
        is none, or more of it than the service takes.
    :param is_text: whether the request held the article's text itself, and no file and no link.
    """

    read: Callable[[], Document]
    method: Method | None
    lengths: tuple[Length, ...]
    strip: bool | None
    is_text: bool


@dataclass(frozen=True)
class _Body:
    read: Callable[[Settings], Document]
    options: dict[str, list[str]]
    is_text: bool = False


def read_submission(request: Request, methods: Sequence[Method], settings: Settings) -> Submission:
    """Read what a request asks for.

    :param methods: what a request may name.
    :raises UnreadableText: when the bytes are not text.
    :raises InvalidOption: naming the options, lengths or methods there are.
    :raises werkzeug.exceptions.HTTPException: 400, 413 or 415, its description saying what to send.
    """
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType("The body is compressed. Send it without a Content-Encoding.")
    reader = _READERS.get(request.mimetype)
    if reader is None:
        sent = _quoted(request.mimetype) if request.mimetype else "missing"
        raise UnsupportedMediaType(f"The Content-Type is {sent}. Send one of: {', '.join(_READERS)}.")
    body = reader(request)
    options = _together(request.args.lists(), body.options.items())
    _refuse_unknown(options, OPTIONS, "option")
    return Submission(
        partial(_within_limit, body.read, settings),
        _method(options.get("method"), methods),
        _lengths(options.get("lengths")),
        _strip(options.get("strip")),
        body.is_text,
    )


def _within_limit(read: Callable[[Settings], Document], settings: Settings) -> Document:
    document = read(settings)
    if len(document.text) > settings.max_text:
        raise ArticleTooLong(
            f"The article has more than {settings.max_text:,} characters. Send a part of it, or start the service with "
            "a larger SUMMARIZER_MAX_TEXT."
        )
    return document


def _text(text: str, settings: Settings) -> Document:
    return Document(text)


def _file(raw: bytes, content_type: str, name: str | None, charset: str | None, settings: Settings) -> Document:
    return read_document(raw, kind_of(raw, content_type, name), charset)


def _link(url: str, settings: Settings) -> Document:
    if not settings.fetch_urls:
        raise InvalidOption(
            "This service opens no links. Send the article's text, or start the service with "
            "SUMMARIZER_FETCH_URLS=true."
        )
    networks = [network.strip() for network in settings.fetch_networks.split(",") if network.strip()]
    return read_link(url, settings.max_body, networks)


def _read_plain(request: Request) -> _Body:
    return _Body(partial(_text, decode_text(request.get_data(), _charset(request))), {}, is_text=True)


def _read_file(request: Request) -> _Body:
    return _Body(partial(_file, request.get_data(), request.mimetype, None, _charset(request)), {})


def _read_json(request: Request) -> _Body:
    try:
        sent = json.loads(decode_text(request.get_data(), _charset(request)))
    except json.JSONDecodeError as error:
        raise BadRequest(
            f"The body is not JSON: {error.msg} in line {error.lineno}, column {error.colno}. "
            'Send an object such as {"text": "The article …"}.'
        ) from None
    except (ValueError, RecursionError):
        raise BadRequest('The JSON cannot be read. Send an object such as {"text": "The article …"}.') from None
    if not isinstance(sent, dict):
        raise BadRequest('The JSON is not an object. Send one such as {"text": "The article …"}.')
    _refuse_unknown(sent, ("text", "url", *OPTIONS), "field")
    if "url" in sent and "text" in sent:
        raise BadRequest("There is a text and a link. Send one of them.")
    field = "url" if "url" in sent else "text"
    if not isinstance(sent.get(field), str):
        holds = "the whole article" if field == "text" else "its address"
        raise BadRequest(f"The field '{field}' is missing or not a string. Put {holds} there, as one string.")
    lengths = sent.get("lengths")
    if lengths is not None and not isinstance(lengths, list):
        raise InvalidOption('The field \'lengths\' is not a list. Send ["short"], ["long"] or ["short", "long"].')
    named = {"lengths": lengths} | {name: [sent[name]] for name in ("method", "strip") if sent.get(name) is not None}
    options = {name: [str(item) for item in items] for name, items in named.items() if items is not None}
    if "url" in sent:
        return _Body(partial(_link, sent["url"]), options)
    return _Body(partial(_text, sent["text"]), options, is_text=True)


def _read_urlencoded(request: Request) -> _Body:
    """A form whose bytes are decoded here, because browsers and curl send other charsets than UTF-8 too."""
    sent = request.get_data().decode("latin-1")
    try:
        pairs = parse_qsl(sent, keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise BadRequest(
            f"The form has more than {_MOST_FIELDS:,} fields. Send the article in a field 'text', in which each & is "
            "written as %26; to send the text alone, set Content-Type: text/plain."
        ) from None
    charset = _charset(request)
    decoded = [(name, [decode_text(value.encode("latin-1"), charset)]) for name, value in pairs]
    return _from_form(_together(decoded), [])


def _read_multipart(request: Request) -> _Body:
    uploads = request.files
    _refuse_unknown(uploads, ("file",), "file field")
    # A browser sends the file field without a name when no file was picked.
    picked = [upload for upload in uploads.getlist("file") if upload.filename]
    return _from_form(_together(request.form.lists()), picked)


def _from_form(fields: dict[str, list[str]], picked: Sequence[FileStorage]) -> _Body:
    """The article of a form: its one file, its one text or its one link; browsers send empty fields, too."""
    texts, links = fields.pop("text", []), fields.pop("url", [])
    if not texts and not picked and not links:
        raise BadRequest(
            "There is no article in the form. Send it in a field 'text' or as a file 'file'; "
            "to send the text alone, set Content-Type: text/plain."
        )
    _refuse_unknown(fields, OPTIONS, "field")
    filled_texts, filled_links = ([value for value in values if value.strip()] for values in (texts, links))
    if bool(filled_texts) + bool(picked) + bool(filled_links) > 1:
        raise BadRequest("There is a text and a file or a link. Send one of them and leave the others empty.")
    if max(len(picked), len(texts), len(links)) > 1:
        raise BadRequest("There is more than one article. Send one text, one file or one link at a time.")
    if picked:
        upload = picked[0]
        charset = upload.mimetype_params.get("charset")
        return _Body(partial(_file, upload.read(), upload.mimetype, upload.filename, charset), fields)
    if filled_links:
        return _Body(partial(_link, filled_links[0].strip()), fields)
    return _Body(partial(_text, "".join(texts)), fields, is_text=True)


_READERS: dict[str, Callable[[Request], _Body]] = {
    "application/json": _read_json,
    "text/plain": _read_plain,
    "application/x-www-form-urlencoded": _read_urlencoded,
    "multipart/form-data": _read_multipart,
    **{content_type: _read_file for content_type, kind in TYPES.items() if kind != "text"},
}


def _charset(request: Request) -> str | None:
    return request.mimetype_params.get("charset") or None


def _together(*sources: Iterable[tuple[str, list[str]]]) -> dict[str, list[str]]:
    """All values that a name has in any of the sources."""
    values: dict[str, list[str]] = {}
    for source in sources:
        for name, more in source:
            values.setdefault(name, []).extend(more)
    return values


def _method(named: Sequence[str] | None, methods: Sequence[Method]) -> Method | None:
    if named is None:
        return None
    for name in named:
        if name not in methods:
            raise InvalidOption(f"{_quoted(name)} is not a method here. Choose one of: {', '.join(methods)}.")
    if len(set(named)) > 1:
        raise InvalidOption("More than one method is named. Choose one.")
    return cast(Method, named[0])


def _strip(named: Sequence[str] | None) -> bool | None:
    if named is None:
        return None
    value = named[-1].casefold()
    if value not in _SWITCH:
        raise InvalidOption(f"{_quoted(named[-1])} is no value of 'strip'. Choose on or off.")
    return _SWITCH[value]


def _lengths(named: Sequence[str] | None) -> tuple[Length, ...]:
    if named is None:
        return LENGTHS
    parts = [part.strip() for name in named for part in name.split(",")]
    for part in filter(None, parts):
        if part not in LENGTHS:
            raise InvalidOption(f"{_quoted(part)} is not a length. Choose short, long or both.")
    chosen = tuple(length for length in LENGTHS if length in parts)
    if not chosen:
        raise InvalidOption("The lengths are empty. Choose short, long or both, or leave them out for both.")
    return chosen


def _refuse_unknown(sent: Mapping[str, object], known: Sequence[str], kind: str) -> None:
    unknown = next((name for name in sent if name not in known), None)
    if unknown is not None:
        raise InvalidOption(f"There is no {kind} {_quoted(unknown)}. What can be sent: {', '.join(known)}.")


def _quoted(sent: str) -> str:
    """What a caller sent, short enough for an error and without characters that could not be answered."""
    return repr(sent if len(sent) <= _LONGEST_QUOTE else sent[: _LONGEST_QUOTE - 1] + "…")
