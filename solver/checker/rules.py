"""What the scenario says of matches: of assets of one kind and, with premises, needs of one purpose."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from solver.checker.exact import half_up, keyed, non_negative
from solver.checker.inputs import FAR, HOUSED

if TYPE_CHECKING:
    from solver.checker.inputs import Asset, Inputs


@dataclass(frozen=True)
class Rules:
    """The rules and prices of the scenario for matches of one kind; equal ones are treated as one."""

    category: str
    kind: str
    norms: tuple[str, ...]
    least: Fraction  # condition; 0 asks nothing
    oldest: Fraction | None
    reach: int
    border: str | None
    legal: tuple[str, ...]
    per_metre: Fraction  # movables: VND a metre; premises: VND a metre and m2, over the horizon
    handover: int
    surcharge: int
    life: Fraction
    repair: Fraction  # premises, VND per m2, as the next two
    change: Fraction
    build: Fraction

    def too_old(self, asset: Asset) -> bool:
        """Tell whether an asset is beyond the age; an unknown one is."""
        return self.oldest is not None and (asset.age is None or asset.age > self.oldest)

    def is_legal(self, asset: Asset) -> bool:
        """Tell whether an asset's legal status is one that they take."""
        return asset.row["legal_status"] in self.legal

    def lost(self, asset: Asset) -> tuple[int, int]:
        """Part of a new one that an asset does not spare; an unknown condition follows from the age."""
        good, of = 0, 1
        if asset.condition is not None:
            good, of = asset.condition.as_integer_ratio()
        elif self.life and asset.age is not None:
            good = max(0, 100 - 100 * asset.age // self.life)
        return max(0, 100 * of - good), 100 * of


def rules_of(inputs: Inputs, category: str, kind: str, purpose: str = "") -> Rules:
    """Look up what the scenario says; the most specific key wins, a missing one is no rule."""
    asked = category, kind, purpose
    if asked not in inputs.known:
        inputs.known[asked] = _look_up(inputs, *asked)
    rules: Rules = inputs.known[asked]
    return rules


def _look_up(inputs: Inputs, category: str, kind: str, purpose: str) -> Rules:
    scenario, rules, prices = inputs.scenario, inputs.scenario["rules"], inputs.scenario["prices"]
    names = (purpose, kind) if category == HOUSED else (kind,)

    def value(table: dict[str, Any], name: str) -> Fraction | None:
        return non_negative(keyed(table, category, *names), name)

    def price(name: str) -> Fraction:
        return non_negative(prices[name], name) or Fraction(0)

    reach, border = value(scenario["reach_km"], "reach_km"), keyed(rules["cross_province"], category, *names)
    crossing = price("cross_province") if border == "surcharge" else Fraction(0)
    area = dict.fromkeys(("repair", "change", "build"), Fraction(0))
    if category == HOUSED:
        per_metre = price("travel_per_km_m2_year") * price("horizon_years") / 1000
        of_building = {"repair": price("repair_per_m2"), "change": price("change_of_use_per_m2")}
        area |= {"build": price("build_per_m2")} if kind == "land" else of_building
    else:
        per_metre = (value(prices["per_km"], "per_km") or Fraction(0)) / 1000
    return Rules(
        category, kind, tuple(inputs.norm_keys(category, kind)),
        least=value(rules["min_condition_pct"], "min_condition_pct") or Fraction(0),
        oldest=value(rules["max_age_years"], "max_age_years"),
        reach=FAR if reach is None else min(FAR, int(reach * 1000)), border=border,
        legal=tuple(rules["legal_status"]), per_metre=per_metre,
        handover=half_up(value(prices["handover"], "handover") or Fraction(0)),
        surcharge=half_up(crossing),
        life=(None if category == HOUSED else value(scenario["norms"]["life_years"], "life_years"))
        or Fraction(0), **area,
    )  # fmt: skip
