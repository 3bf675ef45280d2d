"""Units that are larger than a turf, in stretches: doors 1 to 36 of 112, counted around the block.

A stretch is named by its block, its first and last door, and how many the block has:
``060650453031005-1-36-112``. Doors are counted clockwise around the block's middle, from due north. The part
of a block group in a place (``060650456121-0652302``) is no stretch: it is a unit of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.methods.geometry import areas_only

COUNTED = ("doors", "households", "population")
PATTERN = re.compile(r"(.+)-(\d+)-(\d+)-(\d+)")
RAYS = 360
WIDEST = 15.0


class Stretch(NamedTuple):
    """Doors ``first`` to ``last`` (from 1) of the ``of`` doors of a unit; a whole unit has ``of`` 0."""

    unit: str
    first: int = 0
    last: int = 0
    of: int = 0


def read_stretch(name: str) -> Stretch:
    """Read the name of a unit or of a stretch.

    Examples
    --------
    >>> read_stretch("060650453031005-1-36-112")[1:], read_stretch("060650456121-0652302").of
    ((1, 36, 112), 0)
    """
    found = PATTERN.fullmatch(str(name))
    if not found:
        return Stretch(str(name))
    first, last, of = map(int, found.groups()[1:])
    return Stretch(found[1], first, last, of)


def to_name(unit: str, first: int, last: int, of: int) -> str:
    """Name a stretch; all of a unit's doors are the unit.

    Examples
    --------
    >>> to_name("b", 1, 36, 112), to_name("b", 1, 112, 112)
    ('b-1-36-112', 'b')
    """
    return unit if (first, last) == (1, of) else f"{unit}-{first}-{last}-{of}"


def geoid_of(name: str) -> str:
    """Return the census GEOID that a unit's name begins with.

    Examples
    --------
    >>> geoid_of("060650453031005-1-36-112"), geoid_of("060650456121-0652302")
    ('060650453031005', '060650456121')
    """
    return str(name).partition("-")[0]


def join_stretches(names: Iterable[str]) -> tuple[str, ...]:
    """Join stretches that follow one another; what is whole stays, and the order is that of the first.

    Examples
    --------
    >>> join_stretches(["b-5-8-12", "a", "b-1-4-12", "b-11-12-12"])
    ('b-1-8-12', 'b-11-12-12', 'a')
    """
    groups = _by_unit(names)
    return tuple(name for unit, spans in groups.items() for name in _names(unit, _merged(spans)))


def without(names: Iterable[str], taken: Iterable[str]) -> tuple[str, ...]:
    """Return what is left of units when others are taken from them, door by door.

    Examples
    --------
    >>> without(["a", "b", "c-1-9-20"], ["b-5-8-12", "c"])
    ('a', 'b-1-4-12', 'b-9-12-12')
    """
    gone = _by_unit(taken)
    left: list[str] = []
    for unit, spans in _by_unit(names).items():
        if unit not in gone:
            left += _names(unit, _merged(spans))
        elif all(item.of for item in gone[unit]):
            of = gone[unit][0].of
            ours = [item if item.of else Stretch(unit, 1, of, of) for item in spans]
            left += _names(unit, _minus(_merged(ours), _merged(gone[unit])))
    return tuple(left)


def share_doors(names: Iterable[str], others: Iterable[str]) -> bool:
    """Whether units have a door in common.

    Examples
    --------
    >>> share_doors(["b-1-4-12"], ["b"]), share_doors(["b-1-4-12"], ["b-5-8-12"])
    (True, False)
    """
    ours, theirs = _by_unit(names), _by_unit(others)
    return any(
        not (one.of and other.of) or (one.first <= other.last and other.first <= one.last)
        for unit in ours.keys() & theirs.keys()
        for one in ours[unit]
        for other in theirs[unit]
    )


def has_door(name: str, door: str) -> bool:
    """Whether a door may be of a unit: a number outside of those of a stretch is of another one.

    Examples
    --------
    >>> has_door("b-120-134-191", "120"), has_door("b-120-134-191", "500"), has_door("b", "500")
    (True, False, True)
    """
    found, number = read_stretch(name), door.strip()
    return not (found.of and number.isdecimal()) or found.first <= int(number) <= found.last


def even_stretches(name: str, doors: int, most: int) -> tuple[str, ...]:
    """Divide a unit, or a stretch of one, into even stretches of at most ``most`` doors.

    Examples
    --------
    >>> even_stretches("b", 9, 4), even_stretches("b-4-9-12", 6, 4), even_stretches("b", 3, 4)
    (('b-1-3-9', 'b-4-6-9', 'b-7-9-9'), ('b-4-6-12', 'b-7-9-12'), ('b',))
    """
    if doors <= most:
        return (name,)
    unit, first, _last, of = read_stretch(name)
    begin, count = max(first, 1), -(-doors // most)
    ends = [round(doors * place / count) for place in range(count + 1)]
    return tuple(to_name(unit, begin + low, begin + high - 1, of or doors) for low, high in pairwise(ends))


def count_doors(names: Iterable[str], doors: pd.Series[float]) -> float:
    """Add up the doors of units and stretches, each as often as it is named.

    Examples
    --------
    >>> count_doors(["a", "b-5-8-12"], pd.Series({"a": 3.0}))
    7.0
    """
    total = 0.0
    for name in names:
        item = read_stretch(name)
        if item.of:
            total += item.last - item.first + 1
        else:
            known = doors.get(name, 0.0)
            total += 0.0 if pd.isna(known) else float(known)
    return total


def known_units(names: Iterable[str], units: pd.DataFrame) -> list[str]:
    """Return those that the data have: of a stretch its unit, with as many doors as the stretch says.

    Examples
    --------
    >>> known_units(["b", "b-1-4-9", "b-1-4-8", "z"], pd.DataFrame({"doors": [9.0]}, index=["b"]))
    ['b', 'b-1-4-9']
    """
    found = []
    for name in names:
        item = read_stretch(name)
        if name in units.index or (item.of and _doors(units, item.unit) == item.of):
            found.append(name)
    return found


def resolve_counts(units: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return a row for every name that the data have: of a stretch its doors, and its share of the rest.

    Shares of households and people are whole numbers that add up to the unit's over all its stretches; a
    missing count stays missing.

    Examples
    --------
    >>> units = pd.DataFrame({"doors": [9.0], "households": [8.0], "population": [20.0]}, index=["b"])
    >>> rows = resolve_counts(units, ["b-1-4-9", "b-5-9-9"])
    >>> rows["doors"].tolist(), rows["households"].tolist()
    ([4.0, 5.0], [4.0, 4.0])
    """
    found = known_units(names, units)
    items = [Stretch(name) if name in units.index else read_stretch(name) for name in found]
    rows = units.loc[[item.unit for item in items]].copy()
    rows.index = pd.Index(found, name=units.index.name)
    spans = np.array([(item.first, item.last, item.of) for item in items], dtype=np.float64).reshape(-1, 3)
    cut = spans[:, 2] > 0
    for column in [name for name in COUNTED if name in rows and cut.any()]:
        whole = rows[column].to_numpy(dtype=np.float64, na_value=np.nan)[cut]
        low, high = ((spans[cut, place] - first) / spans[cut, 2] for place, first in ((0, 1), (1, 0)))
        rows.loc[cut, column] = np.floor(whole * high + 0.5) - np.floor(whole * low + 0.5)
    return rows


