"""The best tree within several trees together: a far smaller problem, solved by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random

from geo.network.heuristics import grow, prune
from geo.network.problem import Candidate, Problem, to_candidate

SPREAD = 0.3
SEED = 20


def union(problem: Problem, trees: Iterable[Candidate]) -> tuple[Problem, list[int], list[int]]:
    """Return the problem of the trees' edges alone, with the original numbers of its nodes and edges.

    Prizes outside of the trees are left out, and are missed whatever is chosen.

    Examples
    --------
    >>> path = Problem(3, [(0, 1), (1, 2)], [1.0, 2.0], [5.0, 0.0, 0.0])
    >>> union(path, [to_candidate(path, [1], [1, 2])])[1:]
    ([1, 2], [1])
    """
    kept = list(trees)
    edges = sorted({edge for tree in kept for edge in tree.edges})
    nodes = sorted({node for tree in kept for node in tree.nodes})
    number = {node: position for position, node in enumerate(nodes)}
    ends = [(number[problem.ends[edge][0]], number[problem.ends[edge][1]]) for edge in edges]
    costs = [problem.costs[edge] for edge in edges]
    return Problem(len(nodes), ends, costs, [problem.prizes[node] for node in nodes]), nodes, edges


def recombine(
    problem: Problem, trees: Sequence[Candidate], solve: Callable[[Problem], Candidate]
) -> Candidate:
    """Return the tree that ``solve`` finds within the trees together.

    Examples
    --------
    >>> path = Problem(2, [(0, 1)], [1.0], [5.0, 5.0])
    >>> whole = to_candidate(path, [0], [0, 1])
    >>> recombine(path, [whole], lambda small: to_candidate(small, [0], [0, 1])) == whole
    True
    """
    small, nodes, edges = union(problem, trees)
    found = solve(small)
    return to_candidate(problem, (edges[edge] for edge in found.edges), (nodes[node] for node in found.nodes))


def vary(problem: Problem, best: Candidate, count: int, seed: int = SEED) -> list[Candidate]:
    """Grow trees at costs changed by chance (always the same chance), dearer along the best tree.

    Examples
    --------
    >>> path = Problem(2, [(0, 1)], [1.0], [5.0, 5.0])
    >>> [tree.value for tree in vary(path, to_candidate(path, [0], [0, 1]), 2)]
    [1.0, 1.0]
    """
    chance = Random(seed)  # noqa: S311 - variety, not secrecy
    prized = problem.prized
    known = set(best.edges)
    found = []
    for _ in range(count):
        costs = [
            cost * (1 + SPREAD * chance.random() + (SPREAD * chance.random() if edge in known else 0.0))
            for edge, cost in enumerate(problem.costs)
        ]
        edges, held = grow(problem, [chance.choice(prized)], prized, costs)
        found.append(prune(problem, edges, held))
    return found
