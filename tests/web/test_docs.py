"""The API's description against the service that it describes, and its examples, run."""

import io
import json
import shutil
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from real_server import serving

from summarizer.web.openapi import ADDRESS
from summarizer.web.submission import OPTIONS


@pytest.fixture(scope="module")
def told(app):
    return app.test_client().get("/openapi.json").get_json()


@pytest.fixture(scope="module")
def text(articles):
    return (articles / "copied-page.txt").read_text(encoding="utf-8")


@pytest.fixture
def article(articles, tmp_path):
    """A folder with the article that the examples read."""
    shutil.copy(articles / "news-harbour-bridge.txt", tmp_path / "article.txt")
    return tmp_path


def assert_is(told, name, said):
    Draft202012Validator({**told, "$ref": f"#/components/schemas/{name}"}).validate(said)


def test_description_is_openapi(told):
    validate(told)


def test_routes_are_those_described(app, told):
    pages = {"/", "/docs"}
    routes = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and rule.rule not in pages
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, methods in told["paths"].items() for method in methods}


def test_options_are_those_that_are_read(told):
    post = told["paths"]["/summarize"]["post"]
    assert {parameter["name"] for parameter in post["parameters"]} == set(OPTIONS)
    assert set(told["components"]["schemas"]["Request"]["properties"]) == {"text", "url", *OPTIONS}


def test_content_types_are_those_that_are_read(client, told):
    refused = client.post("/summarize", data=b"x", content_type="image/png").get_json()["detail"]
    assert list(told["paths"]["/summarize"]["post"]["requestBody"]["content"]) == (
        refused.partition("one of: ")[2].rstrip(".").split(", ")
    )


@pytest.mark.parametrize("options", [{}, {"lengths": ["long"]}, {"method": "extract", "strip": "off"}])
def test_answer_is_as_described(client, told, text, options):
    sent = {"text": text, **options}
    assert_is(told, "Request", sent)
    assert_is(told, "Summary", client.post("/summarize", json=sent).get_json())


def test_answer_to_a_file_is_as_described(client, told, text):
    answer = client.post("/summarize", data={"file": (io.BytesIO(text.encode()), "a.txt")}).get_json()
    assert "sent" in answer
    assert_is(told, "Summary", answer)


def test_events_are_as_described(client, told, text):
    answer = client.post("/summarize", json={"text": text}, headers={"Accept": "text/event-stream"})
    described = told["paths"]["/summarize"]["post"]["responses"]["200"]["content"]["text/event-stream"]["x-events"]
    names = []
    for block in answer.get_data(as_text=True).split("\n\n"):
        if block.startswith("event: "):
            name, data = (line.partition(": ")[2] for line in block.split("\n"))
            assert_is(told, described[name]["$ref"].rpartition("/")[2], json.loads(data))
            names.append(name)
    # Progress may come between any two.
    assert [name for name in dict.fromkeys(names) if name != "progress"] == ["article", "extract", "sentence", "done"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"text": "x", "colour": "red"}}, 400),
        ({"data": b"x", "content_type": "image/png"}, 415),
        ({"json": {"text": ""}}, 422),
        ({"json": {"text": "a" * 1_000_001}}, 413),
    ],
)
def test_problems_are_as_described(client, told, sent, status):
    answer = client.post("/summarize", **sent)
    assert answer.status_code == status
    assert str(status) in told["paths"]["/summarize"]["post"]["responses"]
    assert_is(told, "Problem", answer.get_json())


def test_health_is_as_described(client, told):
    assert_is(told, "Status", client.get("/healthz").get_json())


def samples(told):
    return {sample["lang"]: sample["source"] for sample in told["paths"]["/summarize"]["post"]["x-codeSamples"]}


@pytest.mark.parametrize(
    ("language", "command"),
    [
        ("Shell", ["sh", "-c"]),
        ("Python", [sys.executable, "-c"]),
        ("JavaScript", ["node", "--input-type=module", "--eval"]),
    ],
)
def test_example_runs_as_it_stands(app, told, article, language, command):
    needed = "curl" if language == "Shell" else command[0]
    if not shutil.which(needed):
        pytest.skip(f"{needed} is not installed")
    with serving(app) as port:
        source = samples(told)[language].replace(ADDRESS, f"http://127.0.0.1:{port}")
        run = subprocess.run([*command, source], cwd=article, capture_output=True, text=True, check=True)
    assert "Harbour bridge shut after inspectors find cracked cable anchor" in run.stdout


def test_page_shows_all_fields_and_calls_the_service_at_its_own_address(client, told):
    page = client.get("/docs", base_url="http://summaries.example:81").get_data(as_text=True)
    for name in ("Request", "Summary", "Sentence", "Span", "Stripped", "Stats"):
        for field in told["components"]["schemas"][name]["properties"]:
            assert f"<code>{field}</code>" in page
    assert "http://summaries.example:81/summarize" in page
    assert ADDRESS not in page
