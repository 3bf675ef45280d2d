"""Files of places and of boundaries: what holds is read, and each fault is told with its remedy."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import Point, Polygon, box

from geo.errors import ConflictError, CRSError, GeoError, GeometryError, SchemaError, StoreError
from geo.intake.tables import find_table
from geo.intake.verdicts import Line, changes_of
from geo.program.area import Area
from geo.program.boundaries import drawn_boundary, inspect_boundary, require_new_names, tell_beside
from geo.program.sites import SITE_TABLE, judge_sites, site_grids, to_sites
from geo.region import read_region
from store.database import open_database
from store.journal import Journal
from store.program.book import SiteList, list_sites, save_sites, withdraw_sites

REGION = read_region("coachella")
STORED = "EPSG:4326"
SQUARE = box(-116.2, 33.5, -116.0, 33.7)
BOW = Polygon([(-116.2, 33.5), (-116.0, 33.7), (-116.0, 33.5), (-116.2, 33.7)])
KML = (
    '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
    "<name>Area 1</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
    "-116.2,33.5,0 -116,33.5,0 -116,33.7,0 -116.2,33.5,0"
    "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"
)


def shapefile(folder: Path, frame: gpd.GeoDataFrame, *, without: tuple[str, ...] = ()) -> bytes:
    """A shapefile in a zip, less some of its parts."""
    frame.to_file(folder / "areas.shp")
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(folder.glob("areas.*")):
            if path.suffix not in without:
                archive.write(path, path.name)
    return content.getvalue()


def areas(*shapes: Any, names: list[str] | None = None, crs: str = STORED) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"NAME": names or ["Area 1"] * len(shapes)}, geometry=list(shapes), crs=STORED
    ).to_crs(crs)


def test_every_kind_of_file_gives_the_same_area(tmp_path: Path) -> None:
    frame = areas(SQUARE, crs="EPSG:2230")
    files = {"areas.zip": shapefile(tmp_path, frame), "areas.geojson": areas(SQUARE).to_json().encode()}
    frame.to_file(tmp_path / "a.gpkg")
    files["a.gpkg"] = (tmp_path / "a.gpkg").read_bytes()
    for name, content in files.items():
        found = inspect_boundary(content, name, REGION)
        assert found.areas["name"].tolist() == ["Area 1"], name
        assert found.areas.geometry[0].symmetric_difference(SQUARE).area < 1e-4, name
        assert found.told == ()
    kml = inspect_boundary(KML.encode(), "a.kml", REGION)
    assert kml.areas["name"].tolist() == ["Area 1"]
    assert not kml.areas.has_z.any()


def test_a_self_crossing_outline_is_mended_and_told() -> None:
    found = inspect_boundary(areas(BOW).to_json().encode(), "bow.geojson", REGION)
    assert found.areas.is_valid.all()
    assert "crossed itself" in found.told[0]


def test_parts_of_one_name_are_one_area_and_what_lies_outside_is_told() -> None:
    frame = areas(SQUARE, box(-116.5, 33.7, -116.4, 33.8), box(10, 10, 11, 11), names=["A", "A", "B"])
    found = inspect_boundary(frame.to_json().encode(), "x.geojson", REGION)
    assert found.areas["name"].tolist() == ["A", "B"]
    assert any("2 names" in words for words in found.told)
    assert any("outside this region (B)" in words for words in found.told)


def test_coordinates_the_other_way_round_are_told_so() -> None:
    swapped = areas(box(33.5, -116.2, 33.7, -116.0))
    with pytest.raises(GeometryError, match="outside this region") as raised:
        inspect_boundary(swapped.to_json().encode(), "a.geojson", REGION)
    assert "longitude first" in raised.value.remedy


def drawing(*corners: tuple[float, float]) -> dict[str, Any]:
    """A polygon as the map reports it."""
    ring = [list(corner) for corner in (*corners, corners[0])]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}


BOX = ((-116.2, 33.5), (-116.0, 33.5), (-116.0, 33.7), (-116.2, 33.7))


def test_what_is_drawn_is_one_area_checked_as_a_file() -> None:
    far = [(x - 0.5, y) for x, y in BOX]
    found = drawn_boundary([drawing(*BOX), drawing(*far)], " Area 1 ", REGION)
    assert found.areas["name"].tolist() == ["Area 1"]
    assert found.areas.union_all().symmetric_difference(SQUARE).area == pytest.approx(SQUARE.area)
    file = inspect_boundary(areas(SQUARE).to_json().encode(), "a.geojson", REGION)
    assert drawn_boundary([drawing(*BOX)], "Area 1", REGION).areas.geom_equals(file.areas).all()


@pytest.mark.parametrize(
    ("drawings", "fault"),
    [
        ([], "nothing is drawn"),
        ([drawing(BOX[0], BOX[2], BOX[1], (-116.2, 33.9))], "crosses itself"),
        ([drawing((10, 10), (11, 10), (11, 11))], "outside this region"),
        ([drawing(BOX[0], BOX[1], BOX[1])], "less than a square meter|no polygon"),
    ],
)
def test_each_fault_of_a_drawing_is_told(drawings: list[dict[str, Any]], fault: str) -> None:
    with pytest.raises(GeoError, match=fault) as raised:
        drawn_boundary(drawings, "Area 1", REGION)
    assert "draw" in raised.value.remedy


def test_two_areas_of_one_name_are_not_taken_for_one() -> None:
    """A race finds its area by name: a drawn one beside an official one would be added to it."""
    with pytest.raises(SchemaError, match=r"1 area of that name is there already \(Area 1\)"):
        require_new_names(areas(SQUARE).rename(columns={"NAME": "name"}), areas(SQUARE).assign(name="Area 1"))
    require_new_names(areas(SQUARE).assign(name="Area 2"), areas(SQUARE).assign(name="Area 1"))
    require_new_names(areas(SQUARE).assign(name="Area 2"), None)


def test_areas_that_lie_over_another_or_outside_are_told_but_lines_that_nearly_meet_are_not() -> None:
    west, east = box(-116.2, 33.5, -116.1, 33.7), box(-116.1001, 33.5, -116.0, 33.7)
    one = gpd.GeoDataFrame({"name": ["A"]}, geometry=[west], crs=STORED)
    within = Area("D", SQUARE)
    assert tell_beside(one, one.assign(name="B").set_geometry([east]), within, REGION.area_crs) == []
    assert "lies over B" in tell_beside(one, one.assign(name="B"), within, REGION.area_crs)[0]
    outside = tell_beside(one, None, Area("D", east), REGION.area_crs)
    assert len(outside) == 1
    assert "outside the program's area (D)" in outside[0]


def test_each_fault_of_a_boundary_names_its_remedy(tmp_path: Path) -> None:
    frame = areas(SQUARE, crs="EPSG:2230")
    feet = json.loads(frame.to_json())
    feet.pop("crs", None)
    points = areas(Point(-116.1, 33.6)).to_json().encode()
    whole = shapefile(tmp_path, frame)
    cases: list[tuple[str, bytes, type[GeoError], str, str]] = [
        ("a.zip", shapefile(tmp_path, frame, without=(".prj",)), CRSError, "no .prj", "publisher"),
        (
            "a.zip",
            shapefile(tmp_path, frame, without=(".dbf",)),
            SchemaError,
            "lacks its .dbf",
            "into the zip",
        ),
        ("a.zip", whole[: len(whole) // 2], SchemaError, "no zip, or only a part", "again"),
        (
            "a.geojson",
            json.dumps(feet).encode(),
            CRSError,
            "in degrees, but has coordinates up to",
            "EPSG:4326",
        ),
        ("a.geojson", points, GeometryError, r"1 shape of a.geojson is no area \(\w", "polygons"),
        (
            "a.geojson",
            areas(box(10, 10, 11, 11)).to_json().encode(),
            GeometryError,
            "outside this region",
            "CRS",
        ),
        (
            "a.geojson",
            b'{"type": "FeatureCollection", "features": []}',
            SchemaError,
            "no shapes",
            "right file",
        ),
        ("a.pdf", b"%PDF", SchemaError, "no file of shapes", "GeoJSON"),
        ("a.kml", b"<kml/>", SchemaError, "no shapes|cannot be read", "right file|GeoJSON"),
    ]
    for name, content, error, fault, remedy in cases:
        with pytest.raises(error, match=fault) as raised:
            inspect_boundary(content, name, REGION)
        assert any(word in raised.value.remedy for word in remedy.split("|")), (name, fault)
        assert "nothing was written" in raised.value.remedy


def judge(content: bytes, name: str) -> list[Line]:
    return judge_sites(find_table(site_grids(content, name), name, SITE_TABLE), REGION)


def test_places_are_read_row_by_row_and_nothing_right_is_lost() -> None:
    rows = (
        "Nombre;Latitud;Longitud\nMecca;33.57;-116.08\n;33.6;-116.1\nOasis;33,5;x\n"
        "Mecca;33.57;-116.08\nParis;48.85;2.35\nThermal;33,64;-116.14\n"
    )
    lines = judge(rows.encode(), "escuelas.csv")
    assert [str(line.verdict) for line in lines] == ["new", "refused", "refused", "twice", "refused", "new"]
    assert [line.number for line in lines] == [2, 3, 4, 5, 6, 7]
    assert [line.reason for line in lines[1:5]] == [
        "Name is missing",
        "no point in degrees: write degrees with decimals, as 33.571",
        "as in row 2",
        "lies outside this region",
    ]
    sites = to_sites(changes_of(lines))
    assert sites["name"].tolist() == ["Mecca", "Thermal"]
    assert sites.geometry.to_wkt().tolist() == ["POINT (-116.08 33.57)", "POINT (-116.14 33.64)"]


def test_a_file_without_places_is_refused() -> None:
    with pytest.raises(SchemaError, match="names these columns: Latitude, Longitude"):
        judge(b"Name,Address\nMecca,1 Street\n", "a.csv")
    assert changes_of(judge(b"Name,Lat,Lon\nParis,48.85,2.35\n", "a.csv")) == []
    with pytest.raises(SchemaError, match=r"cannot be read|names these"):
        judge(b"x", "a.docx")


def test_parks_stand_by_a_point_inside_and_without_a_name_by_their_number() -> None:
    frame = areas(SQUARE, SQUARE, names=["Park", ""]).assign(Latitude="elsewhere")
    lines = judge(frame.to_json().encode(), "parks.geojson")
    sites = to_sites(changes_of(lines))
    assert sites["name"].tolist() == ["Park", "parks 2"]
    assert sites.geometry[0].within(SQUARE)
    unnamed = areas(SQUARE)
    unnamed = unnamed[["geometry"]].assign(size="big")
    assert judge(unnamed.to_json().encode(), "parks.geojson")[0].shown["name"] == "parks 1"


def test_a_list_is_replaced_withdrawn_and_added_again(tmp_path: Path) -> None:
    journal = Journal(open_database(f"sqlite:///{tmp_path / 's.db'}"))
    sites = to_sites(changes_of(judge(b"Name,Lat,Lon\nMecca,33.57,-116.08\n", "a.csv")))
    fields = {"title": "Schools", "site_kind": "school", "source": "CDE", "vintage": "2026"}
    record = SiteList.make(fields | {"sites": 1, "geojson": sites.to_json()})
    for number in range(2):
        save_sites(journal, "coachella", record, "Ana", seen=number)
    with pytest.raises(ConflictError, match="in the meantime"):
        save_sites(journal, "coachella", record, "Luis", seen=1)
    kept = list_sites(journal, "coachella")
    assert [item.record.frame()["name"].tolist() for item in kept] == [["Mecca"]]
    with pytest.raises(StoreError, match="no reason"):
        withdraw_sites(journal, "coachella", kept[0], "Ana", " ")
    withdraw_sites(journal, "coachella", kept[0], "Ana", "closed")
    assert list_sites(journal, "coachella") == []
    save_sites(journal, "coachella", record, "Ana", seen=0)
    assert len(list_sites(journal, "coachella")) == 1
