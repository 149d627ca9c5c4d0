"""Limits, failures and health: large bodies, a full queue, a broken model, the log and the headers."""

import encodings
import http.client
import io
import json
import logging
import socket
import threading

import pytest

from summarizer import Summarizer
from summarizer.errors import ModelFailed
from summarizer.web import create_app
from summarizer.web.service import service_of
from tests.servers import serving

TEXT = "The bridge opens on Monday. It was closed for a year. The mayor thanked all who waited for it."


def post(client, text=TEXT):
    return client.post("/summarize", json={"text": text, "method": "extractive"})


@pytest.mark.parametrize(
    "sent",
    [
        {"data": b"a" * 2_001, "content_type": "text/plain"},
        {"json": {"text": "a" * 2_001}},
        {"data": {"text": "a" * 2_001}},
        {"data": {"file": (io.BytesIO(b"a" * 2_001), "a.txt")}},
    ],
    ids=["plain", "json", "urlencoded", "multipart"],
)
def test_body_beyond_the_limit_is_413(client_with, sent):
    response = client_with(max_body=2_000).post("/summarize", **sent)
    assert response.status_code == 413
    problem = response.get_json()
    assert "2,000 bytes" in problem["detail"]


@pytest.fixture
def connection(client_with):
    """A connection to a real server, because a test client cannot send a body of unknown length."""
    with serving(client_with(max_body=2_000).application) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        yield connection
        connection.close()


@pytest.mark.parametrize("form", [b"", b"text="], ids=["plain", "urlencoded"])
@pytest.mark.parametrize(("size", "status"), [(2_000, 422), (2_001, 413), (30_000, 413)])
def test_chunked_body_is_limited_and_not_truncated(connection, form, size, status):
    content_type = "application/x-www-form-urlencoded" if form else "text/plain"
    body = form.ljust(size)
    connection.request("POST", "/summarize", iter([body[:700], body[700:]]), {"Content-Type": content_type})
    response = connection.getresponse()
    assert (response.status, json.load(response)["status"]) == (status, status)


def test_client_that_sends_everything_before_it_reads_gets_its_413(connection):
    connection.request("POST", "/summarize", b"a" * 30_000, {"Content-Type": "text/plain"})
    response = connection.getresponse()
    assert response.status == 413
    assert "2,000 bytes" in json.load(response)["detail"]


@pytest.mark.parametrize(
    ("body", "content_type"), [(TEXT, "text/plain"), (f"text={TEXT}", "application/x-www-form-urlencoded")]
)
def test_body_that_is_cut_short_is_400(app, body, content_type):
    head = f"POST /summarize HTTP/1.1\r\nHost: a\r\nContent-Type: {content_type}\r\nContent-Length: {len(body) + 400}"
    with serving(app) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(f"{head}\r\n\r\n{body}".encode())
        connection.shutdown(socket.SHUT_WR)
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.status == 400
        assert "ended before its Content-Length" in json.load(response)["detail"]


@pytest.mark.parametrize(("path", "is_stored"), [("/", False), ("/readyz", False), ("/static/style.css", True)])
def test_only_styles_and_scripts_may_be_stored(client, path, is_stored):
    assert ("no-store" not in client.get(path).headers["Cache-Control"]) == is_stored


def test_answer_is_not_stored(client):
    assert post(client).headers["Cache-Control"] == "no-store"


def test_names_of_unknown_charsets_are_not_kept(client):
    before = len(encodings._cache)
    for number in range(20):
        client.post("/summarize", data=b"a", content_type=f"text/plain; charset={'x' * 50}{number}")
        client.post("/summarize", data=b"a", content_type=f"text/plain; charset=unknown{number}")
    assert len(encodings._cache) == before


def test_body_at_the_limit_is_read(client_with):
    response = client_with(max_body=2_000).post("/summarize", data=b" " * 2_000, content_type="text/plain")
    assert response.status_code == 422


def test_form_field_may_be_as_long_as_the_body(client_with):
    response = client_with(max_body=1_000_000).post(
        "/summarize", data={"text": " " * 900_000}, content_type="multipart/form-data"
    )
    assert response.status_code == 422


