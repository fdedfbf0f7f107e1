"""Groups of needs that floors look at: a key with a province, a priority or the country (docs/limits.md)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.flow.market import Ints
    from solver.scenario import Scenario

MAX_MIN = "max-min"
#: The one member of the family "country".
COUNTRY = "VN"
#: Begins the id of a group whose needs have a floor of a share by the same id; in tables the two are one row.
FAIR = "fair"


@dataclass(frozen=True)
class Groups:
    """Groups of the needs of a category, sorted by id.

    Attributes
    ----------
    ids : ``floor|<family>|<member>|<key>``, or with ``fair`` for a group that stands there with a share, too;
    key : of each; demand : units of its needs; share : least share of them to be met, None where the smallest
    share is to be as large as can be; of : groups of each need, -1 none, [n_needs, width]: of its own key, of
    its category, and with coverage first beside floors those of its province that coverage first asks for.
    """

    ids: list[str]
    key: list[str]
    demand: Ints
    share: list[Fraction | None]
    of: Ints

    @property
    def contested(self) -> list[str]:
        """Keys whose smallest share is to be as large as can be, sorted."""
        return sorted({key for key, share in zip(self.key, self.share, strict=True) if share is None})

    def least(self, smallest: dict[str, Fraction]) -> Ints:
        """Units that each group is to receive at least.

        Parameters
        ----------
        smallest : smallest share of each contested key.
        """
        shares = (
            smallest.get(key, Fraction(0)) if share is None else share
            for key, share in zip(self.key, self.share, strict=True)
        )
        return np.array(
            [ceil(share * units) for share, units in zip(shares, self.demand.tolist(), strict=True)], np.int64
        )

    def received(self, got: Ints) -> Ints:
        """Units that each group receives, given those of each need."""
        out = np.zeros(len(self.ids), np.int64)
        for column in self.of.T:
            known = column >= 0
            np.add.at(out, column[known], got[known])
        return out


def groups_of(
    scenario: Scenario, category: str, specific: list[str], provinces: np.ndarray, priority: Ints, units: Ints
) -> Groups:
    """Make the groups of a category's needs.

    Parameters
    ----------
    specific : of each need, ``category/x`` with x its purpose (premises) or the only kind that it names, or
    ""; provinces : code of each need, "" none; priority, units : of each need.
    """
    family = str(scenario["equity.by"])
    floors: dict[str, Fraction | None] = {
        key: None if share == MAX_MIN else Fraction(share)
        for key, share in scenario["equity.coverage_floor"].items()
        if key.partition("/")[0] == category
    }
    coverage = scenario["objective"] == "coverage_first"
    if coverage and not floors:
        family, floors = "province", {category: None}
    found = _grouped(family, floors, category, specific, _members(family, provinces, priority), units)
    if coverage and (family != "province" or floors.get(category, MAX_MIN) is not None):
        fair = _grouped(
            "province", {category: None}, category, specific, _members("province", provinces, priority), units
        )
        found = _joined(found, fair)
    return found


def _grouped(
    family: str,
    floors: Mapping[str, Fraction | None],
    category: str,
    specific: list[str],
    members: list[str],
    units: Ints,
) -> Groups:
    """Make the groups of one family."""
    demand: dict[tuple[str, str], int] = {}
    for member, own, count in zip(members, specific, units.tolist(), strict=True):
        for key in (own, category):
            if key in floors and member and count:
                demand[member, key] = demand.get((member, key), 0) + count
    name = {place: f"floor|{family}|{place[0]}|{place[1]}" for place in demand}
    order = sorted(demand, key=name.__getitem__)
    index = {place: at for at, place in enumerate(order)}
    of = np.array(
        [
            [index.get((member, key), -1) for key in (own, category)]
            for member, own in zip(members, specific, strict=True)
        ],
        np.int64,
    ).reshape(-1, 2)
    return Groups(
        [name[place] for place in order],
        [key for _, key in order],
        np.array([demand[place] for place in order], np.int64),
        [floors[key] for _, key in order],
        of,
    )


def _joined(groups: Groups, fair: Groups) -> Groups:
    """Put the groups that coverage first asks for beside those of floors."""
    names = [FAIR + name.removeprefix("floor") if name in groups.ids else name for name in fair.ids]
    ids = [*groups.ids, *names]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    at = np.append(np.argsort(order), -1).astype(np.int64)
    column = np.where(fair.of[:, 1:] >= 0, fair.of[:, 1:] + len(groups.ids), -1)
    keys, shares = [*groups.key, *fair.key], [*groups.share, *fair.share]
    return Groups(
        [ids[k] for k in order],
        [keys[k] for k in order],
        np.concatenate([groups.demand, fair.demand])[order],
        [shares[k] for k in order],
        at[np.hstack([groups.of, column])],
    )


def _members(family: str, provinces: np.ndarray, priority: Ints) -> list[str]:
    """Return the group of each need among those of a family; "" none."""
    if family == "country":
        return [COUNTRY] * len(priority)
    return [str(one) for one in (provinces if family == "province" else priority).tolist()]


def no_groups(n_needs: int) -> Groups:
    """Return the groups of a category without floors."""
    return Groups([], [], np.zeros(0, np.int64), [], np.full((n_needs, 2), -1, np.int64))
