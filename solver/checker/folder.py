"""The entry: a plan folder is checked from its inputs up to its claims."""

from __future__ import annotations

import gc
import hashlib
from pathlib import Path
from typing import Any

from solver.checker import claims, proof, rows
from solver.checker.components import Components
from solver.checker.distances import read_distances
from solver.checker.exact import UnreadableError, read_json, read_table
from solver.checker.inputs import CATEGORIES, read_inputs
from solver.checker.prices import read_prices
from solver.checker.report import Log, Verification
from solver.checker.sizes import money_type
from solver.checker.survey import Survey
from solver.checker.transfers import price_transfers, read_transfers


def verify_folder(folder: Path | str) -> Verification:
    """Check a plan folder, trusting nothing in it but its inputs.

    Parameters
    ----------
    folder
        A plan folder as `docs/plan-folder.md` describes it.

    Returns
    -------
    Verification
        `ok` only if every check of `docs/certificate.md` passed. Nothing is raised for a damaged folder:
        that is the violation `unreadable`.
    """
    log, collecting = Log(), gc.isenabled()
    gc.disable()  # millions of rows and no cycle among them: to look for some takes a fifth of the time
    try:
        return _check(Path(folder), log)
    except Exception as error:  # whatever a damaged file does, the answer is a violation
        text = str(error) if isinstance(error, UnreadableError) else f"{type(error).__name__}: {error}"
        log.add("unreadable", "", "", text)
    finally:
        if collecting:
            gc.enable()
    return Verification(ok=False, violations=tuple(log.listed), found=dict(log.found))


def _check(folder: Path, log: Log) -> Verification:
    plan, certificate = (read_json(folder / name) for name in ("plan.json", "certificate.json"))
    names = ("transfers", "shortfalls", "releases")
    tables = {name: read_table(folder / f"{name}.csv", exactly=True) for name in names}
    _check_hashes(folder / "inputs", plan["inputs"], log)
    inputs = read_inputs(folder / "inputs", log)
    read_distances(folder / "inputs", inputs, log)

    transfers = read_transfers(tables["transfers"], inputs, log)
    prices = read_prices(certificate, inputs, log)
    money = money_type(inputs, prices)
    price_transfers(transfers, inputs, money, log)
    exhausted = proof.check_limits(transfers, inputs, log)
    survey, gains = Survey(inputs, transfers, exhausted), dict[str, int]()
    components = Components(certificate["tree"], inputs, log)
    for group in proof.all_pairs(inputs, inputs.needs.values(), money):
        gains.update(proof.least(group, prices))
        survey.add(group)
        components.add(group)
    for group in proof.all_pairs(inputs, survey.behind(), money, abroad=True):
        survey.look_abroad(group)

    books = claims.add_up(inputs, transfers, prices, gains, list(components.terms(prices, gains)))
    whole = claims.part(books["total", ""], prices.scale)
    rows.check_order(tables, log)
    rows.check_transfers(transfers, survey, inputs, log)
    proven = {
        name for name in CATEGORIES if claims.part(books["category", name], prices.scale)["gap_vnd"] == 0
    }
    kept = rows.check_rest(tables, transfers, survey, inputs, log, proven=proven)
    claims.check_plan(plan, inputs, transfers, books, whole, kept, log)
    claims.check_parts(plan["parts"], inputs, books, survey.crossed, prices.scale, log)
    return Verification(
        not log.found, tuple(log.listed), dict(log.found), "OPTIMAL" if whole["gap_vnd"] == 0 else "FEASIBLE",
        whole["objective_vnd"], whole["bound_vnd"], whole["gap_vnd"], whole["cost_gap"], whole["value_gap"],
        {
            "assets": len(inputs.assets), "needs": len(inputs.needs), "pairs": survey.pairs,
            "transfers": len(transfers),
        },
    )  # fmt: skip


def _check_hashes(folder: Path, claimed: dict[str, Any], log: Log) -> None:
    real = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for name in sorted({*real, *claimed}):
        if name not in real or name not in claimed:
            code = "inputs_extra" if name in real else "inputs_missing"
            log.add(code, f"inputs/{name}", "", "the folder and plan.json name different files")
        elif hashlib.sha256(real[name].read_bytes()).hexdigest() != claimed[name]:
            log.add("inputs_changed", f"inputs/{name}", "", "its SHA-256 is not the one in plan.json")
