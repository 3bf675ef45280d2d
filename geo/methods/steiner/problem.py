"""The problem (edge costs, node prizes) and its answer: a tree with the bound that proves it."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import networkx as nx

from geo.errors import GeoError, first_ids
from geo.language import gettext as _

INFINITE = math.inf
Neighbors = list[list[tuple[int, int]]]


@dataclass(slots=True)
class Problem:
    """An undirected graph with edge costs and node prizes.

    Attributes
    ----------
    size
        Number of nodes.
    ends, costs
        The two nodes of each edge, and its cost (0 or more).
    prizes
        What it costs not to reach a node; infinity where it must be reached.
    neighbors
        For each node its (neighbor, edge) pairs.

    Examples
    --------
    >>> Problem(3, [(0, 1), (1, 2)], [1.0, 2.0], [INFINITE, 0.0, 0.5]).required
    [0]
    """

    size: int
    ends: list[tuple[int, int]]
    costs: list[float]
    prizes: list[float]
    neighbors: Neighbors = field(init=False)

    def __post_init__(self) -> None:
        self.neighbors = [[] for _ in range(self.size)]
        for edge, (start, end) in enumerate(self.ends):
            self.neighbors[start].append((end, edge))
            self.neighbors[end].append((start, edge))

    @property
    def required(self) -> list[int]:
        """The nodes that every tree must hold."""
        return [node for node, prize in enumerate(self.prizes) if prize == INFINITE]

    @property
    def prized(self) -> list[int]:
        """The nodes with a prize, the required ones among them."""
        return [node for node, prize in enumerate(self.prizes) if prize > 0]

    @property
    def total_prize(self) -> float:
        """Sum of the finite prizes."""
        return sum(prize for prize in self.prizes if prize < INFINITE)

    @property
    def unit(self) -> float:
        """1 where every cost and finite prize is whole, so that totals are whole too; else 0."""
        amounts = [*self.costs, *(prize for prize in self.prizes if prize < INFINITE)]
        return float(all(float(amount).is_integer() for amount in amounts))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A tree: ``value`` is its edges' cost and the prizes it misses."""

    value: float
    edges: tuple[int, ...]
    nodes: frozenset[int]


def to_candidate(problem: Problem, edges: Iterable[int], nodes: Iterable[int]) -> Candidate:
    """Give a tree its value; infinite where a required node is not in it.

    Examples
    --------
    >>> to_candidate(Problem(2, [(0, 1)], [3.0], [1.0, 1.0]), [], [0]).value
    1.0
    """
    kept = tuple(sorted(edges))
    held = frozenset(nodes)
    missed = sum(problem.prizes[node] for node in problem.prized if node not in held)
    return Candidate(sum(problem.costs[edge] for edge in kept) + missed, kept, held)


def best_single(problem: Problem) -> Candidate:
    """Return the best tree of one node, the first of equals.

    Examples
    --------
    >>> sorted(best_single(Problem(3, [], [], [0.0, 2.0, 1.0])).nodes)
    [1]
    """
    best = max(range(problem.size), key=lambda node: (problem.prizes[node], -node))
    return to_candidate(problem, (), (best,))


def better(candidates: Sequence[Candidate]) -> Candidate:
    """Return the candidate of the least value, the first of equals.

    Examples
    --------
    >>> better([Candidate(2.0, (), frozenset()), Candidate(1.0, (0,), frozenset())]).value
    1.0
    """
    return min(candidates, key=lambda candidate: candidate.value)


