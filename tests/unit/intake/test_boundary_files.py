"""Boundary files as offices make them: every area is read, and what is left out is told by name."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, Point, box
from shapely.geometry.base import BaseGeometry

from geo.errors import CRSError, GeometryError, SchemaError
from geo.program.boundaries import BoundaryFile, inspect_boundary
from geo.region import read_region

REGION = read_region("coachella")
WEST, EAST = box(-116.2, 33.5, -116.1, 33.6), box(-116.1, 33.5, -116.0, 33.6)
OPEN = {"type": "Polygon", "coordinates": [[[-116.2, 33.5], [-116.1, 33.5], [-116.1, 33.6], [-116.2, 33.6]]]}
KML = (
    '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}'
    "</Document></kml>"
)


def feature(shape: BaseGeometry | Mapping[str, Any] | None, **properties: object) -> dict[str, Any]:
    written = shapely.geometry.mapping(shape) if isinstance(shape, BaseGeometry) else shape
    return {"type": "Feature", "properties": properties, "geometry": written}


def geojson(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def placemark(name: str, *shapes: str) -> str:
    inside = "".join(shapes)
    return f"<Placemark><name>{name}</name>{inside}</Placemark>"


def polygon(shape: BaseGeometry) -> str:
    corners = " ".join(f"{x},{y},0" for x, y in shapely.get_coordinates(shape))
    ring = f"<LinearRing><coordinates>{corners}</coordinates></LinearRing>"
    return f"<Polygon><outerBoundaryIs>{ring}</outerBoundaryIs></Polygon>"


PIN = "<Point><coordinates>-116.15,33.55,0</coordinates></Point>"


def shapefile(folder: Path, names: list[str], encoding: str | None = None) -> dict[str, bytes]:
    """The parts of a shapefile by suffix."""
    folder.mkdir()
    frame = gpd.GeoDataFrame({"NAME": names}, geometry=[WEST, EAST][: len(names)], crs="EPSG:4326")
    frame.to_file(folder / "areas.shp", encoding=encoding)
    return {path.suffix: path.read_bytes() for path in folder.iterdir()}


def pack(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def read(content: bytes, name: str = "a.geojson") -> BoundaryFile:
    return inspect_boundary(content, name, REGION)


def names_of(found: BoundaryFile) -> list[str]:
    return [str(name) for name in found.areas["name"]]


def test_a_zip_of_the_finder_is_read_whatever_its_case(tmp_path: Path) -> None:
    parts = shapefile(tmp_path / "a", ["Uno", "Dos"])
    mixed = {f"Areas/areas{end.upper() if end != '.shp' else end}": data for end, data in parts.items()}
    beside = {f"__MACOSX/Areas/._areas{end}": b"\x00\x05\x16\x07" for end in parts} | {
        "Areas/.DS_Store": b"x"
    }
    found = read(pack(mixed | beside), "AREAS.ZIP")
    assert names_of(found) == ["Uno", "Dos"]
    assert found.told == ()


@pytest.mark.parametrize(
    ("written", "cpg", "told"),
    [("UTF-8", None, False), ("cp1252", None, True), ("cp1252", b"UTF-8", True), ("UTF-8", b"1252", False)],
)
def test_accents_of_a_shapefile_are_right_whatever_its_cpg_says(
    tmp_path: Path, written: str, cpg: bytes | None, told: bool
) -> None:
    parts = shapefile(tmp_path / "a", ["Área Niños", "Peña"], encoding=written)
    head = bytearray(parts[".dbf"])
    head[29] = 0  # no mark of the encoding in the head
    parts |= {".dbf": bytes(head)}
    parts = {end: data for end, data in parts.items() if end != ".cpg"} | ({".cpg": cpg} if cpg else {})
    found = read(pack({f"a{end}": data for end, data in parts.items()}), "a.zip")
    assert names_of(found) == ["Área Niños", "Peña"]
    assert any("Windows-1252" in line for line in found.told) is told


def test_of_my_maps_every_folder_is_read_and_pins_are_told() -> None:
    inside = (
        f"<Folder><name>North</name>{placemark('Area A', polygon(WEST))}</Folder>"
        f"<Folder><name>South</name>{placemark('Area B', polygon(EAST))}{placemark('School', PIN)}</Folder>"
    )
    kml = KML.format(inside).encode()
    for content, name in ((kml, "a.kml"), (pack({"doc.kml": kml, "images/icon.png": b"x"}), "a.kmz")):
        found = read(content, name)
        assert names_of(found) == ["Area A", "Area B"]
        assert found.told[0] == 'All layers were read: "North", "South".'
        assert found.told[1] == "Points and lines are left out, for they have no inside: School."


def test_the_polygon_beside_a_label_is_kept_however_deep() -> None:
    both = f"<MultiGeometry>{PIN}<MultiGeometry>{polygon(WEST)}</MultiGeometry></MultiGeometry>"
    found = read(KML.format(placemark("District 1", both)).encode(), "a.kml")
    assert names_of(found) == ["District 1"]
    assert found.areas.geometry[0].equals(WEST)
    nested = GeometryCollection([GeometryCollection([EAST, Point(0, 0)]), LineString([(0, 0), (1, 1)])])
    found = read(geojson(feature(nested, name="B")))
    assert found.areas.geometry[0].equals(EAST)
    assert found.told == ("What is beside the polygons of these is left out: B.",)


@pytest.mark.parametrize("bare", [None, {"type": "Polygon", "coordinates": []}])
def test_a_row_without_a_shape_is_told_by_name(bare: Mapping[str, Any] | None) -> None:
    found = read(geojson(feature(WEST, name="Area 1"), feature(bare, name="Area 3")))
    assert names_of(found) == ["Area 1"]
    assert found.told == ("Rows without a shape are left out: Area 3.",)


def test_an_open_outline_is_closed_and_told() -> None:
    found = read(geojson(feature(OPEN, name="Open"), feature(EAST, name="Whole")))
    assert names_of(found) == ["Open", "Whole"]
    assert found.areas.geometry[0].equals(WEST)
    assert found.told[0].startswith("1 outline was open and was closed")


def test_what_has_no_inside_is_no_area() -> None:
    flat = {"type": "Polygon", "coordinates": [[[-116.2, 33.5], [-116.1, 33.5]]]}
    assert names_of(read(geojson(feature(WEST, name="A"), feature(flat, name="Flat")))) == ["A"]
    with pytest.raises(GeometryError, match="no area"):
        read(geojson(feature(LineString(WEST.exterior.coords), name="Outline")))


@pytest.mark.parametrize(
    ("properties", "names", "told"),
    [
        ([{"DISTRICT": 1.0}, {"DISTRICT": 2.0}], ["1", "2"], '"DISTRICT"'),
        ([{"district": 1}, {"district": None}], ["1", "a 2"], "numbered: a 2"),
        ([{"NAMELSAD20": "A"}, {"NAMELSAD20": "B"}], ["A", "B"], '"NAMELSAD20"'),
        ([{"name": "CCD", "DIST_NO": "4"}, {"name": "CCD", "DIST_NO": "5"}], ["4", "5"], '"DIST_NO"'),
        ([{"Nombre": "Uno"}, {"Nombre": "Dos"}], ["Uno", "Dos"], ""),
        ([{"x": "p", "y": "p"}, {"x": "q", "y": "q"}], ["a 1", "a 2"], "The columns are: x, y"),
        ([{"Sitz": "p", "n": "1"}, {"Sitz": "q", "n": "1"}], ["p", "q"], '"Sitz"'),
    ],
)
def test_areas_are_named_as_a_race_names_them(
    properties: list[dict[str, object]], names: list[str], told: str
) -> None:
    one, other = properties
    found = read(geojson(feature(WEST, **one), feature(EAST, **other)))
    assert names_of(found) == names
    assert told in " ".join(found.told) if told else found.told == ()


def test_two_parts_of_one_name_stay_one_area() -> None:
    found = read(geojson(feature(WEST, name="Isla", id=1), feature(EAST, name="Isla", id=2)))
    assert names_of(found) == ["Isla"]
    assert found.areas.geometry.union_all().area == pytest.approx(0.02)


@pytest.mark.parametrize(("encoding", "told"), [("utf-8-sig", False), ("utf-16", False), ("cp1252", True)])
def test_text_is_read_whatever_its_encoding(encoding: str, told: bool) -> None:
    plain = geojson(feature(WEST, name="Peña")).decode()
    kml = KML.format(placemark("Peña", polygon(WEST))).replace(
        "UTF-8", "utf-16" if "16" in encoding else "UTF-8"
    )
    for text, name in ((plain, "a.geojson"), (kml, "a.kml")):
        found = read(text.encode(encoding), name)
        assert names_of(found) == ["Peña"]
        assert any("Windows-1252" in line for line in found.told) is told


def test_a_misnamed_file_is_read_by_what_it_is(tmp_path: Path) -> None:
    whole = pack({f"a{end}": data for end, data in shapefile(tmp_path / "a", ["Uno"]).items()})
    assert names_of(read(whole, "a.kml")) == ["Uno"]
    assert names_of(read(geojson(feature(WEST, name="Uno")), "a.kml")) == ["Uno"]
    gpd.GeoDataFrame({"name": ["Uno"]}, geometry=[WEST], crs="EPSG:4326").to_file(tmp_path / "b.gpkg")
    assert names_of(read((tmp_path / "b.gpkg").read_bytes(), "b.geojson")) == ["Uno"]


def test_all_layers_of_a_geopackage_are_read_each_in_its_own_crs(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    for layer, name, shape, crs in (("city", "C", WEST, "EPSG:4326"), ("wards", "W", EAST, "EPSG:2230")):
        frame = gpd.GeoDataFrame({"name": [name]}, geometry=[shape], crs="EPSG:4326").to_crs(crs)
        frame.to_file(path, layer=layer)
    found = read(path.read_bytes(), "a.gpkg")
    assert found.told == ('All layers were read: "city", "wards".',)
    assert found.areas.geometry[1].symmetric_difference(EAST).area < 1e-6


def test_what_cannot_be_read_is_refused_with_what_to_do(tmp_path: Path) -> None:
    parts = shapefile(tmp_path / "a", ["Uno"])
    bare = {f"y/b{end}": data for end, data in parts.items() if end != ".prj"}
    whole = {f"x/a{end}": data for end, data in parts.items()}
    locked = bytearray(pack(whole))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(mark)
        while at >= 0:
            locked[at + place] |= 1
            at = locked.find(mark, at + 4)
    swapped = shapely.transform(WEST, lambda corners: corners[:, ::-1])
    meters = shapely.transform(WEST, lambda corners: corners * 1e5)
    cases: list[tuple[bytes, str, type[Exception], str]] = [
        (b"", "a.geojson", SchemaError, "is empty"),
        (bytes(locked), "a.zip", SchemaError, "locked with a password"),
        (pack({"inside.zip": pack(whole)}), "a.zip", SchemaError, "unpack it and add the zip"),
        (pack({"a.gdb/a1.gdbtable": b"x"}), "a.zip", SchemaError, "geodatabase"),
        (parts[".shp"], "areas.shp", SchemaError, "one part of a shapefile"),
        (pack(whole | bare), "a.zip", CRSError, "says nothing of its CRS"),
        (b'{"geometryType": "esriGeometryPolygon", "features": []}', "a.json", SchemaError, "Esri"),
        (geojson(feature(swapped)), "a.json", GeometryError, "other order"),
        (geojson(feature(meters)), "a.json", CRSError, "in degrees, but"),
        (geojson(feature(None, name="A")), "a.geojson", SchemaError, "has no shapes"),
    ]  # fmt: skip
    for content, name, error, words in cases:
        with pytest.raises(error, match=words) as raised:
            read(content, name)
        assert "nothing was written" in str(raised.value)
