"""Water and health districts, the receiver's own boundaries, and supervisorial districts, to choose from.

A district's boundary differs from source to source; each stands in a row of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs, shapes_or_empty, table_or_empty
from geo.datasets.schema import AREAS, Schema, check_schema
from geo.datasets.storage import Product
from geo.language import mark as N_
from geo.methods.geometry import area_km2, repair_shapes
from geo.pipelines.published_shapes import join_parts, place_in_counties
from geo.region import Region

WATER = "water_district_boundaries"
SYSTEMS = "water_system_boundaries"
SUPERVISORS = "supervisorial_districts_2021"
HEALTH = "health_districts"
WHOLE = 0.99
KINDS = ("water district", "water system", "supervisorial district", "health district")
NOTES = {
    "water district": N_("The district's jurisdiction as this source has it."),
    "water system": N_(
        "The water system's boundary as the State has it: nearly the jurisdiction, not the piped area."
    ),
    "supervisorial district": N_(
        "Put together from whole 2020 tracts: near the line it can be wrong. Never for an address."
    ),
    "health district": N_("The district's outline as its file has it."),
}
COLUMNS = (
    "district_id",
    "name",
    "kind",
    "source",
    "vintage",
    "published_area_km2",
    "approximate",
    "geometry",
)
SCHEMA = Schema(
    "districts",
    key=("district_id",),
    columns=("name", "kind", "source", "vintage", "of_receiver", "note"),
    counts=("area_km2",),
    geometry=AREAS,
    may_be_empty=True,
)


class Raw(NamedTuple):
    """What is read; what is not here has no rows or is None."""

    water: gpd.GeoDataFrame
    systems: gpd.GeoDataFrame | None
    supervisors: pd.DataFrame
    tracts_2020: gpd.GeoDataFrame | None
    counties: gpd.GeoDataFrame | None
    vintages: Mapping[str, str]
    health: gpd.GeoDataFrame | None = None


def extract(inputs: Inputs) -> Raw:
    """Read what is here of districts, systems and tracts."""
    receipts = {key: inputs.receipt(key) for key in (WATER, SUPERVISORS, HEALTH)}
    return Raw(
        shapes_or_empty(inputs, WATER),
        inputs.dataset_shapes("water_systems") if inputs.built("water_systems") else None,
        table_or_empty(inputs, SUPERVISORS),
        inputs.dataset_shapes("tracts_2020") if inputs.built("tracts_2020") else None,
        inputs.dataset_shapes("counties") if inputs.built("counties") else None,
        {key: receipt.vintage for key, receipt in receipts.items() if receipt},
        inputs.shapes(HEALTH) if inputs.has(HEALTH) else None,
    )


def transform(raw: Raw, region: Region) -> Product:
    """Lay the boundaries of all kinds side by side, in EPSG:4326, measured in km2.

    ``of_receiver`` marks the boundaries of the region's receiving district; they differ, and none is
    chosen here. ``approximate`` marks what was put together from tracts.
    """
    makers = (_water, _systems, _supervisors, _health)
    parts = [part for part in (make(raw, region) for make in makers) if part is not None]
    frame = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=STORED)
    geometry, repaired = repair_shapes(frame.geometry)
    frame = frame.set_geometry(geometry)
    frame["area_km2"] = area_km2(geometry, region.area_crs)
    frame["of_receiver"] = is_of_receiver(frame, region)
    frame["note"] = frame["kind"].map(NOTES)
    mended = find("shapes_repaired", WATER, frame["district_id"][repaired], of=len(frame))
    return Product(frame, findings=worth_telling([mended, *_findings(raw, frame, region)]))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one valid polygon a row."""
    check_schema(frame, SCHEMA)


def to_plain_name(name: str) -> str:
    """Write a district's name so that two spellings of it are one.

    Examples
    --------
    >>> to_plain_name("COACHELLA VALLEY W.D.") == to_plain_name("Coachella Valley Water District")
    True
    """
    full = re.sub(r"\bw\.?\s*d\b\.?", "water district", name.casefold())
    return re.sub(r"[^a-z0-9]+", "-", full).strip("-")


