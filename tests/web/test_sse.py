"""The event stream: the plain answer in steps."""

import io
import json

import pytest

from summarizer.web.service import service_of

ACCEPT = {"Accept": "text/event-stream"}


def events_of(response):
    """The events of an answer, each with its name and data."""
    blocks = [block for block in response.get_data(as_text=True).split("\n\n") if block and block[0] != ":"]
    lines = [block.split("\n") for block in blocks]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in lines]


@pytest.fixture
def text(articles):
    return (articles / "copied-page.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("method", ["extractive", "abstractive"])
def test_last_event_is_the_plain_answer(client, text, method):
    body = {"text": text, "method": method}
    plain = client.post("/summarize", json=body).get_json()
    response = client.post("/summarize", json=body, headers=ACCEPT)
    assert response.status_code == 200
    assert response.mimetype == "text/event-stream"
    assert response.headers["X-Accel-Buffering"] == "no"
    events = events_of(response)
    done = dict(events)["done"]
    for answer in (plain, done):
        answer["stats"].pop("seconds")
    assert done == plain
    sentences = [data for name, data in events if name == "sentence"]
    assert [sentence["text"] for sentence in sentences if sentence["length"] == "long"] == [
        sentence["text"] for sentence in plain["sentences"]["long"]
    ]


def test_events_come_in_order(client, text):
    events = events_of(client.post("/summarize", json={"text": text, "method": "abstractive"}, headers=ACCEPT))
    names = [name for name, _ in events]
    assert list(dict.fromkeys(name for name in names if name != "progress")) == [
        "article",
        "preview",
        "sentence",
        "done",
    ]
    data = dict(events)
    assert data["article"]["title"] == data["done"]["title"]
    assert data["article"]["removed"] == data["done"]["removed"]
    assert data["preview"]["short"] in " ".join(data["article"]["article"].split())


def test_error_in_the_middle_is_an_event(client):
    ((name, problem),) = events_of(client.post("/summarize", json={"text": "  "}, headers=ACCEPT))
    assert name == "error"
    assert problem["status"] == 422
    assert "Paste" in problem["detail"]


def test_error_before_the_answer_begins_is_a_status(client, client_with):
    assert client.post("/summarize", json={"text": "a", "method": "guess"}, headers=ACCEPT).status_code == 400
    full = client_with(queue=1)
    with service_of(full.application).queue.enter("another client"):
        assert full.post("/summarize", json={"text": "a"}, headers=ACCEPT).status_code == 503


@pytest.mark.parametrize("accept", ["*/*", "text/*", "application/json, text/event-stream;q=0.5"])
def test_answer_is_json_unless_events_are_requested(client, accept):
    response = client.post("/summarize", json={"text": "One day."}, headers={"Accept": accept})
    assert response.mimetype == "application/json"
    assert "Accept" in response.headers["Vary"]


def test_unusual_characters_break_no_event(client):
    body = json.dumps({"text": "It rained.\u2028Nobody came.\ud800 They stayed at home\u0085all day."})
    response = client.post("/summarize", data=body, content_type="application/json", headers=ACCEPT)
    assert dict(events_of(response))["done"]["short"]
    assert response.get_data().isascii()


def test_events_of_a_file_contain_its_text(client, text):
    data = {"file": (io.BytesIO(text.encode()), "a.md"), "method": "extractive"}
    events = dict(events_of(client.post("/summarize", data=data, headers=ACCEPT)))
    assert events["article"]["sent"] == events["done"]["sent"] != ""
