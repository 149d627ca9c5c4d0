"""An HTTP request → a `Submission`: the article to read and the options, from any content type of the API.

Options may be in the body's fields and in the query.
"""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from summarizer.errors import ArticleTooLong, Busy, InvalidOption
from summarizer.readers import TYPES, Document, detect_kind, fetch, plain, read
from summarizer.readers.plain import decode
from summarizer.settings import Settings, listed
from summarizer.text.links import is_link
from summarizer.web.schemas import MAX_CLAIM, Options, SummaryRequest, VerifyRequest, quote, validate

# The limit of Werkzeug for multipart forms, applied to other forms as well.
_MAX_FIELDS = 1_000
# Fields of a form that may be left empty.
_EMPTY_FIELDS = ("title", "words", "focus")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Large JSON is parsed two at a time: it can take thirty times its size in memory. Characters, and seconds to wait.
_PARSING, _LARGE_BODY, _PARSING_SECONDS = threading.BoundedSemaphore(2), 1_000_000, 5.0
_JSON_HINT = 'Send an object such as {"text": "The article …"}.'
Source = Literal["text", "file", "link"]


@dataclass(frozen=True)
class Submission:
    """An article to summarize, and how.

    :param read: returns the article; files are read and links opened only then. Raises a SummarizerError when there is
        none, or more than the service accepts.
    :param source: what the request contained.
    :param fingerprint: equal for requests that contained the same text, file or link.
    """

    read: Callable[[], Document]
    options: Options
    source: Source
    fingerprint: str

    @property
    def is_text(self) -> bool:
        """Whether the request contained the article's text itself, not a file or link."""
        return self.source == "text"


@dataclass(frozen=True)
class _Body:
    """A request's body: what reads its article, and the values of its options by name.

    :param sent: what the article depends on.
    """

    read: Callable[[Settings], Document]
    options: Mapping[str, Sequence[object]]
    source: Source
    sent: tuple[str | bytes | None, ...]

    @property
    def fingerprint(self) -> str:
        found = hashlib.sha256(self.source.encode())
        for part in self.sent:
            raw = part if isinstance(part, bytes) else repr(part).encode()
            found.update(b"%d:%b" % (len(raw), raw))
        return found.hexdigest()


def read_submission(request: Request, settings: Settings) -> Submission:
    """The submission of a request.

    :raises UnreadableText: when the bytes are not text.
    :raises InvalidOption: naming the options or values that exist.
    :raises werkzeug.exceptions.HTTPException: 400, 413 or 415; its description says what to send.
    """
    _refuse_compression(request)
    reader = _READERS.get(request.mimetype)
    if reader is None:
        sent = quote(request.mimetype) if request.mimetype else "missing"
        raise UnsupportedMediaType(f"The Content-Type is {sent}. Send one of: {', '.join(_READERS)}.")
    body = reader(request)
    if body.source == "text":
        _check_length(str(body.sent[0]), settings)
    values = _merge(request.args.lists(), body.options.items())
    options = validate(Options, {name: _one_value(name, given) for name, given in values.items()}, "option")
    read_article = partial(_read_within_limit, body.read, settings)
    return Submission(read_article, options, body.source, body.fingerprint)


def read_claims(request: Request, settings: Settings) -> VerifyRequest:
    """The sentences to verify and their article.

    :raises InvalidOption: naming the fields that exist, or what one must be.
    :raises ArticleTooLong: when the text is longer than the service accepts.
    :raises werkzeug.exceptions.HTTPException: 400 or 415; its description says what to send.
    """
    _refuse_compression(request)
    if request.mimetype != "application/json":
        sent = quote(request.mimetype) if request.mimetype else "missing"
        raise UnsupportedMediaType(f"The Content-Type is {sent}. Send application/json.")
    claims = validate(VerifyRequest, _parse_json(decode(request.get_data(), _charset(request))), "field")
    if any(len(sentence) > MAX_CLAIM for sentence in claims.sentences):
        raise InvalidOption(f"A sentence has more than {MAX_CLAIM:,} characters. Send single sentences.")
    _check_length(claims.text, settings)
    return claims