Node = Hashable
Edge = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree and what is proven of it; amounts in the unit of the edge weights and prizes.

    Attributes
    ----------
    edges, nodes
        As in the graph: (u, v), or (u, v, key) in a multigraph.
    cost
        What was minimized: the edges' weight, and with prizes the missed ones too. With a budget, the edges'
        weight alone.
    edge_cost, prize, missed
        The edges' weight, the prizes collected and those missed.
    lower_bound
        No tree costs less; NaN with a budget.
    upper_bound
        With a budget: no tree within it collects more; else NaN.

    Examples
    --------
    >>> Tree((), ("a",), cost=11.0, edge_cost=11.0, lower_bound=10.0).gap
    0.1
    """

    edges: tuple[Edge, ...]
    nodes: tuple[Node, ...]
    cost: float
    edge_cost: float
    lower_bound: float = math.nan
    upper_bound: float = math.nan
    prize: float = 0.0
    missed: float = 0.0

    @property
    def gap(self) -> float:
        """How far from the best this may be, as a share of the bound (with a budget: of the prize)."""
        if math.isnan(self.upper_bound):
            return _share(self.cost - self.lower_bound, self.lower_bound)
        return _share(self.upper_bound - self.prize, self.prize)

    @property
    def optimal(self) -> bool:
        """Whether it is proven best, to a millionth."""
        return self.gap <= 1e-6


def _share(excess: float, base: float) -> float:
    if excess <= 0:
        return 0.0
    return excess / base if base > 0 else math.inf


@dataclass(slots=True)
class NumberedGraph:
    """A networkx graph with its nodes and edges numbered, loops and dearer parallel edges left out."""

    names: list[Node]
    number: dict[Node, int]
    ends: list[tuple[int, int]] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    labels: list[Edge] = field(default_factory=list)

    def numbers(self, nodes: Iterable[Node], what: str) -> list[int]:
        """Return the numbers of nodes.

        Raises
        ------
        GeoError
            Nodes that the graph does not have.

        Examples
        --------
        >>> number_graph(nx.path_graph(3), None).numbers([2], "terminals")
        [2]
        """
        listed = list(nodes)
        unknown = [node for node in listed if node not in self.number]
        if unknown:
            raise GeoError(
                _("{count} {what} are not in the graph: {names}").format(
                    count=len(unknown), what=what, names=first_ids(unknown)
                ),
                _("use nodes of the graph"),
            )
        return [self.number[node] for node in listed]


def number_graph(graph: nx.Graph[Any], weight: str | None) -> NumberedGraph:
    """Give numbers to a graph's nodes and edges in its own order.

    Raises
    ------
    GeoError
        A directed graph; edges without a weight, or with a negative or non-finite one.

    Examples
    --------
    >>> number_graph(nx.path_graph(3), None).ends
    [(0, 1), (1, 2)]
    """
    if graph.is_directed():
        raise GeoError(_("the graph is directed"), _("use graph.to_undirected()"))
    names: list[Node] = list(graph)
    numbered = NumberedGraph(names, {name: position for position, name in enumerate(names)})
    best: dict[tuple[int, int], tuple[float, Edge]] = {}
    wrong: list[str] = []
    for label, amount in _weights(graph, weight):
        if not isinstance(amount, int | float) or not 0 <= amount < math.inf:
            wrong.append(f"{label[0]} to {label[1]} ({amount})")
            continue
        start, end = sorted((numbered.number[label[0]], numbered.number[label[1]]))
        if start != end and ((start, end) not in best or amount < best[start, end][0]):
            best[start, end] = (float(amount), label)
    if wrong:
        raise GeoError(
            _("{count} edges have no {weight!r}, or a negative or infinite one: {names}").format(
                count=len(wrong), weight=weight, names=first_ids(wrong)
            ),
            _("give every edge a finite weight of 0 or more"),
        )
    numbered.ends = list(best)
    numbered.costs = [cost for cost, _ in best.values()]
    numbered.labels = [label for _, label in best.values()]
    return numbered


def _weights(graph: nx.Graph[Any], weight: str | None) -> Iterable[tuple[Edge, Any]]:
    if isinstance(graph, nx.MultiGraph):
        keyed = graph.edges(keys=True, data=True)
        return (((start, end, key), _weight(fields, weight)) for start, end, key, fields in keyed)
    return (((start, end), _weight(fields, weight)) for start, end, fields in graph.edges(data=True))


def _weight(fields: dict[str, Any], weight: str | None) -> Any:
    amount: Any = 1 if weight is None else fields.get(weight)
    return amount.item() if hasattr(amount, "item") else amount
