"""Clients that disconnect, and requests that pass their deadline."""

import json
import socket
import time

import pytest

from summarizer import Summarizer
from summarizer.models.trained_writer import TrainedWriter
from summarizer.web import create_app
from summarizer.web.service import service_of
from tests.servers import Endless, serving, wait_until
from tests.stalling import Stalling


@pytest.fixture
def served(summarizer):
    """A real server, which has connections, whose summaries never end."""
    endless = Endless(summarizer.settings)
    app = create_app(endless)
    with serving(app) as port:
        yield endless, app, port


def open_request(port, *headers):
    """A connection with a request sent and no answer read."""
    body = json.dumps({"text": "It rained."})
    head = ["POST /summarize HTTP/1.1", "Host: localhost", "Content-Type: application/json", *headers]
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall("\r\n".join([*head, f"Content-Length: {len(body)}", "", body]).encode())
    return connection


@pytest.mark.parametrize("header", ["Accept: application/json", "Accept: text/event-stream"])
def test_disconnected_client_ends_its_job_and_frees_its_place(served, header):
    endless, app, port = served
    connection = open_request(port, header)
    assert endless.begun.wait(20)
    connection.close()
    assert endless.ended.wait(20)
    wait_until(lambda: len(service_of(app).queue) == 0)


def test_disconnected_client_frees_its_place_while_it_waits(served):
    endless, app, port = served
    queue = service_of(app).queue
    running = [queue.enter("another client") for _ in range(endless.settings.concurrency)]
    for place in running:
        queue.wait_for_turn(place)
    connection = open_request(port)
    wait_until(lambda: len(queue) > len(running))
    connection.close()
    wait_until(lambda: len(queue) == len(running))
    assert not endless.begun.is_set()


@pytest.mark.parametrize("name", ["news-harbour-bridge", "german"])
def test_extractive_summary_replaces_a_late_one_with_a_note(recorded_model, summarizer, articles, name):
    settings = summarizer.settings.model_copy(update={"deadline": 5.0})
    late = Summarizer(settings, language_model=TrainedWriter(Stalling(recorded_model, sentences=0)))
    late.load()
    text = (articles / f"{name}.txt").read_text(encoding="utf-8")
    answer = create_app(late).test_client().post("/summarize", json={"text": text, "method": "abstractive"}).get_json()
    assert answer["method"] == "extractive"
    assert {sentence["origin"] for sentence in answer["sentences"]["long"]} == {"article"}
    assert any("not ready in time" in note for note in answer["notes"])
    assert any("German" in note for note in answer["notes"]) == (name == "german")


def test_request_that_waits_past_its_deadline_is_503(client_with, articles):
    client = client_with(deadline=0.5, concurrency=1)
    text = (articles / "news-harbour-bridge.txt").read_text(encoding="utf-8")
    with service_of(client.application).queue.enter("another client") as place:
        place.take_turn(lambda: True)
        response = client.post("/summarize", json={"text": text})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "not enough time" in response.get_json()["detail"]


def test_long_summary_lets_another_client_run(summarizer, articles):
    app = create_app(Endless(summarizer.settings.model_copy(update={"concurrency": 1})))
    queue = service_of(app).queue
    with serving(app) as port:
        connection = open_request(port)
        wait_until(lambda: len(queue) == 1)
        with queue.enter("another client") as place:
            begun = time.monotonic()
            place.take_turn(lambda: True)
            assert time.monotonic() - begun < 2
        connection.close()


# Cleaning or embedding these takes more than 3 s.
@pytest.mark.parametrize(
    "text",
    ["a\n" * 250_000, "It rained all day. " * 20_000, "".join(f"Item {n} of it.\n" for n in range(20_000))],
    ids=["letters", "sentences", "items"],
)
def test_deadline_bounds_the_whole_request(client_with, text):
    client = client_with(deadline=0.5)
    begun = time.monotonic()
    response = client.post("/summarize", json={"text": text, "method": "extractive"})
    assert time.monotonic() - begun < 2
    assert response.status_code in (200, 503)


def test_first_sentences_stand_in_for_a_summary_that_is_late(client_with):
    # Cleaning 80 paragraphs takes a second, embedding their 1,600 long sentences half a minute.
    words = (
        "and the keeper of the lock, who has written down its level since 1981, said that he had never seen the like"
    )
    days = [
        f"On day {day} the river rose by {day} centimetres, {words} of number {day * 7}." for day in range(1, 1_601)
    ]
    text = "\n\n".join(" ".join(days[start : start + 20]) for start in range(0, len(days), 20))
    answer = client_with(deadline=5).post("/summarize", json={"text": text, "method": "extractive"}).get_json()
    assert answer["long"].startswith("On day 1 the river rose by 1 centimetres, ")
    assert any("first sentences" in note for note in answer["notes"])
