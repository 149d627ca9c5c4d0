"""Formats beside PDF, DOCX and HTML: what is read of each, and what is refused with a way out."""

import io
import zipfile

import pytest

from summarizer.errors import UnreadableFile
from summarizer.readers import Document, detect_kind
from summarizer.readers.email import own_text
from summarizer.readers.html import read_page
from summarizer.readers.plain import decode_any

ARTICLE = (
    "The harbour bridge was closed on Thursday after engineers found a crack in a cable anchor. "
    "Lorries must use the tunnel until the end of June, and the city pays for a ferry that carries "
    "walkers and cyclists. The mayor said that a new anchor would cost 2.6 million crowns."
)


def read(raw: bytes, name: str) -> Document:
    """Read a file in this process; `summarizer.readers.read` does it in a subprocess."""
    from summarizer.readers.__main__ import _read

    return _read(detect_kind(raw, name=name), raw)


def archive(**parts: str | bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


# ---- OpenDocument


def odt(body: str, styles: str = "") -> bytes:
    content = (
        "<o:document-content xmlns:o='urn:office' xmlns:t='urn:text' xmlns:s='urn:style' xmlns:b='urn:table'>"
        f"<o:automatic-styles>{styles}</o:automatic-styles><o:body><o:text>{body}</o:text></o:body></o:document-content>"
    )
    return archive(**{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def test_opendocument_text_is_read() -> None:
    body = (
        "<t:tracked-changes><t:deletion><t:p>Deleted.</t:p></t:deletion></t:tracked-changes>"
        "<t:p t:style-name='P1'>Pier to close</t:p>"
        "<t:p>The pier<t:s/> is <t:span>rotten</t:span>.<t:note><t:note-citation>1</t:note-citation>"
        "<t:note-body><t:p>Divers found it.</t:p></t:note-body></t:note></t:p>"
        "<t:list><t:list-item><t:p>one lane</t:p></t:list-item></t:list>"
        "<b:table><b:table-row><b:table-cell><t:p>North</t:p></b:table-cell>"
        "<b:table-cell><t:p>1911</t:p></b:table-cell></b:table-row></b:table>"
    )
    document = read(odt(body, "<s:style s:name='P1' s:parent-style-name='Title'/>"), "pier.odt")
    assert document.title == "Pier to close"
    assert document.text.split("\n\n") == [
        "Pier to close",
        "The pier  is rotten.",
        "- one lane",
        "North\t1911",
        "Divers found it.",
    ]


# ---- EPUB


def test_chapters_are_read_in_the_order_of_the_book() -> None:
    package = (
        "<package xmlns='opf'><metadata><title>Two piers</title></metadata><manifest>"
        "<item id='b' href='b%20two.xhtml'/><item id='a' href='a.xhtml'/></manifest>"
        "<spine><itemref idref='b'/><itemref idref='a'/></spine></package>"
    )
    container = "<container xmlns='c'><rootfiles><rootfile full-path='OPS/book.opf'/></rootfiles></container>"
    book = archive(
        **{
            "mimetype": "application/epub+zip",
            "META-INF__container.xml": container,
            "OPS__book.opf": package,
            "OPS__a.xhtml": "<html><body><p>Last.</p></body></html>",
            "OPS__b two.xhtml": "<html><body><h1>First</h1><div><p>It is\n rotten.</p></div></body></html>",
        }
    )
    document = read(book, "piers.epub")
    assert document.title == "Two piers"
    assert document.text.split("\n\n") == ["First", "It is rotten.", "Last."]


# ---- RTF and subtitles


def test_rtf_loses_its_markup() -> None:
    raw = rb"{\rtf1\ansi\ansicpg1252 {\b Pier to close}\par The caf\'e9 on the pier is \u8220?old\u8221?.\par}"
    assert read(raw, "pier.rtf").text == "Pier to close\n\nThe café on the pier is “old”."


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        (
            "talk.srt",
            "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>The pier</i>\r\nis rotten\r\n\r\n"
            "2\r\n00:00:02,500 --> 00:00:04,000\r\nand will close. Soon.\r\n",
        ),
        (
            "talk.vtt",
            "WEBVTT\n\nNOTE made by hand\n\n00:01.000 --> 00:02.500 align:start\nThe pier\nis rotten\n\n"
            "cue-2\n00:02.500 --> 00:04.000\nand will close. Soon.\n",
        ),
    ],
)
def test_cues_are_joined_to_sentences(name: str, raw: str) -> None:
    assert read(raw.encode(), name).text == "The pier is rotten and will close. Soon."


def test_speaker_of_a_cue_is_named() -> None:
    raw = b"WEBVTT\n\n00:01.000 --> 00:02.500\n<v Ann Cope>The pier is rotten.</v>\n"
    assert read(raw, "talk.vtt").text == "Ann Cope: The pier is rotten."


# ---- Markdown


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: Pier to close\n---\n",
        "---\ntitle: >-\n  Pier\n  to close\nlayout: post\n---\n",
        "---\ntitle: 'Pier to close'   # working title\n---\n",
        '+++\ntitle = "Pier to close"\ndate = 2024-05-06\n+++\n',
    ],
)
def test_front_matter_names_the_title(front: str) -> None:
    document = read(f"{front}\nThe pier is rotten.\n".encode(), "pier.md")
    assert (document.title, document.text) == ("Pier to close", "The pier is rotten.")


