from __future__ import annotations

import copy
import itertools
import json
import os
import shutil
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from solver.checker.folder import verify_folder
from tests.solver import tree_writer, verify_writer
from tests.solver import verify_cases as cases
from tests.solver.verify_limits import Limited, Plan
from tests.solver.verify_limits import Proof as Prices
from tests.solver.verify_naive import Case, Solved

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Rows = dict[tuple[str, str], int]
Proof = dict[str, Any]
FORMS = ("communes", "pairs", "matches")
ONLY_WEAKER = {"bound", "gap", "status", "parts", "claimed", "reason"}  # what a lower bound also changes
M = 1_000_000


class Raised(Limited):
    """An instance of which some components of premises are proven to cost more than the prices say."""

    raised: dict[frozenset[str], int]

    def amount_of(
        self, assets: Iterable[str], needs: Iterable[str], prices: dict[str, int], rows: Rows
    ) -> int:
        own = frozenset(assets)
        return super().amount_of(own, needs, prices, rows) + sum(
            more for hosts, more in self.raised.items() if hosts <= own
        )

    def formula(self, plan: Plan, proof: Prices) -> dict[str, int]:
        found = super().formula(plan, proof)
        return found | {"premises": found["premises"] + sum(self.raised.values())}


def write_proven(
    folder: Path, case: Case, proofs: list[Proof], patch: pytest.MonkeyPatch, prices: dict[str, int]
) -> Solved:
    """Write a plan with its tree and every figure that follows; the denominator is 1, no row has a price."""
    solved = Solved(case)
    raised = dict[frozenset[str], int]()
    for proof, (part, _) in zip(proofs, tree_writer.components(solved, merge=False), strict=True):
        needs = [name for group in proof["needs"] for name in group]
        known = solved.bound_of(proof["assets"], needs, prices, {})
        raised[frozenset(proof["assets"])] = max(0, tree_writer.least_cost(part) - known)
    patch.setattr(Raised, "raised", raised, raising=False)
    patch.setattr(verify_writer, "Limited", Raised)
    verify_writer.write_plan(folder, case, solved.optimum()[0], prices, {})
    with_tree(folder, proofs)
    return solved


def with_tree(folder: Path, proofs: object) -> None:
    path = folder / "certificate.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    verify_writer.write_json(path, value | {"tree": proofs})


def triangle(unmet: int = 10 * M) -> Case:
    """Two offices, each with room for any two of three places: the three pairs of places are half taken.

    Taking each of the three by half is cheaper than any whole plan.
    """
    assets = [cases.asset(name, "premises", "office", "00101", area_m2="4") for name in ("A", "B")]
    needs = [
        cases.need(
            name, "premises", "", "00101", area_m2="2", units="1", price_vnd=str(unmet), purpose="other"
        )
        for name in ("X", "Y", "Z")
    ]
    case = Case(
        cases.communes(), assets, needs, cases.scenario(prices={"open_premises": 12 * M}), form="matches"
    )
    case.matches = [
        {"asset_id": a, "need_id": n, "cost_vnd": str(M), "load": "2", "spend_vnd": "", "distance_km": ""}
        for a in ("A", "B")
        for n in ("X", "Y", "Z")
    ]
    return case