def resolve_units(units: gpd.GeoDataFrame, names: Sequence[str]) -> gpd.GeoDataFrame:
    """Return units and stretches as :func:`resolve_counts`, each with its shape, in the CRS of ``units``.

    A stretch is the sector of its unit that its doors take, by area, clockwise from due north around a
    point within the unit: all sectors together are the unit.

    Examples
    --------
    >>> square = gpd.GeoDataFrame({"doors": [4.0]}, geometry=[shapely.box(0, 0, 2, 2)], index=["b"])
    >>> resolve_units(square.set_crs("EPSG:3310"), ["b-1-1-4", "b"]).area.round(6).tolist()
    [1.0, 4.0]
    """
    rows = gpd.GeoDataFrame(resolve_counts(units, names), crs=units.crs)
    shapes = np.asarray(rows.geometry.array, dtype=object)
    groups: dict[str, list[tuple[int, Stretch]]] = defaultdict(list)
    for place, name in enumerate(rows.index):
        item = read_stretch(name)
        if name not in units.index:
            groups[item.unit].append((place, item))
    for members in groups.values():
        cuts = _sectors(shapes[members[0][0]], [item for _place, item in members])
        for (place, _item), shape in zip(members, cuts, strict=True):
            shapes[place] = shape
    return rows.set_geometry(gpd.GeoSeries(shapes, index=rows.index, crs=units.crs))


