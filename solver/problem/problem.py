"""The problem: checked tables, the market of each category of movables, and the premises."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.problem.pairs import parts_of
from solver.problem.pins import no_pins

if TYPE_CHECKING:
    import pandas as pd

    from solver.errors import Issue
    from solver.flow.market import Ints
    from solver.problem.baseline import Baseline
    from solver.problem.classes import Classes
    from solver.problem.groups import Groups
    from solver.problem.metres import Metres
    from solver.problem.norms import NormRows
    from solver.problem.pins import Pins
    from solver.problem.premises import Premises
    from solver.problem.prices import NeedPrices
    from solver.problem.sides import AssetSide, NeedSide
    from solver.problem.tree import Tree
    from solver.problem.untouched import Untouched
    from solver.scenario import Scenario

#: Categories that are planned, in the order of every output.
MOVABLES = ("vehicle", "equipment")
PREMISES = "premises"
PLANNED = (*MOVABLES, PREMISES)


@dataclass(frozen=True)
class Category:
    """One category of movables.

    Attributes
    ----------
    name : vehicle or equipment; norms : what pins leave of them; groups : that floors look at; tree : of
    both, as far as they nest; classes : of what pins leave of assets and needs; match_cost, match_spend : of
    the pairs of ``metres`` with an explicit matches table [VND], else None; kept : what is left of the plan
    before, in a re-plan; keeps : where assets are split (``solver.problem.split``), the need that each one's
    units serve in the plan before, -1 none; still : what an update does not touch, None where that is not
    known.
    """

    name: str
    assets: AssetSide
    needs: NeedSide
    metres: Metres
    prices: NeedPrices
    norms: NormRows
    groups: Groups
    tree: Tree
    pins: Pins
    classes: Classes
    match_cost: Ints | None = None
    match_spend: Ints | None = None
    kept: Pins = field(default_factory=no_pins)
    keeps: Ints | None = None
    still: Untouched | None = None

    def turns(self, i: Ints, j: Ints) -> Ints:
        """Return by how much a unit of pairs changes the number of changes: 1 more, or 1 fewer; else 0."""
        if self.keeps is None:
            return np.zeros(len(i), np.int64)
        return np.where(self.keeps[i] == j, -1, 1)

    def unit_cost(self, i: Ints, j: Ints) -> Ints:
        """Return the cost of one unit of eligible pairs [VND]; i, j : positions in the sides."""
        if self.match_cost is None:
            return parts_of(self.assets, self.needs, self.metres, i, j).cost
        cost: Ints = self.match_cost[self.metres.listed(i, j)[0]]
        return cost

    def unit_spend(self, i: Ints, j: Ints) -> Ints:
        """Return the spend of one unit of eligible pairs [VND]; i, j : positions in the sides."""
        if self.match_spend is None:
            return parts_of(self.assets, self.needs, self.metres, i, j).spend
        spend: Ints = self.match_spend[self.metres.listed(i, j)[0]]
        return spend


@dataclass(frozen=True)
class Problem:
    """What ``solver.build`` makes and ``solver.solve`` takes; cannot exist invalid.

    Attributes
    ----------
    assets, needs : typed tables in canonical order (by id); communes : the register; matches : explicit
    matches or None; form : "communes", "pairs" or "matches"; provider, version : of the distances;
    categories : by name, movables only; premises : None when none take part; warnings : what building it had
    to say, sorted; authorities : typed table of who decides, or None; baseline : the plan before, of a
    re-plan; distances : where they come from, to build the problem again.
    """

    assets: pd.DataFrame
    needs: pd.DataFrame
    communes: pd.DataFrame
    matches: pd.DataFrame | None
    scenario: Scenario
    form: str
    provider: str
    version: str
    categories: dict[str, Category] = field(default_factory=dict)
    warnings: tuple[Issue, ...] = ()
    premises: Premises | None = None
    authorities: pd.DataFrame | None = None
    baseline: Baseline | None = None
    distances: Any = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        from solver.plan.show import problem_line  # plans need Problem

        return problem_line(self)

    def _repr_html_(self) -> str:
        from solver.plan.show import problem_html

        return problem_html(self)

    @property
    def synthetic(self) -> bool:
        """Whether any row says that it is synthetic."""
        return any((table["source"] == "synthetic").any() for table in (self.assets, self.needs))

    @cached_property
    def input_tables(self) -> dict[str, bytes]:
        """Files of ``inputs`` but for the distances, written once: for the folder, and for re-plans."""
        from solver.problem.files import input_tables  # files need Problem

        return input_tables(self)

    def input_files(self) -> dict[str, bytes]:
        """Return the files of the plan folder's ``inputs`` (docs/plan-folder.md): name to content."""
        from solver.problem.files import input_files  # files need Problem

        return input_files(self)
