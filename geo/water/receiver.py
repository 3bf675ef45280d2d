"""The receiving district: what a pipe may lead to, which systems may join, what the choice means."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from geo.crs import STORED, require_crs
from geo.datasets.storage import read_shapes_of
from geo.errors import MissingDatasetError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.drawing import read_drawings, require_drawn
from geo.region import Bounds, Region
from geo.units import to_words
from geo.water.boundary_fit import FITTED, Fit
from geo.water.cost.connection import connection_cost
from geo.water.routes import NEEDED, with_ways
from geo.water.service_areas import UNCERTAIN_PLACES

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


MAINS = "mains"
MAINS_KIND = N_("Water mains")
FITTED_KIND = N_("Fitted to the State's 2021 table")
# A main lies somewhere in the street, and a file of mains seldom on the line of another file of roads:
# whatever comes within half a street of it has reached it.
HALF_STREET_M = 15.0


def list_targets(
    region: Region, mains: gpd.GeoDataFrame | None, fit: Fit | None = None
) -> list[BoundaryChoice]:
    """List what a pipe may have to reach: boundaries, the largest first, the fitted one, the mains.

    Mains have no area (NaN).

    Parameters
    ----------
    mains
        Dataset ``water_mains``; None where it is not built.
    fit
        As of :func:`geo.water.boundary_fit.fit_boundary`; its shape is one of the choices where it has one.

    Raises
    ------
    MissingDatasetError
        The dataset ``receiver_boundaries`` is not built.
    """
    boundaries = receiver_boundaries(region)
    if fit is not None and fit.shape is not None:
        title = region.receiver_name or ""
        fitted = BoundaryChoice(FITTED, title, FITTED_KIND, "2021", fit.area_km2, None, "consolidation_2021")
        boundaries = [*boundaries, fitted]
    if mains is None or mains.empty or not boundaries:
        return boundaries
    title = _("{count} mains as the district gave them").format(count=len(mains))
    choice = BoundaryChoice(MAINS, title, MAINS_KIND, "", math.nan, None, "water_mains")
    return [*boundaries, choice]


def read_target(
    region: Region, key: str, mains: gpd.GeoDataFrame | None, fit: Fit | None = None
) -> gpd.GeoDataFrame:
    """Return what a pipe must reach, as one polygon in EPSG:4326.

    Parameters
    ----------
    key
        Of a boundary, :data:`geo.water.boundary_fit.FITTED`, or :data:`MAINS`.
    mains
        Dataset ``water_mains``; None where it is not built.
    fit
        Has the shape of the fitted boundary.

    Raises
    ------
    MissingDatasetError
        No such boundary; mains that are not here.
    """
    if key == MAINS and mains is not None and not mains.empty:
        return reach_of_mains(mains, region)
    if key == FITTED and fit is not None and fit.shape is not None:
        return gpd.GeoDataFrame({"boundary_id": [FITTED]}, geometry=[fit.shape], crs=STORED)
    return receiver_boundary(region, key)


def reach_of_mains(mains: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Return all that lies within half a street (15 m) of a main, as one shape in EPSG:4326.

    Parameters
    ----------
    mains
        Lines in EPSG:4326.

    Examples
    --------
    >>> from shapely.geometry import LineString
    >>> from geo.region import read_region
    >>> line = gpd.GeoDataFrame(geometry=[LineString([(-116, 33.5), (-115.99, 33.5)])], crs=4326)
    >>> round(reach_of_mains(line, read_region("demo")).to_crs(26911).area.item() / 1000)
    29
    """
    require_crs(mains)
    shape = mains.geometry.to_crs(region.length_crs).buffer(HALF_STREET_M).union_all()
    frame = gpd.GeoDataFrame({"boundary_id": [MAINS]}, geometry=[shape], crs=region.length_crs)
    return frame.to_crs(STORED)


# The 2024 method's own limits: a joining system has 1,000 connections at most, a route 3 miles.
MOST_CONNECTIONS = 1000
MOST_MILES = 3.0
METERS_PER_MILE = 1609.344
HOMES = ("community", "state_small", "unknown")
SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "near": N_("Small systems near the district"),
        "small": N_("All small systems"),
        "all": N_("All systems"),
    }
)


