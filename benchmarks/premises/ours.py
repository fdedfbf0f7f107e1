"""Ours: the pattern core, and what its prices prove province by province."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.premises.instances import dot
from benchmarks.premises.outcome import Found
from solver.patterns.pricing import gains
from solver.patterns.search import house

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.premises.instances import Instance, Judged
    from solver.patterns.search import News

    Teller = Callable[[float, int, int], None]

#: Processes of the search.
PROCESSES = 2


def patterns(instance: Instance, seconds: float, tell: Teller) -> Found:
    """Search until nothing is left to prove or the time is over.

    Parameters
    ----------
    tell : hears of every step: seconds, objective, certified bound (nothing is claimed beyond it).
    """
    start = time.perf_counter()

    def spent() -> float:
        return time.perf_counter() - start

    def on_news(news: News) -> None:
        tell(spent(), news.objective, news.bound)

    plan = house(instance.estate, stop=lambda: spent() > seconds, on_news=on_news, processes=PROCESSES)
    took = spent()
    tell(took, plan.objective, plan.bound)
    # any whole prices prove a bound; rounding down costs a place less than 1 VND
    prices = plan.guest_price // plan.denominator
    proven = tuple((tree.hosts, tree.guests, tree.bound // plan.denominator) for tree in plan.trees)
    return Found(plan.use, plan.bound, plan.bound, took, 0.0, prices=prices, trees=proven)


def by_province(instance: Instance, found: Found, judged: Judged) -> dict[str, list[int]]:
    """Split plan and bound by province: code to objective, certified bound, cost of the empty plan [VND]."""
    estate, host, guest = instance.estate, instance.host_province, instance.guest_province
    if host is None or guest is None or found.use is None or found.prices is None:
        return {}
    worth = estate.copies * gains(estate, found.prices)
    out = {}
    for code in np.unique(guest).tolist():
        mine, theirs = guest == code, host[found.use.host] == code
        price, demand = estate.price[mine], estate.demand[mine]
        objective = sum(judged.patterns[theirs].tolist()) + dot(judged.unmet[mine], price)
        bound = dot(found.prices[mine], demand) + sum(worth[host == code].tolist())
        out[code] = [objective, bound, dot(price, demand)]
    for hosts, guests, least in found.trees:  # what a component's tree proves beyond the prices
        by_prices = dot(found.prices[guests], estate.demand[guests])
        by_prices += sum((worth[hosts] // estate.copies[hosts]).tolist())
        out[str(guest[guests[0]])][1] += max(0, least - by_prices)
    return out
