from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from app.service.document.__main__ import OPENAPI, TYPES
from app.service.document.client_types import class_name, client_types, type_of
from app.service.document.openapi import as_text, openapi_document

MAKE = "it is no longer what the application says: python -m app.service.document, and look at what changes"


def test_the_committed_document_is_what_the_application_says() -> None:
    assert OPENAPI.read_text(encoding="utf-8") == as_text(openapi_document()), MAKE


def test_the_types_of_the_client_are_made_from_the_document() -> None:
    made = client_types(openapi_document())
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", str(TYPES), "-"]
    formatted = subprocess.run(command, input=made.encode(), capture_output=True, check=True).stdout
    assert TYPES.read_bytes() == formatted, MAKE


def test_every_operation_says_who_may_do_what_and_how_it_refuses() -> None:
    document = json.loads(OPENAPI.read_text(encoding="utf-8"))
    names = []
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            names.append(operation["operationId"])
            assert operation.get("description"), (verb, path)
            refused = {status for status in operation["responses"] if status.startswith("4")}
            assert refused or path in ("/v1/health", "/v1/ready"), (verb, path)
            for status in refused:
                assert "application/problem+json" in operation["responses"][status]["content"], (path, status)
    assert len(names) == len(set(names)) > 40


@pytest.mark.parametrize(
    ("schema", "annotation"),
    [
        ({"type": "string"}, "str"),
        ({"type": "array", "items": {"type": "integer"}}, "list[int]"),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, "dict[str, bool]"),
        ({"type": "object"}, "dict[str, Any]"),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, "float | None"),
        ({"enum": ["a", 1]}, 'Literal["a", 1]'),
        ({"const": "a"}, 'Literal["a"]'),
        ({"$ref": "#/components/schemas/Page_Run_"}, "PageRun"),
        ({}, "Any"),
    ],
)
def test_a_schema_becomes_an_annotation(schema: dict[str, Any], annotation: str) -> None:
    assert type_of(schema) == annotation


def test_a_schema_without_a_type_of_pythons_is_an_error() -> None:
    with pytest.raises(ValueError, match="without a type"):
        type_of({"type": "colour"})


def test_keys_that_are_no_names_in_python_are_kept() -> None:
    wish = {"type": "object", "required": ["from"], "properties": {"from": {"type": "string"}, "to": {}}}
    module = client_types({"components": {"schemas": {"A-Input": wish}}})
    space: dict[str, Any] = {}
    exec(compile(module, "types.py", "exec"), space)  # text of ours
    assert space[class_name("A-Input")].__required_keys__ >= {"from"}
