"""A whole comparison: computed once, then shown, written to a file or printed for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.comparison.basis import Basis, basis_of, proven, verdict
from app.comparison.figures import Figures, better, difference, figures_of, names_of
from app.comparison.limits import changed_limits
from app.comparison.provinces import changed_provinces, country
from app.plan_changes import changed_assets, changed_needs, changed_transfers, counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.comparison.variant import Variant


@dataclass(frozen=True)
class Difference:
    """What a plan has otherwise than the first.

    Attributes
    ----------
    other
        The plan.
    basis
        What differs between the inputs.
    verdict
        What the costs prove: see `app.comparison.basis.verdict`.
    proven_vnd
        By how much the best plan under its rules is dearer than under the first's, at least and at most
        [VND]; None where costs are no measure.
    figures
        How much more it has of each key figure.
    transfers, needs, assets, provinces, limits
        What changed, each in its order.
    unchanged_provinces
        The number of provinces where no figure changed.
    """

    other: Variant
    basis: Basis
    verdict: str
    proven_vnd: tuple[int, int] | None
    figures: Figures
    transfers: list[dict[str, Any]]
    needs: list[dict[str, Any]]
    assets: list[dict[str, Any]]
    provinces: list[dict[str, Any]]
    unchanged_provinces: int
    limits: list[dict[str, Any]]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """All changed lines: transfers, needs, assets."""
        return [*self.transfers, *self.needs, *self.assets]


@dataclass(frozen=True)
class Comparison:
    """Plans side by side: their key figures, which are better (places of plans by figure), differences."""

    plans: Sequence[Variant]
    figures: Sequence[Figures]
    better: dict[str, list[int]]
    differences: Sequence[Difference]


def compared(plans: Sequence[Variant]) -> Comparison:
    """Compare plans with the first of them."""
    first, *others = plans
    figures = [figures_of(plan) for plan in plans]
    names = names_of(figures)
    differences = []
    for other, own in zip(others, figures[1:], strict=True):
        basis = basis_of(first, other)
        provinces, unchanged = changed_provinces(first, other)
        differences.append(
            Difference(
                other,
                basis,
                verdict(first, other, basis),
                proven(first, other, basis),
                {name: difference(name, figures[0], own) for name in names},
                changed_transfers(first, other),
                changed_needs(first, other),
                changed_assets(first, other),
                provinces,
                unchanged,
                changed_limits(first.limits, other.limits),
            )
        )
    bases = [one.basis for one in differences]
    best = {name: places for name in names if (places := better(name, figures, bases))}
    return Comparison(plans, figures, best, differences)


def as_dict(comparison: Comparison) -> dict[str, Any]:
    """Return all of a comparison for programs; decimals and shares as texts."""
    columns = [
        {
            "plan": plan.name,
            "scenario": plan.view.summary.get("scenario"),
            "status": plan.view.summary.get("status"),
            "figures": own,
        }
        for plan, own in zip(comparison.plans, comparison.figures, strict=True)
    ]
    differences = [
        {
            "plan": one.other.name,
            "files": list(one.basis.files),
            "rows": one.basis.rows,
            "scenario_keys": [asdict(key) for key in one.basis.keys],
            "comparable": one.basis.comparable,
            "verdict": one.verdict,
            "proven_vnd": one.proven_vnd,
            "figures": one.figures,
            "counts": counts(one.lines),
            **{name: getattr(one, name) for name in ("transfers", "needs", "assets", "provinces")},
            "country": country(one.provinces),
            "unchanged_provinces": one.unchanged_provinces,
            "limits": one.limits,
        }
        for one in comparison.differences
    ]
    return {"plans": columns, "better": comparison.better, "differences": differences}