def test_damaged_front_matter_is_left_out() -> None:
    document = read(b"---\ntitle: [unclosed\n---\nThe pier is rotten.\n", "pier.md")
    assert (document.title, document.text) == (None, "The pier is rotten.")


# ---- encodings

TEXTS = {
    "de": "Die Stadt schließt die Brücke für drei Wochen, weil Prüfer Risse gefunden haben. Das kostet sehr viel Geld.",
    "pl": "Władze miasta zamknęły most, ponieważ inżynierowie znaleźli pęknięcia. Źródła podają, że prace potrwają.",
    "ru": "Власти города закрыли мост в четверг, потому что инженеры нашли трещины в опоре.",
    "el": "Οι αρχές της πόλης έκλεισαν τη γέφυρα την Πέμπτη, επειδή οι μηχανικοί βρήκαν ρωγμές.",
    "tr": "Belediye, mühendislerin çatlaklar bulması üzerine köprüyü kapattı; öğrenciler üzgündü, işçiler şaşkındı.",
    "he": "העירייה סגרה את הגשר ביום חמישי לאחר שמהנדסים מצאו סדקים בעמודים.",
    "ar": "أغلقت سلطات المدينة الجسر يوم الخميس بعد أن وجد المهندسون شقوقا في العمود.",
    "ja": "市は木曜日、技術者がひび割れを見つけたため、橋を閉鎖した。工事は夏まで続く。",
    "zh": "由于工程师发现裂缝，市政府周四关闭了这座桥。工程将持续到夏天。",
    "zh-TW": "由於工程師發現裂縫，市政府週四關閉了這座橋。工程將持續到夏天。",
    "ko": "시 당국은 기술자들이 균열을 발견함에 따라 목요일에 다리를 폐쇄했다.",
}
ENCODINGS = {
    "de": "cp1252 iso-8859-1 iso-8859-15 mac-roman cp850 utf-16-le utf-16-be utf-32",
    "pl": "cp1250 iso-8859-2",
    "ru": "cp1251 koi8-r iso-8859-5 cp866",
    "el": "cp1253 iso-8859-7",
    "tr": "cp1254 iso-8859-9",
    "he": "cp1255 iso-8859-8",
    "ar": "cp1256",
    "ja": "shift_jis euc-jp iso-2022-jp",
    "zh": "gbk gb18030",
    "zh-TW": "big5",
    "ko": "euc-kr",
}


@pytest.mark.parametrize(
    ("language", "encoding"), [(language, name) for language, names in ENCODINGS.items() for name in names.split()]
)
def test_text_in_a_legacy_encoding_is_read_with_a_note(language: str, encoding: str) -> None:
    text, notes = decode_any(TEXTS[language].encode(encoding), None)
    assert text == TEXTS[language]
    assert not notes or "not in UTF-8" in notes[0]


