"""A target cut into turfs as asked for: its balance, colors and neighbors, for the screen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd

from geo.canvass.codes import unit_name
from geo.canvass.stretches import count_doors, join_stretches, read_stretch, resolve_units, without
from geo.canvass.turfs import TurfCut, cut_turfs, turf_hours, units_in_two_turfs
from geo.canvass.turfs.check import check_units, turf_count
from geo.crs import STORED
from geo.errors import first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.partition.adjacency import connected
from geo.methods.partition.annealing import Tell, tell_nobody

MINUTES_PER_DOOR = 5.0
WAYS: Mapping[str, str] = {
    "n": N_("By number of turfs (same number of doors)"),
    "n_hours": N_("By number of turfs (same number of hours)"),
    "doors": N_("Doors a turf"),
    "hours": N_("Hours a turf"),
}
"""How many turfs: their number, or what each holds; marked for translation."""


@dataclass(frozen=True, slots=True)
class CutWish:
    """How a cut is asked for: a key of :data:`WAYS`, how many of it, minutes at a door, a share, a seed."""

    way: str = "n"
    count: int = 12
    minutes_per_door: float = MINUTES_PER_DOOR
    tolerance: float = 0.05
    seed: int = 0

    @property
    def balance(self) -> str:
        """Column that is balanced."""
        return "hours" if self.way in ("n_hours", "hours") else "doors"

    @property
    def number(self) -> int | None:
        """Turfs asked for; None where doors or hours a turf are."""
        return self.count if self.way in ("n", "n_hours") else None


def with_hours(units: gpd.GeoDataFrame, minutes_per_door: float = MINUTES_PER_DOOR) -> gpd.GeoDataFrame:
    """Add to units the ``hours`` that they take: doors, and the way from door to door.

    See :func:`geo.canvass.turfs.turf_hours`.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> units = gpd.GeoDataFrame({"doors": [60]}, geometry=[box(0, 0, 600, 400)], crs="EPSG:3310")
    >>> with_hours(units)["hours"].round(2).tolist()
    [5.78]
    """
    return units.assign(hours=turf_hours(units, doors="doors", minutes_per_door=minutes_per_door)["hours"])


def minutes_driven(units: gpd.GeoDataFrame, minutes_per_door: float = MINUTES_PER_DOOR) -> pd.Series[float]:
    """Estimate how many minutes of an hour in each unit are driven, from door to door.

    A turf of units of which none is over a limit is not over it either. The way between blocks, which a walk
    list tells, is not in it. See :func:`geo.canvass.turfs.turf_hours`; a unit without doors takes none, and
    one whose doors are not counted is missing.

    Parameters
    ----------
    units
        With ``doors``, in a projected CRS (m).
    minutes_per_door
        Time at a door.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> shapes = [box(0, 0, 300, 300), box(0, 0, 5000, 5000), box(0, 0, 9, 9)]
    >>> units = gpd.GeoDataFrame({"doors": [20, 20, 0]}, geometry=shapes, crs="EPSG:3310")
    >>> minutes_driven(units).round(1).tolist()
    [0.0, 14.2, 0.0]
    """
    counted = gpd.GeoDataFrame(units[units["doors"].notna()])
    hours = turf_hours(counted, doors="doors", minutes_per_door=minutes_per_door)
    share = hours["driving_hours"] / hours["hours"].where(hours["hours"] > 0)
    return (60.0 * share.fillna(0.0)).reindex(units.index)


def cut_target(
    units: gpd.GeoDataFrame,
    wish: CutWish,
    *,
    barriers: gpd.GeoDataFrame | None = None,
    before: TurfCut | None = None,
    stay: Collection[int] = (),
    tell: Tell = tell_nobody,
) -> TurfCut:
    """Cut units as asked for; see :func:`geo.canvass.turfs.cut_turfs`.

    Parameters
    ----------
    units
        From :func:`with_hours`.
    wish
        How many turfs, and of what.
    barriers
        As for :func:`geo.canvass.turfs.cut_turfs`.
    before, stay
        An earlier cut and those of its turfs whose units stay together; others may join them.
    tell
        As for :func:`geo.canvass.turfs.cut_turfs`.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = [box(x, 0, x + 100, 100) for x in range(0, 600, 100)]
    >>> units = gpd.GeoDataFrame({"doors": [10] * 6}, geometry=squares, crs="EPSG:3310")
    >>> cut_target(with_hours(units), CutWish("doors", 20)).turfs["doors"].tolist()
    [20.0, 20.0, 20.0]
    """
    check_units(units, wish.balance)
    per_turf = None if wish.number else float(wish.count)
    keep = None
    if before is not None and stay:
        total = float(units[wish.balance].sum())
        count = turf_count(len(units), total, wish.number, per_turf)
        keep = kept_blocks(before, stay, units.index, count)
    return cut_turfs(
        units,
        doors=wish.balance,
        n=wish.number,
        doors_per_turf=per_turf,
        tolerance=wish.tolerance,
        barriers=barriers,
        keep=keep,
        seed=wish.seed,
        tell=tell,
    )


def kept_blocks(cut: TurfCut, turfs: Collection[int], units: pd.Index[Any], count: int) -> dict[Any, int]:
    """Return the turf of each unit of the ``turfs`` for another cut of ``count`` turfs of ``units``.

    A number that the new cut does not have is replaced by the lowest that is free.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = [box(x, 0, x + 100, 100) for x in range(0, 400, 100)]
    >>> units = gpd.GeoDataFrame({"doors": [10] * 4}, geometry=squares, crs="EPSG:3310")
    >>> cut = cut_turfs(units, doors="doors", n=2, keep={0: 0, 3: 1})
    >>> kept_blocks(cut, [1], units.index, 1)
    {2: 0, 3: 0}
    """
    stay = [turf for turf in turfs if turf < count]
    free = [number for number in range(count) if number not in stay]
    names = {turf: turf for turf in stay}
    names |= dict(zip([turf for turf in turfs if turf >= count], free, strict=False))
    members = cut.labels[cut.labels.isin(list(names)) & cut.labels.index.isin(units)]
    return {unit: names[int(turf)] for unit, turf in members.items()}


def balance_table(cut: TurfCut, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Tell of every turf its doors, hours, households, people, deviation and compactness.

    Parameters
    ----------
    cut
        The cut.
    units
        Its units, from :func:`geo.canvass.turf_plan.with_hours`; NA counts nothing.

    Returns
    -------
    pandas.DataFrame
        On the turf's number; ``deviation`` a share, below 0 where the turf has less than the mean,
        ``hours`` the sum of its units'.

    Examples
    --------
    >>> balance_table(*_example())["households"].tolist()
    [2, 2]
    """
    sums = units[["doors", "hours", "households", "population"]].groupby(cut.labels).sum()
    counts = sums[["doors", "households", "population"]].round().astype("int64")
    table = counts.assign(hours=sums["hours"].round(1))
    sign = (cut.turfs["doors"] >= cut.mean_doors).map({True: 1.0, False: -1.0})
    turfs = cut.turfs.assign(deviation=(cut.turfs["deviation"] * sign).round(3))
    return table.join(turfs[["units", "deviation", "compactness"]])