def miles_to(systems: gpd.GeoDataFrame, boundary: BaseGeometry, length_crs: str) -> pd.Series[float]:
    """Straight-line distance of each system to a boundary in miles; 0 inside, NA without a place.

    Parameters
    ----------
    systems
        ``pwsid`` and geometry, in EPSG:4326.
    boundary
        In EPSG:4326.
    length_crs
        A projected CRS in meters.

    Examples
    --------
    >>> from shapely.geometry import Point, box
    >>> parks = gpd.GeoDataFrame({"pwsid": ["a", "b"]}, geometry=[Point(-116, 33.5), None], crs=4326)
    >>> miles_to(parks, box(-116.1, 33.4, -115.9, 33.6), "EPSG:26911").tolist()
    [0.0, nan]
    """
    require_crs(systems)
    edge = gpd.GeoSeries([boundary], crs=systems.crs).to_crs(length_crs).item()
    meters = systems.geometry.to_crs(length_crs).distance(edge)
    return pd.Series(meters.to_numpy() / METERS_PER_MILE, index=pd.Index(systems["pwsid"]), name="miles")


def in_scope(systems: pd.DataFrame, miles: pd.Series[float] | None, scope: str) -> pd.Series[bool]:
    """Tell which systems a scope holds.

    A small system is no receiver, has at most 1,000 connections or an unknown number, and serves homes or is
    of an unknown class.

    Parameters
    ----------
    systems
        ``pwsid``, ``connections``, ``system_class``, ``is_receiver``.
    miles
        By pwsid, as of :func:`miles_to`; None where there is no receiving district: all count as near.
    scope
        A key of :data:`SCOPES`.

    Examples
    --------
    >>> systems = pd.DataFrame({"pwsid": ["a", "b", "c"], "connections": [12, 90_000, None],
    ...     "system_class": ["community"] * 3, "is_receiver": [False, True, False]})
    >>> in_scope(systems, pd.Series({"a": 2.0, "b": 0.0, "c": 9.0}), "near").tolist()
    [True, False, False]
    """
    if scope == "all":
        return pd.Series(True, index=systems.index)
    few = systems["connections"].isna() | systems["connections"].le(MOST_CONNECTIONS).fillna(True)
    small = (few & ~systems["is_receiver"] & systems["system_class"].isin(HOMES)).astype(bool)
    if scope == "small" or miles is None:
        return small
    away = systems["pwsid"].map(miles)
    return small & (away.isna() | away.le(MOST_MILES)).astype(bool)


def inside_drawing(systems: gpd.GeoDataFrame, drawing: Mapping[str, Any]) -> list[str]:
    """List the systems whose place lies inside a drawn area; a drawing that is no area holds none.

    Parameters
    ----------
    systems
        ``pwsid`` and geometry, in EPSG:4326.
    drawing
        GeoJSON geometry, in degrees.

    Examples
    --------
    >>> from shapely.geometry import Point, box, mapping
    >>> parks = gpd.GeoDataFrame({"pwsid": ["a", "b"]}, geometry=[Point(0, 0), Point(5, 5)], crs=4326)
    >>> inside_drawing(parks, mapping(box(-1, -1, 1, 1)))
    ['a']
    """
    require_crs(systems)
    if not str(drawing.get("type")).endswith("Polygon"):
        return []
    (area,) = read_drawings([{"geometry": drawing}])
    require_drawn(area)
    placed = systems[systems.geometry.notna()]
    points = placed.representative_point()
    return placed.loc[points.within(area), "pwsid"].astype(str).tolist()


def bounds_of_systems(systems: gpd.GeoDataFrame, within: Bounds) -> Bounds:
    """Box around the systems that lie within a box; that box itself where none does (EPSG:4326).

    Examples
    --------
    >>> from shapely.geometry import Point
    >>> parks = gpd.GeoDataFrame({"pwsid": ["a", "b"]}, geometry=[Point(0, 0), Point(9, 9)], crs=4326)
    >>> bounds_of_systems(parks, (-1, -1, 2, 2))
    (0.0, 0.0, 0.0, 0.0)
    """
    require_crs(systems)
    inside = systems[systems.representative_point().within(box(*within))]
    if inside.empty:
        return within
    west, south, east, north = (float(side) for side in inside.total_bounds)
    return west, south, east, north


def doubtful_places(systems: gpd.GeoDataFrame) -> list[str]:
    """List the systems whose place on the map is doubtful: a pipe to it may lead nowhere near them.

    Parameters
    ----------
    systems
        ``pwsid`` and ``location_quality``.

    Examples
    --------
    >>> quality = ["point_shared_centroid", "polygon"]
    >>> doubtful_places(gpd.GeoDataFrame({"pwsid": ["a", "b"], "location_quality": quality}))
    ['a']
    """
    doubtful = systems["location_quality"].isin(UNCERTAIN_PLACES).fillna(False).astype(bool)
    return systems.loc[doubtful, "pwsid"].astype(str).tolist()


