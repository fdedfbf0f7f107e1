"""Free edges, tight edges and preference on small random graphs equal an enumeration of all flows."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pytest

from solver.flow.graph import Graph, free_edges, prefer, tight_edges

NODES = 4


def draw(seed: int, edges: int = 6) -> Graph:
    """A random multigraph with a random flow on it."""
    rng = Random(seed)
    ends = [rng.sample(range(NODES), 2) for _ in range(rng.randint(1, edges))]
    capacity = [rng.randint(0, 2) for _ in ends]
    flow = [rng.randint(0, most) for most in capacity]
    cost = [rng.randint(0, 2) for _ in ends]
    tail, head = zip(*ends, strict=True)
    return Graph(*(np.array(column, np.int64) for column in (tail, head, capacity, flow, cost)))


def balance(graph: Graph, flow: tuple[int, ...]) -> list[int]:
    out = [0] * NODES
    for tail, head, units in zip(graph.tail, graph.head, flow, strict=True):
        out[tail] += units
        out[head] -= units
    return out


def all_flows(graph: Graph) -> list[tuple[int, ...]]:
    """Every flow with the node balances of the present one."""
    wanted = balance(graph, tuple(graph.flow))
    return [
        flow for flow in product(*(range(c + 1) for c in graph.capacity)) if balance(graph, flow) == wanted
    ]


def cost_of(graph: Graph, flow: tuple[int, ...]) -> int:
    return sum(int(c) * units for c, units in zip(graph.cost, flow, strict=True))


def test_an_edge_that_may_carry_another_flow_is_free() -> None:
    fixed = 0
    for seed in range(300):
        graph = draw(seed)
        flows = all_flows(graph)
        free = free_edges(graph, NODES)
        for edge in range(len(graph.tail)):
            if len({flow[edge] for flow in flows}) > 1:
                assert free[edge], seed
            fixed += not free[edge]
    assert fixed > 100  # it does not call everything free


def test_a_tree_of_edges_that_may_be_undone_is_not_free() -> None:
    two = np.array([0, 1], np.int64)
    path = Graph(two, two + 1, np.array([2, 2]), np.array([1, 1]), np.array([5, 5]))
    assert not free_edges(path, 3).any()
    cycle = Graph(np.array([0, 1, 2]), np.array([1, 2, 0]), *(np.array([k] * 3) for k in (2, 1, 0)))
    assert free_edges(cycle, 3).all()


def test_an_edge_on_which_optimal_flows_differ_is_tight_and_a_worse_flow_is_refused() -> None:
    refused = 0
    for seed in range(300):
        graph = draw(seed)
        flows = all_flows(graph)
        least = min(cost_of(graph, flow) for flow in flows)
        if cost_of(graph, tuple(graph.flow)) > least:
            with pytest.raises(ValueError, match="not optimal"):
                tight_edges(graph, NODES)
            refused += 1
            continue
        best = [flow for flow in flows if cost_of(graph, flow) == least]
        tight = tight_edges(graph, NODES)
        for edge in range(len(graph.tail)):
            if len({flow[edge] for flow in best}) > 1:
                assert tight[edge], seed
    assert 20 < refused < 280


def test_preference_finds_the_flow_with_most_on_the_first_edge_then_on_the_second() -> None:
    changed = 0
    for seed in range(300):
        graph = draw(seed)
        order = list(range(len(graph.tail)))
        Random(seed + 1).shuffle(order)
        flow = tuple(prefer(graph, NODES, np.array(order, np.int64), 10**6).tolist())
        assert flow == max(all_flows(graph), key=lambda one: [one[edge] for edge in order])
        changed += flow != tuple(graph.flow)
    assert changed > 30


def test_preference_without_budget_leaves_the_flow_as_it_is() -> None:
    graph = draw(3)
    flow = prefer(graph, NODES, np.arange(len(graph.tail)), 0)
    assert flow.tolist() == graph.flow.tolist()
