"""Bytes → text: by byte order mark, by declared charset, as UTF-8, or by what the bytes look like (chardet)."""

import codecs
import encodings
import encodings.aliases

from summarizer.errors import UnreadableText
from summarizer.readers.detect import unsupported
from summarizer.readers.document import Document

# Codecs for host names, whose time grows with the square of the text's length.
_NOT_FOR_TEXT = ("punycode", "idna", "utf_7")
_KNOWN = {*encodings.aliases.aliases.values(), *"utf_8_sig cp720 cp737 cp856 cp874 cp875 cp1006 koi8_t koi8_u".split()}
_MAX_NAME = 40
# The longer ones first: a UTF-32 mark begins like one of UTF-16.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Japanese mail switches between sets of characters by escape codes, which are valid UTF-8.
_UTF_8 = {"ascii", "utf-8", "utf-8-sig"}
_ASCII = 127
# Text is damaged UTF-8 if it has this many right characters beyond ASCII for each wrong byte.
_MIN_RIGHT_PER_WRONG = 10
_ESCAPE_CODES = (b"\x1b$", b"\x1b(")


def read(raw: bytes, charset: str | None) -> Document:
    """A text file.

    :raises UnreadableText: when its bytes are not text.
    """
    text, notes = decode_any(raw, charset)
    return Document(text, notes=notes)


def decode_any(raw: bytes, charset: str | None) -> tuple[str, tuple[str, ...]]:
    """The text in `raw` as `decode` returns it; without a charset also of a guessed one, with a note.

    :raises UnreadableText: when the bytes are not text.
    """
    if charset is None and any(code in raw for code in _ESCAPE_CODES):
        return _guess(raw, r"iso-2022") or (decode(raw), ())
    try:
        return decode(raw, charset), ()
    except UnreadableText:
        found = (_damaged_utf_8(raw) or _guess(raw, "")) if charset is None else None
        if found is None:
            raise
        return found


def _damaged_utf_8(raw: bytes) -> tuple[str, tuple[str, ...]] | None:
    """Text in UTF-8 of which a few bytes are wrong, with a note; None for other text."""
    text = raw.decode(errors="replace")
    wrong = text.count("\ufffd")
    if wrong * _MIN_RIGHT_PER_WRONG > sum(ord(character) > _ASCII for character in text) - wrong or _is_binary(text):
        return None
    return text, (f"{wrong} damaged bytes of the text could not be read.",)


def _guess(raw: bytes, kind: str) -> tuple[str, tuple[str, ...]] | None:
    """The text in a guessed encoding, with a note; None where there is no guess.

    :param kind: how the encoding's name begins.
    """
    import chardet

    encoding = None if unsupported(raw) else chardet.detect(raw)["encoding"]
    if encoding is None or encoding.lower() in _UTF_8 or not encoding.lower().startswith(kind):
        return None
    note = f"The text is not in UTF-8. It was read as {encoding}; check its accents and quotation marks."
    return decode(raw, encoding), (note,)


def decode(raw: bytes, charset: str | None = None) -> str:
    """The text in `raw`: by its byte order mark, else by `charset`, else as UTF-8.

    :raises UnreadableText: when the bytes are not text in that encoding, or the encoding is unknown.
    """
    encoding = next((name for bom, name in _BOMS if raw.startswith(bom)), charset or "utf-8")
    try:
        if not _is_known(encoding):
            raise LookupError
        text = raw.decode(encoding)
    except LookupError:
        raise UnreadableText(f"The charset {encoding!r} is unknown. Send the text as UTF-8.") from None
    except ValueError:  # UnicodeError included: not text in this encoding, or one that decodes nothing
        raise UnreadableText(f"The text is not valid {encoding}. Save or send it as plain text in UTF-8.") from None
    if _is_binary(text):
        raise UnreadableText("This looks like a binary file, not text. Send the article as plain text.")
    return text


def _is_known(encoding: str) -> bool:
    """Whether an encoding is one of Python's for text; Python would keep each unknown name that it is asked for."""
    name = encodings.normalize_encoding(encoding[:_MAX_NAME]).lower()
    known = encodings.aliases.aliases.get(name, name)
    return known in _KNOWN and known not in _NOT_FOR_TEXT


def _is_binary(text: str) -> bool:
    """Whether more than 1% of the characters are control characters that text does not contain."""
    strange = sum(1 for char in text if ord(char) < 32 and char not in "\t\n\r\f\x0b")
    return strange > max(4, len(text) // 100)
