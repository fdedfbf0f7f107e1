"""A plain stand-in for the pattern core: a valid plan that is seldom best, and prices that prove little."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import ceil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.patterns.estate import Housing, Use

if TYPE_CHECKING:
    from random import Random

    from solver.patterns.estate import Estate

Content = tuple[tuple[int, int], ...]  # (guest, places)


def every_pair(estate: Estate) -> dict[tuple[int, int], tuple[int, int]]:
    """Cost and load of every eligible pair by (host, guest)."""
    pairs = estate.lister.pairs(np.arange(estate.n_hosts), np.full(estate.n_guests, 1 << 62))
    host = np.repeat(np.arange(estate.n_hosts), np.diff(pairs.first))
    columns = (host.tolist(), pairs.guest.tolist(), pairs.cost.tolist(), pairs.load.tolist())
    return {(h, g): (cost, load) for h, g, cost, load in zip(*columns, strict=True)}


def rows_above(estate: Estate, guest: int) -> list[int]:
    found, row = [], int(estate.row[guest])
    while row >= 0:
        found.append(row)
        row = int(estate.rows.parent[row])
    return found


def best_set(items: list[tuple[int, int, int]], room: int) -> int:
    """Worth of the best multiset of items (worth, load, most), by trying all."""
    if not items:
        return 0
    (worth, load, most), rest = items[0], items[1:]
    return max(
        worth * count + best_set(rest, room - load * count)
        for count in range(most + 1)
        if load * count <= room
    )


def house(estate: Estate, rng: Random, denominator: int = 1) -> Housing:
    """Fill the buildings one after the other with what comes first in a random order."""
    pairs = every_pair(estate)
    left, cap = estate.demand.tolist(), estate.rows.cap.tolist()
    lodged: list[tuple[int, Content]] = []
    for h in np.repeat(np.arange(estate.n_hosts), estate.copies).tolist():
        room, content = int(estate.capacity[h]), Counter[int]()
        guests = [g for (a, g), (cost, _) in pairs.items() if a == h and cost < estate.price[g]]
        for g in rng.sample(guests, len(guests)):
            load, rows = pairs[h, g][1], rows_above(estate, g)
            while left[g] and load <= room and all(cap[r] for r in rows) and rng.random() < 0.8:
                content[g] += 1
                left[g] -= 1
                room -= load
                for r in rows:
                    cap[r] -= 1
        if content:
            lodged.append((h, tuple(sorted(content.items()))))
    times = Counter(lodged)
    use = sorted(times)
    contents = [pair for _, content in use for pair in content]
    cost = sum(int(estate.opening[h]) + sum(pairs[h, g][0] * n for g, n in content) for h, content in lodged)
    objective = cost + sum(a * b for a, b in zip(left, estate.price.tolist(), strict=True))
    price = np.array([rng.randint(0, int(p) * denominator) for p in estate.price], np.int64)
    row_price = np.array([rng.randint(0, 10**6) for _ in cap], np.int64)
    bound = lagrangian(estate, price, row_price, denominator)
    return Housing(
        use=Use(
            host=np.array([h for h, _ in use], np.int64),
            times=np.array([times[one] for one in use], np.int64),
            first=np.cumsum([0, *(len(content) for _, content in use)]).astype(np.int64),
            guest=np.array([g for g, _ in contents], np.int32),
            places=np.array([n for _, n in contents], np.int64),
        ),
        objective=objective,
        bound=bound,
        guest_price=price,
        row_price=row_price,
        denominator=denominator,
        trees=(),
        work=7,
    )


def bids_of(estate: Estate, price: Any, row_price: Any) -> list[int]:  # noqa: ANN401 (arrays)
    return [
        int(price[g]) - sum(int(row_price[r]) for r in rows_above(estate, g)) for g in range(estate.n_guests)
    ]


def lagrangian(estate: Estate, price: Any, row_price: Any, denominator: int) -> int:  # noqa: ANN401 (arrays)
    """Return the bound that prices prove, by trying every set."""
    pairs, bids = every_pair(estate), bids_of(estate, price, row_price)
    bound = sum(a * b for a, b in zip(estate.demand.tolist(), price.tolist(), strict=True))
    bound -= sum(a * b for a, b in zip(estate.rows.cap.tolist(), row_price.tolist(), strict=True))
    for h in range(estate.n_hosts):
        items = [
            (bids[g] - cost * denominator, load, int(estate.demand[g]))
            for (a, g), (cost, load) in pairs.items()
            if a == h and bids[g] > cost * denominator
        ]
        gain = int(estate.opening[h]) * denominator - best_set(items, int(estate.capacity[h]))
        bound += int(estate.copies[h]) * min(0, gain)
    return ceil(Fraction(bound, denominator))


def search(rng: Random, denominator: int = 1) -> SimpleNamespace:
    """Return what stands in for the module ``solver.patterns.search``."""

    def core(estate: Estate, *, on_news: Any, **_: Any) -> Housing:  # noqa: ANN401 (as the core is called)
        housing = house(estate, rng, denominator)
        on_news(SimpleNamespace(number=1, objective=housing.objective, bound=housing.bound, work=3))
        return housing

    return SimpleNamespace(house=core)
