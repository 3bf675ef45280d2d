"""What it costs to connect each system of a region: its way to the chosen boundary, then the State's method.

Lengths in feet, amounts in US dollars of the method's year. Rough roads are never measured along: then a way
is the straight line times 1.3, with its range, and says so.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.crs import STORED
from geo.methods.roads import RoadGraph, to_road_graph
from geo.water.cost.connection import ITEMS, connection_cost
from geo.water.cost.sensitivity import cost_range
from geo.water.routes import METRES_PER_FOOT, routes

# A system farther from every road than this gets a straight line, in m.
SNAP_LIMIT_M = 1000.0
NEEDED = ("pwsid", "population", "connections", "merge_type", "distance_ft", "county_geoid")
WAY = ("merge_type", "basis", "distance_ft", "low_ft", "high_ft")


def fit_roads(roads: gpd.GeoDataFrame | None, length_crs: str) -> RoadGraph | None:
    """Make a graph of the roads that are fit for measuring; None where there are none.

    Parameters
    ----------
    roads
        Dataset ``roads`` in EPSG:4326, with ``rough``; None where it is not built.

    Examples
    --------
    >>> from shapely.geometry import LineString
    >>> line = LineString([(-116, 33.5), (-115.9, 33.5)])
    >>> rough = gpd.GeoDataFrame({"rough": [True]}, geometry=[line], crs=4326)
    >>> fit_roads(rough, "EPSG:26911") is None, fit_roads(rough.assign(rough=False), "EPSG:26911") is None
    (True, False)
    """
    if roads is None:
        return None
    fit = roads[~roads["rough"].fillna(True).astype(bool)]
    return None if fit.empty else to_road_graph(fit.to_crs(length_crs))


def measure_ways(
    systems: gpd.GeoDataFrame, boundary: BaseGeometry, length_crs: str, roads: RoadGraph | None = None
) -> gpd.GeoDataFrame:
    """Measure each system's way to a boundary.

    Parameters
    ----------
    systems
        Dataset ``water_systems``, in EPSG:4326.
    boundary
        The receiver's, in EPSG:4326.
    length_crs
        A projected CRS in metres.

    Returns
    -------
    geopandas.GeoDataFrame
        Index pwsid: ``merge_type``, ``basis``, ``distance_ft``, ``low_ft``, ``high_ft`` (NA without a place)
        and the
        way as geometry, in EPSG:4326.
    """
    projected = systems.set_index("pwsid")[["geometry"]].to_crs(length_crs)
    edge = gpd.GeoSeries([boundary], crs=systems.crs).to_crs(length_crs).item()
    found = routes(projected, edge, roads=roads, snap_limit_m=SNAP_LIMIT_M)
    found["low_ft"], found["high_ft"] = found["low_m"] / METRES_PER_FOOT, found["high_m"] / METRES_PER_FOOT
    ways = gpd.GeoSeries(found["route"], index=found.index, crs=length_crs).to_crs(STORED)
    return gpd.GeoDataFrame(found[list(WAY)], geometry=ways)


def cost_systems(
    systems: pd.DataFrame, ways: pd.DataFrame, *, method: str = "swrcb_2024", **changes: float
) -> pd.DataFrame:
    """Cost each system's own connection, with its range.

    The low end takes the shortest way and every parameter at its cheaper end, the high end the opposite: the
    range is wider than what is likely.

    Parameters
    ----------
    systems
        ``pwsid``, ``population``, ``connections``, ``county_geoid``.
    ways
        Index pwsid, as of :func:`measure_ways`.

    Returns
    -------
    pandas.DataFrame
        Index pwsid: what :func:`geo.water.cost.connection.connection_cost` returns, ``basis``,
        ``low_cost_usd``, ``high_cost_usd``. A system without a place has NA and a reason.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": ["CA3301380"], "population": [122.0], "connections": [37.0],
    ...     "county_geoid": ["06065"]})
    >>> way = pd.DataFrame({"merge_type": ["intersect"], "basis": ["intersect"], "distance_ft": [0.0],
    ...     "low_ft": [0.0], "high_ft": [0.0]}, index=["CA3301380"])
    >>> cost_systems(park, way).round(0)[["total_cost_usd", "high_cost_usd"]].values.tolist()
    [[1345278.0, 2624573.0]]
    """
    table = with_ways(systems, ways)
    costs = connection_cost(table[list(NEEDED)], method=method, **changes)
    near, far = (table.assign(distance_ft=table[end])[list(NEEDED)] for end in ("low_ft", "high_ft"))
    costs["low_cost_usd"] = cost_range(near, method=method, **changes)["low_cost_usd"]
    costs["high_cost_usd"] = cost_range(far, method=method, **changes)["high_cost_usd"]
    return costs.assign(basis=table["basis"]).drop(columns="pwsid")


def with_ways(systems: pd.DataFrame, ways: pd.DataFrame) -> pd.DataFrame:
    """Lay systems out as :func:`connection_cost` wants them, with their ways' range.

    Parameters
    ----------
    systems, ways
        As for :func:`cost_systems`.

    Returns
    -------
    pandas.DataFrame
        Index pwsid: :data:`NEEDED`, ``basis``, ``low_ft``, ``high_ft``.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": ["CA3301380"], "population": [122.0], "connections": [37.0],
    ...     "county_geoid": ["06065"]})
    >>> with_ways(park, pd.DataFrame(columns=list(WAY)))["merge_type"].tolist()
    ['route']
    """
    table = systems[["pwsid", "population", "connections", "county_geoid"]].set_index("pwsid", drop=False)
    table = table.join(ways[list(WAY)])
    return table.assign(merge_type=table["merge_type"].fillna("route"))


def line_items(cost: pd.Series[float]) -> pd.Series[float]:
    """Return a system's line items that are not 0, in USD.

    Examples
    --------
    >>> line_items(pd.Series({name: float(name == "ceqa_usd") for name in ITEMS})).to_dict()
    {'ceqa_usd': 1.0}
    """
    items = cost[list(ITEMS)].astype(float)
    return items[items.ne(0)]
