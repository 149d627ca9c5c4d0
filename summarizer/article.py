"""Parsing: text as people paste it in, an `Article` out.

Finds the headline, takes out its repetitions and the remains of the page, joins hard-wrapped lines, and says where
each paragraph and each sentence stands in the cleaned text. Knows nothing of models, files or Flask.
"""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarizer.errors import EmptyArticle, UnreadableText
from summarizer.sentences import Span, sentence_spans

REPEATED_HEADLINE = "repeated headline"
PAGE_ELEMENT = "page element"

# Lines that page templates put between paragraphs; compared as keys (see `_key`), whole lines only.
_PAGE_ELEMENTS = {
    "advertisement",
    "advertisement continue reading the main story",
    "scroll down for video",
    "scroll down for videos",
    "story continues below",
    "story continues below advertisement",
    "article continues below",
    "article continues below advertisement",
    "continue reading below",
    "share this article",
    "share this story",
    "share this",
}
# Headlines in the 100 evaluation articles' genre have 6 to 20 words; twice that is no headline any more.
_LONGEST_HEADLINE = 40
_LONGEST_HEADLINE_CHARACTERS = 300  # for scripts that write few spaces
# A cut-off headline shorter than this may as well begin like any sentence.
_FEWEST_WORDS_CUT = 4
_FEWEST_WORDS_GLUED = 5
# A site's or a section's name behind a headline ("| CNN", "- BBC News") has at most so many words.
_LONGEST_SITE_NAME = 4
# Text wrapped by hand or by a mail program breaks between these widths; a shorter line is a line of its own.
_NARROWEST_WRAP, _WIDEST_WRAP = 50, 120

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_QUOTES = dict.fromkeys(map(ord, "'\"‘’‚‛“”„‟«»‹›`´"), None)
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u00ad"), None)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATOR = re.compile(r"\s+(?:[|•·>»]|::|-+)\s+")
# Words that, in upper case, begin a sentence and stand in the middle of none.
_SENTENCE_START = re.compile(
    r"[\"“‘«(]?(?:The|A|An|In|On|At|It|He|She|They|We|This|That|These|Those|But|And|When|After|As|For|By|With|From|There|"
    r"Its|His|Her|Their|If|While|Before)\b"
)
_LIST_MARK = re.compile(r"[-*•#>]|\d+[.)]\s")
_BYLINE = re.compile(r"[Bb][Yy]\s+[A-Z]\S*(?:\s+(?:and\s+)?[A-Z]\S*){0,4}$|[A-Z][A-Z .,]+(?:,[\w .]+)?\([A-Z][\w ]*\)")
_TERMINAL = re.compile(r"[.!?…。！？؟۔।:;,][\"'’”»)\]]*$")


@dataclass(frozen=True)
class Stripped:
    """A line that was taken out of the text: as it first stood there, how often, and why."""

    text: str
    count: int
    reason: str


@dataclass(frozen=True)
class Article:
    """A cleaned article; the spans count characters of `text`, which is without the title."""

    title: str | None
    text: str
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    stripped: tuple[Stripped, ...]


def decode_text(raw: bytes, charset: str | None = None) -> str:
    """The text that `raw` holds: by its byte order mark, else by `charset`, else as UTF-8.

    :raises UnreadableText: when the bytes are not text in that encoding, or the encoding is not known.
    """
    encoding = next((name for bom, name in _BOMS if raw.startswith(bom)), charset or "utf-8")
    try:
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


def parse(text: str) -> Article:
    """Clean a pasted article.

    :raises EmptyArticle: when nothing, or a headline alone, is left.
    """
    lines = _clean_lines(text)
    if not any(lines):
        raise EmptyArticle("There is no text. Paste or send the text of an article.")
    headline = _find_headline(lines)
    title = _title(headline) if headline else None
    kept, removed = _strip(lines, headline)
    blocks = _paragraphs(kept)
    if not blocks:
        raise EmptyArticle("There is a headline but no article below it. Send the article's text as well.")
    return _article(title, blocks, removed)


def _article(title: str | None, blocks: Sequence[str], removed: Iterable[Stripped]) -> Article:
    text = "\n\n".join(blocks)
    paragraphs = []
    start = 0
    for block in blocks:
        paragraphs.append(Span(start, start + len(block)))
        start += len(block) + 2
    sentences = tuple(span for paragraph in paragraphs for span in sentence_spans(text, paragraph))
    return Article(title, text, tuple(paragraphs), sentences, tuple(removed))