def test_utf_8_needs_no_note() -> None:
    assert decode_any(TEXTS["ru"].encode(), None) == (TEXTS["ru"], ())


# ---- e-mail


QUOTED = "> I think that the ninth is better.\n> Who will come?\n"
OUTLOOK = "From: Paul Beck <paul@example.org>\nSent: Friday, 1 March\nTo: Rita\nSubject: Date?\n\nWho will come?\n"


@pytest.mark.parametrize(
    "plain",
    [
        f"{ARTICLE}\n\nOn Tue, Mar 6, 2018 at 7:33 PM Maria Lopez <maria@example.org> wrote:\n\n{QUOTED}",
        f"{ARTICLE}\n\nOn Tue, Mar 6, 2018 at 7:33 PM, Maria Lopez <maria@example.org>\n\nwrote:\n\n{QUOTED}",
        f"{ARTICLE}\n\nAm 06.03.2018 um 19:33 schrieb Maria Lopez:\n{QUOTED}",
        f"On Tue, Mar 6, 2018 at 7:33 PM Maria Lopez <maria@example.org> wrote:\n{QUOTED}\n{ARTICLE}\n",
        f"{ARTICLE}\n\n-----Original Message-----\n{OUTLOOK}",
        f"{ARTICLE}\n\n{OUTLOOK}",
        f"{ARTICLE}\r\n",
    ],
)
def test_only_the_writers_own_text_is_read(plain: str) -> None:
    assert own_text(plain) == (ARTICLE, None, True)


def test_quoted_article_is_read_where_little_stands_above_it() -> None:
    quoted = "".join(f"> {sentence}.\n" for sentence in ARTICLE.rstrip(".").split(". "))
    text, _, is_own = own_text(f"FYI\n\nOn Mon, May 6, 2024 Ann <ann@example.org> wrote:\n\n{quoted}")
    assert text.replace("\n", " ") == ARTICLE
    assert not is_own


def test_forwarded_article_is_read_with_its_subject() -> None:
    head = "---------- Forwarded message ---------\nFrom: Ann <ann@example.org>\nDate: Mon, May 6, 2024\n"
    plain = f"See below.\n\nTom\n\n{head}Subject: Fwd: Bridge shut\nTo: <tom@example.org>\n\n\n{ARTICLE}\n\n--\nAnn\n"
    assert own_text(plain) == (ARTICLE, "Bridge shut", False)


@pytest.mark.parametrize(
    "more",
    [
        "- first point\n- second point\n\nThe ferry leaves at nine.",
        "Thank you, he said, and left.\n\nP.S. It rained.",
        "On 3 May the mayor wrote:\nWe will close it.",
        "Ann Cope: I was born in 1953.\nTom Price: So was I.\nAnn Cope: In May?",
        "詳細(https://a.example/b)をご覧ください(無料)。".replace("(https://a.example/b)", ""),
    ],
)
def test_nothing_of_the_writers_own_text_is_lost(more: str) -> None:
    assert own_text(f"{ARTICLE}\n\n{more}") == (f"{ARTICLE}\n\n{more}", None, True)


def test_mail_without_a_charset_is_read_as_utf_8() -> None:
    assert "café" in read(f"Subject: x\n\nThe café on the pier. {ARTICLE}".encode(), "mail.eml").text


def test_older_mail_in_html_is_left_out() -> None:
    older = "<div class='gmail_quote'><blockquote>Who will come?</blockquote></div>"
    page = f"<html><body><p>{ARTICLE}</p>{older}</body></html>"
    document = read(f"Subject: x\nContent-Type: text/html\n\n{page}".encode(), "mail.eml")
    assert "Who will come" not in document.text


def test_text_around_a_picture_is_read_whole() -> None:
    more = ["Content-Type: image/png\nContent-Disposition: inline\n\nabc", "Content-Type: text/plain\n\nThe end."]
    assert read(mail(ARTICLE, *more), "mail.eml").text.endswith("The end.")


