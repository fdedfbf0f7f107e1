"""The prices of a certificate: what the proof allows of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from solver.checker.exact import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.checker.inputs import Inputs, Need
    from solver.checker.report import Log


@dataclass(frozen=True)
class Prices:
    """A certificate that is valid: what was not is reported and replaced by what is."""

    scale: int
    need: dict[str, int]
    row: dict[str, int]  # "norm|commune|key"

    def net(self, need: Need, norms: Iterable[str]) -> int:
        """Prices of the norm rows in which a transfer to a need counts, less the need's own."""
        return sum(self.row.get(f"norm|{need.commune}|{key}", 0) for key in norms) - self.need[need.id]


def read_prices(certificate: dict[str, Any], inputs: Inputs, log: Log) -> Prices:
    """Take the prices that the proof allows."""
    file, scale = "certificate.json", certificate["denominator"]
    needs, rows = certificate["need_price"], certificate["row_price"]
    if type(scale) is not int or not 1 <= scale <= 1 << 20:
        raise UnreadableError(f"{file}: the denominator is not 1 to 2^20")
    for name in sorted(set(needs) ^ set(inputs.needs)):
        log.add("certificate_need", file, name, "planned needs and priced needs are not the same")
    bids: dict[str, int] = {}
    for name, need in inputs.needs.items():
        limit, bid = scale * need.weighted, needs.get(name, 0)
        if type(bid) is not int or bid > limit:
            log.add("certificate_price", file, name, f"{bid!r:.40} is no integer up to {limit}")
        bids[name] = min(bid, limit) if type(bid) is int else 0
    keys = inputs.scenario["norms"]["max_per_commune"]
    real = {f"norm|{need.commune}|{key}" for need in inputs.needs.values() for key in keys}
    good = {name: price for name, price in rows.items() if name in real and type(price) is int and price >= 0}
    for name in sorted(set(rows) - set(good)):
        log.add("certificate_row", file, name, f"no norm row of this plan, or no price: {rows[name]!r:.40}")
    return Prices(scale, bids, good)