def test_a_tree_by_hand_closes_what_no_prices_close(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A building with two places costs 12 + 2 = 14 and saves 20: 6 better. The third place alone would cost
    # 12 + 1 and save 10. So the best plan costs 14 + 10 = 24. Each of the three sets of two, taken by half,
    # makes 9 of the 30: 21, which pi = 7 proves: 3 x 7, and r = 12 - 2 x (7 - 1) = 0.
    # Costs are multiples of 1 million: k = 23 million + 1, the gap is 2 million + 1, nothing is certain.
    # A shut: so is B, its equal, and 30 are left unmet. A open: 12 are paid, and at pi = 7 L = 21 - 12 = 9.
    # Then B shut: 12 + 30 - 2 x 9 = 24 >= k; B open too: 24 are paid, and pi = 1 proves 3 more.
    case = triangle()
    solved = Solved(case)
    assert solved.brute_force() == 24 * M
    prices = dict.fromkeys("XYZ", 7 * M)
    assert solved.bound(prices, {}) == 21 * M
    # The three equal places are one class: open A or none of the two, then B.
    k = 23 * M + 1
    both = {"k": k - 24 * M, "p": [M]}  # three places in two open buildings: L = 3
    without_b = {"k": k - 12 * M, "p": [10 * M]}  # 30 - 18 = 12
    with_a = {
        "k": k - 12 * M, "p": [7 * M], "b": ["open", "B", ], "y": [both], "n": [without_b],
    }  # fmt: skip
    root = {"k": k, "p": [7 * M], "b": ["open", "A"], "y": [with_a], "n": []}
    proof = {"assets": ["A", "B"], "needs": [["X", "Y", "Z"]], "rows": [], "node": root}
    write_proven(tmp_path / "p", case, [proof], monkeypatch, prices)
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert (found.status, found.objective, found.bound) == ("OPTIMAL", 24 * M, 24 * M)
    for bound, right in ((24 * M, True), (24 * M - 1, False), (str(24 * M), False), (None, False)):
        with_tree(tmp_path / "p", [proof | {"bound": bound}])  # plans of before do not say it
        assert verify_folder(tmp_path / "p").ok == right
        assert right or "certificate_tree" in verify_folder(tmp_path / "p").found
    with_tree(tmp_path / "p", [proof | {"kept": [None], "plain": True}])  # this is no re-plan
    assert "certificate_tree" in verify_folder(tmp_path / "p").found
    with_tree(tmp_path / "p", [proof | {"node": root | {"y": [None]}}])  # half a proof is none
    assert verify_folder(tmp_path / "p").bound == 21 * M
    with_tree(tmp_path / "p", None)
    assert verify_folder(tmp_path / "p").bound == 21 * M


def test_a_tree_proves_what_pins_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The triangle, but A has a fifth m2, pinned for W: 3 million, the opening 12. What is left of A is
    # open: two places cost 2, the third 10 unmet, 12 in all. Prices prove 9: at pi = 7 A saves 12 of 21.
    # B shut: 30 - 18 = 12. B open too: 12 are paid, and pi = 1 proves 3 more. k = 11 million + 1.
    case = triangle()
    case.assets[0]["area_m2"] = "5"
    case.needs.append(
        cases.need("W", "premises", "", "00101", area_m2="1", price_vnd=str(M), purpose="other")
    )
    case.matches.append(case.matches[0] | {"need_id": "W", "cost_vnd": str(3 * M), "load": "1"})
    case.scenario["stability"]["pins"] = [["A", "W"]]
    k = 11 * M + 1
    sides = {"y": [{"k": k - 12 * M, "p": [M]}], "n": [{"k": k, "p": [10 * M]}]}
    node = {"k": k, "p": [7 * M], "b": ["open", "B"]} | sides
    proof = {"assets": ["A", "B"], "needs": [["X", "Y", "Z"]], "rows": [], "node": node}
    monkeypatch.setattr(Raised, "raised", {frozenset("AB"): 3 * M}, raising=False)
    monkeypatch.setattr(verify_writer, "Limited", Raised)
    plan = {("A", "W"): 1, ("A", "X"): 1, ("A", "Y"): 1}
    verify_writer.write_plan(tmp_path / "p", case, plan, dict.fromkeys("WXYZ", 7 * M) | {"W": 0}, {})
    with_tree(tmp_path / "p", [proof])
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert (found.status, found.objective, found.bound) == ("OPTIMAL", 27 * M, 27 * M)
    with_tree(tmp_path / "p", None)
    assert verify_folder(tmp_path / "p").bound == 24 * M


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(12))
def test_random_trees_close_small_plans_of_premises(
    form: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, rng = cases.random_case(seed, form=form, size=2, premises=3), Random(seed)
    case.denominator = 1
    norms = case.scenario["norms"]
    norms["max_per_commune"] = {k: v for k, v in norms["max_per_commune"].items() if k[0] == "p"}
    solved = Solved(case)
    prices = {k: v for k, v in solved.optimum()[1].items() if solved.needs[k]["category"] != "premises"}
    housed = {name for _, groups in tree_writer.components(solved, merge=False) for (name,) in groups}
    for k, n in solved.needs.items():  # of no component: its price is what it costs
        prices.setdefault(k, rng.randint(0, solved.weighted(n)) if k in housed else solved.weighted(n))
    proofs, _ = tree_writer.write(solved, rng)
    write_proven(tmp_path / "p", case, proofs, monkeypatch, prices)
    if not proofs:
        with_tree(tmp_path / "p", None)
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert (
        found.bound == solved.brute_force()
    )  # HiGHS may miss the best plan by a few VND of a thousand million


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(100, 115))
def test_a_tree_that_ends_anywhere_proves_no_more_than_its_writer_and_the_best_plan(
    form: str, seed: int, tmp_path: Path
) -> None:
    case, rng = cases.random_case(seed, form=form, size=1, premises=3), Random(seed)
    solved = verify_writer.write_plan(tmp_path / "p", case)
    before = verify_folder(tmp_path / "p")
    proofs, proven = tree_writer.write(solved, rng, depth=rng.randrange(4), spare=rng.randrange(2))
    with_tree(tmp_path / "p", proofs or None)
    found = verify_folder(tmp_path / "p")
    assert set(found.found) <= ONLY_WEAKER, found.violations
    assert found.bound is not None
    assert before.bound is not None
    assert before.bound <= found.bound <= solved.brute_force()
    if proofs:  # whatever the trees prove stands in the bound of premises, beside what is outside of them
        inside = {name for proof in proofs for group in proof["needs"] for name in group}
        prices = solved.optimum()[1]
        least = proven + sum(int(n["units"]) * prices[k] for k, n in solved.needs.items() if k not in inside)
        movables = sum(n["category"] != "premises" for n in solved.needs.values())
        assert movables or found.bound * case.denominator >= least


