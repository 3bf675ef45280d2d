"""Pipes by flow, shared and separate, and who pays."""

from __future__ import annotations

from itertools import combinations
from random import Random

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError, InfeasibleError
from geo.methods.steiner import steiner_tree
from geo.water.cost.sharing import (
    group_cost,
    group_cost_resized,
    pipe_for,
    shapley,
    share_by_demand,
    share_by_shapley,
)
from geo.water.frontier import budget_frontier, find_corners, trim_tree
from geo.water.shared_trunk import Sizing, compare_layouts, peak_demand, size_trunk


@pytest.fixture
def street() -> nx.Graph:
    """Main - a - b, with c beside a."""
    graph = nx.Graph()
    graph.add_edge("main", "a", length_ft=1000.0)
    graph.add_edge("a", "b", length_ft=500.0)
    graph.add_edge("a", "c", length_ft=200.0)
    return graph


DEMANDS = {"a": 100.0, "b": 150.0, "c": 300.0}


@pytest.mark.parametrize(
    ("flow", "pipe"),
    [(0, (4, 90)), (195, (4, 90)), (195.1, (6, 105)), (440, (6, 105)), (780, (8, 115)), (1750, (12, 155))],
)
def test_the_thinnest_pipe_that_carries_the_flow(flow: float, pipe: tuple[int, float]) -> None:
    assert pipe_for(flow) == pipe


def test_too_much_and_too_little_flow_are_refused() -> None:
    with pytest.raises(InfeasibleError, match="1751 gpm"):
        pipe_for(1751)
    with pytest.raises(GeoError, match="-1"):
        pipe_for(-1)


def test_each_pipe_carries_what_lies_behind_it(street: nx.Graph) -> None:
    trunk = size_trunk(street, street.edges, "main", DEMANDS).set_index("end")
    assert trunk["flow_gpm"].to_dict() == {"a": 550.0, "b": 150.0, "c": 300.0}
    assert trunk["diameter_in"].to_dict() == {"a": 8, "b": 4, "c": 6}
    assert trunk["cost_usd"].to_dict() == {"a": 115_000.0, "b": 45_000.0, "c": 21_000.0}
    assert set(trunk.loc["a", "systems"]) == {"a", "b", "c"}


def test_the_2021_price_is_that_of_12_inches_throughout(street: nx.Graph) -> None:
    trunk = size_trunk(street, street.edges, "main", DEMANDS, sizing=Sizing(least_in=12))
    assert trunk["cost_usd"].sum() == 1700 * 155


def test_the_published_individual_and_shared_routes_at_the_2021_price() -> None:
    """CVWD: 30.85 miles alone are $25.2 M, 22.06 together $18.1 M (workbook, Regional_FinalRoutes)."""
    graph = nx.Graph()
    graph.add_edge("main", "fork", length_ft=(30.84655738229629 - 22.0623741394) * 5280)
    rest = (22.0623741394 * 2 - 30.84655738229629) * 5280 / 2
    graph.add_edge("fork", "a", length_ft=rest)
    graph.add_edge("fork", "b", length_ft=rest)
    layouts = compare_layouts(graph, graph.edges, "main", {"a": 1.0, "b": 1.0}, sizing=Sizing(least_in=12))
    assert layouts.loc["separate", "cost_usd"] == pytest.approx(25_244_822.56, abs=1)
    assert layouts.loc["shared", "cost_usd"] == pytest.approx(18_055_847.00, abs=1)


def test_shared_is_shorter_than_separate(street: nx.Graph) -> None:
    layouts = compare_layouts(street, street.edges, "main", DEMANDS)
    assert layouts["length_ft"].tolist() == [1700.0, 3700.0]


@pytest.mark.parametrize(
    ("demands", "message"),
    [({"nowhere": 1.0}, "1 systems are not on the tree: nowhere"), ({"a": -1.0}, "1 demands are negative")],
)
def test_systems_off_the_tree_and_bad_demands_are_named(
    street: nx.Graph, demands: dict[str, float], message: str
) -> None:
    with pytest.raises(GeoError, match=message):
        size_trunk(street, street.edges, "main", demands)


