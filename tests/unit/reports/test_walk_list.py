"""What leaves the house of a turf: each file opens in its own format and holds every block once."""

from __future__ import annotations

import io
import json
from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely.geometry import LineString, box

from geo.canvass.codes import Disposition
from geo.canvass.script import Script
from geo.canvass.stretches import resolve_units
from geo.canvass.turf_plan import balance_table, with_hours
from geo.canvass.turfs import cut_turfs
from geo.canvass.walk import Walk, plan_walk, walk_words, walks_table
from geo.language import use_language
from reports import walk_list
from reports.phone_files import check_xlsform, make_xlsform, to_csv, to_geojson, to_gpx, to_kml
from reports.walk_list import Slip, make_walk_list
from reports.walk_map import find_details
from store.canvass.kinds import FieldPaper

UNITS = [f"06901040100{number:04d}" for number in range(1000, 1012)]


@pytest.fixture(scope="module")
def walks() -> list[Walk]:
    corners = [(100 * (i % 4), 100 * (i // 4)) for i in range(12)]
    squares = [box(x, y, x + 100, y + 100) for x, y in corners]
    units = gpd.GeoDataFrame({"doors": [9.0] * 12}, geometry=squares, index=UNITS, crs="EPSG:3310")
    lines = [LineString([(0, y), (400, y)]) for y in (0, 100, 200)] + [LineString([(200, 0), (200, 300)])]
    roads = gpd.GeoDataFrame(
        {"name": ["A St", "B St", None, "C Ave"], "road_class": "local"}, geometry=lines, crs="EPSG:3310"
    )
    return [plan_walk("TA0001M", units.iloc[:6], roads), plan_walk("TA00022", units.iloc[6:])]


def test_every_block_is_a_stop_once(walks: list[Walk]) -> None:
    table = pd.read_csv(io.BytesIO(to_csv(walks)), dtype={"unit": "string"})
    assert sorted(table["unit"]) == UNITS
    assert table.groupby("turf")["stop"].apply(list).tolist() == [list(range(1, 7))] * 2
    assert table["doors"].sum() == 108


def test_phone_files_open_and_hold_every_block(walks: list[Walk]) -> None:
    features = json.loads(to_geojson(walks))["features"]
    of_kind = {
        kind: [item["properties"] for item in features if item["properties"]["kind"] == kind]
        for kind in ("block", "edge", "way", "back")
    }
    assert sorted(item["unit"] for item in of_kind["block"]) == UNITS
    assert [len(of_kind[kind]) for kind in ("edge", "way", "back")] == [2, 2, 2]
    kml = ET.fromstring(to_kml(walks))
    spaces = {"k": "http://www.opengis.net/kml/2.2"}
    assert len(kml.findall(".//k:Point", spaces)) == 12
    # The way, the way back and the edge of every turf.
    assert len(kml.findall(".//k:LineString", spaces)) == 6
    gpx = ET.fromstring(to_gpx(walks))
    assert len(gpx.findall("{http://www.topografix.com/GPX/1/1}wpt")) == 12
    assert len(gpx.findall("{http://www.topografix.com/GPX/1/1}trk")) == 6


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_walk_list_is_a_pdf_of_two_pages_a_turf(walks: list[Walk], language: str) -> None:
    use_language(language)
    try:
        content = make_walk_list(walks, invented=True)
    finally:
        use_language("en")
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 4


def test_a_walk_is_a_round_along_streets_that_the_list_names(walks: list[Walk]) -> None:
    walk = walks[0]
    there, back = (shapely.get_coordinates(leg.geometry.iloc[0]) for leg in (walk.path, walk.back))
    assert there[-1].tolist() == back[0].tolist()
    assert there[0].tolist() == back[-1].tolist()
    streets = dict(zip(walk.stops["unit"], walk.stops["where"], strict=True))
    # The first block lies on A and B St; the third at C Ave, too.
    assert set(streets[UNITS[0]].split(", ")) == {"A St", "B St"}
    assert "C Ave" in streets[UNITS[2]]


def test_a_stretch_is_walked_along_its_side_of_the_block_from_its_first_door() -> None:
    block = gpd.GeoDataFrame({"doors": [40.0]}, geometry=[box(0, 0, 100, 100)], index=[UNITS[0]])
    block = block.set_crs("EPSG:3310")
    stretch = resolve_units(block, [f"{UNITS[0]}-1-10-40"])
    walk = plan_walk("TA0001M", stretch, blocks=block.geometry)
    side = walk.sides.iloc[0]
    # Doors are counted clockwise from due north: the first quarter runs along the north and east sides.
    assert side.coords[0][1] == pytest.approx(100, abs=1)
    assert side.coords[-1][0] == pytest.approx(100, abs=1)
    assert side.length == pytest.approx(100, abs=2)
    assert block.geometry.iloc[0].exterior.distance(walk.stops["spot"].iloc[0]) < 1


def test_paper_says_whom_to_call_what_to_say_and_which_doors_to_leave_alone(walks: list[Walk]) -> None:
    paper = FieldPaper(lead="Marisol", phone="(760) 555-0142")
    asked = {"key": "net", "title": {"en": "Internet?", "es": "¿Internet?"}, "kind": "text"}
    script = Script.model_validate({"greeting": {"en": "Hi", "tsz": "Nare chuskuski"}, "questions": [asked]})
    slip = Slip("Quail", "es", "Sat", ((UNITS[0], "7"),))
    pages: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk_list, "to_markup", lambda words: pages.append(words) or escape(words))
        make_walk_list(walks[:1], invented=True, paper=paper, script=script, slips={"TA0001M": slip})
    told = "\n".join(pages)
    for words in (
        "Marisol (760) 555-0142",
        "Quail",
        "Español (Spanish)",
        "Nare chuskuski",
        "Hi 1. Internet?",
        "1. ¿Internet?",
        "401.00-1000 door 7",
    ):
        assert words in told


def test_pyxform_takes_the_form_in_both_languages() -> None:
    xform = check_xlsform(make_xlsform({"TA0001M": UNITS[:2], "TA00022": UNITS[2:3]}))
    assert "English (en)" in xform
    assert "Español (es)" in xform
    assert all(str(item) in xform for item in Disposition)
    assert "instanceID" in xform


def test_gdal_reads_stops_and_ways_back(walks: list[Walk], tmp_path: Path) -> None:
    for name, content in (
        ("w.kml", to_kml(walks)),
        ("w.gpx", to_gpx(walks)),
        ("w.geojson", to_geojson(walks)),
    ):
        (tmp_path / name).write_bytes(content)
    gpx = {
        layer: pyogrio.read_dataframe(tmp_path / "w.gpx", layer=layer) for layer in ("waypoints", "tracks")
    }
    assert len(gpx["waypoints"]) == 12
    assert gpx["tracks"]["name"].tolist() == [
        name for code in ("TA0001M", "TA00022") for name in (code, f"{code}: back", f"{code}: edge")
    ]
    folders = [pyogrio.read_dataframe(tmp_path / "w.kml", layer=walk.code) for walk in walks]
    for walk, folder in zip(walks, folders, strict=True):
        points = folder[folder.geom_type == "Point"]
        assert points["Name"].tolist() == [str(stop) for stop in walk.stops.index]
        assert points.geometry.x.tolist() == pytest.approx(walk.stops["longitude"].tolist())
    shapes = pyogrio.read_dataframe(tmp_path / "w.geojson")
    blocks, edges = shapes[shapes["kind"] == "block"], shapes[shapes["kind"] == "edge"]
    assert edges.to_crs(3310).area.sum() == pytest.approx(blocks.to_crs(3310).area.sum(), rel=1e-6)
    together = pd.concat([walk.stops for walk in walks]).set_crs("EPSG:3310", allow_override=True)
    assert blocks.to_crs(3310).area.sum() == pytest.approx(together.area.sum(), rel=1e-6)


def test_what_is_crowded_gets_a_larger_map_and_every_stop_stands_on_one(walks: list[Walk]) -> None:
    assert find_details(walks[0], (500, 450), (500, 300)) == []
    far = box(50_000, 50_000, 50_100, 50_100)
    squares = [*walks[0].stops.geometry, far]
    units = gpd.GeoDataFrame({"doors": 9.0}, geometry=squares, index=UNITS[:7], crs="EPSG:3310")
    crowded = plan_walk("TA0001M", units)
    details = find_details(crowded, (500, 450), (500, 300))
    numbered = [stop for detail in details for stop in detail.stops]
    lone = crowded.stops.index[crowded.stops["unit"] == UNITS[6]].item()
    assert sorted([*numbered, lone]) == list(range(1, 8))
    assert all(detail.bounds[2] < 1_000 for detail in details)
    pages = make_walk_list([crowded], invented=False, address="https://example.org/returns?region=demo")
    assert pages.count(b"/Type /Page\n") == 3


def test_nobody_is_sent_to_a_block_without_doors() -> None:
    squares = [box(100 * i, 0, 100 * i + 100, 100) for i in range(3)]
    units = gpd.GeoDataFrame({"doors": [4.0, 0.0, 5.0]}, geometry=squares, index=UNITS[:3], crs="EPSG:3310")
    walk = plan_walk("TA0001M", units)
    assert sorted(walk.stops["unit"]) == [UNITS[0], UNITS[2]]
    assert len(walk.empty) == 1
    assert walk.doors == 9


def test_block_groups_are_called_so() -> None:
    units = gpd.GeoDataFrame(
        {"doors": [4.0]}, geometry=[box(0, 0, 100, 100)], index=["060650453031"], crs="EPSG:3310"
    )
    assert walk_words(plan_walk("TA0001M", units)).startswith("Block groups: 1.")


@pytest.mark.parametrize("minutes", [5.0, 12.0])
def test_the_walk_list_adds_the_way_between_blocks_to_the_hours_of_the_table(minutes: float) -> None:
    """Else one page would say two numbers of hours for one turf, and nobody why."""
    squares = [box(300 * i, 0, 300 * i + 100, 100) for i in range(4)]
    counts = {"doors": [9.0] * 4, "households": [8.0] * 4, "population": [20.0] * 4}
    units = gpd.GeoDataFrame(counts, geometry=squares, index=UNITS[:4], crs="EPSG:3310")
    units = with_hours(units, minutes)
    cut = cut_turfs(units, doors="doors", n=1)
    walk = plan_walk("TA0001M", units, minutes_per_door=minutes)
    assert walk.hours_inside == balance_table(cut, units).loc[0, "hours"]
    assert walk.hours_between == pytest.approx(walk.length_km / 4.5, abs=0.06)
    assert walk.hours_between > 0.2
    assert f"About {walk.hours:.1f} hours at {minutes:g} minutes a door" in walk_words(walk)
    assert walks_table([walk]).loc["TA0001M", "hours"] == walk.hours_inside + walk.hours_between


def test_who_walked_along_a_side_goes_back_from_its_last_door() -> None:
    block = gpd.GeoSeries([box(0, 0, 400, 400)], index=["060650453031005"], crs="EPSG:3310")
    half = gpd.GeoDataFrame(
        {"doors": [18.0]},
        geometry=[box(200, 0, 400, 400)],
        index=["060650453031005-1-18-36"],
        crs="EPSG:3310",
    )
    walk = plan_walk("TA0001M", half, blocks=block)
    # From the top's middle around the right half of the block to the bottom's middle, and back.
    assert walk.length_km == pytest.approx(0.8, abs=0.05)
    there, back = (shapely.get_coordinates(leg.geometry.iloc[0]) for leg in (walk.path, walk.back))
    assert back[0].tolist() != there[-1].tolist()
    assert back[-1].tolist() == there[0].tolist()
    assert "back to the start: 0.5 miles" in walk_words(walk)
