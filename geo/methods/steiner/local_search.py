"""Better trees from good ones: take a node in, exchange a path for a shorter one, fetch a prize."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator

from geo.methods.steiner.heuristics import prune, span, to_neighbors, walk
from geo.methods.steiner.problem import INFINITE, Candidate, Problem

LEAST = 1e-9
MOST_TRIES = 60


def improve(problem: Problem, candidate: Candidate, deadline: float = INFINITE) -> Candidate:
    """Apply every move until none helps, or the clock (``time.monotonic``) passes ``deadline``.

    Examples
    --------
    >>> ring = Problem(3, [(0, 1), (1, 2), (0, 2)], [1.0, 1.0, 9.0], [INFINITE, 0.0, INFINITE])
    >>> improve(ring, Candidate(9.0, (2,), frozenset({0, 2}))).value
    2.0
    """
    best = candidate
    while time.monotonic() < deadline:
        before = best.value
        for move in (_respan, _take_in, _exchange_paths, _fetch_prizes):
            found = move(problem, best)
            if found.value < best.value - LEAST:
                best = found
        if best.value >= before - LEAST:
            break
    return best


def _respan(problem: Problem, candidate: Candidate) -> Candidate:
    return span(problem, candidate.nodes)


def _take_in(problem: Problem, candidate: Candidate) -> Candidate:
    """Try nodes beside the tree that could replace dearer edges of it."""
    best = candidate
    promising = sorted(_gains(problem, candidate), reverse=True)[:MOST_TRIES]
    for _, node in promising:
        found = span(problem, best.nodes | {node})
        if found.value < best.value - LEAST:
            best = found
    return best


def _gains(problem: Problem, candidate: Candidate) -> Iterator[tuple[float, int]]:
    if len(candidate.nodes) < 2:
        return
    joined = to_neighbors(problem, candidate.edges, candidate.nodes)
    order = walk(joined, min(candidate.nodes))
    above = {node: (parent, problem.costs[edge] if parent >= 0 else 0.0) for node, parent, edge in order}
    depth = {-1: -1}
    for node, parent, _ in order:
        depth[node] = depth[parent] + 1
    beside = {other for node in candidate.nodes for other, _ in problem.neighbors[node]}
    for node in sorted(beside - candidate.nodes):
        links = sorted(
            (problem.costs[edge], other)
            for other, edge in problem.neighbors[node]
            if other in candidate.nodes
        )
        gain = problem.prizes[node] - links[0][0]
        for cost, other in links[1:]:
            gain += max(0.0, _dearest(above, depth, links[0][1], other) - cost)
        if gain > LEAST:
            yield gain, node


def _dearest(above: dict[int, tuple[int, float]], depth: dict[int, int], start: int, end: int) -> float:
    """Cost of the dearest edge on the tree's path between two nodes."""
    dearest = 0.0
    while start != end:
        if depth[start] < depth[end]:
            start, end = end, start
        start, cost = above[start]
        dearest = max(dearest, cost)
    return dearest


def _exchange_paths(problem: Problem, candidate: Candidate) -> Candidate:
    """Take each path between branching or prized nodes out, and rejoin the two parts more cheaply."""
    edges = set(candidate.edges)
    for path in sorted(_key_paths(problem, candidate), key=lambda path: (-_length(problem, path), path)):
        if edges.issuperset(path):
            edges = _rejoin(problem, edges, path)
    nodes = {node for edge in edges for node in problem.ends[edge]} or candidate.nodes
    return prune(problem, edges, nodes)


def _length(problem: Problem, path: list[int]) -> float:
    return sum(problem.costs[edge] for edge in path)


def _key_paths(problem: Problem, candidate: Candidate) -> Iterator[list[int]]:
    if not candidate.edges:
        return
    joined = to_neighbors(problem, candidate.edges)
    key = {node for node in joined if problem.prizes[node] > 0 or len(joined[node]) != 2}
    begun: dict[int, list[int]] = {}
    for node, parent, edge in walk(joined, min(key))[1:]:
        path = [*begun.get(parent, []), edge]
        if node in key:
            yield path
        else:
            begun[node] = path


