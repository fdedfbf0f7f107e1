"""The best plan of premises with a pair forced or banned: the components it touches, solved again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.counterfactuals.altered import Blocked
from solver.counterfactuals.estates import some_of, with_place, without_guest
from solver.counterfactuals.limited import search_again
from solver.counterfactuals.model import Counterfactual, changes_of
from solver.counterfactuals.moved import lines_of
from solver.counterfactuals.settled import patterns_of, plus, settled
from solver.limits.premises_tally import patterns_in, use_of
from solver.limits.premises_ways import parts_between
from solver.limits.rows import has_limits
from solver.patterns.part import components
from solver.patterns.search import house
from solver.problem.premises import ELIGIBLE, STAGES, parts_of_premises, stage_of_premises

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.counterfactuals.moved import Lines
    from solver.flow.market import Ints
    from solver.limits.premises_tally import Pattern
    from solver.patterns.estate import Housing, Use
    from solver.plan.result import Result
    from solver.problem.premises import Premises
    from solver.problem.problem import Problem


def premises_counterfactual(
    problem: Problem, result: Result, asset_id: str, need_id: str, units: int, stop: Callable[[], bool]
) -> Counterfactual:
    """Answer for a pair of premises and need; ``units`` 0 bans it."""
    premises = problem.premises
    if premises is None:
        raise TypeError("a problem without premises")
    i = int(np.flatnonzero(premises.assets.ids == asset_id)[0])
    j = int(np.flatnonzero(premises.needs.ids == need_id)[0])
    about: dict[str, Any] = {"limited": has_limits(problem)}
    lines = lines_of(premises, result.plan.transfers)
    now = lines.get((i, j), 0)
    pins = _pin_lines(premises)
    if units:
        stage = int(stage_of_premises(premises, np.array([i]), np.array([j]))[0])
        if stage != ELIGIBLE:
            return Counterfactual(asset_id, need_id, units, "ineligible", stage=STAGES[stage], **about)
    if (units and now >= units) or (not units and now == 0):
        return Counterfactual(asset_id, need_id, units, "in_plan", **about)
    free = {pair: count - pins.get(pair, 0) for pair, count in lines.items() if count > pins.get(pair, 0)}
    if not units and (i, j) in pins:
        return Counterfactual(
            asset_id, need_id, 0, "blocked", blocked_by="pin", blocked_left=pins[i, j], **about
        )
    if not units:
        same = settled(premises, free, patterns_of(premises, free), i, {}, {j})
        if same is not None:  # its equals can do without the pair, and nothing else changes
            return _told(problem, premises, result, (i, j), 0, (free, same), 0, (0, 0))
    more = units - pins.get((i, j), 0)
    seats, barred = ({j: more}, set[int]()) if units else ({}, {j})
    changed = with_place(premises, i, j, more) if units else without_guest(premises, i, j)
    if isinstance(changed, Blocked):
        return Counterfactual(
            asset_id, need_id, units, "blocked", blocked_by=changed.what, blocked_left=changed.left, **about
        )
    if has_limits(problem):
        again = search_again(problem, changed, result, stop)
        if isinstance(again, Blocked):
            return Counterfactual(
                asset_id, need_id, units, "blocked", blocked_by=again.what, blocked_left=again.left, **about
            )
        patterns = _on_classes(premises, changed, again.found.plans[premises.name].plan, (i, j), more)
        after = _whole(settled(premises, free, patterns, i, seats, barred))
        least = again.bound - again.before if _alone(premises, j) or units else None
        most = None if again.before_bound is None else again.cost - again.before_bound
        least = max(0, least) if least is not None and not again.levels else least
        return _told(
            problem, premises, result, (i, j), units, (free, after), again.cost - again.before, (least, most),
            tuple(again.levels),
        )  # fmt: skip
    before = patterns_of(premises, free)
    touched = _touched(premises, i, j)
    housing, beside = _housed(premises, changed, touched, stop)
    patterns = _on_classes(premises, changed, housing.use, (i, j), more)
    patterns.update({key: count for key, count in before.items() if key[0] not in touched[0]})
    kept = _needful(premises, before, patterns, int(premises.host_of[i]))
    after = _whole(settled(premises, free, kept, i, seats, barred))
    change = _cost(premises, kept) - _cost(premises, before)
    all_of_it = _cost(premises, patterns) - _cost(premises, before)
    gap = int(result.plan.summary["parts"]["category"][premises.name]["gap_vnd"])
    least = max(0, all_of_it - beside) if units or _alone(premises, j) else 0
    return _told(problem, premises, result, (i, j), units, (free, after), change, (least, change + gap))


def _whole(lines: Lines | None) -> Lines:
    if lines is None:
        raise TypeError("a plan that holds the pair, and has no building for it")
    return lines


def _alone(premises: Premises, j: int) -> bool:
    """Tell whether a ban of the need's class is a ban of the need."""
    return int((premises.guest_of == premises.guest_of[j]).sum()) == 1


