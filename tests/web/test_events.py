"""The answer as events: the same text as at once, told while it is made."""

import io
import json

import pytest

from summarizer import Summarizer
from summarizer.web import create_app

ACCEPT = {"Accept": "text/event-stream"}


def events_of(response):
    """The events of an answer, each a name and what it says."""
    blocks = [block for block in response.get_data(as_text=True).split("\n\n") if block and block[0] != ":"]
    lines = [block.split("\n") for block in blocks]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in lines]


@pytest.fixture
def text(articles):
    return (articles / "copied-page.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("method", ["extract", "compress"])
def test_events_say_in_the_end_what_others_get_at_once(client, text, method):
    body = {"text": text, "method": method}
    at_once = client.post("/summarize", json=body).get_json()
    response = client.post("/summarize", json=body, headers=ACCEPT)
    assert response.status_code == 200
    assert response.mimetype == "text/event-stream"
    assert response.headers["X-Accel-Buffering"] == "no"
    events = events_of(response)
    done = dict(events)["done"]
    for answer in (at_once, done):
        answer["stats"].pop("seconds")
    assert done == at_once
    told = [said for name, said in events if name == "sentence"]
    assert [sentence["text"] for sentence in told if sentence["length"] == "long"] == [
        sentence["text"] for sentence in at_once["sentences"]["long"]
    ]


def test_article_comes_first_then_the_extract_then_progress_sentences_and_the_end(client, text):
    events = events_of(client.post("/summarize", json={"text": text}, headers=ACCEPT))
    names = [name for name, _ in events]
    assert list(dict.fromkeys(name for name in names if name != "progress")) == [
        "article",
        "extract",
        "sentence",
        "done",
    ]
    said = dict(events)
    assert said["article"]["title"] == said["done"]["title"]
    assert said["article"]["stripped"] == said["done"]["stripped"]
    assert said["extract"]["short"] in " ".join(said["article"]["article"].split())


def test_what_goes_wrong_in_the_middle_is_an_event(client):
    ((name, problem),) = events_of(client.post("/summarize", json={"text": "  "}, headers=ACCEPT))
    assert name == "error"
    assert problem["status"] == 422
    assert "Paste" in problem["detail"]


def test_what_is_wrong_before_the_answer_begins_is_a_status(client, summarizer):
    assert client.post("/summarize", json={"text": "a", "method": "guess"}, headers=ACCEPT).status_code == 400
    full = create_app(Summarizer(summarizer.settings.model_copy(update={"queue": 1}))).test_client()
    with full.application.extensions["summarizer"].turns.enter("somebody"):
        assert full.post("/summarize", json={"text": "a"}, headers=ACCEPT).status_code == 503


@pytest.mark.parametrize("accept", ["*/*", "text/*", "application/json, text/event-stream;q=0.5"])
def test_json_comes_unless_events_are_asked_for(client, accept):
    response = client.post("/summarize", json={"text": "One day."}, headers={"Accept": accept})
    assert response.mimetype == "application/json"
    assert "Accept" in response.headers["Vary"]


def test_odd_characters_break_no_event(client):
    body = json.dumps({"text": "It rained.\u2028Nobody came.\ud800 They stayed at home\u0085all day."})
    response = client.post("/summarize", data=body, content_type="application/json", headers=ACCEPT)
    assert dict(events_of(response))["done"]["short"]
    assert response.get_data().isascii()


def test_file_is_told_with_the_text_that_was_read(client, text):
    data = {"file": (io.BytesIO(text.encode()), "a.md"), "method": "extract"}
    events = dict(events_of(client.post("/summarize", data=data, headers=ACCEPT)))
    assert events["article"]["sent"] == events["done"]["sent"] != ""
