"""Doors to come back to, and doors to leave alone: what visits leave for the next shift."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.canvass.codes import Disposition
from geo.canvass.stretches import Stretch, read_stretch
from geo.canvass.walk_order import order_stops
from geo.errors import InfeasibleError
from geo.language import gettext as _

AGAIN = (Disposition.NOT_HOME, Disposition.COME_BACK, Disposition.LANGUAGE_NEEDED)
"""After these somebody knocks again."""
ATTEMPTS_AT_MOST = 3
"""After so many visits a door is no more on a list by itself."""
COLUMNS = ["turf", "unit", "door", "disposition", "language", "again", "attempts", "last_on", "id"]


def last_visits(visits: pd.DataFrame, units_of: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return the latest visit of every door, with how often somebody knocked there.

    A visit without a number of a door is a door of its own. A door that asked once that nobody knocks
    stays so, whatever came later: until somebody corrects that visit. Where a block was divided since, or
    put together again, its doors are found by their numbers, which are the block's.

    Parameters
    ----------
    visits
        ``id``, ``turf``, ``unit``, ``door``, ``on``, ``disposition``, ``language`` and ``again``.
    units_of
        Units of every turf that stands, by code: a visit counts in the turf that has its unit now.

    Returns
    -------
    pandas.DataFrame
        A row a door: the columns of :data:`COLUMNS`; ``language`` and ``again`` are the last that were said.

    Examples
    --------
    >>> row = {"id": ["1", "2"], "turf": "T", "unit": "u", "door": "7", "language": ["mix", ""], "again": ""}
    >>> days = pd.to_datetime(["2026-03-01", "2026-03-02"])
    >>> told = pd.DataFrame(row).assign(on=days, disposition=["language_needed", "not_home"])
    >>> last_visits(told, {"T": ("u",)})[["disposition", "language", "attempts"]].values.tolist()
    [['not_home', 'mix', 2]]
    """
    if visits.empty:
        return pd.DataFrame(columns=COLUMNS)
    door = visits["door"].astype("string").fillna("").str.strip().str.replace(r"^0+(?=\d)", "", regex=True)
    places = _places_now(visits.assign(door=door), units_of)
    ours = visits.assign(door=door, name=door.where(door != "", visits["id"]))
    ours[["turf", "unit"]] = pd.DataFrame(places, index=ours.index)
    # On one day the one that came in last is the latest.
    ordered = ours.sort_values("on", kind="stable")
    ordered = ordered.assign(**{item: ordered[item].replace("", None) for item in ("language", "again")})
    groups = ordered.groupby(["turf", "unit", "name"], sort=True)
    found = groups[["id", "door", "disposition", "language", "again", "on"]].last()
    spared = groups["disposition"].agg(lambda said: bool((said == Disposition.DO_NOT_KNOCK).any()))
    found["disposition"] = found["disposition"].where(~spared, str(Disposition.DO_NOT_KNOCK))
    found = found.assign(attempts=groups.size()).rename(columns={"on": "last_on"}).reset_index()
    found[["language", "again"]] = found[["language", "again"]].fillna("").astype("object")
    return found[COLUMNS]


