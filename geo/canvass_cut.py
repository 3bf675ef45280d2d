"""A cut for the screen and the walk list: balance in words, colours, blocks in no turf or two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd

from geo.crs import STORED
from geo.language import gettext as _
from geo.turf import TurfCut, turf_hours, units_in_no_turf, units_in_two_turfs
from geo.turf.adjacency import connected


def balance_table(cut: TurfCut, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Tell of every turf its doors, households, people, deviation, hours and compactness.

    Parameters
    ----------
    cut
        The cut.
    units
        Its units, with ``households`` and ``population``; NA counts nothing.

    Returns
    -------
    pandas.DataFrame
        On the turf's number; ``deviation`` a share, ``hours`` of all doors with the ways between.

    Examples
    --------
    >>> balance_table(*_example())["households"].tolist()
    [2, 2]
    """
    sums = units.groupby(cut.labels)[["households", "population"]].sum().astype("int64")
    hours = turf_hours(cut.turfs, doors="doors")["hours"]
    table = pd.DataFrame(cut.turfs[["doors", "deviation", "compactness", "units"]])
    return table.join(sums).assign(hours=hours.round(1), doors=table["doors"].astype("int64"))


def balance_words(cut: TurfCut) -> str:
    """Say how even a cut is, and how near to the best it is for sure.

    Examples
    --------
    >>> balance_words(_example()[0])
    '2 turfs of about 2 doors; the worst is 0.0 % off. No cut can have a worst deviation below 0.0 %.'
    """
    words = _("{turfs} turfs of about {doors} doors; the worst is {worst} % off.").format(
        turfs=len(cut.turfs), doors=f"{cut.mean_doors:,.0f}", worst=f"{100 * cut.worst:.1f}"
    )
    bound = _("No cut can have a worst deviation below {bound} %.").format(bound=f"{100 * cut.bound:.1f}")
    return f"{words} {bound}"


def loose_words(cut: TurfCut) -> str:
    """Say how many doors lie in no turf and in two; none of either after an automatic cut.

    Examples
    --------
    >>> loose_words(_example()[0])
    'Doors in no turf: 0. Doors in two turfs: 0.'
    """
    doors = cut.ground.units["doors"]
    none = doors.loc[units_in_no_turf(doors.index, cut.labels)].sum()
    twice = doors.loc[units_in_two_turfs(cut.labels)].sum()
    return _("Doors in no turf: {none}. Doors in two turfs: {twice}.").format(
        none=f"{none:,.0f}", twice=f"{twice:,.0f}"
    )


def turf_shapes(cut: TurfCut, names: Mapping[int, str] | None = None) -> gpd.GeoDataFrame:
    """Return the turfs for the map, in EPSG:4326: ``turf``, ``name``, ``doors``, ``colour``.

    Neighbours have different colours, numbered from 0.

    Examples
    --------
    >>> turf_shapes(_example()[0])["colour"].tolist()
    [0, 1]
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(cut.turfs.index.tolist())
    labels = cut.labels.to_numpy()
    for place, near in enumerate(cut.ground.adjacency.neighbours):
        graph.add_edges_from(
            (int(labels[place]), int(labels[other])) for other in near if labels[place] != labels[other]
        )
    colours = nx.greedy_color(graph, strategy="DSATUR")
    shapes = gpd.GeoDataFrame(geometry=cut.turfs.geometry.simplify(5.0), crs=cut.turfs.crs).to_crs(STORED)
    called = names or {turf: str(turf + 1) for turf in cut.turfs.index}
    return shapes.assign(
        turf=cut.turfs.index.astype(str),
        name=[called[turf] for turf in cut.turfs.index],
        doors=cut.turfs["doors"].astype("int64"),
        colour=[colours[turf] for turf in cut.turfs.index],
    )


def near_turfs(cut: TurfCut, unit: object) -> list[int]:
    """Turfs that a unit could be moved to: those of its neighbours, but its own.

    Examples
    --------
    >>> near_turfs(_example()[0], 1)
    [1]
    """
    place = int(np.flatnonzero(cut.labels.index == unit)[0])
    near = {int(cut.labels.iloc[other]) for other in cut.ground.adjacency.neighbours[place]}
    return sorted(near - {int(cut.labels.iloc[place])})


def border_units(cut: TurfCut, turf: int) -> list[str]:
    """Units of a turf that can go to another without tearing it apart, those with most doors first.

    Examples
    --------
    >>> border_units(_example()[0], 0)
    [1]
    """
    neighbours = cut.ground.adjacency.neighbours
    members = set(np.flatnonzero(cut.labels.to_numpy() == turf).tolist())
    free = [
        place
        for place in members
        if len(members) > 1 and set(neighbours[place]) - members and connected(neighbours, members - {place})
    ]
    doors = cut.ground.doors
    return [cut.labels.index[place] for place in sorted(free, key=lambda place: (-doors[place], place))]


def new_turf_rows(cut: TurfCut, units: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return what is kept of each turf: number from 0, units, doors, households, population, hours.

    Examples
    --------
    >>> new_turf_rows(*_example())[0]["units"]
    ('0', '1')
    """
    table = balance_table(cut, units)
    members = {turf: tuple(map(str, part)) for turf, part in cut.labels.groupby(cut.labels).groups.items()}
    return [
        {
            "number": place,
            "units": members[turf],
            "doors": int(table.loc[turf, "doors"]),
            "households": int(table.loc[turf, "households"]),
            "population": int(table.loc[turf, "population"]),
            "hours": float(table.loc[turf, "hours"]),
        }
        for place, turf in enumerate(table.index)
    ]


def _example() -> tuple[TurfCut, gpd.GeoDataFrame]:
    """Four squares in a row in two turfs, for the examples."""
    from shapely.geometry import box

    from geo.turf import cut_turfs

    squares = [box(i, 0, i + 1, 1) for i in range(4)]
    counts = {"doors": [1] * 4, "households": [1] * 4, "population": [3] * 4}
    row = gpd.GeoDataFrame(counts, geometry=squares, crs="EPSG:3310")
    return cut_turfs(row, doors="doors", n=2, keep={0: 0, 3: 1}), row