@pytest.mark.parametrize(
    "text",
    [
        "From our correspondent in Paris\nMonday: The harbour bridge was closed.",
        "ID3 sales fell by a third.",
        "RIFFRAFF: the musical",
        "GIF89a is an image format, and old.",
        "<!---->" * 150 + "x",
        "---\n\nThe first paragraph.\n\n---\n\nThe rest.",
    ],
)
def test_plain_text_is_taken_for_nothing_else(text: str) -> None:
    assert read(text.encode(), "a.txt").text == text


def test_line_that_begins_with_from_is_part_of_its_message() -> None:
    message = (
        f"From ann@example.org Mon May  6 08:00:00 2024\nSubject: x\n\n{ARTICLE}\n\nFrom Monday on, it is closed.\n"
    )
    document = read(message.encode(), "inbox.mbox")
    assert document.text.strip().endswith("From Monday on, it is closed.")
    assert document.notes == ()


def test_rule_at_the_beginning_of_markdown_is_no_front_matter() -> None:
    assert (
        read(b"---\n\nThe first paragraph.\n\n---\n\nThe rest.\n", "a.md").text == "The first paragraph.\n\nThe rest."
    )


def test_damaged_utf_8_stays_utf_8_with_a_note() -> None:
    raw = ("Die Brücke – “gut”. " * 20).encode() + b"\xff"
    text, notes = decode_any(raw, None)
    assert text.startswith("Die Brücke – “gut”.")
    assert notes == ("1 damaged bytes of the text could not be read.",)


def test_words_of_a_chapter_stay_apart_and_nothing_is_lost() -> None:
    page = (
        "<html><head><title>T</title><style>p{}</style></head><body><h1>Chapter 1<br/>The pier</h1>"
        "<div>In a café.</div><table><tr><td>North</td><td>1911</td></tr></table>"
        "<ul><li><p>One.</p><p>Two.</p></li></ul></body></html>"
    )
    assert read(archive(**{"mimetype": "application/epub+zip", "a.xhtml": page, "b.xhtml": ""}), "b.epub").text.split(
        "\n\n"
    ) == ["Chapter 1 The pier", "In a café.", "North\t1911", "One.", "Two."]


def test_cue_with_a_blank_line_and_cues_without_one_are_read() -> None:
    raw = b"1\n00:00:01,000 --> 00:00:02,500\nThe pier\n\nis &amp; was\n2\n00:00:02,500 --> 00:00:04,000\nrotten.\n"
    assert read(raw, "talk.srt").text == "The pier is & was rotten."


def test_address_behind_its_link_is_left_out() -> None:
    plain = ARTICLE.replace("Thursday", "Thursday [ https://news.example/redirect/6f30?j=eyJ1 ]")
    assert own_text(plain) == (ARTICLE, None, True)


def mail(plain: str, *more: str) -> bytes:
    parts = [f"Content-Type: text/plain; charset=utf-8\n\n{plain}", *more]
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f"Subject: Fwd: Bridge shut\nContent-Type: multipart/mixed; boundary=b\n\n{body}--b--\n".encode()


def test_html_is_read_where_the_plain_text_only_points_to_it() -> None:
    html = f"Content-Type: text/html; charset=utf-8\n\n<html><body><h1>Bridge shut</h1><p>{ARTICLE}</p></body></html>"
    raw = mail("View this in your browser.", html).replace(b"multipart/mixed", b"multipart/alternative")
    assert ARTICLE in read(raw, "news.eml").text


def test_attached_message_is_read_with_a_note() -> None:
    attached = f"Content-Type: message/rfc822\n\nSubject: Bridge shut\nContent-Type: text/plain\n\n{ARTICLE}\n"
    document = read(mail("See the attached mail.", attached), "fwd.eml")
    assert document.text.strip() == ARTICLE
    assert "its attachment" in document.notes[0]


def test_attachment_that_is_not_read_is_named() -> None:
    attached = 'Content-Type: image/png\nContent-Disposition: attachment; filename="bridge.png"\n\nabc'
    document = read(mail(ARTICLE, attached), "fwd.eml")
    assert document.notes == ("Attachments were not read: bridge.png.",)


