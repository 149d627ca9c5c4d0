"""The API's description in OpenAPI 3.1, for `/openapi.json` and `/docs`.

Its schemas are generated from the models of requests and answers; only the paths are written here.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from summarizer.readers import TYPES
from summarizer.settings import Settings
from summarizer.summary import Summary
from summarizer.web.problems import STATUSES
from summarizer.web.schemas import (
    EVENTS,
    Options,
    Problem,
    Status,
    SummaryForm,
    SummaryRequest,
    VerifyAnswer,
    VerifyRequest,
)

VERSION = "3.1.0"
_EXAMPLES = Path(__file__).with_name("examples")
# Without a key, or with one.
_SECURITY: list[dict[str, list[str]]] = [{}, {"key": []}]
_LINKS_OFF = "A link to the article. This server does not fetch links."
# The address in the examples; `/docs` replaces it with its own.
ADDRESS = "http://127.0.0.1:8000"

Schema = dict[str, Any]


class _WithoutTitles(GenerateJsonSchema):
    """Leaves out the titles that pydantic derives from names, and defaults that mean "not given"."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: Any) -> Schema:
        described = super().default_schema(schema)
        return {key: value for key, value in described.items() if not (key == "default" and value in (None, ""))}


def openapi(settings: Settings) -> Schema:
    """The description of a server with these settings."""
    return {
        "openapi": VERSION,
        "info": {
            "title": "Article summarizer",
            "version": "1",
            "description": "Send an article; get its title and two summaries, each sentence linked to its evidence.",
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/summarize": {"post": _summarize(settings)},
            "/verify": {"post": _verify()},
            "/healthz": {"get": _health("Liveness check", {"200": "The process is running."})},
            "/readyz": {
                "get": _health(
                    "Readiness check",
                    {
                        "200": "Articles are accepted.",
                        "503": "The models are loading, the queue is full, or the service is ending.",
                    },
                )
            },
            "/metrics": {
                "get": {
                    "operationId": "metrics",
                    "summary": "Metrics for Prometheus",
                    "security": _SECURITY,
                    "responses": {
                        "200": _answer("Counters and times.", {"text/plain": {"schema": {"type": "string"}}}),
                        "401": _problem(STATUSES[401]),
                    },
                }
            },
            "/openapi.json": {
                "get": {
                    "operationId": "openapi",
                    "summary": "This description",
                    "responses": {"200": _answer("OpenAPI 3.1.", {"application/json": {"schema": {"type": "object"}}})},
                }
            },
        },
        "components": {
            "schemas": _schemas(settings),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key."}},
        },
    }


def _schemas(settings: Settings) -> Schema:
    """The schemas of all models, by name."""
    requests = (SummaryRequest, SummaryForm, VerifyRequest)
    models = [(model, "serialization") for model in (*requests, VerifyAnswer, Problem, Status, *EVENTS.values())]
    _, defined = models_json_schema(
        models,  # type: ignore[arg-type]
        ref_template="#/components/schemas/{model}",
        schema_generator=_WithoutTitles,
    )
    schemas: Schema = {name: _without_title(schema) for name, schema in defined["$defs"].items()}
    schemas["VerifyRequest"]["properties"]["text"]["maxLength"] = settings.max_text
    for name in ("SummaryRequest", "SummaryForm"):
        schemas[name]["properties"]["text"]["maxLength"] = settings.max_text
        if not settings.fetch_urls:
            schemas[name]["properties"]["url"]["description"] = _LINKS_OFF
    schemas["SummaryRequest"]["oneOf"] = [{"required": ["text"]}, {"required": ["url"]}]
    return schemas


def _without_title(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "title"}


def _summarize(settings: Settings) -> Schema:
    form = {"schema": _ref(SummaryForm)}
    files: Schema = {
        content_type: {"schema": {"type": "string", "contentMediaType": content_type}}
        for content_type, kind in TYPES.items()
        if kind != "text"
    }
    return {
        "operationId": "summarize",
        "summary": "Summarize an article",
        "description": "The body is the article itself, a form, a file, or JSON. Options can also be passed in the "
        "query string.",
        "security": _SECURITY,
        "parameters": _query_parameters(),
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _ref(SummaryRequest)},
                "text/plain": {"schema": {"type": "string", "maxLength": settings.max_text}},
                "application/x-www-form-urlencoded": form,
                "multipart/form-data": form,
                **files,
            },
        },
        "responses": {
            "200": _answer(
                "The summary as JSON, or as a stream of events with `Accept: text/event-stream`.",
                {
                    "application/json": {"schema": _ref(Summary)},
                    "text/event-stream": {
                        "schema": {"type": "string"},
                        "x-events": {name: _ref(model) for name, model in EVENTS.items()},
                    },
                },
            ),
            **{str(status): _problem(meaning) for status, meaning in STATUSES.items()},
        },
        "x-codeSamples": [
            {"lang": lang, "label": label, "source": (_EXAMPLES / name).read_text(encoding="utf-8")}
            for lang, label, name in (
                ("Shell", "curl", "summarize.sh"),
                ("Python", "Python", "summarize.py"),
                ("JavaScript", "JavaScript (Node.js 18 or later)", "summarize.mjs"),
            )
        ],
    }


def _verify() -> Schema:
    return {
        "operationId": "verify",
        "summary": "Verify sentences about an article",
        "description": "How likely an article supports each of the sentences that you, or another program, wrote "
        "about it, and where. For English articles. It finds about half of the wrong sentences, and takes one in seven "
        "right ones for wrong.",
        "security": _SECURITY,
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(VerifyRequest)}}},
        "responses": {
            "200": _answer("The sentences with their support.", {"application/json": {"schema": _ref(VerifyAnswer)}}),
            **{str(status): _problem(meaning) for status, meaning in STATUSES.items()},
        },
    }


def _query_parameters() -> list[Schema]:
    properties = Options.model_json_schema(schema_generator=_WithoutTitles)["properties"]
    return [
        {
            "name": name,
            "in": "query",
            "description": schema["description"],
            "schema": {key: value for key, value in schema.items() if key != "description"},
        }
        for name, schema in properties.items()
    ]


def _health(summary: str, answers: Mapping[str, str]) -> Schema:
    return {
        "operationId": "_".join(summary.casefold().split()),
        "summary": summary,
        "responses": {
            status: _answer(meaning, {"application/json": {"schema": _ref(Status)}})
            if status == "200"
            else _problem(meaning)
            for status, meaning in answers.items()
        },
    }


def _answer(meaning: str, content: Schema) -> Schema:
    return {"description": meaning, "content": content}


def _problem(meaning: str) -> Schema:
    return _answer(meaning, {"application/problem+json": {"schema": _ref(Problem)}})


def _ref(model: type[object]) -> Schema:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
