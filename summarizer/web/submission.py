"""What a request asks for: article text and options, out of every content type of the contract.

Bytes and headers in, a `Submission` out. Options may stand in the fields of the body or in the query, lengths
several times or with commas. Whether the text is an article is not its business.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from summarizer.article import decode_text
from summarizer.errors import InvalidOption
from summarizer.lengths import LENGTHS, Length
from summarizer.settings import Method

OPTIONS = ("lengths", "method")
# What an error repeats of a wrong name or value: enough to find it again.
_LONGEST_QUOTE = 40


@dataclass(frozen=True)
class Submission:
    """An article's text as it was sent, and what to make of it; no method means the service's own choice."""

    text: str
    method: Method | None
    lengths: tuple[Length, ...]


@dataclass(frozen=True)
class _Body:
    text: str
    options: dict[str, list[str]]


def read_submission(request: Request, methods: Sequence[Method]) -> Submission:
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
    return Submission(body.text, _method(options.get("method"), methods), _lengths(options.get("lengths")))


def _read_plain(request: Request) -> _Body:
    return _Body(decode_text(request.get_data(), _charset(request)), {})


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
    _refuse_unknown(sent, ("text", *OPTIONS), "field")
    if not isinstance(sent.get("text"), str):
        raise BadRequest("The field 'text' is missing or not a string. Put the whole article there, as one string.")
    lengths = sent.get("lengths")
    if lengths is not None and not isinstance(lengths, list):
        raise InvalidOption('The field \'lengths\' is not a list. Send ["short"], ["long"] or ["short", "long"].')
    named = {"lengths": lengths, "method": None if sent.get("method") is None else [sent["method"]]}
    return _Body(
        sent["text"],
        {name: [str(item) for item in items] for name, items in named.items() if items is not None},
    )


def _read_urlencoded(request: Request) -> _Body:
    """A form whose bytes are decoded here, because browsers and curl send other charsets than UTF-8 too."""
    pairs = parse_qsl(request.get_data().decode("latin-1"), keep_blank_values=True, encoding="latin-1")
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
    """The article of a form: its one file, or its one text field."""
    texts = fields.pop("text", [])
    if not texts and not picked:
        raise BadRequest(
            "There is no article in the form. Send it in a field 'text' or as a file 'file'; "
            "to send the text alone, set Content-Type: text/plain."
        )
    _refuse_unknown(fields, OPTIONS, "field")
    if picked and any(text.strip() for text in texts):
        raise BadRequest("There is a text and a file. Send one of them: empty the text, or pick no file.")
    if len(picked) > 1 or len(texts) > 1:
        raise BadRequest("There is more than one article. Send one text or one file at a time.")
    if picked:
        return _Body(decode_text(picked[0].read(), picked[0].mimetype_params.get("charset")), fields)
    return _Body(texts[0], fields)


_READERS: dict[str, Callable[[Request], _Body]] = {
    "application/json": _read_json,
    "text/plain": _read_plain,
    "application/x-www-form-urlencoded": _read_urlencoded,
    "multipart/form-data": _read_multipart,
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
