"""What a plan must obey, and what its prices prove: the part of the checker that an auditor must read.

Integers from the folder's inputs (`inputs.py`, `distances.py`; `docs/cost.md` in words):

    s_a, d_n   units of asset a, units or places that need n asks for
    k_a, f_a   room of premises a, cost of using it at all                                 `Asset.opening`
    E          eligible pairs (a, n): those that pass every stage of the funnel            `compare`
    c_an       cost of a unit or place: the sum of its parts, each rounded                 `cost_of`
    w_an       room that a place takes: its area, or the load of an explicit match         `compare`
    p_n        price x priority factor: cost of a unit left unmet                          `Need.weighted`
    k_r        cap of a norm row r = (commune, key): max(0, allowed - in use)              `Inputs.cap`
    r in R_an  rows of a pair: the need's commune, each key that fits the asset's kind     `Inputs.norm_keys`

A plan moves x_an units and leaves u_n = d_n - sum_a x_an unmet. It is valid when

    x_an > 0 whole, only on pairs of E with c_an < p_n                                     `price_transfers`
    sum_a x_an <= d_n,    sum of x_an over the pairs of row r <= k_r                       `check_limits`
    movables: sum_n x_an <= s_a;    premises: sum_n w_an x_an <= k_a                       `check_limits`
    objective = sum c_an x_an + sum p_n u_n + sum of f_a over premises in use (any x > 0)  `objective_terms`

The certificate gives a price pi_n <= p_n for each need and lambda_r >= 0 for some rows (`prices.py`),
nothing else. With v_an = c_an + sum_(r in R_an) lambda_r - pi_n, an asset changes the cost by at least
(`least`; for premises an exact knapsack of the worths -v_an, `knapsack.py`)

    movables: g_a = s_a min(0, min of v_an over all (a, n) in E)
    premises: g_a = min(0, f_a + min of sum_n v_an x_an over x on E with sum_n w_an x_an <= k_a, x_an <= d_n)

    bound = sum d_n pi_n - sum lambda_r k_r + sum g_a                                      `bound_terms`

No valid plan costs less. Its cost is sum c x + sum p u + sum f >= sum c x + sum pi u + sum f + sum_r lambda_r
(received_r - k_r), since pi <= p and received <= k; with u = d - sum x this is sum d pi - sum lambda k +
sum v x + sum f. A movable moves at most s_a units, none of them for less than the minimum; what goes into a
building fits in it, and then f_a is paid. So asset a adds at least g_a. Where the prices come from does not
matter. They are integers over one denominator: the bound is rounded up. Of premises it may be raised by
trees (`components.py`, `tree.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from solver.checker.block import Pairs, by_province
from solver.checker.exact import plain
from solver.checker.inputs import HOUSED
from solver.checker.rooms import fill
from solver.checker.rules import Rules, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from solver.checker.block import Columns, Numbers, Table
    from solver.checker.inputs import Asset, Inputs, Need
    from solver.checker.prices import Prices
    from solver.checker.report import Log
    from solver.checker.transfers import Transfer

    Term = tuple[tuple[str, str, str], int]  # amount of a category, province, priority

STAGES: Final = (  # of the funnel: a pair stands at the first that it fails
    "no_asset", "too_small", "condition", "age", "legal_status", "date", "within_commune", "no_distance",
    "reach", "province_rule", "banned", "norm", "too_dear", "outbid",
)  # fmt: skip
ELIGIBLE: Final = STAGES.index("norm")  # it fails none of its own; the rest is up to the plan
CELLS: Final = 1 << 20  # pairs looked at in one go


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
            cost, _ = cost_of(rules, a, n, metres[rows, at], columns)
        found.append((rows, n, cost, load[rows, at]))
    row, need, cost, load = (np.concatenate(cells) for cells in zip(*found, strict=True))
    cross = columns.province[0][assets[row]] != columns.province[1][need]
    return Pairs(rules.category, rules.norms, assets, reached, row, need, cost, load, cross)


def check_limits(transfers: list[Transfer], inputs: Inputs, log: Log) -> set[tuple[str, str]]:
    """Check supply, room, demand and norms; return the norm rows (commune, key) that are exhausted."""
    used: Counter[tuple[str, ...]] = Counter()
    for transfer in transfers:
        asset, need, units = transfer.asset, transfer.need, transfer.units
        if asset.category == HOUSED:
            used["room", asset.id] += units * transfer.load
        else:
            used["asset", asset.id] += units
        used["need", need.id] += units
        for key in inputs.norm_keys(asset.category, asset.kind):
            used["norm", need.commune, key] += units
    limits: dict[tuple[str, ...], int] = {("asset", t.asset.id): t.asset.units for t in transfers}
    limits |= {("room", t.asset.id): inputs.area_of(t.asset) for t in transfers}
    limits |= {("need", t.need.id): t.need.units for t in transfers}
    keys = inputs.scenario["norms"]["max_per_commune"]
    rows = {(need.commune, key) for need in inputs.needs.values() for key in keys}
    limits |= {("norm", *row): inputs.cap(*row) for row in rows}
    for name, amount in used.items():
        if amount > limits[name]:
            per, what = (inputs.unit, "m2") if name[0] == "room" else (1, "units")
            given, limit = (plain(Fraction(value, per)) for value in (amount, limits[name]))
            text = f"{given} {what}, at most {limit}"
            log.add(f"{name[0]}_exceeded", "transfers.csv", "|".join(name[1:]), text, given, limit)
    return {row for row in rows if used["norm", *row] >= limits["norm", *row]}


def objective_terms(transfers: list[Transfer], inputs: Inputs) -> Iterator[Term]:
    """Yield what the plan costs: transfers, units left unmet, premises in use."""
    unmet = Counter({need.id: need.units for need in inputs.needs.values()})
    for move in transfers:
        unmet[move.need.id] -= move.units
        yield move.need.book, move.units * move.cost
    for need in inputs.needs.values():
        yield need.book, max(0, unmet[need.id]) * need.weighted
    for asset in opened(transfers):
        yield (asset.category, asset.province, ""), asset.opening


def opened(transfers: list[Transfer]) -> list[Asset]:
    """List the premises in use: those that receive a place."""
    return [a for a in {move.asset.id: move.asset for move in transfers}.values() if a.category == HOUSED]


def least(pairs: Pairs, prices: Prices, columns: Columns) -> dict[str, int]:
    """Return g of each asset over its needs, times the denominator; `pairs` holds all pairs of its assets."""
    assets = [columns.assets[i] for i in pairs.assets.tolist()]
    net = columns.of_needs(("net", *pairs.norms), lambda n: prices.net(n, pairs.norms), columns.money)
    changes = prices.scale * pairs.cost + net[pairs.need]
    if pairs.category != HOUSED:
        least_of: NDArray[Any] = np.zeros(len(assets), columns.money)
        np.minimum.at(least_of, pairs.row, changes)
        return {asset.id: asset.units * one for asset, one in zip(assets, least_of.tolist(), strict=True)}
    floors = [prices.scale * asset.opening for asset in assets]
    saved = fill(pairs, -changes, floors, columns)
    return {a.id: floor - best for a, floor, best in zip(assets, floors, saved, strict=True)}


def bound_terms(inputs: Inputs, prices: Prices, gains: dict[str, int]) -> Iterator[Term]:
    """Yield the terms of the bound, times the denominator; `gains` has g of each asset."""
    for need in inputs.needs.values():
        yield need.book, need.units * prices.need[need.id]
    for name, price in prices.row.items():
        _, commune, key = name.split("|", 2)
        province = inputs.communes.get(commune, {}).get("province_code", "")
        yield (key.split("/")[0], province, ""), -price * inputs.cap(commune, key)
    for asset in inputs.assets.values():
        yield (asset.category, asset.province, ""), gains[asset.id]
