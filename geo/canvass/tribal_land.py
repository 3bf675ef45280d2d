"""Tribal land in a target: left out unless its tribe agreed, told tribe by tribe and in both directions."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import pandas as pd

from geo.canvass.stretches import read_stretch
from geo.canvass.target import EDGE_SHARE, Target, partly_tribal, share_within


def shares_by_tribe(units: gpd.GeoDataFrame, tribal: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return which share of each unit's area lies on the land of each tribe.

    Parameters
    ----------
    units
        In a projected CRS (m).
    tribal
        Dataset ``tribal_areas``: ``geoid`` of the tribe and shapes, in any CRS.

    Returns
    -------
    pandas.DataFrame
        Units down, tribes across; only tribes on whose land a unit lies, be it in part.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> units = gpd.GeoDataFrame(geometry=[box(0, 0, 10, 10)], index=["u"], crs="EPSG:3310")
    >>> land = [box(0, 0, 4, 10), box(4, 0, 5, 10), box(90, 0, 99, 9)]
    >>> tribal = gpd.GeoDataFrame({"geoid": ["1", "2", "3"]}, geometry=land, crs="EPSG:3310")
    >>> shares_by_tribe(units, tribal).loc["u"].to_dict()
    {'1': 0.4, '2': 0.1}
    """
    parts = {
        str(tribe): share_within(units, gpd.GeoDataFrame(rows)) for tribe, rows in tribal.groupby("geoid")
    }
    return pd.DataFrame(
        {tribe: share for tribe, share in parts.items() if share.gt(0).any()}, index=units.index
    )


def share_without_permission(shares: pd.DataFrame, agreed: Collection[str]) -> pd.Series[float]:
    """Return which share of each unit lies on the land of tribes that did not agree.

    Examples
    --------
    >>> shares = pd.DataFrame({"1": [0.4, 0.0], "2": [0.2, 1.0]}, index=["u", "v"])
    >>> share_without_permission(shares, ["2"]).tolist()
    [0.4, 0.0]
    >>> share_without_permission(shares, []).round(1).tolist()
    [0.6, 1.0]
    """
    others = [tribe for tribe in shares if tribe not in agreed]
    return shares[others].sum(axis=1).clip(upper=1.0).astype("float64")


def partly_there(target: Target, share: pd.Series[float]) -> pd.Series[float]:
    """Count the doors of units that lie partly on tribal land: in the target, and left out for it.

    As :func:`geo.canvass.target.partly_tribal`, of what this target takes or leaves alone.

    Examples
    --------
    >>> rows = {"doors": [9.0, 5.0], "reason": ["tribal_land", "no_count"]}
    >>> target = Target(gpd.GeoDataFrame({"doors": [7.0]}, index=["w"]), pd.DataFrame(rows, index=["u", "v"]))
    >>> partly_there(target, pd.Series({"u": 0.9, "v": 0.9, "w": 0.3, "elsewhere": 0.8})).to_dict()
    {'inside': 7.0, 'outside': 9.0}
    """
    told = pd.concat([target.units[["doors"]], _left_for_it(target)[["doors"]]])
    whole = [name if name in share.index else read_stretch(str(name)).unit for name in told.index]
    there = share.reindex(whole).fillna(0.0).set_axis(told.index)
    return partly_tribal(target.units, gpd.GeoDataFrame(told), there)


def _left_for_it(target: Target) -> pd.DataFrame:
    return target.left_out[target.left_out["reason"].eq("tribal_land").fillna(value=False)]


def doors_by_tribe(target: Target, shares: pd.DataFrame) -> pd.DataFrame:
    """Count, by tribe, the doors of units on its land: those in the target, and those left out for it.

    Of a unit that lies there in part all doors count: nobody knows on which side they stand. Less than a
    hundredth of its area is where two sources draw one line. A unit on the land of two tribes counts at each.

    Parameters
    ----------
    target
        From :func:`geo.canvass.target.choose_units`.
    shares
        From :func:`shares_by_tribe`.

    Returns
    -------
    pandas.DataFrame
        ``taken`` and ``left`` (doors) by tribe; tribes with neither are not among them.

    Examples
    --------
    >>> rows = {"doors": [9.0, 5.0], "reason": ["tribal_land", "no_count"]}
    >>> target = Target(gpd.GeoDataFrame({"doors": [7.0]}, index=["w"]), pd.DataFrame(rows, index=["u", "v"]))
    >>> shares = pd.DataFrame({"1": [0.9, 0.0, 0.3]}, index=["u", "v", "w"])
    >>> doors_by_tribe(target, shares).loc["1"].to_dict()
    {'taken': 7, 'left': 9}
    """
    left = _left_for_it(target)
    table = pd.DataFrame({"taken": _doors_on(target.units, shares), "left": _doors_on(left, shares)})
    return table[table.sum(axis=1) > 0]


def _doors_on(units: pd.DataFrame, shares: pd.DataFrame) -> pd.Series[int]:
    whole = [name if name in shares.index else read_stretch(str(name)).unit for name in units.index]
    there = shares.reindex(whole).fillna(0.0).to_numpy() > EDGE_SHARE
    doors = units["doors"].fillna(0.0).to_numpy(dtype="float64")
    return pd.Series(doors @ there, index=shares.columns).round().astype("int64")
