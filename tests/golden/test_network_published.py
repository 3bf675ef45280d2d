"""Trees against published optima."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from geo.methods.steiner import prize_collecting_tree, steiner_tree


def read_steinlib(path: Path) -> tuple[nx.Graph, list[int]]:
    graph, terminals = nx.Graph(), []
    for line in path.read_text().splitlines():
        match line.split():
            case ["E", start, end, cost]:
                graph.add_edge(int(start), int(end), weight=int(cost))
            case ["T", node]:
                terminals.append(int(node))
    return graph, terminals


@pytest.mark.parametrize(
    ("name", "optimum"), [("b01", 82), ("b02", 83), ("b03", 138), ("b04", 59), ("b05", 61)]
)
def test_steinlib_set_b_is_solved_with_proof(reference: Path, name: str, optimum: int) -> None:
    graph, terminals = read_steinlib(reference / "steinlib" / f"{name}.stp")
    tree = steiner_tree(graph, terminals)
    assert (tree.cost, tree.lower_bound, tree.gap) == (optimum, optimum, 0.0)
    assert nx.is_tree(graph.edge_subgraph(tree.edges))
    assert set(terminals) <= set(tree.nodes)
    assert sum(graph.edges[edge]["weight"] for edge in tree.edges) == optimum


def test_the_published_prize_case() -> None:
    path = nx.Graph()
    path.add_weighted_edges_from([(0, 1, 0.8), (1, 2, 1.8), (2, 3, 2.8)])
    tree = prize_collecting_tree(path, dict.fromkeys(path, 1.0))
    assert set(tree.nodes) == {0, 1}
    assert tree.cost == pytest.approx(2.8)
    assert tree.lower_bound == pytest.approx(2.8)
    assert (tree.edge_cost, tree.prize, tree.missed) == (0.8, 2.0, 2.0)