def part_units(units: gpd.GeoDataFrame, taken: Collection[str]) -> gpd.GeoDataFrame:
    """Divide the units of which stretches are taken: into those, and what is left.

    Examples
    --------
    >>> square = gpd.GeoDataFrame({"doors": [4.0]}, geometry=[shapely.box(0, 0, 2, 2)], index=["b"])
    >>> part_units(square.set_crs("EPSG:3310"), ["b-1-1-4", "z"]).index.tolist()
    ['b-1-1-4', 'b-2-4-4']
    """
    ours = [name for name in known_units(taken, units) if name not in units.index]
    if not ours:
        return units
    split = {read_stretch(name).unit for name in ours}
    names = [name for unit in sorted(split) for name in (*_of(unit, ours), *without([unit], ours))]
    parts = resolve_units(units, names)
    return gpd.GeoDataFrame(pd.concat([units[~units.index.isin(split)], parts]), crs=units.crs)


def _of(unit: str, names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if read_stretch(name).unit == unit)


def _doors(units: pd.DataFrame, unit: str) -> int:
    doors = units["doors"].get(unit)
    return -1 if pd.isna(doors) else round(float(doors))


def _by_unit(names: Iterable[str]) -> dict[str, list[Stretch]]:
    found: dict[str, list[Stretch]] = {}
    for name in names:
        item = read_stretch(name)
        found.setdefault(item.unit, []).append(item)
    return found


def _names(unit: str, spans: Iterable[Stretch]) -> list[str]:
    return [unit if not item.of else to_name(unit, item.first, item.last, item.of) for item in spans]


def _merged(spans: Sequence[Stretch]) -> list[Stretch]:
    """Join what touches, in order; one that is whole is all."""
    if any(not item.of for item in spans):
        return [Stretch(spans[0].unit)]
    found: list[Stretch] = []
    for item in sorted(spans):
        if found and item.first <= found[-1].last + 1:
            found[-1] = found[-1]._replace(last=max(found[-1].last, item.last))
        else:
            found.append(item)
    return found


def _minus(ours: Sequence[Stretch], gone: Sequence[Stretch]) -> list[Stretch]:
    left = list(ours)
    for cut in gone:
        parts = []
        for item in left:
            parts.append(item._replace(last=min(item.last, cut.first - 1)))
            parts.append(item._replace(first=max(item.first, cut.last + 1)))
        left = sorted({part for part in parts if part.first <= part.last})
    return _merged(left) if left else []


def _sectors(shape: Any, items: Sequence[Stretch]) -> list[shapely.Geometry]:
    """Cut the sectors of stretches from one unit's shape."""
    inner = shape.centroid
    middle = inner if shape.contains(inner) else shape.representative_point()
    low, left, high, top = shape.bounds
    radius = 2.0 * float(np.hypot(high - low, top - left))
    edges = np.linspace(0.0, 360.0, RAYS + 1)
    fan = [_wedge(middle, radius, *pair) for pair in pairwise(edges)]
    areas = np.concatenate([[0.0], np.cumsum(shapely.area(shapely.intersection(fan, shape)))])
    turns = [
        np.interp([(item.first - 1) / item.of, item.last / item.of], areas / areas[-1], edges)
        for item in items
    ]
    wedges = [_wedge(middle, radius, float(begin), float(end)) for begin, end in turns]
    cuts: npt.NDArray[Any] = areas_only(np.asarray(shapely.intersection(wedges, shape), dtype=object))
    return list(cuts)


def _wedge(middle: shapely.Point, radius: float, begin: float, end: float) -> shapely.Polygon:
    """Draw a sector between two directions, in degrees clockwise from north."""
    steps = max(2, int(np.ceil((end - begin) / WIDEST)) + 1)
    turns = np.radians(np.linspace(begin, end, steps))
    rim = np.column_stack([middle.x + radius * np.sin(turns), middle.y + radius * np.cos(turns)])
    around = np.vstack([[middle.x, middle.y], rim])
    if end - begin >= 360.0:
        around = rim
    return shapely.Polygon(around)
