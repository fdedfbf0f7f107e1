"""Plan folders of instances without a plan, and what their proofs give, by the words of `docs/limits.md`."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from tests.solver.verify_naive import TRANSFER_COLUMNS, words
from tests.solver.verify_writer import sha256, write_inputs, write_json, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.solver.verify_limits import Limited, Proof

NULL = ("objective_vnd", "bound_vnd", "gap_vnd", "gap", "cost_gap", "value_gap", "cash_vnd", "claimed")
MAIN = {"communes": "metres.csv", "pairs": "metres_pairs.csv", "matches": "matches.csv"}


def rules_of(proof: Proof) -> list[str]:
    """Rules of the rows that have a price; a norm is one rule in all communes."""
    found = set()
    for name, price in proof.row.items():
        head, *tail = name.split("|")
        if price:
            found.add(f"norm|{tail[1]}" if head == "norm" else name)
    return sorted(found)


def allowed(s: Limited, proof: Proof) -> None:
    """Leave no price but those of rows that are rules."""
    for name in list(proof.row):
        soft = name.startswith("floor") and not (s.strict and name in s.shares)
        if soft or (name.startswith("norm|") and name.split("|")[2].startswith("premises")):
            del proof.row[name]


def proves(s: Limited, proof: Proof) -> bool:
    """Tell whether the formula gives more than 0."""
    return sum(s.formula(s.pins, proof).values()) > 0


def write_conflict(folder: Path, s: Limited, proof: Proof) -> None:
    """Write a folder that says that there is no plan."""
    shutil.rmtree(folder, ignore_errors=True)
    write_inputs(folder / "inputs", s)
    write_table(folder / "transfers.csv", TRANSFER_COLUMNS, [])
    write_table(folder / "shortfalls.csv", words("need_id units price_vnd reason detail"), [])
    write_table(folder / "releases.csv", words("asset_id units disposition value_vnd reason"), [])
    nothing = {"denominator": 1, "need_price": {}, "row_price": {}, "tree": None}
    write_json(folder / "certificate.json", nothing | {"levels": [proof.written()]})
    inputs = {path.name: sha256(path) for path in sorted((folder / "inputs").iterdir())}
    far = json.loads((folder / "inputs" / "distances.json").read_text(encoding="utf-8"))
    plan: dict[str, Any] = dict.fromkeys(NULL) | {
        "format_version": 1,
        "scenario": s.rules["name"],
        "inputs": inputs,
        "status": "INFEASIBLE",
        "parts": {"category": {}, "province": {}},
        "levels": [],
        "kpis": {},
        "distances": {
            "provider": far["provider"],
            "version": far["version"],
            "sha256": inputs[MAIN[s.case.form]],
        },
        "solver": {"versions": {}, "seed": 0, "work": 0},
        "not_planned": {},
        "synthetic": any(row["source"] == "synthetic" for row in (*s.case.assets, *s.case.needs)),
        "conflict": {"rules": rules_of(proof), "checked": True, "missed": 1, "relaxations": []},
    }
    write_json(folder / "plan.json", plan)
