"""What the process that solves says of tables that nobody but it has seen."""

from __future__ import annotations

import csv
import io
import json
import shutil
from typing import TYPE_CHECKING, Any

from app.service.runs.child import Teller, work
from app.settings import LANGS
from tests.app.service.runs.worker_process import SCENARIO

if TYPE_CHECKING:
    from pathlib import Path


def told(folder: Path) -> dict[str, Any]:
    """Return the last word of the process about a scenario folder."""
    channel = io.StringIO()
    given = {"folder": str(folder), "out": str(folder.parent / "plan"), "lang": "en"}
    work(given, Teller(channel), lambda: False)
    found: dict[str, Any] = json.loads(channel.getvalue().splitlines()[-1])
    return found


def test_rows_are_named_by_their_ids_also_where_an_issue_is_about_two(tmp_path: Path) -> None:
    folder = tmp_path / "inputs"
    shutil.copytree(SCENARIO, folder)
    with (folder / "assets.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    twins = [row | {"official_id": "29A-123.45" if at in (1, 3) else ""} for at, row in enumerate(rows)]
    with (folder / "assets.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(twins[0]))
        writer.writeheader()
        writer.writerows(twins)
    found = told(folder)
    assert found["failed"] == "wrong_input"
    assert (found["detail"]["errors"], set(found["detail"]["issues"])) == (1, set(LANGS))
    for lang in LANGS:
        (one,) = (one for one in found["detail"]["issues"][lang] if one["code"] == "duplicate_official_id")
        assert (one["id"], one["row"]) == (rows[3]["asset_id"], 5)
        assert f"3 ({rows[1]['asset_id']})" in one["message"]