def _refuse_compression(request: Request) -> None:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("The body is compressed. Send it uncompressed, without a Content-Encoding header.")


def _check_length(text: str, settings: Settings) -> None:
    if len(text) > settings.max_text:
        raise ArticleTooLong(f"The article has more than {settings.max_text:,} characters. Send only part of it.")


def _read_within_limit(read: Callable[[Settings], Document], settings: Settings) -> Document:
    document = read(settings)
    _check_length(document.text, settings)
    return document


def _merge(*sources: Iterable[tuple[str, Sequence[object]]]) -> dict[str, list[object]]:
    """All values that a name has in any of the sources."""
    values: dict[str, list[object]] = {}
    for source in sources:
        for name, more in source:
            values.setdefault(name, []).extend(more)
    return values


def _one_value(name: str, given: Sequence[object]) -> object:
    """The value of an option; only `lengths` may have several."""
    if name == "lengths":
        return [item for value in given for item in (value if isinstance(value, list) else [value])]
    if any(value != given[0] for value in given):
        raise InvalidOption(f"The option {quote(name)} has more than one value. Send one.")
    return given[0]


# ---- where the article comes from


def _body_of_text(text: str, options: Mapping[str, Sequence[object]]) -> _Body:
    """A text that is only a link stands for the page behind it."""
    if is_link(text.strip()):
        return _body_of_link(text.strip(), options)
    return _Body(partial(_from_text, text), options, "text", (text,))


def _body_of_link(url: str, options: Mapping[str, Sequence[object]]) -> _Body:
    return _Body(partial(_from_link, url), options, "link", (url,))


def _body_of_file(
    raw: bytes, content_type: str, name: str | None, charset: str | None, options: Mapping[str, Sequence[object]]
) -> _Body:
    read_file = partial(_from_file, raw, content_type, name, charset)
    return _Body(read_file, options, "file", (raw, content_type, name, charset))


def _from_text(text: str, settings: Settings) -> Document:
    return Document(text)


def _from_file(raw: bytes, content_type: str, name: str | None, charset: str | None, settings: Settings) -> Document:
    return read(raw, detect_kind(raw, content_type, name), charset)


def _from_link(url: str, settings: Settings) -> Document:
    if not settings.fetch_urls:
        raise InvalidOption("This server does not fetch links. Send the article's text or a file instead.")
    return fetch(url, settings.max_body, listed(settings.fetch_networks))


# ---- bodies by content type


def _read_plain(request: Request) -> _Body:
    document = plain.read(request.get_data(), _charset(request))
    if is_link(document.text.strip()):
        return _body_of_text(document.text, {})
    return _Body(lambda settings: document, {}, "text", (document.text, *document.notes))


def _read_file(request: Request) -> _Body:
    return _body_of_file(request.get_data(), request.mimetype, None, _charset(request), {})


def _read_json(request: Request) -> _Body:
    sent = _parse_json(decode(request.get_data(), _charset(request)))
    fields = validate(SummaryRequest, {name: value for name, value in sent.items() if value is not None}, "field")
    if fields.text is not None and fields.url is not None:
        raise BadRequest("The request contains both text and a link. Send only one of them.")
    if fields.text is None and fields.url is None:
        raise BadRequest("The 'text' field is missing. It must be a string containing the full article.")
    options = {name: [sent[name]] for name in Options.model_fields if sent.get(name) is not None}
    if fields.url is not None:
        return _body_of_link(fields.url, options)
    return _body_of_text(fields.text or "", options)


