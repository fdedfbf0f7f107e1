"""Which pairs of an asset and a need are eligible, and what a unit of each costs: `docs/cost.md`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from solver.checker.block import Pairs, by_province
from solver.checker.inputs import HOUSED
from solver.checker.rules import Rules, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from solver.checker.block import Columns, Numbers, Table
    from solver.checker.inputs import Need

STAGES: Final = (  # of the funnel: a pair stands at the first that it fails
    "no_asset", "too_small", "condition", "age", "legal_status", "date", "within_commune", "no_distance",
    "reach", "province_rule", "banned", "freedom", "norm", "pinned", "budget", "cross_province_max",
    "equity", "too_dear", "max_changes", "outbid",
)  # fmt: skip
ELIGIBLE: Final = STAGES.index("norm")  # it fails none of its own; the rest is up to the plan
CELLS: Final = 1 << 20  # pairs looked at in one go
SPENT: Final = ("transport", "handover", "repair", "change_of_use", "build")  # the parts of the spend


def compare(
    rules: Rules, a: Numbers, n: Numbers, columns: Columns
) -> tuple[NDArray[np.int8], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Look at assets `a` with needs `n` under rules: stage of the funnel, metres, load, given cost.

    Either a column of assets and a row of needs, which makes a table of all their pairs, or two lists of
    equal length, which makes a list. What is unknown meets no limit.
    """
    inputs, shape = columns.inputs, np.broadcast_shapes(a.shape, n.shape)
    room, load = columns.area[0][a], np.broadcast_to(columns.area[1][n], shape)
    metres, given = np.broadcast_to(np.int64(-1), shape), np.broadcast_to(np.int64(-1), shape)
    if inputs.form == "matches":  # the cost of a pair is given, or there is no pair
        given = columns.fill(np.full(shape, -1, columns.money), a, n, columns.pairs)
        load = columns.fill(load.copy(), a, n, columns.loads)
        passed = {"no_asset": given >= 0}
    else:
        together = columns.commune[0][a] == columns.commune[1][n]
        metres = _metres(a, n, together, columns)
        passed = _passed(rules, a, n, metres, together, columns)
    passed["too_small"] = (load if inputs.form == "matches" else columns.area[1][n]) <= room
    passed["banned"] = ~columns.fill(np.zeros(shape, np.bool_), a, n, columns.bans)
    if len(columns.freedom.codes):
        passed["freedom"] = columns.freedom.allows(a, n)
    alive, stage = np.ones(shape, np.bool_), np.zeros(shape, np.int8)
    for name in STAGES[:ELIGIBLE]:
        if name in passed:
            alive &= passed[name]
        stage += alive
    return stage, metres, load, given


def _metres(a: Numbers, n: Numbers, together: Table, columns: Columns) -> NDArray[np.int64]:
    """Look up distances, -1 for none."""
    metres = np.full(together.shape, -1, np.int64)
    if columns.inputs.form == "communes":
        (rows, ends), (here, there) = columns.place, columns.leg
        between = columns.inputs.matrix[rows[a], ends[n]]
        metres = np.where(between < 0, -1, between + here[a] + there[n])
        metres[together] = 0
    return columns.fill(metres, a, n, columns.pairs)


def _passed(
    rules: Rules, a: Numbers, n: Numbers, metres: NDArray[np.int64], together: Table, columns: Columns
) -> dict[str, Table]:
    """Tell who passes each stage."""
    category, kind, local = rules.category, rules.kind, columns.inputs.scenario["rules"]["within_commune"]
    grade, deadline, reach = columns.grade[0][a], columns.deadline[n], columns.reach[n]
    worn = (rules.least > 0) & (grade < columns.inputs.grades.least(rules.least))
    abroad = columns.province[0][a] != columns.province[1][n]
    return {
        "no_asset": columns.by_wish(("asks", category, kind), lambda n: n.asks_for(category, kind))[n],
        "condition": (grade >= columns.grade[1][n]) & ~worn,
        "age": ~columns.worn(rules).old[a],
        "legal_status": columns.worn(rules).legal[a],
        "date": (columns.first[a] <= deadline) & (deadline <= columns.last[a]),
        "within_commune": together | ~columns.by_wish(("local",), lambda n: n.purpose in local)[n],
        "no_distance": metres >= 0,
        "reach": metres <= np.where(reach < 0, rules.reach, reach),
        "province_rule": ~(abroad & (rules.border == "forbidden")),
    }


def cost_of(
    rules: Rules, a: Numbers, n: Numbers, metres: NDArray[np.int64], columns: Columns
) -> tuple[NDArray[Any], dict[str, NDArray[Any]]]:
    """Derive the cost of a unit of each pair of a list, and its parts."""
    found = _parts(rules, a, n, metres, columns)
    parts = {name: np.broadcast_to(part, a.shape) for name, part in found.items()}
    return sum(parts.values(), np.zeros(a.shape, columns.money)), parts