def test_a_ring_is_refused(street: nx.Graph) -> None:
    street.add_edge("b", "main", length_ft=1.0)
    with pytest.raises(GeoError, match="do not form a tree"):
        size_trunk(street, street.edges, "main", DEMANDS)


def test_shares_sum_to_the_trunk(street: nx.Graph) -> None:
    trunk = size_trunk(street, street.edges, "main", DEMANDS)
    total = trunk["cost_usd"].sum()
    assert share_by_demand(trunk, DEMANDS).sum() == pytest.approx(total)
    assert share_by_shapley(trunk, list(DEMANDS)).sum() == pytest.approx(total)
    resized = shapley(list(DEMANDS), lambda group: group_cost_resized(trunk, group, DEMANDS))
    assert resized["share_usd"].sum() == pytest.approx(total)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6).flatmap(lambda size: st.tuples(*[st.integers(0, number) for number in range(size)])))
def test_the_closed_form_equals_the_shapley_value_by_enumeration(parents: tuple[int, ...]) -> None:
    tree = nx.Graph()
    for node, parent in enumerate(parents, start=1):
        tree.add_edge(parent, node, length_ft=100.0 * node)
    demands = dict.fromkeys(range(1, len(parents) + 1), 10.0)
    trunk = size_trunk(tree, tree.edges, 0, demands)
    by_rule = share_by_shapley(trunk, list(demands))
    enumerated = shapley(list(demands), lambda group: group_cost(trunk, group))["share_usd"]
    pd.testing.assert_series_equal(by_rule, enumerated, check_names=False)


def test_the_sampled_value_lies_within_its_stated_error_and_is_repeatable(street: nx.Graph) -> None:
    for number in range(13):
        street.add_edge("b", f"home {number}", length_ft=10.0 * number)
    demands = {node: 5.0 for node in street if node != "main"}
    trunk = size_trunk(street, street.edges, "main", demands)
    exact = share_by_shapley(trunk, list(demands))
    sampled = shapley(list(demands), lambda group: group_cost(trunk, group), samples=400, seed=7)
    again = shapley(list(demands), lambda group: group_cost(trunk, group), samples=400, seed=7)
    pd.testing.assert_frame_equal(sampled, again)
    within = (sampled["share_usd"] - exact).abs() <= 2 * sampled["share_usd_moe"] + 1e-6
    assert within.all()
    assert sampled["share_usd"].sum() == pytest.approx(exact.sum())
    with pytest.raises(GeoError, match="1 samples"):
        shapley(list(demands), len, samples=1)


def test_peak_demand_keeps_a_gap_a_gap() -> None:
    assert pd.isna(peak_demand(float("nan")))


def test_a_larger_budget_never_connects_less() -> None:
    graph = nx.grid_2d_graph(6, 6)
    nx.set_edge_attributes(graph, {edge: 1e5 * (1 + sum(edge[0])) for edge in graph.edges}, "cost_usd")
    homes = {(5, 5): 60.0, (0, 5): 40.0, (5, 0): 30.0, (3, 3): 20.0}
    whole = steiner_tree(graph, [(0, 0), *homes], weight="cost_usd").cost
    frontier = budget_frontier(graph, homes, [whole, 0.0, whole / 2, whole / 4], root=(0, 0))
    assert frontier["budget_usd"].is_monotonic_increasing
    assert frontier["prize"].is_monotonic_increasing
    assert (frontier["cost_usd"] <= frontier["budget_usd"] + 1e-6).all()
    assert (frontier["prize"] <= frontier["upper_bound"] + 1e-6).all()
    assert frontier["prize"].iloc[-1] == 150.0
    assert pd.isna(frontier["prize_per_million_usd"].iloc[0])
    with pytest.raises(GeoError, match="no budget"):
        budget_frontier(graph, homes, [])