def _is_binary(text: str) -> bool:
    """Control characters that no text has; a few NULs are an accident, one in a hundred characters is a file."""
    strange = sum(1 for char in text if ord(char) < 32 and char not in "\t\n\r\f\x0b")
    return strange > max(4, len(text) // 100)


def _clean_lines(text: str) -> list[str]:
    """The lines of the text, white space folded, without invisible and control characters; "" is an empty line."""
    text = text.translate(_INVISIBLE)
    lines = []
    for line in text.splitlines():
        visible = "".join(" " if unicodedata.category(char) in ("Cc", "Zs") else char for char in line)
        # Lone surrogates cannot be written as UTF-8, so that no answer could hold them.
        lines.append(" ".join(re.sub(r"[\ud800-\udfff]", "", visible).split()))
    return lines


def _key(line: str) -> str:
    """A line as it is compared: letter case, quotes, dashes, Markdown marks and outer punctuation do not count."""
    folded = unicodedata.normalize("NFKC", line).translate(_DASHES).translate(_QUOTES).casefold()
    return " ".join(re.sub(r"^[#>*_\s]+|[*_#\s.!?:;,]+$", "", folded).split())


def _looks_like_headline(line: str) -> bool:
    words = len(line.split())
    if len(line) > _LONGEST_HEADLINE_CHARACTERS or _BYLINE.match(line) or _key(line) in _PAGE_ELEMENTS:
        return False
    return 2 <= words <= _LONGEST_HEADLINE and (line.startswith("#") or not _TERMINAL.search(line.rstrip("*_")))


def _find_headline(lines: Sequence[str]) -> str | None:
    """The headline as it first stands: the first line, or a headline-like line that stands three times.

    A first line that may as well be the beginning of hard-wrapped text is none unless it stands again.
    """
    filled = [line for line in lines if line]
    counts = Counter(map(_key, filled))
    first = filled[0]
    if counts[_key(first)] > 1 and _looks_like_headline(first):
        return first
    if _stands_alone(lines) and (_looks_like_headline(first) or _is_short_question(first)):
        return first
    for line in filled:
        if counts[_key(line)] > 2 and len(line.split()) > 2 and _looks_like_headline(line):
            return line
    return None


def _stands_alone(lines: Sequence[str]) -> bool:
    """Whether the first line is set off: an empty line, one too wide to be wrapped, or a new sentence follows it."""
    first = next(number for number, line in enumerate(lines) if line)
    following = lines[first + 1] if first + 1 < len(lines) else ""
    return not following or len(following) > _WIDEST_WRAP or bool(_SENTENCE_START.match(following))


def _is_short_question(line: str) -> bool:
    return line.endswith(("?", "!")) and not line.startswith("Q:") and 2 <= len(line.split()) <= _LONGEST_HEADLINE // 2


def _title(headline: str) -> str:
    """The headline without Markdown marks and without a site's name behind a bar."""
    bare = re.sub(r"^[#>*_\s]+|[*_#\s]+$", "", headline)
    head, _, site = bare.rpartition(" | ")
    return head if head and len(site.split()) <= _LONGEST_SITE_NAME else bare


def _strip(lines: Sequence[str], headline: str | None) -> tuple[list[str], list[Stripped]]:
    """Take out the headline, its repetitions and page elements; what is left, and what went (the title apart)."""
    title = _title(headline) if headline else ""
    kept: list[str] = []
    removed: dict[str, list[str]] = {}
    title_seen = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if title and _repeats(line, title) and not following[:1].islower():
            if title_seen:
                removed.setdefault(REPEATED_HEADLINE, []).append(line)
            title_seen = True
        elif _key(line) in _PAGE_ELEMENTS:
            removed.setdefault(PAGE_ELEMENT + ":" + _key(line), []).append(line)
        elif title and (rest := _glued_rest(line, title)):
            removed.setdefault(REPEATED_HEADLINE, []).append(line[: -len(rest)].strip())
            kept.append(rest)
        else:
            kept.append(line)
    return kept, [Stripped(found[0], len(found), reason.split(":")[0]) for reason, found in removed.items()]


def _repeats(line: str, title: str) -> bool:
    """Whether a whole line is the title again: as it stands, with a site's name, or cut short by an ellipsis."""
    key, title_key = _key(line), _key(title)
    if not key or not title_key:
        return False
    return key == title_key or _without_site(line, title_key) or _is_cut(line, title_key)


def _without_site(line: str, title_key: str) -> bool:
    """Whether the title and a short site's or section's name make up the line, in either order."""
    plain = line.translate(_DASHES)
    if plain.endswith((".", "!", "?")):
        return False
    for match in _SEPARATOR.finditer(plain):
        before, after = plain[: match.start()], plain[match.end() :]
        if _key(before) == title_key and _is_name(after):
            return True
        if _key(after) == title_key and _is_name(before):
            return True
    return False


def _is_name(text: str) -> bool:
    """A few words that all begin in upper case, such as "BBC News"; "experts cheer" is none."""
    words = text.split()
    return 0 < len(words) <= _LONGEST_SITE_NAME and all(not word[0].islower() for word in words)


def _is_cut(line: str, title_key: str) -> bool:
    cut = re.sub(r"\s*(?:…|\.\.\.)$", "", line)
    key = _key(cut)
    return cut != line and len(key.split()) >= _FEWEST_WORDS_CUT and title_key.startswith(key)


def _glued_rest(line: str, title: str) -> str:
    """What follows the title in a line that begins with it, when a new sentence does; else "".

    The letters must be the title's own, and a colon, a full stop or a word that only begins sentences must follow: a
    sentence that merely starts with the words of its headline stays.
    """
    if len(title.split()) < _FEWEST_WORDS_GLUED or not line.startswith(title):
        return ""
    rest = line[len(title) :].lstrip(" :-–—.|")
    glue = line[len(title) : len(line) - len(rest)]
    begins = _SENTENCE_START.match(rest) or (glue.strip() in (":", ".", "|") and rest.lstrip("\"'“‘«(")[:1].isupper())
    return rest if glue and begins else ""


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """The lines as paragraphs: one each, but hard-wrapped ones joined to the paragraph that they were."""
    blocks: list[str] = []
    previous = ""
    for line in lines:
        if line and _goes_on(previous, line):
            blocks[-1] += " " + line
        elif line:
            blocks.append(line)
        previous = line
    return blocks


def _goes_on(line: str, following: str) -> bool:
    """Whether a line was wrapped by hand and the next one goes on with its sentence."""
    return (
        _NARROWEST_WRAP <= len(line) <= _WIDEST_WRAP
        and len(following) <= _WIDEST_WRAP
        and not re.search(r"[.!?…。！？؟۔।][\"'’”»)\]]*$", line)
        and not _SENTENCE_START.match(following)
        and not _LIST_MARK.match(following)
    )
