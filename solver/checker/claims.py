"""What plan.json claims: objective, bound and gaps, whole and in parts, key figures and the rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from solver.checker.exact import half_up
from solver.checker.inputs import CATEGORIES
from solver.checker.proof import bound_terms, change_terms, cost_terms, objective_terms
from solver.checker.rest import opened
from solver.checker.rows import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.checker.inputs import Inputs
    from solver.checker.levels import Attained
    from solver.checker.limits import Limits
    from solver.checker.prices import Prices
    from solver.checker.proof import Term
    from solver.checker.report import Log
    from solver.checker.rest import Rest
    from solver.checker.transfers import Transfer

    Books = defaultdict[tuple[str, str], Counter[str]]  # (scope, its key) -> sums

MAIN_FILE: Final = {"communes": "metres.csv", "pairs": "metres_pairs.csv", "matches": "matches.csv"}
CODES: Final = {  # of violations in plan.json, by its first key
    "objective_vnd": "objective", "bound_vnd": "bound", "gap_vnd": "gap", "gap": "gap", "cost_gap": "gap",
    "value_gap": "gap", "cash_vnd": "cash", "status": "status", "synthetic": "synthetic", "parts": "parts",
    "kpis": "kpis", "claimed": "claimed", "levels": "levels", "conflict": "conflict",
}  # fmt: skip
UNITS: Final = ("needed", "met", "unmet")
INFEASIBLE: Final = "INFEASIBLE"


def add_up(
    inputs: Inputs, transfers: list[Transfer], prices: Prices, gains: dict[str, int], rest: Rest,
    attained: Attained, raised: list[Term],
) -> Books:  # fmt: skip
    """Every sum over the whole, categories, provinces and priorities, in Python integers.

    `raised` are the terms of the bound that trees add. `empty` is what the pins alone cost: they change all
    that is left of the baseline.
    """
    shelves: defaultdict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)

    def book(category: str, province: str, priority: str, **sums: int) -> None:
        shelf = shelves[category, province, priority]
        for name, value in sums.items():
            shelf[name] += value

    for name, terms in (
        ("objective", objective_terms(transfers, inputs, rest)),
        ("bound", chain(bound_terms(inputs, prices, gains, rest, attained), raised)),
        ("empty", chain(cost_terms(rest.pins), change_terms(rest.kept, rest))),
    ):
        for shelf, amount in terms:
            shelves[shelf][name] += amount
    for asset in opened(transfers):
        paid = asset.opening
        book(asset.category, asset.province, "", in_use=1, openings=paid, cost=paid, cash=paid)
    unmet = Counter({need.id: need.units for need in inputs.needs.values()})
    for transfer in transfers:
        need, units, parts = transfer.need, transfer.units, transfer.parts
        unmet[need.id] -= units
        book(
            need.category, need.province, str(need.priority), met=units, cost=units * transfer.cost,
            cash=units * transfer.spend, spend=units * transfer.spend,
            avoided=units * (need.price - parts.get("renewal", 0)),
            cross=units * (transfer.asset.province != need.province),
            **{part: units * parts.get(part, 0) for part in PARTS},
        )  # fmt: skip
    for need in inputs.needs.values():
        short = max(0, unmet[need.id])
        book(
            need.category, need.province, str(need.priority), needed=need.units, unmet=short,
            cash=short * need.price, empty=rest.left("need", need.id) * need.weighted,
        )  # fmt: skip
    for (_, name), units in rest.changed(transfers).items():
        book(*inputs.needs[name].book, changes=abs(units))
    books: Books = defaultdict(Counter)
    for (category, province, priority), sums in shelves.items():
        for scope in (("total", ""), ("category", category), ("province", province), ("priority", priority)):
            books[scope].update(sums)  # adds up
    return books


def part(sums: Counter[str], scale: int) -> dict[str, Any]:
    """Figures of the whole, a category or a province; the bound is rounded up."""
    objective, bound = sums["objective"], -(-sums["bound"] // scale)
    gap = objective - bound
    figures = {"objective_vnd": objective, "bound_vnd": bound, "gap_vnd": gap, "cash_vnd": sums["cash"]}
    ratios = {"cost_gap": _ratio(gap, sums["cost"]), "value_gap": _ratio(gap, sums["empty"] - bound)}
    return figures | ratios | {name: sums[name] for name in UNITS}


def _ratio(gap: int, whole: int) -> str | None:
    if gap == 0:
        return "0.000000000"
    digits = half_up(Fraction(gap * 10**9, whole)) if whole > 0 else -1
    return f"{digits // 10**9}.{digits % 10**9:09d}" if digits >= 0 else None


def status(whole: dict[str, Any], *, closed: bool) -> str:
    """Name what is proven."""
    return "OPTIMAL" if closed and whole["gap_vnd"] == 0 else "FEASIBLE"


def check_plan(
    plan: dict[str, Any], inputs: Inputs, transfers: list[Transfer], books: Books, whole: dict[str, Any],
    kept: int, log: Log, *, closed: bool,
) -> None:  # fmt: skip
    """Compare plan.json; `whole` are the figures of the whole, `kept` the units that stay.

    `closed` tells whether all levels are proven.
    """
    sums, claim = books["total", ""], plan["claimed"]["bound_vnd"]
    want = {name: value for name, value in whole.items() if name not in UNITS} | {
        "status": status(whole, closed=closed),
        "gap": _ratio(whole["gap_vnd"], abs(whole["objective_vnd"])),
        "kpis": _key_figures(inputs, transfers, books, kept),
    }  # fmt: skip
    if claim is None or (type(claim) is int and whole["bound_vnd"] <= claim <= whole["objective_vnd"]):
        gap = None if claim is None else _ratio(whole["objective_vnd"] - claim, sums["empty"] - claim)
        want["claimed"] = {"value_gap": gap}
    else:
        log.add("claimed", "plan.json", "claimed.bound_vnd", "is not between the bound and the objective")
    if plan.get("conflict") is not None:
        log.add("conflict", "plan.json", "conflict", "there is a plan")
    _compare(want | _facts(plan, inputs), plan, "", log)


def check_nothing(plan: dict[str, Any], inputs: Inputs, log: Log) -> None:
    """Compare plan.json where there is no plan: no sums, no parts."""
    sums = ("objective_vnd", "bound_vnd", "gap_vnd", "gap", "cost_gap", "value_gap", "cash_vnd", "claimed")
    want: dict[str, Any] = dict.fromkeys(sums) | {
        "status": INFEASIBLE,
        "parts": {"category": {}, "province": {}},
        "kpis": {},
        "levels": [],
    }
    _compare(want | _facts(plan, inputs), plan, "", log)


def _facts(plan: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return entries that follow from the inputs alone."""
    far = {name: inputs.distances[name] for name in ("provider", "version")}
    return {
        "format_version": 1, "scenario": inputs.scenario["name"], "synthetic": inputs.synthetic,
        "not_planned": {}, "distances": far | {"sha256": plan["inputs"].get(MAIN_FILE[inputs.form])},
    }  # fmt: skip


