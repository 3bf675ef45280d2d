"""What a processed dataset's frame must look like; every fault is collected, then told at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from geo.crs import STORED
from geo.errors import SchemaError, first_ids

AREAS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
POINTS = ("Point",)


@dataclass(frozen=True, slots=True)
class Schema:
    """What a dataset's frame must fulfill.

    Attributes
    ----------
    dataset
        Its name, for the message.
    key
        Columns that name a row: text, never missing, never doubled.
    columns
        Columns that must be there besides.
    shares
        Columns whose values lie between 0 and 1; missing values pass.
    counts
        Columns whose values are not negative; missing values pass.
    geometry
        Allowed types of geometry; empty for a table.
    may_be_empty
        Whether a frame without rows is no fault.
    """

    dataset: str
    key: tuple[str, ...]
    columns: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    geometry: tuple[str, ...] = ()
    may_be_empty: bool = False


def check_schema(frame: pd.DataFrame, schema: Schema) -> None:
    """Raise where a frame is not what its schema says, with every fault in one message.

    Raises
    ------
    SchemaError
        Columns are missing, keys blank or doubled, values out of range, geometries missing, invalid, of
        another type or in another CRS than EPSG:4326.

    Examples
    --------
    >>> schema = Schema("towns", key=("geoid",), shares=("part",))
    >>> check_schema(pd.DataFrame({"geoid": ["a", "a"], "part": [0.2, 0.3]}), schema)
    Traceback (most recent call last):
    geo.errors.SchemaError: towns: 2 rows share a key (a): mend the source's file, add it again and build
    """
    faults = list(_faults(frame, schema))
    if faults:
        raise SchemaError(
            f"{schema.dataset}: {'; '.join(faults)}", "mend the source's file, add it again and build"
        )


def _faults(frame: pd.DataFrame, schema: Schema) -> Iterator[str]:
    wanted = (*schema.key, *schema.columns, *schema.shares, *schema.counts)
    lacking = [name for name in wanted if name not in frame.columns]
    if lacking:
        yield f"{len(lacking)} columns are missing ({first_ids(lacking)})"
        return
    if frame.empty and not schema.may_be_empty:
        yield "it has no rows"
    yield from _key_faults(frame, schema)
    names = _names(frame, schema)
    yield from _range_faults(frame, schema, names)
    if schema.geometry:
        yield from _geometry_faults(frame, schema, names)


def _key_faults(frame: pd.DataFrame, schema: Schema) -> Iterator[str]:
    keys = frame[list(schema.key)]
    blank = keys.isna().any(axis=1)
    if blank.any():
        yield f"{int(blank.sum())} rows have no {' and '.join(schema.key)}"
    doubled = keys.duplicated(keep=False) & ~blank
    if doubled.any():
        yield f"{int(doubled.sum())} rows share a key ({first_ids(_names(keys[doubled], schema).unique())})"


def _names(frame: pd.DataFrame, schema: Schema) -> pd.Series[str]:
    """Name each row by its key."""
    first, *others = (frame[name].astype(str) for name in schema.key)
    return first.str.cat(pd.concat(others, axis=1), sep=" ") if others else first


def _range_faults(frame: pd.DataFrame, schema: Schema, names: pd.Series[str]) -> Iterator[str]:
    for column in schema.counts:
        wrong = (frame[column] < 0).fillna(False).astype(bool)
        if wrong.any():
            yield f"{int(wrong.sum())} values of {column} are negative ({first_ids(names[wrong])})"
    for column in schema.shares:
        outside = ((frame[column] < -1e-9) | (frame[column] > 1 + 1e-9)).fillna(False).astype(bool)
        if outside.any():
            ids = first_ids(names[outside])
            yield f"{int(outside.sum())} values of {column} are not between 0 and 1 ({ids})"


def _geometry_faults(frame: pd.DataFrame, schema: Schema, names: pd.Series[str]) -> Iterator[str]:
    if not isinstance(frame, gpd.GeoDataFrame):
        yield "it has no geometry"
        return
    if frame.crs is None or CRS(frame.crs) != CRS(STORED):
        yield f"it is in {frame.crs.to_string() if frame.crs else 'no CRS'}, not {STORED}"
    shapes = frame.geometry
    tests = {
        "have no geometry": shapes.isna() | shapes.is_empty,
        "have an invalid geometry": shapes.notna() & ~shapes.is_valid,
        f"are no {' or '.join(schema.geometry)}": shapes.notna() & ~shapes.geom_type.isin(schema.geometry),
    }
    for words, wrong in tests.items():
        if wrong.any():
            yield f"{int(wrong.sum())} rows {words} ({first_ids(names[wrong])})"
