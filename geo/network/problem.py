"""The problem that every module here solves: edge costs paid, node prizes missed.

Nodes and edges are numbered from 0. A prize of infinity makes a node required, so a Steiner tree is the case
in which all terminals are required and nothing else has a prize. Costs and prizes share one unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

INFINITE = math.inf
Neighbours = list[list[tuple[int, int]]]


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
    neighbours
        For each node its (neighbour, edge) pairs.

    Examples
    --------
    >>> Problem(3, [(0, 1), (1, 2)], [1.0, 2.0], [INFINITE, 0.0, 0.5]).required
    [0]
    """

    size: int
    ends: list[tuple[int, int]]
    costs: list[float]
    prizes: list[float]
    neighbours: Neighbours = field(init=False)

    def __post_init__(self) -> None:
        self.neighbours = [[] for _ in range(self.size)]
        for edge, (start, end) in enumerate(self.ends):
            self.neighbours[start].append((end, edge))
            self.neighbours[end].append((start, edge))

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