def is_of_receiver(frame: gpd.GeoDataFrame, region: Region) -> pd.Series[bool]:
    """Say which rows are a boundary of the region's receiving district, by PWSID or by name."""
    ids = [f"system-{pwsid}" for pwsid in region.receiver_pwsids]
    receiver = to_plain_name(region.receiver_name or "")
    same_name = (frame["kind"] == "water district") & (frame["name"].map(to_plain_name) == receiver)
    return frame["district_id"].isin(ids) | same_name


def _water(raw: Raw, region: Region) -> gpd.GeoDataFrame | None:
    return _published(raw, region, raw.water, "water district", WATER)


def _health(raw: Raw, region: Region) -> gpd.GeoDataFrame | None:
    return None if raw.health is None else _published(raw, region, raw.health, "health district", HEALTH)


def _published(
    raw: Raw, region: Region, shapes: gpd.GeoDataFrame, kind: str, source: str
) -> gpd.GeoDataFrame | None:
    """Take the outlines of a source that lie in the region's counties; rows of one name are one district."""
    if shapes.empty:
        return None
    found = shapes.set_geometry(repair_shapes(shapes.geometry)[0])
    if raw.counties is not None:
        found = place_in_counties(found, raw.counties, region.area_crs)
    prefix = "district-" if kind == "water district" else f"{kind.split()[0]}-"
    found = join_parts(found.assign(district_id=prefix + found["name"].map(to_plain_name)), "district_id")
    return found.assign(
        kind=kind,
        source=source,
        vintage=raw.vintages.get(source, ""),
        published_area_km2=found.get(
            "published_area_km2", pd.Series(pd.NA, index=found.index, dtype="Float64")
        ),
        approximate=False,
    )[list(COLUMNS)]


def _systems(raw: Raw, region: Region) -> gpd.GeoDataFrame | None:
    """Take the receiver's boundaries as a water system, where it has polygons."""
    if raw.systems is None:
        return None
    systems = raw.systems
    ours = systems[systems["pwsid"].isin(region.receiver_pwsids) & systems.geom_type.isin(AREAS)]
    frame = ours.assign(
        district_id="system-" + ours["pwsid"],
        kind="water system",
        source=SYSTEMS,
        vintage=ours["boundary_vintage"],
        approximate=False,
    )
    return frame[list(COLUMNS)]


def _supervisors(raw: Raw, region: Region) -> gpd.GeoDataFrame | None:
    """Dissolve 2020 tracts by the district that has most of their area."""
    if raw.tracts_2020 is None or raw.supervisors.empty:
        return None
    tracts = raw.tracts_2020[["geoid", "county_geoid", "geometry"]].merge(
        raw.supervisors[["geoid", "district"]], on="geoid"
    )
    merged = tracts.dissolve(["county_geoid", "district"])[["geometry"]].reset_index()
    frame = merged.assign(
        district_id="supervisor-" + merged["county_geoid"] + "-" + merged["district"],
        name="District " + merged["district"],
        kind="supervisorial district",
        source=SUPERVISORS,
        vintage=raw.vintages.get(SUPERVISORS, ""),
        published_area_km2=pd.Series(pd.NA, index=merged.index, dtype="Float64"),
        approximate=True,
    )
    return frame[list(COLUMNS)]


def _findings(raw: Raw, frame: gpd.GeoDataFrame, region: Region) -> Iterator[Finding]:
    split = raw.supervisors["share_of_tract"] < WHOLE
    tracts = raw.supervisors["geoid"][split.fillna(False).astype(bool)]
    yield find("tract_split", SUPERVISORS, tracts, of=len(raw.supervisors))
    if len(raw.supervisors):
        here = set(raw.supervisors["geoid"].str[:5])
        bare = [county for county in region.counties if county not in here]
        yield find("county_not_here", SUPERVISORS, bare, what="supervisorial districts")
    ours = frame[frame["of_receiver"]]
    if len(ours) > 1:
        yield Finding(
            "boundaries_differ",
            WATER,
            len(ours),
            ids=tuple(ours["district_id"]),
            values={
                "name": region.receiver_name,
                "smallest_km2": round(float(ours["area_km2"].min())),
                "largest_km2": round(float(ours["area_km2"].max())),
            },
        )
