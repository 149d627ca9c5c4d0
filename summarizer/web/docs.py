"""`/openapi.json`: the API's description for programs; `/docs`: the same as a page, with a form to try it."""

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
    return jsonify(_description())


@docs.get("/docs")
def page() -> str:
    """The description as a page."""
    api = _description()
    # The address as the reader sees it, behind any proxy.
    address = request.host_url.rstrip("/")
    summarize = api["paths"]["/summarize"]["post"]
    return render_template(
        "docs.html",
        api=api,
        schemas=api["components"]["schemas"],
        summarize=summarize,
        samples=[
            {**sample, "source": sample["source"].replace(ADDRESS, address)} for sample in summarize["x-codeSamples"]
        ],
        to_try={"text": EXAMPLE.read_text(encoding="utf-8"), "method": "extractive"},
        address=url_for("api.summarize"),
        type_name=_type_name,
    )


@docs.app_template_filter("code")
def code(text: str) -> Markup:
    """A text of the description with the parts in backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def _description() -> dict[str, Any]:
    return openapi(service_of().summarizer.settings)


def _type_name(schema: dict[str, Any]) -> str:
    """A short name for the type of a value: `list of Span`, `"short" or "long"`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " or ".join(f'"{value}"' for value in schema["enum"])
    if "anyOf" in schema:
        single, other = schema["anyOf"]
        if other.get("type") == "array" and other["items"] == single:
            return f"{_type_name(single)}, or a list"
        return f"{_type_name(single)} or {_type_name(other)}"
    if schema.get("type") == "array":
        item = _type_name(schema["items"])
        return f"list of {item}s" if item.islower() else f"list of {item}"
    return str(schema.get("type", f'"{schema.get("const")}"'))
