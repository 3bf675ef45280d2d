"""What a network says when it cannot be had, and what it does at scale."""

from __future__ import annotations

import math
from random import Random

import networkx as nx
import numpy as np
import pytest

from geo.errors import GeoError, InfeasibleError
from geo.methods.steiner import Tree, prize_collecting_tree, steiner_tree


def grid(side: int, terminals: int, seed: int = 1) -> tuple[nx.Graph, list[tuple[int, int]]]:
    chance = Random(seed)
    graph = nx.grid_2d_graph(side, side)
    for edge in graph.edges:
        graph.edges[edge]["weight"] = chance.uniform(50, 200)
    return graph, chance.sample(sorted(graph), terminals)


def two_parts() -> nx.Graph:
    graph = nx.Graph()
    graph.add_weighted_edges_from([("a", "b", 1.0), ("b", "c", 2.0), ("x", "y", 1.0)])
    return graph


@pytest.mark.parametrize(
    ("terminals", "message"),
    [
        (["a", "c", "x"], "1 of 3 terminals cannot be reached from the others: x"),
        (["a", "x", "y"], "1 of 3 terminals cannot be reached from the others: a"),
    ],
)
def test_terminals_out_of_reach_are_named(terminals: list[str], message: str) -> None:
    with pytest.raises(InfeasibleError, match=message):
        steiner_tree(two_parts(), terminals)


@pytest.mark.parametrize("terminals", [["a", "nowhere"], ["nowhere"]])
def test_unknown_terminals_are_named(terminals: list[str]) -> None:
    with pytest.raises(GeoError, match="1 terminals are not in the graph: nowhere"):
        steiner_tree(two_parts(), terminals)


def test_no_terminal_is_refused() -> None:
    with pytest.raises(GeoError, match="there is no terminal"):
        steiner_tree(two_parts(), [])


@pytest.mark.parametrize("amount", [-1.0, math.nan, math.inf, None, "far"])
def test_bad_weights_are_counted_and_named(amount: object) -> None:
    graph = two_parts()
    graph.edges["a", "b"]["weight"] = amount
    with pytest.raises(GeoError, match="1 edges have no 'weight', or a negative or infinite one: a to b"):
        steiner_tree(graph, ["a", "c"])


def test_a_directed_graph_is_refused() -> None:
    with pytest.raises(GeoError, match="directed"):
        steiner_tree(nx.DiGraph([(1, 2)]), [1, 2], weight=None)


@pytest.mark.parametrize(
    ("prizes", "options", "message"),
    [
        ({"a": -1.0}, {}, "1 prizes are negative or not finite: a"),
        ({"a": math.nan}, {}, "1 prizes are negative or not finite: a"),
        ({"nowhere": 1.0}, {}, "1 prizes are not in the graph: nowhere"),
        ({"a": 1.0}, {"root": "nowhere"}, "1 roots are not in the graph: nowhere"),
        ({"a": 1.0}, {"budget": -5.0}, "the budget is -5.0"),
        ({"a": 1.0}, {"budget": math.nan}, "the budget is nan"),
    ],
)
def test_bad_prizes_roots_and_budgets_are_refused(
    prizes: dict[str, float], options: dict[str, object], message: str
) -> None:
    with pytest.raises(GeoError, match=message):
        prize_collecting_tree(two_parts(), prizes, **options)


def test_an_empty_graph_is_refused() -> None:
    with pytest.raises(GeoError, match="empty"):
        prize_collecting_tree(nx.Graph(), {})


def test_one_terminal_needs_no_edge() -> None:
    tree = steiner_tree(two_parts(), ["a", "a"])
    assert (tree.edges, tree.nodes, tree.cost, tree.gap) == ((), ("a",), 0.0, 0.0)


def test_of_parallel_edges_the_cheaper_is_named_by_its_key() -> None:
    graph = nx.MultiGraph()
    graph.add_edge(1, 2, key="slow", weight=5)
    graph.add_edge(1, 2, key="fast", weight=np.int64(3))
    graph.add_edge(1, 1, weight=1)
    assert steiner_tree(graph, [1, 2]).edges == ((1, 2, "fast"),)


def test_a_root_in_another_part_collects_there_alone() -> None:
    tree = prize_collecting_tree(two_parts(), {"a": 9.0, "y": 9.0}, root="x")
    assert (set(tree.nodes), tree.prize, tree.missed) == ({"x", "y"}, 9.0, 9.0)


def test_a_medium_grid_is_solved_with_proof() -> None:
    graph, terminals = grid(20, 20)
    tree = steiner_tree(graph, terminals)
    assert tree.optimal
    kept = graph.edge_subgraph(tree.edges)
    assert nx.is_tree(kept)
    assert set(terminals) <= set(kept)
    by_networkx = nx.algorithms.approximation.steiner_tree(graph, terminals, method="mehlhorn")
    assert tree.cost <= by_networkx.size("weight")


def test_the_same_question_gets_the_same_tree() -> None:
    graph, terminals = grid(15, 12, seed=3)
    assert steiner_tree(graph, terminals) == steiner_tree(graph, terminals)


def test_without_time_there_is_still_a_tree_and_a_bound() -> None:
    graph, terminals = grid(20, 20)
    tree = steiner_tree(graph, terminals, time_limit=0.0)
    assert set(terminals) <= set(tree.nodes)
    assert 0 <= tree.lower_bound <= tree.cost


def test_large_prizes_make_a_steiner_tree() -> None:
    graph, terminals = grid(12, 10, seed=5)
    tree = prize_collecting_tree(graph, dict.fromkeys(terminals, 1e5))
    assert tree.cost == pytest.approx(steiner_tree(graph, terminals).cost)
    assert tree.optimal


def test_a_budget_bound_holds_the_prize() -> None:
    graph, terminals = grid(12, 10, seed=5)
    whole = steiner_tree(graph, terminals).cost
    prizes = {node: float(number + 1) for number, node in enumerate(terminals)}
    found = [
        prize_collecting_tree(graph, prizes, root=terminals[0], budget=share * whole, time_limit=5.0)
        for share in (0.0, 0.5, 1.0)
    ]
    assert [tree.prize <= tree.upper_bound + 1e-6 for tree in found] == [True] * 3
    assert found[0].prize == 1.0
    assert found[-1].prize == sum(prizes.values())


def test_the_gap_of_nothing_is_nothing() -> None:
    assert Tree((), (), cost=0.0, edge_cost=0.0, lower_bound=0.0).gap == 0.0
    assert Tree((), (), cost=1.0, edge_cost=0.0, lower_bound=0.0).gap == math.inf
