"""The directed form of the problem, and a proven lower bound by dual ascent (Wong, 1984)."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

from geo.methods.steiner.problem import INFINITE, Problem


@dataclass(slots=True)
class Arborescence:
    """A rooted directed graph.

    Arc ``2 e`` follows edge ``e`` of the problem, arc ``2 e + 1`` runs against it; others come after.
    ``entries`` are the arcs out of an artificial root, in the order of the nodes that they enter; ``detours``
    are for the same nodes the arcs that miss a prize. ``offset`` is to be added to a cost.
    """

    size: int
    root: int
    terminals: list[int] = field(default_factory=list)
    tails: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    detours: list[int] = field(default_factory=list)
    offset: float = 0.0
    into: list[list[int]] = field(default_factory=list)

    def add_node(self) -> int:
        """Add a node and return its number.

        Examples
        --------
        >>> Arborescence(2, 0).add_node()
        2
        """
        self.size += 1
        return self.size - 1

    def add_arc(self, tail: int, head: int, cost: float) -> int:
        """Add an arc and return its number.

        Examples
        --------
        >>> Arborescence(2, 0).add_arc(0, 1, 5.0)
        0
        """
        self.tails.append(tail)
        self.heads.append(head)
        self.costs.append(cost)
        return len(self.costs) - 1


def to_arborescence(
    problem: Problem, root: int | None = None, edge_costs: Sequence[float] | None = None
) -> Arborescence:
    """Turn a problem into its directed form.

    Parameters
    ----------
    problem
        What is to be solved.
    root
        A required node to start from; the first one if None.
    edge_costs
        Costs in place of the problem's own.

    Examples
    --------
    >>> path = Problem(3, [(0, 1), (1, 2)], [1.0, 2.0], [INFINITE, 0.0, 0.5])
    >>> to_arborescence(path).terminals
    [3]
    """
    required = problem.required
    start = root if root is not None else (required[0] if required else problem.size)
    graph = Arborescence(problem.size + (not required), start)
    costs = problem.costs if edge_costs is None else edge_costs
    for (tail, head), cost in zip(problem.ends, costs, strict=True):
        graph.add_arc(tail, head, cost)
        graph.add_arc(head, tail, cost)
    graph.terminals = [node for node in required if node != start]
    finite = [node for node in problem.prized if problem.prizes[node] < INFINITE]
    source = start if required else _add_entries(graph, finite, problem.total_prize + 1.0)
    for node in finite:
        own = graph.add_node()
        graph.add_arc(node, own, 0.0)
        graph.detours.append(graph.add_arc(source, own, problem.prizes[node]))
        graph.terminals.append(own)
    graph.into = [[] for _ in range(graph.size)]
    for arc, head in enumerate(graph.heads):
        if head != graph.root:
            graph.into[head].append(arc)
    return graph


def _add_entries(graph: Arborescence, finite: list[int], price: float) -> int:
    """Add the arcs of the artificial root and the node from which prizes are missed."""
    source = graph.add_node()
    graph.entries = [graph.add_arc(graph.root, node, price) for node in finite]
    for node in finite:
        graph.add_arc(node, source, 0.0)
    graph.terminals.append(source)
    graph.offset = -price
    return source


PATIENCE = 1.1
ZERO = 1e-12
UNGUIDED = 100


@dataclass(slots=True)
class Ascent:
    """A lower bound, the arcs' reduced costs, and the cuts it rests on (if they were kept).

    ``bound`` is infinite where a terminal cannot be reached.
    """

    bound: float
    reduced: list[float]
    cuts: list[list[int]]


def dual_ascent(graph: Arborescence, *, keep_cuts: int = 0, guide: dict[int, int] | None = None) -> Ascent:
    """Bound the cost of reaching every terminal from below.

    Parameters
    ----------
    graph
        The directed form of the problem.
    keep_cuts
        Keep cuts until they hold this many arcs together.
    guide
        The parent of each node in a good tree. An optimal dual raises only sets that the best tree
        enters once; those that the guide enters more often wait until last (Pajor, Uchoa and Werneck, 2018).

    Examples
    --------
    >>> from geo.methods.steiner.dual_ascent import to_arborescence
    >>> from geo.methods.steiner.problem import INFINITE, Problem
    >>> star = Problem(4, [(0, 3), (1, 3), (2, 3)], [1.0, 1.0, 1.0], [INFINITE] * 3 + [0.0])
    >>> dual_ascent(to_arborescence(star)).bound
    3.0
    """
    ascent = Ascent(graph.offset, list(graph.costs), [])
    active = set(graph.terminals)
    queue = [(len(graph.into[terminal]), terminal) for terminal in graph.terminals]
    heapq.heapify(queue)
    while queue and ascent.bound < INFINITE:
        _, terminal = heapq.heappop(queue)
        limit = PATIENCE * queue[0][0] + 1 if queue else INFINITE
        growth = _Growth(graph, ascent, terminal, active, keep_cuts, guide or {})
        score = growth.run(limit)
        keep_cuts = growth.room
        if score is None:
            active.discard(terminal)
        else:
            heapq.heappush(queue, (score, terminal))
    return ascent


class _Growth:
    """One run of one terminal: Dijkstra against the arcs, with the raise as the distance."""

    def __init__(
        self,
        graph: Arborescence,
        ascent: Ascent,
        terminal: int,
        active: set[int],
        room: int,
        guide: dict[int, int],
    ) -> None:
        self.graph, self.ascent, self.terminal, self.active = graph, ascent, terminal, active
        self.room = room
        self.guide = guide
        self.crossings = 0
        self.open: dict[int, int] = {}
        self.joined: dict[int, float] = {}
        self.entered: list[tuple[float, int]] = []
        self.heap: list[tuple[float, int]] = []
        self.raised = 0.0
        self.met = False

    def run(self, limit: float) -> int | None:
        """Grow until done (None) or until there are more than ``limit`` arcs to enter by."""
        self._join(self.terminal)
        while not self.met and self._score() <= limit:
            arc = self._next()
            if arc is None:
                self.ascent.bound = INFINITE
                return None
            self._join(self.graph.tails[arc])
        self._settle()
        return None if self.met else self._score()

    def _score(self) -> int:
        """Arcs to enter by; far more where the guide enters more than once."""
        return len(self.heap) + UNGUIDED * max(0, self.crossings - 1)

    def _cross(self, node: int) -> None:
        """Count how often the guide enters the set, now that ``node`` is in it."""
        parent = self.guide.get(node)
        if parent is not None and parent not in self.joined:
            self.crossings += 1
            self.open[parent] = self.open.get(parent, 0) + 1
        self.crossings -= self.open.pop(node, 0)

    def _next(self) -> int | None:
        """Raise to the next arc that becomes free, and return it."""
        tails, joined = self.graph.tails, self.joined
        while self.heap:
            key, arc = heapq.heappop(self.heap)
            if tails[arc] not in joined:
                if self.room and key > self.raised + ZERO:
                    self._keep_cut(arc)
                self.raised = max(self.raised, key)
                return arc
        return None

    def _keep_cut(self, arc: int) -> None:
        tails, joined = self.graph.tails, self.joined
        cut = [arc, *(other for _, other in self.heap if tails[other] not in joined)]
        self.ascent.cuts.append(cut)
        self.room = max(0, self.room - len(cut))

    def _join(self, node: int) -> None:
        """Take a node in, and all that reaches it at no reduced cost."""
        stack = [node]
        reduced, tails, into = self.ascent.reduced, self.graph.tails, self.graph.into
        joined, raised = self.joined, self.raised
        if node not in joined:
            joined[node] = raised
        while stack:
            node = stack.pop()
            if self.guide:
                self._cross(node)
            if node == self.graph.root or (node in self.active and node != self.terminal):
                self.met = True
            for arc in into[node]:
                if tails[arc] in joined:
                    continue
                if reduced[arc] <= ZERO:
                    joined[tails[arc]] = raised
                    stack.append(tails[arc])
                else:
                    entry = (raised + reduced[arc], arc)
                    self.entered.append(entry)
                    heapq.heappush(self.heap, entry)

    def _settle(self) -> None:
        """Take from every arc what was raised while it was in the cut."""
        reduced, tails, joined, raised = self.ascent.reduced, self.graph.tails, self.joined, self.raised
        for key, arc in self.entered:
            reduced[arc] = max(0.0, key - joined.get(tails[arc], raised))
        self.ascent.bound += raised


def arc_bounds(graph: Arborescence, bound: float, reduced: Sequence[float]) -> list[float]:
    """Bound from below the cost of any solution that uses each arc, from a bound and its reduced costs.

    Who uses an arc comes to it from the root, and goes on from it to a terminal.

    Examples
    --------
    >>> from geo.methods.steiner.dual_ascent import to_arborescence
    >>> from geo.methods.steiner.problem import INFINITE, Problem
    >>> graph = to_arborescence(Problem(2, [(0, 1)], [4.0], [INFINITE] * 2))
    >>> arc_bounds(graph, 4.0, [0.0, 4.0])
    [4.0, inf]
    """
    out: list[list[int]] = [[] for _ in range(graph.size)]
    for arc, tail in enumerate(graph.tails):
        out[tail].append(arc)
    outward = _distances(graph.heads, out, reduced, [graph.root])
    inward = _distances(graph.tails, graph.into, reduced, graph.terminals)
    inward[graph.root] = INFINITE
    return [
        bound + outward[tail] + share + inward[head]
        for tail, head, share in zip(graph.tails, graph.heads, reduced, strict=True)
    ]


def edge_bounds(graph: Arborescence, ascent: Ascent, edges: int) -> list[float]:
    """Bound from below the cost of any solution that uses each of the first ``edges`` edges.

    Examples
    --------
    >>> from geo.methods.steiner.dual_ascent import to_arborescence
    >>> from geo.methods.steiner.problem import INFINITE, Problem
    >>> ring = Problem(3, [(0, 1), (1, 2), (0, 2)], [1.0, 9.0, 1.0], [INFINITE, INFINITE, 0.0])
    >>> graph = to_arborescence(ring)
    >>> edge_bounds(graph, dual_ascent(graph), 3)
    [1.0, 10.0, 10.0]
    """
    bounds = arc_bounds(graph, ascent.bound, ascent.reduced)
    return [min(bounds[2 * edge], bounds[2 * edge + 1]) for edge in range(edges)]


def _distances(
    ends: list[int], arcs: list[list[int]], lengths: Sequence[float], starts: list[int]
) -> list[float]:
    distance = [INFINITE] * len(arcs)
    heap = [(0.0, node) for node in starts]
    for node in starts:
        distance[node] = 0.0
    while heap:
        length, node = heapq.heappop(heap)
        if length > distance[node]:
            continue
        for arc in arcs[node]:
            through = length + lengths[arc]
            other = ends[arc]
            if through < distance[other]:
                distance[other] = through
                heapq.heappush(heap, (through, other))
    return distance
