"""The description of the API is whole, and the committed types are made from it."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from unified_storage_backend.describe import description_of

TYPES = Path(__file__).parents[1] / "api.ts"


def test_every_address_is_described(app: Flask, client: FlaskClient) -> None:
    document: Any = client.get("/openapi.json").json
    assert document["openapi"] == "3.1.0"
    undescribed = {name for name, view in app.view_functions.items() if description_of(view) is None}
    assert undescribed == {"docs.document", "docs.page"}
    assert {"get", "put", "post", "delete"} == set(document["paths"]["/api/storage/{key}"])
    assert "404" in document["paths"]["/v2/spaces/{space_id}/items/{key}"]["get"]["responses"]


def test_it_says_whether_a_token_is_needed(client: FlaskClient, team: Flask) -> None:
    required: Any = team.test_client().get("/openapi.json").json
    assert required["security"] == [{"token": []}]
    assert required["paths"]["/health"]["get"]["security"] == []
    document: Any = client.get("/openapi.json").json
    assert document["security"] == []


def test_references_lead_somewhere(client: FlaskClient) -> None:
    document: Any = client.get("/openapi.json").json

    def references(node: object) -> list[str]:
        if isinstance(node, dict):
            here = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return here + [found for child in node.values() for found in references(child)]
        return [found for child in node for found in references(child)] if isinstance(node, list) else []

    assert {name.rpartition("/")[2] for name in references(document)} <= set(document["components"]["schemas"])


def test_the_page_lists_the_addresses(client: FlaskClient) -> None:
    page = client.get("/docs")
    assert "/v2/spaces/&lt;space_id&gt;/push" in page.text
    assert page.mimetype == "text/html"


def test_the_committed_types_are_current(app: Flask) -> None:
    made = app.test_cli_runner().invoke(args=["types"]).output
    assert TYPES.read_text() == made, "Run: flask --app unified_storage_backend types > api.ts"
