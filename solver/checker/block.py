"""Tables of pairs: some assets are the rows, some needs the columns, values broadcast as numpy does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from solver.checker.inputs import Asset, Need
    from solver.checker.rules import Rules


@dataclass(frozen=True)
class Block:
    """Some assets of one kind (rows) and some needs of their category (columns): all pairs of them."""

    rules: Rules
    assets: Sequence[Asset]
    needs: Sequence[Need]

    def of_asset(self, value: Callable[[Asset], Any], kind: type = np.int64) -> NDArray[Any]:
        """One value per row."""
        return np.array([value(asset) for asset in self.assets], dtype=kind)[:, None]

    def of_need(self, value: Callable[[Need], Any], kind: type = np.int64) -> NDArray[Any]:
        """One value per column."""
        return np.array([value(need) for need in self.needs], dtype=kind)

    def alike(self, value: Callable[[Asset | Need], str]) -> NDArray[np.bool_]:
        """Tell for which pairs a value is the same."""
        places: list[Asset | Need] = [*self.assets, *self.needs]
        code = {name: i for i, name in enumerate({value(place) for place in places})}
        same = self.of_asset(lambda a: code[value(a)]) == self.of_need(lambda n: code[value(n)])
        return np.asarray(same)

    def fill(self, table: NDArray[Any], given: Mapping[str, Mapping[str, int]]) -> None:
        """Write the values of single pairs, asset -> need -> value, into a table of all pairs."""
        column = {need.id: j for j, need in enumerate(self.needs)}
        for i, asset in enumerate(self.assets):
            for need_id, value in given.get(asset.id, {}).items():
                if need_id in column:
                    table[i, column[need_id]] = value


@dataclass(frozen=True)
class Pairs:
    """What holds of each pair of a block."""

    block: Block
    stage: NDArray[np.int8]
    cost: NDArray[Any]  # VND a unit
    load: NDArray[Any]  # room that a place takes in a premises, in units of area (`Inputs.unit`)
    room: NDArray[Any]  # of each premises
    parts: dict[str, NDArray[Any]]  # of the cost
    metres: NDArray[np.int64]
    cross: NDArray[np.bool_]  # between provinces
