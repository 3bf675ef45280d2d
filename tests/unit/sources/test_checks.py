"""What came is what it says it is, or the message names the file, the rows and the remedy."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from geo.errors import CRSError, FetchError, GeoError, SchemaError
from geo.sources.catalog import Layout, Source, read_catalog
from geo.sources.checks import check_file
from geo.sources.raw import describe_file

CATALOG = read_catalog()
TABLE = CATALOG["state_small_water_systems"]
TRACTS = CATALOG["tracts_2020"]
CENSUS = CATALOG["self_response_2020"]
LAYER = replace(CATALOG["water_district_boundaries"], key_columns=("name",))
FEED = CATALOG["transit"]
SHEET = CATALOG["ca_htc_index_2019"]
PARQUET = CATALOG["self_response_daily_2020"]


def check(path: Path, source: Source, county: str = "", fidelity: str = "original") -> None:
    check_file(describe_file(path, county=county), source, fidelity)


def text(rows: list[list[str]], head: tuple[str, ...] = TABLE.layout.published) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([head, *rows])
    return stream.getvalue().encode()


def row(key: str) -> list[str]:
    numbers = set(TABLE.layout.number.values())
    return [key, *("1" if name in numbers else "x" for name in TABLE.layout.published[1:])]


def test_a_good_table(tmp_path: Path) -> None:
    path = tmp_path / "systems.csv"
    path.write_bytes(text([row("A"), row("B")]))
    check(path, TABLE)


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (b"", FetchError, "systems.csv is empty"),
        (b"\n\n<!DOCTYPE html><p>Sorry</p>", FetchError, "systems.csv is a web page, not data"),
        (b"\xef\xbb\xbf<HTML>", FetchError, "is a web page"),
        (b"<?xml version='1.0'?><!-- --><html>", FetchError, "is a web page"),
        (b"pwsid\n\xff\xfe", FetchError, "is not UTF-8 text .byte 6.: save it as UTF-8"),
        (
            text([row("A"), row("B")])[:-8],
            SchemaError,
            "has 1 rows with more or fewer than 15 fields .rows 3.",
        ),
        (text([[*row("A"), "more"]]), SchemaError, "1 rows with more or fewer than 15 fields .rows 2."),
        (text([]), SchemaError, "has no rows"),
        (text([row("A")], tuple("abcdefghijklmno")), SchemaError, "lacks 15 columns: pwsid, system_name"),
        (
            text([row("A"), row("B"), row("A")]),
            SchemaError,
            "2 rows of .* share a key .A.: keep one row a key",
        ),
        (text([row("A"), row("")]), SchemaError, "1 rows of .* have no pwsid .rows 3.: fill them in"),
    ],
)
def test_tables(tmp_path: Path, body: bytes, error: type[GeoError], message: str) -> None:
    path = tmp_path / "systems.csv"
    path.write_bytes(body)
    with pytest.raises(error, match=message):
        check(path, TABLE)


def census(*rows: list[str | None]) -> bytes:
    return json.dumps([["state", "county", "tract", "CRRALL", "CRRINT", "RESP_DATE"], *rows]).encode()


TRACT = ["06", "065", "045303", "50.1", "30.2", "2021-01-29"]


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (census(TRACT)[:-4], FetchError, "is no JSON, or was cut short"),
        (b'{"error": {"code": 400, "message": "Bad"}}', FetchError, "is an error of the service .400 Bad."),
        (b'{"error": "Bad"}', FetchError, "is an error of the service .Bad."),
        (b'{"a": 1}', SchemaError, "is not a head and rows"),
        (b"[]", SchemaError, "is not a head and rows"),
        (census(TRACT[:5]), SchemaError, "has 1 rows of another length .rows 2."),
        (census(), SchemaError, "has no rows"),
        (census(TRACT, TRACT), SchemaError, "2 rows of .* share a key .06065045303."),
    ],
)
def test_rows_of_the_census_api(tmp_path: Path, body: bytes, error: type[GeoError], message: str) -> None:
    path = tmp_path / "rows.json"
    path.write_bytes(body)
    with pytest.raises(error, match=message):
        check(path, CENSUS)


def layer(*names: str, west: float = -116.0, **members: object) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"AGENCYNAME": name},
            "geometry": {"type": "Point", "coordinates": [west, 33.5]},
        }
        for name in names
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def test_a_good_layer(tmp_path: Path) -> None:
    path = tmp_path / "districts.geojson"
    path.write_bytes(layer("CVWD", "DWA"))
    check(path, LAYER)


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (layer("CVWD")[:-3], FetchError, "is no JSON, or was cut short"),
        (b'{"error": {"code": 400, "message": "Invalid URL"}}', FetchError, "error of the service"),
        (layer(), SchemaError, "the layer districts.geojson is empty"),
        (b'{"type": "Feature"}', SchemaError, "is no GeoJSON feature collection"),
        (layer("A", exceededTransferLimit=True), FetchError, "is one page of a longer answer .1 rows."),
        (layer("A", "A"), SchemaError, "share a key"),
        (layer("A", west=-12_900_000.0), CRSError, "coordinates that are no degrees .-1.29e"),
    ],
)
def test_layers(tmp_path: Path, body: bytes, error: type[GeoError], message: str) -> None:
    path = tmp_path / "districts.geojson"
    path.write_bytes(body)
    with pytest.raises(error, match=message):
        check(path, LAYER)


def shapefile(folder: Path, geoids: list[str], *, without: tuple[str, ...] = (), times: int = 1) -> Path:
    """A zipped shapefile of tracts, without some of its parts."""
    columns = dict.fromkeys(TRACTS.layout.published, "0")
    shapes = [box(number, 33, number + 1, 34) for number in range(-116, -116 + len(geoids))]
    frame = gpd.GeoDataFrame(
        pd.DataFrame([{**columns, "GEOID20": geoid} for geoid in geoids]), geometry=shapes, crs=4269
    )
    parts = folder / "parts"
    parts.mkdir()
    frame.to_file(parts / "tracts.shp", engine="pyogrio")
    path = folder / "tracts.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(parts.iterdir()):
            if part.suffix not in without:
                for number in range(times):
                    archive.write(part, f"{number or ''}{part.name}")
    return path


def test_a_good_shapefile(tmp_path: Path) -> None:
    check(shapefile(tmp_path, ["06065000100", "06065000200"]), TRACTS, "06065")


@pytest.mark.parametrize(
    ("options", "county", "error", "message"),
    [
        (
            {"without": (".prj",)},
            "",
            CRSError,
            "tracts.zip .* says nothing of its CRS .no .prj.: ask the publisher",
        ),
        (
            {"without": (".dbf", ".shx")},
            "",
            SchemaError,
            "tracts.zip lacks the parts .shx, .dbf of its shapefile",
        ),
        ({"without": (".shp",)}, "", SchemaError, "has 0 shapefiles in it, not one"),
        ({"times": 2}, "", SchemaError, "has 2 shapefiles in it, not one"),
        (
            {},
            "06025",
            SchemaError,
            "2 rows outside of county 06025: 06065000100, 06065000200: name the county",
        ),
    ],
)
def test_shapefiles(
    tmp_path: Path, options: dict[str, object], county: str, error: type[GeoError], message: str
) -> None:
    path = shapefile(tmp_path, ["06065000100", "06065000200"], **options)
    with pytest.raises(error, match=message):
        check(path, TRACTS, county)


def test_doubled_keys_of_shapes(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"2 rows of 'tracts_2020' share a key .06065000100."):
        check(shapefile(tmp_path, ["06065000100", "06065000100"]), TRACTS)


def feed(path: Path, **changes: str | None) -> Path:
    tables: dict[str, str | None] = {
        "stops": "stop_id,stop_name,stop_lat,stop_lon\n1,Here,33.5,-116\n",
        "routes": "route_id,route_type\n1,3\n",
        "trips": "route_id,service_id,trip_id\n1,1,1\n",
        "stop_times": "trip_id,stop_id,stop_sequence\n1,1,1\n1,1,2\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in (tables | changes).items():
            if body is not None:
                archive.writestr(f"{name}.txt", body)
    return path


def test_a_good_feed(tmp_path: Path) -> None:
    check(feed(tmp_path / "feed.zip"), FEED)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stops": None, "trips": None}, "feed.zip lacks the tables stops.txt, trips.txt"),
        ({"stops": "stop_id,stop_name\n1,Here\n"}, "stops.txt lacks the columns stop_lat, stop_lon"),
        ({"routes": "route_id,route_type\n"}, "routes.txt has no rows"),
        ({"routes": "route_id,route_type\n1,3\n1,3\n"}, "routes.txt has 1 route_id more than once .1."),
    ],
)
def test_feeds(tmp_path: Path, changes: dict[str, str | None], message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        check(feed(tmp_path / "feed.zip", **changes), FEED)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def sheet(path: Path) -> None:
    pd.DataFrame({"GEOID": ["06065000100"], "CA HTC Index": [40]}).to_excel(path, index=False)


def parquet(path: Path) -> None:
    rows = {"GEOID": ["06065000100"], "RESP_DATE": ["2020-03-23"], "CRRALL": [1.0], "CRRINT": [1.0]}
    pd.DataFrame(rows).to_parquet(path)


@pytest.mark.parametrize(
    ("name", "make", "source"), [("index.xlsx", sheet, SHEET), ("daily.parquet", parquet, PARQUET)]
)
def test_whole_or_cut(tmp_path: Path, name: str, make: Callable[[Path], None], source: Source) -> None:
    path = tmp_path / name
    make(path)
    check(path, source)
    cut(path)
    with pytest.raises(FetchError, match=f"{name} .*(cut short|cannot be read)"):
        check(path, source)


def test_a_stand_in_is_laid_out_in_its_own_way(tmp_path: Path) -> None:
    stand_in = Layout("csv", text={"pwsid": "id"})
    source = replace(TABLE, stand_in=stand_in)
    path = tmp_path / "coarse.csv"
    path.write_text("id\nA\n")
    check(path, source, fidelity="stand-in")
    with pytest.raises(SchemaError, match="lacks 15 columns"):
        check(path, source, fidelity="relaid")