def test_first_message_of_a_mailbox_is_read_with_a_note() -> None:
    message = f"From ann@example.org Mon May  6 08:00:00 2024\nSubject: Bridge shut\n\n{ARTICLE}\n\n"
    document = read((message + message.replace("Bridge", "Pier")).encode(), "inbox")
    assert (document.title, document.text.strip()) == ("Bridge shut", ARTICLE)
    assert "has 2 messages" in document.notes[0]


def test_web_page_saved_as_one_file_is_its_article() -> None:
    raw = (
        "From: <Saved by Blink>\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
        "--b\nContent-Type: text/html\n\n<html><head><title>Bridge shut</title></head>"
        f"<body><p>{ARTICLE}</p></body></html>\n--b--\n"
    ).encode()
    document = read(raw, "page")
    assert document.title == "Bridge shut"
    assert document.text.strip() == ARTICLE


# ---- HTML


@pytest.mark.parametrize("tag", ["p", "div", "section", "blockquote", "li", "td"])
def test_line_break_of_the_source_never_parts_a_sentence(tag: str) -> None:
    wrapped = ARTICLE.replace(" of ", "\n of ").replace(" the ", "\nthe ")
    inner = f"<{tag}>{wrapped}</{tag}>" if tag != "td" else f"<table><tr><td>{wrapped}</td></tr></table>"
    assert ARTICLE in read_page(f"<html><body><h1>Bridge shut</h1><p>{ARTICLE[:90]}</p>{inner}</body></html>").text


def test_newsletter_of_tables_has_no_bars() -> None:
    first, second, third = (f"{sentence}." for sentence in ARTICLE.rstrip(".").split(". "))
    rows = "".join(f"<tr><td>{cell}</td></tr>" for cell in (f"<h1>Bridge shut</h1><p>{first}</p>", second, third))
    text = read_page(f"<html><body><table><tr><td><table>{rows}</table></td></tr></table></body></html>").text
    assert "|" not in text
    assert {first, second, third} <= set(text.split("\n\n"))


def test_table_of_data_stays_a_table() -> None:
    rows = "".join(f"<tr><td>{pier}</td><td>{year}</td></tr>" for pier, year in (("North", 1911), ("South", 1954)))
    assert "| North | 1911 |" in read_page(f"<html><body><p>{ARTICLE}</p><table>{rows}</table></body></html>").text


def test_text_before_the_first_paragraph_is_read() -> None:
    lead, rest = ARTICLE[:90], ARTICLE[91:]
    assert lead in read_page(f"<html><body><font>{lead}\n<p>{rest}\n<p>{rest}</font></body></html>").text


@pytest.mark.parametrize(
    "raw",
    [
        b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x'>\n<html></html>",
        b"<!-- saved from url=(0030)https://example.org/ -->\n<html></html>",
        b"<article><h1>Pier</h1></article>",
        "\ufeff<!doctype html>".encode(),
    ],
)
def test_page_without_a_name_is_known_by_its_beginning(raw: bytes) -> None:
    assert detect_kind(raw) == "html"


# ---- refusals


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (archive(xl__workbook=b""), "spreadsheet"),
        (archive(ppt__slides=b""), "presentation"),
        (archive(Index__Document=b""), "Pages"),
        (archive(notes=b""), "not a DOCX, ODT or EPUB"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image"),
        (b"\0\0\0\x18ftypheic", "image"),
        (b"\0\0\0\x18ftypisom", "recording"),
        (b"ID3\x04", "recording"),
        (b"Rar!\x1a", "compressed"),
        (b"bplist00", "Apple"),
        (odt("").replace(b"content.xml", b"contend.xml"), "not a DOCX, ODT"),
        (odt("<t:p/>"), "no text"),
        (b"{\\rtf1 }", "no text"),
        (b"WEBVTT\n\n", "no text"),
    ],
)
def test_refusal_names_the_kind_and_the_way_out(raw: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as refusal:
        read(raw, "file")
    assert any(word in str(refusal.value) for word in ("Paste", "paste", "Save", "Unpack"))


def test_line_breaks_of_preformatted_text_stay() -> None:
    text = read_page(f"<html><body><p>{ARTICLE}</p><pre>one\ntwo <b>three\nfour</b>\nfive</pre></body></html>").text
    assert text.split("\n\n")[-4:] == ["one", "two three", "four", "five"]