def _places_now(visits: pd.DataFrame, units_of: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Say for each visit in which turf and unit its door is now; as recorded where no turf has it."""
    stretches = defaultdict(list)
    for code, units in units_of.items():
        for unit in units:
            stretches[read_stretch(unit).unit].append((read_stretch(unit), (code, unit)))
    return [
        _place_now(stretches[read_stretch(unit).unit], unit, door) or (turf, unit)
        for turf, unit, door in visits[["turf", "unit", "door"]].astype(str).itertuples(index=False)
    ]


def _place_now(
    held: Sequence[tuple[Stretch, tuple[str, str]]], unit: str, door: str
) -> tuple[str, str] | None:
    number = int(door) if door.isdecimal() else 0
    by_number = (at for span, at in held if not span.of or span.first <= number <= span.last)
    by_name = (at for _span, at in held if at[1] == unit)
    first = (at for _span, at in held)
    return next(chain(by_number, by_name, first), None)


def doors_again(
    visits: pd.DataFrame, units_of: Mapping[str, Sequence[str]], *, most: int = ATTEMPTS_AT_MOST
) -> pd.DataFrame:
    """List the doors to come back to, by turf and language; those that said when come first.

    Parameters
    ----------
    visits, units_of
        As for :func:`last_visits`.
    most
        Doors where somebody knocked so often are left out, unless they asked for it.

    Examples
    --------
    >>> row = {"id": list("abc"), "turf": "T", "unit": "u", "door": list("123"), "language": "", "again": ""}
    >>> said = ["not_home", "spoke", "do_not_knock"]
    >>> told = pd.DataFrame(row).assign(on=pd.Timestamp("2026-03-01"), disposition=said)
    >>> doors_again(told, {"T": ("u",)})["door"].tolist()
    ['1']
    """
    doors = last_visits(visits, units_of)
    open_doors = doors[doors["disposition"].isin([str(item) for item in AGAIN])]
    asked = (open_doors["disposition"] != str(Disposition.NOT_HOME)) | (open_doors["again"] != "")
    listed = open_doors[asked | (open_doors["attempts"] < most)]
    order = listed.assign(silent=listed["again"] == "", number=pd.to_numeric(listed["door"], errors="coerce"))
    keys = ["turf", "language", "silent", "unit", "number", "door"]
    ordered = order.sort_values(keys, kind="stable")[COLUMNS]
    return ordered.reset_index(drop=True)


def spared_doors(
    visits: pd.DataFrame, units_of: Mapping[str, Sequence[str]]
) -> dict[str, list[tuple[str, str]]]:
    """Name the doors that want nobody at the door, as block and door, by turf.

    Examples
    --------
    >>> row = {"id": ["a"], "turf": "T", "unit": "u", "door": "7", "language": "", "again": ""}
    >>> told = pd.DataFrame(row).assign(on=pd.Timestamp("2026-03-01"), disposition="do_not_knock")
    >>> spared_doors(told, {"T": ("u",)})
    {'T': [('u', '7')]}
    """
    doors = last_visits(visits, units_of)
    found: dict[str, list[tuple[str, str]]] = {}
    for row in doors[doors["disposition"] == str(Disposition.DO_NOT_KNOCK)].itertuples():
        found.setdefault(str(row.turf), []).append((str(row.unit), str(row.door)))
    return found


def second_pass(doors: pd.DataFrame, units: gpd.GeoDataFrame, lists: int) -> pd.Series[int]:
    """Cut the doors to come back to into lists that differ by one door at most, each along a short way.

    All blocks are put in the order of one short walk, which is cut into even parts: so a block is divided
    where a list ends in it.

    Parameters
    ----------
    doors
        From :func:`doors_again`.
    units
        Units by name, in a projected CRS (m).
    lists
        How many; no more than there are doors.

    Returns
    -------
    pandas.Series
        The number of the list, from 1, of every door; NA where the data no longer have its block.

    Raises
    ------
    InfeasibleError
        There are no doors, or fewer than one list.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = [box(x, 0, x + 100, 100) for x in range(0, 400, 100)]
    >>> units = gpd.GeoDataFrame(geometry=squares, index=list("abcd"), crs="EPSG:3310")
    >>> found = second_pass(pd.DataFrame({"unit": list("aabbccdd")}), units, 2).tolist()
    >>> found in ([1, 1, 1, 1, 2, 2, 2, 2], [2, 2, 2, 2, 1, 1, 1, 1])
    True
    """
    if doors.empty or lists < 1:
        raise InfeasibleError(
            _("there is no door to come back to, or nobody goes"), _("choose turfs and languages with doors")
        )
    ours = units[["geometry"]].loc[units.index.intersection(pd.Index(doors["unit"].unique()))]
    if ours.empty:
        return pd.Series(pd.NA, index=doors.index, dtype="Int64")
    stops = order_stops(gpd.GeoDataFrame(ours, crs=units.crs)).stops
    place = doors["unit"].map(pd.Series(range(len(stops)), index=stops))
    known = place.dropna().sort_values(kind="stable").index
    shares = np.arange(len(known)) * min(lists, len(known)) // max(len(known), 1) + 1
    return pd.Series(shares, index=known).reindex(doors.index).astype("Int64")
