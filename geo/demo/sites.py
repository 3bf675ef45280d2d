"""Where the small water systems of the invented valley lie: by a street, each within one block."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geo.demo.valley import METRIC_CRS, Floats, random_for

APART_M = 320.0
SETBACK_M = 35.0


def choose_sites(
    roads: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame, connections: list[int], seed: int
) -> list[shapely.Polygon]:
    """Lay out one site for each number of connections, the poorer and emptier places more likely.

    Returns rectangles beside a street in EPSG:3310 (m), each within one block and apart from others.
    """
    rng = random_for(seed, "sites")
    segments, weights = _segments(roads, blocks)
    order = rng.choice(len(segments), size=len(segments), replace=False, p=weights / weights.sum())
    shapes = np.asarray(blocks.geometry.to_crs(METRIC_CRS).array, dtype=object)
    tree = shapely.STRtree(shapes)
    sites: list[shapely.Polygon] = []
    for number in order:
        if len(sites) == len(connections):
            break
        site = lay_site(segments[number], connections[len(sites)], rng)
        apart = all(site.distance(other) > APART_M for other in sites)
        if apart and len(tree.query(site, predicate="within")):
            sites.append(site)
    if len(sites) < len(connections):
        raise AssertionError(f"only {len(sites)} sites for {len(connections)} systems")
    return sites


def lay_site(segment: Floats, connections: int, rng: np.random.Generator) -> shapely.Polygon:
    """Lay a rectangle beside a street's segment (two points, m), about 450 m2 a connection."""
    start, end = segment
    along = (end - start) / np.hypot(*(end - start))
    across = np.array([-along[1], along[0]]) * rng.choice([-1.0, 1.0])
    area = 2_000.0 + 450.0 * connections * rng.uniform(0.8, 1.3)
    width = np.sqrt(area) * rng.uniform(0.8, 1.4)
    depth = area / width
    corner = start + (end - start) * rng.uniform(0.3, 0.7) + across * SETBACK_M
    bite = rng.uniform(0.2, 0.45)
    outline = [(0, 0), (width, 0), (width, depth * (1 - bite)), (width * 0.7, depth), (0, depth)]
    return shapely.Polygon([corner + along * a + across * b for a, b in outline])


def _segments(roads: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame) -> tuple[list[Floats], Floats]:
    """Segments of walkable streets in EPSG:3310, with how likely a park is there."""
    lines = roads.loc[roads["mtfcc"] != "S1100"].geometry.to_crs(METRIC_CRS)
    pairs = [pair for line in lines for pair in _pairs(shapely.get_coordinates(line))]
    middles = shapely.points([pair.mean(axis=0) for pair in pairs])
    centres = shapely.STRtree(np.asarray(blocks.geometry.to_crs(METRIC_CRS).centroid.array, dtype=object))
    near = centres.nearest(middles)
    hardship, density = blocks["hardship"].to_numpy()[near], blocks["density"].to_numpy()[near]
    east = 1.0 / (1.0 + np.exp(-(blocks["column"].to_numpy()[near] - 13.0) / 1.5))
    weights = np.clip(hardship, 0.05, 1) ** 2 * np.exp(-9.0 * density) * (0.06 + east) + 1e-9
    return pairs, np.asarray(weights)


def _pairs(points: Floats) -> list[Floats]:
    pairs = [points[k : k + 2] for k in range(len(points) - 1)]
    return [pair for pair in pairs if np.hypot(*(pair[1] - pair[0])) > 250.0]
