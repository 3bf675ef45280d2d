"""The places of which it is told who lives there, and how those without an outline get a footprint.

A water system with an outline is interpolated. One that is a point gets a circle, whose radius says how
far the place can be trusted; one whose outline is so small that it is not known which of the people around it
live inside gets no better. Of both, the State publishes how many people and connections there are, so it is
that size which counts, and only the rates come from the surroundings. Of a system whose people do not live
there (a school, a campground) nothing but how many people it serves is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.methods.interpolation.ledger import Ledger
from geo.methods.margins import Z_90, to_floats
from geo.region import Region
from geo.tracts.residents.estimate import (
    COLUMNS,
    SPLIT_BY,
    VARIABLES,
    WHOLES,
    Crosswalks,
    PeopleMap,
    count,
    estimate,
    project,
    to_crosswalks,
    to_ledger,
)

RADIUS_M = {
    "point_published": 1_000.0,
    "point_street": 1_000.0,
    "point_shared": 1_000.0,
    "point_shared_centroid": 5_000.0,
}
"""Radius in meters of the circle around a point, by how far the point can be trusted
(:mod:`geo.water.service_areas`). A point outside of its own county is no place."""

MOST_DOUBT = 0.5
"""Margin of a count, as a share of it, beyond which a system's own published size goes before the census. So
it does where nobody is known to live inside."""

SIZES = {"people": "population", "homes": "connections"}
"""By which published column of a water system the people and homes around it are scaled."""

DOUBTED = ["estimate", "moe", "moe_sampling", "share_guesswork"]

VISITED = ("transient", "non_transient")
"""Classes of systems whose published population does not live there."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of target: the dataset and the column of its identifier."""

    key: str
    dataset: str
    identifier: str


KINDS = (
    Kind("water_system", "water_systems", "pwsid"),
    Kind("school_district", "school_districts", "geoid"),
    Kind("place", "places", "geoid"),
    Kind("tribal_area", "tribal_areas", "geoid"),
    Kind("district", "districts", "district_id"),
)


def serve_outlines(
    people: PeopleMap, targets: gpd.GeoDataFrame, kind: Kind, region: Region
) -> tuple[pd.DataFrame, Ledger]:
    """Tell who lives in each outline.

    Parameters
    ----------
    people
        Tracts and where people live.
    targets
        Polygons in EPSG:4326 with the kind's identifier.

    Returns
    -------
    tuple of DataFrame, Ledger
        The tidy table (:data:`geo.tracts.residents.estimate.COLUMNS`), and the account.
    """
    outlines = project(targets.set_index(kind.identifier)[["geometry"]], region.area_crs)
    shares = to_crosswalks(people, outlines, people.places if kind.key == "place" else None)
    rows, lines = estimate(people, shares)
    parts = [rows.assign(method="interpolated"), count(people, shares)]
    told = pd.concat([part for part in parts if len(part)], ignore_index=True)
    told = told.assign(target_kind=kind.key, footprint="polygon")
    return told[list(COLUMNS)], to_ledger(people, lines, kind.dataset)


def serve_systems(
    people: PeopleMap, systems: gpd.GeoDataFrame, region: Region
) -> tuple[pd.DataFrame, Ledger]:
    """Tell who is served by each water system; see the module on how each gets its footprint.

    Parameters
    ----------
    people
        Tracts and where people live.
    systems
        The dataset ``water_systems``, in EPSG:4326.

    Returns
    -------
    tuple of DataFrame, Ledger
        The tidy table, with a row of missing values for each variable of a system without a place; and the
        account of the outlines, which takes those that are scaled as they were before.
    """
    systems = systems.set_index("pwsid")
    outlines = project(systems.loc[_has_outline(systems), ["geometry"]], region.area_crs)
    shares = to_crosswalks(people, outlines)
    rows, lines = estimate(people, shares)
    margin = Z_90 * np.sqrt(shares.placing["people"])
    vague = (shares.counts["people"] <= 0) | (margin > MOST_DOUBT * shares.counts["people"])
    small = vague.index[vague & has_size(systems.loc[vague.index])]
    circles = to_circles(systems, region)
    counted = count(people, shares)
    parts = [
        rows[~rows["target_id"].isin(small)].assign(method="interpolated"),
        counted[~counted["target_id"].isin(small)] if len(counted) else counted,
        _scaled(people, _only(shares, small), systems),
        _scaled(people, to_crosswalks(people, circles), systems),
        _without_place(systems.index.difference(outlines.index).difference(circles.index)),
    ]
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    shapes = _footprints(systems, frame["target_id"]).mask(frame["method"] == "no_place", "none")
    frame = frame.assign(target_kind="water_system", footprint=shapes)
    return frame[list(COLUMNS)], to_ledger(people, lines, "water_systems")


def has_size(systems: pd.DataFrame) -> pd.Series[bool]:
    """Whether the State publishes how many people and connections a system has.

    Examples
    --------
    >>> has_size(pd.DataFrame({"population": [25, None], "connections": [9, 9]})).tolist()
    [True, False]
    """
    sizes = systems[list(SIZES.values())]
    return sizes.notna().all(axis=1) & (sizes.fillna(0) > 0).all(axis=1)


