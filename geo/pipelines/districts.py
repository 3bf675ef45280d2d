"""Water and health districts, the receiver's own boundaries, and supervisorial districts, to choose from.

A district's boundary differs from source to source; each stands in a row of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
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
SUPERVISORS_DRAWN = "supervisorial_districts"
HEALTH = ("health_districts", "hospital_districts")
DIVISIONS = "water_board_divisions"
WHOLE = 0.99
NOTES = {
    "water district": N_("The district's jurisdiction as this source has it."),
    "water system": N_(
        "The water system's boundary as the State has it: nearly the jurisdiction, not the piped area."
    ),
    "supervisorial district": N_(
        "Put together from whole 2020 tracts: near the line it can be wrong. Never for an address."
    ),
    "health district": N_("The district's outline as its file has it."),
    "water board division": N_("The part of the water district that elects a director, as its file has it."),
}
AS_DRAWN = N_("The district's outline as the County draws it.")
PREFIXES = {
    "water district": "district-",
    "health district": "health-",
    "supervisorial district": "supervisor-",
    "water board division": "division-",
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
    health: Mapping[str, gpd.GeoDataFrame] = MappingProxyType({})
    supervisors_drawn: gpd.GeoDataFrame | None = None
    divisions: gpd.GeoDataFrame | None = None


def extract(inputs: Inputs) -> Raw:
    """Read what is here of districts, systems and tracts."""
    keys = (WATER, SUPERVISORS, SUPERVISORS_DRAWN, *HEALTH, DIVISIONS)
    receipts = {key: inputs.receipt(key) for key in keys}
    return Raw(
        shapes_or_empty(inputs, WATER),
        inputs.dataset_shapes("water_systems") if inputs.built("water_systems") else None,
        table_or_empty(inputs, SUPERVISORS),
        inputs.dataset_shapes("tracts_2020") if inputs.built("tracts_2020") else None,
        inputs.dataset_shapes("counties") if inputs.built("counties") else None,
        {key: receipt.vintage for key, receipt in receipts.items() if receipt},
        {key: inputs.shapes(key) for key in HEALTH if inputs.has(key)},
        inputs.shapes(SUPERVISORS_DRAWN) if inputs.has(SUPERVISORS_DRAWN) else None,
        inputs.shapes(DIVISIONS) if inputs.has(DIVISIONS) else None,
    )


def transform(raw: Raw, region: Region) -> Product:
    """Lay the boundaries of all kinds side by side, in EPSG:4326, measured in km2.

    ``of_receiver`` marks the boundaries of the region's receiving district; they differ, and none is
    chosen here. ``approximate`` marks what was put together from tracts; where the County's own drawing is
    here, its supervisorial districts are that.
    """
    makers = (_water, _systems, _supervisors, _health, _divisions)
    parts = [part for part in (make(raw, region) for make in makers) if part is not None]
    frame = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=STORED)
    geometry, repaired = repair_shapes(frame.geometry)
    frame = frame.set_geometry(geometry)
    frame["area_km2"] = area_km2(geometry, region.area_crs)
    frame["of_receiver"] = is_of_receiver(frame, region)
    frame["note"] = frame["kind"].map(NOTES).mask(frame["source"].eq(SUPERVISORS_DRAWN), AS_DRAWN)
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
    """Take the outlines of all files; a district of two of them stands once, as the first has it."""
    parts = [
        part
        for key, shapes in raw.health.items()
        if (part := _published(raw, region, shapes, "health district", key)) is not None
    ]
    return pd.concat(parts, ignore_index=True).drop_duplicates("district_id") if parts else None


def _divisions(raw: Raw, region: Region) -> gpd.GeoDataFrame | None:
    """Take the divisions of the receiving district's board, named after it."""
    if raw.divisions is None:
        return None
    words = "{district}, division {number}"
    named = [
        words.format(district=region.receiver_name or "", number=to_number(str(text)))
        for text in raw.divisions["division"]
    ]
    return _published(raw, region, raw.divisions.assign(name=named), "water board division", DIVISIONS)


def to_number(name: str) -> str:
    """Take the number out of a district's name; the name itself where it has none.

    Examples
    --------
    >>> to_number("District 4"), to_number("4"), to_number("4.0"), to_number("North")
    ('4', '4', '4', 'North')
    """
    found = re.search(r"\d+", name)
    return found.group() if found else name.strip()


def _published(
    raw: Raw, region: Region, shapes: gpd.GeoDataFrame, kind: str, source: str
) -> gpd.GeoDataFrame | None:
    """Take the outlines of a source that lie in the region's counties; rows of one name are one district."""
    if shapes.empty:
        return None
    found = shapes.set_geometry(repair_shapes(shapes.geometry)[0])
    if raw.counties is not None:
        found = place_in_counties(found, raw.counties, region.area_crs)
    code = found["name"].map(to_plain_name)
    if "number" in found and "county_geoid" in found:
        code = found["county_geoid"] + "-" + found["number"]
    found = join_parts(found.assign(district_id=PREFIXES[kind] + code), "district_id")
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
    """Take the County's own drawing, else dissolve 2020 tracts by the district with most of their area."""
    if raw.supervisors_drawn is not None:
        numbered = raw.supervisors_drawn["district"].map(to_number)
        drawn = raw.supervisors_drawn.assign(name="District " + numbered, number=numbered)
        return _published(raw, region, drawn, "supervisorial district", SUPERVISORS_DRAWN)
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
    if raw.supervisors_drawn is None:
        yield from _findings_of_tracts(raw, region)
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


def _findings_of_tracts(raw: Raw, region: Region) -> Iterator[Finding]:
    split = raw.supervisors["share_of_tract"] < WHOLE
    tracts = raw.supervisors["geoid"][split.fillna(False).astype(bool)]
    yield find("tract_split", SUPERVISORS, tracts, of=len(raw.supervisors))
    if len(raw.supervisors):
        here = set(raw.supervisors["geoid"].str[:5])
        bare = [county for county in region.counties if county not in here]
        yield find("county_not_here", SUPERVISORS, bare, what="supervisorial districts")
