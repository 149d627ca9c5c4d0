"""The server: connections that send nothing or not everything, what is not HTTP, and its end."""

import http.client
import json
import socket
import threading
import time
from contextlib import ExitStack, suppress

import pytest

from summarizer.web import create_app, server
from summarizer.web.service import service_of
from tests.servers import Endless, server_of, serving, wait_until

HEAD = b"POST /summarize HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n"


@pytest.fixture
def port(app):
    with serving(app) as port:
        yield port


@pytest.fixture
def connect(port):
    """Opens connections that end with the test, and sends bytes over them."""
    with ExitStack() as connections:

        def open_connection(sent=b""):
            connection = connections.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            connection.sendall(sent)
            return connection

        yield open_connection


def answer_of(connection):
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response, json.load(response)


def seconds_of_health(port):
    begun = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()
    return time.monotonic() - begun


@pytest.mark.parametrize("sent", [b"", b"GET / HT", HEAD[:40], HEAD + b"a"], ids=["none", "line", "head", "body"])
def test_incomplete_requests_delay_nobody(port, connect, sent):
    for _ in range(200):
        connect(sent)
    assert seconds_of_health(port) < 2


def test_running_requests_do_not_delay_health_checks(summarizer):
    app = create_app(Endless(summarizer.settings))
    with serving(app) as port, ExitStack() as connections:
        for _ in range(60):
            connection = connections.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            connection.sendall(HEAD.replace(b"1000", b"2") + b"It")
        wait_until(lambda: len(service_of(app).queue) > 0)
        assert seconds_of_health(port) < 2


def test_connection_without_a_request_is_closed(app, monkeypatch):
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.1)
    with serving(app) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"GET / HT")
        with suppress(ConnectionResetError):
            assert connection.recv(1) == b""


def test_body_that_does_not_arrive_is_408(app, monkeypatch):
    monkeypatch.setattr(server, "BODY_SECONDS", 0.1)
    with serving(app) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(HEAD + b"It rained")
        response, problem = answer_of(connection)
        assert response.status == problem["status"] == 408


@pytest.mark.parametrize(
    "sent",
    [
        b"the minister resigned\r\n\r\n",
        b"GET /\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /summarize HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nthe minister resigned\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"the minister resigned" * 4_000,
    ],
    ids=["line", "address", "chunk", "head"],
)
def test_what_is_not_http_is_a_problem_and_is_not_logged(connect, caplog, sent):
    response, problem = answer_of(connect(sent))
    assert response.status == problem["status"] == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "resigned" not in problem["detail"]
    assert "resigned" not in caplog.text


def test_too_many_uploads_at_once_are_refused(client_with, monkeypatch):
    monkeypatch.setattr(server, "MAX_BODIES", 1)
    with serving(client_with(max_body=1_000).application) as port, ExitStack() as connections:
        uploads = [
            connections.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30)) for _ in range(3)
        ]
        for upload in uploads[:2]:
            upload.sendall(HEAD + b"a" * 400)
        time.sleep(0.2)
        uploads[2].sendall(HEAD + b"a" * 400)
        assert answer_of(uploads[2])[0].status == 503


def test_client_that_takes_nothing_is_disconnected(client_with, monkeypatch, articles):
    monkeypatch.setattr(server, "WRITE_SECONDS", 0.2)
    app = client_with(max_text=4_000_000).application
    with serving(app) as port, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_024)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", port))
        body = json.dumps({"text": "&" * 3_000_000, "method": "extractive", "clean": False}).encode()
        head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        wait_until(lambda: made(app) == 1, seconds=60)
        time.sleep(4)
        assert received(connection) < 3 * len(body)  # the page has each & as five characters, more than once


def made(app):
    """The summaries that an application has made."""
    lines = app.test_client().get("/metrics").get_data(as_text=True).splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith("summarizer_summaries_total{"))


def received(connection):
    """The bytes that come until the connection ends."""
    count = 0
    with suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            count += len(piece)
    return count


def test_second_head_that_does_not_end_closes_the_connection(app, monkeypatch):
    monkeypatch.setattr(server, "HEAD_SECONDS", 2)
    monkeypatch.setattr(server, "KEEP_ALIVE_SECONDS", 2)  # if the byte is there before the answer is over
    with serving(app) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.read()
        connection.sendall(b"G")
        with suppress(ConnectionResetError):
            assert connection.recv(1) == b""


def post_endlessly(port, answers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/summarize", "It rained.", {"Content-Type": "text/plain"})
    response = connection.getresponse()
    answers.append((response.status, json.load(response)["detail"]))


def test_end_answers_every_request(summarizer):
    settings = summarizer.settings.model_copy(update={"drain": 1.0, "queue": 3})
    app = create_app(Endless(settings))
    answers = []
    with server_of(app) as (running, port):
        threads = [threading.Thread(target=post_endlessly, args=(port, answers)) for _ in range(4)]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(service_of(app).queue) == 1)
        running.handle_exit(15, None)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/readyz")
        assert connection.getresponse().status == 503
        connection.close()
        for thread in threads:
            thread.join()
    assert [status for status, _ in answers] == [503] * 4
    assert any("restarting" in detail for _, detail in answers)


def test_end_waits_for_a_running_request(summarizer, articles):
    text = "\n\n".join(
        f"{number}. {(articles / 'longread-salt-road.txt').read_text(encoding='utf-8')}" for number in range(3)
    )
    app = create_app(summarizer)
    with server_of(app) as (running, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/summarize", text.encode(), {"Content-Type": "text/plain; charset=utf-8"})
        wait_until(lambda: len(service_of(app).queue) == 1)
        running.handle_exit(15, None)
        response = connection.getresponse()
        assert response.status == 200
        assert json.load(response)["long"]


def test_client_behind_a_trusted_proxy_is_known_by_its_own_address(summarizer_with):
    for proxies, expected in (("127.0.0.0/8", "203.0.113.7"), ("", "127.0.0.1")):
        app = create_app(summarizer_with(trusted_proxies=proxies))
        seen = []
        app.before_request(lambda seen=seen: seen.append(server_address()))
        with serving(app) as port:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/healthz", headers={"X-Forwarded-For": "203.0.113.7"})
            connection.getresponse().read()
            connection.close()
        assert seen == [expected]


def server_address():
    from flask import request

    return request.remote_addr
