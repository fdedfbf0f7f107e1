"""An entry of the certificate's `tree`: classes of the needs of a component, and where its tree begins.

A class is a list of equal needs, one guest of the tree. In a re-plan a need n of which b_an > 0 places are
left in building a has a class of its own for these (`kept` names a), and one for all others. A place of n
then costs, kappa times all its places less all its b added,

    c_an                 in the class kept for a, in a: it is no change
    c_an + 2 kappa       otherwise: it is one more in a, and one less where the baseline had it
    p_n + kappa          left unmet

because kappa |x_an - b_an| = kappa (x_an + b_an - 2 min(x_an, b_an)), and places are met or unmet. Given a
plan, min(x_an, b_an) places of n in a stand in the class kept for a, and the others anywhere: so it costs the
same in the classes, and no way to fill them costs less than a plan. That every b_an > 0 has its class is
needed for that, and checked. No cost is negative, and the tree need not know what a change is.

Where the entry is `plain`, changes are left out (kappa = 0): a plan costs as much, or more. There all of a
need stands in one class, and equal needs together. A class has the pairs that cost less, in it, than leaving
a place unmet.
"""

from __future__ import annotations

from collections import defaultdict
from math import gcd
from typing import TYPE_CHECKING, Any, NamedTuple

from solver.checker.pieces import Host, Part
from solver.checker.tree import BrokenTreeError, Tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.checker.rest import Rest

MEMBERS = {"assets", "needs", "rows", "node"}


class Component(NamedTuple):
    """What a proof is about: ids of premises, classes of needs and norm rows, and the tree's first node.

    `kept` has the building of each class that is kept there; `bound` is what the entry says that it proves.
    """

    assets: list[str]
    needs: list[list[str]]
    rows: list[str]
    node: object
    kept: list[str | None]
    plain: bool
    bound: int | None

    @property
    def members(self) -> list[str]:
        """Ids of the needs, each once."""
        return list(dict.fromkeys(name for group in self.needs for name in group))


class Known(NamedTuple):
    """What all pairs say: of each need its pairs (asset, cost, load) and norm keys; what is left, b too."""

    pairs: Mapping[str, list[tuple[str, int, int]]]
    keys: Mapping[str, set[str]]
    rest: Rest
    kept: Mapping[str, dict[str, int]]  # need -> asset -> b


def read_component(proof: Any, *, replan: bool) -> Component:  # noqa: ANN401 (JSON)
    """Read what a proof is about; plans of before had no `bound`, and only re-plans have the rest."""
    must = MEMBERS | ({"kept", "plain"} if replan else set())
    if not isinstance(proof, dict) or set(proof) - {"bound"} != must:
        raise BrokenTreeError(f"{proof!r:.40} is no proof of a component")
    assets, needs, rows = (proof[name] for name in ("assets", "needs", "rows"))
    if not all(isinstance(names, list) for names in (assets, needs, rows)):
        raise BrokenTreeError("assets, needs or rows are no list")
    if not all(isinstance(group, list) and group for group in needs):
        raise BrokenTreeError("needs are no lists of ids")
    for name in (name for names in (assets, rows, *needs) for name in names):
        if type(name) is not str:
            raise BrokenTreeError(f"{name!r:.40} is no id")
    kept, plain, bound = proof.get("kept", [None] * len(needs)), proof.get("plain", True), proof.get("bound")
    if type(plain) is not bool or ("bound" in proof and type(bound) is not int):
        raise BrokenTreeError(f"plain is {plain!r:.20}, bound {bound!r:.40}")
    if not isinstance(kept, list) or len(kept) != len(needs) or {type(a) for a in kept} - {str, type(None)}:
        raise BrokenTreeError(f"kept is {kept!r:.60}, of {len(needs)} classes")
    if any(asset is not None and (plain or len(group) > 1) for asset, group in zip(kept, needs, strict=True)):
        raise BrokenTreeError("a class that is kept has one need, in a proof that counts changes")
    return Component(assets, needs, rows, proof["node"], kept, plain, bound)


