"""ZIP archives that office programs write: opened safely, and named when they are of another kind."""

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from summarizer.errors import UnreadableFile

# Bytes after decompression; a text of a million characters takes about ten million.
_MAX_UNPACKED = 100 * 1024**2
# The kinds of archives that are not read, by the beginning of one of their parts.
_OTHER_KINDS = {
    "xl/": "a spreadsheet (XLSX)",
    "ppt/": "a presentation (PPTX)",
    "Index/": "a Pages, Numbers or Keynote file",
    "META-INF/MANIFEST.MF": "a Java archive",
}


@contextmanager
def open_archive(raw: bytes, kind: str) -> Iterator[ZipFile]:
    """An archive, open for reading.

    :param kind: how an error calls the file, such as DOCX.
    :raises UnreadableFile: when it is damaged, encrypted, or far larger than a text when unpacked; also for the errors
        that its parts cause in the block.
    """
    try:
        with ZipFile(io.BytesIO(raw)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED:
                raise UnreadableFile("Once unpacked, the file is far larger than any article. Paste its text instead.")
            if any(part.flag_bits & 1 for part in archive.infolist()):
                raise UnreadableFile(f"The {kind} file is encrypted. Save it without a password, or paste its text.")
            yield archive
    except (BadZipFile, KeyError, ValueError, EOFError, RecursionError, NotImplementedError, ParseError, zlib.error):
        raise UnreadableFile(f"The {kind} file is damaged. Save it again, or paste its text.") from None


def refuse_other_archive(archive: ZipFile) -> NoReturn:
    """Refuse an archive of a kind that is not read, and name its kind.

    :raises UnreadableFile: always.
    """
    names = archive.namelist()
    found = next((kind for start, kind in _OTHER_KINDS.items() if any(name.startswith(start) for name in names)), None)
    if found:
        raise UnreadableFile(f"This is {found}. Save its text as DOCX or PDF, or paste it.")
    raise UnreadableFile("This is a ZIP file, but not a DOCX, ODT or EPUB. Unpack it, and send one of its files.")
