"""The OpenAPI document, made from what the views say of themselves."""

import re
from http import HTTPStatus
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from . import __version__
from .answers import ErrorAnswer
from .describe import Description, description_of
from .server import server_of

# Any request may be answered so: a foreign page, an old client, too many requests, a database that is away.
ANY_TIME = (400, 403, 426, 429, 503)

_argument = re.compile(r"<(?:\w+:)?(\w+)>")
_reference = "#/components/schemas/{model}"


def openapi(app: Flask) -> dict[str, Any]:
    """The description of every address of an app."""
    paths: dict[str, dict[str, Any]] = {}
    for address, method, description in described(app):
        paths.setdefault(_argument.sub(r"{\1}", address), {})[method.lower()] = _operation(address, description)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Unified Storage", "version": __version__, "license": {"name": "MIT", "identifier": "MIT"}},
        "security": [{"token": []}] if server_of(app).config.auth == "required" else [],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": _schemas(app),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def described(app: Flask) -> list[tuple[str, str, Description]]:
    """Address, method and description of every view that has one."""
    found = []
    for rule in app.url_map.iter_rules():
        description = description_of(app.view_functions[rule.endpoint])
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        found += [(rule.rule, method, description) for method in methods if description]
    return sorted(found, key=lambda view: view[:2])


def _operation(address: str, description: Description) -> dict[str, Any]:
    answer = {"description": description.summary, "content": _content(description.answer, description.media)}
    responses = {str(description.status): answer}
    for status in sorted({*description.errors, *ANY_TIME}):
        responses[str(status)] = _error(status)
    operation: dict[str, Any] = {"summary": description.summary, "parameters": _parameters(address, description)}
    if description.body:
        operation["requestBody"] = {"required": True, "content": _content(description.body)}
    if description.public:
        operation["security"] = []
    return operation | {"responses": responses}


def _parameters(address: str, description: Description) -> list[dict[str, Any]]:
    text = {"type": "string"}
    names = _argument.findall(address)
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": text} for name in names
    ]
    parameters += [{"name": name, "in": "header", "schema": text} for name in description.headers]
    for name, schema in description.query.items():
        plain = {member: value for member, value in schema.items() if member != "required"}
        required = schema.get("required", False)
        parameters.append({"name": name, "in": "query", "required": required, "schema": plain})
    return parameters


def _error(status: int) -> dict[str, Any]:
    phrase = HTTPStatus(status).phrase
    return {"description": phrase} if status == 304 else {"description": phrase, "content": _content(ErrorAnswer)}


def _content(shape: type[BaseModel] | dict[str, Any] | None, media: str = "application/json") -> dict[str, Any]:
    if isinstance(shape, type):
        shape = {"$ref": _reference.format(model=shape.__name__)}
    return {media: {"schema": shape or {}}}


def _schemas(app: Flask) -> dict[str, Any]:
    shapes = [shape for _, _, view in described(app) for shape in (view.body, view.answer)]
    models = {shape for shape in shapes if isinstance(shape, type)} | {ErrorAnswer}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, document = models_json_schema([(model, "validation") for model in ordered], ref_template=_reference)
    return dict(sorted(document["$defs"].items()))
