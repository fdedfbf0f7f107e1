"""Pins: transfers that the scenario fixes, found, checked and taken out of what is left to plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from solver.errors import issue
from solver.problem.positions import positions

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.errors import Issue
    from solver.flow.market import Ints
    from solver.scenario import Scenario

#: What a pin asks for that states no units: as many as both sides have.
ALL = -1


@dataclass(frozen=True)
class Pins:
    """Pinned transfers of a category, sorted by (asset, need).

    Attributes
    ----------
    asset, need : positions in the sides; units : of movables, or places in the premises, 1 or more.
    """

    asset: Ints
    need: Ints
    units: Ints

    def __len__(self) -> int:
        return len(self.asset)

    def sent(self, n_assets: int) -> Ints:
        """Units that each asset gives."""
        out = np.zeros(n_assets, np.int64)
        np.add.at(out, self.asset, self.units)
        return out

    def got(self, n_needs: int) -> Ints:
        """Units that each need receives."""
        out = np.zeros(n_needs, np.int64)
        np.add.at(out, self.need, self.units)
        return out


def no_pins() -> Pins:
    """Return the pins of a category that has none."""
    none = np.zeros(0, np.int64)
    return Pins(none, none, none)


def pins_of(
    scenario: Scenario, asset_ids: np.ndarray, need_ids: np.ndarray, most: Callable[[Ints, Ints], Ints]
) -> Pins:
    """Find the pins whose asset and need both are in these sides.

    Parameters
    ----------
    most : units that both sides of pairs have at most, for pins that state none.
    """
    pins = list(scenario["stability.pins"])
    table = pd.DataFrame([pin[:2] for pin in pins], columns=["asset_id", "need_id"], dtype="str")
    units = np.array([pin[2] if len(pin) > 2 else ALL for pin in pins], np.int64)
    i, j = positions(asset_ids, table["asset_id"]), positions(need_ids, table["need_id"])
    known = (i >= 0) & (j >= 0)
    i, j, units = i[known], j[known], units[known]
    units = np.where(units == ALL, most(i, j), units)
    order = np.lexsort((j, i))
    return Pins(i[order], j[order], units[order])


def where(scenario: Scenario, asset: str, need: str) -> str:
    """Return the dotted key of a pin, for issues."""
    for at, pin in enumerate(scenario["stability.pins"]):
        if (pin[0], pin[1]) == (asset, need):
            return f"stability.pins[{at}]"
    return "stability.pins"


def unknown_pins(scenario: Scenario, known: list[tuple[np.ndarray, np.ndarray]]) -> list[Issue]:
    """Report the pins whose asset and need do not take part in one category.

    Parameters
    ----------
    known : ids of the assets and of the needs of each category.
    """
    sides = [(set(assets), set(needs)) for assets, needs in known]
    return [
        issue("pin_unknown", "scenario", None, f"stability.pins[{at}]", f"{pin[0]}, {pin[1]}")
        for at, pin in enumerate(scenario["stability.pins"])
        if not any(pin[0] in assets and pin[1] in needs for assets, needs in sides)
    ]


def faults(
    scenario: Scenario,
    pins: Pins,
    asset_ids: np.ndarray,
    need_ids: np.ndarray,
    stages: list[str],
    sent: tuple[Ints, Ints],
    wanted: Ints,
    what: str,
) -> list[Issue]:
    """Report pins that are not eligible, or ask for more than there is.

    Parameters
    ----------
    stages : the stage of the funnel that each pin fails, "" where it is eligible; sent : what pins take of
    each asset and what it has, in one unit; wanted : units of each need; what : name of what an asset has.
    """
    found = [
        issue(
            "pin_ineligible",
            "scenario",
            None,
            where(scenario, str(asset_ids[i]), str(need_ids[j])),
            asset=str(asset_ids[i]),
            need=str(need_ids[j]),
            stage=stage,
        )
        for i, j, stage in zip(pins.asset.tolist(), pins.need.tolist(), stages, strict=True)
        if stage
    ]
    taken, has = sent
    for i in np.flatnonzero(taken > has).tolist():
        at = int(np.flatnonzero(pins.asset == i)[-1])
        found.append(exceeds(scenario, pins, at, asset_ids, need_ids, what, int(taken[i]), int(has[i])))
    got = pins.got(len(need_ids))
    for j in np.flatnonzero(got > wanted).tolist():
        at = int(np.flatnonzero(pins.need == j)[-1])
        found.append(exceeds(scenario, pins, at, asset_ids, need_ids, "need", int(got[j]), int(wanted[j])))
    return found


def exceeds(
    scenario: Scenario,
    pins: Pins,
    at: int,
    asset_ids: np.ndarray,
    need_ids: np.ndarray,
    what: str,
    asked: int,
    available: int,
) -> Issue:
    """Make the issue of a pin that asks for more than there is."""
    asset, need = str(asset_ids[pins.asset[at]]), str(need_ids[pins.need[at]])
    column = where(scenario, asset, need)
    return issue(
        "pin_exceeds",
        "scenario",
        None,
        column,
        f"{asset}, {need}",
        what=what,
        asked=str(asked),
        available=str(available),
    )
