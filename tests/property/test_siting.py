"""Sites: as good as trying every combination; what is covered is not counted again; ways along roads."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, box

from geo.errors import CRSError, InfeasibleError
from geo.methods.margins import sum_estimates
from geo.methods.roads import DETOUR, straight_m, to_road_graph, to_road_net, travel_m
from geo.program.site_choice import choose_sites, households_in, thin
from geo.program.sites import event_places, households_to_reach

CRS = "EPSG:26911"


def points(seed: int, count: int) -> gpd.GeoDataFrame:
    place = np.random.default_rng(seed).uniform(0, 10_000, (2, count))
    return gpd.GeoDataFrame(
        {"name": [f"s{n}" for n in range(count)]}, geometry=gpd.points_from_xy(*place), crs=CRS
    )


def grid(size: int, step: float) -> gpd.GeoDataFrame:
    """Streets of a town on a grid, from 0 to 10 km."""
    lines = [LineString([(n * step, 0), (n * step, size * step)]) for n in range(size + 1)]
    lines += [LineString([(0, n * step), (size * step, n * step)]) for n in range(size + 1)]
    return gpd.GeoDataFrame(geometry=lines, crs=CRS)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("with_existing", [False, True])
def test_no_combination_is_better(seed: int, with_existing: bool) -> None:
    demand, sites = points(seed, 30), points(seed + 100, 9)
    demand["households"] = np.random.default_rng(seed).integers(0, 100, 30).astype(float)
    existing = sites[:1] if with_existing else None
    found = choose_sites(demand, sites, 3, 2500, existing)
    near, weight = travel_m(demand, sites) <= 2500, demand["households"].to_numpy()
    done = near[:, 0] if with_existing else np.zeros(30, dtype=bool)
    best = max(weight[near[:, list(three)].any(axis=1) & ~done].sum() for three in combinations(range(9), 3))
    assert found.added.estimate == best
    assert found.before.estimate == weight[done].sum()
    assert found.sites["adds"].is_monotonic_decreasing
    assert found.sites["adds"].sum() == best
    assert (found.demand["state"] == "before").to_numpy().tolist() == done.tolist()


@pytest.mark.parametrize("seed", range(4))
def test_no_combination_is_better_along_roads_and_all_households_are_told(seed: int) -> None:
    demand, sites = points(seed, 40), points(seed + 100, 8)
    chance = np.random.default_rng(seed)
    demand["households"] = chance.integers(1, 100, 40).astype(float)
    demand["hard"] = chance.random(40) < 0.6
    net = to_road_net(to_road_graph(grid(5, 2000.0)))
    found = choose_sites(demand, sites, 2, 4000, None, net)
    near = travel_m(demand, sites, net) <= 4000
    weight = demand["households"].to_numpy() * demand["hard"].to_numpy()
    best = max(weight[near[:, list(pair)].any(axis=1)].sum() for pair in combinations(range(8), 2))
    assert found.added.estimate == best
    chosen = np.asarray(near[:, [int(name[1:]) for name in found.sites["name"]]].any(axis=1), dtype=bool)
    assert found.sites["adds_all"].sum() == demand["households"].to_numpy()[chosen].sum()


def test_ways_along_roads_are_those_of_networkx() -> None:
    roads = to_road_graph(grid(4, 1000.0))
    net = to_road_net(roads, 250.0)
    crossings = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy([0, 1000, 4000, 2000], [0, 3000, 4000, 1000]), crs=CRS
    )
    found = travel_m(crossings, crossings, net)
    nodes = list(zip(crossings.geometry.x, crossings.geometry.y, strict=True))
    for row, start in enumerate(nodes):
        lengths = nx.single_source_dijkstra_path_length(roads.graph, start, weight="length_m")
        assert found[row] == pytest.approx([lengths[end] for end in nodes])
    assert travel_m(crossings, crossings, net, 1500.0)[0].tolist()[2] == np.inf


def test_where_roads_do_not_meet_the_straight_line_stands_in() -> None:
    lines = [LineString([(0, 0), (1000, 0)]), LineString([(0, 500), (1000, 500)])]
    net = to_road_net(to_road_graph(gpd.GeoDataFrame(geometry=lines, crs=CRS)))
    ends = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 0], [0, 500]), crs=CRS)
    assert travel_m(ends, ends, net)[0, 1] == 500 * DETOUR
    with pytest.raises(CRSError):
        travel_m(ends.to_crs("EPSG:3310"), ends, net)


@given(st.integers(0, 10_000))
def test_a_way_along_roads_is_no_shorter_than_the_straight_line(seed: int) -> None:
    here, there = points(seed, 6), points(seed + 1, 5)
    ways = travel_m(here, there, to_road_net(to_road_graph(grid(2, 5000.0))))
    assert (ways >= straight_m(here, there) - 1e-6).all()


def test_degrees_and_too_few_candidates_are_refused() -> None:
    demand = points(1, 3).assign(households=1.0)
    with pytest.raises(CRSError):
        choose_sites(demand.to_crs("EPSG:4326"), points(2, 3), 1, 100)
    with pytest.raises(InfeasibleError, match="4 sites cannot be chosen of 3"):
        choose_sites(demand, points(2, 3), 4, 100)


def test_a_site_that_adds_nothing_is_not_proposed() -> None:
    demand = points(1, 3).assign(households=1.0)
    found = choose_sites(demand, points(2, 5), 5, 1.0)
    assert found.sites.empty
    assert found.added.estimate == 0


def test_thinning_keeps_what_lies_apart() -> None:
    many = points(3, 50)
    assert len(thin(many, 10)) == 10
    assert len(thin(many, 100)) == 50


@given(st.lists(st.tuples(st.integers(1, 900), st.integers(1, 90)), min_size=1, max_size=8), st.data())
def test_whole_tracts_have_the_margin_of_a_sum_however_they_are_cut(
    tracts: list[tuple[int, int]], data: st.DataObject
) -> None:
    cuts = [data.draw(st.integers(1, 4)) for _ in tracts]
    rows = [
        (f"t{n}", households / cut, moe, 1 / cut)
        for n, ((households, moe), cut) in enumerate(zip(tracts, cuts, strict=True))
        for _ in range(cut)
    ]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=["geoid", "households", "households_moe", "share"]))
    found = households_in(frame, np.ones(len(frame), dtype=bool))
    expected = sum_estimates([row[0] for row in tracts], [row[1] for row in tracts])
    assert found.estimate == pytest.approx(expected.estimate)
    assert found.moe == pytest.approx(expected.moe)


def test_households_stand_where_people_live_and_none_is_lost() -> None:
    tracts = gpd.GeoDataFrame(
        {
            "geoid": ["a", "b", "c"],
            "ca_htc_index": pd.array([70, None, 90], dtype="Float64"),
            "households": pd.array([100, 40, None], dtype="Float64"),
            "households_moe": pd.array([10, 4, None], dtype="Float64"),
        },
        geometry=[box(-116.3 + n / 10, 33.5, -116.2 + n / 10, 33.6) for n in range(3)],
        crs="EPSG:4326",
    )
    people = gpd.GeoDataFrame(
        {"geoid_2010": ["a", "a", "c"], "population": [30, 10, 5]},
        geometry=gpd.points_from_xy([-116.29, -116.21, -116.05], [33.5] * 3),
        crs="EPSG:4326",
    )
    found = households_to_reach(tracts, people, 60, CRS)
    assert found["geoid"].tolist() == ["a", "a", "b"]
    assert found["households"].tolist() == [75.0, 25.0, 40.0]
    assert found["hard"].tolist() == [True, True, False]


def test_an_event_of_a_tract_stands_where_its_people_live_and_one_of_nowhere_is_left_out() -> None:
    """It covers households as an event with a point does; the empty part of a tract is not its middle."""
    tracts = gpd.GeoDataFrame(
        {"geoid": ["t", "u"]}, geometry=[box(0, 0, 10, 10), box(20, 0, 22, 2)], crs=4326
    )
    people = gpd.GeoDataFrame(
        {"geoid_2010": ["t", "t"], "population": [30, 10]},
        geometry=gpd.points_from_xy([1.0, 5.0], [1.0, 1.0]),
        crs=4326,
    )
    events = pd.DataFrame(
        {
            "event": list("abcd"),
            "title": "",
            "place": "",
            "on": pd.Timestamp("2020-01-01"),
            "longitude": [3.0, None, None, None],
            "latitude": [4.0, None, None, None],
            "geoid": ["u", "t", "u", None],
        }
    )
    found = event_places(events, tracts, people).set_index("event")
    assert found.geometry.to_wkt().to_dict() == {"a": "POINT (3 4)", "b": "POINT (2 1)", "c": "POINT (21 1)"}
    assert found["by_tract"].to_dict() == {"a": False, "b": True, "c": True}
    assert event_places(events[:0], tracts, people).empty
    assert event_places(events, None, None).index.tolist() == [0]