def _parse_json(text: str) -> dict[str, Any]:
    is_large = len(text) > _LARGE_BODY
    if is_large and not _PARSING.acquire(timeout=_PARSING_SECONDS):
        raise Busy("Too many large requests at the same time. Send it again in a second.", 1)
    try:
        sent = _without_surrogates(json.loads(text))
    except json.JSONDecodeError as error:
        raise BadRequest(
            f"The body is not JSON: {error.msg} in line {error.lineno}, column {error.colno}. {_JSON_HINT}"
        ) from None
    except (ValueError, RecursionError):
        raise BadRequest(f"The JSON cannot be read. {_JSON_HINT}") from None
    finally:
        if is_large:
            _PARSING.release()
    if not isinstance(sent, dict):
        raise BadRequest(f"The JSON is not an object. {_JSON_HINT}")
    return sent


def _without_surrogates(value: object) -> Any:
    """JSON with an invisible character, which cleaning removes, in place of each half of one.

    Halves cannot be encoded in an answer, and positions in the text have to stay as they are.
    """
    if isinstance(value, str):
        return _SURROGATE.sub("\u200b", value)
    if isinstance(value, dict):
        return {name: _without_surrogates(item) for name, item in value.items()}
    return [_without_surrogates(item) for item in value] if isinstance(value, list) else value


def _read_urlencoded(request: Request) -> _Body:
    """A form, decoded here because browsers and curl also send charsets other than UTF-8."""
    sent = request.get_data().decode("latin-1")
    try:
        pairs = parse_qsl(sent, keep_blank_values=True, encoding="latin-1", max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise BadRequest(
            f"The form has more than {_MAX_FIELDS:,} fields. Send the article in the 'text' field, with each & "
            "encoded as %26; to send the text alone, set Content-Type: text/plain."
        ) from None
    charset = _charset(request)
    decoded = [(name, [decode(value.encode("latin-1"), charset)]) for name, value in pairs]
    return _read_form(_merge(decoded), [])


def _read_multipart(request: Request) -> _Body:
    for name in request.files:
        if name != "file":
            raise InvalidOption(f"There is no file field named {quote(name)}. Send the file in the 'file' field.")
    # A browser sends the file field without a name when no file was chosen.
    chosen = [upload for upload in request.files.getlist("file") if upload.filename]
    return _read_form(_merge(request.form.lists()), chosen)


def _read_form(fields: dict[str, list[object]], files: Sequence[FileStorage]) -> _Body:
    """The article of a form: its one file, text or link. Browsers send empty fields as well."""
    texts, links = (list(map(str, fields.pop(name, []))) for name in ("text", "url"))
    if not texts and not files and not links:
        raise BadRequest(
            "The form contains no article. Send the text in the 'text' field or upload a file in the 'file' field; "
            "to send the text alone, set Content-Type: text/plain."
        )
    fields = {name: values for name, values in fields.items() if name not in _EMPTY_FIELDS or any(values)}
    validate(SummaryRequest, {name: _one_value(name, values) for name, values in fields.items()}, "field")
    filled_texts, filled_links = ([value for value in values if value.strip()] for values in (texts, links))
    if bool(filled_texts) + bool(files) + bool(filled_links) > 1:
        raise BadRequest("Send only one of these: text, a file or a link.")
    if max(len(files), len(texts), len(links)) > 1:
        raise BadRequest("There is more than one article. Send one article at a time, as text, a file or a link.")
    if files:
        upload = files[0]
        charset = upload.mimetype_params.get("charset")
        return _body_of_file(upload.read(), upload.mimetype, upload.filename, charset, fields)
    if filled_links:
        return _body_of_link(filled_links[0].strip(), fields)
    return _body_of_text("".join(texts), fields)


_READERS: dict[str, Callable[[Request], _Body]] = {
    "application/json": _read_json,
    "text/plain": _read_plain,
    "application/x-www-form-urlencoded": _read_urlencoded,
    "multipart/form-data": _read_multipart,
    **{content_type: _read_file for content_type, kind in TYPES.items() if kind != "text"},
}


def _charset(request: Request) -> str | None:
    return request.mimetype_params.get("charset") or None