def _pin_lines(premises: Premises) -> Lines:
    pins = premises.pins
    pairs = zip(pins.asset.tolist(), pins.need.tolist(), strict=True)
    return dict(zip(pairs, pins.units.tolist(), strict=True))


def _joined(premises: Premises, lines: Lines) -> Lines:
    """Add the pins to lines beside them."""
    out = dict(lines)
    for pair, units in _pin_lines(premises).items():
        out[pair] = out.get(pair, 0) + units
    return out


def _touched(premises: Premises, i: int, j: int) -> tuple[set[int], set[int]]:
    """Return hosts and guests of the components that the pair touches."""
    h, g = int(premises.host_of[i]), int(premises.guest_of[j])
    estate = premises.estate
    rows = set()
    row = int(estate.row[g])
    while row >= 0:
        rows.add(row)
        row = int(estate.rows.parent[row])
    hosts, guests = {h}, {g}
    for one in components(estate):
        if h in one.hosts or g in one.guests or rows & set(one.rows.tolist()):
            hosts |= set(one.hosts.tolist())
            guests |= set(one.guests.tolist())
    return hosts, guests


def _housed(
    premises: Premises, changed: Premises, touched: tuple[set[int], set[int]], stop: Callable[[], bool]
) -> tuple[Housing, int]:
    """Solve the touched components; return the plan by the classes of ``changed``, and its gap [VND]."""
    estate = changed.estate
    hosts = np.array(sorted(touched[0] | set(range(premises.estate.n_hosts, estate.n_hosts))), np.int64)
    guests = np.array(sorted(touched[1]), np.int64)
    housing = house(some_of(estate, hosts, guests), stop=stop)
    use = housing.use
    use = replace(use, host=hosts[use.host], guest=guests[use.guest].astype(np.int32))
    return replace(housing, use=use), housing.objective - housing.bound


def _on_classes(
    premises: Premises, changed: Premises, use: Use, ends: tuple[int, int], places: int
) -> Counter[Pattern]:
    """Return a plan of the changed premises as patterns of the classes at hand, the pinned places with it."""
    own, usual = int(changed.host_of[ends[0]]), int(premises.host_of[ends[0]])
    patterns: Counter[Pattern] = Counter()
    inside: tuple[tuple[int, int], ...] = ()
    for (host, content), times in patterns_in(use).items():
        kept = tuple(entry for entry in content if entry[1])
        if host == own:
            inside = kept
        elif kept:
            patterns[host, kept] += times
    if places > 0 and changed.pins is not premises.pins:
        inside = plus(inside, int(premises.guest_of[ends[1]]), places)
    if inside:
        patterns[usual, inside] += 1
    return patterns


def _needful(
    premises: Premises, before: Counter[Pattern], after: Counter[Pattern], host: int
) -> Counter[Pattern]:
    """Go only the parts of the way that save something or touch the class of the building."""
    way, part_of = parts_between(premises.estate, use_of(before), use_of(after))
    out = Counter(before)
    for part in sorted(set(part_of.values())):
        gone, come = (
            Counter({key: count for key, count in side.items() if part_of[key[0]] == part}) for side in way
        )
        if part_of.get(host) == part or _cost(premises, come) < _cost(premises, gone):
            out = out - gone + come
    return out


def _cost(premises: Premises, patterns: Counter[Pattern]) -> int:
    """Return what patterns add to the cost of a plan with nothing in it [VND]."""
    assets, needs = _first(premises.host_of), _first(premises.guest_of)
    entries = [
        (assets[host], needs[guest], places * times)
        for (host, content), times in patterns.items()
        for guest, places in content
    ]
    i, j, units = (np.array([entry[side] for entry in entries], np.int64) for side in range(3))
    gain = parts_of_premises(premises, i, j).cost - premises.needs.price[j]
    opened = sum(
        int(premises.estate.opening[host]) * times for (host, content), times in patterns.items() if content
    )
    return opened + int(sum(u * g for u, g in zip(units.tolist(), gain.tolist(), strict=True)))


def _first(class_of: Ints) -> dict[int, int]:
    first: dict[int, int] = {}
    for row, one in enumerate(class_of.tolist()):
        first.setdefault(one, row)
    return first


def _told(
    problem: Problem,
    premises: Premises,
    result: Result,
    ends: tuple[int, int],
    units: int,
    lines: tuple[Lines, Lines],
    change: int,
    interval: tuple[int | None, int | None],
    levels: tuple[dict[str, Any], ...] = (),
) -> Counterfactual:
    return Counterfactual(
        str(premises.assets.ids[ends[0]]),
        str(premises.needs.ids[ends[1]]),
        units,
        "changed",
        change_vnd=change,
        least_vnd=interval[0],
        most_vnd=interval[1],
        objective_vnd=result.objective + change,
        levels=levels,
        limited=has_limits(problem),
        **changes_of(premises, *(_joined(premises, one) for one in lines)),
    )
