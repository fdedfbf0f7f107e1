"""Random estates of many classes, their optima by two other methods, and the check of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from solver.flow.market import Rows
from solver.patterns.estate import Estate, Pairs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from solver.flow.market import Ints
    from solver.patterns.estate import Housing

#: What estates differ in; every class is drawn equally often.
CLASSES = (
    "plain", "ties", "zero_capacity", "full_loads", "too_dear", "one_building", "no_needs", "no_buildings",
    "copies", "places", "copies_and_places", "own_loads", "own_loads_and_places", "zero_loads",
    "large_opening", "norms", "nested_norms", "shut_norms", "must_be_met", "zero_costs", "islands", "dong",
    "coarse", "spread", "odd_prices", "scarce", "near_equal",
)  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """Pairs given as rows (host, guest, cost, load), sorted; a ``solver.patterns.estate.Lister``."""

    rows: list[tuple[int, int, int, int]]

    def pairs(self, hosts: Ints, ceiling: Ints) -> Pairs:
        of = {h: [row for row in self.rows if row[0] == h] for h in hosts.tolist()}
        kept = [[row for row in of[h] if row[2] < ceiling[row[1]]] for h in hosts.tolist()]
        flat = np.array([row for rows in kept for row in rows], np.int64).reshape(-1, 4)
        first = np.concatenate([[0], np.cumsum([len(rows) for rows in kept])]).astype(np.int64)
        return Pairs(first, flat[:, 1].astype(np.int32), flat[:, 2].copy(), flat[:, 3].copy())


def estate_of(
    hosts: list[tuple[int, int, int]],
    guests: list[tuple[int, int, int]],
    rows: list[tuple[int, int]],
    pairs: list[tuple[int, int, int, int]],
) -> Estate:
    """Make an estate of hosts (capacity, opening, copies), guests (demand, price, row), caps and parents."""
    capacity, opening, copies = np.array(hosts, np.int64).reshape(-1, 3).T.copy()
    demand, price, row = np.array(guests, np.int64).reshape(-1, 3).T.copy()
    cap, parent = np.array(rows, np.int64).reshape(-1, 2).T.copy()
    above, lister = Rows(cap, parent.astype(np.int32)), Listed(sorted(pairs))
    return Estate(capacity, opening, copies, demand, price, row.astype(np.int32), above, lister)


def draw(rng: Random, kind: str, *, size: int = 4) -> Estate:
    """Draw an estate of a class with up to ``size`` buildings and needs or a few more."""
    if kind == "near_equal":
        return _near_equal(rng, size)
    n_hosts = {"one_building": 1, "no_buildings": 0}.get(kind, rng.randint(1, size))
    n_guests = 0 if kind == "no_needs" else rng.randint(1, size + (kind == "one_building") * 2)
    money = {"dong": rng.randint(10**8, 10**9), "coarse": 10**6}.get(kind, 1)
    few = kind in ("ties", "copies")
    opening = rng.choice([0, 0, 5, 30])
    several = ("places", "copies_and_places", "own_loads_and_places", "norms", "nested_norms")
    most = 5 if kind == "many_copies" else 3 if kind in several else 1
    copies = {"copies": 3, "copies_and_places": 3, "many_copies": 9}.get(kind, 1)
    load = [rng.choice([3, 5]) if few else rng.randint(1, 9) for _ in range(n_guests)]
    hosts, guests, pairs = [], [], []
    rows = _rows(rng, kind)
    for _ in range(n_guests):
        price = 20 if few else rng.randint(8, 60)
        if kind == "too_dear":
            price = rng.randint(0, 5)
        elif kind in ("must_be_met", "scarce"):
            price *= 10**6
        elif kind == "spread":
            price = 10 ** rng.randint(0, 12)
        elif kind == "odd_prices":  # twice a price is what all costs are multiples of, once is not
            price = 2 * price + 1
        demand = 2 if kind == "odd_prices" else rng.randint(1, most)
        guests.append((demand, price * money, rng.randint(-1, len(rows) - 1)))
    for h in range(n_hosts):
        room = 10 if few else rng.randint(3, 9 if kind == "scarce" else 20)
        if kind == "zero_capacity" and rng.random() < 0.5:
            room = 0
        elif kind == "full_loads" and n_guests:
            room = sum(rng.sample(load, rng.randint(1, n_guests)))
        charge = rng.randint(0, opening)
        if kind == "large_opening":
            charge = rng.choice([40, 90, 10**6])
        elif kind == "odd_prices":
            charge *= 2
        hosts.append((room, charge * money, rng.randint(1, copies)))
        for g in range(n_guests):
            if rng.random() < 0.2 or (kind == "islands" and h % 2 != g % 2):
                continue
            needed = rng.randint(1, 9) if kind.startswith("own_loads") else load[g]
            if kind == "zero_loads" and rng.random() < 0.5:
                needed = 0
            cost = (
                rng.randint(5, 9)
                if kind == "too_dear"
                else rng.choice([5, 9, 12])
                if few
                else rng.randint(1, 30)
            )
            if kind == "zero_costs" and rng.random() < 0.8:
                cost = 0
            elif kind == "spread":
                cost = 10 ** rng.randint(0, 12)
            elif kind == "odd_prices":
                cost *= 2
            if needed <= room:
                pairs.append((h, g, cost * money, needed))
    return estate_of(hosts, guests, rows, pairs)


def _near_equal(rng: Random, size: int) -> Estate:
    """Draw places whose gains differ by less per load than floating point shows."""
    rate = rng.randint(2 * 10**13, 4 * 10**13)
    load = [rng.choice([500, 750, 1_000]) for _ in range(rng.randint(size, size + 3))]
    gain = [rate * one + rng.choice([0, 1, 2]) for one in load]
    cost = [10**15 + g for g in range(len(load))]
    guests = [(1, one + other, -1) for one, other in zip(gain, cost, strict=True)]
    hosts, pairs = [], []
    for h in range(rng.choice([1, 1, 2])):
        room = sum(rng.sample(load, rng.randint(2, len(load) - 1))) + rng.choice([0, 0, 1])
        hosts.append((room, rng.choice([0, 10**12]), 1))
        pairs += [(h, g, cost[g] + h, one) for g, one in enumerate(load) if one <= room]
    return estate_of(hosts, guests, [], pairs)


def _rows(rng: Random, kind: str) -> list[tuple[int, int]]:
    """Draw norm rows; parents come later."""
    if kind == "nested_norms":
        return [
            (rng.randint(0, 3), 2),
            (rng.randint(0, 3), 2),
            (rng.randint(1, 4), 3),
            (rng.randint(0, 5), -1),
        ]
    if kind == "norms":
        return [(rng.randint(0, 3), -1), (rng.randint(0, 3), -1)]
    return [(0, -1), (2, -1)] if kind == "shut_norms" else []


def all_pairs(estate: Estate) -> list[tuple[int, int, int, int]]:
    """Every pair as (host, guest, cost, load), whatever it costs."""
    assert isinstance(estate.lister, Listed)
    return estate.lister.rows


def allowed(estate: Estate, met: tuple[int, ...]) -> bool:
    """Whether the norm rows leave room for so many places per need."""
    used = [0] * len(estate.rows.cap)
    for g, places in enumerate(met):
        row = int(estate.row[g])
        while row >= 0:
            used[row] += places
            row = int(estate.rows.parent[row])
    return all(u <= c for u, c in zip(used, estate.rows.cap.tolist(), strict=True))


def patterns_of(estate: Estate, h: int) -> Iterator[tuple[tuple[tuple[int, int], ...], int]]:
    """Yield every set that fits a host, as ((guest, places), ...), and its cost with the opening."""
    mine = [row for row in all_pairs(estate) if row[0] == h]
    for places in product(*(range(int(estate.demand[g]) + 1) for _, g, _, _ in mine)):
        if sum(n * row[3] for n, row in zip(places, mine, strict=True)) <= estate.capacity[h]:
            taken = tuple((row[1], n) for n, row in zip(places, mine, strict=True) if n)
            cost = sum(n * row[2] for n, row in zip(places, mine, strict=True))
            yield taken, cost + int(estate.opening[h]) * bool(taken)


def best_by_enumeration(estate: Estate) -> int:
    """Least cost of any plan: one building after another, every set in each."""
    demand, price = estate.demand.tolist(), estate.price.tolist()
    least: dict[tuple[int, ...], int] = {(0,) * len(demand): 0}
    for h in range(estate.n_hosts):
        sets = list(patterns_of(estate, h))
        for _ in range(int(estate.copies[h])):
            reached = dict(least)
            for met, cost in least.items():
                for taken, more in sets:
                    after = list(met)
                    for g, places in taken:
                        after[g] += places
                    if all(a <= d for a, d in zip(after, demand, strict=True)):
                        key = tuple(after)
                        reached[key] = min(reached.get(key, cost + more), cost + more)
            least = reached
    least_cost: int = min(
        cost + sum(p * (d - m) for p, d, m in zip(price, demand, met, strict=True))
        for met, cost in least.items()
        if allowed(estate, met)
    )
    return least_cost


def best_by_highs(estate: Estate) -> int:
    """Least cost by HiGHS on the compact model, the plan it names priced in integers."""
    pairs = all_pairs(estate)
    single = [h for h in range(estate.n_hosts) for _ in range(int(estate.copies[h]))]
    uses = [(s, row) for s, h in enumerate(single) for row in pairs if row[0] == h]
    n_x, n_y = len(uses), len(single)
    if n_x == 0:
        return sum(p * d for p, d in zip(estate.price.tolist(), estate.demand.tolist(), strict=True))
    worth = [row[2] - int(estate.price[row[1]]) for _, row in uses]
    goal = np.array(worth + [int(estate.opening[h]) for h in single], float)
    entries: list[tuple[int, int, float]] = []
    top: list[float] = []
    for s, h in enumerate(single):
        entries += [(s, k, row[3]) for k, (t, row) in enumerate(uses) if t == s]
        entries.append((s, n_x + s, -int(estate.capacity[h])))
        top.append(0.0)
    for g, demand in enumerate(estate.demand.tolist()):
        entries += [(len(top), k, 1) for k, (_, row) in enumerate(uses) if row[1] == g]
        top.append(demand)
    above = _above(estate)
    for r, cap in enumerate(estate.rows.cap.tolist()):
        entries += [(len(top), k, 1) for k, (_, row) in enumerate(uses) if r in above[row[1]]]
        top.append(cap)
    for k, (s, row) in enumerate(uses):  # a place of no load opens the building too
        entries += [(len(top), k, 1), (len(top), n_x + s, -int(estate.demand[row[1]]))]
        top.append(0.0)
    line, column, value = zip(*entries, strict=True)
    matrix = csr_array((value, (line, column)), shape=(len(top), n_x + n_y))
    most = [int(estate.demand[row[1]]) for _, row in uses] + [1] * n_y
    found = milp(
        goal, constraints=LinearConstraint(matrix, -np.inf, top), bounds=Bounds(0, most),
        integrality=np.ones(n_x + n_y), options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    assert found.success, found.message
    whole = np.rint(found.x).astype(int).tolist()
    unmet = sum(p * d for p, d in zip(estate.price.tolist(), estate.demand.tolist(), strict=True))
    placed = sum(w * x for w, x in zip(worth, whole[:n_x], strict=True))
    in_use = {s for (s, _), x in zip(uses, whole[:n_x], strict=True) if x}
    return int(unmet + placed + sum(int(estate.opening[single[s]]) for s in in_use))


def _above(estate: Estate) -> list[list[int]]:
    chains = []
    for row in estate.row.tolist():
        chain = []
        while row >= 0:
            chain.append(row)
            row = int(estate.rows.parent[row])
        chains.append(chain)
    return chains


def cost_of_use(estate: Estate, housing: Housing) -> int:
    """Check that a plan keeps every rule; return what it costs, computed from nothing but the estate."""
    price = {(h, g): (cost, load) for h, g, cost, load in all_pairs(estate)}
    met, copies, total = [0] * estate.n_guests, [0] * estate.n_hosts, 0
    use = housing.use
    assert use.host.tolist() == sorted(use.host.tolist())
    for k, (h, times) in enumerate(zip(use.host.tolist(), use.times.tolist(), strict=True)):
        inside = slice(int(use.first[k]), int(use.first[k + 1]))
        guests, places = use.guest[inside].tolist(), use.places[inside].tolist()
        assert guests
        assert guests == sorted(set(guests))
        assert min(places) > 0
        assert times > 0
        load = sum(n * price[h, g][1] for g, n in zip(guests, places, strict=True))
        assert load <= estate.capacity[h]
        copies[h] += times
        total += times * int(estate.opening[h])
        for g, n in zip(guests, places, strict=True):
            met[g] += n * times
            total += n * times * price[h, g][0]
    assert all(c <= m for c, m in zip(copies, estate.copies.tolist(), strict=True))
    assert all(m <= d for m, d in zip(met, estate.demand.tolist(), strict=True))
    assert allowed(estate, tuple(met))
    left = zip(estate.price.tolist(), estate.demand.tolist(), met, strict=True)
    return int(total + sum(p * (d - m) for p, d, m in left))


def proven_by_prices(estate: Estate, housing: Housing) -> int:
    """The bound that the prices of a plan prove, every set of every building looked at, in integers."""
    scale, pi = housing.denominator, housing.guest_price.tolist()
    assert all(p <= q * scale for p, q in zip(pi, estate.price.tolist(), strict=True))
    assert (housing.row_price >= 0).all()
    bid = [
        p - sum(int(housing.row_price[r]) for r in chain) for p, chain in zip(pi, _above(estate), strict=True)
    ]
    total = sum(p * d for p, d in zip(pi, estate.demand.tolist(), strict=True))
    total -= sum(lam * c for lam, c in zip(housing.row_price.tolist(), estate.rows.cap.tolist(), strict=True))
    for h, copies in enumerate(estate.copies.tolist()):
        gains = [
            scale * cost - sum(bid[g] * n for g, n in taken)
            for taken, cost in patterns_of(estate, h)
            if taken
        ]
        total += copies * min([0, *gains])
    return int(-(-total // scale))


def check(estate: Estate, housing: Housing, optimum: int, *, prices: bool = True) -> None:
    """Check a plan that had all the time it needed."""
    assert cost_of_use(estate, housing) == housing.objective
    assert housing.objective == optimum, "objective"
    assert housing.bound <= optimum, "overclaimed"
    assert housing.bound == optimum, "open"
    assert housing.failures == (), "given up"
    assert 1 <= housing.denominator <= 1 << 20
    if prices:
        proven = proven_by_prices(estate, housing)
        assert proven <= housing.bound if housing.trees else proven == housing.bound, "prices"