def test_full_queue_is_503_with_retry_after(client_with):
    client = client_with(queue=1)
    taken, done = threading.Event(), threading.Event()

    def fill_the_queue():
        with service_of(client.application).queue.enter("another client"):
            taken.set()
            done.wait()

    slow_request = threading.Thread(target=fill_the_queue)
    slow_request.start()
    taken.wait()
    refused = post(client)
    refused_page = client.post("/", data={"text": TEXT, "method": "extractive"})
    done.set()
    slow_request.join()
    assert refused.status_code == refused_page.status_code == 503
    assert refused.mimetype == "application/problem+json"
    assert int(refused.headers["Retry-After"]) > 0
    assert int(refused_page.headers["Retry-After"]) > 0
    assert TEXT in refused_page.get_data(as_text=True)
    assert post(client).status_code == 200


def test_error_gives_its_place_in_the_queue_back(client_with):
    client = client_with(queue=1)
    assert [post(client, text="").status_code for _ in range(3)] == [422, 422, 422]


def test_only_health_is_200_before_the_models_are_loaded(summarizer):
    client = create_app(Summarizer(summarizer.settings)).test_client()
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.mimetype == "application/problem+json"
    assert "loading" in response.get_json()["detail"]
    assert int(response.headers["Retry-After"]) > 0


def test_readiness_gives_the_reason_why_loading_failed(summarizer):
    client = create_app(Summarizer(summarizer.settings)).test_client()
    service_of(client.application).load_failure = "The model file is damaged."
    assert client.get("/readyz").get_json()["detail"] == "The model file is damaged."


class FailingSummarizer(Summarizer):
    """A summarizer whose model is broken."""

    def __init__(self, settings, error):
        super().__init__(settings)
        self.error = error

    def load(self):
        raise self.error

    def summarize(self, text, **options):
        raise self.error


@pytest.fixture
def failing_client(summarizer):
    return lambda error: create_app(FailingSummarizer(summarizer.settings, error)).test_client()


def test_failing_model_is_503_without_internals(failing_client):
    response = post(failing_client(ModelFailed("llama_decode returned -3 in slot 2")))
    assert response.status_code == 503
    assert "llama" not in response.get_data(as_text=True)
    assert "extractive" in response.get_json()["detail"]


def test_unexpected_error_is_500_without_a_trace_or_logged_text(failing_client, caplog):
    client = failing_client(ValueError(f"could not tokenize {TEXT}"))
    with caplog.at_level(logging.DEBUG):
        response, page = post(client), client.post("/", data={"text": TEXT})
    assert response.status_code == page.status_code == 500
    assert response.mimetype == "application/problem+json"
    assert "ValueError" not in response.get_data(as_text=True)
    assert "could not tokenize" not in page.get_data(as_text=True)
    assert "ValueError" in caplog.text
    assert "test_limits.py" in caplog.text
    assert "bridge" not in caplog.text


@pytest.mark.parametrize("error", [ModelFailed("The file is damaged."), RuntimeError("a secret")])
def test_failed_loading_in_the_background_is_reported(failing_client, error):
    client = failing_client(error)
    service = service_of(client.application)
    service.load_in_background()
    for thread in threading.enumerate():
        if thread.name == "load-models":
            thread.join()
    detail = client.get("/readyz").get_json()["detail"]
    assert "secret" not in detail
    assert "damaged" in detail or "RuntimeError" in detail


def test_log_has_one_line_per_request_and_no_text(client, caplog):
    with caplog.at_level(logging.INFO, logger="summarizer.web"):
        post(client)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "summarizer.web.request_log"]
    assert line.startswith("POST /summarize 200 ")
    assert f"{len(TEXT.split())} words extractive" in line
    assert "bridge" not in caplog.text


def test_line_end_in_a_path_does_not_forge_a_log_line(client, caplog):
    with caplog.at_level(logging.INFO, logger="summarizer.web"):
        client.get("/a%0AGET%20/forged")
    assert all("\n" not in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing", "/static/style.css", "/summarize"])
def test_every_answer_has_security_headers(client, path):
    headers = client.get(path).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy.pop("default-src") == "'none'"
    assert policy.pop("img-src") == "'self' data:"
    assert set(policy.values()) == {"'self'", "'none'"}
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
