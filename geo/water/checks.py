"""What is wrong with the water tables, counted by our own checks."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd

from geo.crs import STORED
from geo.datasets.findings import Finding, find
from geo.region import Region
from geo.water.contradictions import find_contradictions
from geo.water.locations import CIRCLE, TOO_COARSE, TOO_WIDE, measure_boundaries
from geo.water.sizes import PEOPLE_PER_CONNECTION
from geo.water.systems import place_boundaries, place_points
from geo.water.tables import BOUNDARIES, DETAILS, SAFER, STATE_SMALL, SystemTables, one_row_each

# A street geocode this far from the system's own boundary is another place.
GEOCODE_FAR_M = 1_000.0


def find_faults(raw: SystemTables, systems: gpd.GeoDataFrame, region: Region) -> Iterator[Finding]:
    """Count everything that our checks find wrong with a region's tables, also what was not found: 0."""
    yield from _doubles(raw)
    yield from find_shape_faults(raw.boundaries, region, with_heights=raw.with_heights)
    boundaries = place_boundaries(raw, region)
    outside = boundaries.index[boundaries["outside"]]
    yield find("shapes_outside", BOUNDARIES, outside, of=len(boundaries))
    yield from _point_faults(raw, region)
    yield from _people_faults(raw, systems)
    nowhere = systems.loc[systems["location_quality"].eq("none"), "pwsid"]
    details = raw.tables[DETAILS]["pwsid"].unique()
    yield find("no_location", DETAILS, nowhere[nowhere.isin(details)], of=len(details))
    yield from find_contradictions(raw, systems)


def _doubles(raw: SystemTables) -> Iterator[Finding]:
    boundaries = raw.boundaries
    doubled = boundaries.loc[boundaries.duplicated("pwsid"), "pwsid"].unique()
    yield find("several_boundaries", BOUNDARIES, doubled, of=len(boundaries))
    for key in (DETAILS, STATE_SMALL, SAFER):
        table = raw.tables[key]
        yield find(
            "doubled_pwsids", key, table.loc[table.duplicated("pwsid"), "pwsid"].unique(), of=len(table)
        )


def find_shape_faults(
    boundaries: gpd.GeoDataFrame, region: Region, *, with_heights: int = 0
) -> Iterator[Finding]:
    """Compare shapes with the publisher's own areas, and look for circles and heights.

    Parameters
    ----------
    boundaries
        ``pwsid``, ``published_area_web_mercator_m2`` and polygons in EPSG:4326.
    with_heights
        How many carried a height before they were read.
    """
    shapes = measure_boundaries(boundaries, region)
    ratio = shapes["area_ratio"]
    known = int(ratio.notna().sum())
    yield Finding("heights", BOUNDARIES, with_heights, len(shapes))
    wrong = {
        "repaired_shapes": (shapes["repaired"], len(shapes)),
        "shapes_too_coarse": (ratio.lt(TOO_COARSE), known),
        "shapes_too_wide": (ratio.gt(TOO_WIDE), known),
        "shapes_without_area": (ratio.isna(), len(shapes)),
        "shapes_circles": (shapes["compactness"].gt(CIRCLE), len(shapes)),
    }
    for check, (rows, of) in wrong.items():
        yield find(check, BOUNDARIES, shapes.loc[rows.fillna(False), "pwsid"], of=of)


def _point_faults(raw: SystemTables, region: Region) -> Iterator[Finding]:
    for key, points in zip((SAFER, STATE_SMALL), place_points(raw, region), strict=True):
        yield find("points_outside", key, points.index[points["outside"]], of=len(points))
        shared = points.loc[points["shared"] > 1]
        most = int(points["shared"].max()) if len(points) else 0
        yield find("points_shared", key, shared.index, of=len(points), most=most)
    centroid = points.index[points["location_quality"].eq("point_shared_centroid")]
    yield find("points_centroid", STATE_SMALL, centroid, of=len(points))
    yield _far_geocodes(raw, points, region)


def _far_geocodes(raw: SystemTables, points: gpd.GeoDataFrame, region: Region) -> Finding:
    rows = gpd.GeoDataFrame(one_row_each(raw.boundaries), geometry="geometry", crs=STORED)
    shapes = rows.set_index("pwsid").geometry.to_crs(region.length_crs)
    both = points.index.intersection(shapes.index)
    geocoded = points.reindex(both).geometry.to_crs(region.length_crs)
    distance = geocoded.distance(gpd.GeoSeries(shapes.reindex(both)))
    far = distance[distance > GEOCODE_FAR_M]
    farthest = round(float(distance.max()) / 1000, 1) if len(distance) else 0.0
    return find("geocodes_far", STATE_SMALL, far.index, of=len(both), farthest_km=farthest)


def _people_faults(raw: SystemTables, systems: gpd.GeoDataFrame) -> Iterator[Finding]:
    sellers = systems.loc[systems["population"].eq(0).fillna(False), "pwsid"]
    yield find("sells_to_others", DETAILS, sellers, of=len(systems))
    for key in (SAFER, DETAILS, STATE_SMALL):
        table = one_row_each(raw.tables[key])
        zero = table["population"].eq(0).fillna(False) & table["connections"].gt(0).fillna(False)
        unknown = zero & ~table["pwsid"].isin(sellers)
        yield find("population_zero", key, table.loc[unknown, "pwsid"], of=len(table))
    estimated = systems.loc[systems["population_estimated"], "pwsid"]
    yield find(
        "population_estimated",
        "water_systems",
        estimated,
        of=len(systems),
        people_per_connection=PEOPLE_PER_CONNECTION,
    )
