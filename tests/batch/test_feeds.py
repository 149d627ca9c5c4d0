"""Feeds as the input of a batch, and the Markdown digest of what is new."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from summarizer import Settings, Summarizer
from summarizer.__main__ import main
from tests.batch.samples import article, read_jsonl

FILES = Path(__file__).parents[1] / "files"


def item(number: int, *, link: str = "", text: str = "", guid: str = "") -> str:
    return (
        f"<item><title>Report &amp;lt;{number}&amp;gt;</title><link>{link}</link>"
        f"<description>{escape(text)}</description>"
        f"<pubDate>Sat, 28 Nov 2026 10:0{number}:00 GMT</pubDate>{f'<guid>{guid}</guid>' if guid else ''}</item>"
    )


def write_feed(path: Path, *items: str) -> None:
    path.write_text(f'<rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>')


def whole(seed: int) -> str:
    """An article that a feed has whole, as HTML."""
    return "".join(f"<p>{line}</p>" for line in article(seed, sentences=30).splitlines() if line)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of a server that has the files of the test's folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run `summarizer batch` in an empty folder, with links to this machine allowed; returns the exit code."""
    monkeypatch.chdir(tmp_path)
    summarizer = Summarizer(Settings(fetch_networks="127.0.0.0/8"))
    return lambda *arguments: main(["batch", *arguments], summarizer)


def test_items_are_rows_and_only_new_ones_are_added(run) -> None:
    feed = Path("feed.xml")
    write_feed(feed, item(1, link="https://example.org/1", text=whole(1), guid="a"))
    assert run("--feed", "feed.xml", "-o", "out.jsonl", "--digest", "new.md") == 0
    write_feed(feed, item(2, text=whole(2), guid="b"), item(1, link="https://example.org/1", text=whole(1), guid="a"))
    assert run("--feed", "feed.xml", "-o", "out.jsonl", "--digest", "new.md") == 0
    first, second = read_jsonl("out.jsonl")
    assert (first["id"], first["title"], first["link"]) == ("feed.xml#a", "Report <1>", "https://example.org/1")
    assert first["published"] == "Sat, 28 Nov 2026 10:01:00 GMT"
    assert second["id"] == "feed.xml#b"
    assert first["short"]
    digest = Path("new.md").read_text()
    assert digest.count("## ") == 1
    assert "## Report \\<2\\>" in digest
    assert second["short"] in digest


def test_digest_stays_when_nothing_is_new(run) -> None:
    write_feed(Path("feed.xml"), item(1, link="https://example.org/1", text=whole(1)))
    for _ in range(2):
        assert run("--feed", "feed.xml", "-o", "out.jsonl", "--digest", "new.md") == 0
    assert "<https://example.org/1>" in Path("new.md").read_text()


def test_page_behind_the_link_is_read_where_the_feed_has_a_teaser(run, site: str) -> None:
    Path("page.html").write_bytes((FILES / "harbour-bridge.html").read_bytes())
    write_feed(Path("feed.xml"), item(1, link=f"{site}/page.html", text="A bridge is shut."))
    assert run("--feed", f"{site}/feed.xml", "-o", "out.jsonl") == 0
    (row,) = read_jsonl("out.jsonl")
    assert row["id"] == f"{site}/page.html"
    assert "Pellworth" in row["article"]


def test_item_that_cannot_be_read_is_a_row_with_its_error(run, site: str) -> None:
    write_feed(Path("feed.xml"), item(1, link=f"{site}/none.html"), item(2), item(3, text=whole(3)))
    assert run("--feed", "feed.xml", "-o", "out.jsonl", "--digest", "new.md") == 1
    missing, empty, good = read_jsonl("out.jsonl")
    assert "404" in missing["error"]
    assert "neither a text nor a link" in empty["error"]
    assert good["short"] in Path("new.md").read_text()


def test_item_of_two_feeds_is_summarized_once(run) -> None:
    for name in ("one.xml", "two.xml"):
        write_feed(Path(name), item(1, link="https://example.org/1", text=whole(1)), item(2, text=whole(2), guid="2"))
    assert run("--feed", "one.xml", "--feed", "two.xml", "-o", "out.jsonl") == 0
    assert [row["id"] for row in read_jsonl("out.jsonl")] == ["https://example.org/1", "one.xml#2", "two.xml#2"]


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "<rss><item>&#xD800;</item></rss>",
        "<html><body>No feed</body></html>",
        "\x00\x01",
        "<rss><channel></channel></rss>",
    ],
)
def test_what_is_no_feed_is_refused(run, sent: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("feed.xml").write_text(sent)
    assert run("--feed", "feed.xml", "-o", "out.jsonl") == 2
    assert "feed.xml: no RSS or Atom feed" in capsys.readouterr().err
    assert not Path("out.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-o", "out.jsonl"], "--feed"),
        (["--feed", "none.xml", "-o", "out.jsonl"], "none.xml: cannot be read"),
        (["--feed", "http://10.0.0.1/feed", "-o", "out.jsonl"], "private network"),
        (["a.txt", "-o", "out.jsonl", "--digest", "new.txt"], "must end in .md"),
        (["a.txt", "-o", "out.jsonl", "--digest", "none/new.md"], "no such folder"),
        (["a.md", "-o", "out.jsonl", "--digest", "a.md"], "must not be among the inputs"),
        ([".", "-o", "out.jsonl", "--digest", "new.md"], "must not be among the inputs"),
    ],
)
def test_wrong_use_is_explained(run, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text(article(1))
    assert run(*arguments) == 2
    assert says in capsys.readouterr().err


def test_item_of_plain_text_is_read(run) -> None:
    write_feed(Path("feed.xml"), item(1, text=article(1, sentences=30)))
    assert run("--feed", "feed.xml", "-o", "out.jsonl") == 0
    (row,) = read_jsonl("out.jsonl")
    assert "\n\n" in row["article"]


def test_atom_feed_with_content_is_read(run) -> None:
    Path("feed.xml").write_text(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><id>urn:1</id><title>One</title>'
        f'<link href="https://example.org/1"/><updated>2026-11-28T10:00:00Z</updated><summary>Short.</summary>'
        f'<content type="html">{escape(whole(4))}</content></entry></feed>'
    )
    assert run("--feed", "feed.xml", "-o", "out.csv") == 0
    assert "https://example.org/1" in Path("out.csv").read_text()