def check_parts(
    given: dict[str, Any],
    inputs: Inputs,
    books: Books,
    crossed: set[str],
    scale: int,
    limits: Limits,
    log: Log,
) -> None:
    """Compare the parts; a province that eligible pairs cross has no bound, another may leave it out.

    No province has one under side rows, levels or pins, and no category where rows count in several.
    """
    provinces = {row["province_code"] for row in inputs.communes.values()}
    for scope, names in (("category", {*CATEGORIES}), ("province", provinces)):
        for name in sorted(names | set(given[scope])):
            want, claim, path = (
                part(books[scope, name], scale),
                given[scope].get(name),
                f"parts.{scope}.{name}",
            )
            if name not in names:
                log.add("parts", "plan.json", path, "is no such part")
            elif name not in given[scope]:
                if want["needed"]:
                    log.add("parts", "plan.json", path, "is missing")
            else:
                crosses = limits.bent or name in crossed or claim["bound_vnd"] is None
                if limits.mixed if scope == "category" else crosses:
                    want |= dict.fromkeys(("bound_vnd", "gap_vnd", "cost_gap", "value_gap"))
                _compare(want, claim, path, log)


def _key_figures(inputs: Inputs, transfers: list[Transfer], books: Books, kept: int) -> dict[str, Any]:
    sums = books["total", ""]
    far = [(move.units, move.km) for move in transfers if move.km is not None]
    km, units = sum((count * one for count, one in far), Fraction(0)), sum(count for count, _ in far)
    figures: dict[str, Any] = {
        "distance_km": {
            "total": km, "mean": Fraction(half_up(km * 1000 / units), 1000) if units else None,
            "max": max((one for _, one in far), default=None),
        },
        "cost_parts": {} if inputs.form == "matches" else {f"{name}_vnd": sums[name] for name in PARTS},
        "purchases_avoided_vnd": sums["avoided"], "spend_vnd": sums["spend"], "releases": kept,
        "changes": sums["changes"], "cross_province_transfers": sums["cross"],
        "openings_vnd": sums["openings"],
        "premises_in_use": sums["in_use"],
    }  # fmt: skip
    for name in UNITS:
        figures[name] = {"total": sums[name]} | {
            scope: Counter({key: own[name] for (which, key), own in books.items() if which == scope and key})
            for scope in ("category", "priority", "province")
        }
    return figures


def _compare(want: Mapping[str, Any], got: object, path: str, log: Log) -> None:
    """Every wanted key, in depth; zero entries of a Counter may be left out."""
    counted, code = isinstance(want, Counter), CODES.get(path.split(".")[0], "plan")
    if not isinstance(got, dict):
        log.add(code, "plan.json", path, f"is {got!r:.80}, should be an object")
        return
    for key in sorted({*want, *(got if counted or not want else ())}):
        name = f"{path}.{key}" if path else key
        value, claim = want.get(key, 0 if counted else None), got.get(key, 0 if counted else "nothing")
        if isinstance(value, dict):
            _compare(value, claim, name, log)
        else:
            log.same(CODES.get(name.split(".")[0], "plan"), "plan.json", name, value, claim)
