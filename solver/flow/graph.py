r"""Small exact algorithms on a flow graph: strongly connected parts, potentials, exchange along cycles.

A graph is a list of edges with tail, head, capacity and flow. In the residual graph an edge leads forward
while flow < capacity and backward while flow > 0. Two optimal flows differ by cycles of residual edges of
reduced cost 0, so what cannot lie on such a cycle is the same in every optimal flow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.flow.jit import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solver.flow.market import Ints


class Graph(NamedTuple):
    """Edges with capacity, flow [units] and cost per unit; nodes are numbered from 0."""

    tail: Ints
    head: Ints
    capacity: Ints
    flow: Ints
    cost: Ints


def take(graph: Graph, keep: Ints) -> Graph:
    """Return the edges at these positions."""
    return Graph(*(column[keep] for column in graph))


def incidence(graph: Graph, nodes: int) -> tuple[Ints, Ints]:
    """Return (first, edge): node k touches ``edge[first[k]:first[k + 1]]``, in the order of the edges."""
    ends = np.concatenate([graph.tail, graph.head])
    order = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[order], np.arange(nodes + 1)).astype(np.int64)
    return first, (order % max(len(graph.tail), 1)).astype(np.int64)


@compiled
def _components(
    first: Ints, touch: Ints, tail: Ints, head: Ints, capacity: Ints, flow: Ints, component: Ints
) -> int:
    """Tarjan's algorithm without recursion [Tarjan, SIAM J.

    Comput. 1, 1972]; return the number of components.
    """
    nodes = len(component)
    index = np.full(nodes, -1, np.int64)
    low = np.zeros(nodes, np.int64)
    on_stack = np.zeros(nodes, np.uint8)
    cursor = first[:-1].copy()
    stack, calls = np.empty(nodes, np.int64), np.empty(nodes, np.int64)
    n_stack, counter, count = 0, 0, 0
    for start in range(nodes):
        if index[start] >= 0:
            continue
        n_calls = 1
        calls[0] = start
        index[start] = low[start] = counter
        counter += 1
        stack[n_stack] = start
        n_stack += 1
        on_stack[start] = 1
        while n_calls > 0:
            node = calls[n_calls - 1]
            if cursor[node] < first[node + 1]:
                e = touch[cursor[node]]
                cursor[node] += 1
                forward = tail[e] == node
                if (forward and flow[e] >= capacity[e]) or (not forward and flow[e] <= 0):
                    continue
                other = head[e] if forward else tail[e]
                if index[other] < 0:
                    index[other] = low[other] = counter
                    counter += 1
                    stack[n_stack] = other
                    n_stack += 1
                    on_stack[other] = 1
                    calls[n_calls] = other
                    n_calls += 1
                elif on_stack[other]:
                    low[node] = min(low[node], index[other])
                continue
            n_calls -= 1
            if n_calls > 0:
                low[calls[n_calls - 1]] = min(low[calls[n_calls - 1]], low[node])
            if low[node] == index[node]:
                while True:
                    n_stack -= 1
                    member = stack[n_stack]
                    on_stack[member] = 0
                    component[member] = count
                    if member == node:
                        break
                count += 1
    return count


def free_edges(graph: Graph, nodes: int) -> NDArray[np.bool_]:
    """Tell which edges may carry another flow.

    Those in a strongly connected part that is more than a tree.
    """
    component = np.zeros(nodes, np.int64)
    first, touch = incidence(graph, nodes)
    count = _components(first, touch, graph.tail, graph.head, graph.capacity, graph.flow, component)
    inside = component[graph.tail] == component[graph.head]
    edges = np.bincount(component[graph.tail][inside], minlength=count)
    size = np.bincount(component, minlength=count)
    cyclic: NDArray[np.bool_] = inside & (edges >= size)[component[graph.tail]]
    return cyclic


@compiled
def _potentials(tail: Ints, head: Ints, capacity: Ints, flow: Ints, cost: Ints, height: Ints) -> bool:
    for _ in range(len(height) + 1):
        changed = False
        for e in range(len(tail)):
            if flow[e] < capacity[e] and height[tail[e]] + cost[e] < height[head[e]]:
                height[head[e]] = height[tail[e]] + cost[e]
                changed = True
            if flow[e] > 0 and height[head[e]] - cost[e] < height[tail[e]]:
                height[tail[e]] = height[head[e]] - cost[e]
                changed = True
        if not changed:
            return True
    return False


def tight_edges(graph: Graph, nodes: int) -> NDArray[np.bool_]:
    """Tell which edges have reduced cost 0 under potentials of an optimal flow.

    Raises
    ------
    ValueError
        When the flow is not optimal for the costs.
    """
    height = np.zeros(nodes, np.int64)
    if not _potentials(graph.tail, graph.head, graph.capacity, graph.flow, graph.cost, height):
        raise ValueError("the flow is not optimal: a residual cycle lowers its cost")
    tight: NDArray[np.bool_] = height[graph.tail] + graph.cost == height[graph.head]
    return tight


@compiled
def _prefer(
    first: Ints, touch: Ints, tail: Ints, head: Ints, capacity: Ints, flow: Ints, order: Ints, budget: int
) -> None:
    nodes = len(first) - 1
    fixed = np.zeros(len(tail), np.uint8)
    came, seen = np.full(nodes, -1, np.int64), np.zeros(nodes, np.int64)
    queue = np.empty(nodes, np.int64)
    search = 0
    for chosen in order:
        fixed[chosen] = 1
        while flow[chosen] < capacity[chosen] and budget > 0:
            search += 1
            goal, start = tail[chosen], head[chosen]
            seen[start] = search
            queue[0] = start
            filled, at = 1, 0
            while at < filled and seen[goal] != search:
                node = queue[at]
                at += 1
                for k in range(first[node], first[node + 1]):
                    e = touch[k]
                    budget -= 1
                    forward = tail[e] == node
                    if fixed[e] or (forward and flow[e] >= capacity[e]) or (not forward and flow[e] <= 0):
                        continue
                    other = head[e] if forward else tail[e]
                    if seen[other] != search:
                        seen[other] = search
                        came[other] = e
                        queue[filled] = other
                        filled += 1
            if seen[goal] != search:
                break
            push = capacity[chosen] - flow[chosen]
            node = goal
            while node != start:
                e = came[node]
                forward = head[e] == node
                push = min(push, capacity[e] - flow[e] if forward else flow[e])
                node = tail[e] if forward else head[e]
            node = goal
            while node != start:
                e = came[node]
                forward = head[e] == node
                flow[e] += push if forward else -push
                node = tail[e] if forward else head[e]
            flow[chosen] += push


def prefer(graph: Graph, nodes: int, order: Ints, budget: int) -> Ints:
    """Raise the flow of the edges in the order given, each as far as the earlier ones allow; return the flow.

    Parameters
    ----------
    order : edges, the most preferred first; budget : residual edges looked at before the rest stays as it
    is.
    """
    flow = graph.flow.copy()
    first, touch = incidence(graph, nodes)
    _prefer(first, touch, graph.tail, graph.head, graph.capacity, flow, order, budget)
    return flow
