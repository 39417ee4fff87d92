"""TypeScript types of the OpenAPI document's schemas, for clients of the server."""

import json
from typing import Any

HEADER = "// Made from the server's OpenAPI document by `flask types`; the tests compare. Do not edit.\n"

_names = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def typescript(document: dict[str, Any]) -> str:
    """One exported type for every schema."""
    schemas = document["components"]["schemas"]
    return HEADER + "".join(_declaration(name, schema) for name, schema in schemas.items())


def _declaration(name: str, schema: dict[str, Any]) -> str:
    lines = schema.get("description", "").strip().splitlines()
    comment = f"/** {' '.join(line.strip() for line in lines)} */\n" if lines else ""
    return f"\n{comment}export type {name} = {_type(schema)}\n"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return _literal(schema["const"])
    for several in ("anyOf", "enum"):
        if several in schema:
            return " | ".join(_literal(part) if several == "enum" else _type(part) for part in schema[several])
    kind = schema.get("type", "")
    if isinstance(kind, list):
        return " | ".join(_names[one] for one in kind)
    if kind == "array":
        return f"{_type(schema['items'])}[]"
    return _object(schema) if kind == "object" else _names.get(kind, "unknown")


def _object(schema: dict[str, Any]) -> str:
    required = schema.get("required", [])
    members = [
        f"  {name}{'' if name in required else '?'}: {_type(member)}" for name, member in schema["properties"].items()
    ]
    return "{\n" + "\n".join(members) + "\n}"


def _literal(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else json.dumps(value)
