"""Which tracts lie in the study area, of which ranks and classes speak unless somebody asks for more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region

NAME = "study_area"
MOST = 0.5
"""Share of a tract's people from which the tract is of the study area."""

SCHEMA = Schema(NAME, key=("tracts", "geoid"), columns=("inside",), shares=("share_of_people",))


class Raw(NamedTuple):
    """What is read: tracts by dataset, where people live, and school districts; None where there are none."""

    tracts: dict[str, gpd.GeoDataFrame]
    people: gpd.GeoDataFrame
    school_districts: gpd.GeoDataFrame | None


def extract(inputs: Inputs) -> Raw:
    """Read tracts, where people live, and school districts as far as they are built."""
    built = [name for name in ("tracts_2010", "tracts_2020") if inputs.built(name)]
    districts = inputs.dataset_shapes("school_districts") if inputs.built("school_districts") else None
    return Raw(
        {name: inputs.dataset_shapes(name) for name in built},
        inputs.dataset_shapes("people_points"),
        districts,
    )


def transform(raw: Raw, region: Region) -> Product:
    """Say of each tract which share of its people lives in the study area, and whether that is most of them.

    A tract without people is inside where its inner point is. Without a study area in the region's
    declaration (or without the school districts that it names) every tract is inside.
    """
    area = _outline(raw, region)
    parts = [_share(name, frame, raw.people, area, region) for name, frame in raw.tracts.items()]
    named = region.study_area.school_districts if region.study_area else ()
    known = set() if raw.school_districts is None else set(raw.school_districts["geoid"].astype(str))
    return Product(pd.concat(parts, ignore_index=True), findings=worth_telling(_findings(named, known)))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one row a tract."""
    check_schema(frame, SCHEMA)


def _outline(raw: Raw, region: Region) -> shapely.Geometry | None:
    """Join the school districts of the study area; None where there is none."""
    if region.study_area is None or raw.school_districts is None:
        return None
    wanted = raw.school_districts["geoid"].astype(str).isin(region.study_area.school_districts)
    return raw.school_districts[wanted].geometry.union_all() if wanted.any() else None


def _share(
    tracts: str,
    frame: gpd.GeoDataFrame,
    people: gpd.GeoDataFrame,
    area: shapely.Geometry | None,
    region: Region,
) -> pd.DataFrame:
    geoids = pd.Index(frame["geoid"].astype(str))
    table = pd.DataFrame({"tracts": tracts, "geoid": geoids, "share_of_people": 1.0, "inside": True})
    if area is None or region.study_area is None:
        return table
    column = "geoid_2010" if tracts == "tracts_2010" else "tract_geoid"
    counts = people["population"].astype(float)
    whole = counts.groupby(people[column]).sum().reindex(geoids)
    here = counts.where(people.within(area), 0.0).groupby(people[column]).sum().reindex(geoids)
    point = frame.geometry.representative_point().within(area).astype(float).to_numpy()
    share = (here / whole.where(whole > 0)).to_numpy()
    table["share_of_people"] = pd.Series(share).fillna(pd.Series(point))
    ours = geoids.str[:5].isin(region.study_area.counties)
    return table.assign(inside=(table["share_of_people"] > MOST) & ours)


def _findings(named: tuple[str, ...], known: set[str]) -> Iterator[Finding]:
    absent = [geoid for geoid in named if geoid not in known]
    yield find("study_area_absent", NAME, absent, of=len(named))