def damage(proofs: list[Proof], kind: str, rng: Random) -> bool:
    """Change a tree in one way; tell whether there was anything to change."""
    proof = rng.choice(proofs)
    nodes = list(nodes_of(proof["node"]))
    node = rng.choice(nodes)
    splits = [one for one in nodes if "b" in one]
    parents = [one for one in nodes if "s" in one or "b" in one]
    values: list[object] = [None, True, "1", 1.5, [], {}, [1], -1]
    match kind:
        case "price":
            node["p"][rng.randrange(len(node["p"]))] += rng.choice([-1, 1]) * rng.choice([1, M, 10**9])
        case "price_type":
            node["p"][rng.randrange(len(node["p"]))] = rng.choice(values[:-1])
        case "price_missing":
            node["p"] = node["p"][:-1]
        case "price_more":
            node["p"] = [*node["p"], 0]
        case "row_price":
            rowed = rng.choice([one for one in nodes if one.get("r")])
            rowed["r"] = [value + rng.choice([-(10**12), 10**6]) for value in rowed["r"]]
        case "row_more":
            node["r"] = [*node.get("r", []), 0]
        case "cutoff":
            node["k"] += rng.choice([-1, 1]) * rng.choice([1, M, 10**9, 10**15])
        case "cutoff_type":
            node["k"] = rng.choice(values[:-1])
        case "child_dropped":
            parent = rng.choice(parents)
            name = rng.choice([key for key in "syn" if parent.get(key)])
            parent[name] = rng.choice([parent[name][1:], [None] * len(parent[name])])
        case "child_more":
            parent = rng.choice(parents)
            name = rng.choice([key for key in "syn" if parent.get(key)])
            parent[name] = [*parent[name], rng.choice([None, copy.deepcopy(node)])]
        case "child_type":
            parent = rng.choice(parents)
            name = rng.choice([key for key in "syn" if parent.get(key)])
            parent[name] = rng.choice([*values[:4], [7] * len(parent[name]), "x", [{}] * len(parent[name])])
        case "sides_swapped":
            one = rng.choice(splits)
            one["y"], one["n"] = one["n"], one["y"]
        case "side_missing":
            del rng.choice(splits)[rng.choice("yn")]
        case "split_on_nothing":
            rng.choice(splits)["b"] = rng.choice(
                [[], ["open"], ["open", "?"], ["place", "?", "?"], ["shut", "A"], None, "open", ["open", {}]]
            )
        case "split_elsewhere":
            other = rng.choice(proof["assets"])
            rng.choice(splits)["b"] = rng.choice(
                [["open", other], ["place", other, rng.choice(proof["needs"])[0]]]
            )
        case "leaf_made":
            one = rng.choice(parents)
            for key in "sbyn":
                one.pop(key, None)
        case "both":
            rng.choice(splits)["s"] = []
        case "key_more":
            node[rng.choice(["x", "leaf", "claim"])] = 0
        case "asset_unknown":
            proof["assets"][rng.randrange(len(proof["assets"]))] = rng.choice(["?", "A-000", None, 5, []])
        case "asset_left_out":
            proof["assets"].pop(rng.randrange(len(proof["assets"])))
        case "asset_twice":
            proof["assets"].append(rng.choice(proof["assets"]))
        case "assets_in_another_order":
            rng.shuffle(proof["assets"])
        case "need_unknown":
            rng.choice(proof["needs"])[0] = rng.choice(["?", "N-000", None, 5, {}])
        case "need_left_out":
            proof["needs"].pop(rng.randrange(len(proof["needs"])))
        case "need_twice":
            rng.choice(proof["needs"]).append(rng.choice(proof["needs"])[0])
        case "needs_joined":
            one, two = rng.sample(proof["needs"], 2)
            one += two
            proof["needs"].remove(two)
        case "needs_in_another_order":
            rng.shuffle(proof["needs"])
        case "need_not_in_a_list":
            proof["needs"][0] = proof["needs"][0][0]
        case "row_unknown":
            proof["rows"].append(rng.choice(["norm|00101|premises/ship", "norm|?|premises", "x", None, 3]))
        case "row_left_out":
            proof["rows"].pop()
        case "proof_twice":
            proofs.append(copy.deepcopy(proof))
        case "proof_key":
            proof.pop(rng.choice(sorted(proof)))
        case "node_type":
            proof["node"] = rng.choice(values)
        case "component_of_another":
            one, two = rng.sample(proofs, 2)
            one["node"], two["node"] = two["node"], one["node"]
        case "node_of_another":
            nodes[0].update(copy.deepcopy(rng.choice(nodes[1:])))
        case "deep":
            node, child = next(iter(nodes_of(proofs[-1]["node"]))), None
            for _ in range(rng.choice([200, 430, 1500])):
                child = {"k": 10**20, "p": node["p"], "s": [child]} | (
                    {"r": node["r"]} if "r" in node else {}
                )
            proofs[-1]["node"] = child
    return True


