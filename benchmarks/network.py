"""One network for many, beside networkx and pcst_fast: cost over the proven bound, and seconds.

Run ``python benchmarks/network.py [side ...]``; the default sides are 32, 50, 71 and 100 (1,024 to 10,000
nodes), with 80 terminals each. A peer's answer is checked before its time is told.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from random import Random

import networkx as nx
import numpy as np
from networkx.algorithms.approximation import steiner_tree as by_networkx

from geo.methods.steiner import prize_collecting_tree, steiner_tree

SIDES = (32, 50, 71, 100)
TERMINALS = 80
SECONDS = 60.0
SEED = 1


def make_grid(side: int, *, unit: bool = False) -> tuple[nx.Graph, list[int]]:
    """Make a square grid with random lengths (50 to 200), or with lengths of 1, and its terminals."""
    chance = Random(SEED)
    graph = nx.convert_node_labels_to_integers(nx.grid_2d_graph(side, side))
    for edge in graph.edges:
        graph.edges[edge]["weight"] = 1.0 if unit else chance.uniform(50, 200)
    return graph, chance.sample(sorted(graph), TERMINALS)


def timed(run: Callable[[], object]) -> tuple[object, float]:
    start = time.perf_counter()
    return run(), time.perf_counter() - start


def tree_cost(graph: nx.Graph, edges: Iterable[tuple[int, int]], needed: Iterable[int]) -> float | None:
    """Return the cost of a tree that holds what is needed; None where the answer is not one."""
    tree = nx.Graph()
    tree.add_nodes_from(needed)
    tree.add_edges_from(edges)
    if not nx.is_tree(tree) or not all(graph.has_edge(*edge) for edge in tree.edges):
        return None
    return sum(graph.edges[edge]["weight"] for edge in tree.edges)


def tell(name: str, cost: float | None, bound: float, seconds: float) -> None:
    if cost is None:
        print(f"| {name} | wrong answer | | {seconds:.2f} |")
    else:
        print(f"| {name} | {cost:,.1f} | {100 * (cost / bound - 1):.2f} % | {seconds:.2f} |")


def compare_steiner(side: int, *, unit: bool) -> None:
    graph, terminals = make_grid(side, unit=unit)
    tree, seconds = timed(lambda: steiner_tree(graph, terminals, time_limit=SECONDS))
    print(f"\n### Steiner tree, {side * side:,} nodes, lengths {'of 1' if unit else 'by chance'}\n")
    print(f"Proven bound {tree.lower_bound:,.1f}\n\n| solver | cost | over the bound | seconds |")
    print("|---|---|---|---|")
    tell("steiner_tree", tree_cost(graph, tree.edges, terminals), tree.lower_bound, seconds)
    for method in ("kou", "mehlhorn"):
        peer, taken = timed(lambda method=method: by_networkx(graph, terminals, method=method))
        tell(f"networkx, {method}", tree_cost(graph, peer.edges, terminals), tree.lower_bound, taken)


def compare_prizes(side: int) -> None:
    graph, terminals = make_grid(side)
    chance = Random(SEED)
    prizes = {node: chance.uniform(200, 1500) for node in terminals}
    tree, seconds = timed(lambda: prize_collecting_tree(graph, prizes, time_limit=SECONDS))
    print(f"\n### Prizes, {side * side:,} nodes, no root\n")
    print(f"Proven bound {tree.lower_bound:,.1f}\n")
    print("| solver | cost and missed prizes | over the bound | seconds |")
    print("|---|---|---|---|")
    tell("geo.methods.steiner.prize_collecting_tree", tree.cost, tree.lower_bound, seconds)
    try:
        peer, taken = timed(lambda: run_pcst_fast(graph, prizes))
    except ImportError:
        print("| pcst_fast | not installed | | |")
    else:
        tell("pcst_fast, strong pruning", peer, tree.lower_bound, taken)


def run_pcst_fast(graph: nx.Graph, prizes: dict[int, float]) -> float | None:
    """Return the cost of pcst_fast's answer; None where it is not a tree of the graph."""
    from pcst_fast import pcst_fast

    ends = np.array(graph.edges, dtype=np.int64)
    costs = np.array([graph.edges[edge]["weight"] for edge in graph.edges])
    amounts = np.array([prizes.get(node, 0.0) for node in range(len(graph))])
    nodes, edges = pcst_fast(ends, amounts, costs, -1, 1, "strong", 0)
    if len(nodes) == 0 or max(nodes) >= len(graph) or (len(edges) and max(edges) >= len(ends)):
        return None
    cost = tree_cost(graph, [tuple(ends[edge]) for edge in edges], [int(node) for node in nodes])
    return None if cost is None else cost + sum(p for node, p in prizes.items() if node not in set(nodes))


def main(sides: Iterable[int]) -> None:
    for side in sides:
        compare_steiner(side, unit=False)
    compare_steiner(max(sides), unit=True)
    for side in sides:
        compare_prizes(side)


if __name__ == "__main__":
    main([int(side) for side in sys.argv[1:]] or SIDES)