def lattice(seed: int) -> tuple[nx.Graph, dict[tuple[int, int], float]]:
    """Four by four crossings with streets of random cost, and five places with homes."""
    chance = Random(seed)
    graph = nx.grid_2d_graph(4, 4)
    nx.set_edge_attributes(graph, {edge: float(chance.randint(1, 9)) for edge in graph.edges}, "cost_usd")
    places = chance.sample([node for node in graph if node != (0, 0)], 5)
    return graph, {place: float(chance.randint(1, 20)) for place in places}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_choice_of_systems_collects_more_than_the_frontier_or_its_bound(
    seed: int,
) -> None:
    """Every group of places, each on its cheapest tree: 32 of them, by another way than the frontier's."""
    graph, homes = lattice(seed)
    groups = [group for size in range(6) for group in combinations(homes, size)]
    trees = {group: steiner_tree(graph, [(0, 0), *group], weight="cost_usd") for group in groups}
    assert all(tree.optimal for tree in trees.values())
    budgets = [4.0, 9.0, 15.0, 22.0, 60.0]
    frontier = budget_frontier(graph, homes, budgets, root=(0, 0), time_limit=20).set_index("budget_usd")
    for budget in budgets:
        most = max(
            sum(homes.get(node, 0.0) for node in tree.nodes) for tree in trees.values() if tree.cost <= budget
        )
        assert frontier.loc[budget, "prize"] == most
        assert frontier.loc[budget, "upper_bound"] >= most


@pytest.mark.parametrize("budget", [0.0, 5.0, 12.0, 30.0])
def test_a_trimmed_tree_keeps_to_the_budget_and_to_the_root(budget: float) -> None:
    graph, homes = lattice(7)
    whole = steiner_tree(graph, [(0, 0), *homes], weight="cost_usd")
    kept = graph.edge_subgraph(trim_tree(graph, whole.edges, homes, budget, root=(0, 0)))
    assert kept.size(weight="cost_usd") <= budget
    assert not kept or (nx.is_tree(kept) and (0, 0) in kept)
    assert all(kept.degree[node] > 1 or node in homes or node == (0, 0) for node in kept)


def test_corners_bound_every_budget() -> None:
    graph, homes = lattice(4)
    corners = find_corners(graph, homes, root=(0, 0))
    assert max(corner.tree.prize for corner in corners) == sum(homes.values())
    for corner in corners:
        assert corner.tree.prize <= corner.most + corner.price * corner.cost + 1e-9


def test_without_prizes_or_costs_there_are_no_corners(street: nx.Graph) -> None:
    assert find_corners(street, {}, weight="length_ft") == []


def test_fire_flow_and_least_diameter_make_pipes_thicker_and_a_price_of_the_method_is_one(
    street: nx.Graph,
) -> None:
    """Thermal Mutual and La Peña got 8 and 12 inches, where peak demand alone asks for 4 and 6."""
    least = size_trunk(street, street.edges, "main", DEMANDS, sizing=Sizing(least_in=8)).set_index("end")
    assert set(least["diameter_in"]) == {8}
    fire = size_trunk(street, street.edges, "main", DEMANDS, sizing=Sizing(fire_gpm=1_000.0))
    assert set(fire["diameter_in"]) == {12}
    assert fire["flow_gpm"].tolist() == size_trunk(street, street.edges, "main", DEMANDS)["flow_gpm"].tolist()
    priced = Sizing(least_in=8, usd_per_ft=220.0)
    trunk = size_trunk(street, street.edges, "main", DEMANDS, sizing=priced)
    assert trunk["cost_usd"].sum() == 1700 * 220
    with pytest.raises(InfeasibleError, match="exceeds the table's thickest pipe"):
        size_trunk(street, street.edges, "main", DEMANDS, sizing=Sizing(fire_gpm=1_700.0))
