"""Good trees quickly: grow along shortest paths, span, prune; the best of several trees together."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Sequence
from random import Random

from geo.methods.steiner.problem import INFINITE, Candidate, Problem, to_candidate

TreeNeighbors = dict[int, list[tuple[int, int]]]


def grow(
    problem: Problem, starts: Iterable[int], wanted: Iterable[int], costs: Sequence[float] | None = None
) -> tuple[set[int], set[int]]:
    """Join the nearest wanted node to the tree again and again (Takahashi and Matsuyama, 1980).

    Wanted nodes out of reach are left. An edge of infinite cost is not used.

    Returns
    -------
    tuple of set
        Edges and nodes of the tree.

    Examples
    --------
    >>> path = Problem(3, [(0, 1), (1, 2)], [1.0, 1.0], [INFINITE, 0.0, INFINITE])
    >>> grow(path, [0], [2])
    ({0, 1}, {0, 1, 2})
    """
    lengths = problem.costs if costs is None else costs
    tree, edges = set(starts), set[int]()
    missing = set(wanted) - tree
    distance = dict.fromkeys(tree, 0.0)
    arrived: dict[int, tuple[int, int]] = {}
    heap = [(0.0, node) for node in sorted(tree)]
    while heap and missing:
        length, node = heapq.heappop(heap)
        if length > distance[node]:
            continue
        if node in missing:
            while node not in tree:
                tree.add(node)
                missing.discard(node)
                distance[node] = 0.0
                heapq.heappush(heap, (0.0, node))
                node, edge = arrived[node]
                edges.add(edge)
            continue
        for other, edge in problem.neighbors[node]:
            through = length + lengths[edge]
            if through < distance.get(other, INFINITE) and other not in tree:
                distance[other] = through
                arrived[other] = (node, edge)
                heapq.heappush(heap, (through, other))
    return edges, tree


def span(problem: Problem, nodes: Collection[int]) -> Candidate:
    """Return the best tree within the cheapest forest over ``nodes`` (Kruskal), pruned.

    Examples
    --------
    >>> ring = Problem(3, [(0, 1), (1, 2), (0, 2)], [1.0, 1.0, 9.0], [INFINITE] * 3)
    >>> span(ring, {0, 1, 2}).edges
    (0, 1)
    """
    held = set(nodes)
    inside = {
        edge for node in held for other, edge in problem.neighbors[node] if other in held and node < other
    }
    leader = {node: node for node in held}
    kept = []
    for edge in sorted(inside, key=lambda edge: (problem.costs[edge], edge)):
        start, end = (_find(leader, node) for node in problem.ends[edge])
        if start != end:
            leader[start] = end
            kept.append(edge)
    return prune(problem, kept, held)


def _find(leader: dict[int, int], node: int) -> int:
    while leader[node] != node:
        leader[node] = leader[leader[node]]
        node = leader[node]
    return node


def prune(problem: Problem, edges: Iterable[int], nodes: Iterable[int]) -> Candidate:
    """Return the best subtree of a forest: of least cost and missed prizes, exactly.

    A branch stays only where its prizes exceed its cost (strong pruning of Johnson, Minkoff and Phillips).

    Examples
    --------
    >>> path = Problem(4, [(0, 1), (1, 2), (2, 3)], [0.8, 1.8, 2.8], [1.0] * 4)
    >>> best = prune(path, [0, 1, 2], range(4))
    >>> sorted(best.nodes), best.value
    ([0, 1], 2.8)
    """
    joined = to_neighbors(problem, edges, nodes)
    required = [node for node in joined if problem.prizes[node] == INFINITE]
    roots = required[:1] or sorted(joined)
    gain: dict[int, float] = {}
    order: list[tuple[int, int, int]] = []
    for root in roots:
        if root not in gain:
            order += _measure(problem, joined, root, gain)
    top = roots[0] if required else max(roots, key=lambda node: (gain[node], -node))
    kept_edges, kept_nodes = [], {top}
    for node, parent, edge in order:
        if parent in kept_nodes and gain[node] > problem.costs[edge]:
            kept_nodes.add(node)
            kept_edges.append(edge)
    return to_candidate(problem, kept_edges, kept_nodes)


def to_neighbors(problem: Problem, edges: Iterable[int], nodes: Iterable[int] = ()) -> TreeNeighbors:
    """Return for each node of a tree its (neighbor, edge) pairs.

    Examples
    --------
    >>> to_neighbors(Problem(2, [(0, 1)], [1.0], [0.0, 0.0]), [0])
    {0: [(1, 0)], 1: [(0, 0)]}
    """
    joined: TreeNeighbors = {node: [] for node in sorted(nodes)}
    for edge in edges:
        start, end = problem.ends[edge]
        joined.setdefault(start, []).append((end, edge))
        joined.setdefault(end, []).append((start, edge))
    return joined


def walk(joined: TreeNeighbors, root: int) -> list[tuple[int, int, int]]:
    """List (node, parent, edge) outward from ``root``; the root's parent and edge are -1.

    Examples
    --------
    >>> walk({0: [(1, 0)], 1: [(0, 0)]}, 0)
    [(0, -1, -1), (1, 0, 0)]
    """
    order = [(root, -1, -1)]
    for node, parent, _ in order:
        order += [(other, node, edge) for other, edge in joined[node] if other != parent]
    return order


def _measure(
    problem: Problem, joined: TreeNeighbors, root: int, gain: dict[int, float]
) -> list[tuple[int, int, int]]:
    order = walk(joined, root)
    for node, _, _ in order:
        gain[node] = problem.prizes[node]
    for node, parent, edge in reversed(order[1:]):
        surplus = gain[node] - problem.costs[edge]
        if surplus > 0:
            gain[parent] += surplus
    return order


SPREAD = 0.3
SEED = 20


def union(problem: Problem, trees: Iterable[Candidate]) -> tuple[Problem, list[int], list[int]]:
    """Return the problem of the trees' edges alone, with the original numbers of its nodes and edges.

    Prizes outside of the trees are left out, and are missed whatever is chosen.

    Examples
    --------
    >>> path = Problem(3, [(0, 1), (1, 2)], [1.0, 2.0], [5.0, 0.0, 0.0])
    >>> union(path, [to_candidate(path, [1], [1, 2])])[1:]
    ([1, 2], [1])
    """
    kept = list(trees)
    edges = sorted({edge for tree in kept for edge in tree.edges})
    nodes = sorted({node for tree in kept for node in tree.nodes})
    number = {node: position for position, node in enumerate(nodes)}
    ends = [(number[problem.ends[edge][0]], number[problem.ends[edge][1]]) for edge in edges]
    costs = [problem.costs[edge] for edge in edges]
    return Problem(len(nodes), ends, costs, [problem.prizes[node] for node in nodes]), nodes, edges


def recombine(
    problem: Problem, trees: Sequence[Candidate], solve: Callable[[Problem], Candidate]
) -> Candidate:
    """Return the tree that ``solve`` finds within the trees together.

    Examples
    --------
    >>> path = Problem(2, [(0, 1)], [1.0], [5.0, 5.0])
    >>> whole = to_candidate(path, [0], [0, 1])
    >>> recombine(path, [whole], lambda small: to_candidate(small, [0], [0, 1])) == whole
    True
    """
    small, nodes, edges = union(problem, trees)
    found = solve(small)
    return to_candidate(problem, (edges[edge] for edge in found.edges), (nodes[node] for node in found.nodes))


def vary(problem: Problem, best: Candidate, count: int, seed: int = SEED) -> list[Candidate]:
    """Grow trees at costs changed by chance (always the same chance), dearer along the best tree.

    Examples
    --------
    >>> path = Problem(2, [(0, 1)], [1.0], [5.0, 5.0])
    >>> [tree.value for tree in vary(path, to_candidate(path, [0], [0, 1]), 2)]
    [1.0, 1.0]
    """
    chance = Random(seed)  # noqa: S311 - variety, not secrecy
    prized = problem.prized
    known = set(best.edges)
    found = []
    for _ in range(count):
        costs = [
            cost * (1 + SPREAD * chance.random() + (SPREAD * chance.random() if edge in known else 0.0))
            for edge, cost in enumerate(problem.costs)
        ]
        edges, held = grow(problem, [chance.choice(prized)], prized, costs)
        found.append(prune(problem, edges, held))
    return found