def first_part(component: Component, known: Known, scale: int) -> tuple[Part, Tree]:
    """Make the part that the tree begins with, and what its nodes refer to."""
    rest, assets, rows = known.rest, known.rest.inputs.assets, component.rows
    demands = _demands(component, known)
    change = 0 if component.plain else rest.price
    host_of = {name: h for h, name in enumerate(component.assets)}
    hosts = [
        Host(h, rest.left("room", name), scale * rest.opening(assets[name]), [])
        for name, h in host_of.items()
    ]
    price, unit, stands_in = list[int](), 0, list[list[int]]()
    for guest, (group, kept) in enumerate(zip(component.needs, component.kept, strict=True)):
        facts = [_facts(name, kept, change, rows, known) for name in group]
        turned = len(group) > 1 and not component.plain and any(known.kept.get(name) for name in group)
        if turned or any(other != facts[0] for other in facts[1:]):
            raise BrokenTreeError(f"{group!r:.80} are not equal")
        unmet, own, pairs = facts[0]
        price.append(scale * unmet)
        stands_in.append(own)
        unit = gcd(unit, unmet, *(cost for _, cost, _ in pairs))
        for asset, cost, load in pairs:
            hosts[host_of[asset]].pairs.append((guest, scale * cost, load))
    unit = scale * gcd(unit, *(rest.opening(assets[name]) for name in component.assets)) or 1
    row_of = {name: r for r, name in enumerate(rows)}
    outer = {r: row_of.get(name.rpartition("/")[0], r) for name, r in row_of.items()}
    names = [
        f"{group[0]}|{kept}" if kept is not None else group[0]
        for group, kept in zip(component.needs, component.kept, strict=True)
    ]
    tree = Tree(component.assets, names, price, stands_in, outer, unit)
    caps = {r: rest.left(*name.split("|", 2)) for r, name in enumerate(rows)}
    return Part(hosts, dict(enumerate(demands)), caps), tree


def lowered(component: Component, known: Known) -> int:
    """Return what the costs of the classes are above those of plans: kappa (places - b)."""
    if component.plain:
        return 0
    places = sum(known.rest.left("need", name) for name in component.members)
    kept = sum(units for name in component.members for units in known.kept.get(name, {}).values())
    return known.rest.price * (places - kept)


def _demands(component: Component, known: Known) -> list[int]:
    """Return the places of each class; those that are kept and the others are all that a need asks for."""
    named: dict[str, dict[str | None, int]] = defaultdict(dict)  # need -> building -> class
    for guest, (group, where) in enumerate(zip(component.needs, component.kept, strict=True)):
        for name in group:
            named[name][where] = guest
    demands = [0] * len(component.needs)
    for name, classes in named.items():
        kept, left = known.kept.get(name, {}), known.rest.left("need", name)
        if not component.plain and set(kept) != set(classes) - {None}:
            raise BrokenTreeError(f"{name:.40} is kept in {sorted(kept)!r:.60}, its classes are others")
        for asset, guest in classes.items():
            if asset is not None:
                demands[guest] = kept[asset]
                left -= kept[asset]
        if known.rest.inputs.baseline.replan and (left > 0) != (None in classes):
            raise BrokenTreeError(f"{name:.40} has {left} places that are not kept, its classes are others")
        if None in classes:
            demands[classes[None]] += left
    return demands


def _facts(
    name: str, kept: str | None, change: int, rows: list[str], known: Known
) -> tuple[int, list[int], list[tuple[str, int, int]]]:
    """Return what members of a class have in common: price, rows of the component, pairs."""
    need = known.rest.inputs.needs[name]
    in_rows = {f"norm|{need.commune}|{key}" for key in known.keys.get(name, set())}
    unmet = need.weighted + change
    pairs = [
        (asset, cost if asset == kept else cost + 2 * change, load)
        for asset, cost, load in known.pairs.get(name, [])
    ]
    useful = sorted(pair for pair in pairs if pair[1] < unmet)
    return unmet, [r for r, row in enumerate(rows) if row in in_rows], useful
