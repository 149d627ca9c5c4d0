"""`/openapi.json`: the API for programs that read descriptions; `/docs`: the same for people, to be tried out."""

import re
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from markupsafe import Markup, escape

from summarizer.web.openapi import ADDRESS, openapi
from summarizer.web.pages import EXAMPLE
from summarizer.web.service import service_of

_CODE = re.compile(r"`([^`]+)`")

docs = Blueprint("docs", __name__)


@docs.get("/openapi.json")
def description() -> Response:
    """The API in OpenAPI 3.1."""
    return jsonify(_openapi())


@docs.get("/docs")
def page() -> str:
    """The description as a page."""
    told = _openapi()
    # The address as the reader reached the service, behind whatever proxy.
    here = request.host_url.rstrip("/")
    return render_template(
        "docs.html",
        told=told,
        schemas=told["components"]["schemas"],
        summarize=told["paths"]["/summarize"]["post"],
        samples=[
            {**sample, "source": sample["source"].replace(ADDRESS, here)}
            for sample in told["paths"]["/summarize"]["post"]["x-codeSamples"]
        ],
        to_try={"text": EXAMPLE.read_text(encoding="utf-8"), "method": "extract"},
        address=url_for("api.summarize"),
        kind=_kind,
    )


@docs.app_template_filter("code")
def with_code(text: str) -> Markup:
    """A text of the description, what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def _openapi() -> dict[str, Any]:
    summarizer = service_of().summarizer
    return openapi(summarizer.methods, summarizer.settings)


def _kind(schema: dict[str, Any]) -> str:
    """What a value is, in few words: `list of Span`, `"short" or "long"`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " or ".join(f'"{value}"' for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    if isinstance(schema.get("type"), list):
        return " or ".join(schema["type"])
    return str(schema.get("type", f'"{schema.get("const")}"'))
