"""RSS and Atom feeds → articles: the text that an item has in the feed, or the page behind its link."""

import hashlib
import re
from collections.abc import Sequence
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from summarizer.batch.inputs import MAX_ARTICLE_SIZE, Entry, InputError, Source, encodable
from summarizer.errors import SummarizerError, UnreadableText
from summarizer.readers import Document, fetch, read
from summarizer.readers.url import fetch as fetch_bytes
from summarizer.text.links import is_link
from summarizer.text.words import word_count

COLUMNS = ("link", "published")
# Without such elements the text of an item has its paragraphs as lines.
_BLOCK = re.compile(r"<(?:p|br|div|li|h\d)\b", re.IGNORECASE)
_MAX_FEED_SIZE = 16 * 1024**2  # bytes
# Words from which the text in the feed is taken for the whole article; teasers have up to about 100.
_WHOLE_ARTICLE = 150


def feed_source(address: str, seen: set[str], networks: Sequence[str] = ()) -> Source:
    """The items of a feed, in its order.

    Its web address is opened whatever the settings say: the user gave it, not a stranger.

    :param address: a web address, or the path of a file.
    :param seen: ids of items that other feeds have; those of this one join them.
    :param networks: networks that may be reached although they are not public.
    :raises InputError: when there is no feed, or it has no items.
    """
    import feedparser  # here, because few commands need it

    try:
        raw, headers = _open(address, networks)
    except SummarizerError as error:
        raise InputError(f"{address}: {error}") from None
    except OSError as error:
        raise InputError(f"{address}: cannot be read: {error.strerror}") from None
    try:
        items = feedparser.parse(raw, response_headers=headers).entries
    except Exception:  # damaged in a way that the library does not expect
        items = []
    if not items:
        raise InputError(f"{address}: no RSS or Atom feed, or one without items")
    entries = []
    for entry in (_entry(item, address, networks) for item in items):
        if entry.id not in seen:
            seen.add(entry.id)
            entries.append(entry)
    return Source(entries, len(entries), COLUMNS)


def _open(address: str, networks: Sequence[str]) -> tuple[bytes, dict[str, str]]:
    """The bytes of a feed, and the headers by which its links and characters are understood."""
    if not is_link(address):
        return Path(address).read_bytes(), {}
    fetched = fetch_bytes(address, _MAX_FEED_SIZE, [ip_network(network) for network in networks])
    charset = f"; charset={fetched.charset}" if fetched.charset else ""
    return fetched.raw, {"content-location": address, "content-type": f"{fetched.content_type}{charset}"}


def _entry(item: Any, address: str, networks: Sequence[str]) -> Entry:
    title, link = str(item.get("title", "")), str(item.get("link", ""))
    texts = [str(one.get("value", "")) for one in (*item.get("content", ()), item.get("summary_detail") or {})]
    text = max(texts, key=len)
    named = str(item.get("id") or link)
    if not named:
        named = hashlib.sha256(f"{title}\n{text}".encode("utf-8", "replace")).hexdigest()[:12]
    if ":" not in named:  # no address, and no urn or tag: another feed may have the same
        named = f"{address}#{named}"
    columns = {"link": link, "published": str(item.get("published") or item.get("updated") or "")}
    return Entry(
        encodable(named),
        partial(_article, text, link, networks),
        _plain(title) or None,
        columns,
    )


def _article(text: str, link: str, networks: Sequence[str]) -> Document:
    """The text in the feed if it is a whole article, else the page behind the link.

    :raises SummarizerError: when neither can be read.
    """
    if word_count(_plain(text)) >= _WHOLE_ARTICLE or not link:
        if not text:
            raise UnreadableText("The item has neither a text nor a link.")
        if not _BLOCK.search(text):
            return Document(_text_of(text))
        return read(f"<article>{text}</article>".encode("utf-8", "replace"), "html", "utf-8")
    return fetch(link, MAX_ARTICLE_SIZE, networks)


def _plain(markup: str) -> str:
    """The words of HTML, which titles may have, too."""
    return " ".join(_text_of(markup).split())


def _text_of(markup: str) -> str:
    from lxml import html

    return str(html.fromstring(f"<p>{markup}</p>").text_content())