def _rejoin(problem: Problem, edges: set[int], path: list[int]) -> set[int]:
    rest = edges - set(path)
    joined = to_neighbors(problem, rest)
    inner = {node for edge in path for node in problem.ends[edge]}
    ends = [node for node in inner if sum(node in problem.ends[edge] for edge in path) == 1]
    parts = [{node for node, _, _ in walk(joined, end)} if end in joined else {end} for end in ends]
    small, large = sorted(parts, key=len)
    shorter = _shortest_between(problem, small, large, _length(problem, path) - LEAST)
    return edges if shorter is None else rest | shorter


def _shortest_between(problem: Problem, starts: set[int], ends: set[int], limit: float) -> set[int] | None:
    distance = dict.fromkeys(starts, 0.0)
    arrived: dict[int, tuple[int, int]] = {}
    heap = [(0.0, node) for node in sorted(starts)]
    while heap:
        length, node = heapq.heappop(heap)
        if node in ends:
            return _trace_back(arrived, node)
        if length > distance[node]:
            continue
        for other, edge in problem.neighbors[node]:
            through = length + problem.costs[edge]
            if through < limit and through < distance.get(other, INFINITE):
                distance[other] = through
                arrived[other] = (node, edge)
                heapq.heappush(heap, (through, other))
    return None


def _trace_back(arrived: dict[int, tuple[int, int]], node: int) -> set[int]:
    edges = set()
    while node in arrived:
        node, edge = arrived[node]
        edges.add(edge)
    return edges


def _fetch_prizes(problem: Problem, candidate: Candidate) -> Candidate:
    """Reach for each missed prize that lies nearer than it is worth, then prune."""
    nodes = set(candidate.nodes)
    while True:
        path = _worthwhile(problem, nodes)
        if path is None:
            break
        nodes |= {node for edge in path for node in problem.ends[edge]}
    return span(problem, nodes) if len(nodes) > len(candidate.nodes) else candidate


def _worthwhile(problem: Problem, nodes: set[int]) -> set[int] | None:
    worth = max((problem.prizes[node] for node in problem.prized if node not in nodes), default=0.0)
    if worth <= 0:
        return None
    distance = dict.fromkeys(nodes, 0.0)
    arrived: dict[int, tuple[int, int]] = {}
    heap = [(0.0, node) for node in sorted(nodes)]
    while heap:
        length, node = heapq.heappop(heap)
        if length > distance[node]:
            continue
        if node not in nodes and problem.prizes[node] > length + LEAST:
            return _trace_back(arrived, node)
        for other, edge in problem.neighbors[node]:
            through = length + problem.costs[edge]
            if through < worth and through < distance.get(other, INFINITE):
                distance[other] = through
                arrived[other] = (node, edge)
                heapq.heappush(heap, (through, other))
    return None


def nearest_prizes(problem: Problem, nodes: set[int], limit: float) -> list[tuple[float, float, set[int]]]:
    """List the missed prizes within ``limit`` of a tree: prize by cost, cost, and the edges to it.

    Examples
    --------
    >>> path = Problem(2, [(0, 1)], [2.0], [5.0, 6.0])
    >>> nearest_prizes(path, {0}, 3.0)
    [(3.0, 2.0, {0})]
    """
    distance = dict.fromkeys(nodes, 0.0)
    arrived: dict[int, tuple[int, int]] = {}
    heap = [(0.0, node) for node in sorted(nodes)]
    while heap:
        length, node = heapq.heappop(heap)
        if length > distance[node]:
            continue
        for other, edge in problem.neighbors[node]:
            through = length + problem.costs[edge]
            if through <= limit and through < distance.get(other, INFINITE):
                distance[other] = through
                arrived[other] = (node, edge)
                heapq.heappush(heap, (through, other))
    return [
        (problem.prizes[node] / max(length, LEAST), length, _trace_back(arrived, node))
        for node, length in distance.items()
        if node not in nodes and problem.prizes[node] > 0
    ]