def text_of(folder: Path, proofs: list[Proof]) -> str:
    """Certificate with other trees; JSON of any depth."""
    value = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
    chain, deepest = [], proofs[-1].get("node")
    while isinstance(deepest, dict) and deepest.get("k") == 10**20:
        chain.append({key: item for key, item in deepest.items() if key != "s"})
        (deepest,) = deepest["s"]
    if not chain:
        return json.dumps(value | {"tree": proofs})
    text = "null"
    for node in reversed(chain):
        text = f'{json.dumps(node)[:-1]}, "s": [{text}]}}'
    plain = [*proofs[:-1], proofs[-1] | {"node": "NODE"}]
    return json.dumps(value | {"tree": plain}).replace('"NODE"', text)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, list[Proof], int]]:
    """Plans that trees prove to be best, the trees, and what the plans cost."""
    found: list[tuple[Path, list[Proof], int]] = []
    for seed in range(1000, 1400):
        case, rng = cases.random_case(seed, form=FORMS[seed % 3], size=1, premises=3), Random(seed)
        case.denominator = 1
        proofs, _ = tree_writer.write(Solved(case), rng)
        if sum(1 for proof in proofs for _ in nodes_of(proof["node"])) < 4 + len(proofs):
            continue
        folder = tmp_path_factory.mktemp("grown") / "p"
        solved = verify_writer.write_plan(folder, case)
        with_tree(folder, proofs)
        found.append((folder, proofs, solved.brute_force()))
        if len(found) == 12:
            break
    return found


