"""What a plan must obey, and what its prices prove: the part of the checker that an auditor must read.

Integers from the folder's inputs (`inputs.py`, `distances.py`; `docs/cost.md` in words):

    s_a, d_n   units of asset a, units or places that need n asks for
    k_a, f_a   room of premises a, cost of using it at all                                 `Asset.opening`
    E          eligible pairs (a, n): those that pass every stage of the funnel            `compare`
    c_an       cost of a unit or place: the sum of its parts, each rounded                 `compare`
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
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from solver.checker.block import Block, Pairs
from solver.checker.exact import plain
from solver.checker.inputs import HOUSED
from solver.checker.rooms import fill
from solver.checker.rules import Rules, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from solver.checker.inputs import Asset, Inputs, Need
    from solver.checker.prices import Prices
    from solver.checker.report import Log
    from solver.checker.transfers import Transfer

    Place = TypeVar("Place", Asset, Need)
    Table = NDArray[np.bool_]
    Term = tuple[tuple[str, str, str], int]  # amount of a category, province, priority

STAGES: Final = (  # of the funnel: a pair stands at the first that it fails
    "no_asset", "too_small", "condition", "age", "legal_status", "date", "within_commune", "no_distance",
    "reach", "province_rule", "banned", "norm", "too_dear", "outbid",
)  # fmt: skip
ELIGIBLE: Final = STAGES.index("norm")  # it fails none of its own; the rest is up to the plan
CELLS: Final = 1 << 20  # pairs looked at in one go


def compare(block: Block, inputs: Inputs, money: type) -> Pairs:
    """Look at every asset with every need: stage of the funnel, cost of a unit, load of a place."""
    shape = len(block.assets), len(block.needs)
    metres, fails = np.full(shape, -1, np.int64), {"banned": np.zeros(shape, np.bool_)}
    block.fill(fails["banned"], inputs.bans)
    cross = ~block.alike(lambda place: place.province)
    room: NDArray[Any] = block.of_asset(inputs.area_of, money)
    load: NDArray[Any] = np.zeros(shape, money) + block.of_need(inputs.area_of, money)
    cost: NDArray[Any] = np.full(shape, -1, money)
    parts: dict[str, NDArray[Any]] = {}
    if inputs.form == "matches":  # the cost of a pair is given, or there is no pair
        block.fill(cost, inputs.pairs)
        block.fill(load, inputs.loads)
        fails["no_asset"], cost = cost < 0, np.maximum(cost, 0)
    else:
        together = block.alike(lambda place: place.commune)
        if inputs.form == "communes":
            start = block.of_asset(lambda a: inputs.origins[a.commune])
            between = inputs.matrix[start, block.of_need(lambda n: inputs.destinations[n.commune])]
            legs = block.of_asset(lambda a: a.leg) + block.of_need(lambda n: n.leg)
            metres = np.where(between < 0, -1, between + legs)
            metres[together] = 0
        block.fill(metres, inputs.pairs)
        fails |= _fails(block, inputs, metres, cross, together)
        parts = _parts(block, inputs, metres, cross, money)
        parts = {name: np.broadcast_to(part, shape) for name, part in parts.items()}
        cost = sum(parts.values(), np.zeros(shape, money))
    fails["too_small"] = load > room
    stage = np.full(shape, ELIGIBLE, np.int8)
    for name in reversed(STAGES[:ELIGIBLE]):
        if name in fails:
            np.copyto(stage, STAGES.index(name), where=fails[name])
    return Pairs(block, stage, cost, load, room[:, 0], parts, metres, cross)


def asks_for(need: Need, category: str, kind: str) -> bool:
    """Tell whether a need takes a kind: one that it names, or, if it names none, any but land."""
    return need.category == category and (kind in need.kinds if need.kinds else kind != "land")


def _fails(
    block: Block, inputs: Inputs, metres: NDArray[np.int64], cross: Table, together: Table
) -> dict[str, Table]:
    """Tell who fails each stage; what is unknown meets no limit."""
    rules, local = block.rules, inputs.scenario["rules"]["within_commune"]
    grades = inputs.grades
    condition = block.of_asset(lambda a: grades.of_asset[a.id])
    deadline = block.of_need(lambda n: n.deadline)
    return {
        "no_asset": block.of_need(lambda n: not asks_for(n, rules.category, rules.kind), bool),
        "condition": (condition < block.of_need(lambda n: grades.of_need[n.id]))
        | ((condition < grades.least(rules.least)) & (rules.least > 0)),
        "age": block.of_asset(rules.too_old, bool),
        "legal_status": block.of_asset(lambda a: a.row["legal_status"] not in rules.legal, bool),
        "date": (deadline < block.of_asset(lambda a: a.first))
        | (deadline > block.of_asset(lambda a: a.last)),
        "within_commune": ~together & block.of_need(lambda n: n.purpose in local, bool),
        "no_distance": metres < 0,
        "reach": metres > block.of_need(lambda n: rules.reach if n.reach is None else n.reach),
        "province_rule": cross & (rules.border == "forbidden"),
    }  # fmt: skip


def _parts(
    block: Block, inputs: Inputs, metres: NDArray[np.int64], cross: Table, money: type
) -> dict[str, NDArray[Any]]:
    """Derive the parts of the cost of a unit, each rounded half up; those that are not named are 0."""

    def rounded(product: NDArray[Any], divisor: NDArray[Any] | int) -> NDArray[Any]:
        return np.asarray((2 * product + divisor) // (2 * divisor))

    rules, unit = block.rules, inputs.unit
    shares: NDArray[Any] = np.array([rules.lost(asset) for asset in block.assets], money).reshape(-1, 2)
    lost, of = shares[:, :1], shares[:, 1:]
    way: NDArray[Any] = metres.astype(money) * rules.per_metre.numerator
    parts: dict[str, NDArray[Any]] = {
        "handover": np.array(rules.handover, money), "surcharge": cross.astype(money) * rules.surcharge,
    }  # fmt: skip
    if rules.category != HOUSED:
        return parts | {
            "transport": rounded(way, rules.per_metre.denominator),
            "repair": block.of_asset(lambda a: a.repair, money),
            "renewal": rounded(block.of_need(lambda n: n.price, money) * lost, of),
        }
    area, fit = block.of_need(inputs.area_of, money), inputs.scenario["rules"]["same_use"]
    fits = block.of_need(lambda n: rules.kind in fit.get(n.purpose, ()), bool)
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
    inputs: Inputs, needs: Iterable[Need], money: type, *, abroad: bool = False
) -> Iterator[list[Pairs]]:
    """Yield all pairs, those of the same assets together.

    Passed over are needs that do not ask for a kind, and pairs of two provinces under a rule that forbids
    them, unless these are wanted (`abroad`): none of them is eligible. With matches every pair is looked at.
    """
    needs, given = list(needs), inputs.form == "matches"
    stocks: dict[tuple[str, str], list[Asset]] = defaultdict(list)
    for asset in sorted(inputs.assets.values(), key=lambda asset: asset.id):
        stocks[asset.category, asset.kind].append(asset)
    for (category, kind), stock in stocks.items():
        wanted = [n for n in needs if n.category == category and (given or asks_for(n, category, kind))]
        groups: dict[Rules, list[Need]] = defaultdict(list)
        for purpose in sorted({need.purpose for need in wanted}):
            groups[rules_of(inputs, category, kind, purpose)] += [n for n in wanted if n.purpose == purpose]
        shut = {rules: own for rules, own in groups.items() if rules.border == "forbidden" and not given}
        at_home = {} if abroad else {rules: _by_province(own) for rules, own in shut.items()}
        none: dict[Rules, list[Need]] = {rules_of(inputs, category, kind): []}
        for home, assets in (_by_province(stock) if at_home else {"": stock}).items():
            near = none | (shut if abroad else groups)
            near |= {rules: own.get(home, []) for rules, own in at_home.items()}
            some = max(1, CELLS // max(1, sum(map(len, near.values()))))
            for part in (assets[i : i + some] for i in range(0, len(assets), some)):
                yield [compare(Block(rules, part, own), inputs, money) for rules, own in near.items()]


def _by_province(places: Iterable[Place]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        found[place.province].append(place)
    return found


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
    limits: dict[tuple[str, ...], int] = {("asset", a.id): a.units for a in inputs.assets.values()}
    limits |= {("room", a.id): inputs.area_of(a) for a in inputs.assets.values()}
    limits |= {("need", need.id): need.units for need in inputs.needs.values()}
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


def least(group: list[Pairs], prices: Prices) -> dict[str, int]:
    """Return g of each asset over its needs, times the denominator; `group` holds all pairs of its assets."""
    assets = group[0].block.assets
    changes: list[NDArray[Any]] = []
    for pairs in group:
        norms, money = pairs.block.rules.norms, pairs.cost.dtype.type
        bids = [prices.of_rows(need.commune, norms) - prices.need[need.id] for need in pairs.block.needs]
        net = np.array(bids, money)
        changes.append(np.where(pairs.stage == ELIGIBLE, prices.scale * pairs.cost + net, 0))
    if group[0].block.rules.category != HOUSED:
        least_of = np.min([change.min(axis=1, initial=0) for change in changes], axis=0).tolist()
        return {asset.id: asset.units * change for asset, change in zip(assets, least_of, strict=True)}
    floors = [prices.scale * asset.opening for asset in assets]
    saved = fill(group, [-change for change in changes], floors)
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
