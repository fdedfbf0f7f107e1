"""Components of premises that the certificate closes by a tree, and how much that adds to the bound.

A component names premises, needs and norm rows. It is *closed* when every eligible pair (a, n) with
c_an + kappa < p_n or b_an > 0 has both ends in it or none, and every need of such a pair that counts in one
of its rows is in it (kappa and b of a re-plan: else 0). A need of which pins leave nothing may be missing.
No plan is made dearer where places of other pairs are left unmet instead; so let it use none. Then it costs
a plan of the component and what it costs outside. The terms of the bound at the certificate's prices
(`proof.bound_terms`) fall apart in the same way:

    C = sum d_n pi_n over its needs - sum lambda_r k_r over its rows + sum g_a over its premises

and all others, which bound the rest by themselves: the others hold the whole -lambda_r k_r of every row that
the component does not name, and a building takes no place for which c_an + kappa >= p_n >= pi_n, b_an = 0. So
with the bound T of the component's tree (`tree.py`), the whole bound may grow by max(0, T - C). Components
share no premises, no need and no row; what each adds does not depend on the others.

A tree needs not know of every row: without one it proves less. It treats needs as one guest if they have the
same price, rows and pairs (asset, cost, load); a row counts for a guest if all its pairs count in it. In a
re-plan a need may be several guests, and T is what the tree proves less what `classes.py` adds to all costs.
What is wrong is `certificate_tree`, and that component adds nothing. Where units are pinned, all this is said
of what they leave (`rest.Rest`); with side rows or levels there are no trees.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from solver.checker.classes import Component, Known, first_part, lowered, read_component
from solver.checker.inputs import HOUSED
from solver.checker.tree import BrokenTreeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from solver.checker.aside import Aside, Task
    from solver.checker.block import Columns, Pairs
    from solver.checker.inputs import Need
    from solver.checker.prices import Prices
    from solver.checker.proof import Term
    from solver.checker.report import Log
    from solver.checker.rest import Rest

FILE = "certificate.json"


class Components:
    """All components of a certificate; `add` gathers their pairs, block by block, `terms` bounds them."""

    def __init__(self, tree: object, columns: Columns, rest: Rest, aside: Aside, log: Log) -> None:
        self.columns, self.inputs, self.aside, self.log = columns, columns.inputs, aside, log
        self.rest = rest
        inputs = self.inputs
        self.all: list[Component] = []
        self.tasks: dict[int, Task] = {}  # by component
        # The component that each is in.
        self.asset, self.need, self.row = dict[str, int](), dict[str, int](), dict[str, int]()
        self.wrong: dict[int, str] = {}  # component -> what is wrong
        self.pairs: dict[str, list[tuple[str, int, int]]] = defaultdict(list)  # need -> asset, cost, load
        self.keys: dict[str, set[str]] = {}  # need -> norm keys that all its pairs count in
        kept: dict[str, dict[str, int]] = defaultdict(dict)
        for (asset, need), units in rest.kept.items():
            kept[need][asset] = units
        self.facts = Known(self.pairs, self.keys, rest, kept)
        norms = [key for key in inputs.scenario["norms"]["max_per_commune"] if key.split("/")[0] == HOUSED]
        places = {name: need for name, need in inputs.needs.items() if need.category == HOUSED}
        self.known = (
            {name for name, asset in inputs.assets.items() if asset.category == HOUSED},
            set(places),
            {f"norm|{need.commune}|{key}" for need in places.values() for key in norms},
        )
        if tree is not None and (rest.limits.rows or rest.limits.levels):
            log.add("certificate_tree", FILE, "tree", "with side rows or levels nothing is proven by trees")
        elif tree is not None and not places:
            log.add("certificate_tree", FILE, "tree", "there are no places of premises to be proven")
        elif isinstance(tree, list) and tree:
            for number, proof in enumerate(tree):
                try:
                    self._name(read_component(proof, replan=inputs.baseline.replan))
                except BrokenTreeError as error:
                    log.add("certificate_tree", FILE, f"component {number}", str(error))
        elif tree is not None:
            log.add("certificate_tree", FILE, "tree", f"{tree!r:.40} is no list of components")

    def _name(self, component: Component) -> None:
        members = component.assets, component.members, component.rows
        places = self.asset, self.need, self.row
        groups = zip(component.kept, component.needs, strict=True)
        classes = [(name, kept) for kept, group in groups for name in group]
        if len(set(classes)) < len(classes):
            raise BrokenTreeError("a need stands twice")
        for names, place, known in zip(members, places, self.known, strict=True):
            for name in names:
                if name not in known:
                    raise BrokenTreeError(f"{name!r:.40} is not planned here")
            if len(set(names)) < len(names) or not place.keys().isdisjoint(names):
                raise BrokenTreeError("premises, a need or a row stands twice")
        for names, place in zip(members, places, strict=True):
            place |= dict.fromkeys(names, len(self.all))
        self.all.append(component)

    def add(self, pairs: Pairs) -> None:
        """Take in all pairs of some more assets."""
        if not self.all or pairs.category != HOUSED:
            return
        columns, unmet = self.columns, self.columns.weighted[pairs.need]
        held = pairs.kept > 0
        rooms = [self.rest.left("room", columns.assets[i].id) for i in pairs.assets.tolist()]
        fits = pairs.load <= np.array(rooms, columns.money)[pairs.row]  # beside the pins
        useful = np.flatnonzero(((pairs.cost < unmet) | held) & fits)
        closed = ((pairs.cost + self.rest.price < unmet) | held)[useful].tolist()
        assets = [columns.assets[i].id for i in pairs.assets[pairs.row[useful]].tolist()]
        needs = [columns.needs[j] for j in pairs.need[useful].tolist()]
        cells = [column[useful].tolist() for column in (pairs.cost, pairs.load)]
        joined: dict[str, Need] = {}
        for asset, need, cost, load, joins in zip(assets, needs, *cells, closed, strict=True):
            mine, theirs = self.asset.get(asset, -1), self.need.get(need.id, -1)
            if mine == theirs >= 0:
                self.pairs[need.id].append((asset, cost, load))
            if not joins or (theirs < 0 and self.rest.left("need", need.id) == 0):
                continue
            joined[need.id] = need
            if mine != theirs:
                text = f"it is not closed: {asset}, {need.id}"
                self.wrong |= {one: text for one in (mine, theirs) if one >= 0}
        for name in {need.id for need in needs}:
            self.keys[name] = self.keys.get(name, set(pairs.norms)) & set(pairs.norms)
        for need in joined.values():
            own = self.need.get(need.id, -1)
            for name in (f"norm|{need.commune}|{key}" for key in pairs.norms):
                if self.row.get(name, own) != own:
                    self.wrong[self.row[name]] = f"{need.id} counts in {name}, but is not in it"

    def begin(self, scale: int) -> None:
        """Make the trees of the components, once all pairs are there, and hand some of them over."""
        for number, component in enumerate(self.all):
            try:
                if number in self.wrong:
                    raise BrokenTreeError(self.wrong[number])
                part, tree = first_part(component, self.facts, scale)
                self.tasks[number] = tree, part, component.node
            except BrokenTreeError as error:
                self._report(number, str(error))
        self.aside.give(list(self.tasks.values()))

    def terms(self, prices: Prices, gains: dict[str, int]) -> Iterator[Term]:
        """Yield what the trees add to the bound, times the denominator; `gains` has g of each asset."""
        found = self.aside.prove(list(self.tasks.values()))
        for number, proven in zip(self.tasks, found, strict=True):
            component, assets, left = self.all[number], self.inputs.assets, self.rest.left
            if isinstance(proven, str):
                self._report(number, proven)
                continue
            if component.bound not in (None, proven):
                self._report(number, f"it proves {proven}, not {component.bound}")
                continue
            known = sum(gains[name] for name in component.assets)
            known += sum(left("need", name) * prices.need[name] for name in component.members)
            known -= sum(prices.row.get(name, 0) * left(*name.split("|", 2)) for name in component.rows)
            provinces = {assets[name].province for name in component.assets}
            province = provinces.pop() if len(provinces) == 1 else ""
            proven -= prices.scale * lowered(component, self.facts)
            yield (HOUSED, province, ""), max(0, proven - known)

    def _report(self, number: int, text: str) -> None:
        first = next(iter(self.all[number].assets), "")
        self.log.add("certificate_tree", FILE, f"component {number} ({first:.40})", text)
