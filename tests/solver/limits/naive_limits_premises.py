"""docs/limits.md read once more for premises: rooms, openings, side rows in one integer programme (HiGHS)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.solver.limits.naive_limits import Limits
from tests.solver.problem.naive_premises import NaivePremises

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.solver.problem.instances import Instance


class PremisesLimits(Limits):
    """An instance of premises with its rows worked out; ("open", a) is 1 where premises are in use."""

    naive: NaivePremises

    def __init__(self, one: Instance) -> None:
        super().__init__(one, NaivePremises)

    def members(self, family: str, key: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, need in self.naive.needs.items():
            inside = key == "premises" or (need["purpose"] and key == f"premises/{need['purpose']}")
            member = self.province(need) if family == "province" else str(self.naive.priority(need))
            if inside and member and int(need["units"]):
                found.setdefault(f"floor|{family}|{member}|{key}", set()).add(name)
        return found

    def money(self) -> dict[Any, float]:
        openings = {("open", a): float(self.naive.opening(row)) for a, row in self.naive.assets.items()}
        return super().money() | openings

    def buildings(self) -> list[Any]:
        return [("open", a) for a in self.naive.assets]

    def supply(self) -> Iterator[tuple[dict[Any, float], float]]:
        naive = self.naive
        for a, asset in naive.assets.items():
            mine = [pair for pair in self.pairs if pair[0] == a]
            room = {("x", *pair): float(naive.load(asset, naive.needs[pair[1]])) for pair in mine}
            yield room, float(asset["area_m2"] or 0)
            for pair in mine:  # only an open building has places
                yield {("x", *pair): 1.0, ("open", a): -float(naive.needs[pair[1]]["units"])}, 0.0
            yield {("open", a): 1.0}, 1.0
