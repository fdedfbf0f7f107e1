"""Components of premises that the certificate closes by a tree, and how much that adds to the bound.

A component names premises, needs and norm rows. It is *closed* when every eligible pair (a, n) with
c_an < p_n has both ends in it or none, and every need of such a pair that counts in one of its rows is in it.
Then a plan, which uses no other pairs, costs a plan of the component and what it costs outside. The terms of
the bound at the certificate's prices (`proof.bound_terms`) fall apart in the same way:

    C = sum d_n pi_n over its needs - sum lambda_r k_r over its rows + sum g_a over its premises

and all others, which bound the rest by themselves: the others hold the whole -lambda_r k_r of every row that
the component does not name, and a building takes no place for which c_an >= p_n >= pi_n. So with the bound
T of the component's tree (`tree.py`), the whole bound may grow by max(0, T - C). Components share
no premises, no need and no row; what each adds does not depend on the others.

A tree needs not know of every row: without one it proves less. It treats needs as one guest if they have the
same price, rows and pairs (asset, cost, load); a row counts for a guest if all its pairs count in it.
What is wrong is `certificate_tree`, and that component adds nothing. Where units are pinned, all this is said
of what they leave (`proof.Rest`); with side rows or levels there are no trees.
"""

from __future__ import annotations

from collections import defaultdict
from math import gcd
from typing import TYPE_CHECKING, Any, NamedTuple

from solver.checker.inputs import HOUSED
from solver.checker.pieces import Host, Part
from solver.checker.tree import BrokenTreeError, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from solver.checker.aside import Aside, Task
    from solver.checker.block import Columns, Pairs
    from solver.checker.prices import Prices
    from solver.checker.proof import Rest, Term
    from solver.checker.report import Log

FILE = "certificate.json"


class Component(NamedTuple):
    """What a proof is about: ids of premises, classes of needs and norm rows, and the tree's first node."""

    assets: list[str]
    needs: list[list[str]]
    rows: list[str]
    node: object


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
                    self._name(_read(proof))
                except BrokenTreeError as error:
                    log.add("certificate_tree", FILE, f"component {number}", str(error))
        elif tree is not None:
            log.add("certificate_tree", FILE, "tree", f"{tree!r:.40} is no list of components")

    def _name(self, component: Component) -> None:
        members = component.assets, [n for group in component.needs for n in group], component.rows
        places = self.asset, self.need, self.row
        for names, place, known in zip(members, places, self.known, strict=True):
            for name in names:
                if type(name) is not str or name not in known:
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
        columns = self.columns
        useful = pairs.cost < columns.weighted[pairs.need]
        assets = [columns.assets[i].id for i in pairs.assets[pairs.row[useful]].tolist()]
        needs = [columns.needs[j] for j in pairs.need[useful].tolist()]
        cells = [column[useful].tolist() for column in (pairs.cost, pairs.load)]
        for asset, need, cost, load in zip(assets, needs, *cells, strict=True):
            mine, theirs = self.asset.get(asset, -1), self.need.get(need.id, -1)
            if mine != theirs:
                text = f"it is not closed: {asset}, {need.id}"
                self.wrong |= {one: text for one in (mine, theirs) if one >= 0}
            elif mine >= 0:
                self.pairs[need.id].append((asset, cost, load))
        for need in {need.id: need for need in needs}.values():
            self.keys[need.id] = self.keys.get(need.id, set(pairs.norms)) & set(pairs.norms)
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
                part, tree = self._part(component, scale)
                self.tasks[number] = tree, part, component.node
            except BrokenTreeError as error:
                self._report(number, str(error))
        self.aside.give(list(self.tasks.values()))

    def terms(self, prices: Prices, gains: dict[str, int]) -> Iterator[Term]:
        """Yield what the trees add to the bound, times the denominator; `gains` has g of each asset."""
        found = self.aside.prove(list(self.tasks.values()))
        for number, proven in zip(self.tasks, found, strict=True):
            if isinstance(proven, str):
                self._report(number, proven)
                continue
            component, assets = self.all[number], self.inputs.assets
            known = sum(gains[name] for name in component.assets)
            known += sum(self._left(n) * prices.need[n] for group in component.needs for n in group)
            known -= sum(prices.row.get(name, 0) * self._cap(name) for name in component.rows)
            provinces = {assets[name].province for name in component.assets}
            province = provinces.pop() if len(provinces) == 1 else ""
            yield (HOUSED, province, ""), max(0, proven - known)

    def _report(self, number: int, text: str) -> None:
        first = next(iter(self.all[number].assets), "")
        self.log.add("certificate_tree", FILE, f"component {number} ({first:.40})", text)

    def _cap(self, row: str) -> int:
        _, commune, key = row.split("|", 2)
        return self.rest.left("norm", commune, key)

    def _left(self, need: str) -> int:
        return self.rest.left("need", need)

    def _part(self, component: Component, scale: int) -> tuple[Part, Tree]:
        """Make the part that the tree begins with."""
        assets, rows = self.inputs.assets, component.rows
        host_of = {name: h for h, name in enumerate(component.assets)}
        hosts = [
            Host(h, self.rest.left("room", name), scale * self.rest.opening(assets[name]), [])
            for name, h in host_of.items()
        ]
        demand, price, unit = dict[int, int](), list[int](), 0
        stands_in = list[list[int]]()
        for guest, group in enumerate(component.needs):
            facts = [self._facts(name, rows) for name in group]
            if any(other != facts[0] for other in facts[1:]):
                raise BrokenTreeError(f"{group!r:.80} are not equal")
            weighted, own, pairs = facts[0]
            demand[guest] = sum(self._left(name) for name in group)
            price.append(scale * weighted)
            stands_in.append(own)
            unit = gcd(unit, weighted, *(cost for _, cost, _ in pairs))
            for asset, cost, load in pairs:
                hosts[host_of[asset]].pairs.append((guest, scale * cost, load))
        unit = scale * gcd(unit, *(self.rest.opening(assets[name]) for name in component.assets)) or 1
        row_of = {name: r for r, name in enumerate(rows)}
        outer = {r: row_of.get(name.rpartition("/")[0], r) for name, r in row_of.items()}
        tree = Tree(component.assets, [group[0] for group in component.needs], price, stands_in, outer, unit)
        return Part(hosts, demand, {r: self._cap(name) for r, name in enumerate(rows)}), tree

    def _facts(self, name: str, rows: Sequence[str]) -> tuple[int, list[int], list[tuple[str, int, int]]]:
        """Return what members of a class have in common: price, rows of the component, pairs."""
        need, keys = self.inputs.needs[name], self.keys.get(name, set())
        own = [r for r, row in enumerate(rows) if row in {f"norm|{need.commune}|{key}" for key in keys}]
        return need.weighted, own, sorted(self.pairs[name])


def _read(proof: Any) -> Component:  # noqa: ANN401 (JSON)
    """Read what a proof is about."""
    if not isinstance(proof, dict) or set(proof) != set(Component._fields):
        raise BrokenTreeError(f"{proof!r:.40} is no proof of a component")
    lists = proof["assets"], proof["needs"], proof["rows"]
    if not all(isinstance(names, list) for names in lists):
        raise BrokenTreeError("assets, needs or rows are no list")
    if not all(isinstance(group, list) and group for group in lists[1]):
        raise BrokenTreeError("needs are no lists of ids")
    return Component(*lists, proof["node"])
