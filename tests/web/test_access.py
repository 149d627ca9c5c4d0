"""Who may ask: hosts, origins, API keys and limits."""

import pytest

from summarizer.__main__ import main
from summarizer.web.keys import KeyFile

TEXT = "The bridge opens on Monday. It was closed for a year. The mayor thanked all who waited for it."


def post(client, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/summarize", json={"text": TEXT}, headers=named)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("192.0.2.7", 200),
        ("news.example.org", 200),
        ("news.example.org:8443", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
    ],
)
def test_only_own_names_are_answered(client_with, host, status):
    response = post(client_with(hosts="news.example.org, other.example"), Host=host)
    assert response.status_code == status
    if status != 200:
        assert "SUMMARIZER_HOSTS" in response.get_json()["detail"]


def test_health_is_answered_for_every_host(client):
    assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 200
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost", 200),
        ("https://localhost", 200),  # a proxy has ended TLS
        ("https://example.org", 200),
        ("chrome-extension://lcfjooiecahccmjaipimfaidcnaihadb", 200),
        ("moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc", 200),
        ("https://evil.example", 403),
        ("https://chrome-extension.evil.example", 403),
        ("http://localhost:9000", 403),
        ("null", 403),
        ("http://[", 403),
    ],
)
def test_pages_of_other_sites_cannot_post(client_with, origin, status):
    client = client_with(origins="https://example.org")
    for path in ("/summarize", "/"):
        response = client.post(path, data={"text": TEXT}, headers={"Origin": origin, "Host": "localhost"})
        assert response.status_code == status


def test_named_origin_may_read_the_answer(client_with):
    client = client_with(origins="https://example.org")
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    preflight = client.options("/summarize", headers=asked)
    assert preflight.status_code == 200
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    for response in (preflight, post(client, Origin="https://example.org")):
        assert response.headers["Access-Control-Allow-Origin"] == "https://example.org"
        assert "Origin" in response.headers["Vary"]
    other = client.options("/summarize", headers={**asked, "Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in other.headers


@pytest.fixture
def keys(tmp_path):
    return tmp_path / "config" / "keys.jsonl"


def test_key_is_asked_for_where_anonymous_requests_are_off(client_with, keys):
    client = client_with(keys=keys, anonymous=False)
    key = KeyFile(keys).add("editor")
    refused = post(client)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Authorization: Bearer" in refused.get_json()["detail"]
    assert post(client, Authorization=f"Bearer {key}").status_code == 200
    assert post(client, X_API_Key=key).status_code == 200
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert client.get("/").status_code == client.get("/readyz").status_code == 200


def test_wrong_key_is_refused_even_where_none_is_needed(client):
    assert post(client, Authorization="Bearer summarizer-wrong").status_code == 401


def test_running_service_takes_over_changes_of_the_keys(client_with, keys):
    client = client_with(keys=keys, anonymous=False)
    file = KeyFile(keys)
    key = file.add("editor")
    assert post(client, X_API_Key=key).status_code == 200
    file.revoke("editor")
    assert post(client, X_API_Key=key).status_code == 401


def test_limits_count_for_each_key_and_for_addresses(client_with, keys):
    client = client_with(keys=keys, anonymous_limit="1/hour")
    file = KeyFile(keys)
    one, other = file.add("one", "2/hour; 100/day"), file.add("other")
    assert [post(client, X_API_Key=one).status_code for _ in range(3)] == [200, 200, 429]
    assert [post(client, X_API_Key=other).status_code for _ in range(3)] == [200, 200, 200]
    assert [post(client).status_code for _ in range(2)] == [200, 429]
    refused = post(client)
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert "1/hour" in refused.get_json()["detail"]


def test_neither_file_nor_log_has_the_key(client_with, keys, caplog):
    key = KeyFile(keys).add("editor")
    post(client_with(keys=keys), X_API_Key=key)
    assert key not in keys.read_text(encoding="utf-8") + caplog.text
    assert keys.stat().st_mode & 0o077 == 0


def test_damaged_file_of_keys_admits_nobody(client_with, keys):
    keys.parent.mkdir()
    keys.write_text("no keys")
    client = client_with(keys=keys, anonymous=False)
    assert post(client, X_API_Key="summarizer-any").status_code == 503


def test_command_adds_lists_and_revokes_keys(keys, monkeypatch, capsys):
    monkeypatch.setenv("SUMMARIZER_KEYS", str(keys))
    assert main(["keys", "add", "editor", "--limit", "30/minute"]) == 0
    key = capsys.readouterr().out.strip()
    assert KeyFile(keys).find(key).name == "editor"
    assert main(["keys", "list"]) == 0
    assert capsys.readouterr().out.endswith("  editor  30/minute\n")
    assert main(["keys", "revoke", "editor"]) == 0
    assert KeyFile(keys).find(key) is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "editor"], "key named editor already"),
        (["add", "the editor"], "The name is not valid"),
        (["add", "other", "--limit", "often"], "The limit is not valid"),
        (["revoke", "nobody"], "no key named nobody"),
    ],
)
def test_command_says_what_is_wrong(keys, monkeypatch, capsys, arguments, words):
    monkeypatch.setenv("SUMMARIZER_KEYS", str(keys))
    KeyFile(keys).add("editor")
    assert main(["keys", *arguments]) == 2
    assert words in capsys.readouterr().err
