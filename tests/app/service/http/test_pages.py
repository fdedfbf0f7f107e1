"""Cursors of lists: what is none of ours is refused by every list, and never a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.service.http.pages import decode_cursor, encode_cursor
from app.service.refusals import InvalidError
from app.service.store.types import canonical_json
from tests.app.service.http.stocked import stock
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from starlette.testclient import TestClient


def cursor(*key: object) -> str:
    """Return a cursor of any key."""
    return encode_cursor(*key)  # type: ignore[arg-type]  # what a client may make up


def lists(app: FastAPI) -> Iterator[str]:
    """Yield the addresses of all lists in pages."""
    for path, operations in app.openapi()["paths"].items():
        parameters = operations.get("get", {}).get("parameters", ())
        schemas = {one["name"]: one["schema"] for one in parameters}
        if "anyOf" in schemas.get("after", {}):  # that of a diary is a number
            yield path


def test_a_cursor_with_null_or_of_another_list_is_refused_by_every_list(sqlite_client: TestClient) -> None:
    known = stock(sqlite_client)
    app: Any = sqlite_client.app
    found = list(lists(app))
    assert len(found) > 10
    for path in found:
        address = path.format(**{"plan_id": "plan_x", **known})
        more = {"from": "1", "to": "1"} if path.endswith("/diff") else {}
        for length in (1, 2, 3):
            nulls: list[object] = [None] * length
            for key in (nulls, [1, *nulls[1:]], [*nulls[1:], True]):
                answer = sqlite_client.get(
                    address, params={"after": cursor(*key), **more}, headers=as_("admin")
                )
                if key == [1] and answer.status_code == 200:
                    continue  # a list by number
                codes = [one["code"] for one in answer.json()["issues"]]
                wanted = (404, []) if "plan_x" in address and answer.status_code == 404 else (422, ["cursor"])
                assert (answer.status_code, codes) == wanted, (path, key)


def test_a_cursor_gives_its_key_back() -> None:
    assert decode_cursor(encode_cursor("Xe Hà", 2), str, int) == ("Xe Hà", 2)
    for wrong in ((None, 2), ("a", None), ("a", True), ("a",), ("a", 2, 3)):
        with pytest.raises(InvalidError):
            decode_cursor(cursor(*wrong), str, int)
    assert canonical_json([None]) == "[null]"
