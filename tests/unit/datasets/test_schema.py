"""A frame that is not fit is refused, with every fault in one message."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.datasets.schema import AREAS, Schema, check_schema
from geo.errors import SchemaError

SCHEMA = Schema("towns", key=("geoid",), shares=("part",), counts=("people",), geometry=AREAS)


def towns(**columns: list[object]) -> gpd.GeoDataFrame:
    fields = {"geoid": ["a", "b"], "part": [0.1, None], "people": [3, None]} | columns
    geometry = fields.pop("geometry", [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    return gpd.GeoDataFrame(pd.DataFrame(fields).convert_dtypes(), geometry=geometry, crs="EPSG:4326")


def test_a_frame_with_missing_values_is_fit() -> None:
    check_schema(towns(), SCHEMA)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (towns(geoid=["a", "a"]), "2 rows share a key \\(a\\)"),
        (towns(geoid=["a", None]), "1 rows have no geoid"),
        (towns(part=[0.1, 1.1]), "1 values of part are not between 0 and 1 \\(b\\)"),
        (towns(people=[-1, 2]), "1 values of people are negative \\(a\\)"),
        (towns(geometry=[shapely.box(0, 0, 1, 1), None]), "1 rows have no geometry \\(b\\)"),
        (towns(geometry=[shapely.Point(0, 0)] * 2), "2 rows are no Polygon or MultiPolygon"),
        (towns().to_crs("EPSG:3310"), "it is in EPSG:3310, not EPSG:4326"),
        (towns().iloc[:0], "it has no rows"),
        (towns().drop(columns="part"), "1 columns are missing \\(part\\)"),
        (pd.DataFrame(towns().drop(columns="geometry")), "it has no geometry"),
    ],
)
def test_a_fault_is_named_with_its_rows(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        check_schema(frame, SCHEMA)


def test_all_faults_are_told_at_once() -> None:
    bow = shapely.from_wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    frame = towns(geoid=["a", "a"], part=[2, 0.5], geometry=[bow, shapely.box(0, 0, 1, 1)])
    with pytest.raises(SchemaError) as caught:
        check_schema(frame, SCHEMA)
    assert str(caught.value).count(";") == 2
    assert "invalid geometry (a)" in str(caught.value)


def test_two_columns_can_make_a_key() -> None:
    frame = pd.DataFrame({"geoid": ["a", "a"], "day": [1, 1]})
    with pytest.raises(SchemaError, match="\\(a 1\\)"):
        check_schema(frame, Schema("days", key=("geoid", "day")))
