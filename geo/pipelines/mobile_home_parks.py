"""Mobile home and special occupancy parks, as points; none is dropped for a bad place, it is marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import POINTS, Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region
from geo.water.identifiers import county_geoid_of_number, to_public_park_names
from geo.water.service_areas import are_outside, judge_points, share_a_spot, to_points

SOURCE = "mobile_home_parks"
TODAY = "mobile_home_parks_register"
SIZES = ["spaces", "rv_lots_with_drains", "rv_lots_without_drains"]
KINDS = {"MP": "mobile home park", "SP": "special occupancy park"}
COLUMNS = (
    "park_id",
    "name",
    "public_name",
    "kind",
    "address",
    "community",
    "zip_code",
    "county_geoid",
    "located_county_geoid",
    "spaces",
    "rv_lots",
    "location_quality",
    "shared_spot",
    "geocode_confidence",
    "geometry",
)
SCHEMA = Schema(
    SOURCE, key=("park_id",), columns=COLUMNS, counts=("spaces", "rv_lots", "shared_spot"), geometry=POINTS
)


class Parks(NamedTuple):
    """The register, the region's counties, and its water systems, where they are built."""

    register: pd.DataFrame
    counties: gpd.GeoDataFrame
    systems: pd.DataFrame | None = None
    today: pd.DataFrame | None = None


def extract(inputs: Inputs) -> Parks:
    """Read the register, the counties, and the water systems where they are built."""
    systems = inputs.dataset_shapes("water_systems") if inputs.built("water_systems") else None
    today = inputs.table(TODAY) if inputs.has(TODAY) else None
    return Parks(inputs.table(SOURCE), inputs.dataset_shapes("counties"), systems, today)


def transform(raw: Parks, region: Region) -> Product:
    """Place each park of the region's counties, and say how far its place can be trusted.

    ``county_geoid`` is the county of the register's number (the first two digits of ``park_id``),
    ``located_county_geoid`` the one that the point lies in, NA outside of the region.
    ``shared_spot`` counts the parks on one point. ``public_name`` is what the public view shows: a park that
    bears the name of a system whose name is withheld would tell it. Where today's register is here, which has
    no points, sizes are its own; parks that only one of the two has are told.
    """
    register = raw.register.assign(county_geoid=raw.register["park_id"].map(_county_of).astype("string"))
    register = register.loc[register["county_geoid"].isin(region.counties)].reset_index(drop=True)
    if raw.today is not None:
        register = with_sizes_of(register, raw.today)
    points = to_points(register)
    outside = are_outside(points, register["county_geoid"], raw.counties, region.length_crs)
    shared = share_a_spot(points)
    frame = register.assign(
        kind=register["park_id"].str[-2:].map(KINDS).astype("string"),
        address=register["address"].str.title(),
        community=register["city"].str.title(),
        located_county_geoid=locate_in(points, raw.counties),
        rv_lots=register["rv_lots_with_drains"] + register["rv_lots_without_drains"],
        location_quality=judge_points(register, outside, shared),
        shared_spot=shared,
    )
    frame = frame.assign(public_name=to_public_park_names(frame, raw.systems))
    parks = gpd.GeoDataFrame(frame, geometry=points, crs=STORED)[list(COLUMNS)]
    return Product(
        parks,
        findings=worth_telling([*_find_faults(parks, register, raw.counties, outside), *_moved(raw, region)]),
    )


def with_sizes_of(register: pd.DataFrame, today: pd.DataFrame) -> pd.DataFrame:
    """Take the sizes of parks from today's register, where it has them.

    Examples
    --------
    >>> old = {"park_id": ["33-0001-MP", "33-0002-MP"], **{size: [10.0, 20.0] for size in SIZES}}
    >>> new = {"park_id": ["33-0001-MP"], **{size: [12.0] for size in SIZES}}
    >>> with_sizes_of(pd.DataFrame(old), pd.DataFrame(new))["spaces"].to_list()
    [12.0, 20.0]
    """
    known = today.set_index("park_id")
    return register.assign(
        **{size: register["park_id"].map(known[size]).fillna(register[size]) for size in SIZES}
    )


def _moved(raw: Parks, region: Region) -> Iterator[Finding]:
    """Find parks that only one of the two registers has, in the region's counties."""
    if raw.today is None:
        return
    then, now = (
        {park for park in frame["park_id"] if _county_of(park) in region.counties}
        for frame in (raw.register, raw.today)
    )
    yield find("parks_new", TODAY, sorted(now - then), of=len(now))
    yield find("parks_gone", TODAY, sorted(then - now), of=len(then))


def _county_of(park_id: str) -> str:
    return county_geoid_of_number(int(park_id[:2]))


def locate_in(points: gpd.GeoSeries, counties: gpd.GeoDataFrame) -> pd.Series[str]:
    """County that each point lies in, NA where it lies in none; both in EPSG:4326."""
    found = gpd.GeoDataFrame(geometry=points).sjoin(counties[["geoid", "geometry"]], predicate="within")
    geoids = found["geoid"][~found.index.duplicated()]
    return geoids.reindex(points.index).astype("string")


def _find_faults(
    parks: gpd.GeoDataFrame, register: pd.DataFrame, counties: gpd.GeoDataFrame, outside: pd.Series[bool]
) -> Iterator[Finding]:
    ids, of = parks["park_id"], len(parks)
    yield find("parks_elsewhere", SOURCE, ids[parks["located_county_geoid"].isna() & outside], of=of)
    yield find("parks_other_county", SOURCE, ids[parks["located_county_geoid"].notna() & outside], of=of)
    most = int(parks["shared_spot"].max()) if of else 0
    yield find("parks_share_spot", SOURCE, ids[parks["shared_spot"] > 1], of=of, most=most)
    centroid = parks["location_quality"].eq("point_shared_centroid")
    yield find("parks_centroid", SOURCE, ids[centroid], of=of)
    named = counties.set_index("geoid")["name"].str.upper().str.removesuffix(" COUNTY")
    other = register["county"].str.upper().ne(parks["county_geoid"].map(named)).fillna(False)
    yield find("parks_county_contradicts", SOURCE, ids[other.astype(bool)], of=of)


def validate(frame: pd.DataFrame) -> None:
    """Raise where a park stands twice, has no point, or a negative count."""
    check_schema(frame, SCHEMA)
