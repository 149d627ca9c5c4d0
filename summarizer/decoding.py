"""Decoding: bytes in, the text that they are out. Knows nothing of files and articles."""

import codecs

from summarizer.errors import UnreadableText

# For host names; what one that is no host name costs grows with the square of its length.
_NOT_FOR_TEXT = ("punycode", "idna")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode_text(raw: bytes, charset: str | None = None) -> str:
    """The text that `raw` holds: by its byte order mark, else by `charset`, else as UTF-8.

    :raises UnreadableText: when the bytes are not text in that encoding, or the encoding is not known.
    """
    encoding = next((name for bom, name in _BOMS if raw.startswith(bom)), charset or "utf-8")
    try:
        if codecs.lookup(encoding).name in _NOT_FOR_TEXT:
            raise LookupError
        text = raw.decode(encoding)
    except LookupError:
        raise UnreadableText(f"The charset {encoding!r} is not known. Send the text as UTF-8.") from None
    except ValueError:  # UnicodeError included: not text in this encoding, or one that decodes nothing
        raise UnreadableText(
            f"The bytes are not {encoding} text. Send plain text as UTF-8, or declare its charset."
        ) from None
    if _is_binary(text):
        raise UnreadableText("This looks like a binary file, not like text. Send the article as plain text.")
    return text


def _is_binary(text: str) -> bool:
    """Control characters that no text has; a few NULs are an accident, one in a hundred characters is a file."""
    strange = sum(1 for char in text if ord(char) < 32 and char not in "\t\n\r\f\x0b")
    return strange > max(4, len(text) // 100)
