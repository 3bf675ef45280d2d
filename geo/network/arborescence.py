"""The directed form, for bounds and cuts: from a root, reach every terminal along arcs at least cost.

Each edge becomes two arcs. A node with a finite prize gets a terminal of its own, reached through the node
for nothing or round it for the prize. Without a required node there is an artificial root whose arcs cost
more than all prizes together, so that one of them is used (after Rehfeldt and Koch, 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from geo.network.problem import INFINITE, Problem


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