def to_circles(systems: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Draw a circle of :data:`RADIUS_M` around each system that is a point with a published size.

    Parameters
    ----------
    systems
        On PWSIDs, in EPSG:4326.

    Returns
    -------
    GeoDataFrame
        In the region's equal-area CRS.
    """
    trusted = systems["location_quality"].isin(list(RADIUS_M))
    points = systems.loc[trusted & has_size(systems), ["location_quality", "geometry"]]
    radius_m = points["location_quality"].map(RADIUS_M).to_numpy(float)
    circles = points.geometry.to_crs(region.area_crs).buffer(radius_m, quad_segs=16)
    return gpd.GeoDataFrame(geometry=circles, index=points.index, crs=region.area_crs)


def scale_to(table: pd.DataFrame, size: pd.Series[float], counts: pd.Series[float]) -> pd.DataFrame:
    """Turn shares of tracts into those that a target of a published size has.

    The tracts' parts in the target stay as they are (by weight, or by area where nobody is known to live);
    their sum becomes the size. A share is beyond 1 where the target has more people than the tract it is
    known to lie in, as has a city's system that is known as a point. Tracts without people have no rates and
    take no part; a target with no other has no rows.

    Parameters
    ----------
    table
        Crosswalk of tracts and targets.
    size
        Published people (homes) of each target.
    counts
        People (homes) of each tract.

    Examples
    --------
    >>> pairs = {"source": ["a", "b"], "target": ["t", "t"], "weight": [30.0, 10.0], "area_m2": [1.0, 1.0]}
    >>> people = pd.Series({"a": 1000.0, "b": 500.0})
    >>> scale_to(pd.DataFrame(pairs), pd.Series({"t": 80.0}), people)["share_of_source"].tolist()
    [0.06, 0.04]
    """
    of = to_floats(counts.reindex(table["source"]))
    settled, whole = table[of > 0], of[of > 0]
    sums = settled.groupby("target")[["weight", "area_m2"]].transform("sum")
    by_weight = settled["weight"] / sums["weight"].where(sums["weight"] > 0)
    part = by_weight.fillna(settled["area_m2"] / sums["area_m2"])
    return settled.assign(share_of_source=part * to_floats(size.reindex(settled["target"])) / whole)


def _scaled(people: PeopleMap, shares: Crosswalks, systems: pd.DataFrame) -> pd.DataFrame:
    """Take the rates of the surroundings times the published size, and that size itself as it stands."""
    tables = {
        weight: scale_to(shares.tables[weight], systems[SIZES[weight]], people.tracts[WHOLES[weight]])
        for weight in SPLIT_BY
    }
    # A published size does not hang on where the people around live.
    rows, _ = estimate(people, replace(shares, tables=tables, placing=0.0 * shares.placing))
    visited = rows["target_id"].isin(systems.index[systems["system_class"].isin(VISITED)])
    rows["method"] = pd.Series("rates_of_surroundings", rows.index).mask(visited, "not_residents")
    rows.loc[visited, DOUBTED] = np.nan
    for weight, name in WHOLES.items():
        is_size = rows["variable"] == name
        size = systems[SIZES[weight]].reindex(rows.loc[is_size, "target_id"])
        rows.loc[is_size, DOUBTED] = np.nan
        rows.loc[is_size, "estimate"] = to_floats(size)
        rows.loc[is_size, "method"] = "published"
    guessed = rows["target_id"].isin(systems.index[systems["population_estimated"]])
    rows.loc[guessed & rows["variable"].eq("population"), "method"] = "estimated_size"
    # A connection of a school or a campground is no household.
    gone = visited & rows["variable"].eq("households")
    rows.loc[gone, "estimate"] = np.nan
    rows.loc[gone, "method"] = "not_residents"
    rows.loc[rows["method"] != "rates_of_surroundings", ["source", "vintage"]] = None
    return rows


def _only(shares: Crosswalks, targets: pd.Index[str]) -> Crosswalks:
    tables = {weight: table[table["target"].isin(targets)] for weight, table in shares.tables.items()}
    return replace(shares, tables=tables, targets=targets)


def _without_place(identifiers: pd.Index[str]) -> pd.DataFrame:
    pairs = pd.MultiIndex.from_product([identifiers, VARIABLES], names=["target_id", "variable"])
    frame = pairs.to_frame(index=False).assign(method="no_place")
    blank = [*DOUBTED, "coverage", "share_by_area", "source", "vintage"]
    return frame.reindex(columns=["target_id", "variable", "method", *blank])


def _has_outline(systems: gpd.GeoDataFrame) -> pd.Series[bool]:
    return systems.geometry.notna() & systems.geom_type.isin(["Polygon", "MultiPolygon"])


def _footprints(systems: pd.DataFrame, identifiers: pd.Series[str]) -> pd.Series[str]:
    """Name the shape that stood for a system: the quality of its outline, or the circle's radius."""
    quality = systems["location_quality"].astype("string")
    circle = quality.map({key: f"circle_{radius:.0f}_m" for key, radius in RADIUS_M.items()})
    return circle.fillna(quality).reindex(identifiers).set_axis(identifiers.index)
