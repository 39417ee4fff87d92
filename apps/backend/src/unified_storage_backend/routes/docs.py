"""The description of the API, for programs and for people."""

from html import escape
from typing import Any

from flask import Blueprint, Response, current_app

from ..openapi import described, openapi

routes = Blueprint("docs", __name__)

_policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_start = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Unified Storage API</title>
<style>body { font: 16px/1.5 system-ui; margin: 2rem } td, th { padding: .25rem .75rem; text-align: left }</style>
<h1>Unified Storage API</h1><p>The whole description: <a href="/openapi.json">openapi.json</a>.
<table><tr><th>Method<th>Address<th>What it does
"""


@routes.get("/openapi.json")
def document() -> dict[str, Any]:
    return openapi(current_app)


@routes.get("/docs")
def page() -> Response:
    rows = "".join(
        f"<tr><td>{method}<td><code>{escape(address)}</code><td>{escape(view.summary)}"
        for address, method, view in described(current_app)
    )
    response = Response(f"{_start}{rows}</table></html>", mimetype="text/html")
    response.headers["Content-Security-Policy"] = _policy
    return response
