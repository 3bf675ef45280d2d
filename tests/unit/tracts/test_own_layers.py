"""A layer that somebody brings is understood, or refused with what to do; nothing is guessed in silence."""

from __future__ import annotations

import io
import json

import geopandas as gpd
import pytest
import shapely

from geo.errors import CRSError, GeoError, GeometryError, SchemaError
from geo.tracts.own_layers import MOST_ROWS, NAME, join_areas, number_columns, read_own

BOUNDS = (-117.0, 33.0, -114.0, 34.5)


def test_coordinates_in_a_table_become_points() -> None:
    layer = read_own(b"Name,Lat,Long,Beds\nClinic,33.5,-116.1,12\nFar,40.0,-100.0,3\n", "c.csv", BOUNDS)
    assert layer.found == "coordinates"
    assert layer.frame[NAME].tolist() == ["Clinic"]
    assert (layer.frame.geometry.x.item(), layer.frame.geometry.y.item()) == (-116.1, 33.5)
    assert any("outside of the region: 3" in words for words in layer.told), "the row as the person counts it"
    assert number_columns(layer.frame)["Beds"].tolist() == [12]


def test_swapped_coordinates_and_a_lost_sign_are_mended_and_said() -> None:
    swapped = read_own(b"latitude,longitude\n-116.1,33.5\n", "c.csv", BOUNDS)
    unsigned = read_own(b"latitude,longitude\n33.5,116.1\n", "c.csv", BOUNDS)
    for layer in (swapped, unsigned):
        assert layer.frame.geometry.iloc[0].equals(shapely.Point(-116.1, 33.5))
        assert len(layer.told) == 1


def test_commas_of_decimals_in_coordinates_are_read_and_said() -> None:
    layer = read_own(
        "Nombre;Latitud;Longitud\nClínica;33,6412;-116,1393\n".encode("latin-1"), "c.csv", BOUNDS
    )
    assert layer.frame.geometry.iloc[0].equals(shapely.Point(-116.1393, 33.6412))
    assert layer.told == ("Commas in coordinates were read as decimal points.",)


def test_geoids_get_back_their_zero_and_wrong_ones_are_told() -> None:
    layer = read_own(b"GEOID,score\n6065045303,5\n06065044509,4\nabc,1\n", "t.csv", BOUNDS)
    assert layer.found == "geoids"
    assert layer.keys["geoid"].tolist() == ["06065045303", "06065044509"]
    assert any("zero" in words for words in layer.told)
    assert any("row" in words and "4" in words for words in layer.told)


def test_addresses_are_taken_apart_and_have_no_place_yet() -> None:
    layer = read_own(b"Street address,City,Zip code\n1 Main St,Indio,92201\n", "a.csv", BOUNDS)
    assert layer.found == "addresses"
    assert layer.keys.iloc[0].tolist() == ["1 Main St", "Indio", "", "92201"]
    assert layer.frame.geometry.isna().all()


@pytest.mark.parametrize("driver", ["GeoJSON", "GPKG", "KML"])
def test_shapes_of_each_kind_come_whole(driver: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    shapes = [shapely.box(-116.2, 33.4, -116.1, 33.5), shapely.Point(-116.0, 33.6)]
    frame = gpd.GeoDataFrame({"Name": ["Field", "Well"]}, geometry=shapes, crs="EPSG:4326")
    path = tmp_path_factory.mktemp("own") / f"own.{driver.casefold()}"
    frame.to_file(path, driver=driver)
    layer = read_own(path.read_bytes(), path.name, BOUNDS)
    assert layer.frame[NAME].tolist() == ["Field", "Well"]
    assert layer.frame.crs == "EPSG:4326"


@pytest.mark.parametrize(
    ("content", "name", "fault"),
    [
        (b"Name,Color\nA,red\n", "plain.csv", SchemaError),
        (b"Name,lat,lon\n", "empty.csv", SchemaError),
        (b"lat,lon\n50,10\n", "europe.csv", GeometryError),
        (b"lat,lon\nx,y\n", "words.csv", GeometryError),
        (b"GEOID\nabc\n", "t.csv", SchemaError),
        (b"lat,lon\n" + b"33.5,-116\n" * (MOST_ROWS + 1), "long.csv", SchemaError),
        (b"not a file of shapes", "own.gpkg", SchemaError),
        (b"<html><script>alert(1)</script></html>", "own.kml", SchemaError),
        (b"\x89PNG\r\n", "own.zip", GeoError),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(content: bytes, name: str, fault: type) -> None:
    with pytest.raises(fault) as raised:
        read_own(content, name, BOUNDS)
    assert str(raised.value)
    assert "nothing was" in str(raised.value)


def test_a_script_in_a_name_stays_text() -> None:
    hostile = '<img src=x onerror="alert(1)">'
    content = {"type": "Feature", "properties": {"name": hostile}}
    content["geometry"] = {"type": "Point", "coordinates": [-116, 33.5]}  # type: ignore[assignment]
    layer = read_own(json.dumps(content).encode(), "own.geojson", BOUNDS)
    assert layer.frame[NAME].tolist() == [hostile], "as typed: escaped where it becomes HTML"


def test_a_file_with_an_impossible_coordinate_system_is_refused() -> None:
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(500_000, 3_700_000)], crs="EPSG:4326")
    content = io.BytesIO(frame.to_json().encode()).getvalue()
    with pytest.raises((CRSError, GeometryError)):
        read_own(content, "own.geojson", BOUNDS)


def test_a_shape_on_a_border_has_one_area() -> None:
    shapes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    areas = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=shapes, crs="EPSG:4326")
    layer = gpd.GeoDataFrame(geometry=[shapely.box(0.5, 0, 1.2, 1)], crs="EPSG:4326")
    assert join_areas(layer, areas, "id").tolist() == ["a"]
