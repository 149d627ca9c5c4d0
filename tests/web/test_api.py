"""`POST /summarize` and the other addresses of the API."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.contract import assert_contract

ARTICLES = Path(__file__).parent.parent / "articles"
ARTICLE = (ARTICLES / "news-harbour-bridge.txt").read_text(encoding="utf-8")
COPIED_PAGE = (ARTICLES / "copied-page.txt").read_text(encoding="utf-8")


def summarize(client, **fields):
    body = json.dumps({"text": ARTICLE, "method": "extractive", **fields})
    return client.post("/summarize", data=body, content_type="application/json")


def post_plain(client, body, content_type="text/plain", query="?method=extractive"):
    return client.post(f"/summarize{query}", data=body, content_type=content_type)


def assert_problem(response, status, *words):
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    problem = response.get_json()
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["status"] == status
    for word in words:
        assert word in problem["detail"]
    assert "Traceback" not in response.get_data(as_text=True)


@pytest.fixture(scope="module")
def answer(app):
    """The extractive summary of the article, requested as JSON."""
    response = summarize(app.test_client())
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    return response.get_json()


# The answer


def test_answer_keeps_the_contract(answer):
    assert_contract(answer, ARTICLE)
    assert answer["method"] == "extractive"


def test_extracted_sentence_is_the_articles_text_at_its_evidence(answer):
    for sentence in answer["sentences"]["long"]:
        (span,) = sentence["evidence"]
        assert answer["article"][span["start"] : span["end"]] == sentence["text"]
        assert sentence["origin"] == "article"


def test_repeated_headline_is_reported_and_not_in_the_article(client):
    body = post_plain(client, COPIED_PAGE).get_json()
    assert body["title"]
    assert any(line["reason"] == "repeated headline" and line["count"] > 0 for line in body["removed"])
    assert body["title"] not in body["article"]


def test_answer_is_utf8_text_and_not_escaped(client):
    raw = summarize(client, text=ARTICLE.replace("The", "Thé")).get_data()
    assert "é".encode() in raw


@pytest.mark.parametrize("length", ["short", "long"])
def test_length_that_was_not_requested_is_left_out(client, length):
    body = summarize(client, lengths=[length]).get_json()
    assert set(body["sentences"]) == {length}
    assert set(body) & {"short", "long"} == {length}


def test_same_length_twice_counts_once(client):
    assert summarize(client, lengths=["short", "short"]).status_code == 200


def test_null_options_are_ignored(client):
    body = client.post(
        "/summarize?method=extractive", json={"text": ARTICLE, "lengths": None, "method": None}
    ).get_json()
    assert body["method"] == "extractive"
    assert set(body["sentences"]) == {"short", "long"}


# Content types and charsets


@pytest.mark.parametrize(
    "send",
    [
        summarize,
        lambda client: post_plain(client, ARTICLE.encode()),
        lambda client: client.post("/summarize", data={"text": ARTICLE, "method": "extractive"}),
        lambda client: client.post(
            "/summarize", data={"text": ARTICLE, "method": "extractive"}, content_type="multipart/form-data"
        ),
        lambda client: client.post(
            "/summarize", data={"file": (io.BytesIO(ARTICLE.encode()), "article.txt"), "method": "extractive"}
        ),
        lambda client: client.post(
            "/summarize",
            data={"text": ARTICLE, "file": (io.BytesIO(b""), ""), "method": "extractive"},
            content_type="multipart/form-data",
        ),
    ],
    ids=["json", "plain", "urlencoded", "multipart-text", "multipart-file", "browser-without-file"],
)
def test_every_content_type_gives_the_same_summary(client, answer, send):
    body = send(client).get_json()
    assert {**body, "sent": None, "stats": None} == {**answer, "sent": None, "stats": None}


@pytest.mark.parametrize("query", ["?lengths=short&lengths=long", "?lengths=short,long", "?lengths=long,%20short"])
def test_query_options_hold_for_plain_text(client, query):
    body = post_plain(client, ARTICLE, query=f"{query}&method=extractive").get_json()
    assert list(body["sentences"]) == ["short", "long"]
    assert body["method"] == "extractive"


def test_form_fields_name_options(client):
    body = client.post("/summarize", data={"text": ARTICLE, "method": "extractive", "lengths": "short"}).get_json()
    assert list(body["sentences"]) == ["short"]


ACCENTED = (
    "Über die Brücke von Göteborg fährt seit gestern wieder die Straßenbahn. "
    "Die Stadt hatte sie für zwölf Wochen gesperrt, weil die Träger rosteten. "
    "Der Bürgermeister dankte den Anwohnern für ihre Geduld. "
    "Im nächsten Jahr soll auch die zweite Brücke geprüft werden."
)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (ACCENTED.encode(), "text/plain"),
        (ACCENTED.encode("utf-8-sig"), "text/plain"),
        (ACCENTED.encode("utf-16"), "text/plain"),
        (ACCENTED.encode("utf-16"), "text/plain; charset=utf-8"),
        (ACCENTED.encode("iso-8859-1"), "text/plain; charset=ISO-8859-1"),
        (ACCENTED.encode("cp1252"), 'text/plain; charset="windows-1252"'),
        (json.dumps({"text": ACCENTED}).encode(), "application/json"),
        (json.dumps({"text": ACCENTED}, ensure_ascii=False).encode("utf-8-sig"), "application/json"),
        (json.dumps({"text": ACCENTED}, ensure_ascii=False).encode("utf-16"), "application/json"),
        (
            json.dumps({"text": ACCENTED}, ensure_ascii=False).encode("iso-8859-1"),
            "application/json; charset=iso-8859-1",
        ),
        (b"text=" + ACCENTED.encode(), "application/x-www-form-urlencoded"),
        (b"text=" + ACCENTED.encode("iso-8859-1"), "application/x-www-form-urlencoded; charset=iso-8859-1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_charsets_are_honoured(client, body, content_type):
    answer = post_plain(client, body, content_type).get_json()
    assert answer["article"] == ACCENTED


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_mark_of_a_file_is_honoured(client, encoding):
    upload = (io.BytesIO(ACCENTED.encode(encoding)), "article.txt")
    body = client.post("/summarize", data={"file": upload, "method": "extractive"}).get_json()
    assert body["article"] == ACCENTED


def test_declared_charset_of_a_file_is_honoured(client):
    upload = (io.BytesIO(ACCENTED.encode("iso-8859-1")), "article.txt", "text/plain; charset=iso-8859-1")
    body = client.post("/summarize", data={"file": upload, "method": "extractive"}).get_json()
    assert body["article"] == ACCENTED


@pytest.mark.parametrize("charset", ["klingon", "hex", "idna", "punycode", "undefined"])
def test_unknown_charset_is_400(client, charset):
    assert_problem(post_plain(client, b"It rained-abc", f"text/plain; charset={charset}"), 400, "UTF-8")


def test_form_with_too_many_fields_is_400(client):
    body = b"text=It+rained" + b"&and" * 1_000
    response = client.post("/summarize", data=body, content_type="application/x-www-form-urlencoded")
    assert_problem(response, 400, "1,000 fields")


def test_bytes_outside_the_declared_charset_are_400(client):
    assert_problem(post_plain(client, ACCENTED.encode("iso-8859-1"), "text/plain; charset=utf-8"), 400, "UTF-8")


def test_text_without_a_charset_is_read_as_what_it_looks_like(client):
    text = "Die Stadt schließt die Brücke für drei Wochen, weil Prüfer Risse gefunden haben. Das kostet sehr viel Geld."
    answer = post_plain(client, text.encode("iso-8859-1")).get_json()
    assert answer["article"] == text
    assert "not in UTF-8" in answer["notes"][0]


# Bad input


@pytest.mark.parametrize("text", ["", " \t\r\n \n", "\ufeff", "A headline and nothing else"])
@pytest.mark.parametrize("kind", ["json", "plain", "form"])
def test_text_without_an_article_is_422(client, text, kind):
    if kind == "json":
        response = summarize(client, text=text)
    elif kind == "plain":
        response = post_plain(client, text)
    else:
        response = client.post("/summarize", data={"text": text, "method": "extractive"})
    assert_problem(response, 422, "text")


@pytest.mark.parametrize("binary", [bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 500])
def test_binary_data_is_400(client, binary):
    assert_problem(post_plain(client, binary), 400, "plain text")
    upload = {"file": (io.BytesIO(binary), "article.txt"), "method": "extractive"}
    response = client.post("/summarize", data=upload)
    assert response.status_code in (400, 422)
    assert "text" in response.get_json()["detail"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", ["JSON", '{"text"']),
        (b"{", ["line 1, column 2", '{"text"']),
        (b'{"text": "a"} {}', ["JSON"]),
        (b"[" * 100_000, ["JSON"]),
        (b'{"text": ' + b"1" * 5_000 + b"}", ["JSON"]),
        (b"[]", ["not an object"]),
        (b'"text"', ["not an object"]),
        (b"null", ["not an object"]),
        (b"{}", ["'text'", "missing"]),
        (b'{"text": null}', ["'text'", "missing"]),
        (b'{"text": 5}', ["'text'", "must be a string"]),
        (b'{"text": ["a"]}', ["'text'", "must be a string"]),
        (b'{"text": "a", "titel": "b"}', ["'titel'", "text, url, method, lengths, words, focus, format, title, clean"]),
        (b'{"text": "a", "title": 5}', ["'title'", "must be a string"]),
        (b'{"text": "a", "url": "b"}', ["only one"]),
        (b'{"text": "a", "\\ud800": "b"}', ["text, url, method, lengths, words, focus, format, title, clean"]),
    ],
)
def test_malformed_json_is_400(client, body, words):
    assert_problem(client.post("/summarize", data=body, content_type="application/json"), 400, *words)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"lengths": []}, ["short", "long"]),
        ({"lengths": "both"}, ["'both'", "leave 'lengths' out for both"]),
        ({"lengths": ["medium"]}, ["'medium'", "short"]),
        ({"lengths": [1]}, ["'1'", "short"]),
        ({"lengths": [["short"]]}, ["short"]),
        ({"lengths": {"short": True}}, ["short"]),
        ({"method": "magic"}, ["'magic'", "extractive or abstractive"]),
        ({"method": 5}, ["'5'", "extractive"]),
        ({"method": ""}, ["extractive"]),
        ({"clean": "perhaps"}, ["'perhaps'", "true or false"]),
        ({"method": "x" * 10_000}, ["extractive"]),
        ({"format": "table"}, ["'table'", "paragraph or bullets or headline"]),
        ({"words": 19}, ["'19'", "a number from 20 to 400"]),
        ({"words": 401}, ["'401'", "a number from 20 to 400"]),
        ({"words": "many"}, ["'many'", "a number from 20 to 400"]),
        ({"focus": 5}, ["'focus'", "must be a string"]),
        ({"focus": "x" * 201}, ["'focus'", "at most 200 characters"]),
    ],
)
def test_wrong_options_in_json_are_400(client, fields, words):
    response = summarize(client, **fields)
    assert_problem(response, 400, *words)
    assert len(response.get_json()["detail"]) < 300


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?lengths=", ["short", "long"]),
        ("?lengths=,", ["short", "long"]),
        ("?lengths=tiny", ["'tiny'"]),
        ("?method=magic", ["'magic'", "extractive"]),
        ("?method=extractive&method=abstractive", ["'method'", "more than one"]),
        ("?length=short", ["'length'", "method, lengths, words, focus, format, title, clean"]),
        ("?text=hello", ["'text'", "method, lengths, words, focus, format, title, clean"]),
    ],
)
def test_wrong_options_in_the_query_are_400(client, query, words):
    assert_problem(post_plain(client, ARTICLE, query=query), 400, *words)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"method": "extractive"}, ["'text'", "'file'", "text/plain"]),
        ({"text": ARTICLE, "file": (io.BytesIO(b"x"), "a.txt")}, ["only one"]),
        ({"text": [ARTICLE, ARTICLE]}, ["more than one"]),
        ({"text": ARTICLE, "colour": "red"}, ["'colour'"]),
        ({"article": (io.BytesIO(b"x"), "a.txt")}, ["'article'", "file"]),
    ],
    ids=["neither", "both", "two-texts", "unknown-field", "unknown-file"],
)
def test_unclear_forms_are_400(client, data, words):
    assert_problem(client.post("/summarize", data=data), 400, *words)


def test_two_files_are_400(client):
    data = {"file": [(io.BytesIO(b"x"), "a.txt"), (io.BytesIO(b"y"), "b.txt")]}
    assert_problem(client.post("/summarize", data=data), 400, "more than one")


def test_text_that_curl_sends_as_a_form_gets_advice(client):
    response = post_plain(client, ARTICLE.encode(), "application/x-www-form-urlencoded", query="")
    assert_problem(response, 400, "Content-Type: text/plain")


@pytest.mark.parametrize("content_type", [None, "image/png", "application/xml", "application/msword", "nonsense"])
def test_unsupported_content_type_is_415_and_lists_the_supported_ones(client, content_type):
    response = client.post("/summarize", data=ARTICLE.encode(), content_type=content_type)
    assert_problem(
        response,
        415,
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    )


def test_compressed_body_is_415(client):
    response = client.post("/summarize", data=b"x", content_type="text/plain", headers={"Content-Encoding": "gzip"})
    assert_problem(response, 415, "Content-Encoding")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "word and word " * 2_000,
        "🎉🎊 " * 500,
        "The mayor spoke 🎉. " * 30,
        "قالت البلدية إن الجسر سيفتح يوم الاثنين. " * 12,
        "The bridge\x00 opens on Monday. It was closed\x00 for a year. The mayor came.",
        "\n" * 10_000,
        "One sentence here." + "\n" * 10_000 + "Another sentence there.",
        "<script>alert(1)</script> The mayor spoke. She went home.",
        "\ud83d The mayor spoke. She went home \udc00.",
        "." * 5_000,
        "\u202e\u200b\u0301" * 300,
    ],
    ids=[
        "one-word",
        "no-stop",
        "emoji",
        "emoji-text",
        "rtl",
        "nul",
        "blank",
        "gap",
        "tags",
        "surrogates",
        "dots",
        "marks",
    ],
)
def test_strange_text_gives_a_summary_or_a_clear_error(client, text):
    response = summarize(client, text=text)
    assert response.status_code in (200, 422)
    if response.status_code == 422:
        assert_problem(response, 422)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_text_gives_a_summary_or_422(client, text):
    assert summarize(client, text=text).status_code in (200, 422)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=100),
    content_type=st.sampled_from(["application/json", "multipart/form-data; boundary=x"]),
)
def test_any_bytes_never_give_a_500(client, body, content_type):
    assert post_plain(client, body, content_type).status_code < 500


# Addresses and methods


def test_unknown_address_is_404(client):
    assert_problem(client.get("/nothing"), 404, "/summarize")


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch"])
def test_other_http_methods_are_405_with_allow(client, method):
    response = getattr(client, method)("/summarize")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    if method != "head":
        assert_problem(response, 405, "POST")


def test_options_names_the_methods(client):
    response = client.options("/summarize")
    assert response.status_code == 200
    assert "POST" in response.headers["Allow"]


def test_api_errors_are_json_even_for_a_caller_that_asks_for_html(client):
    response = client.post("/summarize", headers={"Accept": "text/html"})
    assert response.mimetype == "application/problem+json"


def test_other_origins_are_not_allowed(client):
    response = client.options("/summarize", headers={"Origin": "https://example.org"})
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("method", ["extractive", "abstractive"])
def test_copied_page_keeps_the_contract(client, method):
    response = post_plain(client, COPIED_PAGE, query=f"?method={method}")
    assert response.status_code == 200
    body = response.get_json()
    assert_contract(body, COPIED_PAGE)
    assert body["method"] == method
    assert body["title"] not in body["article"]
    assert body["title"] not in body["long"]
    assert body["stats"]["short_words"] <= 60


@pytest.mark.parametrize("lengths", ["short", "short,", ["short"], ["short", "short"]])
def test_lengths_may_be_a_string_or_a_list(client, lengths):
    assert list(summarize(client, lengths=lengths).get_json()["sentences"]) == ["short"]


def test_main_sentences_that_are_left_out_are_named(client):
    answer = summarize(client).get_json()
    left_out = [answer["article"][span["start"] : span["end"]] for span in answer["left_out"]]
    assert 1 <= len(left_out) <= 3
    assert all(sentence.endswith((".", '"')) for sentence in left_out)
    assert not any(sentence in answer["long"] or sentence in answer["short"] for sentence in left_out)
    whole = summarize(client, words=400).get_json()
    assert not {span["start"] for span in whole["left_out"]} & {
        span["start"] for sentence in whole["sentences"]["long"] for span in sentence["evidence"]
    }


@pytest.mark.parametrize("words", [40, "120"])
def test_long_summary_has_about_the_words_that_are_wanted(client, words):
    usual, answer = (summarize(client, **wanted).get_json() for wanted in ({}, {"words": words}))
    assert 0.8 * int(words) <= answer["stats"]["long_words"] <= 1.2 * int(words)
    assert answer["short"] == usual["short"]
    assert answer["long"] != usual["long"]


@pytest.mark.parametrize("words", [None, 120])
def test_bullets_are_key_points(client, words):
    answer = summarize(client, format="bullets", **({"words": words} if words else {})).get_json()
    assert_contract(answer, ARTICLE)
    assert answer["format"] == "bullets"
    assert 3 <= len(answer["sentences"]["long"]) <= 7
    assert answer["short"] == summarize(client).get_json()["short"]


@pytest.mark.parametrize("text", [ARTICLE, "It rained in Farley. The ferry left at noon."], ids=["article", "short"])
def test_headline_says_what_the_short_summary_says(client, text):
    answer = summarize(client, text=text, format="headline").get_json()
    (headline,) = answer["sentences"]["long"]
    main = answer["sentences"]["short"][0]
    assert answer["long"] == headline["text"] == main["text"][: len(headline["text"])]
    assert not headline["text"].endswith(".")
    assert headline["evidence"] == main["evidence"]
    assert answer["short"] == summarize(client, text=text).get_json()["short"]
    assert list(summarize(client, text=text, format="headline", lengths="long").get_json()["sentences"]) == ["long"]


@pytest.mark.parametrize("lengths", ["short", "long"])
def test_summary_is_about_the_focus(client, lengths):
    answer = summarize(client, focus="What will the repair cost?", lengths=lengths).get_json()
    assert "£4.1m" in answer[lengths]
    assert answer["notes"] == summarize(client, lengths=lengths).get_json()["notes"]


def test_question_in_the_article_does_not_hide_its_answer(client):
    text = ARTICLE.replace("Repairs are expected", "What will the repair cost?\n\nRepairs are expected")
    answer = summarize(client, text=text, focus="What will the repair cost?").get_json()
    assert "£4.1m" in answer["short"]


def test_focus_of_invisible_characters_is_none(client):
    assert summarize(client, focus="\u200b \ufeff").get_json()["long"] == summarize(client).get_json()["long"]


def test_focus_on_what_the_article_lacks_is_noted(client):
    usual, answer = (summarize(client, focus=focus).get_json() for focus in ("", "results of football matches"))
    assert answer["long"] == usual["long"]
    assert answer["notes"] == [
        *usual["notes"],
        "Nothing in the article is close to the focus, so the summary is the usual one.",
    ]


def test_answers_with_other_options_are_not_mixed_up(client_with, tmp_path):
    client = client_with(summary_cache=10, cache=tmp_path)
    first, second, third = (
        summarize(client, **wanted).get_json()["long"] for wanted in ({}, {"words": 40}, {"focus": "buses"})
    )
    assert len({first, second, third}) == 3


@pytest.mark.parametrize("value", [True, "true", "on", 1])
def test_clean_accepts_booleans_in_every_form(client, value):
    assert summarize(client, text=COPIED_PAGE, clean=value).get_json()["removed"]
    query = post_plain(client, COPIED_PAGE, query=f"?method=extractive&clean={str(value).lower()}")
    assert query.get_json()["removed"]


@pytest.mark.parametrize("as_form", [False, True], ids=["json", "form"])
def test_title_of_the_request_becomes_the_title(client, as_form):
    text = ARTICLE.partition("\n\n")[2]
    fields = {"text": text, "title": "Bridge shut for weeks", "method": "extractive"}
    response = client.post("/summarize", **({"data": fields} if as_form else {"json": fields}))
    assert response.get_json()["title"] == "Bridge shut for weeks"
