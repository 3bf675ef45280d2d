"""Make a problem smaller without losing its best solution.

Degree tests (leaves, and nodes that are only passed through), the special-distance test (an edge longer than
a way round through terminals), and edges that a bound shows to be in no better solution. What is contracted
is remembered as a trace of original edges.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from geo.methods.steiner.problem import INFINITE, Candidate, Problem, best_single, to_candidate

Trace = int | tuple["Trace", "Trace"]
MOST_SETTLED = 60
MOST_TERMINALS = 1000


@dataclass(slots=True)
class Reduced:
    """A problem that is being made smaller.

    Attributes
    ----------
    original
        The problem as it was.
    adjacent
        For each remaining node its neighbors, with the cost and the trace of the edge.
    prizes
        What is still to be had at each node.
    attached
        Edges that come with a node: whoever holds the node holds them.
    offset
        Cost of the original minus cost of what remains.
    keep_prizes
        Leave prizes where they are (needed where the budget counts edges and prizes apart).
    best
        The best tree that was lost from sight on the way: one node with what is attached to it.
    required
        Number of required nodes that remain.
    """

    original: Problem
    adjacent: list[dict[int, tuple[float, Trace]]]
    prizes: list[float]
    attached: list[list[Trace]]
    best: Candidate
    keep_prizes: bool = False
    offset: float = 0.0
    gone: set[int] = field(default_factory=set)
    required: int = 0

    def edges(self) -> list[tuple[int, int, float]]:
        """List the remaining edges in a fixed order.

        Examples
        --------
        >>> start_reduction(Problem(2, [(0, 1)], [1.0], [0.0, 0.0])).edges()
        [(0, 1, 1.0)]
        """
        return [
            (node, other, cost)
            for node, links in enumerate(self.adjacent)
            for other, (cost, _) in links.items()
            if node < other
        ]

    def remove(self, start: int, end: int) -> None:
        """Take an edge away.

        Examples
        --------
        >>> work = start_reduction(Problem(2, [(0, 1)], [1.0], [0.0, 0.0]))
        >>> work.remove(0, 1)
        >>> work.edges()
        []
        """
        del self.adjacent[start][end]
        del self.adjacent[end][start]

    def compact(self) -> tuple[Problem, list[int]]:
        """Return what remains as a problem, and the original number of each of its nodes.

        Examples
        --------
        >>> start_reduction(Problem(2, [(0, 1)], [1.0], [0.0, 0.0])).compact()[1]
        [0, 1]
        """
        nodes = [node for node in range(self.original.size) if node not in self.gone]
        number = {node: position for position, node in enumerate(nodes)}
        listed = self.edges()
        ends = [(number[start], number[end]) for start, end, _ in listed]
        prizes = [self.prizes[node] for node in nodes]
        return Problem(len(nodes), ends, [cost for _, _, cost in listed], prizes), nodes

    def lift(self, problem: Problem, nodes: list[int], candidate: Candidate) -> Candidate:
        """Turn a tree of the compact problem into one of the original.

        Examples
        --------
        >>> work = start_reduction(Problem(2, [(0, 1)], [1.0], [5.0, 5.0]))
        >>> small, nodes = work.compact()
        >>> work.lift(small, nodes, to_candidate(small, [0], [0, 1])).edges
        (0,)
        """
        ends = [(nodes[start], nodes[end]) for start, end in (problem.ends[edge] for edge in candidate.edges)]
        traces = [self.adjacent[start][end][1] for start, end in ends]
        held = [nodes[node] for node in candidate.nodes]
        return self.unfold(held, traces)

    def unfold(self, held: Iterable[int], traces: Iterable[Trace] = ()) -> Candidate:
        """Return the original tree of some remaining nodes and traces.

        Examples
        --------
        >>> start_reduction(Problem(2, [(0, 1)], [1.0], [5.0, 5.0])).unfold([0, 1], [0]).value
        1.0
        """
        nodes = set(held)
        stack = [*traces, *(trace for node in nodes for trace in self.attached[node])]
        edges = set[int]()
        while stack:
            trace = stack.pop()
            if isinstance(trace, int):
                edges.add(trace)
                nodes.update(self.original.ends[trace])
            else:
                stack.extend(trace)
        return to_candidate(self.original, edges, nodes)

    def note_single(self, node: int) -> None:
        """Remember the tree of one node before the node is taken away.

        Examples
        --------
        >>> work = start_reduction(Problem(2, [], [], [5.0, 1.0]))
        >>> work.note_single(1)
        >>> work.best.value
        1.0
        """
        if 0 < self.prizes[node] < INFINITE:
            single = self.unfold([node])
            if single.value < self.best.value:
                self.best = single


def start_reduction(problem: Problem, *, keep_prizes: bool = False) -> Reduced:
    """Begin with the whole problem.

    Examples
    --------
    >>> start_reduction(Problem(2, [(0, 1)], [1.0], [5.0, 1.0])).best.value
    1.0
    """
    work = Reduced(
        problem,
        [{} for _ in range(problem.size)],
        list(problem.prizes),
        [[] for _ in range(problem.size)],
        best_single(problem),
        keep_prizes,
        required=len(problem.required),
    )
    for edge, (start, end) in enumerate(problem.ends):
        _add_edge(work, start, end, problem.costs[edge], edge)
    return work


def reduce_degrees(work: Reduced) -> None:
    """Cut leaves off or merge them into their neighbor, and straighten nodes that are only passed through.

    Examples
    --------
    >>> path = Problem(3, [(0, 1), (1, 2)], [1.0, 1.0], [INFINITE, 0.0, INFINITE])
    >>> work = start_reduction(path)
    >>> reduce_degrees(work)
    >>> work.offset, len(work.edges())
    (2.0, 0)
    """
    queue = [node for node in range(work.original.size) if node not in work.gone]
    while queue:
        node = queue.pop()
        links = work.adjacent[node]
        if node in work.gone or len(links) > 2:
            continue
        touched = list(links)
        if len(links) == 2 and work.prizes[node] == 0:
            _straighten(work, node)
        elif len(links) < 2 and _may_leave(work, node):
            _take_leaf(work, node)
        else:
            continue
        queue += touched


def _may_leave(work: Reduced, leaf: int) -> bool:
    """Whether a leaf may be merged or dropped; the only required node may not, for it may stand alone."""
    prize = work.prizes[leaf]
    if work.keep_prizes and prize > 0:
        return False
    return prize < INFINITE or work.required > 1


def _take_leaf(work: Reduced, leaf: int) -> None:
    prize = work.prizes[leaf]
    if not work.adjacent[leaf]:
        if prize < INFINITE:
            _drop(work, leaf, prize)
        return
    ((parent, (cost, trace)),) = work.adjacent[leaf].items()
    if prize <= cost:
        work.remove(leaf, parent)
        _drop(work, leaf, prize)
        return
    work.note_single(leaf)
    work.required -= prize == work.prizes[parent] == INFINITE
    work.prizes[parent] += prize - cost
    work.attached[parent] += [trace, *work.attached[leaf]]
    work.offset += cost
    work.remove(leaf, parent)
    work.gone.add(leaf)


def _drop(work: Reduced, node: int, prize: float) -> None:
    work.note_single(node)
    work.offset += prize
    work.gone.add(node)


def _straighten(work: Reduced, node: int) -> None:
    (start, (first, one)), (end, (second, two)) = work.adjacent[node].items()
    work.remove(node, start)
    work.remove(node, end)
    work.gone.add(node)
    _add_edge(work, start, end, first + second, (one, two))


def _add_edge(work: Reduced, start: int, end: int, cost: float, trace: Trace) -> None:
    if start != end and cost < work.adjacent[start].get(end, (INFINITE, 0))[0]:
        work.adjacent[start][end] = work.adjacent[end][start] = (cost, trace)


def reduce_distances(work: Reduced) -> int:
    """Remove edges for which there is a way round that is no longer; return how many.

    With required nodes, a way round may rest at each of them: only its longest stretch counts (the special
    distance of Duin and Volgenant, 1989).

    Examples
    --------
    >>> ring = Problem(3, [(0, 1), (1, 2), (0, 2)], [1.0, 1.0, 2.0], [0.0] * 3)
    >>> work = start_reduction(ring)
    >>> reduce_distances(work), work.edges()
    (1, [(0, 1, 1.0), (1, 2, 1.0)])
    """
    removed = 0
    for start, end, _ in _beyond_special_distance(work):
        work.remove(start, end)
        removed += 1
    for start, end, cost in sorted(work.edges(), key=lambda edge: (-edge[2], edge[:2])):
        if _has_way_round(work, start, end, cost):
            work.remove(start, end)
            removed += 1
    return removed


def _has_way_round(work: Reduced, start: int, end: int, cost: float) -> bool:
    if len(work.adjacent[start]) > len(work.adjacent[end]):
        start, end = end, start
    distance = {start: 0.0}
    heap = [(0.0, start)]
    for _ in range(MOST_SETTLED):
        if not heap:
            return False
        length, node = heapq.heappop(heap)
        if node == end:
            return True
        for other, (step, _) in work.adjacent[node].items():
            through = length + step
            direct = node == start and other == end
            if through <= cost and not direct and through < distance.get(other, INFINITE):
                distance[other] = through
                heapq.heappush(heap, (through, other))
    return False


def _beyond_special_distance(work: Reduced) -> list[tuple[int, int, float]]:
    required = [node for node, prize in enumerate(work.prizes) if prize == INFINITE and node not in work.gone]
    if not 2 <= len(required) <= MOST_TERMINALS:
        return []
    distance, base = _nearest(work, required)
    stretch = _bottlenecks(work, required, distance, base)

    def special(start: int, end: int) -> float:
        one, two = base[start], base[end]
        if one < 0 or two < 0:
            return INFINITE
        between = 0.0 if one == two else stretch[one].get(two, INFINITE)
        return max(distance[start], between, distance[end])

    return [edge for edge in work.edges() if special(edge[0], edge[1]) < edge[2] * (1 - 1e-12)]


def _nearest(work: Reduced, starts: list[int]) -> tuple[list[float], list[int]]:
    """Distance of each node to the nearest start, and which it is (-1: none in reach)."""
    distance = [INFINITE] * work.original.size
    base = [-1] * work.original.size
    heap = [(0.0, node, node) for node in starts]
    heapq.heapify(heap)
    while heap:
        length, node, start = heapq.heappop(heap)
        if base[node] >= 0:
            continue
        distance[node], base[node] = length, start
        for other, (cost, _) in work.adjacent[node].items():
            if base[other] < 0:
                heapq.heappush(heap, (length + cost, other, start))
    return distance, base


def _bottlenecks(
    work: Reduced, required: list[int], distance: list[float], base: list[int]
) -> dict[int, dict[int, float]]:
    """For each pair of required nodes, the longest stretch of the best way between them."""
    stretches = sorted(
        (distance[start] + cost + distance[end], base[start], base[end])
        for start, end, cost in work.edges()
        if base[start] >= 0 and base[end] >= 0 and base[start] != base[end]
    )
    group = {node: [node] for node in required}
    between: dict[int, dict[int, float]] = {node: {} for node in required}
    for length, start, end in stretches:
        one, two = group[start], group[end]
        if one is two:
            continue
        for node in one:
            for other in two:
                between[node][other] = between[other][node] = length
        one += two
        for node in two:
            group[node] = one
    return between


def remove_beyond(work: Reduced, bounds: dict[tuple[int, int], float], limit: float) -> int:
    """Remove the edges whose bound reaches ``limit``; return how many.

    Examples
    --------
    >>> work = start_reduction(Problem(2, [(0, 1)], [1.0], [0.0, 0.0]))
    >>> remove_beyond(work, {(0, 1): 7.0}, 7.0)
    1
    """
    beyond = [pair for pair, bound in bounds.items() if bound >= limit]
    for start, end in beyond:
        work.remove(start, end)
    return len(beyond)
