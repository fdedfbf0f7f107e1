"""The certificate's prices, as the proof allows of them: for the cost, and for each level that it proves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from solver.checker.exact import UnreadableError
from solver.checker.limits import SHORTFALL, UNMET, WORST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.checker.inputs import Inputs, Need
    from solver.checker.levels import Attained
    from solver.checker.limits import Limits, Side
    from solver.checker.report import Log

FILE = "certificate.json"
CONFLICT = "infeasible"  # in place of a level: that there is no plan
NOTHING: dict[str, Any] = {"denominator": 1, "need_price": {}, "row_price": {}}


@dataclass(frozen=True)
class Prices:
    """Prices that are valid: what was not is reported and replaced by what is.

    `level` is the level that they prove, "" the cost; `fair` has the keys whose smallest share stands.
    """

    scale: int
    need: dict[str, int]
    row: dict[str, int]  # "norm|commune|key", the id of a side row, "level|name"
    level: str = ""
    fair: frozenset[str] = frozenset()

    @property
    def money(self) -> int:
        """What a VND of the cost counts: nothing where a level is proven."""
        return 0 if self.level else self.scale

    @property
    def ceiling(self) -> int:
        """Return what a unit by which a floor is missed costs: lambda of such floors goes no higher."""
        return self.scale if self.level == SHORTFALL else self.row.get(f"level|{SHORTFALL}", 0)

    def unmet(self, need: Need) -> int:
        """Return P of a need: its price goes no higher."""
        own = self.scale if self.level == f"{UNMET}{need.priority}" else self.money * need.weighted
        return own + self.row.get(f"level|{UNMET}{need.priority}", 0)

    def of(self, rows: Iterable[str]) -> int:
        """Add up prices of rows."""
        return sum(self.row.get(row, 0) for row in rows)

    def norms(self, need: Need, keys: Iterable[str]) -> int:
        """Add up the prices of the norm rows of a need."""
        return self.of(f"norm|{need.commune}|{key}" for key in keys) if self.row else 0

    def worth(self, floor: Side, attained: Attained, pinned: int) -> int:
        """Return lambda L' of a floor; where it asks for two things, the split of lambda that proves most."""
        price, share = self.row[floor.id], (floor.share or 0) - pinned
        if floor.key not in self.fair or not floor.fair:
            return price * share
        asked = attained.asked(floor, self.level) - pinned
        if floor.hard:
            return price * max(share, asked)
        missed = 0 if floor.share is None else min(price, self.ceiling)
        return max(price * asked, missed * share + (price - missed) * asked)


def read_all(certificate: dict[str, Any], inputs: Inputs, limits: Limits, log: Log) -> list[Prices]:
    """Take the prices of the cost, then those of each level: none, where it has no proof."""
    proofs = dict[str, dict[str, Any]]()
    for proof in certificate.get("levels", []):
        name = proof["name"]
        if name not in limits.levels or name in proofs:
            log.add(
                "certificate_level", FILE, f"{name!s:.80}", "there is no such level, or it is proven twice"
            )
        else:
            proofs[name] = proof
    for name in sorted(set(certificate["need_price"]) ^ set(inputs.needs)):
        log.add("certificate_need", FILE, name, "planned needs and priced needs are not the same")
    found = [_read(certificate, "", inputs, limits, log)]
    return found + [_read(proofs.get(name, NOTHING), name, inputs, limits, log) for name in limits.levels]


def read_conflict(certificate: dict[str, Any], inputs: Inputs, limits: Limits, log: Log) -> Prices:
    """Take the prices that prove that there is no plan; others there are none."""
    proofs: list[dict[str, Any]] = certificate.get("levels", [])
    if [proof["name"] for proof in proofs] != [CONFLICT]:
        log.add("certificate_level", FILE, "levels", f"should be one proof, {CONFLICT}")
        proofs = [NOTHING]
    for code, key in (("certificate_need", "need_price"), ("certificate_row", "row_price")):
        for name in certificate[key]:
            log.add(code, FILE, name, "there is no plan that it could bound")
    if type(certificate["denominator"]) is not int or certificate["denominator"] != 1:
        log.add("certificate_price", FILE, "denominator", "is 1 where nothing has a price")
    if certificate["tree"] is not None:
        log.add("certificate_tree", FILE, "tree", "there is no plan that it could bound")
    return _read(proofs[0], CONFLICT, inputs, limits, log)


def _read(proof: dict[str, Any], level: str, inputs: Inputs, limits: Limits, log: Log) -> Prices:
    scale, needs, given = proof["denominator"], proof["need_price"], proof["row_price"]
    finest = 50 if level else 20  # a budget's price is in units per VND where a level is proven
    if type(scale) is not int or not 1 <= scale <= 1 << finest:
        raise UnreadableError(f"{FILE}: the denominator is not 1 to 2^{finest}")
    at = f"{level} " if level else ""
    before = limits.levels
    if level:
        before = before[: before.index(level)] if level in before else []
    keys = inputs.scenario["norms"]["max_per_commune"]
    real = {f"norm|{need.commune}|{key}" for need in inputs.needs.values() for key in keys}
    real |= {f"level|{name}" for name in before if not name.startswith(WORST)}
    fair = frozenset(name.removeprefix(WORST) for name in (*before, level) if name.startswith(WORST))
    free = {row.id for row in limits.floors if row.hard or (row.fair and row.key in fair)}  # of any price
    bound = {row.id for row in limits.floors if row.share is not None} - free
    real |= free | bound | {row.id for row in limits.rows.values() if row.most is not None}
    rows = {
        name: price for name, price in given.items() if name in real and type(price) is int and price >= 0
    }
    for name in sorted(set(given) - set(rows)):
        log.add("certificate_row", FILE, at + name, f"no row of this plan, or no price: {given[name]!r:.40}")
    prices = Prices(scale, {}, rows, level, fair)
    for name in sorted(bound & set(rows)):
        if rows[name] > prices.ceiling:
            log.add(
                "certificate_row",
                FILE,
                at + name,
                f"{rows[name]} is above {prices.ceiling}, that of missing it",
            )
            rows[name] = prices.ceiling
    for name in sorted(set(needs) - set(inputs.needs) if level else ()):
        log.add("certificate_need", FILE, at + name, "no planned need")
    for name, need in inputs.needs.items():
        limit, bid = prices.unmet(need), needs.get(name, 0)
        if type(bid) is not int or bid > limit:
            log.add("certificate_price", FILE, at + name, f"{bid!r:.40} is no integer up to {limit}")
        prices.need[name] = min(bid, limit) if type(bid) is int else 0
    return prices
