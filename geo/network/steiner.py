"""The cheapest tree that connects chosen nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import networkx as nx

from geo.errors import GeoError, InfeasibleError, first_ids
from geo.language import gettext as _
from geo.network.problem import INFINITE, Candidate, Problem
from geo.network.solver import solve
from geo.network.tree import Node, NumberedGraph, Tree, number_graph


def steiner_tree(
    graph: nx.Graph[Any],
    terminals: Iterable[Node],
    *,
    weight: str | None = "weight",
    time_limit: float = 60.0,
) -> Tree:
    """Find a cheapest tree that holds every terminal, with a proven lower bound.

    Reductions, shortest-path trees with local search and recombination, dual ascent; small and medium
    problems are proven by directed cuts. Deterministic as long as the time suffices. A bound within 1e-7 of
    the cost is taken as met.

    Parameters
    ----------
    graph
        Undirected; parallel edges and loops are allowed.
    terminals
        Nodes to be connected; doubled ones count once.
    weight
        Edge attribute to be minimised, 0 or more, in any unit; None counts edges.
    time_limit
        Seconds, held softly: a step that has begun is finished.

    Returns
    -------
    Tree
        ``edges``, ``nodes``, ``cost``, ``lower_bound``, ``gap``.

    Raises
    ------
    GeoError
        No terminals, terminals that are not in the graph, weights that are missing, negative or not finite.
    InfeasibleError
        Terminals that cannot be reached from the others, by name.

    Examples
    --------
    >>> star = nx.star_graph(3)
    >>> tree = steiner_tree(star, [1, 2, 3], weight=None)
    >>> tree.cost, tree.lower_bound, tree.optimal
    (3.0, 3.0, True)
    """
    numbered = number_graph(graph, weight)
    wanted = sorted(set(numbered.numbers(dict.fromkeys(terminals), "terminals")))
    if not wanted:
        raise GeoError(_("there is no terminal"), _("name at least one node to be connected"))
    reach = _component(numbered, wanted)
    prizes = [0.0] * len(numbered.names)
    for node in wanted:
        prizes[node] = INFINITE
    inside = [edge for edge, (start, _) in enumerate(numbered.ends) if start in reach]
    problem = Problem(
        len(prizes),
        [numbered.ends[edge] for edge in inside],
        [numbered.costs[edge] for edge in inside],
        prizes,
    )
    search = solve(problem, time_limit)
    found = search.best
    lifted = Candidate(found.value, tuple(inside[edge] for edge in found.edges), found.nodes)
    return to_tree(numbered, lifted, lower_bound=search.bound)


def to_tree(
    numbered: NumberedGraph,
    candidate: Candidate,
    *,
    missed: float = 0.0,
    prize: float = 0.0,
    lower_bound: float,
) -> Tree:
    """Name the nodes and edges of a tree again.

    Examples
    --------
    >>> graph = number_graph(nx.path_graph(["a", "b"]), None)
    >>> to_tree(graph, Candidate(1.0, (0,), frozenset({0, 1})), lower_bound=1.0).edges
    (('a', 'b'),)
    """
    edge_cost = sum(numbered.costs[edge] for edge in candidate.edges)
    cost = edge_cost + missed
    bound = cost if lower_bound >= cost - 1e-7 * max(1.0, cost) else lower_bound
    return Tree(
        edges=tuple(numbered.labels[edge] for edge in candidate.edges),
        nodes=tuple(numbered.names[node] for node in sorted(candidate.nodes)),
        cost=cost,
        edge_cost=edge_cost,
        lower_bound=bound,
        prize=prize,
        missed=missed,
    )


def components(numbered: NumberedGraph) -> list[int]:
    """Give each node the number of its component.

    Examples
    --------
    >>> components(number_graph(nx.Graph([(1, 2), (3, 4)]), None))
    [0, 0, 2, 2]
    """
    part = list(range(len(numbered.names)))

    def find(node: int) -> int:
        while part[node] != node:
            part[node] = part[part[node]]
            node = part[node]
        return node

    for start, end in numbered.ends:
        one, two = find(start), find(end)
        part[max(one, two)] = min(one, two)
    return [find(node) for node in range(len(part))]


def _component(numbered: NumberedGraph, wanted: list[int]) -> set[int]:
    """Return the nodes in reach of the terminals; raise where they lie in several components."""
    part = components(numbered)
    ((most, __), *others) = Counter(part[node] for node in wanted).most_common()
    if others:
        cut_off = [numbered.names[node] for node in wanted if part[node] != most]
        raise InfeasibleError(
            _("{count} of {all} terminals cannot be reached from the others: {names}").format(
                count=len(cut_off), all=len(wanted), names=first_ids(cut_off)
            ),
            _("the terminals lie in {parts} parts of the graph; connect them or leave some out").format(
                parts=len(others) + 1
            ),
        )
    return {node for node, number in enumerate(part) if number == most}
