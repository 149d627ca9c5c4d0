"""Replicas that share Redis, behind a proxy. Without a Redis server or nginx on this machine the tests are skipped."""

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from summarizer.__main__ import main
from summarizer.settings import PREFIX, SERVE_VARIABLES, Settings
from summarizer.web import create_app
from summarizer.web.keys import RedisKeys
from tests.servers import wait_until

needs_redis = pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CHECKOUT = Path(__file__).parents[2]


@contextmanager
def running(*command, **options):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def free_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return listener.getsockname()[1]


def listens(port):
    with closing(socket.socket()) as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def redis(tmp_path):
    """A Redis server: its process, and its address."""
    port = free_port()
    options = ["--port", str(port), "--save", "", "--bind", "127.0.0.1", "--dir", tmp_path]
    with running("redis-server", *options) as process:
        wait_until(lambda: listens(port))
        yield process, f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """Have `summarizer purge` leave the summaries of this machine alone."""
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def replicas(summarizer_with, redis):
    """Clients of two applications that share Redis."""
    settings = {"redis_url": SecretStr(redis[1]), "summary_cache": 8, "anonymous_limit": "2/hour"}
    return [create_app(summarizer_with(**settings)).test_client() for _ in range(2)]


@pytest.fixture
def text(articles):
    return (articles / "copied-page.txt").read_text(encoding="utf-8")


def lookups(client, result):
    lines = client.get("/metrics").get_data(as_text=True).splitlines()
    name = f'summarizer_cache_lookups_total{{result="{result}"}} '
    return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))


@needs_redis
def test_replicas_share_summaries(replicas, text):
    first, second = (client.post("/summarize", json={"text": text}) for client in replicas)
    assert first.headers["ETag"] == second.headers["ETag"]
    assert lookups(replicas[1], "hit") == 1


@needs_redis
def test_replicas_share_limits(replicas, text):
    statuses = [client.post("/summarize", json={"text": text}).status_code for client in (*replicas, *replicas)]
    assert statuses == [200, 200, 429, 429]


@needs_redis
def test_replicas_share_keys(replicas, text, redis, monkeypatch, capsys):
    monkeypatch.setenv("SUMMARIZER_REDIS_URL", redis[1])
    assert main(["keys", "add", "editor"]) == 0
    key = capsys.readouterr().out.strip()
    headers = {"X-API-Key": key}
    assert [client.post("/summarize", json={"text": text}, headers=headers).status_code for client in replicas] == [
        200,
        200,
    ]
    assert main(["keys", "revoke", "editor"]) == 0
    assert [client.post("/summarize", json={"text": text}, headers=headers).status_code for client in replicas] == [
        401,
        401,
    ]


@needs_redis
@pytest.mark.usefixtures("own_cache")
def test_purge_deletes_what_is_in_redis(replicas, text, redis, monkeypatch, capsys):
    replicas[0].post("/summarize", json={"text": text})
    monkeypatch.setenv("SUMMARIZER_REDIS_URL", redis[1])
    assert main(["purge"]) == 0
    assert capsys.readouterr().out == "1 cached summary deleted.\n"


@needs_redis
def test_service_goes_on_without_redis(replicas, text, redis):
    client, key = replicas[0], RedisKeys(redis[1]).add("editor")
    headers = {"X-API-Key": key}
    assert client.post("/summarize", json={"text": text}, headers=headers).status_code == 200
    redis[0].terminate()
    redis[0].wait(60)
    assert client.post("/summarize", json={"text": text}, headers=headers).status_code == 200
    assert [client.post("/summarize", json={"text": text}).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.usefixtures("own_cache")
def test_missing_redis_is_a_message(monkeypatch, capsys):
    monkeypatch.setenv("SUMMARIZER_REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    for arguments in (["purge"], ["keys", "add", "editor"]):
        assert main(arguments) == 2
        assert "Redis" in capsys.readouterr().err


@pytest.mark.usefixtures("own_cache")
def test_wrong_address_of_redis_is_a_message(monkeypatch, capsys):
    monkeypatch.setenv("SUMMARIZER_REDIS_URL", "localhost")
    assert main(["purge"]) == 2
    assert "SUMMARIZER_REDIS_URL" in capsys.readouterr().err


@pytest.fixture
def proxy(redis, tmp_path):
    """Two replicas behind nginx: their processes, and the proxy's port."""
    ports = [free_port() for _ in range(2)]
    environment = {
        **os.environ,
        "SUMMARIZER_REDIS_URL": redis[1],
        "SUMMARIZER_SUMMARY_CACHE": "8",
        "SUMMARIZER_TRUSTED_PROXIES": "127.0.0.1",
    }
    own = free_port()
    certificate = ["-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem", "-subj", "/CN=localhost"]
    subprocess.run(["openssl", "req", "-x509", "-nodes", *certificate], check=True, capture_output=True, timeout=60)
    configuration = (CHECKOUT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in {
        "summarizer-1:8000": f"127.0.0.1:{ports[0]}",
        "summarizer-2:8000": f"127.0.0.1:{ports[1]}",
        "/etc/nginx/certificates": str(tmp_path),
        "listen 443": f"listen 127.0.0.1:{own}",
        "listen 80": f"listen 127.0.0.1:{free_port()}",
    }.items():
        assert old in configuration
        configuration = configuration.replace(old, new)
    (tmp_path / "nginx.conf").write_text(configuration)
    with ExitStack() as stack:
        replicas = [
            stack.enter_context(
                running(sys.executable, "-m", "summarizer", "serve", "--port", str(port), cwd=tmp_path, env=environment)
            )
            for port in ports
        ]
        nginx = [NGINX, "-p", tmp_path, "-c", tmp_path / "nginx.conf", "-g", f"daemon off; pid {tmp_path}/nginx.pid;"]
        stack.enter_context(running(*nginx))
        wait_until(lambda: listens(own) and all(is_ready(port) for port in ports), seconds=120)
        yield replicas, own


def is_ready(port):
    if not listens(port):
        return False
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200


def post(port, text):
    untrusted = ssl._create_unverified_context()
    with closing(http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=untrusted)) as connection:
        connection.request("POST", "/summarize", json.dumps({"text": text}), {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, json.load(response) if response.status == 200 else None


@needs_redis
@pytest.mark.setup
@pytest.mark.skipif(not (NGINX and shutil.which("openssl")), reason="nginx or openssl is not installed")
def test_replica_that_is_killed_fails_no_request(proxy, text):
    replicas, port = proxy
    answers, end = [], threading.Event()

    def ask(number):
        while not end.is_set():
            answers.append(post(port, f"{text}\n\nVersion {number} of {time.monotonic()}.")[0])

    threads = [threading.Thread(target=ask, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(answers) >= 8, seconds=60)
    replicas[0].kill()
    before = len(answers)
    wait_until(lambda: len(answers) >= before + 12, seconds=60)
    end.set()
    for thread in threads:
        thread.join()
    assert set(answers) == {200}  # the proxy sends what the killed one was making to the other one


def test_examples_of_deployment_name_settings_that_exist():
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | SERVE_VARIABLES
    named = set()
    for path in (CHECKOUT / "deploy").rglob("*"):
        if path.is_file():
            named |= set(re.findall(r"SUMMARIZER_[A-Z_]+(?=[:= ])", path.read_text(encoding="utf-8")))
    assert len(named) > 5
    assert named <= known
