"""One network for many: ground, layout, money, and what cannot be connected."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from geo.connection_cost import connection_cost
from geo.errors import GeometryError, InfeasibleError
from geo.joining.budget import frontier_of
from geo.joining.costs import cost_systems, fit_roads, measure_ways
from geo.joining.ground import RECEIVER, lay_ground, lines_of
from geo.joining.layout import demands_of, lay_network
from geo.joining.scope import in_scope
from geo.joining.telling import (
    bound_words,
    boundary_effect,
    compare_words,
    range_words,
    share_table,
    total_up,
)
from geo.road_graph import RoadGraph, to_road_graph
from geo.routes import METRES_PER_FOOT

UTM = "EPSG:26911"
DISTRICT = box(5_000, -500, 6_000, 500)


def parks(**columns: list[object]) -> gpd.GeoDataFrame:
    """Two parks along a road that leads east to the district, 3 and 4 km off it; a third beside the first."""
    base = {
        "population": [100.0, 60.0, 40.0],
        "connections": [30.0, 18.0, 12.0],
        "county_geoid": ["06065"] * 3,
    }
    places = [Point(1_000, 10), Point(2_000, 10), Point(1_000, 310)]
    index = pd.Index(["CA9000001", "CA9000002", "CA9000003"], name="pwsid")
    return gpd.GeoDataFrame({**base, **columns}, geometry=places, crs=UTM, index=index)


@pytest.fixture
def roads() -> RoadGraph:
    lines = [
        LineString([(0, 0), (1_000, 0), (2_000, 0), (7_000, 0)]),
        LineString([(1_000, 0), (1_000, 300)]),
    ]
    pieces = [LineString(pair) for line in lines for pair in zip(line.coords, line.coords[1:], strict=False)]
    return to_road_graph(gpd.GeoDataFrame(geometry=pieces, crs=UTM))


def feet(metres: float) -> float:
    return metres / METRES_PER_FOOT


def test_a_shared_trunk_along_the_road_is_as_long_as_it_must_be(roads: RoadGraph) -> None:
    layout = lay_network(lay_ground(parks(), DISTRICT, roads), parks())
    assert layout.ground.basis == "road"
    assert layout.tree.optimal
    assert layout.tree.cost == pytest.approx(feet(4_000 + 300 + 30))
    assert layout.layouts.loc["separate", "length_ft"] == pytest.approx(feet(4_010 + 3_010 + 4_310))
    assert layout.systems["own_ft"].tolist() == pytest.approx([feet(4_010), feet(3_010), feet(4_310)])


def test_shares_add_up_to_the_whole_by_every_rule(roads: RoadGraph) -> None:
    layout = lay_network(lay_ground(parks(), DISTRICT, roads), parks())
    shared = layout.layouts.loc["shared"]
    assert layout.systems["shared_ft"].sum() == pytest.approx(shared["length_ft"])
    for rule in ("by_demand_usd", "by_shapley_usd"):
        assert layout.systems[rule].sum() == pytest.approx(shared["cost_usd"])
    assert layout.systems.loc["CA9000002", "by_shapley_usd"] == pytest.approx(
        (3_000 / METRES_PER_FOOT) * 90 / 3 + feet(10) * 90
    )


def test_the_whole_cost_is_the_method_on_each_ones_share(roads: RoadGraph) -> None:
    systems = parks()
    layout = lay_network(lay_ground(systems, DISTRICT, roads), systems)
    table = systems[["population", "connections", "county_geoid"]].assign(
        pwsid=systems.index, merge_type="route", distance_ft=layout.systems["shared_ft"]
    )
    expected = connection_cost(table)["total_cost_usd"]
    assert layout.systems["shared_total_usd"].tolist() == pytest.approx(expected.tolist())
    totals = total_up(layout)
    assert totals.shared_total_usd == pytest.approx(expected.sum())
    assert totals.low_ft == totals.high_ft == pytest.approx(layout.tree.cost)


def test_without_fit_roads_lengths_are_straight_times_1_3_and_say_so() -> None:
    layout = lay_network(lay_ground(parks(), DISTRICT), parks())
    assert layout.ground.basis == "straight line"
    assert layout.systems.loc["CA9000002", "own_ft"] == pytest.approx(feet(3_000) * 1.3)
    totals = total_up(layout)
    assert totals.low_ft == pytest.approx(totals.shared_ft / 1.3)
    assert totals.high_ft == pytest.approx(totals.shared_ft * 1.8 / 1.3)
    assert "an estimate" in range_words(layout)
    assert bound_words(layout).endswith("is shorter.")


def test_rough_roads_are_no_ground() -> None:
    line = gpd.GeoDataFrame(
        {"rough": [True]}, geometry=[LineString([(-116, 33.5), (-115.9, 33.5)])], crs=4326
    )
    assert fit_roads(line, UTM) is None
    assert fit_roads(None, UTM) is None


def test_roads_in_pieces_name_the_system_that_cannot_be_reached() -> None:
    lines = [LineString([(2_000, 0), (7_000, 0)]), LineString([(0, 300), (1_000, 300)])]
    broken = to_road_graph(gpd.GeoDataFrame(geometry=lines, crs=UTM))
    systems = parks().loc[["CA9000002", "CA9000003"]]
    with pytest.raises(InfeasibleError, match=r"1 systems cannot be reached.*2 pieces: CA9000003"):
        lay_network(lay_ground(systems, DISTRICT, broken), systems)


def test_a_system_without_a_place_or_size_is_named() -> None:
    lost = parks()
    lost.loc["CA9000003", "geometry"] = None
    with pytest.raises(InfeasibleError, match="1 systems have no known place: CA9000003"):
        lay_ground(lost, DISTRICT)
    with pytest.raises(InfeasibleError, match="neither people nor connections on record: CA9000001"):
        demands_of(parks(population=[None, 1.0, 1.0], connections=[None, 1.0, 1.0]))
    with pytest.raises(GeometryError, match="receiver has no geometry"):
        lay_ground(parks(), Point())
    with pytest.raises(InfeasibleError, match="no system is chosen"):
        lay_network(lay_ground(parks(), DISTRICT), parks().iloc[:0])


def test_a_system_that_touches_the_district_needs_no_trunk(roads: RoadGraph) -> None:
    systems = parks()
    systems.loc["CA9000001", "geometry"] = Point(5_500, 0)
    layout = lay_network(lay_ground(systems, DISTRICT, roads), systems)
    assert layout.ground.inside == {"CA9000001"}
    assert layout.systems.loc["CA9000001", "own_ft"] == 0


def test_a_larger_budget_never_connects_fewer_and_all_money_connects_all(roads: RoadGraph) -> None:
    systems = parks()
    ground = lay_ground(systems, DISTRICT, roads)
    frontier = frontier_of(ground, systems, time_limit=5)
    assert frontier["prize"].is_monotonic_increasing
    assert frontier["prize"].iloc[-1] == 200
    assert (frontier["cost_usd"] <= frontier["budget_usd"]).all()
    layout = lay_network(ground, systems)
    assert frontier["cost_usd"].iloc[-1] == pytest.approx(layout.systems["shared_total_usd"].sum())


def test_pipes_are_lines_in_degrees_and_the_receiver_is_none_of_them(roads: RoadGraph) -> None:
    layout = lay_network(lay_ground(parks(), DISTRICT, roads), parks())
    pipes = lines_of(layout.ground, layout.trunk)
    assert pipes.crs == "EPSG:4326"
    assert (pipes["length_ft"] > 0).all()
    assert RECEIVER not in set(pipes["pipe_id"])
    assert pipes["length_ft"].sum() == pytest.approx(layout.tree.cost)


def test_the_cost_alone_has_a_range_and_a_place_unknown_has_a_reason() -> None:
    systems = parks().to_crs(4326).reset_index().assign(system_class="community", is_receiver=False)
    systems.loc[2, "geometry"] = None
    boundary = gpd.GeoSeries([DISTRICT], crs=UTM).to_crs(4326).item()
    ways = measure_ways(systems, boundary, UTM)
    costs = cost_systems(systems, ways)
    assert (costs["low_cost_usd"] < costs["total_cost_usd"]).iloc[:2].all()
    assert (costs["total_cost_usd"] < costs["high_cost_usd"]).iloc[:2].all()
    assert costs.loc["CA9000003", "reason"] == "distance not known"
    effect = boundary_effect({"one": ways}, {"one": costs}, systems["pwsid"].tolist())
    assert effect.loc["one", ["inside", "outside", "unknown"]].tolist() == [0, 2, 1]


def test_tables_for_the_screen(roads: RoadGraph) -> None:
    layout = lay_network(lay_ground(parks(), DISTRICT, roads), parks())
    words = compare_words(total_up(layout))
    assert words.shape == (3, 3)
    table = share_table(layout, pd.Series({"CA9000001": "One"}))
    assert table.loc["CA9000001", "name"] == "One"


def test_the_scope_leaves_out_receivers_large_systems_and_those_far_off() -> None:
    systems = pd.DataFrame(
        {
            "pwsid": list("abcde"),
            "connections": [12, 2_000, 10, 10, None],
            "system_class": ["community", "community", "transient", "state_small", "community"],
            "is_receiver": [False] * 5,
        }
    )
    miles = pd.Series({"a": 1.0, "b": 0.0, "c": 0.0, "d": 9.0})
    assert in_scope(systems, miles, "near").tolist() == [True, False, False, False, True]
    assert in_scope(systems, miles, "small").tolist() == [True, False, False, True, True]
    assert in_scope(systems, None, "near").tolist() == [True, False, False, True, True]
