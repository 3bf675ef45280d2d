"""A place's own doors: block groups divided by place, which units lie in one, and what they hold of it."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.crs import STORED

COUNTS = ("population", "housing_units", "occupied_units")
DIVIDED = "part_of_block_group"


def with_places(areas: gpd.GeoDataFrame, counted: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    """Divide block groups that lie in several places, and tell every unit's place, by the blocks' counts.

    A block group with doors in a place and outside of it, or in two, becomes a unit for each part, with the
    doors, households and people of the blocks there. Blocks, and block groups of one place, stay as they are.

    Parameters
    ----------
    areas
        Dataset ``blocks`` or ``block_groups``.
    counted
        Dataset ``counted_areas``, in the same CRS; None where it is not built.

    Returns
    -------
    geopandas.GeoDataFrame
        ``geoid`` of the unit (``060650456121-0652302`` for a part), counts, ``tract_geoid``, shape, and
        ``place_geoid``, missing outside of places, or where ``place_known`` is false.

    Examples
    --------
    >>> import shapely
    >>> row = {"geoid": ["u"], "tract_geoid": ["1"], "housing_units": [9.0], "occupied_units": [8.0],
    ...     "population": [20.0]}
    >>> groups = gpd.GeoDataFrame(row, geometry=[shapely.box(0, 0, 2, 1)], crs=STORED)
    >>> rows = {"area_id": ["u-p", "u-none"], "unit": DIVIDED, "block_group_geoid": "u", "tract_geoid": "1",
    ...     "place_geoid": ["p", None], "place_known": True, "housing_units": [6.0, 3.0],
    ...     "occupied_units": [6.0, 2.0], "population": [14.0, 6.0]}
    >>> parts = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    >>> units = with_places(groups, gpd.GeoDataFrame(rows, geometry=parts, crs=STORED))
    >>> units[["geoid", "housing_units"]].values.tolist()
    [['u-none', 3.0], ['u-p', 6.0]]
    """
    if counted is None:
        return areas
    several = counted["block_group_geoid"].duplicated(keep=False) & counted["unit"].eq(DIVIDED)
    parts = counted[several & counted["block_group_geoid"].isin(areas["geoid"])]
    whole = areas[~areas["geoid"].isin(parts["block_group_geoid"])]
    # Of a block the area is itself, of a block group in one place its only part.
    by_unit = counted.drop_duplicates("block_group_geoid", keep=False).set_index("block_group_geoid")
    named = pd.concat([counted.set_index("area_id"), by_unit])[["place_geoid", "place_known"]]
    named = named[~named.index.duplicated()].reindex(whole["geoid"]).set_axis(whole.index)
    columns = ["geoid", "tract_geoid", *COUNTS, "place_geoid", "place_known", "geometry"]
    rows = [parts.rename(columns={"area_id": "geoid"})[columns], whole.join(named)[columns]]
    frame = gpd.GeoDataFrame(pd.concat(rows, ignore_index=True), crs=areas.crs)
    known = frame["place_known"].astype("boolean").fillna(value=False).astype(bool)
    return frame.assign(place_known=known).sort_values("geoid", ignore_index=True)


def parts_of_units(units: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Name the parts of every block group that :func:`with_places` divided, most doors first.

    Examples
    --------
    >>> parts_of_units(pd.DataFrame({"doors": [3.0, 6.0, 5.0]}, index=["u-none", "u-p", "v"]))
    {'u': ('u-p', 'u-none')}
    """
    found: dict[str, tuple[str, ...]] = {}
    for name in units["doors"].sort_values(ascending=False, kind="stable").index.astype(str):
        group, _dash, part = name.partition("-")
        if part:
            found[group] = (*found.get(group, ()), name)
    return found


def lie_in(
    units: gpd.GeoDataFrame, places: gpd.GeoDataFrame, shapes: gpd.GeoDataFrame | None = None
) -> pd.Series[bool]:
    """Tell which units lie in one of the places by their blocks' own place, or in one of the shapes.

    Where a unit's place is not known, and in ``shapes``, it lies where its representative point does.

    Parameters
    ----------
    units
        From :func:`geo.canvass.target.to_units`.
    places
        Places (EPSG:4326) by GEOID.
    shapes
        Other areas (EPSG:4326).

    Examples
    --------
    >>> import shapely
    >>> place = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], index=["p"], crs=STORED)
    >>> row = {"place_geoid": ["p", "q", None], "place_known": [True, True, False]}
    >>> squares = [shapely.box(5, 0, 6, 1), shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 1)]
    >>> lie_in(gpd.GeoDataFrame(row, geometry=squares, crs=STORED), place).tolist()
    [True, False, True]
    """
    points = gpd.GeoSeries(units.representative_point(), crs=units.crs).to_crs(STORED)
    inside = points.within(places.geometry.union_all())
    if "place_geoid" in units:
        named = units["place_geoid"].isin([str(geoid) for geoid in places.index])
        inside = inside.where(~units["place_known"], named)
    if shapes is not None and len(shapes):
        inside |= points.within(shapes.geometry.union_all())
    return inside.astype(bool)


def doors_of_places(places: gpd.GeoDataFrame, units: gpd.GeoDataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Tell how many of a place's own doors the units hold that stand for it in a target.

    A unit stands for a place as :func:`lie_in` tells. Where it is a whole block group its doors may lie
    outside of the place all the same, and the place's doors in other units.

    Parameters
    ----------
    places
        ``name`` and shape (EPSG:4326), by GEOID.
    units
        From :func:`to_units`.
    counted
        Dataset ``counted_areas``: ``area_id``, ``block_group_geoid``, ``place_geoid`` and ``housing_units``
        of 2020; areas whose place no code gives count in none.

    Returns
    -------
    pandas.DataFrame
        By GEOID: ``name``; ``doors`` of the place; ``held``, those of them in the units; ``lacking``, those
        in other units; ``beside``, doors of the units that lie outside of the place. Without the places of
        which no door is counted.

    Examples
    --------
    >>> import shapely
    >>> place = gpd.GeoDataFrame({"name": ["P"]}, geometry=[shapely.box(0, 0, 2, 1)], index=["p"], crs=STORED)
    >>> squares = [shapely.box(0, 0, 2.5, 1), shapely.box(1.9, 0, 9, 1)]
    >>> units = gpd.GeoDataFrame(geometry=squares, index=["u", "v"], crs=STORED)
    >>> rows = {"area_id": ["u-p", "u-", "v-p"], "block_group_geoid": ["u", "u", "v"],
    ...     "place_geoid": ["p", None, "p"], "housing_units": [40.0, 7.0, 12.0]}
    >>> doors_of_places(place, units, pd.DataFrame(rows)).to_numpy().tolist()
    [['P', 52, 40, 12, 7]]
    """
    single = ~counted["area_id"].isin(units.index)
    unit = counted["area_id"].where(~single, counted["block_group_geoid"]).astype(str)
    doors = pd.to_numeric(counted["housing_units"]).fillna(0).astype(float)
    of_place = counted["place_geoid"].astype("string").fillna("")
    rows = {}
    for geoid, place in places.iterrows():
        ours = of_place.eq(str(geoid))
        standing = unit.isin(set(units.index[lie_in(units, places.loc[[geoid]])]))
        whole, held = round(doors[ours].sum()), round(doors[ours & standing].sum())
        if whole:
            beside = round(doors[standing & ~ours].sum())
            rows[geoid] = (place["name"], whole, held, whole - held, beside)
    columns = ["name", "doors", "held", "lacking", "beside"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)
