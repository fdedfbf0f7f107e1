"""The entry: a plan folder is checked from its inputs up to its claims."""

from __future__ import annotations

import gc
import hashlib
from contextlib import closing
from pathlib import Path
from typing import Any

from solver.checker import claims, proof, rows
from solver.checker.aside import Aside
from solver.checker.block import Columns
from solver.checker.changes import check_changes
from solver.checker.components import Components
from solver.checker.conflict import check_conflict
from solver.checker.distances import check_distances, read_distances
from solver.checker.exact import UnreadableError, read_json, read_table
from solver.checker.funnel import Funnel
from solver.checker.inputs import CATEGORIES, HOUSED
from solver.checker.levels import Attained, check_levels
from solver.checker.limits import CHANGES, Limits
from solver.checker.pairs import all_pairs
from solver.checker.pins import check_pins, settle
from solver.checker.prices import read_all
from solver.checker.reading import read_inputs
from solver.checker.report import Log, Verification
from solver.checker.rest import check_limits, usage
from solver.checker.sizes import money_type
from solver.checker.survey import Survey
from solver.checker.transfers import judge_transfers, price_transfers, read_transfers


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
        plan, certificate = (read_json(Path(folder) / name) for name in ("plan.json", "certificate.json"))
        with closing(Aside(certificate["tree"])) as aside:
            return _check(Path(folder), plan, certificate, aside, log)
    except Exception as error:  # whatever a damaged file does, the answer is a violation
        text = str(error) if isinstance(error, UnreadableError) else f"{type(error).__name__}: {error}"
        log.add("unreadable", "", "", text)
    finally:
        if collecting:
            gc.enable()
    return Verification(ok=False, violations=tuple(log.listed), found=dict(log.found))


def _check(
    folder: Path, plan: dict[str, Any], certificate: dict[str, Any], aside: Aside, log: Log
) -> Verification:
    names = ("transfers", "shortfalls", "releases")
    tables = {name: read_table(folder / f"{name}.csv", exactly=True) for name in names}
    _check_hashes(folder / "inputs", plan["inputs"], log)
    inputs = read_inputs(folder / "inputs", log)
    read_distances(folder / "inputs", inputs, log)

    limits, more = Limits(inputs), {name: folder / f"{name}.csv" for name in ("limits", "changes")}
    if plan["status"] == claims.INFEASIBLE:
        for name, path in more.items():
            if path.exists():
                log.add(name, path.name, "", "should not be there: there is no plan")
        return check_conflict(plan, certificate, tables, inputs, limits, log)
    transfers = read_transfers(tables["transfers"], inputs, log)
    questions = read_all(certificate, inputs, limits, log)
    prices, columns = questions[0], Columns(inputs, money_type(inputs, questions))
    price_transfers(transfers, columns)
    rest = settle(columns, limits, log)
    judge_transfers(transfers, rest, log)
    check_pins(rest.pins, transfers, log)
    used = usage(transfers, inputs, limits)
    if CHANGES in limits.rows:
        used["row", CHANGES] = sum(map(abs, rest.changed(transfers).values()))
    check_limits(used, inputs, limits, log)
    attained = Attained(used, inputs, limits)

    survey = Survey(columns, transfers, Funnel(columns, transfers, used, rest, attained))
    gains: dict[str, dict[str, int]] = {one.level: {} for one in questions}
    components = Components(certificate["tree"], columns, rest, aside, log)
    for category in CATEGORIES:  # premises first, so that their trees may be looked at aside
        for pairs in all_pairs(columns, category, columns.needs):
            for one in questions:
                gains[one.level].update(proof.least(pairs, one, columns, rest))
            survey.add(pairs)
            components.add(pairs)
        if category == HOUSED:
            components.begin(prices.scale)
    check_distances(inputs, log)
    for category in CATEGORIES:
        for pairs in all_pairs(columns, category, survey.behind(), abroad=True):
            survey.look_abroad(pairs)

    rows.check_order(tables, log)
    rows.check_transfers(transfers, survey, inputs, log)
    given = {name: read_table(path, exactly=True) for name, path in more.items() if path.exists()}
    rows.check_side_rows(given.get("limits", []), limits, attained, used, log)
    check_changes(given.get("changes"), transfers, rest, log)
    bounds = {
        one.level: proof.bound_of(inputs, one, gains[one.level], rest, attained) for one in questions[1:]
    }
    closed = check_levels(plan["levels"], limits, attained, bounds, log)
    raised = list(components.terms(prices, gains[""]))
    books = claims.add_up(inputs, transfers, prices, gains[""], rest, attained, raised)
    whole = claims.part(books["total", ""], prices.scale)
    proven = set(CATEGORIES if limits.mixed and whole["gap_vnd"] == 0 else ())
    if not limits.mixed:
        parts = {name: claims.part(books["category", name], prices.scale) for name in CATEGORIES}
        proven = {name for name, part in parts.items() if part["gap_vnd"] == 0}
    kept = rows.check_rest(tables, transfers, survey, inputs, log, proven=proven)
    claims.check_plan(plan, inputs, transfers, books, whole, kept, log, closed=closed)
    claims.check_parts(plan["parts"], inputs, books, survey.crossed, prices.scale, limits, log)
    return Verification(
        not log.found, tuple(log.listed), dict(log.found), claims.status(whole, closed=closed),
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
            continue
        with real[name].open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != claimed[name]:
            log.add("inputs_changed", f"inputs/{name}", "", "its SHA-256 is not the one in plan.json")
