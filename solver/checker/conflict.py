"""A folder without a plan: the prices that prove that the rules it names leave none (`docs/limits.md`).

They go into the formula of `proof.py`, with nothing that counts (c = f = C = kappa = 0; P = 0, so pi_n <= 0)
and no floor that may be missed. It gives at most the cost of any plan: here 0, with lambda_r (used_r - L_r)
added for each norm row, budget and cap and for the row of changes, lambda_r (L_r - received_r) for each
strict floor, and pi_n u_n for each need, all of them at most 0. So where it gives more than 0, no plan keeps
to the rows that have a price.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from solver.checker import claims, proof
from solver.checker.block import Columns
from solver.checker.distances import check_distances
from solver.checker.inputs import CATEGORIES, HOUSED
from solver.checker.levels import Attained
from solver.checker.pairs import all_pairs
from solver.checker.pins import settle
from solver.checker.prices import read_conflict
from solver.checker.report import Verification
from solver.checker.sizes import money_type

if TYPE_CHECKING:
    from solver.checker.exact import Row
    from solver.checker.inputs import Inputs
    from solver.checker.limits import Limits
    from solver.checker.prices import Prices
    from solver.checker.report import Log

FILE: Final = "plan.json"
ENTRIES: Final = {"rules", "checked", "missed", "relaxations"}


def check_conflict(
    plan: dict[str, Any], certificate: dict[str, Any], tables: dict[str, list[Row]], inputs: Inputs,
    limits: Limits, log: Log,
) -> Verification:  # fmt: skip
    """Check that there is no plan, and that the folder holds none."""
    prices = read_conflict(certificate, inputs, limits, log)
    columns = Columns(inputs, money_type(inputs, [prices]))
    rest = settle(columns, limits, log)

    gains, count = dict[str, int](), 0
    for category in CATEGORIES:
        for pairs in all_pairs(columns, category, columns.needs):
            gains |= proof.least(pairs, prices, columns, rest)
            count += len(pairs.row)
    check_distances(inputs, log)

    least = proof.bound_of(inputs, prices, gains, rest, Attained(Counter(), inputs, limits))
    if least <= 0:
        text = f"the proof gives {least}, where more than 0 would show that there is no plan"
        log.add("status", FILE, "status", text, str(least))
    _check_rules(plan.get("conflict"), prices, inputs, limits, log)
    claims.check_nothing(plan, inputs, log)
    for name, rows in tables.items():
        for row in rows:
            log.add(
                name.removesuffix("s"), f"{name}.csv", next(iter(row.values())), "stands where no plan is"
            )
    return Verification(
        not log.found, tuple(log.listed), dict(log.found), claims.INFEASIBLE if least > 0 else None,
        counts={"assets": len(inputs.assets), "needs": len(inputs.needs), "pairs": count, "transfers": 0},
    )  # fmt: skip


def _check_rules(given: object, prices: Prices, inputs: Inputs, limits: Limits, log: Log) -> None:
    """Report named rules that are none, and those that are not the rules which the proof uses."""
    if not isinstance(given, dict) or set(given) != ENTRIES:
        log.add("conflict", FILE, "conflict", f"is {given!r:.80}, should have {sorted(ENTRIES)}")
        return
    named, missed = given["rules"], given["missed"]
    if not isinstance(named, list) or not all(isinstance(rule, str) for rule in named):
        log.add("conflict", FILE, "conflict.rules", f"{named!r:.80} are no ids")
        return
    known = {row.id for row in limits.rows.values() if row.hard or row.most is not None}
    norms = inputs.scenario["norms"]["max_per_commune"]
    known |= {f"norm|{key}" for key in norms if key.split("/")[0] != HOUSED}
    used = {_rule_of(row) for row, price in prices.row.items() if price}
    for rule in sorted(set(named) - known):
        log.add("conflict", FILE, rule, "is no rule that a plan could break")
    for rule in sorted(set(named) ^ used):
        text = "has no price in the proof" if rule in named else "is used by the proof and not named"
        log.add("conflict", FILE, rule, text)
    if any(before >= after for before, after in pairwise(named)):
        log.add("conflict", FILE, "conflict.rules", "rules are sorted, each once")
    if type(given["checked"]) is not bool or not isinstance(given["relaxations"], list):
        log.add("conflict", FILE, "conflict", "`checked` is true or false, `relaxations` a list")
    if type(missed) is not int or missed < 0:
        log.add("conflict", FILE, "conflict.missed", f"{missed!r:.40} are no units")


def _rule_of(row: str) -> str:
    """Return the rule of a row: a norm is one in all communes."""
    kind, _, tail = row.partition("|")
    return f"norm|{tail.split('|', 1)[1]}" if kind == "norm" else row
