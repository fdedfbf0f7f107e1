r"""What comes before the cost as rows: "at most V_k units of priority k unmet" is a floor of all of them.

Its price mu_k is the W_k of docs/limits.md: with D_k the units needed,

    mu_k (D_k - V_k - received) = mu_k (unmet - V_k)

so that what the coordination proves at prices of these rows is, term by term, what the certificate proves
with weights W_k. Weights are looked for as prices are, and need not be known to be steep enough beforehand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from solver.limits.proof import Proven, proven
from solver.limits.rows import Row, SideRows, members
from solver.problem.groups import FAIR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.limits.block import Block
    from solver.limits.coordinate import Coordinated
    from solver.limits.setting import Setting
    from solver.problem.problem import Problem

#: Ids of these rows, as of the levels' prices in the certificate.
_ID = "level|unmet|"


def with_levels(problem: Problem, rows: SideRows, unmet: Mapping[int, int]) -> SideRows:
    """Add a row for each priority in ``unmet`` behind the others: at most so many of its units unmet."""
    first, parts = len(rows.rows), members(problem)
    at = {k: first + n for n, k in enumerate(sorted(unmet))}
    of = np.array([at.get(k, -1) for k in range(max([*at, 0]) + 1)] + [-1], np.int64)
    more, pinned, counting = [], [], dict(rows.counting)
    for k in sorted(unmet):
        sides = [(part.needs.priority == k, part) for part in parts]
        wanted = sum(int(part.needs.units[own].sum()) for own, part in sides)
        pinned.append(sum(int(part.pins.got(len(own))[own].sum()) for own, part in sides))
        more.append(Row(f"{_ID}{k}", wanted - unmet[k], floor=True, soft=False, money=False))
    for part in parts:
        column = of[np.minimum(part.needs.priority, len(of) - 1)]
        count = counting[part.name]
        counting[part.name] = replace(count, floor=np.hstack([count.floor, column[:, None]]))
    return SideRows((*rows.rows, *more), counting, (*rows.pinned, *pinned))


def priority_of(row: Row) -> int:
    """Return the priority of a row of a level, 0 of any other row."""
    return int(row.id.removeprefix(_ID)) if row.id.startswith(_ID) else 0


def proven_with_levels(
    problem: Problem,
    blocks: Mapping[str, Block],
    found: Coordinated,
    rows: SideRows,
    setting: Setting,
    level: str = "",
) -> Proven:
    """Return the prices that prove a bound; those of the rows of levels count as weights of units unmet."""
    proof = proven(blocks, found, rows, setting, level)
    weight = {priority_of(row): proof.row_price.get(row.id, 0) for row in rows.rows if priority_of(row)}
    priority = {  # rows of the plan before a re-plan repeat their need
        name: int(k)
        for part in members(problem)
        for name, k in zip(part.needs.ids.tolist(), part.needs.priority.tolist(), strict=True)
    }
    price = {name: own + weight.get(priority[name], 0) for name, own in proof.need_price.items()}
    own: dict[str, int] = {}
    for name, one in proof.row_price.items():
        own[_of_table(name)] = own.get(_of_table(name), 0) + one
    return Proven(proof.denominator, price, own)


def _of_table(name: str) -> str:
    """Return the id by which a row stands in tables."""
    return name.replace(f"{FAIR}|", "floor|", 1) if name.startswith(f"{FAIR}|") else name


def twins(rows: SideRows) -> list[tuple[int, int]]:
    """List the floors that stand twice: with a share, and as those of a smallest share."""
    index = {row.id: at for at, row in enumerate(rows.rows)}
    return [(index[_of_table(name)], at) for name, at in index.items() if name.startswith(f"{FAIR}|")]


def merged(rows: SideRows) -> SideRows:
    """Return the rows as they stand in tables: floors that stand twice ask for what the higher asks for."""
    pairs = dict(twins(rows))
    gone = set(pairs.values())
    kept = [at for at in range(len(rows.rows)) if at not in gone]
    place = np.full(len(rows.rows) + 1, -1, np.int64)  # the last: no row
    place[kept] = np.arange(len(kept))
    new = []
    for at in kept:
        row = rows.rows[at]
        new.append(row._replace(limit=max(row.limit, rows.rows[pairs[at]].limit)) if at in pairs else row)
    counting = {
        name: replace(count, spend=place[count.spend], cross=place[count.cross], floor=place[count.floor])
        for name, count in rows.counting.items()
    }
    return SideRows(tuple(new), counting, tuple(rows.pinned[at] for at in kept))
