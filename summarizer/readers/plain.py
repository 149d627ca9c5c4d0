"""Bytes → text: by byte order mark, declared charset, or as UTF-8."""

import codecs

from summarizer.errors import UnreadableText

# Codecs for host names, whose time grows with the square of the text's length.
_NOT_FOR_TEXT = ("punycode", "idna")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(raw: bytes, charset: str | None = None) -> str:
    """The text in `raw`: by its byte order mark, else by `charset`, else as UTF-8.

    :raises UnreadableText: when the bytes are not text in that encoding, or the encoding is unknown.
    """
    encoding = next((name for bom, name in _BOMS if raw.startswith(bom)), charset or "utf-8")
    try:
        if codecs.lookup(encoding).name in _NOT_FOR_TEXT:
            raise LookupError
        text = raw.decode(encoding)
    except LookupError:
        raise UnreadableText(f"The charset {encoding!r} is unknown. Send the text as UTF-8.") from None
    except ValueError:  # UnicodeError included: not text in this encoding, or one that decodes nothing
        raise UnreadableText(f"The text is not valid {encoding}. Save or send it as plain text in UTF-8.") from None
    if _is_binary(text):
        raise UnreadableText("This looks like a binary file, not text. Send the article as plain text.")
    return text


def _is_binary(text: str) -> bool:
    """Whether more than 1% of the characters are control characters that text does not contain."""
    strange = sum(1 for char in text if ord(char) < 32 and char not in "\t\n\r\f\x0b")
    return strange > max(4, len(text) // 100)
