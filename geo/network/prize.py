"""The tree that is worth most: prizes collected against the cost of the edges, or within a budget."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import networkx as nx

from geo.errors import GeoError, first_ids
from geo.language import gettext as _
from geo.network.budget import solve_budget
from geo.network.problem import INFINITE, Problem
from geo.network.solver import solve
from geo.network.steiner import to_tree
from geo.network.tree import Node, NumberedGraph, Tree, number_graph


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