def nodes_of(node: Any) -> Iterable[Proof]:  # noqa: ANN401 (JSON)
    yield node
    for name in "syn":
        for child in node.get(name) or ():
            if child is not None:
                yield from nodes_of(child)


KINDS = [
    "price",
    "price_type",
    "price_missing",
    "price_more",
    "row_price",
    "row_more",
    "cutoff",
    "cutoff_type",
    "child_dropped",
    "child_more",
    "child_type",
    "sides_swapped",
    "side_missing",
    "split_on_nothing",
    "split_elsewhere",
    "leaf_made",
    "both",
    "key_more",
    "asset_unknown",
    "asset_left_out",
    "asset_twice",
    "assets_in_another_order",
    "need_unknown",
    "need_left_out",
    "need_twice",
    "needs_joined",
    "needs_in_another_order",
    "need_not_in_a_list",
    "row_unknown",
    "row_left_out",
    "proof_twice",
    "proof_key",
    "node_type",
    "component_of_another",
    "node_of_another",
    "deep",
]
HARMLESS = {  # a smaller part is proven, or the same by other names: less may be proven, all may hold
    "price", "row_price", "cutoff", "child_dropped", "leaf_made", "split_elsewhere", "sides_swapped",
    "assets_in_another_order", "needs_in_another_order", "needs_joined", "row_left_out", "deep",
    "component_of_another", "node_of_another", "need_left_out", "asset_left_out", "node_type", "child_more",
    "child_type", "need_unknown", "row_more",
}  # fmt: skip


def damaged(
    kind: str, grown: list[tuple[Path, list[Proof], int]], target: Path, rng: Random, turns: int
) -> tuple[int, int]:
    """Damage trees in one way; return how many were tried and how many rejected.

    Those that hold all the same (``HARMLESS``) prove no more than the best plan.
    """
    tried, rejected = 0, 0
    for turn in range(turns):
        folder, proofs, best = grown[turn % len(grown)]
        changed = copy.deepcopy(proofs)
        try:
            damage(changed, kind, rng)
        except (IndexError, ValueError, KeyError):  # nothing of that kind in this tree
            continue
        if changed == proofs:
            continue
        tried += 1
        place = target / f"{turn}"
        shutil.copytree(folder, place)
        (place / "certificate.json").write_text(text_of(folder, changed), encoding="utf-8")
        found = verify_folder(place)
        shutil.rmtree(place)
        assert kind in HARMLESS or not found.ok, (kind, turn)
        assert found.ok or set(found.found) <= ONLY_WEAKER | {"certificate_tree", "unreadable"}
        assert found.bound is None or found.bound <= best
        rejected += not found.ok
    return tried, rejected


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_tree_is_rejected_or_proves_no_more_than_the_best_plan(
    kind: str, grown: list[tuple[Path, list[Proof], int]], tmp_path: Path
) -> None:
    tried, rejected = damaged(kind, grown, tmp_path, Random(kind), 10)
    assert tried
    assert rejected or kind in HARMLESS


@pytest.mark.torture
def test_a_thousand_damaged_trees_are_rejected_or_prove_no_more_than_the_best_plan(
    grown: list[tuple[Path, list[Proof], int]], tmp_path: Path
) -> None:
    seed = int(os.environ.get("SURPLAN_TORTURE_SEED", "0"))
    count = int(os.environ.get("SURPLAN_TORTURE_COUNT", "1000"))
    rejected = 0
    for number in itertools.count():
        for kind in KINDS:
            rng = Random(f"{seed} {number} {kind}")
            rejected += damaged(kind, grown, tmp_path, rng, len(grown))[1]
        if rejected >= count:
            return
