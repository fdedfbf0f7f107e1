"""``app/client/types.py``: a TypedDict for every schema of the OpenAPI document."""

from __future__ import annotations

import keyword
from typing import Any

_HEAD = '''"""What the service answers and takes.

Made from the OpenAPI document by `python -m app.service.document`; do not edit.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
'''
_WORDS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_PREFIX = "#/components/schemas/"
#: FastAPI's own, which describe refusals that we do not send.
_UNUSED = frozenset({"HTTPValidationError", "ValidationError"})


def client_types(document: dict[str, Any]) -> str:
    """Return the module's text.

    Raises
    ------
    ValueError
        For a schema that has no counterpart in Python's types.
    """
    schemas = document["components"]["schemas"]
    parts = [_one(name, schema) for name, schema in sorted(schemas.items()) if name not in _UNUSED]
    return "\n\n".join([_HEAD, *parts]) + "\n"


def class_name(name: str) -> str:
    """Return the name of a class for a schema: ``Page[RunDocument]`` is ``PageRunDocument``."""
    return "".join(sign for sign in name if sign.isalnum())


def _one(name: str, schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return f"{class_name(name)} = {_literal(schema['enum'])}"
    if schema.get("type") != "object" or "properties" not in schema:
        return f"{class_name(name)} = {type_of(schema)}"
    required = set(schema.get("required", ()))
    fields = []
    for field, one in schema["properties"].items():
        if not field.isidentifier() or keyword.iskeyword(field):
            return _by_call(name, schema, required)
        kind = type_of(one)
        fields.append(f"    {field}: {kind if field in required else f'NotRequired[{kind}]'}")
    told = " ".join(str(schema.get("description", name)).split("\n\n")[0].split()).rstrip(".") + "."
    return "\n".join([f"class {class_name(name)}(TypedDict):", f'    """{told}"""', "", *fields])


def _by_call(name: str, schema: dict[str, Any], required: set[str]) -> str:
    """Return the form for keys that are no names in Python, such as ``from``."""
    fields = []
    for field, one in schema["properties"].items():
        kind = type_of(one)
        fields.append(f'        "{field}": {kind if field in required else f"NotRequired[{kind}]"},')
    lines = [
        f"{class_name(name)} = TypedDict(",
        f'    "{class_name(name)}",',
        "    {",
        *fields,
        "    },",
        ")",
    ]
    return "\n".join(lines)


def type_of(schema: dict[str, Any]) -> str:
    """Return the annotation for a schema.

    Raises
    ------
    ValueError
        When there is none.
    """
    if "$ref" in schema:
        return class_name(schema["$ref"].removeprefix(_PREFIX))
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " | ".join(dict.fromkeys(type_of(one) for one in schema[key]))
    if "allOf" in schema and len(schema["allOf"]) == 1:
        return type_of(schema["allOf"][0])
    if "enum" in schema:
        return _literal(schema["enum"])
    if "const" in schema:
        return _literal([schema["const"]])
    kind = schema.get("type")
    if kind == "array":
        return f"list[{type_of(schema.get('items', {}))}]"
    if kind == "object":
        more = schema.get("additionalProperties", True)
        inner = type_of(more) if isinstance(more, dict) else "Any"
        return f"dict[str, {inner}]"
    if kind is None:
        return "Any"
    if kind in _WORDS:
        return _WORDS[kind]
    msg = f"a schema without a type of Python's: {schema}"
    raise ValueError(msg)


def _literal(values: list[object]) -> str:
    return f"Literal[{', '.join(_quoted(value) for value in values)}]"


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
