"""The API description matches the service, and its examples run."""

import io
import json
import shutil
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from summarizer import Settings, Summarizer
from summarizer.web import create_app
from summarizer.web.openapi import ADDRESS
from summarizer.web.schemas import EVENTS, Options
from tests.servers import serving
from tests.tiny_models import tiny_bart


@pytest.fixture(scope="module")
def description(app):
    return app.test_client().get("/openapi.json").get_json()


@pytest.fixture(scope="module")
def text(articles):
    return (articles / "copied-page.txt").read_text(encoding="utf-8")


@pytest.fixture
def article(articles, tmp_path):
    """A folder with the article that the examples read."""
    shutil.copy(articles / "news-harbour-bridge.txt", tmp_path / "article.txt")
    return tmp_path


@pytest.fixture(scope="module")
def tiny_model_client(tmp_path_factory):
    """A client of a service whose language model is tiny: it writes noise, in all the steps of a large one."""
    folder = tiny_bart(tmp_path_factory.mktemp("models") / "tiny-model")
    summarizer = Summarizer(Settings(model=str(folder), method="extractive", summary_cache=0))
    return create_app(summarizer).test_client()


def assert_matches(description, name, value):
    """Validate a value against a schema of the description."""
    Draft202012Validator({**description, "$ref": f"#/components/schemas/{name}"}).validate(value)


def test_description_is_valid_openapi(description):
    validate(description)


def test_all_routes_are_described(app, description):
    pages = {"/", "/docs"}
    routes = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and rule.rule not in pages
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, methods in description["paths"].items() for method in methods}


def test_all_options_are_described(description):
    post = description["paths"]["/summarize"]["post"]
    assert {parameter["name"] for parameter in post["parameters"]} == set(Options.model_fields)
    fields = description["components"]["schemas"]["SummaryRequest"]["properties"]
    assert set(fields) == {"text", "url", *Options.model_fields}


def test_all_content_types_are_described(client, description):
    refused = client.post("/summarize", data=b"x", content_type="image/png").get_json()["detail"]
    assert list(description["paths"]["/summarize"]["post"]["requestBody"]["content"]) == (
        refused.partition("one of: ")[2].rstrip(".").split(", ")
    )


@pytest.mark.parametrize(
    "options",
    [{}, {"lengths": ["long"]}, {"lengths": "short"}, {"title": "A title"}, {"method": "extractive", "clean": False}],
)
def test_answer_matches_its_schema(client, description, text, options):
    sent = {"text": text, **options}
    assert_matches(description, "SummaryRequest", sent)
    assert_matches(description, "Summary", client.post("/summarize", json=sent).get_json())


def test_answer_to_a_file_matches_its_schema(client, description, text):
    answer = client.post("/summarize", data={"file": (io.BytesIO(text.encode()), "a.txt")}).get_json()
    assert "sent" in answer
    assert_matches(description, "Summary", answer)


@pytest.mark.parametrize("method", ["extractive", "abstractive"])
def test_events_match_their_schemas(tiny_model_client, description, text, method):
    body = {"text": text, "method": method}
    response = tiny_model_client.post("/summarize", json=body, headers={"Accept": "text/event-stream"})
    content = description["paths"]["/summarize"]["post"]["responses"]["200"]["content"]
    described = content["text/event-stream"]["x-events"]
    assert list(described) == list(EVENTS)
    names = []
    for block in response.get_data(as_text=True).split("\n\n"):
        if block.startswith("event: "):
            name, data = (line.partition(": ")[2] for line in block.split("\n"))
            assert_matches(description, described[name]["$ref"].rpartition("/")[2], json.loads(data))
            names.append(name)
    # Progress is reported at any time.
    previews = ["preview"] if method == "abstractive" else []
    assert [name for name in dict.fromkeys(names) if name != "progress"] == ["article", *previews, "sentence", "done"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"text": "x", "colour": "red"}}, 400),
        ({"data": b"x", "content_type": "image/png"}, 415),
        ({"json": {"text": ""}}, 422),
        ({"json": {"text": "a" * 1_000_001}}, 413),
    ],
)
def test_problems_match_their_schema(client, description, sent, status):
    answer = client.post("/summarize", **sent)
    assert answer.status_code == status
    assert str(status) in description["paths"]["/summarize"]["post"]["responses"]
    assert_matches(description, "Problem", answer.get_json())


def test_health_matches_its_schema(client, description):
    assert_matches(description, "Status", client.get("/healthz").get_json())


def samples(description):
    return {sample["lang"]: sample["source"] for sample in description["paths"]["/summarize"]["post"]["x-codeSamples"]}


@pytest.mark.parametrize(
    ("language", "command"),
    [
        ("Shell", ["sh", "-c"]),
        ("Python", [sys.executable, "-c"]),
        ("JavaScript", ["node", "--input-type=module", "--eval"]),
    ],
)
def test_example_runs_unchanged(app, description, article, language, command):
    needed = "curl" if language == "Shell" else command[0]
    if not shutil.which(needed):
        pytest.skip(f"{needed} is not installed")
    with serving(app) as port:
        source = samples(description)[language].replace(ADDRESS, f"http://127.0.0.1:{port}")
        run = subprocess.run([*command, source], cwd=article, capture_output=True, text=True, check=True)
    assert "Harbour bridge shut after inspectors find cracked cable anchor" in run.stdout


def test_page_shows_all_fields_and_the_address_of_the_server(client, description):
    page = client.get("/docs", base_url="http://192.0.2.7:81").get_data(as_text=True)
    for name in ("SummaryRequest", "Summary", "Sentences", "SummarySentence", "Span", "Removed", "Stats"):
        for field in description["components"]["schemas"][name]["properties"]:
            assert f"<code>{field}</code>" in page
    for event in EVENTS:
        assert f"<code>{event}</code>" in page
    assert "http://192.0.2.7:81/summarize" in page
    assert ADDRESS not in page
