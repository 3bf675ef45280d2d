"""The order of work: reduce, find good trees, bound, leave out, and prove with cuts what is left."""

from __future__ import annotations

import time
from dataclasses import dataclass

from geo.methods.steiner.cuts import CutModel
from geo.methods.steiner.dual_ascent import Arborescence, Ascent, dual_ascent, edge_bounds, to_arborescence
from geo.methods.steiner.heuristics import SEED, grow, prune, recombine, to_neighbors, vary, walk
from geo.methods.steiner.local_search import improve
from geo.methods.steiner.problem import INFINITE, Candidate, Problem, better, to_candidate
from geo.methods.steiner.reductions import (
    Reduced,
    reduce_degrees,
    reduce_distances,
    remove_beyond,
    start_reduction,
)

ROUNDS = 8
STARTS = 6
MERGES = 20
PATIENCE = 2
MERGE_SHARE = 0.4
VARIED = 8
POOL = 8
MERGE_SECONDS = 10.0
MOST_ARCS = 12_000
KEPT_CUTS = 300_000
CLOSE = 1e-7


@dataclass(slots=True)
class Search:
    """What is known of a problem so far: its best tree and a proven bound.

    ``deadline`` is a time of ``time.monotonic``; without it the work is limited by counts alone.
    """

    problem: Problem
    best: Candidate
    deadline: float
    deep: bool = True
    bound: float = 0.0

    @property
    def closed(self) -> bool:
        """Whether the bound has met the best tree."""
        return self.bound >= self.best.value - CLOSE * max(1.0, abs(self.best.value))

    @property
    def limit(self) -> float:
        """Value from which on a tree is no better than the best one known."""
        value = self.best.value
        unit = self.problem.unit
        return value - unit + 1e-6 if unit else value - 1e-9 * max(1.0, abs(value))

    @property
    def late(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.deadline

    def offer(self, candidate: Candidate) -> None:
        """Take a tree if it is better than the best.

        Examples
        --------
        >>> search = Search(Problem(1, [], [], [0.0]), Candidate(9.0, (), frozenset()), 0.0)
        >>> search.offer(Candidate(7.0, (), frozenset()))
        >>> search.best.value
        7.0
        """
        if candidate.value < self.best.value:
            self.best = candidate

    def prove(self, bound: float) -> None:
        """Take a bound that holds for trees better than the best, if it is higher; whole where costs are.

        Examples
        --------
        >>> search = Search(Problem(1, [], [], [0.0]), Candidate(9.0, (), frozenset()), 0.0)
        >>> search.prove(7.2)
        >>> search.bound
        8.0
        """
        unit = self.problem.unit
        if unit and bound < INFINITE:
            bound = float(-(-(bound - 1e-6) // 1))
        self.bound = max(self.bound, min(bound, self.best.value))


def solve(problem: Problem, time_limit: float, *, exact: bool = True, deep: bool = True) -> Search:
    """Solve a problem: the best tree found and a proven lower bound.

    Parameters
    ----------
    problem
        With its required nodes in one component.
    time_limit
        Seconds, held softly: a step that has begun is finished.
    exact
        Whether to prove with cuts what the dual ascent leaves open.
    deep
        Whether to spend time on varied and recombined trees.

    Examples
    --------
    >>> path = Problem(4, [(0, 1), (1, 2), (2, 3)], [0.8, 1.8, 2.8], [1.0] * 4)
    >>> found = solve(path, 10.0)
    >>> found.best.value, found.bound
    (2.8, 2.8)
    """
    work = start_reduction(problem)
    search = Search(problem, work.best, time.monotonic() + time_limit, deep)
    reduce_degrees(work)
    reduce_distances(work)
    for _ in range(ROUNDS):
        reduce_degrees(work)
        search.offer(work.best)
        before = len(work.edges())
        _look(search, work)
        if search.closed or search.late or len(work.edges()) > 0.95 * before:
            break
    if exact and not search.closed and not search.late:
        reduce_degrees(work)
        reduce_distances(work)
        _prove_by_cuts(search, work)
    return search


def _look(search: Search, work: Reduced) -> None:
    """One round: trees and bounds from several roots, then leave out what the bounds exclude."""
    small, nodes = work.compact()
    if not small.prized:
        search.prove(INFINITE)
        return
    bounds = dict.fromkeys(((nodes[start], nodes[end]) for start, end in small.ends), 0.0)
    trees = _first_trees(small, search.deadline)
    _offer(search, work, small, nodes, better(trees))
    best_bound = 0.0
    for root in _roots(small):
        graph = to_arborescence(small, root)
        ascent = dual_ascent(graph, guide=_guide(small, better(trees), root))
        best_bound = max(best_bound, ascent.bound)
        if ascent.bound == INFINITE:
            break
        trees.append(improve(small, _tree_on_free_arcs(small, graph, ascent), search.deadline))
        _offer(search, work, small, nodes, trees[-1])
        for pair, bound in zip(bounds, edge_bounds(graph, ascent, len(small.ends)), strict=True):
            bounds[pair] = max(bounds[pair], bound)
        if search.late:
            break
    search.prove(best_bound + work.offset)
    if not search.closed:
        if search.deep:
            search.deep = False
            _offer(search, work, small, nodes, _merge_trees(small, trees, _midway(search, small)))
        remove_beyond(work, bounds, search.limit - work.offset)


def _midway(search: Search, problem: Problem) -> float:
    """Leave more than half of the time for cuts, where the problem is small enough for them."""
    now = time.monotonic()
    share = MERGE_SHARE if _fits(problem) else 1.0
    return now + share * (search.deadline - now)


def _fits(problem: Problem) -> bool:
    """Whether a problem is small enough for cuts."""
    return 0 < 2 * len(problem.ends) <= MOST_ARCS


def _guide(problem: Problem, tree: Candidate, root: int | None) -> dict[int, int]:
    """Return the parent of each node of a tree, seen from the root."""
    if root is None or not tree.edges or root not in tree.nodes:
        return {}
    joined = to_neighbors(problem, tree.edges)
    return {node: parent for node, parent, _ in walk(joined, root) if parent >= 0}


def _offer(search: Search, work: Reduced, small: Problem, nodes: list[int], found: Candidate) -> None:
    if found.value + work.offset < search.best.value:
        lifted = work.lift(small, nodes, found)
        search.offer(better([lifted, prune(search.problem, lifted.edges, lifted.nodes)]))


def _roots(problem: Problem) -> list[int | None]:
    """Spread a few roots over the required nodes."""
    required = problem.required
    if not required:
        return [None]
    step = max(1, len(required) // STARTS)
    return list(required[::step][:STARTS])


def _first_trees(problem: Problem, deadline: float) -> list[Candidate]:
    """Grow from some starts to everything that has a prize, and improve the best."""
    prized = problem.prized
    starts = _roots(problem) if problem.required else _largest(problem)
    found = [to_candidate(problem, (), prized[:1])]
    for start in starts:
        if start is not None:
            edges, held = grow(problem, [start], prized)
            found.append(prune(problem, edges, held))
    return [improve(problem, better(found), deadline), *found]


def _merge_trees(problem: Problem, trees: list[Candidate], deadline: float) -> Candidate:
    """Vary, improve and recombine for as long as it helps."""

    def solve_small(small: Problem) -> Candidate:
        left = min(MERGE_SECONDS, deadline - time.monotonic())
        return solve(small, left, deep=False).best

    pool = _distinct(trees)
    failures = 0
    patience = PATIENCE if _fits(problem) else 2 * PATIENCE
    for count in range(MERGES):
        if time.monotonic() >= deadline or failures == patience:
            break
        best = pool[0].value
        fresh = vary(problem, pool[0], VARIED, SEED + count)
        if not _fits(problem):
            fresh = [improve(problem, tree, deadline) for tree in fresh]
        together = [*pool, *fresh]
        found = improve(problem, recombine(problem, together, solve_small), deadline)
        pool = _distinct([found, *pool])
        failures = 0 if pool[0].value < best - CLOSE else failures + 1
    return pool[0]


def _distinct(trees: list[Candidate]) -> list[Candidate]:
    """Return the best few trees that differ, the best first."""
    different = {tree.edges: tree for tree in trees}
    return sorted(different.values(), key=lambda tree: tree.value)[:POOL]


def _largest(problem: Problem) -> list[int | None]:
    by_prize = sorted(problem.prized, key=lambda node: (-problem.prizes[node], node))
    return list(by_prize[:STARTS])


def _tree_on_free_arcs(problem: Problem, graph: Arborescence, ascent: Ascent) -> Candidate:
    """Grow along the edges that the dual ascent left without reduced cost."""
    costs = [
        cost if min(ascent.reduced[2 * edge], ascent.reduced[2 * edge + 1]) <= 1e-9 else INFINITE
        for edge, cost in enumerate(problem.costs)
    ]
    starts = (
        [graph.root]
        if graph.root < problem.size
        else [node for node in _largest(problem) if node is not None]
    )
    found = []
    for start in starts:
        edges, held = grow(problem, [start], problem.prized, costs)
        found.append(prune(problem, edges, held))
    return better(found)


def _prove_by_cuts(search: Search, work: Reduced) -> None:
    small, nodes = work.compact()
    if not _fits(small):
        return
    graph = to_arborescence(small)
    ascent = dual_ascent(graph, keep_cuts=KEPT_CUTS)
    search.prove(ascent.bound + work.offset)
    if search.closed:
        return
    model = CutModel(graph, ascent.cuts)
    answer = model.close_cuts(search.deadline, search.limit - work.offset)
    if answer is None:
        return
    search.prove(answer.bound + work.offset)
    _offer_values(search, work, small, nodes, answer.values)
    if search.closed or search.late:
        return
    whole, proven = model.branch(search.deadline)
    if whole is not None:
        _offer_values(search, work, small, nodes, whole.values)
        search.prove((whole.cost if proven else whole.bound) + work.offset)


def _offer_values(search: Search, work: Reduced, small: Problem, nodes: list[int], values: object) -> None:
    """Grow a tree along the arcs that a solution of the program favors."""
    amounts = values[0 : 2 * len(small.ends) : 2] + values[1 : 2 * len(small.ends) : 2]  # type: ignore[index]
    costs = [cost * max(0.0, 1.0 - float(amount)) for cost, amount in zip(small.costs, amounts, strict=True)]
    starts = _roots(small)[:1] if small.required else _largest(small)[:1]
    for start in starts:
        if start is not None:
            edges, held = grow(small, [start], small.prized, costs)
            found = improve(small, prune(small, edges, held), search.deadline)
            _offer(search, work, small, nodes, found)
