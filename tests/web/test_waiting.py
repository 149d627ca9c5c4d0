"""Those who do not wait any longer, and those for whom it takes too long."""

import json
import socket
import time

import pytest
from real_server import Endless, serving

from summarizer import Summarizer
from summarizer.web import create_app
from summarizer.web.service import service_of


@pytest.fixture
def served(summarizer):
    """A real server, which has connections, of a summary without an end."""
    endless = Endless(summarizer.settings)
    app = create_app(endless)
    with serving(app) as port:
        yield endless, app, port


def sent(port, *headers):
    """A connection with a request sent, and no answer read."""
    body = json.dumps({"text": "It rained."})
    head = ["POST /summarize HTTP/1.1", "Host: localhost", "Content-Type: application/json", *headers]
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall("\r\n".join([*head, f"Content-Length: {len(body)}", "", body]).encode())
    return connection


@pytest.mark.parametrize("header", ["Accept: application/json", "Accept: text/event-stream"])
def test_client_that_hangs_up_ends_its_work_and_frees_its_place(served, header):
    endless, app, port = served
    connection = sent(port, header)
    assert endless.begun.wait(20)
    connection.close()
    assert endless.ended.wait(20)
    turns = service_of(app).turns
    for _ in range(100):
        if not turns.taken:
            break
        time.sleep(0.05)
    assert turns.taken == 0


def test_client_that_hangs_up_while_it_waits_frees_its_place(served):
    endless, app, port = served
    turns = service_of(app).turns
    held = [turns.enter("somebody") for _ in range(endless.settings.at_once)]
    connection = sent(port)
    while turns.taken == len(held):
        time.sleep(0.01)
    connection.close()
    for _ in range(100):
        if turns.taken == len(held):
            break
        time.sleep(0.05)
    assert turns.taken == len(held)
    assert not endless.begun.is_set()


def test_past_the_deadline_the_extractive_summary_comes_marked_as_such(summarizer, articles):
    hasty = create_app(Summarizer(summarizer.settings.model_copy(update={"deadline": 0.001}))).test_client()
    text = (articles / "news-harbour-bridge.txt").read_text(encoding="utf-8")
    answer = hasty.post("/summarize", json={"text": text, "method": "compress"}).get_json()
    assert answer["method"] == "extract"
    assert {sentence["origin"] for sentence in answer["sentences"]["long"]} == {"article"}
    assert any("in time" in note for note in answer["notes"])


def test_past_the_deadline_it_is_still_said_that_an_article_is_not_in_english(summarizer, articles):
    hasty = create_app(Summarizer(summarizer.settings.model_copy(update={"deadline": 0.001}))).test_client()
    text = (articles / "german.txt").read_text(encoding="utf-8")
    answer = hasty.post("/summarize", json={"text": text, "method": "compress"}).get_json()
    assert answer["method"] == "extract"
    assert any("“de”" in note for note in answer["notes"])


def test_who_waits_past_the_deadline_gets_it_out_of_turn(summarizer, articles):
    app = create_app(Summarizer(summarizer.settings.model_copy(update={"deadline": 0.5, "at_once": 1})))
    text = (articles / "news-harbour-bridge.txt").read_text(encoding="utf-8")
    with service_of(app).turns.enter("somebody"):
        answer = app.test_client().post("/summarize", json={"text": text, "method": "rewrite"}).get_json()
    assert answer["method"] == "extract"
