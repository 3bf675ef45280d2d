"""Two users of HiGHS in one process do not get in each other's way: its threads are shared by all."""

from __future__ import annotations

import networkx as nx
import pulp

from geo.methods.steiner import steiner_tree


def test_a_network_is_proven_after_another_model_chose_its_own_threads() -> None:
    model = pulp.LpProblem("first", pulp.LpMinimize)
    amount = pulp.LpVariable("amount", lowBound=2, cat="Integer")
    model += amount
    model.solve(pulp.HiGHS(msg=False))
    graph = nx.grid_2d_graph(4, 4)
    nx.set_edge_attributes(graph, 1.0, "weight")
    tree = steiner_tree(graph, [(0, 0), (0, 3), (3, 0), (3, 3)], weight="weight", time_limit=30)
    assert (tree.cost, tree.lower_bound) == (9.0, 9.0)
