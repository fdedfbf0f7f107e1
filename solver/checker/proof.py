"""What a plan must obey, and what its prices prove: the part of the checker that an auditor must read.

Integers from the folder's inputs (`inputs.py`, `distances.py`; `docs/cost.md` in words):

    s_a, d_n   units of asset a, units that need n asks for
    E          eligible pairs (a, n): those that pass every stage of the funnel            `compare`
    c_an       cost of a unit: transport + handover + repair + renewal + surcharge         `compare`
    p_n        price x priority factor: cost of a unit left unmet                          `Need.weighted`
    k_r        cap of a norm row r = (commune, key): max(0, allowed - in use)              `Inputs.cap`
    r in R_an  rows of a pair: the need's commune, each key that fits the asset's kind     `Inputs.norm_keys`

A plan moves x_an units and leaves u_n = d_n - sum_a x_an unmet. It is valid when

    x_an > 0 whole, only on pairs of E with c_an < p_n          `price_transfers`
    sum_n x_an <= s_a,    sum_a x_an <= d_n                     `check_limits`
    sum of x_an over the pairs of row r <= k_r                  `check_limits`
    objective = sum c_an x_an + sum p_n u_n                     `objective_terms`

The certificate gives a price pi_n <= p_n for each need and lambda_r >= 0 for some rows (`read_prices`),
nothing else. With g_a = min(0, min over all (a, n) in E of c_an + sum_(r in R_an) lambda_r - pi_n) (`least`)

    bound = sum d_n pi_n - sum lambda_r k_r + sum s_a g_a       `bound_terms`

No valid plan costs less. Its cost is sum c x + sum p u >= sum c x + sum pi u + sum_r lambda_r (received_r -
k_r), since pi <= p and received <= k; with u = d - sum x this is sum d pi - sum lambda k + sum x_an (c_an +
lambda of its rows - pi_n); and an asset moves at most s_a units, none of them for less than g_a <= 0. Where
the prices come from does not matter. They are integers over one denominator: the bound is rounded up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from solver.checker.block import Block, Pairs
from solver.checker.exact import UnreadableError, non_negative, whole
from solver.checker.rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from solver.checker.inputs import Asset, Inputs, Need
    from solver.checker.report import Log
    from solver.checker.transfers import Transfer

    Term = tuple[str, str, int]  # category, province, amount

STAGES: Final = (  # of the funnel: a pair stands at the first that it fails
    "no_asset", "condition", "age", "legal_status", "date", "no_distance", "reach", "province_rule", "banned",
    "norm", "too_dear", "outbid",
)  # fmt: skip
ELIGIBLE: Final = STAGES.index("norm")  # it fails none of its own; the rest is up to the plan
SPENT: Final = ("transport", "handover", "repair", "change_of_use", "build")
CELLS: Final = 1 << 18  # pairs looked at in one go
SAFE: Final = 1 << 62  # 64-bit integers are used only where every intermediate value stays below


def compare(block: Block, inputs: Inputs, money: type) -> Pairs:
    """Look at every asset with every need: the stage of the funnel and the cost of a unit."""
    shape = len(block.assets), len(block.needs)
    metres, banned = np.full(shape, -1, np.int64), np.zeros(shape, np.bool_)
    cross = ~block.alike(lambda place: place.province)
    block.fill(banned, inputs.bans)
    if inputs.form == "matches":  # the cost of a pair is given, or there is no pair
        cost: NDArray[Any] = np.full(shape, -1, money)
        block.fill(cost, inputs.pairs)
        stage = np.where(cost < 0, 0, np.where(banned, STAGES.index("banned"), ELIGIBLE)).astype(np.int8)
        return Pairs(block, stage, np.maximum(cost, 0), {}, metres, cross)
    if inputs.form == "communes":
        start = block.of_asset(lambda a: inputs.origins[a.commune])
        between = inputs.matrix[start, block.of_need(lambda n: inputs.destinations[n.commune])]
        legs = block.of_asset(lambda a: a.leg) + block.of_need(lambda n: n.leg)
        metres = np.where(between < 0, -1, between + legs)
        metres[block.alike(lambda place: place.commune)] = 0
    block.fill(metres, inputs.pairs)
    stage = np.full(shape, ELIGIBLE, np.int8)
    fails = [*_fails(block, metres, cross), banned]
    for place in reversed(range(len(fails))):
        np.copyto(stage, place, where=fails[place])
    parts = {name: np.broadcast_to(part, shape) for name, part in _parts(block, metres, cross, money).items()}
    return Pairs(block, stage, sum(parts.values(), np.zeros(shape, money)), parts, metres, cross)


def _fails(block: Block, metres: NDArray[np.int64], cross: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Tell who fails each stage up to the province rule; what is unknown meets no limit."""
    rules = block.rules
    conditions = {rules.least, *(a.condition for a in block.assets), *(n.condition for n in block.needs)}
    known = sorted(condition for condition in conditions if condition is not None)
    level: dict[Fraction | None, int] = {None: -1} | {condition: i for i, condition in enumerate(known)}
    condition, deadline = block.of_asset(lambda a: level[a.condition]), block.of_need(lambda n: n.deadline)
    return [
        block.of_need(lambda n: bool(n.kinds) and rules.kind not in n.kinds, bool),
        (condition < block.of_need(lambda n: level[n.condition]))
        | ((condition < level[rules.least]) & (rules.least > 0)),
        block.of_asset(lambda a: rules.oldest is not None and (a.age is None or a.age > rules.oldest), bool),
        block.of_asset(lambda a: a.row["legal_status"] not in rules.legal, bool),
        (deadline < block.of_asset(lambda a: a.first)) | (deadline > block.of_asset(lambda a: a.last)),
        metres < 0,
        metres > block.of_need(lambda n: rules.reach if n.reach is None else n.reach),
        cross & (rules.border == "forbidden"),
    ]


