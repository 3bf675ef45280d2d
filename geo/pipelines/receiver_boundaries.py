"""What may be called the receiving district's boundary, each with its year and area: a visible choice.

Which one is taken decides whether a system lies inside: then it needs 1,000 feet of pipe by the State's
method, and a route otherwise. None of them is a map of mains.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import AREAS, Schema, check_schema
from geo.datasets.storage import Product
from geo.methods.geometry import area_km2, repair_shapes
from geo.pipelines.published_shapes import join_parts
from geo.region import Region
from geo.water.identifiers import normalize_name, normalize_pwsids
from geo.water.service_areas import measure_boundaries
from geo.water.state_tables import BOUNDARIES, vintage_of

DISTRICTS = "water_district_boundaries"
ALL_AREAS = "service_areas"
DISTRICT = "district"
UNSEEN = 0.05
COLUMNS = (
    "boundary_id",
    "title",
    "boundary_type",
    "pwsid",
    "area_km2",
    "published_area_km2",
    "vintage",
    "source",
    "geometry",
)
SCHEMA = Schema(
    "receiver_boundaries",
    key=("boundary_id",),
    columns=COLUMNS,
    counts=("area_km2", "published_area_km2"),
    geometry=AREAS,
    may_be_empty=True,
)


class Boundaries(NamedTuple):
    """Systems' boundaries, districts' boundaries (None where they are not here), and their vintages."""

    systems: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame | None
    vintages: dict[str, str]


def extract(inputs: Inputs) -> Boundaries:
    """Read the boundaries of systems, and of districts where they are here."""
    systems = inputs.shapes(BOUNDARIES)
    systems["pwsid"] = normalize_pwsids(systems["pwsid"], BOUNDARIES)
    districts = inputs.shapes(DISTRICTS) if inputs.has(DISTRICTS) else None
    return Boundaries(systems, districts, {key: vintage_of(inputs, key) for key in (BOUNDARIES, DISTRICTS)})


def transform(raw: Boundaries, region: Region) -> Product:
    """List every boundary of the receiving district, the largest first.

    ``area_km2`` is that of the shape, in the region's equal-area CRS; ``published_area_km2`` is what the
    publisher says of it, NA where nothing is said.
    """
    ours = raw.systems.loc[raw.systems["pwsid"].isin(region.receiver_pwsids)].reset_index(drop=True)
    parts = [_of_systems(ours, region), _together(ours, region), _of_district(raw.districts, region)]
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    frame["vintage"] = frame["source"].map(raw.vintages)
    frame = frame.sort_values(["area_km2", "boundary_id"], ascending=[False, True], ignore_index=True)
    boundaries = gpd.GeoDataFrame(frame, geometry="geometry", crs=STORED)[list(COLUMNS)]
    return Product(boundaries, findings=worth_telling(_find_faults(boundaries, region)))


def _of_systems(ours: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    measured = measure_boundaries(ours, region)
    kind = measured["boundary_type"].fillna("Service area")
    number = measured.groupby("pwsid").cumcount()
    suffix = ("_" + (number + 1).astype(str)).where(number > 0, "")
    return measured.assign(
        boundary_id=measured["pwsid"] + suffix,
        title=measured["name"].astype("string"),
        boundary_type=kind,
        area_km2=measured["boundary_area_km2"],
        source=BOUNDARIES,
    )


def _together(ours: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """All systems of the receiver as one boundary, where there are several."""
    if ours["pwsid"].nunique() < 2:
        return gpd.GeoDataFrame(columns=[*COLUMNS], geometry="geometry", crs=STORED)
    shapes, _ = repair_shapes(ours.geometry)
    whole = gpd.GeoSeries([shapes.union_all()], crs=STORED)
    fields = {
        "boundary_id": [ALL_AREAS],
        "title": [region.receiver_name],
        "boundary_type": ["Service areas of all its systems"],
        "area_km2": area_km2(whole, region.area_crs).astype("Float64"),
        "source": [BOUNDARIES],
    }
    return gpd.GeoDataFrame(fields, geometry=whole, crs=STORED)


def _of_district(districts: gpd.GeoDataFrame | None, region: Region) -> gpd.GeoDataFrame:
    if districts is None or region.receiver_name is None:
        return gpd.GeoDataFrame(columns=[*COLUMNS], geometry="geometry", crs=STORED)
    wanted = normalize_name(region.receiver_name)
    rows = districts.loc[districts["name"].map(normalize_name).eq(wanted)].reset_index(drop=True)
    rows = rows.set_geometry(repair_shapes(rows.geometry)[0])
    rows = join_parts(rows.assign(boundary_id=DISTRICT), "boundary_id")
    return rows.assign(
        title=region.receiver_name,
        boundary_type="District",
        area_km2=area_km2(rows.geometry, region.area_crs).astype("Float64"),
        published_area_km2=rows.get("published_area_km2", pd.Series(pd.NA, index=rows.index)),
        source=DISTRICTS,
    )


def _find_faults(boundaries: gpd.GeoDataFrame, region: Region) -> Iterator[Finding]:
    areas = boundaries["area_km2"]
    if len(boundaries) > 1:
        yield find(
            "receiver_boundaries_differ",
            BOUNDARIES,
            boundaries["boundary_id"],
            name=region.receiver_name,
            smallest_km2=round(float(areas.min())),
            largest_km2=round(float(areas.max())),
        )
    ratio = areas / boundaries["published_area_km2"].astype("Float64")
    other = (ratio - 1).abs().gt(UNSEEN).fillna(False).astype(bool)
    ids = boundaries.loc[other, "boundary_id"]
    yield find("receiver_area_unseen", BOUNDARIES, ids, of=len(boundaries), name=region.receiver_name)


def validate(frame: pd.DataFrame) -> None:
    """Raise where a boundary stands twice, or is no valid area."""
    check_schema(frame, SCHEMA)
