"""Answers to accepted changes list some of the warnings, and count all of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.service.inventories import problems
from app.service.inventories.problems import MOST_WARNED, own_issue, warned
from tests.app.service.inventories.uploads import MINISTRY, ROOT, car

if TYPE_CHECKING:
    import pytest
    from starlette.testclient import TestClient


def test_the_first_are_listed_and_of_each_code_one() -> None:
    many = [own_issue("id_unknown", "assets", row, "asset_id") for row in range(2, MOST_WARNED + 1000)]
    issues = [
        replace(one, severity="warning") for one in [*many, own_issue("id_twice", "needs", 7, "need_id")]
    ]
    found = warned(issues, "en", Path(), {}, {})
    assert found.counts == {"id_twice": 1, "id_unknown": len(many)}
    assert len(found.listed) == MOST_WARNED
    assert [one["row"] for one in found.listed] == [*range(2, MOST_WARNED + 1), 7]
    few = warned(issues[:3], "vi", Path(), {}, {})
    assert ([one["row"] for one in few.listed], few.counts) == ([2, 3, 4], {"id_unknown": 3})


def test_an_upload_counts_the_warnings_that_it_does_not_list(
    sqlite_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "MOST_WARNED", 1)
    table = {"assets": [car(f"A-{one}", màu="đỏ", cỡ="to", ngày="hôm nay") for one in range(3)]}
    key = MINISTRY | {"Idempotency-Key": "k"}
    first = sqlite_client.post(ROOT, json={"name": "x", **table}, headers=key)
    assert first.status_code == 201, first.text
    document = first.json()
    codes = [one["code"] for one in document["warnings"]]
    assert len(codes) == len(set(codes)) < sum(document["warning_counts"].values())
    assert set(codes) == set(document["warning_counts"])
    again = sqlite_client.post(ROOT, json={"name": "x", **table}, headers=key)
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