def estimated_words(systems: gpd.GeoDataFrame) -> str:
    """Say of how many systems the people are estimated; empty where of none.

    Parameters
    ----------
    systems
        ``population_estimated``.

    Examples
    --------
    >>> estimated_words(gpd.GeoDataFrame({"population_estimated": [True]}))
    "1 system's population is an estimate (3.3 people a connection)."
    """
    guessed = int(systems["population_estimated"].fillna(False).astype(bool).sum())
    if not guessed:
        return ""
    return ngettext(
        "{count} system's population is an estimate (3.3 people a connection).",
        "The population of {count} systems is an estimate (3.3 people a connection).",
        guessed,
    ).format(count=guessed)


FEET_PER_MILE = 5280.0


def boundary_effect(
    systems: pd.DataFrame, ways: Mapping[str, pd.DataFrame], chosen: str, *, method: str = "swrcb_2024"
) -> pd.DataFrame:
    """Tell, for each boundary, how many systems touch it, how far the others are, what each alone would cost.

    Parameters
    ----------
    systems
        Dataset ``water_systems``, those that are asked about.
    ways
        By boundary's title, as :func:`geo.water.routes.measure_ways` returns them.
    chosen
        The title of the boundary that counts now.

    Returns
    -------
    pandas.DataFrame
        Index the title: ``inside``, ``outside``, ``unknown`` (numbers of systems), ``miles`` (sum of the ways
        of those outside), ``total_cost_usd`` and ``costed`` (the sum, and how many systems it holds),
        ``fundable`` (how many, NA where the method does not say), ``more_usd`` (beside the chosen boundary).

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": ["CA3301380"], "population": [122.0], "connections": [37.0],
    ...     "county_geoid": ["06065"]})
    >>> way = pd.DataFrame({"merge_type": ["intersect"], "basis": ["intersect"], "distance_ft": [0.0],
    ...     "low_ft": [0.0], "high_ft": [0.0]}, index=["CA3301380"])
    >>> boundary_effect(park, {"one": way}, "one")[["inside", "total_cost_usd"]].round().values.tolist()
    [[1.0, 1345278.0]]
    """
    tables = {title: with_ways(systems, way) for title, way in ways.items()}
    rows = {title: _row(table, method) for title, table in tables.items()}
    effect = pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS)
    now = float(effect["total_cost_usd"][chosen])
    return effect.assign(more_usd=effect["total_cost_usd"] - now)


COLUMNS = ["inside", "outside", "unknown", "miles", "total_cost_usd", "costed", "fundable"]


def _row(table: pd.DataFrame, method: str) -> tuple[object, ...]:
    cost = connection_cost(table[list(NEEDED)], method=method)
    inside, unknown = int(table["merge_type"].eq("intersect").sum()), int(table["distance_ft"].isna().sum())
    total, fundable = cost["total_cost_usd"], cost["fundable"].dropna()
    return (
        inside,
        len(table) - inside - unknown,
        unknown,
        float(table["distance_ft"].sum()) / FEET_PER_MILE,
        float(total.sum()),
        int(total.notna().sum()),
        int(fundable.sum()) if len(fundable) else pd.NA,
    )


def effect_words(effect: pd.DataFrame) -> str:
    """Say in a sentence how much hangs on the choice.

    Examples
    --------
    >>> effect = pd.DataFrame({"inside": [9, 2], "outside": [0, 7], "unknown": [0, 0], "miles": [0.0, 21.4],
    ...     "total_cost_usd": [9e6, 60e6]})
    >>> effect_words(effect)[:59]
    'Depending on where the mains are, 2 to 9 of these systems t'
    """
    if len(effect) < 2:
        return ""
    if effect[["inside", "outside", "unknown"]].sum(axis=1).max() == 1:
        return _alone_words(effect)
    ends = {name: (effect[name].min(), effect[name].max()) for name in ("inside", "miles", "total_cost_usd")}
    return _(
        "Depending on where the mains are, {few} to {many} of these systems touch the district, the pipe the "
        "others need is {near} to {far} miles long, and connecting each on its own costs {low} to {high}."
    ).format(
        few=ends["inside"][0],
        many=ends["inside"][1],
        near=f"{ends['miles'][0]:.1f}",
        far=f"{ends['miles'][1]:.1f}",
        low=to_words(ends["total_cost_usd"][0], "USD"),
        high=to_words(ends["total_cost_usd"][1], "USD"),
    )


def _alone_words(effect: pd.DataFrame) -> str:
    known = effect[effect["costed"].gt(0)]
    if known.empty:
        return _("Its cost is not known with any of them.")
    return _(
        "Depending on where the mains are, this system needs {near} to {far} miles of pipe, and connecting "
        "it alone costs {low} to {high}."
    ).format(
        near=f"{known['miles'].min():.1f}",
        far=f"{known['miles'].max():.1f}",
        low=to_words(known["total_cost_usd"].min(), "USD"),
        high=to_words(known["total_cost_usd"].max(), "USD"),
    )
