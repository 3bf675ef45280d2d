"""The receiving district's boundaries as choices for a page."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.datasets.storage import read_shapes_of
from geo.errors import MissingDatasetError
from geo.language import gettext as _
from geo.region import Region

DATASET = "receiver_boundaries"


@dataclass(frozen=True, slots=True)
class BoundaryChoice:
    """One boundary of the receiving district.

    Attributes
    ----------
    key
        Stable; names it in links and in :func:`receiver_boundary`.
    title
        What it is of: the district, or one of its systems.
    boundary_type
        What kind of boundary the publisher calls it.
    vintage
        Of the source, as its publisher or the mirror says.
    area_km2
        Of the shape, in the region's equal-area CRS.
    published_area_km2
        What the publisher says its area is; None where nothing is said.
    source
        Key of the source.
    """

    key: str
    title: str
    boundary_type: str
    vintage: str
    area_km2: float
    published_area_km2: float | None
    source: str


def receiver_boundaries(region: Region) -> list[BoundaryChoice]:
    """List what may be called the receiving district's boundary, the largest first.

    Empty where the region has no receiving district.

    Raises
    ------
    MissingDatasetError
        The dataset ``receiver_boundaries`` is not built.
    """
    frame = read_shapes_of(region.key, DATASET).drop(columns="geometry")
    return [_to_choice(row) for row in frame.to_dict(orient="records")]


def _to_choice(row: Mapping[Hashable, Any]) -> BoundaryChoice:
    published = row["published_area_km2"]
    return BoundaryChoice(
        key=row["boundary_id"],
        title=row["title"],
        boundary_type=row["boundary_type"],
        vintage=row["vintage"],
        area_km2=float(row["area_km2"]),
        published_area_km2=None if pd.isna(published) else float(published),
        source=row["source"],
    )


def receiver_boundary(region: Region, key: str) -> gpd.GeoDataFrame:
    """Read one boundary, in EPSG:4326.

    Raises
    ------
    MissingDatasetError
        The dataset is not built, or has no boundary of that key.
    """
    frame = read_shapes_of(region.key, DATASET)
    found = frame.loc[frame["boundary_id"].eq(key)]
    if found.empty:
        known = ", ".join(frame["boundary_id"])
        raise MissingDatasetError(
            _("there is no boundary {key!r} of {region}").format(key=key, region=region.title),
            _("use one of {known}").format(known=known),
        )
    return found.reset_index(drop=True)