INSIDE_M = 5.0


def crossings_of(cut: TurfCut, barriers: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """Name where each turf lies on both sides of a barrier: at the crossings in the middle of it.

    Parameters
    ----------
    barriers
        Dataset ``barriers`` in the CRS of the cut's units: ``is_crossing``, ``barrier_class`` and ``name``
        (of the street, which may be missing). None where no source gave them.

    Returns
    -------
    pandas.DataFrame
        ``turf``, ``barrier_class`` and ``name``, each once a turf.

    Examples
    --------
    >>> from shapely.geometry import Point, box
    >>> row = {"is_crossing": [True], "barrier_class": ["canal"], "name": ["A St"]}
    >>> at = gpd.GeoDataFrame(row, geometry=[Point(100, 50)], crs="EPSG:3310")
    >>> squares = [box(x, 0, x + 100, 100) for x in range(0, 400, 100)]
    >>> units = gpd.GeoDataFrame({"doors": [10] * 4}, geometry=squares, crs="EPSG:3310")
    >>> crossings_of(cut_turfs(units, doors="doors", n=2, keep={0: 0, 3: 1}), at).values.tolist()
    [[0, 'canal', 'A St']]
    """
    columns = ["turf", "barrier_class", "name"]
    if barriers is None:
        return pd.DataFrame(columns=columns)
    points = gpd.GeoDataFrame(barriers.loc[barriers["is_crossing"], ["barrier_class", "name", "geometry"]])
    shapes = gpd.GeoDataFrame(
        {"turf": cut.turfs.index}, geometry=cut.turfs.geometry.buffer(-INSIDE_M).to_numpy(), crs=cut.turfs.crs
    )
    found = points.sjoin(shapes, predicate="within")[columns].drop_duplicates()
    return found.sort_values(columns, kind="stable").reset_index(drop=True)


def balance_words(cut: TurfCut, balance: str = "doors") -> str:
    """Say how even a cut is, and how near to the best it is for sure.

    Parameters
    ----------
    balance
        What is balanced: ``doors`` or ``hours``.

    Examples
    --------
    >>> balance_words(_example()[0]).partition(" Here ")[0]
    '2 turfs of about 2 doors; the least even differs from the average by 0.0 %.'
    """
    sentence = (
        _("{turfs} turfs of about {mean} hours; the least even differs from the average by {worst} %.")
        if balance == "hours"
        else _("{turfs} turfs of about {mean} doors; the least even differs from the average by {worst} %.")
    )
    words = sentence.format(
        turfs=f"{len(cut.turfs):,}",
        mean=f"{cut.mean_doors:,.1f}" if balance == "hours" else f"{cut.mean_doors:,.0f}",
        worst=f"{100 * cut.worst:.1f}",
    )
    bound = _("Here it cannot be more even than {bound} %.").format(bound=f"{100 * cut.bound:.1f}")
    return f"{words} {bound}"


def loose_words(cut: TurfCut, units: pd.DataFrame, standing: Collection[str] = ()) -> str:
    """Say how many doors would lie in no turf and in two, if the cut were kept.

    Parameters
    ----------
    units
        All units that are spoken of: those of the cut, of the target and of the turfs that it withdraws.
    standing
        Units of the turfs that stand beside it.

    Examples
    --------
    >>> loose_words(*_example())
    'Doors in no turf: 0. Doors in two turfs: 0.'
    """
    names = units.index.astype(str)
    items = [read_stretch(name) for name in names]
    # Stretches that make up a whole unit are called by its name.
    whole = pd.Series({item.unit: float(item.of) for item in items if item.of}, dtype="float64")
    doors = pd.concat([units["doors"].set_axis(names).astype("float64"), whole])
    doors = doors[~doors.index.duplicated()]
    ours = list(map(str, cut.labels.dropna().index))
    others = without(map(str, standing), map(str, units_in_two_turfs(cut.labels)))
    none = count_doors(without(names, [*ours, *others]), doors)
    twice = count_doors(ours, doors) - count_doors(without(ours, others), doors)
    twice += count_doors(map(str, units_in_two_turfs(cut.labels)), doors)
    return _("Doors in no turf: {none}. Doors in two turfs: {twice}.").format(
        none=f"{none:,.0f}", twice=f"{twice:,.0f}"
    )


def special_words(cut: TurfCut) -> list[str]:
    """Say what is special: a cut less even than asked for, units larger than a turf, islands joined.

    Examples
    --------
    >>> special_words(_example()[0])
    []
    """
    words = []
    if not cut.within_tolerance and cut.bound <= cut.tolerance:
        words.append(
            _(
                "Not all turfs are within {tolerance} %: try another arrangement, or one turf more or less."
            ).format(tolerance=f"{100 * cut.tolerance:.0f}")
        )
    if len(cut.oversize):
        names = first_ids(map(unit_name, map(str, cut.oversize)))
        words.append(_("Has more doors than a turf, so it is a turf on its own: {names}").format(names=names))
    if len(cut.links):
        names = first_ids(map(unit_name, cut.links["unit"].astype(str)))
        words.append(
            _("Detached parts, joined to the nearest block; look at them on the map: {names}").format(
                names=names
            )
        )
    return words


def turf_colors(cut: TurfCut) -> dict[int, int]:
    """Give every turf a color, numbered from 0, that no neighbor has, be it across a barrier.

    Examples
    --------
    >>> turf_colors(_example()[0])
    {0: 0, 1: 1}
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(cut.turfs.index.tolist())
    labels, adjacency = cut.labels.to_numpy(), cut.ground.adjacency
    pairs = zip(labels[adjacency.first].tolist(), labels[adjacency.second].tolist(), strict=True)
    graph.add_edges_from({(first, second) for first, second in pairs if first != second})
    found: dict[int, int] = nx.greedy_color(graph, strategy="DSATUR")
    return {turf: found[turf] for turf in cut.turfs.index.tolist()}


def turf_shapes(cut: TurfCut, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the turfs for the map, in EPSG:4326: ``turf``, ``name`` (from 1), ``doors``, ``color``.

    Neighbors have different colors, numbered from 0.

    Examples
    --------
    >>> turf_shapes(*_example())["color"].tolist()
    [0, 1]
    """
    colors, doors = turf_colors(cut), balance_table(cut, units)["doors"]
    shapes = gpd.GeoDataFrame(geometry=cut.turfs.geometry.simplify(5.0), crs=cut.turfs.crs).to_crs(STORED)
    return shapes.assign(
        turf=cut.turfs.index.astype(str),
        name=[str(turf + 1) for turf in cut.turfs.index],
        doors=doors,
        color=[colors[turf] for turf in cut.turfs.index],
    )


def kept_shapes(turfs: pd.DataFrame, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return turfs that are kept for the map, in EPSG:4326: ``turf`` and ``name`` (the code), ``doors``.

    Parameters
    ----------
    turfs
        ``units`` (a tuple) and ``doors`` by code; units that are not there any more are left out.
    units
        Units in a projected CRS.

    Examples
    --------
    >>> turfs = pd.DataFrame({"units": [(0, 1)], "doors": [2]}, index=["TA0001M"])
    >>> kept_shapes(turfs, _example()[1])["name"].tolist()
    ['TA0001M']
    """
    code = {unit: code for code, members in turfs["units"].items() for unit in members}
    members = resolve_units(units, list(code))[["geometry"]]
    whole = members.dissolve(members.index.map(code)).simplify(5.0).to_crs(STORED)
    shapes = gpd.GeoDataFrame(geometry=whole, crs=STORED)
    return shapes.assign(
        turf=shapes.index.astype(str),
        name=shapes.index.astype(str),
        doors=turfs["doors"].reindex(shapes.index),
    )


def unit_rows(cut: TurfCut, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return of every unit what the map says: ``geoid``, ``turf`` (from 1), ``doors``, ``color``.

    Examples
    --------
    >>> unit_rows(*_example())["turf"].tolist()
    [1, 1, 2, 2]
    """
    colors = turf_colors(cut)
    return pd.DataFrame(
        {
            "geoid": cut.labels.index,
            "turf": cut.labels.to_numpy() + 1,
            "doors": units["doors"].reindex(cut.labels.index).round().astype("int64").to_numpy(),
            "color": cut.labels.map(colors).to_numpy(),
        }
    )


def turfs_beside(cut: TurfCut, turf: int) -> list[int]:
    """Turfs that one can be merged with: those next to it.

    Examples
    --------
    >>> turfs_beside(_example()[0], 0)
    [1]
    """
    labels = cut.labels.to_numpy()
    members = np.flatnonzero(labels == turf)
    near = {int(labels[other]) for unit in members for other in cut.ground.adjacency.neighbors[unit]}
    return sorted(near - {turf})


def near_turfs(cut: TurfCut, unit: object) -> list[int]:
    """Turfs that a unit could be moved to: those of its neighbors, but its own.

    Examples
    --------
    >>> near_turfs(_example()[0], 1)
    [1]
    """
    place = int(np.flatnonzero(cut.labels.index == unit)[0])
    near = {int(cut.labels.iloc[other]) for other in cut.ground.adjacency.neighbors[place]}
    return sorted(near - {int(cut.labels.iloc[place])})


def border_units(cut: TurfCut, turf: int) -> list[str]:
    """Units of a turf that can go to another without tearing it apart, those with most doors first.

    Examples
    --------
    >>> border_units(_example()[0], 0)
    [1]
    """
    neighbors = cut.ground.adjacency.neighbors
    members = set(np.flatnonzero(cut.labels.to_numpy() == turf).tolist())
    free = [
        place
        for place in members
        if len(members) > 1 and set(neighbors[place]) - members and connected(neighbors, members - {place})
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
    groups = cut.labels.groupby(cut.labels).groups
    members = {turf: join_stretches(map(str, part)) for turf, part in groups.items()}
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

    from geo.canvass.turfs import cut_turfs

    squares = [box(i, 0, i + 1, 1) for i in range(4)]
    counts = {"doors": [1] * 4, "households": [1] * 4, "population": [3] * 4}
    row = with_hours(gpd.GeoDataFrame(counts, geometry=squares, crs="EPSG:3310"))
    return cut_turfs(row, doors="doors", n=2, keep={0: 0, 3: 1}), row
