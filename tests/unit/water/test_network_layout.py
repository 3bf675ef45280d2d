"""One network for many: ground, layout, money, and what cannot be connected."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from geo.datasets.storage import read_shapes_of
from geo.errors import GeometryError, InfeasibleError, MissingDatasetError
from geo.methods.roads import RoadGraph, to_road_graph
from geo.region import read_region
from geo.water.cost.connection import connection_cost
from geo.water.cost.parameters import read_methods
from geo.water.frontier import frontier_of
from geo.water.network_layout import (
    RECEIVER,
    demands_of,
    extra_reviews_usd,
    lay_ground,
    lay_network,
    lines_of,
)
from geo.water.receiver import MAINS, boundary_effect, effect_words, in_scope, list_targets, read_target
from geo.water.routes import METERS_PER_FOOT, cost_systems, fit_roads, measure_ways
from geo.water.shared_trunk import Sizing
from wording.connection_cost import (
    PARAMETER_TITLES,
    UNITS,
    feet_range,
    most_words,
    people_figures,
    swing_table,
    tipping_table,
    tipping_words,
)
from wording.water_networks import (
    bound_words,
    compare_words,
    items_table,
    lost_words,
    once_words,
    range_words,
    share_table,
    total_up,
)

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


def feet(meters: float) -> float:
    return meters / METERS_PER_FOOT


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
        (3_000 / METERS_PER_FOOT) * 220 / 3 + feet(10) * 220
    )


def test_the_whole_cost_is_the_method_on_each_ones_share(roads: RoadGraph) -> None:
    systems = parks()
    layout = lay_network(lay_ground(systems, DISTRICT, roads), systems)
    table = systems[["population", "connections", "county_geoid"]].assign(
        pwsid=systems.index, merge_type="route", distance_ft=layout.systems["shared_ft"]
    )
    each_reviewed = connection_cost(table)["total_cost_usd"]
    once = 100_000 * 1.481
    expected = each_reviewed - once + once / 3
    assert layout.systems["shared_total_usd"].tolist() == pytest.approx(expected.tolist())
    totals = total_up(layout)
    assert totals.shared_total_usd == pytest.approx(each_reviewed.sum() - 2 * once)
    assert totals.shared_range_usd is not None
    assert totals.shared_range_usd[0] < totals.shared_total_usd < totals.shared_range_usd[1]
    assert totals.low_ft == totals.high_ft == pytest.approx(layout.tree.cost)


def test_without_fit_roads_lengths_are_straight_times_1_3_and_say_so() -> None:
    layout = lay_network(lay_ground(parks(), DISTRICT), parks())
    assert layout.ground.basis == "straight line"
    assert layout.systems.loc["CA9000002", "own_ft"] == pytest.approx(feet(3_000) * 1.3)
    totals = total_up(layout)
    assert totals.low_ft == pytest.approx(totals.shared_ft / 1.3)
    assert totals.high_ft == pytest.approx(totals.shared_ft * 1.8 / 1.3)
    assert "an estimate" in range_words(layout)
    assert bound_words(layout).startswith("Proven: no other network of these straight lines is shorter")


def test_a_length_off_every_road_has_its_range_where_there_are_roads(roads: RoadGraph) -> None:
    systems = parks()
    systems.loc["CA9000003", "geometry"] = Point(-1_500, 0)
    layout = lay_network(lay_ground(systems, DISTRICT, roads), systems)
    assert layout.ground.off_road == {"CA9000003"}
    # 1,500 m to the nearest road, then 5,000 m along it.
    assert layout.systems.loc["CA9000003", "own_ft"] == pytest.approx(feet(1_500 * 1.3 + 5_000))
    low, high = feet_range(layout, "separate")
    assert low.tolist() == pytest.approx([feet(4_010), feet(3_010), feet(1_500 + 5_000)])
    assert high.tolist() == pytest.approx([feet(4_010), feet(3_010), feet(1_500 * 1.8 + 5_000)])
    near, far = feet_range(layout)
    wider = far - near
    assert wider.tolist() == pytest.approx([0, 0, feet(1_500 * 0.8)])
    totals = total_up(layout)
    assert (totals.low_ft, totals.high_ft) == pytest.approx((near.sum(), far.sum()))
    assert totals.shared_ft - totals.low_ft == pytest.approx(feet(1_500 * 0.3))
    swings = swing_table(layout.costable["shared"], layout.method, near, far).set_index("what")
    assert swings.loc["Length of the pipes", "swing_usd"] > 0


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


def test_connections_not_known_count_as_the_method_takes_them(roads: RoadGraph) -> None:
    systems = parks(population=[100.0, 60.0, 330.0], connections=[30.0, 18.0, None])
    ground = lay_ground(systems, DISTRICT, roads)
    all_money = frontier_of(ground, systems, prize="connections", budgets=[1e9], time_limit=5).iloc[0]
    assert all_money["prize"] == pytest.approx(30 + 18 + 100)
    assert all_money["systems"] == list(systems.index)


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
    assert costs.loc["CA9000003", "reason"].startswith("its place is not known")
    wide = gpd.GeoSeries([box(-500, -500, 6_000, 500)], crs=UTM).to_crs(4326).item()
    effect = boundary_effect(systems, {"one": ways, "wide": measure_ways(systems, wide, UTM)}, "one")
    assert effect.loc["one", ["inside", "outside", "unknown", "costed"]].tolist() == [0, 2, 1, 2]
    assert effect.loc["wide", ["inside", "outside", "unknown", "costed"]].tolist() == [2, 0, 1, 2]
    assert effect.loc["one", "total_cost_usd"] == pytest.approx(costs["total_cost_usd"].sum())
    assert effect.loc["one", "miles"] == pytest.approx(7_000 * 1.3 / 1609.344, rel=1e-3)
    assert effect.loc["wide", "more_usd"] < 0 == effect.loc["one", "more_usd"]
    assert "0 to 2 of these systems touch the district" in effect_words(effect)


def test_tables_for_the_screen(roads: RoadGraph) -> None:
    layout = lay_network(lay_ground(parks(), DISTRICT, roads), parks())
    words = compare_words(total_up(layout))
    assert words.loc["Systems within the State's limit for funding"].tolist()[:2] == ["3", "1"]
    assert words.shape == (6, 3)
    table = share_table(layout, pd.Series({"CA9000001": "One"}))
    assert table.loc["CA9000001", "name"] == "One"


def test_a_review_is_counted_once_for_the_network_and_apart_where_a_system_touches(roads: RoadGraph) -> None:
    systems = parks()
    systems.loc["CA9000001", "geometry"] = Point(5_500, 0)
    layout = lay_network(lay_ground(systems, DISTRICT, roads), systems)
    items = items_table(layout).set_index("item")
    review = items.loc["Environmental review (CEQA)"]
    assert review[["shared", "separate"]].tolist() == pytest.approx([125_000, 225_000])
    assert layout.systems["branch"].isna().tolist() == [True, False, False]
    assert "once for the 2 systems on the network" in once_words(layout)
    for kind in ("shared", "separate"):
        assert items[kind].sum() == pytest.approx(layout.systems[f"{kind}_total_usd"].sum())


def test_two_branches_reviewed_apart_cost_one_review_more() -> None:
    systems = parks()
    systems.loc["CA9000003", "geometry"] = Point(9_000, 10)
    layout = lay_network(lay_ground(systems, DISTRICT), systems)
    assert layout.systems["branch"].nunique() == 2
    assert extra_reviews_usd(layout) == pytest.approx(148_100)
    assert "in 2 places; reviewing each as a project adds $148,100" in once_words(layout)


def test_a_system_that_touches_the_district_is_nobody_s_trunk() -> None:
    systems = parks()
    systems.loc["CA9000002", "geometry"] = box(1_900, 0, 5_100, 20)
    ground = lay_ground(systems, DISTRICT)
    assert list(ground.graph["CA9000002"]) == [RECEIVER]


def test_a_foot_of_trench_has_one_price_the_method_s_whatever_the_pipe(roads: RoadGraph) -> None:
    crowded = parks(population=[900.0, 700.0, 3_000.0])
    layout = lay_network(lay_ground(crowded, DISTRICT, roads), crowded, sizing=Sizing(least_in=6))
    assert len(set(layout.trunk["diameter_in"])) > 1
    assert set((layout.trunk["cost_usd"] / layout.trunk["length_ft"]).dropna().round(9)) == {220.0}
    for rule in ("by_demand_usd", "by_shapley_usd"):
        assert layout.systems[rule].sum() == pytest.approx(layout.layouts["cost_usd"]["shared"])


def test_prices_that_differ_by_county_make_the_bound_one_on_length(roads: RoadGraph) -> None:
    systems = parks(county_geoid=["06065", "06025", "06065"])
    words = bound_words(lay_network(lay_ground(systems, DISTRICT, roads), systems))
    assert "this says nothing of cost" in words


def test_a_county_without_a_multiplier_is_named_and_nothing_is_guessed(roads: RoadGraph) -> None:
    systems = parks(county_geoid=["06065", "06999", "06065"])
    layout = lay_network(lay_ground(systems, DISTRICT, roads), systems)
    assert "CA9000002 (county 06999 has no multiplier in swrcb_2024)" in lost_words(layout)
    totals = total_up(layout)
    assert totals.shared_total_usd is None
    assert totals.shared_range_usd is None
    assert compare_words(totals).loc["Whole cost by the State's method"].tolist() == ["no data"] * 3
    with pytest.raises(InfeasibleError, match="1 systems cannot be costed: CA9000002"):
        frontier_of(layout.ground, systems)


def test_what_moves_the_cost_most_and_where_a_system_turns_is_said(roads: RoadGraph) -> None:
    layout = lay_network(lay_ground(parks(), DISTRICT, roads), parks())
    table = layout.costable["separate"]
    swings = swing_table(table, layout.method, *feet_range(layout, "separate"))
    assert swings["what"].iloc[0] == "Price of pipe"
    assert swings["swing_usd"].is_monotonic_decreasing
    at_low = connection_cost(table, pipeline_usd_per_ft=155.0)
    assert swings["cost_at_low_usd"].iloc[0] == pytest.approx(at_low["total_cost_usd"].sum())
    assert swings["fundable_at_low"].iloc[0] == at_low["fundable"].sum()
    assert most_words(swings).startswith("The biggest unknown: price of pipe.")
    tips = tipping_table(table.loc[["CA9000003"]], layout.method)
    assert tips["near"].is_monotonic_increasing
    assert tipping_words(tips)[0].startswith(tips["what"].iloc[0])
    way = tips.set_index("what").loc["Length of the pipe", "turns_at"]
    far = float(way.removesuffix(" ft").replace(",", ""))
    either = [connection_cost(table.loc[["CA9000003"]].assign(distance_ft=far + step)) for step in (-1, 1)]
    assert [cost["fundable"].item() for cost in either] == [True, False]


def test_straight_lines_make_length_one_of_the_things_that_move_the_cost() -> None:
    layout = lay_network(lay_ground(parks(), DISTRICT), parks())
    swings = swing_table(layout.costable["shared"], layout.method, *feet_range(layout)).set_index("what")
    assert swings.loc["Length of the pipes", "swing_usd"] > 0


def test_every_parameter_of_every_method_has_words() -> None:
    parameters = [part for method in read_methods().values() for part in method.parameters.values()]
    moving = {part.name for part in parameters if part.low < part.high}
    assert moving <= set(PARAMETER_TITLES)
    assert {part.unit for part in parameters} <= set(UNITS)


def test_mains_can_be_what_a_pipe_must_reach(demo_built: str) -> None:
    region = read_region("demo")
    mains = read_shapes_of("demo", "water_mains")
    keys = [choice.key for choice in list_targets(region, mains)]
    assert keys[-1] == MAINS
    assert [choice.key for choice in list_targets(region, None)] == keys[:-1]
    reach = read_target(region, MAINS, mains)
    systems = read_shapes_of("demo", "water_systems")
    systems = systems[systems.geometry.notna()]
    to_mains = measure_ways(systems, reach.geometry.item(), region.length_crs)
    lines = mains.to_crs(region.length_crs).union_all()
    meters = systems.set_index("pwsid").to_crs(region.length_crs).distance(lines)
    expected = (meters - 15).clip(lower=0) * 1.3 / METERS_PER_FOOT
    assert to_mains["distance_ft"].tolist() == pytest.approx(expected.tolist(), abs=1)
    with pytest.raises(MissingDatasetError, match="no boundary 'mains'"):
        read_target(region, MAINS, None)


@pytest.mark.parametrize(
    ("method", "titles"),
    [
        ("interpolated", ["People who live there (ACS)", "Households"]),
        ("published", ["People served (the State's table)", "Connections (the State's table)"]),
        ("estimated_size", ["People served (3.3 a connection)", "Connections (the State's table)"]),
    ],
)
def test_a_systems_own_size_is_not_called_the_surveys(method: str, titles: list[str]) -> None:
    homes = "published" if method == "estimated_size" else method
    rows = [
        {"variable": "population", "estimate": 280.0, "moe": None, "method": method},
        {"variable": "households", "estimate": 70.0, "moe": None, "method": homes},
        {"variable": "poverty", "estimate": None, "moe": None, "method": "not_residents"},
    ]
    assert [figure.title for figure in people_figures(pd.DataFrame(rows))] == titles


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
