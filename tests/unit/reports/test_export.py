"""Downloads: the same values in every format, sources beside them, nothing that a spreadsheet would run."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import Point

from geo.errors import CRSError, SchemaError
from geo.language import use_language
from geo.sources.catalog import read_catalog
from geo.tracts.indicators import INDICATORS
from reports.export import INVENTED, Notes, export, exportable, make_notes, to_csv

NOTES = Notes("Tracts", ("Bureau, Tracts, 2010 (public domain)",))


@pytest.fixture
def frame() -> gpd.GeoDataFrame:
    table = {
        "geoid": ["06065045303", "06025010102"],
        "name": ["=cmd|' /C calc'!A0", 'Ñandú, "Oasis"'],
        "population": pd.array([1, None], dtype="Int64"),
    }
    return gpd.GeoDataFrame(table, geometry=[Point(-116, 33.5), Point(-115, 33)], crs="EPSG:4326")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_formula_becomes_text(sign: str) -> None:
    table = pd.DataFrame({"name": [f"{sign}1+1"], "value": [-1.5]})
    read = pd.read_csv(io.BytesIO(to_csv(table, NOTES)))
    assert read["name"].item().startswith("'")
    assert read["value"].item() == -1.5


def test_csv_keeps_codes_accents_and_missing(frame: gpd.GeoDataFrame) -> None:
    content = export(frame, "csv", NOTES)
    assert content.startswith(b"\xef\xbb\xbf")
    read = pd.read_csv(io.BytesIO(content), dtype={"geoid": str})
    assert read["geoid"].tolist() == frame["geoid"].tolist()
    assert read["name"][1] == frame["name"][1]
    assert pd.isna(read["population"][1])
    assert read["sources"].unique().tolist() == list(NOTES.sources)
    assert "warning" not in read


def test_geojson_carries_its_notes(frame: gpd.GeoDataFrame) -> None:
    read = json.loads(export(frame, "geojson", NOTES))
    assert read["type"] == "FeatureCollection"
    assert read["notes"]["sources"] == list(NOTES.sources)
    assert read["features"][1]["properties"]["population"] is None
    assert "crs" not in read


def test_geopackage_carries_its_sources(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "export.gpkg"
    path.write_bytes(export(frame, "gpkg", NOTES))
    read = gpd.read_file(path, layer="data")
    assert read["geoid"].tolist() == frame["geoid"].tolist()
    assert read.geometry.geom_equals(frame.geometry).all()
    sources = pyogrio.read_dataframe(path, layer="sources", read_geometry=False)
    assert sources["source"].tolist() == list(NOTES.sources)


@pytest.mark.parametrize("form", ["csv", "geojson", "gpkg"])
def test_invented_data_say_so_in_every_file(frame: gpd.GeoDataFrame, form: str) -> None:
    content = export(frame, form, Notes("Tracts", ("S",), invented=True))
    assert INVENTED.encode() in content


def test_the_warning_speaks_spanish() -> None:
    use_language("es")
    try:
        assert Notes("T", (), invented=True).warning.startswith("DATOS INVENTADOS")
    finally:
        use_language("en")


def test_a_source_without_a_license_stays_out(frame: gpd.GeoDataFrame) -> None:
    catalog = read_catalog()
    unlicensed = next(source for source in catalog.values() if not source.exportable)
    indicator = INDICATORS["ca_htc_index"]
    frame = frame.assign(**{indicator.key: 1.0})
    assert indicator.key in exportable(frame, catalog).columns
    assert indicator.key not in exportable(frame, {indicator.source: unlicensed}).columns


def test_refuses_a_wrong_crs_and_an_unknown_format(frame: gpd.GeoDataFrame) -> None:
    with pytest.raises(CRSError):
        export(frame.to_crs("EPSG:3310"), "csv", NOTES)
    with pytest.raises(SchemaError, match="shp"):
        export(frame, "shp", NOTES)


def test_notes_name_each_source_once() -> None:
    record = {"credit": "A", "license": "B"}
    assert make_notes("T", {"x": record, "y": record}, invented=False).sources == ("A (B)",)


COLUMNS = (
    {"column": "geoid", "description": "Census code", "unit": "text"},
    {"column": "name", "description": "=Name", "unit": "text"},
    {"column": "population", "description": "Población contada", "unit": "people"},
    {"column": "geometry", "description": "Shape", "unit": "shape"},
)
DESCRIBED = Notes("Tracts", ("Bureau, Tracts, 2010 (public domain)",), columns=COLUMNS)


def test_a_csv_with_a_dictionary_comes_in_an_archive_with_it(frame: gpd.GeoDataFrame) -> None:
    archive = zipfile.ZipFile(io.BytesIO(export(frame, "csv", DESCRIBED)))
    data = pd.read_csv(archive.open("data.csv"), dtype={"geoid": str})
    said = pd.read_csv(archive.open("columns.csv"))
    assert archive.read("data.csv") == export(frame, "csv", NOTES)
    assert said["column"].tolist() == ["geoid", "name", "population"] == list(data)[:3]
    assert said["description"].tolist() == ["Census code", "'=Name", "Población contada"]
    readme = archive.read("README.txt").decode("utf-8-sig")
    assert "Bureau, Tracts, 2010 (public domain)" in readme
    assert INVENTED not in readme


def test_geojson_and_geopackage_say_what_their_columns_are(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    assert json.loads(export(frame, "geojson", DESCRIBED))["notes"]["columns"] == list(COLUMNS)
    path = tmp_path / "export.gpkg"
    path.write_bytes(export(frame, "gpkg", DESCRIBED))
    said = pyogrio.read_dataframe(path, layer="columns", read_geometry=False)
    assert said.to_dict("records") == list(COLUMNS)
    assert gpd.read_file(path, layer="data")["geoid"].tolist() == frame["geoid"].tolist()


@pytest.mark.parametrize("form", ["csv", "geojson", "gpkg"])
def test_invented_data_say_so_beside_a_dictionary(frame: gpd.GeoDataFrame, form: str) -> None:
    content = export(frame, form, Notes("Tracts", ("S",), invented=True, columns=COLUMNS))
    if form == "csv":
        archive = zipfile.ZipFile(io.BytesIO(content))
        assert all(INVENTED.encode() in archive.read(name) for name in ("README.txt", "data.csv"))
    else:
        assert INVENTED.encode() in content