def _parts(
    block: Block, metres: NDArray[np.int64], cross: NDArray[np.bool_], money: type
) -> dict[str, NDArray[Any]]:
    """Derive the parts of the cost of a unit, each rounded half up."""

    def rounded(product: NDArray[Any], divisor: NDArray[Any] | int) -> NDArray[Any]:
        return np.asarray((2 * product + divisor) // (2 * divisor))

    rules = block.rules
    lost = block.of_asset(lambda a: rules.lost(a)[0], money)
    return {
        "transport": rounded(metres.astype(money) * rules.per_metre.numerator, rules.per_metre.denominator),
        "handover": np.array(rules.handover, money),
        "repair": block.of_asset(lambda a: a.repair, money),
        "renewal": rounded(
            block.of_need(lambda n: n.price, money) * lost, block.of_asset(lambda a: rules.lost(a)[1], money)
        ),
        "surcharge": cross.astype(money) * rules.surcharge,
    }


def money_type(inputs: Inputs, prices: Prices) -> type:
    """Choose 64-bit integers if they hold every intermediate value, else Python's of any size."""
    charges = inputs.scenario["prices"]
    rates = [*charges["per_km"].values(), *charges["handover"].values(), charges["cross_province"], 1]
    exact = [rate for value in rates if (rate := non_negative(value, "price")) is not None]
    size = max(rate.numerator + rate.denominator for rate in exact)
    shares = max((a.condition.denominator for a in inputs.assets.values() if a.condition), default=1)
    price = max((need.price + need.weighted for need in inputs.needs.values()), default=0)
    repair = max((asset.repair for asset in inputs.assets.values()), default=0)
    given = max((value for own in inputs.pairs.values() for value in own.values()), default=0)
    cost = 4000 * size * (inputs.widest + 1) + 400 * shares * (price + 1) + repair + given
    duals = max((abs(price) for price in prices.need.values()), default=0) + sum(prices.row.values())
    return np.int64 if 2 * cost * prices.scale + duals < SAFE else object


def all_pairs(inputs: Inputs, money: type) -> Iterator[Pairs]:
    """Every pair, block by block; only needs that do not ask for a kind are passed over: none is eligible."""
    stocks: dict[tuple[str, str], list[Asset]] = defaultdict(list)
    for asset in sorted(inputs.assets.values(), key=lambda asset: asset.id):
        stocks[asset.category, asset.kind].append(asset)
    for (category, kind), assets in stocks.items():
        needs = [
            need
            for need in inputs.needs.values()
            if need.category == category
            and (inputs.form == "matches" or not need.kinds or kind in need.kinds)
        ]
        rules, some = rules_of(inputs, category, kind), max(1, CELLS // max(1, len(needs)))
        for i in range(0, len(assets), some):
            yield compare(Block(rules, assets[i : i + some], needs), inputs, money)


def price_transfers(transfers: list[Transfer], inputs: Inputs, money: type, log: Log) -> None:
    """Derive what each transfer costs; it must be eligible, and cheaper than leaving the need unmet."""
    by_kind: dict[tuple[str, str], list[Transfer]] = defaultdict(list)
    for transfer in transfers:
        by_kind[transfer.asset.category, transfer.asset.kind].append(transfer)
    for kind, all_own in by_kind.items():
        rules = rules_of(inputs, *kind)
        for own in (all_own[i : i + 200] for i in range(0, len(all_own), 200)):
            assets = list({t.asset.id: t.asset for t in own}.values())
            needs = list({t.need.id: t.need for t in own}.values())
            pairs = compare(Block(rules, assets, needs), inputs, money)
            rows, columns = {a.id: i for i, a in enumerate(assets)}, {n.id: j for j, n in enumerate(needs)}
            for transfer in own:
                _price(transfer, pairs, (rows[transfer.asset.id], columns[transfer.need.id]), inputs, log)


def _price(transfer: Transfer, pairs: Pairs, at: tuple[int, int], inputs: Inputs, log: Log) -> None:
    ids = transfer.asset.id, transfer.need.id
    transfer.cost, stage = int(pairs.cost[at]), STAGES[pairs.stage[at]]
    transfer.parts = {name: int(part[at]) for name, part in pairs.parts.items()}
    transfer.spend = sum(transfer.parts.get(name, 0) for name in SPENT)
    transfer.km = Fraction(int(pairs.metres[at]), 1000)
    if inputs.form == "matches":
        row = inputs.given.get(ids, {"spend_vnd": "", "distance_km": ""})
        transfer.spend = whole(row, "spend_vnd", transfer.cost)
        transfer.km = non_negative(row["distance_km"], "distance_km")
    if stage == "norm" and transfer.cost >= transfer.need.weighted:
        stage = "too_dear"
    if stage != "norm":
        log.add("ineligible", "transfers.csv", ",".join(ids), stage)


def check_limits(transfers: list[Transfer], inputs: Inputs, log: Log) -> set[tuple[str, str]]:
    """Check supply, demand and norms; return the norm rows (commune, key) that are exhausted."""
    used: Counter[tuple[str, ...]] = Counter()
    for transfer in transfers:
        asset, need = transfer.asset, transfer.need
        names: list[tuple[str, ...]] = [("asset", asset.id), ("need", need.id)]
        names += [("norm", need.commune, key) for key in inputs.norm_keys(asset.category, asset.kind)]
        for name in names:
            used[name] += transfer.units
    limits: dict[tuple[str, ...], int] = {
        ("asset", asset.id): asset.units for asset in inputs.assets.values()
    }
    limits |= {("need", need.id): need.units for need in inputs.needs.values()}
    keys = inputs.scenario["norms"]["max_per_commune"]
    rows = {(need.commune, key) for need in inputs.needs.values() for key in keys}
    limits |= {("norm", *row): inputs.cap(*row) for row in rows}
    for name, units in used.items():
        if units > limits[name]:
            text = f"{units} units, at most {limits[name]}"
            row, most = "|".join(name[1:]), str(limits[name])
            log.add(f"{name[0]}_exceeded", "transfers.csv", row, text, str(units), most)
    return {row for row in rows if used["norm", *row] >= limits["norm", *row]}


def objective_terms(transfers: list[Transfer], inputs: Inputs) -> Iterator[tuple[Need, int]]:
    """Yield what the plan costs: transfers and units left unmet, each with the need that it belongs to."""
    unmet = Counter({need.id: need.units for need in inputs.needs.values()})
    for transfer in transfers:
        unmet[transfer.need.id] -= transfer.units
        yield transfer.need, transfer.units * transfer.cost
    for need in inputs.needs.values():
        yield need, max(0, unmet[need.id]) * need.weighted


@dataclass(frozen=True)
class Prices:
    """A certificate that is valid: what was not is reported and replaced by what is."""

    scale: int
    need: dict[str, int]
    row: dict[str, int]  # "norm|commune|key"

    def of_rows(self, commune: str, norms: list[str]) -> int:
        """Add up the prices of the norm rows in which a transfer to a commune counts."""
        return sum(self.row.get(f"norm|{commune}|{key}", 0) for key in norms)


def read_prices(certificate: dict[str, Any], inputs: Inputs, log: Log) -> Prices:
    """Take the prices that the proof allows."""
    file, scale = "certificate.json", certificate["denominator"]
    needs, rows = certificate["need_price"], certificate["row_price"]
    if type(scale) is not int or not 1 <= scale <= 1 << 20 or certificate["tree"] is not None:
        raise UnreadableError(f"{file}: the denominator is not 1 to 2^20, or there is a tree")
    for name in sorted(set(needs) ^ set(inputs.needs)):
        log.add("certificate_need", file, name, "planned needs and priced needs are not the same")
    bids: dict[str, int] = {}
    for name, need in inputs.needs.items():
        most, bid = scale * need.weighted, needs.get(name, 0)
        if type(bid) is not int or bid > most:
            log.add("certificate_price", file, name, f"{bid!r:.40} is no integer up to {most}")
        bids[name] = min(bid, most) if type(bid) is int else 0
    keys = inputs.scenario["norms"]["max_per_commune"]
    real = {f"norm|{need.commune}|{key}" for need in inputs.needs.values() for key in keys}
    good = {name: price for name, price in rows.items() if name in real and type(price) is int and price >= 0}
    for name in sorted(set(rows) - set(good)):
        log.add("certificate_row", file, name, f"no norm row of this plan, or no price: {rows[name]!r:.40}")
    return Prices(scale, bids, good)


def least(pairs: Pairs, prices: Prices) -> dict[str, int]:
    """Return g of each asset over its needs, times the denominator."""
    block, norms = pairs.block, pairs.block.rules.norms
    net = block.of_need(lambda n: prices.of_rows(n.commune, norms) - prices.need[n.id], pairs.cost.dtype.type)
    reduced = np.where(pairs.stage == ELIGIBLE, prices.scale * pairs.cost + net, 0)
    gains = reduced.min(axis=1, initial=0).tolist()
    return {asset.id: int(gain) for asset, gain in zip(block.assets, gains, strict=True)}


def bound_terms(inputs: Inputs, prices: Prices, gains: dict[str, int]) -> Iterator[Term]:
    """Yield the terms of the bound, times the denominator; `gains` has g of each asset."""
    for need in inputs.needs.values():
        yield need.category, need.province, need.units * prices.need[need.id]
    for name, price in prices.row.items():
        _, commune, key = name.split("|", 2)
        province = inputs.communes.get(commune, {}).get("province_code", "")
        yield key.split("/")[0], province, -price * inputs.cap(commune, key)
    for asset in inputs.assets.values():
        yield asset.category, asset.province, asset.units * gains[asset.id]