def _parts(
    rules: Rules, a: Numbers, n: Numbers, metres: NDArray[np.int64], columns: Columns
) -> dict[str, NDArray[Any]]:
    """Each part is rounded half up; those that are not named are 0."""

    def rounded(product: NDArray[Any], divisor: NDArray[Any] | int) -> NDArray[Any]:
        return np.asarray((2 * product + divisor) // (2 * divisor))

    unit, money = columns.inputs.unit, columns.money
    _, _, lost, of = columns.worn(rules)
    lost, of = lost[a], of[a]
    way: NDArray[Any] = metres.astype(money) * rules.per_metre.numerator
    cross = columns.province[0][a] != columns.province[1][n]
    parts: dict[str, NDArray[Any]] = {
        "handover": np.array(rules.handover, money), "surcharge": cross.astype(money) * rules.surcharge,
    }  # fmt: skip
    if rules.category != HOUSED:
        return parts | {
            "transport": rounded(way, rules.per_metre.denominator),
            "repair": columns.repair[a],
            "renewal": rounded(columns.price[n] * lost, of),
        }
    area, fit = columns.area[1][n], columns.inputs.scenario["rules"]["same_use"]
    fits = columns.by_wish(("fits", rules.kind), lambda n: rules.kind in fit.get(n.purpose, ()))[n]
    of_area: dict[str, NDArray[Any]] = {
        name: rounded(area * rate.numerator, rate.denominator * unit)
        for name, rate in (("change_of_use", rules.change), ("build", rules.build))
    }
    return parts | of_area | {
        "repair": rounded(area * rules.repair.numerator * lost, of * rules.repair.denominator * unit),
        "change_of_use": np.where(fits, 0, of_area["change_of_use"]),
        "travel": rounded(way * area, rules.per_metre.denominator * unit),
    }  # fmt: skip


def all_pairs(
    columns: Columns, category: str, needs: Iterable[Need], *, abroad: bool = False
) -> Iterator[Pairs]:
    """Yield all eligible pairs of a category, those of the same assets together.

    Passed over are needs that do not ask for a kind, and pairs of two provinces under a rule that forbids
    them, unless these are wanted (`abroad`): none of them is eligible. With matches every pair is looked at.
    """
    inputs = columns.inputs
    given, stocks, alike = inputs.form == "matches", defaultdict(list), defaultdict(list)
    for i, asset in enumerate(columns.assets):
        if asset.category == category:
            stocks[asset.kind].append(i)
    for need in needs:
        if need.category == category:
            alike[need.purpose, *need.kinds].append(columns.need_of[need.id])
    for kind, stock in stocks.items():
        groups: dict[Rules, list[int]] = {rules_of(inputs, category, kind): []}
        for (purpose, *_), own in alike.items():
            if given or columns.needs[own[0]].asks_for(category, kind):
                groups.setdefault(rules_of(inputs, category, kind, purpose), []).extend(own)
        shut = {rules for rules in groups if rules.border == "forbidden" and not given}
        if abroad:
            groups, shut = {rules: groups[rules] for rules in shut if groups[rules]}, set()
        if not groups:
            continue
        at_home = {rules: by_province(groups[rules], columns.needs) for rules in shut}
        for home, assets in (by_province(stock, columns.assets) if shut else {"": stock}).items():
            near = {
                rules: np.array(at_home[rules].get(home, []) if rules in shut else own, np.int64)
                for rules, own in groups.items()
            }
            some = max(1, CELLS // max(1, sum(map(len, near.values()))))
            for part in (assets[i : i + some] for i in range(0, len(assets), some)):
                yield _eligible(np.array(part, np.int64), near, columns)


def _eligible(assets: Numbers, near: dict[Rules, Numbers], columns: Columns) -> Pairs:
    """List the eligible pairs of some assets of one kind; `near` has their needs by the rules that hold."""
    reached, found = [], []
    for rules, needs in near.items():
        stage, metres, load, cost = compare(rules, assets[:, None], needs, columns)
        reached.append((needs, stage.max(axis=0, initial=0)))
        rows, at = np.nonzero(stage == ELIGIBLE)
        a, n = assets[rows], needs[at]
        cost = cost[rows, at]
        if columns.inputs.form != "matches":
            cost, parts = cost_of(rules, a, n, metres[rows, at], columns)
        elif columns.inputs.budgets:
            parts = {SPENT[0]: columns.fill(cost.copy(), a, n, columns.spends)}
        spend = (
            sum((parts[name] for name in SPENT if name in parts), np.zeros_like(cost))
            if columns.inputs.budgets
            else cost
        )
        kept = np.zeros(len(rows), np.int64)
        if len(columns.kept.asset):
            kept = columns.fill(np.zeros(stage.shape, np.int64), assets[:, None], needs, columns.kept)[
                rows, at
            ]
        found.append((rows, n, cost, spend, load[rows, at], kept))
    row, need, cost, spend, load, kept = (np.concatenate(cells) for cells in zip(*found, strict=True))
    cross = columns.province[0][assets[row]] != columns.province[1][need]
    return Pairs(
        rules.category, rules.kind, rules.norms, assets, reached, row, need, cost, spend, load, cross, kept
    )
