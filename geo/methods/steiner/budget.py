"""As many prizes as a budget allows: a price on the budget, and cuts for small and medium problems.

For any price ``q`` per unit of edge cost, no tree within budget ``B`` collects more than
``total - L(q) + q B``, where ``L(q)`` bounds the edges' cost at that price plus the missed prizes from below
(Lagrangian relaxation).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from geo.methods.steiner.cuts import CutModel
from geo.methods.steiner.dual_ascent import to_arborescence
from geo.methods.steiner.heuristics import grow, to_neighbors
from geo.methods.steiner.local_search import nearest_prizes
from geo.methods.steiner.problem import INFINITE, Candidate, Problem, best_single, to_candidate
from geo.methods.steiner.reductions import reduce_degrees, reduce_distances, start_reduction
from geo.methods.steiner.solver import solve

PRICES = 14
MOST_ARCS = 4_000
CLOSE = 1e-9


@dataclass(slots=True)
class BudgetSearch:
    """The best tree within the budget (its ``value`` is what it misses) and a bound on what any collects."""

    problem: Problem
    budget: float
    deadline: float
    best: Candidate
    bound: float

    @property
    def collected(self) -> float:
        """Prizes of the best tree, without those of required nodes."""
        return self.problem.total_prize - self.best.value

    @property
    def closed(self) -> bool:
        """Whether the bound is met."""
        return self.bound <= self.collected + 1e-7 * max(1.0, self.collected)

    def offer(self, edges: set[int], nodes: set[int]) -> None:
        """Trim a tree to the budget, fill it up, and take it if it collects more than the best.

        Examples
        --------
        >>> path = Problem(2, [(0, 1)], [1.0], [5.0, 5.0])
        >>> search = BudgetSearch(path, 1.0, INFINITE, _missing(path, set(), {0}), 10.0)
        >>> search.offer({0}, {0, 1})
        >>> search.collected
        10.0
        """
        kept = _trim(self.problem, set(edges), set(nodes), self.budget)
        filled = _fill(self.problem, *kept, self.budget)
        for candidate in (_missing(self.problem, *kept), _missing(self.problem, *filled)):
            if candidate.value < self.best.value - CLOSE:
                self.best = candidate


def solve_budget(problem: Problem, budget: float, time_limit: float) -> BudgetSearch:
    """Collect as much as ``budget`` allows.

    Examples
    --------
    >>> path = Problem(4, [(0, 1), (1, 2), (2, 3)], [0.8, 1.8, 2.8], [1.0] * 4)
    >>> found = solve_budget(path, 2.7, 10.0)
    >>> found.collected, found.bound
    (3.0, 3.0)
    """
    deadline = time.monotonic() + time_limit
    required = problem.required
    start = {required[0]} if required else set(best_single(problem).nodes)
    search = BudgetSearch(problem, budget, deadline, _missing(problem, set(), start), problem.total_prize)
    search.offer(*grow(problem, start, problem.prized))
    low, high = 0.0, _dearest_price(problem)
    for _ in range(PRICES):
        if search.closed or time.monotonic() >= deadline:
            break
        price = (low * high) ** 0.5 if low else high / 16
        spent = _try_price(search, price)
        low, high = (price, high) if spent > budget else (low, price)
    if not search.closed and 2 * len(problem.ends) <= MOST_ARCS and time.monotonic() < deadline:
        _prove_by_cuts(search)
    return search


def _missing(problem: Problem, edges: set[int], nodes: set[int]) -> Candidate:
    """Return a tree whose value is what it misses alone."""
    tree = to_candidate(problem, edges, nodes)
    cost = sum(problem.costs[edge] for edge in edges)
    return Candidate(tree.value - cost, tree.edges, tree.nodes)


def _dearest_price(problem: Problem) -> float:
    """Return a price at which no prize is worth any edge that costs."""
    least = min((cost for cost in problem.costs if cost > 0), default=1.0)
    return (problem.total_prize + 1.0) / least


def _try_price(search: BudgetSearch, price: float) -> float:
    """Solve at a price: a bound, a tree to trim or fill, and what it spends."""
    problem = search.problem
    priced = Problem(problem.size, problem.ends, [cost * price for cost in problem.costs], problem.prizes)
    left = max(0.1, (search.deadline - time.monotonic()) / PRICES)
    found = solve(priced, left, exact=2 * len(problem.ends) <= MOST_ARCS, deep=False)
    search.bound = min(search.bound, problem.total_prize - found.bound + price * search.budget)
    search.offer(set(found.best.edges), set(found.best.nodes))
    return sum(problem.costs[edge] for edge in found.best.edges)


def _trim(problem: Problem, edges: set[int], nodes: set[int], budget: float) -> tuple[set[int], set[int]]:
    """Take leaves off, the dearest for their prize first, until the budget is kept."""
    spent = sum(problem.costs[edge] for edge in edges)
    while spent > budget * (1 + CLOSE) and edges:
        joined = to_neighbors(problem, edges)
        leaves = [
            (problem.prizes[node] / max(problem.costs[links[0][1]], CLOSE), node, links[0][1])
            for node, links in joined.items()
            if len(links) == 1 and problem.prizes[node] < INFINITE
        ]
        _, node, edge = min(leaves)
        edges.discard(edge)
        nodes.discard(node)
        spent -= problem.costs[edge]
    return edges, nodes


def _fill(problem: Problem, edges: set[int], nodes: set[int], budget: float) -> tuple[set[int], set[int]]:
    """Fetch prizes with what is left, the most for its cost first."""
    edges, nodes = set(edges), set(nodes)
    left = budget - sum(problem.costs[edge] for edge in edges)
    while True:
        reached = nearest_prizes(problem, nodes, left)
        if not reached:
            return edges, nodes
        _, cost, path = max(reached, key=lambda item: item[0])
        edges |= path
        nodes |= {node for edge in path for node in problem.ends[edge]}
        left -= cost


def _prove_by_cuts(search: BudgetSearch) -> None:
    work = start_reduction(search.problem, keep_prizes=True)
    reduce_degrees(work)
    reduce_distances(work)
    small, nodes = work.compact()
    if not small.ends:
        return
    graph = to_arborescence(small, edge_costs=[0.0] * len(small.ends))
    spending = [cost for cost in small.costs for _ in range(2)]
    spending += [0.0] * (len(graph.costs) - len(spending))
    model = CutModel(graph, budget=(spending, search.budget))
    answer = model.close_cuts(search.deadline, search.best.value)
    if answer is None:
        return
    _lower(search, answer.bound + work.offset)
    if search.closed:
        return
    whole, proven = model.branch(search.deadline)
    if whole is None:
        return
    chosen = [edge for edge in range(len(small.ends)) if max(whole.values[2 * edge : 2 * edge + 2]) > 0.5]
    missed = whole.cost if proven else whole.bound
    for tree in _trees(small, chosen):
        lifted = work.lift(small, nodes, tree)
        search.offer(set(lifted.edges), set(lifted.nodes))
    _lower(search, missed + work.offset)


def _lower(search: BudgetSearch, missed: float) -> None:
    """Take a bound on what trees better than the best must miss."""
    search.bound = min(search.bound, max(search.collected, search.problem.total_prize - missed))


def _trees(problem: Problem, edges: list[int]) -> list[Candidate]:
    """Return a tree without useless branches for each component of the chosen edges."""
    costs = [INFINITE] * len(problem.costs)
    for edge in edges:
        costs[edge] = problem.costs[edge]
    touched = {node for edge in edges for node in problem.ends[edge]}
    rest = {node for node in touched if problem.prizes[node] > 0}
    found = []
    while rest:
        kept, held = grow(problem, [min(rest)], rest, costs)
        found.append(to_candidate(problem, kept, held))
        rest -= held
    return found
