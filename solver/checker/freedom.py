"""Where a re-plan may send assets that had a place in the plan before: the stage `freedom` of the funnel."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.checker.baseline import FREE, SAME_PROVINCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solver.checker.baseline import Line
    from solver.checker.block import Numbers, Table
    from solver.checker.inputs import Asset, Inputs, Need


class Freedom:
    """Which places lines lead to, as codes: `code` that of each need, `codes` those of the assets, in a row.

    A place is a province, or a commune with a recipient; those of asset a stand from `start[a]` up to
    `start[a + 1]`. An asset that no line binds has none, and is free.
    """

    def __init__(self, inputs: Inputs, assets: list[Asset], needs: list[Need]) -> None:
        baseline = inputs.baseline
        self.by_province, self.inputs = baseline.freedom == SAME_PROVINCE, inputs
        places = [(need.province,) if self.by_province else _body(need) for need in needs]
        number = {place: i for i, place in enumerate(dict.fromkeys(places))}
        self.code = np.array([number[place] for place in places], np.int32)
        own: dict[str, set[int]] = defaultdict(set)
        for line in baseline.lines.values() if baseline.freedom != FREE else ():
            if line.binds:
                own[line.asset].add(number.get(self._place(line), -1))  # no need lies where it leads
        of_assets = [sorted(own.get(asset.id, ())) for asset in assets]
        self.start = np.cumsum([0, *map(len, of_assets)])
        self.codes = np.array([code for codes in of_assets for code in codes], np.int32)

    def _place(self, line: Line) -> tuple[str, ...]:
        home = self.inputs.communes.get(line.commune, {})
        return (home.get("province_code", ""),) if self.by_province else (line.commune, line.recipient)

    def allows(self, a: Numbers, n: Numbers) -> Table:
        """Tell which assets may go to which needs: a column and a row of numbers, or two lists."""
        shape, flat = np.broadcast_shapes(a.shape, n.shape), a.ravel()
        first, last = self.start[flat], self.start[flat + 1]
        table = np.broadcast_to((first == last).reshape(a.shape), shape).copy()
        places: NDArray[Any] = np.broadcast_to(self.code[n], shape)
        for place in range(int((last - first).max(initial=0))):
            rows = np.flatnonzero(first + place < last)
            led = self.codes[first[rows] + place]
            table[rows] |= led.reshape(-1, *[1] * (len(shape) - 1)) == places[rows]
        return table


def _body(need: Need) -> tuple[str, ...]:
    return need.row["commune_code"], need.row["recipient"]
