"""Boundaries, districts, block groups, roads, water and buses, on shapes that can be drawn by hand."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.datasets.findings import CENSUS_CHECKS, Finding, describe
from geo.errors import SchemaError
from geo.pipelines import (
    area_water,
    block_groups,
    blocks,
    districts,
    roads,
    self_response_daily,
    transit_routes,
    transit_stops,
)
from geo.pipelines.published_shapes import lay_boundaries, place_in_counties
from geo.region import read_region
from geo.sources.gtfs import has_table, read_feed

REGION = read_region("coachella")
ALBERS = "EPSG:3310"


def frame(shapes: list[shapely.Geometry], **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=shapes, crs=ALBERS).to_crs("EPSG:4326")


def boundaries() -> gpd.GeoDataFrame:
    """Inside, half outside, a sliver inside, outside, and one whose lines cross."""
    bow = shapely.from_wkt("POLYGON ((0 0, 2000 2000, 2000 0, 0 2000, 0 0))")
    boxes = [shapely.box(x, 0, x + 10_000, 10_000) for x in (0, 15_000, 19_950, 30_000)]
    table = frame([*boxes, bow], geoid=list("abcde"))
    table["land_m2"] = pd.array([1e8, 1e8, 1e8, 1e8, 9e6], dtype="Float64")
    table["water_m2"] = pd.array([0, None, 0, 0, 0], dtype="Float64")
    return table


def county() -> gpd.GeoDataFrame:
    return frame([shapely.box(0, 0, 20_000, 10_000)], geoid=["06065"])


def test_a_sliver_across_the_line_is_not_in_the_county() -> None:
    placed = place_in_counties(boundaries().iloc[:4], county(), ALBERS).set_index("geoid")
    assert placed.index.tolist() == ["a", "b"]
    assert placed["share_in_region"].round(4).tolist() == [1.0, 0.5]
    assert placed["county_geoid"].tolist() == ["06065", "06065"]


def test_what_is_repaired_and_what_is_too_small_is_found() -> None:
    laid, findings = lay_boundaries(boundaries(), county(), "places_2019", REGION)
    found = {finding.check: finding for finding in findings}
    assert found["shapes_repaired"].ids == ("e",)
    assert found["area_under"].ids == ("e",)
    assert found["area_under"].of == 2
    assert laid.is_valid.all()


def test_blocks_get_their_counts_and_say_which_have_none() -> None:
    shapes = frame(
        [shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)],
        geoid=["060650001001000", "060650001001001"],
        land_m2=1e4,
        water_m2=0.0,
    )
    counts = pd.DataFrame({"geoid": ["060650001001000", "060650001001009"]}).assign(
        population=5.0, housing_units=2.0, occupied_units=2.0, vacant_units=0.0
    )
    product = blocks.transform(blocks.Raw(shapes, counts), REGION)
    blocks.validate(product.frame)
    found = {finding.check: finding.ids for finding in product.findings}
    assert found["blocks_without_counts"] == ("060650001001001",)
    assert found["counts_without_block"] == ("060650001001009",)
    assert product.frame["population"].isna().tolist() == [False, True]


def groups(with_blocks: bool) -> pd.DataFrame:
    """Three block groups: two share a tract, the second's center lies outside of it."""
    centers = pd.DataFrame(
        {
            "geoid": pd.array(["060650001001", "060650001002", "060650002001"], dtype="string"),
            "population": pd.array([10, 20, 30], dtype="Float64"),
        }
    )
    points = gpd.GeoSeries.from_xy([200, 1100, 1500], [500, 500, 500], crs=ALBERS).to_crs("EPSG:4326")
    centers["longitude"], centers["latitude"] = points.x, points.y
    tracts = frame(
        [shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
        geoid=pd.array(["06065000100", "06065000200"], dtype="string"),
        county_geoid="06065",
    )
    lots = frame([shapely.box(1000, 0, 2000, 1000)], block_group_geoid=["060650002001"])
    counts = pd.DataFrame({"geoid": ["060650001001000", "060650001002000"], "population": [10.0, 21.0]})
    counts = counts.assign(housing_units=4.0, occupied_units=3.0)
    raw = block_groups.Raw(centers, counts, lots if with_blocks else None, tracts, tracts)
    product = block_groups.transform(raw, REGION)
    block_groups.validate(product.frame)
    ours = product.frame.set_index("geoid")
    ours.attrs["found"] = {finding.check: finding.ids for finding in product.findings}
    return ours


def test_block_groups_without_lines_share_their_tract() -> None:
    ours = groups(with_blocks=False)
    assert ours["derived"].all()
    assert ours.groupby("tract_geoid")["area_km2"].sum().round(6).tolist() == [1.0, 1.0]
    assert ours.attrs["found"]["center_outside"] == ("060650001002",)
    assert ours.attrs["found"]["block_sums_differ"] == ("060650001002",)
    assert ours["housing_units"].isna().tolist() == [False, False, True]


def test_block_groups_with_blocks_have_the_census_lines() -> None:
    ours = groups(with_blocks=True)
    assert ours["derived"].to_dict() == {"060650001001": True, "060650001002": True, "060650002001": False}
    assert ours.loc["060650002001", "area_km2"] == pytest.approx(1.0)


def test_the_receivers_boundaries_are_marked_whatever_their_spelling() -> None:
    water = frame(
        [shapely.box(0, 0, 1000, 1000), shapely.box(0, 0, 500, 500)], name=["COACHELLA VALLEY W.D.", "B"]
    )
    systems = frame(
        [shapely.box(0, 0, 700, 700), shapely.Point(0, 0)],
        pwsid=["CA3310001", "CA3310048"],
        name="Cove",
        published_area_km2=0.5,
        boundary_vintage="2019",
    )
    tracts = frame([shapely.box(0, 0, 1, 1)] * 2, geoid=["06065000100", "06065000200"], county_geoid="06065")
    table = pd.DataFrame({"geoid": tracts["geoid"], "district": ["4", "5"], "share_of_tract": [1.0, 0.7]})
    vintages = {districts.WATER: "2003", districts.SUPERVISORS: "2021"}
    product = districts.transform(districts.Raw(water, systems, table, tracts, None, vintages), REGION)
    districts.validate(product.frame)
    ours = product.frame.set_index("district_id")
    assert set(ours.index[ours["of_receiver"]]) == {
        "district-coachella-valley-water-district",
        "system-CA3310001",
    }
    assert ours["approximate"].sum() == 2
    found = {finding.check: finding for finding in product.findings}
    assert found["tract_split"].ids == ("06065000200",)
    assert found["boundaries_differ"].count == 2


def test_parts_of_one_district_are_one_row() -> None:
    """Water districts of the State may come in parts, and in two spellings of one name."""
    parts = [shapely.box(at, 0, at + 1000, 1000) for at in (0, 3000, 9000)]
    names = ["COACHELLA VALLEY W.D.", "Coachella Valley Water District", "B"]
    water = frame(parts, name=names, published_area_km2=[1.0, 1.5, 2.0])
    table = pd.DataFrame({"geoid": [], "district": [], "share_of_tract": []})
    product = districts.transform(
        districts.Raw(water, None, table, None, None, {districts.WATER: "2003"}), REGION
    )
    districts.validate(product.frame)
    ours = product.frame.set_index("district_id")
    assert ours.index.tolist() == ["district-coachella-valley-water-district", "district-b"]
    assert ours["area_km2"].tolist() == pytest.approx([2.0, 1.0], rel=1e-3)
    assert ours["published_area_km2"].tolist() == [2.5, 2.0]


def test_districts_as_their_publishers_draw_them_go_before_those_made_of_tracts() -> None:
    here = frame([shapely.box(-5_000, -5_000, 5_000, 5_000)], geoid=["06065"])
    halves = [shapely.box(-4_000, -4_000, 0, 4_000), shapely.box(0, -4_000, 4_000, 4_000)]
    tracts = frame(halves, geoid=["06065000100", "06065000200"], county_geoid="06065")
    table = pd.DataFrame({"geoid": tracts["geoid"], "district": ["1", "2"], "share_of_tract": [1.0, 0.7]})
    health = {
        districts.HEALTH[0]: frame(halves[:1], name=["Pioneers Memorial"]),
        districts.HEALTH[1]: frame(halves, name=["PIONEERS MEMORIAL", "Heffernan"]),
    }
    raw = districts.Raw(
        frame([], name=[]), None, table, tracts, here, {}, health,
        supervisors_drawn=frame(halves, district=["4", "District 5"]),
        divisions=frame(halves, division=["Division 1", "2.0"]),
    )  # fmt: skip
    product = districts.transform(raw, REGION)
    districts.validate(product.frame)
    ours = product.frame.set_index("district_id")
    supervisors = ours[ours["kind"] == "supervisorial district"]
    assert supervisors["name"].to_dict() == {
        "supervisor-06065-4": "District 4",
        "supervisor-06065-5": "District 5",
    }
    assert not supervisors["approximate"].any()
    assert not any("tracts" in note for note in supervisors["note"])
    assert "tract_split" not in {finding.check for finding in product.findings}
    assert ours.loc[ours["kind"] == "health district", "name"].tolist() == ["Pioneers Memorial", "Heffernan"]
    divisions = ours.loc[ours["kind"] == "water board division", "name"].tolist()
    assert divisions == [f"{REGION.receiver_name}, division {number}" for number in (1, 2)]


HERE = frame([shapely.box(-5_000, -5_000, 5_000, 5_000)])


def test_water_and_roads_of_elsewhere_are_left_out() -> None:
    lines = [shapely.LineString([(at, 0), (at + 300, 400)]) for at in (0, 25_000, 900_000)]
    shapes = frame(lines, road_id=["7", "8", "9"], name=["Near", "Close", "Far"])
    shapes["kind"] = pd.array(["lake"] * 3, dtype="string")
    found = roads.transform(roads.Raw(shapes, True, HERE), REGION).frame
    assert found["road_id"].tolist() == ["7", "8"]
    water = area_water.transform(area_water.Raw(shapes, True, HERE), REGION).frame
    assert water["name"].tolist() == ["Near", "Close"]


def test_roads_of_two_counties_keep_their_own_identifier() -> None:
    shapes = frame(
        [shapely.LineString([(0, 0), (300, 400)])] * 2, road_id=["7", "7"], road_class=["S1100", "X"]
    )
    product = roads.transform(roads.Raw(shapes, False, HERE), REGION)
    roads.validate(product.frame)
    assert product.frame["road_id"].tolist() == ["7", "7-2"]
    assert product.frame["road_class"].tolist() == ["primary", "X"]
    assert product.frame["length_m"].tolist() == pytest.approx([500, 500], rel=1e-3)
    assert product.frame["name"].isna().all()
    assert product.findings == ()


def test_coarse_water_is_marked_and_told() -> None:
    shapes = frame([shapely.box(0, 0, 1000, 1000), shapely.LineString([(0, 0), (1, 1)])], name=["Sea", None])
    shapes["kind"] = pd.array(["lake", "river_or_intermittent"], dtype="string")
    product = area_water.transform(area_water.Raw(shapes, True, HERE), REGION)
    area_water.validate(product.frame)
    assert product.frame["kind"].tolist() == ["lake", "river"]
    assert product.frame["rough"].all()
    assert [finding.check for finding in product.findings] == ["stand_in"]


def test_a_running_total_that_falls_is_found() -> None:
    days = pd.to_datetime(["2020-03-23", "2020-03-25", "2020-03-23"])
    raw = pd.DataFrame(
        {
            "geoid": pd.array(["06065000100", "06065000100", "06037137000"], dtype="string"),
            "response_date": days,
            "self_response_percent": pd.array([50.099998, 40.0, 1.0], dtype="Float64"),
            "self_response_internet_percent": pd.array([10.0, 10.0, 1.0], dtype="Float64"),
        }
    )
    product = self_response_daily.transform(raw, REGION)
    self_response_daily.validate(product.frame)
    assert product.frame["share_self_response"].tolist() == pytest.approx([0.501, 0.4])
    assert {finding.check: finding.count for finding in product.findings} == {
        "county_not_here": 1,
        "days_missing": 1,
        "rate_falls": 1,
    }


def feed(folder: Path, **tables: str) -> Path:
    path = folder / "feed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"{name}.txt", text)
    return path


def test_a_feed_without_its_table_or_key_is_refused(tmp_path: Path) -> None:
    path = feed(tmp_path, stops="name\nA\n")
    assert not has_table(path, "routes")
    with pytest.raises(SchemaError, match=r"no routes\.txt"):
        read_feed(path, "routes", ("route_id",))
    with pytest.raises(SchemaError, match="no column stop_id"):
        read_feed(path, "stops", ("stop_id",))


def valley() -> gpd.GeoDataFrame:
    shape = [shapely.box(-117, 33, -115, 34)]
    return gpd.GeoDataFrame({"geoid": ["06065"]}, geometry=shape, crs="EPSG:4326")


def test_stations_and_stops_without_a_place_are_left_out() -> None:
    raw = pd.DataFrame(
        {
            "stop_id": ["1", "2", "3", "far"],
            "stop_code": pd.NA,
            "stop_name": ["A", "B", "C", "D"],
            "stop_lat": ["33.7", "33.7", pd.NA, "36.7"],
            "stop_lon": ["-116.2", "-116.2", "-116.2", "-119.8"],
            "location_type": [pd.NA, "1", "0", "0"],
        },
        dtype="string",
    )
    product = transit_stops.transform(transit_stops.Raw(raw, valley()), REGION)
    transit_stops.validate(product.frame)
    assert product.frame["stop_id"].tolist() == ["1"]
    assert product.findings[0].ids == ("3",)


def calendar(start_date: str, end_date: str) -> pd.DataFrame:
    """A feed's calendar of one service."""
    days = {"service_id": ["1"], "start_date": [start_date], "end_date": [end_date]}
    return pd.DataFrame(days, dtype="string")


def test_a_route_is_its_trips_lines_and_without_one_it_is_told() -> None:
    points = [("s", 0, 2), ("s", 0, 1), ("t", 1, 1), ("t", 1, 2), ("lone", 5, 1)]
    raw = transit_routes.Raw(
        routes=pd.DataFrame(
            {"route_id": ["1", "2"], "route_short_name": ["14", "15"], "route_long_name": [pd.NA, "Line 15"]},
            dtype="string",
        ).assign(route_color="B7B200"),
        trips=pd.DataFrame(
            {"trip_id": list("abcd"), "route_id": ["1", "1", "1", "2"], "shape_id": ["s", "s", "t", "lone"]},
            dtype="string",
        ),
        points=pd.DataFrame(
            [(name, f"33.{order}", f"-116.{row}", str(order)) for name, row, order in points],
            columns=list(transit_routes.POINT),
            dtype="string",
        ),
        calendar=calendar(start_date="20180107", end_date="20180505"),
        last_day="20180505",
        departures=pd.Series(dtype="int64"),
        counties=valley(),
    )
    product = transit_routes.transform(raw, REGION)
    transit_routes.validate(product.frame)
    assert product.frame["route_id"].tolist() == ["1"]
    assert product.frame["name"].tolist() == ["14"]
    assert product.frame["trips"].tolist() == [3]
    assert product.frame.geometry.item().geom_type == "MultiLineString"
    found = {finding.check: finding for finding in product.findings}
    assert found["routes_without_shape"].ids == ("2",)
    assert describe(found["feed_old"]).startswith("the timetable is of 2018")
    endless = raw._replace(calendar=calendar(start_date="20260907", end_date="20991231"), last_day="20991231")
    found = {finding.check: finding for finding in transit_routes.transform(endless, REGION).findings}
    assert "feed_old" not in found
    assert describe(found["feed_without_end"]).endswith("it is the one in force since 2026-09-07")


def test_a_feed_without_shapes_gives_no_lines() -> None:
    assert transit_routes.to_lines(pd.DataFrame(columns=list(transit_routes.POINT))).empty


@pytest.mark.parametrize("check", sorted(CENSUS_CHECKS))
def test_words_of_a_check_can_be_filled_in(check: str) -> None:
    values = {
        "columns": 3,
        "what": "x",
        "name": "x",
        "smallest_km2": 1,
        "largest_km2": 2,
        "year": "2",
        "day": "2026-09-07",
    }
    assert "2" in describe(Finding(check, "places_2019", 2, 5, ("a", "b"), values=values))
