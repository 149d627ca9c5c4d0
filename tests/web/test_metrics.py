"""Metrics, and the lines of the log by request."""

import json
import logging
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from summarizer.models.usage import USAGE
from summarizer.web import create_app, request_log
from summarizer.web.keys import KeyFile

CHECKOUT = Path(__file__).parents[2]
TEXT = "The bridge opens on Monday. It was closed for a year. The mayor thanked all who waited for it."


@pytest.fixture
def client(summarizer):
    """A client of an application that has answered nothing."""
    return create_app(summarizer).test_client()


def samples(client):
    text = client.get("/metrics").get_data(as_text=True)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_method_and_status(client):
    for text in (TEXT, ""):
        client.post("/summarize", json={"text": text})
    client.get("/secret-address")
    counted = samples(client)
    assert counted["summarizer_requests_total", "POST", "/summarize", "200"] == 1
    assert counted["summarizer_requests_total", "POST", "/summarize", "422"] == 1
    assert counted["summarizer_requests_total", "GET", "none", "404"] == 1


def test_written_sentences_and_times_are_counted(client, articles):
    text = (articles / "court-appeal.txt").read_text(encoding="utf-8")
    stats = client.post("/summarize", json={"text": text, "method": "abstractive"}).get_json()["stats"]
    counted = samples(client)
    assert counted["summarizer_summaries_total", "abstractive"] == 1
    assert counted["summarizer_written_sentences_total", "verified"] == stats["drafted"] - stats["refused"] > 0
    assert counted["summarizer_written_sentences_total", "refused"] == stats["refused"]
    assert counted["summarizer_working_seconds_count", "abstractive"] == 1
    assert counted["summarizer_waiting_seconds_count",] == 1
    assert counted["summarizer_cache_lookups_total", "miss"] == 1
    assert counted["summarizer_queue_places",] == 0
    assert counted["process_resident_memory_bytes",] > 0


def test_tokens_are_counted(client):
    before = samples(client)["summarizer_tokens_total", "written"]
    USAGE.add(read=100, written=7)
    assert samples(client)["summarizer_tokens_total", "written"] == before + 7


def test_metrics_have_no_text_of_an_article(client):
    client.post("/summarize", json={"text": TEXT, "method": "Bridge"})
    assert "bridge" not in client.get("/metrics").get_data(as_text=True).casefold()


@pytest.mark.parametrize(("sent", "is_kept"), [("abc-1.2_3", True), ("a b", False), ("x" * 65, False), ("", False)])
def test_request_id_is_the_clients_or_a_new_one(client, sent, is_kept):
    returned = client.get("/healthz", headers={"X-Request-Id": sent}).headers["X-Request-Id"]
    assert (returned == sent) == is_kept
    assert returned


@pytest.fixture
def lines(request):
    """The lines that are logged in a style."""
    logged = []

    class Kept(logging.Handler):
        def emit(self, record):
            logged.append(self.format(record))

    handler = Kept()
    handler.setFormatter({"json": request_log._JsonFormatter, "text": request_log._TextFormatter}[request.param]())
    logger = logging.getLogger("summarizer.web")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield logged
    logger.removeHandler(handler)


@pytest.mark.parametrize("lines", ["json"], indirect=True)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_each_line_of_a_request_has_its_id_client_and_key(summarizer_with, tmp_path, lines, accept):
    key = KeyFile(tmp_path / "keys").add("editor")
    client = create_app(summarizer_with(keys=tmp_path / "keys")).test_client()
    headers = {"Accept": accept, "X-API-Key": key, "X-Request-Id": "abc"}
    client.post("/summarize", json={"text": TEXT}, headers=headers).get_data()
    line = json.loads(lines[-1])
    assert (line["request_id"], line["client"], line["key"]) == ("abc", "127.0.0.1", "editor")
    assert line["level"] == "info"
    assert line["message"].startswith("POST /summarize")
    assert "bridge" not in lines[-1]


@pytest.mark.parametrize("lines", ["text"], indirect=True)
def test_text_line_ends_with_id_and_client(client, lines):
    client.post("/summarize", json={"text": TEXT}, headers={"X-Request-Id": "abc"})
    assert lines[-1].endswith(" [abc] [127.0.0.1]")


def test_dashboard_asks_for_metrics_that_exist(client, articles):
    text = (articles / "court-appeal.txt").read_text(encoding="utf-8")
    client.post("/summarize", json={"text": text, "method": "abstractive"})
    exposed = {name for name, *_ in samples(client)}
    dashboard = (CHECKOUT / "deploy" / "grafana.json").read_text(encoding="utf-8")
    asked = set(re.findall(r"\b(?:summarizer|process)_[a-z_]+", dashboard))
    assert len(asked) > 8
    assert asked <= exposed
