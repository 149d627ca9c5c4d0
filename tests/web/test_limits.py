"""What the service refuses so that it goes on answering: large bodies, full queues, eager clients."""

import http.client
import io
import json
import logging
import threading

import pytest
from real_server import serving

from summarizer import Summarizer
from summarizer.errors import InvalidSetting, ModelFailed
from summarizer.web import create_app
from summarizer.web.service import service_of

TEXT = "The bridge opens on Monday. It was closed for a year. The mayor thanked all who waited for it."


@pytest.fixture
def client_with(summarizer):
    """A client of a service with other settings than the suite's."""

    def make(**changed):
        return create_app(Summarizer(summarizer.settings.model_copy(update=changed))).test_client()

    return make


def post(client, text=TEXT):
    return client.post("/summarize", json={"text": text, "method": "extract"})


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
def test_too_large_a_body_is_413_and_names_the_limit(client_with, sent):
    response = client_with(max_body=2_000).post("/summarize", **sent)
    assert response.status_code == 413
    problem = response.get_json()
    assert "2,000 bytes" in problem["detail"]
    assert "SUMMARIZER_MAX_BODY" in problem["detail"]


@pytest.fixture
def connection(client_with):
    """A connection to a real server, because a test client cannot send what it does not know the length of."""
    with serving(client_with(max_body=2_000).application) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        yield connection
        connection.close()


@pytest.mark.parametrize("form", [b"", b"text="], ids=["plain", "urlencoded"])
@pytest.mark.parametrize(("size", "status"), [(2_000, 422), (2_001, 413), (30_000, 413)])
def test_a_chunked_body_is_limited_and_not_cut_off(connection, form, size, status):
    content_type = "application/x-www-form-urlencoded" if form else "text/plain"
    body = form.ljust(size)
    connection.request("POST", "/summarize", iter([body[:700], body[700:]]), {"Content-Type": content_type})
    response = connection.getresponse()
    assert (response.status, json.load(response)["status"]) == (status, status)


def test_a_client_that_sends_all_before_it_reads_gets_its_413(connection):
    connection.request("POST", "/summarize", b"a" * 30_000, {"Content-Type": "text/plain"})
    response = connection.getresponse()
    assert response.status == 413
    assert "2,000 bytes" in json.load(response)["detail"]


def test_a_body_at_the_limit_is_read(client_with):
    response = client_with(max_body=2_000).post("/summarize", data=b" " * 2_000, content_type="text/plain")
    assert response.status_code == 422


def test_a_long_form_field_may_be_as_long_as_the_body(client_with):
    response = client_with(max_body=1_000_000).post(
        "/summarize", data={"text": " " * 900_000}, content_type="multipart/form-data"
    )
    assert response.status_code == 422


def test_a_full_queue_is_503_with_retry_after_and_free_again_afterwards(client_with):
    client = client_with(queue=1)
    taken, done = threading.Event(), threading.Event()

    def hold_the_place():
        with service_of(client.application).turns.enter("somebody"):
            taken.set()
            done.wait()

    slow_request = threading.Thread(target=hold_the_place)
    slow_request.start()
    taken.wait()
    refused = post(client)
    refused_page = client.post("/", data={"text": TEXT, "method": "extract"})
    done.set()
    slow_request.join()
    assert refused.status_code == refused_page.status_code == 503
    assert refused.mimetype == "application/problem+json"
    assert int(refused.headers["Retry-After"]) > 0
    assert int(refused_page.headers["Retry-After"]) > 0
    assert TEXT in refused_page.get_data(as_text=True)
    assert post(client).status_code == 200


def test_an_error_gives_its_place_in_the_queue_back(client_with):
    client = client_with(queue=1)
    assert [post(client, text="").status_code for _ in range(3)] == [422, 422, 422]


def test_too_many_requests_are_429_with_retry_after(client_with):
    client = client_with(rate_limit="2 per minute")
    assert [post(client, text="").status_code for _ in range(2)] == [422, 422]
    refused = post(client)
    assert refused.status_code == 429
    assert refused.mimetype == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert "2 per 1 minute" in refused.get_json()["detail"]


def test_the_rate_limit_counts_the_form_too_and_nothing_else(client_with):
    client = client_with(rate_limit="1 per minute")
    assert {client.get(path).status_code for path in ("/", "/healthz", "/static/style.css") * 2} == {200}
    assert post(client, text="").status_code == 422
    refused = client.post("/", data={"text": TEXT})
    assert refused.status_code == 429
    assert "Retry-After" in refused.headers
    assert TEXT in refused.get_data(as_text=True)


def test_without_a_rate_limit_there_is_none(client_with):
    client = client_with(rate_limit="")
    assert {post(client, text="").status_code for _ in range(20)} == {422}


def test_a_rate_limit_that_cannot_be_read_is_an_invalid_setting(client_with):
    with pytest.raises(InvalidSetting, match="SUMMARIZER_RATE_LIMIT"):
        client_with(rate_limit="often")


def test_health_is_200_before_the_models_are_loaded_and_readiness_503(client_with):
    client = client_with()
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.mimetype == "application/problem+json"
    assert "loading" in response.get_json()["detail"]
    assert int(response.headers["Retry-After"]) > 0


def test_readiness_gives_the_reason_why_loading_failed(client_with):
    client = client_with()
    service_of(client.application).load_failure = "The model file is damaged. Run scripts/setup again."
    assert client.get("/readyz").get_json()["detail"] == "The model file is damaged. Run scripts/setup again."


class FailingSummarizer(Summarizer):
    """A summarizer whose model has gone wrong."""

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


def test_a_model_that_fails_is_503_without_its_inner_life(failing_client):
    response = post(failing_client(ModelFailed("llama_decode returned -3 in slot 2")))
    assert response.status_code == 503
    assert "llama" not in response.get_data(as_text=True)
    assert "extract" in response.get_json()["detail"]


def test_an_unforeseen_error_is_500_without_a_trace_and_its_text_is_not_logged(failing_client, caplog):
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


def test_the_log_has_one_line_a_request_and_no_text(client, caplog):
    with caplog.at_level(logging.INFO, logger="summarizer.web"):
        post(client)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "summarizer.web.requestlog"]
    assert line.startswith("POST /summarize 200 ")
    assert f"{len(TEXT.split())} words extract" in line
    assert "bridge" not in caplog.text


def test_a_line_end_in_a_path_does_not_forge_a_log_line(client, caplog):
    with caplog.at_level(logging.INFO, logger="summarizer.web"):
        client.get("/a%0AGET%20/forged")
    assert all("\n" not in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing", "/static/style.css", "/summarize"])
def test_every_answer_has_the_strict_headers(client, path):
    headers = client.get(path).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy.pop("default-src") == "'none'"
    assert policy.pop("img-src") == "'self' data:"
    assert set(policy.values()) == {"'self'", "'none'"}
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
