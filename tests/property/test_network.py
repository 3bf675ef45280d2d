"""Trees against a slow oracle that looks at every set of nodes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.methods.steiner import prize_collecting_tree, steiner_tree
from geo.methods.steiner.dual_ascent import dual_ascent, to_arborescence
from geo.methods.steiner.problem import INFINITE, Problem

COSTS = st.one_of(st.integers(0, 6), st.floats(0, 3, allow_nan=False, width=32))
SLOW = settings(max_examples=60, deadline=None)


@st.composite
def graphs(draw: st.DrawFn, connected: bool = False) -> nx.Graph:
    size = draw(st.integers(1, 7))
    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    if connected:
        for node in range(1, size):
            graph.add_edge(node, draw(st.integers(0, node - 1)), weight=draw(COSTS))
    for pair in draw(st.lists(st.sampled_from(list(combinations(range(size), 2)) or [(0, 0)]), max_size=12)):
        graph.add_edge(*pair, weight=draw(COSTS))
    return graph


def trees(graph: nx.Graph) -> Iterator[tuple[set[int], float]]:
    for count in range(1, len(graph) + 1):
        for nodes in combinations(graph, count):
            part = graph.subgraph(nodes)
            if nx.is_connected(part):
                spanning = nx.minimum_spanning_edges(part, data=True)
                yield set(nodes), sum(fields["weight"] for *_, fields in spanning)


def is_tree(graph: nx.Graph, nodes: tuple[int, ...], edges: tuple[tuple[int, int], ...]) -> bool:
    tree = nx.Graph()
    tree.add_nodes_from(nodes)
    tree.add_edges_from(edges)
    return nx.is_tree(tree) and set(tree) == set(nodes) and all(graph.has_edge(*edge) for edge in edges)


@SLOW
@given(graphs(connected=True), st.data())
def test_a_steiner_tree_costs_what_the_oracle_finds(graph: nx.Graph, data: st.DataObject) -> None:
    terminals = data.draw(st.sets(st.sampled_from(sorted(graph)), min_size=1))
    best = min(cost for nodes, cost in trees(graph) if terminals <= nodes)
    tree = steiner_tree(graph, terminals)
    assert tree.cost == pytest.approx(best, abs=1e-6)
    assert tree.lower_bound == pytest.approx(best, abs=1e-6)
    assert is_tree(graph, tree.nodes, tree.edges)
    assert terminals <= set(tree.nodes)


@SLOW
@given(graphs(), st.data())
def test_a_prize_collecting_tree_costs_what_the_oracle_finds(graph: nx.Graph, data: st.DataObject) -> None:
    prizes = data.draw(st.dictionaries(st.sampled_from(sorted(graph)), COSTS))
    root = data.draw(st.one_of(st.none(), st.sampled_from(sorted(graph))))
    total = sum(prizes.values())
    best = min(
        cost + total - sum(prizes.get(node, 0) for node in nodes)
        for nodes, cost in trees(graph)
        if root is None or root in nodes
    )
    tree = prize_collecting_tree(graph, prizes, root=root)
    assert tree.cost == pytest.approx(best, abs=1e-6)
    assert tree.lower_bound == pytest.approx(best, abs=1e-6)
    assert tree.cost == pytest.approx(tree.edge_cost + tree.missed)
    assert tree.prize + tree.missed == pytest.approx(total)
    assert is_tree(graph, tree.nodes, tree.edges)
    assert root is None or root in tree.nodes


@SLOW
@given(graphs(), st.floats(0, 8), st.data())
def test_a_budget_collects_what_the_oracle_finds(graph: nx.Graph, budget: float, data: st.DataObject) -> None:
    prizes = data.draw(st.dictionaries(st.sampled_from(sorted(graph)), COSTS))
    root = data.draw(st.one_of(st.none(), st.sampled_from(sorted(graph))))
    rooted = [(nodes, cost) for nodes, cost in trees(graph) if root is None or root in nodes]

    def most(money: float) -> float:
        return max(sum(prizes.get(node, 0) for node in nodes) for nodes, cost in rooted if cost <= money)

    best = most(budget)
    tree = prize_collecting_tree(graph, prizes, root=root, budget=budget)
    assert tree.cost <= budget + 1e-6
    # What is dearer than the budget by what the solver takes for nothing may be its answer, or its bound.
    roomy = most(budget + 1e-6) + 1e-5
    assert best - 1e-5 <= tree.prize <= roomy
    assert best - 1e-5 <= tree.upper_bound <= roomy
    assert is_tree(graph, tree.nodes, tree.edges)


@SLOW
@given(graphs(connected=True), st.randoms(use_true_random=False), st.data())
def test_the_order_of_nodes_and_edges_does_not_change_the_cost(
    graph: nx.Graph, chance: object, data: st.DataObject
) -> None:
    terminals = sorted(data.draw(st.sets(st.sampled_from(sorted(graph)), min_size=1)))
    nodes, edges = list(graph), list(graph.edges(data=True))
    for listed in (nodes, edges, terminals):
        chance.shuffle(listed)  # type: ignore[attr-defined]
    other = nx.Graph()
    other.add_nodes_from(nodes)
    other.add_edges_from(edges)
    assert steiner_tree(other, terminals).cost == pytest.approx(steiner_tree(graph, terminals).cost)


@SLOW
@given(graphs(connected=True), st.data())
def test_the_dual_ascent_never_exceeds_the_optimum(graph: nx.Graph, data: st.DataObject) -> None:
    terminals = data.draw(st.sets(st.sampled_from(sorted(graph)), min_size=1))
    best = min(cost for nodes, cost in trees(graph) if terminals <= nodes)
    ends = [(start, end) for start, end in graph.edges if start != end]
    prizes = [INFINITE if node in terminals else 0.0 for node in sorted(graph)]
    problem = Problem(len(graph), ends, [float(graph.edges[pair]["weight"]) for pair in ends], prizes)
    for root in problem.required:
        assert dual_ascent(to_arborescence(problem, root)).bound <= best + 1e-6
