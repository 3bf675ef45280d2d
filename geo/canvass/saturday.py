"""One day's canvass: so many volunteers of so many hours; which doors come first, and what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.canvass.stretches import even_stretches, resolve_units
from geo.canvass.turf_plan import MINUTES_PER_DOOR, CutWish, cut_target, with_hours
from geo.canvass.turfs import TurfCut
from geo.canvass.turfs.cut import build_ground, to_cut
from geo.errors import InfeasibleError
from geo.language import gettext as _
from geo.methods.partition.adjacency import build_adjacency
from geo.methods.partition.annealing import Tell, part_of, tell_nobody

GRAIN = 10
"""A unit that takes longer than this part of a turf is divided into stretches."""
EVEN = 8
"""Tracts are cut together until they hold so many turfs: their number is whole, so that turfs are even."""


@dataclass(frozen=True, slots=True)
class DayWish:
    """Who comes: volunteers, hours of each; minutes at a door, deviation as a share, a seed."""

    volunteers: int
    hours: float
    minutes_per_door: float = MINUTES_PER_DOOR
    tolerance: float = 0.05
    seed: int = 0

    @property
    def time(self) -> float:
        """Hours of all volunteers."""
        return self.volunteers * self.hours


@dataclass(frozen=True, eq=False)
class DayPlan:
    """What a day reaches.

    Attributes
    ----------
    cut, units
        The day's turfs, and their units with ``hours``; stretches where a block is larger than a turf.
    tracts
        The tracts that come first, in their order: ``doors`` of the target, of those ``today``, and the
        tract's ``ca_htc_index`` and ``share_no_self_response``.
    doors, hours
        Of the whole target.
    """

    cut: TurfCut
    units: gpd.GeoDataFrame
    tracts: pd.DataFrame
    doors: int
    hours: float

    @property
    def today(self) -> int:
        """Doors of the day."""
        return int(self.units["doors"].sum())


def rank_tracts(units: gpd.GeoDataFrame, reached: pd.Series[float] | None = None) -> pd.DataFrame:
    """Order the tracts of a target: which are knocked on first.

    First the highest hard-to-count index; at the same index where fewer answered the 2020 Census by
    themselves; then where fewer were reached before. What is not known comes last.

    Parameters
    ----------
    units
        Units with ``tract_geoid``, ``doors``, ``hours``, ``ca_htc_index`` and ``share_no_self_response``.
    reached
        Households reached so far by tract; none where it is not given.

    Examples
    --------
    >>> known = {"tract_geoid": ["1", "2"], "doors": [9.0, 5.0], "hours": [1.0, 1.0]}
    >>> known |= {"ca_htc_index": [60.0, 80.0], "share_no_self_response": [0.3, 0.2]}
    >>> rank_tracts(gpd.GeoDataFrame(known)).index.tolist()
    ['2', '1']
    """
    groups = units.groupby("tract_geoid")
    table = groups[["doors", "hours"]].sum().join(groups[["ca_htc_index", "share_no_self_response"]].first())
    before = pd.Series(dtype="float64") if reached is None else reached
    table["reached"] = before.reindex(table.index).fillna(0.0).astype("float64")
    return _in_order(table)


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    order = ["ca_htc_index", "share_no_self_response", "reached"]
    return table.sort_values(order, ascending=[False, False, True], na_position="last", kind="stable")


def fine_units(
    units: gpd.GeoDataFrame, wish: DayWish, known: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """Divide units that take longer than a tenth of a turf into even stretches, and add ``hours``.

    Parameters
    ----------
    units
        Units or stretches with ``doors``, in a projected CRS (m).
    wish
        Who comes.
    known
        All units, where ``units`` has stretches of some; None where it has none.

    Returns
    -------
    geopandas.GeoDataFrame
        ``whole`` names the row of ``units`` that each was made of.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> block = gpd.GeoDataFrame({"doors": [40.0]}, geometry=[box(0, 0, 100, 100)], index=["b"])
    >>> fine = fine_units(block.set_crs("EPSG:3310"), DayWish(2, 3.0))
    >>> fine.index[0], len(fine), int(fine["doors"].sum())
    ('b-1-3-40', 14, 40)
    """
    full = with_hours(units, wish.minutes_per_door)
    names = {
        name: str(unit)
        for unit, doors, hours in zip(full.index, full["doors"], full["hours"], strict=True)
        for name in _divided(str(unit), float(doors), float(hours), wish.hours / GRAIN)
    }
    rows = resolve_units(units if known is None else known, list(names))
    return with_hours(rows.assign(whole=[names[name] for name in rows.index]), wish.minutes_per_door)


def _divided(unit: str, doors: float, hours: float, grain: float) -> tuple[str, ...]:
    if hours <= grain or doors < 2:
        return (unit,)
    return even_stretches(unit, round(doors), max(1, int(doors * grain / hours)))


def plan_day(
    units: gpd.GeoDataFrame,
    wish: DayWish,
    *,
    known: gpd.GeoDataFrame | None = None,
    barriers: gpd.GeoDataFrame | None = None,
    reached: pd.Series[float] | None = None,
    tell: Tell = tell_nobody,
) -> DayPlan:
    """Cut a turf for every volunteer of a day, of the doors of a target that come first.

    Tracts are taken in the order of :func:`rank_tracts` until they fill the volunteers' hours. Of the last
    one as many doors are taken as they have hours left, block by neighboring block.

    Parameters
    ----------
    units
        Of the target, with ``doors``, in a projected CRS (m).
    wish
        Who comes.
    known
        As for :func:`fine_units`.
    barriers
        As for :func:`geo.canvass.turfs.cut_turfs`.
    reached
        As for :func:`rank_tracts`.
    tell
        As for :func:`geo.canvass.turfs.cut_turfs`.

    Raises
    ------
    InfeasibleError
        Hours or volunteers are not positive.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = [box(x, 0, x + 100, 100) for x in range(0, 600, 100)]
    >>> told = {"doors": [60.0] * 6, "tract_geoid": "1", "ca_htc_index": 80.0, "share_no_self_response": 0.4}
    >>> row = gpd.GeoDataFrame(told, geometry=squares, index=list("abcdef"), crs="EPSG:3310")
    >>> plan = plan_day(row, DayWish(2, 3.0))
    >>> plan.cut.turfs["doors"].round(1).tolist(), plan.today, plan.doors
    ([2.8, 3.1], 69, 360)
    """
    _check(wish)
    full = with_hours(units, wish.minutes_per_door)
    tracts = rank_tracts(full, reached)
    cuts: list[TurfCut] = []
    parts: list[gpd.GeoDataFrame] = []
    left = wish.volunteers
    for names in _groups(tracts["hours"], wish):
        ours = gpd.GeoDataFrame(units[units["tract_geoid"].isin(names)])
        part = _first(ours, fine_units(ours, wish, known), left * wish.hours, barriers)
        count = min(left, max(1, round(float(part["hours"].sum()) / wish.hours)))
        ask = CutWish("n_hours", count, wish.minutes_per_door, wish.tolerance, wish.seed)
        done = wish.volunteers - left
        onward = part_of(tell, done / wish.volunteers, (done + count) / wish.volunteers)
        cuts.append(cut_target(part, ask, barriers=barriers, tell=onward))
        parts.append(part)
        left -= count
        if left < 1:
            break
    chosen = gpd.GeoDataFrame(pd.concat(parts), crs=units.crs)
    today = chosen["doors"].groupby(chosen["tract_geoid"]).sum()
    return DayPlan(
        _one_cut(chosen, cuts, wish, barriers),
        chosen,
        tracts.assign(today=today.reindex(tracts.index).fillna(0.0)),
        int(full["doors"].sum()),
        float(full["hours"].sum()),
    )


def first_areas(
    units: gpd.GeoDataFrame, wish: DayWish, reached: pd.Series[float] | None = None
) -> pd.DataFrame:
    """Order units that are too large for a walk: which come first, and how many of their doors that day.

    Parameters
    ----------
    units
        Block groups or parts of them, as for :func:`plan_day`.
    reached
        As for :func:`rank_tracts`.

    Returns
    -------
    pandas.DataFrame
        By unit, the first ones first: as :func:`rank_tracts`, and ``today``, doors in the volunteers' hours.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> told = {"doors": [60.0, 60.0], "tract_geoid": ["1", "2"], "ca_htc_index": [60.0, 80.0]}
    >>> row = gpd.GeoDataFrame(told, geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100)], index=["a", "b"])
    >>> row = row.assign(share_no_self_response=0.4).set_crs("EPSG:3310")
    >>> first_areas(row, DayWish(2, 3.0))["today"].round(0).to_dict()
    {'b': 60.0, 'a': 10.0}
    """
    _check(wish)
    full = with_hours(units, wish.minutes_per_door)
    table = full[["doors", "hours", "ca_htc_index", "share_no_self_response"]].astype("float64")
    before = pd.Series(dtype="float64") if reached is None else reached
    table["reached"] = full["tract_geoid"].map(before).fillna(0.0).astype("float64")
    ordered = _in_order(table[table["doors"] > 0])
    begun = ordered["hours"].cumsum() - ordered["hours"]
    share = ((wish.time - begun) / ordered["hours"]).clip(0.0, 1.0)
    return ordered.assign(today=(ordered["doors"] * share).round())


def _check(wish: DayWish) -> None:
    if wish.volunteers < 1 or wish.hours <= 0:
        raise InfeasibleError(
            _("{volunteers} volunteers of {hours:g} hours knock on no door").format(
                volunteers=wish.volunteers, hours=wish.hours
            ),
            _("give one volunteer or more, and more than 0 hours"),
        )


def _groups(hours: pd.Series[float], wish: DayWish) -> Iterator[list[str]]:
    """Take tracts together, in their order, until they hold enough turfs to be even."""
    names: list[str] = []
    held = 0.0
    for tract, takes in hours.items():
        names.append(str(tract))
        held += float(takes)
        if held >= EVEN * wish.hours:
            yield names
            names, held = [], 0.0
    if held > 0:
        yield names


def _first(
    units: gpd.GeoDataFrame, fine: gpd.GeoDataFrame, hours: float, barriers: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """Take so many hours of fine units, block by neighboring block, from where doors are densest."""
    if float(fine["hours"].sum()) <= hours:
        return fine
    members = fine.groupby("whole", sort=False).groups
    taken: list[str] = []
    held = 0.0
    for place in _from_densest(units, barriers):
        names = list(map(str, members[str(units.index[place])]))
        takes = float(fine.loc[names, "hours"].sum())
        if held + takes > hours:
            return fine.loc[[*taken, *_some(fine, names, taken, hours - held)]]
        taken += names
        held += takes
    return fine.loc[taken]


def _from_densest(units: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame | None) -> Iterator[int]:
    """Go from the unit with most doors to the area to its neighbors, the nearest first, then over gaps."""
    near = build_adjacency(units, barriers).neighbors
    middles = units.geometry.centroid
    density = (units["doors"] / units.geometry.area).to_numpy(dtype=np.float64)
    away = middles.distance(middles.iloc[int(density.argmax())]).to_numpy()
    waiting, left = {int(density.argmax())}, set(range(len(units)))
    while left:
        place = min(waiting or left, key=lambda one: (away[one], one))
        left.discard(place)
        waiting = (waiting | set(near[place])) & left
        yield place


def _some(fine: gpd.GeoDataFrame, names: list[str], taken: list[str], hours: float) -> list[str]:
    """Take some of a unit's stretches, in turn around it, from the one on that is next to what is taken."""
    begin = 0
    if taken:
        begin = int(fine.loc[names].distance(fine.loc[taken].union_all()).argmin())
    turn = [*names[begin:], *names[:begin]]
    sums = fine.loc[turn, "hours"].cumsum()
    return turn[: int((sums <= hours + 1e-9).sum()) or int(not taken)]


def _one_cut(
    units: gpd.GeoDataFrame, cuts: list[TurfCut], wish: DayWish, barriers: gpd.GeoDataFrame | None
) -> TurfCut:
    """Make one cut of all, with turfs numbered through."""
    labels, count = [], 0
    for cut in cuts:
        labels.append(cut.labels + count)
        count += len(cut.turfs)
    ground = build_ground(units, "hours", count, barriers)
    return to_cut(ground, pd.concat(labels).loc[units.index], wish.tolerance)
