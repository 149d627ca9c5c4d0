"""The API in OpenAPI 3.1, of which `/openapi.json` and `/docs` are made.

What it says of requests is read off the code that reads them; a test holds what it says of routes and answers against
them.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from summarizer.documents import TYPES
from summarizer.lengths import LENGTHS
from summarizer.settings import Method, Settings
from summarizer.summary import Origin
from summarizer.watching import Stage

VERSION = "3.1.0"
_EXAMPLES = Path(__file__).with_name("examples")
# What the examples call; `/docs` puts the service's own address there.
ADDRESS = "http://127.0.0.1:8000"

Schema = dict[str, Any]

_METHODS: Mapping[Method, str] = {
    "compress": "the sentences that carry the news, without what they can do without",
    "extract": "the same sentences word for word",
    "rewrite": "a language model's own words, each sentence checked against the article",
}
_PROBLEMS = {
    400: "The body cannot be read as what its Content-Type says, or an option has no such value.",
    413: "The request or the article is larger than this service takes.",
    415: "No such Content-Type is read.",
    422: "There is no article in what was sent, or the file or link cannot be read.",
    429: "This client has asked for more summaries than it may.",
    500: "The service made a mistake, and logged it.",
    503: "All places are taken; `Retry-After` says in how many seconds to try again. Or the model does not answer.",
}


def openapi(methods: Sequence[Method], settings: Settings) -> Schema:
    """The description of a service.

    :param methods: what a request may name there.
    """
    return {
        "openapi": VERSION,
        "info": {
            "title": "Article summarizer",
            "version": "1",
            "description": "An article in, as copied from its page: its title, a short and a long summary out, and for "
            "each sentence the place in the article that says so.",
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/summarize": {"post": _summarize(methods, settings)},
            "/healthz": {"get": _health("Whether the process lives", {"200": "It does."})},
            "/readyz": {
                "get": _health(
                    "Whether the models are loaded",
                    {
                        "200": "No summary has to wait for a model to load.",
                        "503": "They are loading, or cannot be loaded.",
                    },
                )
            },
            "/openapi.json": {
                "get": {
                    "operationId": "openapi",
                    "summary": "This description",
                    "responses": {"200": _answer("OpenAPI 3.1.", {"application/json": {"schema": {"type": "object"}}})},
                }
            },
        },
        "components": {"schemas": {**_requests(methods, settings), **_ANSWERS, **_SAID_BY_EVENTS}},
    }


def _summarize(methods: Sequence[Method], settings: Settings) -> Schema:
    form = {"schema": _ref("Form")}
    files: Schema = {
        content_type: {"schema": {"type": "string", "contentMediaType": content_type}}
        for content_type, kind in TYPES.items()
        if kind != "text"
    }
    return {
        "operationId": "summarize",
        "summary": "Summarize an article",
        "description": "The body is the article itself, a form, a file, or JSON. Options may stand in the query, too.",
        "parameters": [
            {"name": name, "in": "query", "description": option["description"], "schema": option["query"]}
            for name, option in _options(methods).items()
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _ref("Request")},
                "text/plain": {"schema": {"type": "string", "maxLength": settings.max_text}},
                "application/x-www-form-urlencoded": form,
                "multipart/form-data": form,
                **files,
            },
        },
        "responses": {
            "200": _answer(
                "The summary; with `Accept: text/event-stream` what is known of it, as it comes along.",
                {
                    "application/json": {"schema": _ref("Summary")},
                    "text/event-stream": {"schema": {"type": "string"}, "x-events": _events()},
                },
            ),
            **{str(status): _problem(told) for status, told in _PROBLEMS.items()},
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


def _options(methods: Sequence[Method]) -> dict[str, Schema]:
    """What may be chosen: the values as JSON has them, and as the query does."""
    ways = "; ".join(f"`{method}`: {_METHODS[method]}" for method in methods)
    lengths = {"type": "array", "items": {"enum": list(LENGTHS)}, "minItems": 1}
    return {
        "method": {
            "description": f"How to summarize. {ways}. Left out, the service chooses.",
            "json": {"enum": list(methods)},
            "query": {"enum": list(methods)},
        },
        "lengths": {
            "description": "Which summaries to make: `short` (one or two sentences), `long` (three to six) or both.",
            "json": lengths,
            "query": {"type": "string", "examples": list(LENGTHS)},
        },
        "strip": {
            "description": "Whether repeated headlines and remains of the page are taken out.",
            "json": {"enum": ["on", "off"]},
            "query": {"enum": ["on", "off"]},
        },
    }


def _events() -> Schema:
    """The events of a stream in their order, and what each says."""
    return {
        "article": _ref("Article"),
        "extract": _ref("Lengths"),
        "progress": _ref("Progress"),
        "sentence": _ref("WrittenSentence"),
        "done": _ref("Summary"),
        "error": _ref("Problem"),
    }


def _health(summary: str, answers: Mapping[str, str]) -> Schema:
    return {
        "operationId": "_".join(summary.casefold().split()),
        "summary": summary,
        "responses": {
            status: _answer(told, {"application/json": {"schema": _ref("Status")}})
            if status == "200"
            else _problem(told)
            for status, told in answers.items()
        },
    }


def _answer(told: str, content: Schema) -> Schema:
    return {"description": told, "content": content}


def _problem(told: str) -> Schema:
    return _answer(told, {"application/problem+json": {"schema": _ref("Problem")}})


# ---------------------------------------------------------------- what is sent, and what comes back


def _object(required: Schema, optional: Schema, told: str) -> Schema:
    """An object that has the required and may have the optional properties, and no others."""
    return {
        "type": "object",
        "description": told,
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_ARTICLE = {
    "title": {"type": ["string", "null"], "description": "The headline; null when there is none."},
    "language": {
        "type": ["string", "null"],
        "description": "Its language as an IETF tag such as `en`; null when it cannot be told.",
    },
    "article": {
        "type": "string",
        "description": "The cleaned text without its title. Evidence counts its characters.",
    },
    "stripped": {"type": "array", "items": _ref("Stripped"), "description": "What was taken out of it."},
}
_SENT = {
    "sent": {
        "type": "string",
        "description": "The text of a file or a link, whose characters the spans of `stripped` count.",
    }
}
_SENTENCE = {
    "text": {"type": "string"},
    "evidence": {"type": "array", "items": _ref("Span"), "description": "The places in `article` that say so."},
    "origin": {
        "enum": list(get_args(Origin)),
        "description": "Whose words it is: the article's, the article's with some left out or a name in full, or a "
        "model's.",
    },
}
_LENGTHS = {
    "short": {"type": "string", "description": "One or two sentences, where it was asked for."},
    "long": {"type": "string", "description": "A paragraph of sentences, where it was asked for."},
}
_SENTENCES = {
    "sentences": _object(
        {}, {length: {"type": "array", "items": _ref("Sentence")} for length in LENGTHS}, "The same, by sentence."
    )
}

_ANSWERS: dict[str, Schema] = {
    "Summary": _object(
        {
            **_ARTICLE,
            **_SENTENCES,
            "method": {"enum": list(get_args(Method)), "description": "What made it."},
            "model": {"type": "string", "description": "The model that did."},
            "notes": {
                "type": "array",
                "items": {"type": "string"},
                "description": "What a reader should know, such as how many sentences did not pass the check.",
            },
            "stats": _ref("Stats"),
        },
        {**_LENGTHS, **_SENT},
        "The summary and what explains it.",
    ),
    "Sentence": _object(_SENTENCE, {}, "A sentence of a summary."),
    "Span": _object(
        {name: {"type": "integer", "minimum": 0} for name in ("start", "end")},
        {},
        "A place in a text, in Unicode characters: from `start` up to `end`.",
    ),
    "Stripped": _object(
        {
            "text": {"type": "string", "description": "As it read where it first stood."},
            "count": {"type": "integer", "minimum": 1, "description": "How often it stood there."},
            "reason": {"type": "string", "description": "What it is, such as `repeated headline`."},
            "spans": {"type": "array", "items": _ref("Span"), "description": "Where, in the text as it was sent."},
        },
        {},
        "What was taken out of the article.",
    ),
    "Stats": _object(
        {
            "article_words": {"type": "integer"},
            "seconds": {"type": "number", "description": "How long it took, with the time in the queue."},
        },
        {f"{length}_words": {"type": "integer"} for length in LENGTHS},
        "What it came to.",
    ),
    "Problem": _object(
        {
            "type": {"const": "about:blank"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "What is wrong, and what to do about it."},
        },
        {},
        "What is wrong (RFC 9457).",
    ),
    "Status": _object({"status": {"type": "string"}}, {}, "How it is."),
}
_SAID_BY_EVENTS: dict[str, Schema] = {
    "Article": _object(_ARTICLE, _SENT, "Once the text is cleaned."),
    "Lengths": _object(_SENTENCES, _LENGTHS, "The extractive summary, where something is still to be done to it."),
    "Progress": _object(
        {
            "stage": {"enum": list(get_args(Stage))},
            "done": {"type": "integer"},
            "total": {"type": "integer", "description": "0 where it is not known."},
        },
        {},
        "While a model works.",
    ),
    "WrittenSentence": _object(
        {"length": {"enum": list(LENGTHS)}, "index": {"type": "integer", "minimum": 0}, **_SENTENCE},
        {},
        "A sentence that has passed the check.",
    ),
}


def _requests(methods: Sequence[Method], settings: Settings) -> dict[str, Schema]:
    options = _options(methods)
    text = {
        "type": "string",
        "maxLength": settings.max_text,
        "description": "The article, as it was copied.",
    }
    url = {
        "type": "string",
        "description": "A link to the article."
        + ("" if settings.fetch_urls else " This service opens none: `SUMMARIZER_FETCH_URLS` is off."),
    }
    return {
        "Request": _object(
            {},
            {
                "text": text,
                "url": url,
                **{name: {**option["json"], "description": option["description"]} for name, option in options.items()},
            },
            "An article, by its text or its link.",
        )
        | {"oneOf": [{"required": ["text"]}, {"required": ["url"]}]},
        "Form": _object(
            {},
            {
                "text": text,
                "url": url,
                "file": {
                    "type": "string",
                    "contentMediaType": "application/octet-stream",
                    "description": "A file: text, HTML, PDF, DOCX, Markdown or EML. In multipart/form-data only.",
                },
                **{name: {**option["query"], "description": option["description"]} for name, option in options.items()},
            },
            "One of text, link and file.",
        ),
    }
