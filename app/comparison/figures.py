"""The key figures that plans are compared by, and which of them is better."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.figures import PLANNED, changes_vnd, communes_without_car, transfers_vnd, unmet_vnd

if TYPE_CHECKING:
    from app.comparison.basis import Basis
    from app.comparison.variant import Variant

#: Whole numbers, kilometres and gaps as decimals, shares as fractions; None where a plan has none.
Value = int | Decimal | Fraction | None
Figures = dict[str, Value]

COUNTS = ("needed", "met", "unmet")
LEVEL = "level."
#: Objective without the price of changes; told where any plan has changes that cost something.
PLAIN = "plain_vnd"
_PRIORITIES = ("1", "2", "3", "4", "5")
_DISTANCES = ("total", "mean", "max")
_LESS = frozenset({"objective_vnd", "cash_vnd", "unmet_vnd", "communes_without_car"})


def figures_of(plan: Variant) -> Figures:
    """Return the key figures of a plan, in the order in which they are shown.

    Names: as in ``plan.json``; ``level.<name>``; ``category.<name>.<needed, met, unmet>``, likewise
    ``priority``; ``worst_share``: the smallest share of planned units that a province has met.
    """
    summary: dict[str, Any] = plan.view.summary
    kpis, categories = summary["kpis"], summary["parts"].get("category", {})
    gap = summary.get("gap")
    counts: Figures = {
        f"category.{name}.{key}": categories[name][key] if name in categories else None
        for name in PLANNED
        for key in COUNTS
    }
    return {
        **{f"{LEVEL}{name}": value for name, value in plan.levels.items()},
        "objective_vnd": summary.get("objective_vnd"),
        PLAIN: _plain_cost(plan),
        **{name: summary.get(name) for name in ("bound_vnd", "gap_vnd")},
        "gap": None if gap is None else Decimal(str(gap)),
        "transfers_vnd": transfers_vnd(plan.view),
        "openings_vnd": kpis.get("openings_vnd"),
        "unmet_vnd": unmet_vnd(plan.view),
        "spend_vnd": kpis.get("spend_vnd"),
        "cash_vnd": summary.get("cash_vnd"),
        "purchases_avoided_vnd": kpis.get("purchases_avoided_vnd"),
        **counts,
        **_by_priority(kpis),
        "worst_share": worst_province(plan)[1],
        "communes_without_car": communes_without_car(plan.view)[1],
        **{name: kpis.get(name) for name in ("premises_in_use", "cross_province_transfers")},
        **{f"distance_km.{name}": _decimal(kpis.get("distance_km", {}).get(name)) for name in _DISTANCES},
        **{name: kpis.get(name) for name in ("releases", "changes")},
    }


def worst_province(plan: Variant) -> tuple[str, Fraction | None]:
    """Return the code of the province with the smallest share met, and the share; "" and None without any.

    Of equal shares the first code.
    """
    parts = plan.view.summary["parts"].get("province", {})
    shares = {
        code: Fraction(part["met"], part["needed"]) for code, part in sorted(parts.items()) if part["needed"]
    }
    code = min(shares, key=lambda one: shares[one], default="")
    return code, shares.get(code)


def names_of(figures: Sequence[Figures]) -> list[str]:
    """Return the names of all figures that any plan has: levels first, then the others."""
    every = dict.fromkeys(name for one in figures for name in one)
    known = [name for name in every if any(one.get(name) is not None for one in figures)]
    if all(one.get(PLAIN) == one.get("objective_vnd") for one in figures):
        known = [name for name in known if name != PLAIN]
    return sorted(known, key=lambda name: not name.startswith(LEVEL))


def difference(name: str, first: Figures, other: Figures) -> Value:
    """Return how much more the other plan has; None where one of them has no such figure."""
    old, new = first.get(name), other.get(name)
    if old is None or new is None:
        return None
    return new - old  # type: ignore[operator]  # one figure is of one kind in all plans


def better(name: str, figures: Sequence[Figures], bases: Sequence[Basis]) -> list[int]:
    """Return the places of the plans with the best value; none where no value is better, or all are equal.

    Less is better of the objective, of cash, of what is unmet; more is better of what is met and of the worst
    province's share. Nothing is better where plans do not plan the same, no money where prices differ, no
    level where floors differ. Of all else (distance, spend, premises in use ...) neither is better by itself.
    """
    sign = _sign(name)
    if not sign or any(_is_other(name, basis) for basis in bases):
        return []
    values = [one.get(name) for one in figures]
    known = [sign * value for value in values if value is not None]
    if len(known) < len(values) or len(set(known)) == 1:
        return []
    return [place for place, value in enumerate(known) if value == max(known)]


def _sign(name: str) -> int:
    if name.startswith(LEVEL):
        return 1 if name.startswith(f"{LEVEL}max_min|") else -1
    if name == "worst_share" or name.endswith(".met"):
        return 1
    return -1 if name in _LESS or name.endswith(".unmet") else 0


def _is_other(name: str, basis: Basis) -> bool:
    if basis.tables:
        return True
    weighed = name.endswith("_vnd") or name.startswith(("priority.", LEVEL))
    return (basis.prices and weighed) or (basis.floors and name.startswith(LEVEL))


def _plain_cost(plan: Variant) -> int | None:
    objective = plan.view.summary.get("objective_vnd")
    return None if objective is None else int(objective) - changes_vnd(plan.view)


def _by_priority(kpis: dict[str, Any]) -> Figures:
    """Return units needed, met and unmet of each priority that has planned needs."""
    every = {key: kpis.get(key, {}).get("priority", {}) for key in COUNTS}
    return {
        f"priority.{name}.{key}": every[key].get(name, 0) if every["needed"].get(name) else None
        for name in _PRIORITIES
        for key in COUNTS
    }


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
