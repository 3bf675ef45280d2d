"""Places and tie-ins that staff record: sourced, versioned, withdrawn; ways and costs start from them."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon, box
from sqlalchemy import Engine

from geo.errors import ConflictError, GeometryError, StoreError
from geo.methods.drawing import shape_from_text
from geo.water.known_ways import know_ways, unplaced, with_places
from geo.water.routes import measure_ways
from geo.water.tie_ins import near_tie_ins, reach_of_tie_ins, start_among, ways_from_tie_ins
from store.journal import Journal
from store.water.places import (
    SystemPlace,
    TieIn,
    find_place,
    list_tie_ins,
    put_on_map,
    read_on_map,
    take_off_map,
)

UTM, VALLEY = "EPSG:26911", (-117.0, 33.0, -114.0, 34.5)
A = "CA9010002"
MAIN = shapely.to_geojson(LineString([(-116.1, 33.57), (-116.0, 33.57)]))


def tie_in(**fields: object) -> TieIn:
    return TieIn.make({"title": "Avenue 66", "geojson": MAIN, **fields})


def test_nothing_goes_on_the_map_without_a_source_and_nothing_leaves_it_without_a_reason(
    engine: Engine,
) -> None:
    journal = Journal(engine)
    with pytest.raises(StoreError, match="no source"):
        put_on_map(journal, "demo", [tie_in()], "Ana", source=" ", seen=0)
    assert read_on_map(journal, "demo").tie_ins == ()
    (entry,) = put_on_map(
        journal, "demo", [tie_in(on="2025-06", diameter_in=30)], "Ana", source="as-built", seen=0
    )
    (kept,) = list_tie_ins(journal, "demo")
    assert (kept.source, kept.who, str(kept.record.on), kept.record.diameter_in) == (
        "as-built", "Ana", "2025-06", 30,
    )  # fmt: skip
    with pytest.raises(StoreError, match="no reason"):
        take_off_map(journal, "demo", kept.record, "Ana", seen=1, why="")
    with pytest.raises(ConflictError):
        take_off_map(journal, "demo", kept.record, "Luis", seen=7, why="wrong")
    take_off_map(journal, "demo", kept.record, "Luis", seen=1, why="it is a sewer")
    assert list_tie_ins(journal, "demo") == []
    assert [item.number for item in journal.history("demo", "tie_in", entry.key)] == [1, 2]


def test_a_place_is_versioned_and_may_be_given_again_after_it_was_withdrawn(engine: Engine) -> None:
    journal = Journal(engine)
    first, second = (
        SystemPlace.make({"pwsid": A, "geojson": shapely.to_geojson(Point(-116.1, north))})
        for north in (33.5, 33.6)
    )
    put_on_map(journal, "demo", [first], "Ana", source="visit", seen=0)
    with pytest.raises(ConflictError):
        put_on_map(journal, "demo", [second], "Luis", source="letter", seen=0)
    put_on_map(journal, "demo", [second], "Luis", source="letter", seen=1)
    kept = find_place(journal, "demo", A)
    assert kept is not None
    assert (kept.number, kept.source) == (2, "letter")
    take_off_map(journal, "demo", kept.record, "Ana", seen=2, why="mistaken")
    put_on_map(journal, "demo", [first], "Ana", source="visit", seen=0)
    assert dict(read_on_map(journal, "demo").system_shapes())[A].y == 33.5


@pytest.mark.parametrize(
    "shape", [box(0, 0, 1, 1), Point(), LineString([(0, 0), (500, 0)])], ids=["area", "empty", "meters"]
)
def test_a_tie_in_is_a_point_or_a_line_in_degrees(shape: shapely.Geometry) -> None:
    with pytest.raises((StoreError, GeometryError)):
        tie_in(geojson=shapely.to_geojson(shape))


@pytest.mark.parametrize("text", ["", "no", '{"type": "LineString", "coordinates": [[0, 0], [1, 1]]}'])
def test_a_place_is_a_point_or_an_outline(text: str) -> None:
    with pytest.raises((StoreError, GeometryError)):
        SystemPlace.make({"pwsid": A, "geojson": text})


@pytest.mark.parametrize("text", ["33.56, -116.08", "-116.08 33.56", "33.56° -116.08°"])
def test_coordinates_are_read_in_either_order(text: str) -> None:
    assert shape_from_text(text, VALLEY, outline=True).equals(Point(-116.08, 33.56))


@pytest.mark.parametrize("text", ["Avenue 66", "33.5", "33.56, 116.08", "1 2 3", "nan, nan"])
def test_what_is_no_point_of_the_study_area_is_refused(text: str) -> None:
    with pytest.raises(GeometryError):
        shape_from_text(text, VALLEY, outline=False)


def test_three_points_are_an_outline_of_a_park_and_a_line_of_a_main() -> None:
    text = "33.5 -116.1\n33.5 -116.0\n33.6 -116.0"
    assert isinstance(shape_from_text(text, VALLEY, outline=True), Polygon)
    assert isinstance(shape_from_text(text, VALLEY, outline=False), LineString)


def systems() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "pwsid": ["near", "far", "lost"],
            "location_quality": ["polygon", "polygon", "none"],
            "population": [50.0, 200.0, None],
            "connections": [10.0, 60.0, 5.0],
            "community": None,
            "is_receiver": False,
        },
        geometry=[Point(-116.05, 33.58), Point(-115.5, 33.9), None],
        crs=4326,
    )


def test_a_confirmed_place_gives_a_lost_system_a_measured_way() -> None:
    district = box(-116.2, 33.4, -116.1, 33.6)
    placed = with_places(systems(), {"lost": Point(-116.09, 33.5), "elsewhere": Point(0, 0)})
    assert unplaced(placed).tolist() == [False, False, False]
    ways = know_ways(measure_ways(placed, district, UTM), placed, pd.DataFrame(), UTM)
    assert ways.loc["lost", "basis"] == "straight line"
    assert ways.loc["lost", "distance_ft"] > 0
    assert systems()["location_quality"].tolist()[2] == "none"


def test_near_systems_start_from_the_tie_in_and_far_ones_from_the_boundary() -> None:
    ours, tied = systems(), gpd.GeoSeries([LineString([(-116.1, 33.57), (-116.0, 33.57)])], crs=4326)
    near = near_tie_ins(ours, tied, UTM)
    assert near.to_dict() == {"near": True, "far": False, "lost": False}
    reach = reach_of_tie_ins(tied, UTM).geometry.item()
    to_main, to_district = (measure_ways(ours, shape, UTM) for shape in (reach, box(-117, 33, -116.5, 34)))
    ways = ways_from_tie_ins(to_main, to_district, near)
    assert ways.loc["near", "distance_ft"] == to_main.loc["near", "distance_ft"]
    assert ways.loc["near", "distance_ft"] < to_district.loc["near", "distance_ft"]
    assert ways.loc["far", "distance_ft"] == to_district.loc["far", "distance_ft"]


def test_where_systems_are_joined_with_one_another_the_largest_is_where_a_main_comes() -> None:
    known = systems().iloc[:2].set_index("pwsid").to_crs(UTM)
    name, shape = start_among(known)
    assert name == "far"
    assert shape.area > 0
