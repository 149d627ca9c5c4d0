"""Decoding: bytes become text by their byte order mark, by the declared charset, or as UTF-8."""

import pytest

from summarizer.errors import UnreadableText
from summarizer.readers.plain import decode


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_decoded_by_its_byte_order_mark(encoding: str) -> None:
    assert decode("Café für alle".encode(encoding)) == "Café für alle"


def test_declared_charset_is_honoured() -> None:
    assert decode("Café".encode("latin-1"), "iso-8859-1") == "Café"


def test_byte_order_mark_overrides_the_declared_charset() -> None:
    assert decode("Café".encode("utf-16"), "iso-8859-1") == "Café"


@pytest.mark.parametrize(
    ("raw", "charset", "message"),
    [
        (b"\xff\xd8\xff\xe0JFIF", None, "not valid utf-8"),
        (bytes(range(32)) * 4, None, "binary file"),
        (b"abc", "no-such-charset", "charset 'no-such-charset' is unknown"),
        (b"abc", "idna", "charset 'idna' is unknown"),
        (b"abc", "hex", "charset 'hex'|not hex text"),
    ],
)
def test_bytes_that_are_not_text_are_refused(raw: bytes, charset: str | None, message: str) -> None:
    with pytest.raises(UnreadableText, match=message):
        decode(raw, charset)
