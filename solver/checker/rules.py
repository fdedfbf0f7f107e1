"""What the scenario says of assets of one kind: the most specific key wins, a missing one is no rule."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from solver.checker.exact import half_up, keyed, non_negative
from solver.checker.inputs import FAR

if TYPE_CHECKING:
    from solver.checker.inputs import Asset, Inputs


@dataclass(frozen=True)
class Rules:
    """The rules and prices of the scenario for assets of one kind."""

    category: str
    kind: str
    norms: list[str]
    least: Fraction  # condition; 0 asks nothing
    oldest: Fraction | None
    reach: int
    border: str | None
    legal: list[str]
    per_metre: Fraction
    handover: int
    surcharge: int
    life: Fraction

    def lost(self, asset: Asset) -> tuple[int, int]:
        """Part of a new one that an asset does not spare; an unknown condition follows from the age."""
        good, of = 0, 1
        if asset.condition is not None:
            good, of = asset.condition.as_integer_ratio()
        elif self.life and asset.age is not None:
            good = max(0, 100 - 100 * asset.age // self.life)
        return max(0, 100 * of - good), 100 * of


def rules_of(inputs: Inputs, category: str, kind: str) -> Rules:
    """Look up what the scenario says of a kind; the most specific key wins, a missing one is no rule."""
    scenario, rules, prices = inputs.scenario, inputs.scenario["rules"], inputs.scenario["prices"]

    def value(table: dict[str, Any], name: str) -> Fraction | None:
        return non_negative(keyed(table, category, kind), name)

    reach, border = value(scenario["reach_km"], "reach_km"), keyed(rules["cross_province"], category, kind)
    crossing = non_negative(prices["cross_province"], "cross_province") if border == "surcharge" else None
    return Rules(
        category, kind, inputs.norm_keys(category, kind),
        least=value(rules["min_condition_pct"], "min_condition_pct") or Fraction(0),
        oldest=value(rules["max_age_years"], "max_age_years"),
        reach=FAR if reach is None else min(FAR, int(reach * 1000)), border=border,
        legal=rules["legal_status"], per_metre=(value(prices["per_km"], "per_km") or Fraction(0)) / 1000,
        handover=half_up(value(prices["handover"], "handover") or Fraction(0)),
        surcharge=half_up(crossing or Fraction(0)),
        life=value(scenario["norms"]["life_years"], "life_years") or Fraction(0),
    )  # fmt: skip
