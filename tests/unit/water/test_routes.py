"""Ways along roads, straight ways marked as such, and roads in pieces."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point, box

from geo.errors import CRSError, GeometryError, SchemaError
from geo.methods.roads import RoadGraph, attach, cut_off, to_road_graph
from geo.water.routes import METERS_PER_FOOT, routes

UTM = "EPSG:26911"
RECEIVER = box(1000, -100, 2000, 100)


def lines(*coordinates: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[LineString(pair) for pair in coordinates], crs=UTM)


def places(*geometries: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(geometries), crs=UTM)


@pytest.fixture
def roads() -> RoadGraph:
    """An L from (0, 500) by (0, 0) through the receiver, and a road that leads nowhere."""
    return to_road_graph(lines([(0, 500), (0, 0)], [(0, 0), (1500, 0)], [(0, 3000), (500, 3000)]))


def test_roads_are_cut_where_they_cross() -> None:
    cross = to_road_graph(lines([(0, 0), (10, 0)], [(5, -5), (5, 5)]))
    assert (5.0, 0.0) in cross.graph
    assert cross.graph.number_of_edges() == 4
    assert not cross.in_pieces


@pytest.mark.parametrize(("snap", "parts"), [(0.01, 2), (1.0, 1)])
def test_ends_within_the_tolerance_are_one(snap: float, parts: int) -> None:
    graph = to_road_graph(lines([(0, 0), (10, 0)], [(10.2, 0.1), (20, 0)]), snap_m=snap)
    assert len(graph.components) == parts


def test_a_network_in_pieces_says_how_many_and_who_is_cut_off(roads: RoadGraph) -> None:
    assert roads.in_pieces
    assert roads.components == (3, 2)
    attached = attach(roads, gpd.GeoSeries([Point(0, 510), Point(1400, 1), Point(100, 3000), None], crs=UTM))
    assert attached["part"].tolist() == [0, 0, 1, -1]
    assert cut_off(attached).tolist() == [2, 3]


def test_the_way_follows_the_road_to_where_it_meets_the_receiver(roads: RoadGraph) -> None:
    way = routes(places(Point(30, 500)), RECEIVER, roads=roads).iloc[0]
    assert way["basis"] == "road"
    assert way["distance_m"] == pytest.approx(30 + 500 + 1000)
    assert (way["low_m"], way["high_m"]) == (way["distance_m"], way["distance_m"])
    assert way["distance_ft"] == pytest.approx(1530 / METERS_PER_FOOT)
    assert way["route"].length == pytest.approx(1500)


def test_mains_are_reached_where_a_road_crosses_them(roads: RoadGraph) -> None:
    way = routes(places(Point(0, 500)), LineString([(700, -50), (700, 50)]), roads=roads).iloc[0]
    assert way["distance_m"] == pytest.approx(500 + 700)


@pytest.mark.parametrize("place", [Point(0, 3000), Point(5000, 5000)])
def test_without_a_road_that_leads_there_it_is_a_straight_line_with_a_range(
    roads: RoadGraph, place: Point
) -> None:
    way = routes(places(place), RECEIVER, roads=roads).iloc[0]
    straight = place.distance(RECEIVER)
    assert way["basis"] == "straight line"
    assert way["merge_type"] == "route"
    assert way["distance_m"] == pytest.approx(1.3 * straight)
    assert (way["low_m"], way["high_m"]) == (straight, pytest.approx(1.8 * straight))


def test_touching_polygons_intersect_and_missing_ones_are_not_known(roads: RoadGraph) -> None:
    table = routes(places(box(900, -10, 1000, 10), None), RECEIVER, roads=roads)
    assert table["merge_type"].iloc[0] == "intersect"
    assert table["distance_m"].iloc[0] == 0
    assert table.iloc[1].drop("route").isna().all()


def test_a_road_never_makes_the_way_shorter_than_the_straight_line(roads: RoadGraph) -> None:
    table = routes(places(Point(30, 500), Point(0, 200), Point(400, 40)), RECEIVER, roads=roads)
    assert (table["distance_m"] >= table["straight_m"]).all()


def test_the_order_of_systems_does_not_matter(roads: RoadGraph) -> None:
    systems = places(Point(30, 500), Point(0, 200), Point(0, 3000))
    there = routes(systems, RECEIVER, roads=roads)
    back = routes(systems.iloc[::-1], RECEIVER, roads=roads).iloc[::-1]
    pd.testing.assert_frame_equal(there.drop(columns="route"), back.drop(columns="route"))


def test_degrees_and_other_crs_are_refused(roads: RoadGraph) -> None:
    degrees = gpd.GeoDataFrame(geometry=[Point(-116, 33)], crs="EPSG:4326")
    with pytest.raises(CRSError):
        routes(degrees, RECEIVER)
    with pytest.raises(CRSError, match="different CRSs"):
        routes(places(Point(0, 0)).set_crs("EPSG:3310", allow_override=True), RECEIVER, roads=roads)
    with pytest.raises(CRSError):
        to_road_graph(gpd.GeoDataFrame(geometry=[LineString([(0, 0), (1, 1)])], crs="EPSG:4326"))


def test_empty_receivers_roads_and_wrong_factors_are_refused() -> None:
    with pytest.raises(GeometryError, match="receiver"):
        routes(places(Point(0, 0)), LineString())
    with pytest.raises(GeometryError, match="no roads"):
        to_road_graph(places())
    with pytest.raises(GeometryError, match="1 roads are not lines: 0"):
        to_road_graph(places(Point(0, 0)))
    with pytest.raises(SchemaError, match="detour"):
        routes(places(Point(0, 0)), RECEIVER, detour=0.9)
