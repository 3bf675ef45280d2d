"""The cheapest tree that connects chosen nodes, and the tree that is worth most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import networkx as nx

from geo.errors import GeoError, InfeasibleError, first_ids
from geo.language import gettext as _
from geo.methods.steiner.budget import solve_budget
from geo.methods.steiner.problem import INFINITE, Candidate, Node, NumberedGraph, Problem, Tree, number_graph
from geo.methods.steiner.solver import solve


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
        Edge attribute to be minimized, 0 or more, in any unit; None counts edges.
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


def prize_collecting_tree(
    graph: nx.Graph[Any],
    prizes: Mapping[Node, float],
    *,
    root: Node | None = None,
    weight: str | None = "weight",
    budget: float | None = None,
    time_limit: float = 60.0,
) -> Tree:
    """Find the tree of least edge cost plus missed prizes; or with a budget, of the largest prizes within it.

    Without a budget, prizes and weights share one unit. With one they need not: homes collected, dollars
    spent. The tree may be a single node. Deterministic as long as the time suffices.

    Parameters
    ----------
    graph
        Undirected; parallel edges and loops are allowed.
    prizes
        Prize of each node that has one, 0 or more.
    root
        A node that the tree must hold, or None.
    weight
        Edge attribute, 0 or more; None counts edges.
    budget
        Most that the edges may cost.
    time_limit
        Seconds, held softly.

    Returns
    -------
    Tree
        Without a budget ``cost`` holds edges and missed prizes, and ``lower_bound`` its bound; with
        one ``cost`` is that of the edges, ``prize`` what is collected and ``upper_bound`` its bound.

    Raises
    ------
    GeoError
        An empty graph, unknown nodes, negative or non-finite prizes, weights or budget.

    Examples
    --------
    >>> path = nx.Graph()
    >>> path.add_weighted_edges_from([(0, 1, 0.8), (1, 2, 1.8), (2, 3, 2.8)])
    >>> tree = prize_collecting_tree(path, dict.fromkeys(path, 1.0))
    >>> tree.nodes, round(tree.cost, 6), tree.optimal
    ((0, 1), 2.8, True)
    >>> prize_collecting_tree(path, dict.fromkeys(path, 1.0), budget=2.7).prize
    3.0
    """
    numbered = number_graph(graph, weight)
    amounts = _amounts(numbered, prizes)
    if root is not None:
        amounts[numbered.numbers([root], "roots")[0]] = INFINITE
    problem = Problem(len(amounts), numbered.ends, numbered.costs, amounts)
    own = 0.0 if root is None else float(prizes.get(root, 0.0))
    total = problem.total_prize
    if budget is not None:
        if not 0 <= budget < math.inf:
            raise GeoError(
                _("the budget is {budget}").format(budget=budget), _("give a finite amount of 0 or more")
            )
        return _within(numbered, problem, float(budget), own, time_limit)
    search = solve(problem, time_limit)
    missed = sum(amounts[node] for node in problem.prized if node not in search.best.nodes)
    return to_tree(numbered, search.best, missed=missed, prize=total - missed + own, lower_bound=search.bound)


def _amounts(numbered: NumberedGraph, prizes: Mapping[Node, float]) -> list[float]:
    if not numbered.names:
        raise GeoError(_("the graph is empty"), _("give it at least one node"))
    positions = numbered.numbers(prizes, "prizes")
    wrong = [f"{node} ({prize})" for node, prize in prizes.items() if not 0 <= prize < math.inf]
    if wrong:
        raise GeoError(
            _("{count} prizes are negative or not finite: {names}").format(
                count=len(wrong), names=first_ids(wrong)
            ),
            _("give 0 or more"),
        )
    amounts = [0.0] * len(numbered.names)
    for position, prize in zip(positions, prizes.values(), strict=True):
        amounts[position] = float(prize)
    return amounts


def _within(numbered: NumberedGraph, problem: Problem, budget: float, own: float, time_limit: float) -> Tree:
    found = solve_budget(problem, budget, time_limit)
    candidate, upper = found.best, found.bound + own
    tree = to_tree(numbered, candidate, lower_bound=math.nan)
    missed = sum(problem.prizes[node] for node in problem.prized if node not in candidate.nodes)
    prize = problem.total_prize - missed + own
    if upper <= prize + 1e-7 * max(1.0, prize):
        upper = prize
    return Tree(
        edges=tree.edges,
        nodes=tree.nodes,
        cost=tree.edge_cost,
        edge_cost=tree.edge_cost,
        upper_bound=upper,
        prize=prize,
        missed=missed,
    )
