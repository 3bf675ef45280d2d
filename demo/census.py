"""2010 tracts, tracts and block groups of 2020, and the identifiers of blocks.

Tracts are rectangles on the lattice of roughly equal population. Ten years later the fullest are split,
the emptiest joined, and three have given a strip to a neighbor, so that a crosswalk is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from demo.valley import COUNTY_GEOID, LAKE, LAST_I, LAST_J, MOTORWAY_J, PRISON, RIVER_J, Cell, to_meters

TRACTS_2010 = 60
LAKE_TRACT, PRISON_TRACT = "990000", "981000"
ZONES = (
    Cell(0, 0, LAKE[0], MOTORWAY_J),
    Cell(LAKE[0], LAKE[3], LAST_I, MOTORWAY_J),
    Cell(0, MOTORWAY_J, LAST_I, RIVER_J),
    Cell(0, RIVER_J, PRISON[0], LAST_J),
)
SPLITS, JOINS, SHIFTS = 7, 2, 3
FIRST_TRACT = 401
PEOPLE_IN_GROUP = 1_750
FEWEST_IN_TRACT, FEWEST_IN_GROUP = 900, 450


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of cells with its people."""

    cell: Cell
    people: int


class Map2D:
    """The blocks, to be asked which lie in a rectangle and where it can be cut."""

    def __init__(self, blocks: pd.DataFrame) -> None:
        self.bounds = blocks[["i0", "j0", "i1", "j1"]].to_numpy()
        self.people = blocks["population"].to_numpy()

    def inside(self, cell: Cell) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which blocks lie in a rectangle."""
        i0, j0, i1, j1 = self.bounds.T
        found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
            (i0 >= cell.i0) & (j0 >= cell.j0) & (i1 <= cell.i1) & (j1 <= cell.j1)
        )
        return found

    def part(self, cell: Cell) -> Part:
        """Count the people of a rectangle."""
        return Part(cell, int(self.people[self.inside(cell)].sum()))

    def cuts(self, cell: Cell) -> list[tuple[Part, Part]]:
        """Every way to cut a rectangle in two along a lattice line without cutting a block."""
        i0, j0, i1, j1 = self.bounds[self.inside(cell)].T
        along = sorted({int(i) for i in i1} - {cell.i1})
        across = sorted({int(j) for j in j1} - {cell.j1})
        pairs = [
            (Cell(cell.i0, cell.j0, i, cell.j1), Cell(i, cell.j0, cell.i1, cell.j1))
            for i in along
            if not ((i0 < i) & (i1 > i)).any()
        ]
        pairs += [
            (Cell(cell.i0, cell.j0, cell.i1, j), Cell(cell.i0, j, cell.i1, cell.j1))
            for j in across
            if not ((j0 < j) & (j1 > j)).any()
        ]
        return [(self.part(first), self.part(second)) for first, second in pairs]

    def halve(self, part: Part, fewest: int) -> tuple[Part, Part] | None:
        """Cut a rectangle into two of about equal people and good shape; None where there is no way."""
        pairs = [pair for pair in self.cuts(part.cell) if min(pair[0].people, pair[1].people) >= fewest]
        if not pairs:
            return None
        return min(pairs, key=lambda pair: _unfit(pair, part))


def _unfit(pair: tuple[Part, Part], whole: Part) -> float:
    uneven = abs(pair[0].people / whole.people - 0.5)
    return uneven + 0.06 * max(_length_to_width(part.cell) for part in pair)


def _length_to_width(cell: Cell) -> float:
    x, y = to_meters([cell.i0, cell.i1, cell.i0], [cell.j0, cell.j0, cell.j1])
    length, width = np.hypot(x[1] - x[0], y[1] - y[0]), np.hypot(x[2] - x[0], y[2] - y[0])
    return float(max(length / width, width / length))


def divide(
    parts: Sequence[Part], halve: Callable[[Part], tuple[Part, Part] | None], wanted: int
) -> list[Part]:
    """Halve the fullest part again and again until there are ``wanted``."""
    done: list[Part] = []
    left = list(parts)
    while left and len(done) + len(left) < wanted:
        fullest = max(left, key=lambda part: (part.people, part.cell))
        left.remove(fullest)
        halves = halve(fullest)
        if halves is None:
            done.append(fullest)
        else:
            left.extend(halves)
    return sorted([*done, *left], key=lambda part: part.cell)


def add_geography(blocks: pd.DataFrame) -> None:
    """Add ``tract_2010``, ``tract_2020``, ``block_group`` and ``geoid`` (text) to the blocks, in place."""
    plan = Map2D(blocks)
    zones = [plan.part(zone) for zone in ZONES]
    old = divide(zones, lambda part: plan.halve(part, FEWEST_IN_TRACT), TRACTS_2010 - 2)
    old = _from_the_north_west(old)
    names = [f"{FIRST_TRACT + k:04d}00" for k in range(len(old))]
    blocks["tract_2010"] = ""
    for name, part in zip(names, old, strict=True):
        blocks.loc[plan.inside(part.cell), "tract_2010"] = COUNTY_GEOID + name
    new = _ten_years_later(plan, dict(zip(names, old, strict=True)))
    blocks["tract_2020"], blocks["block_group"] = "", ""
    for name, parts in new.items():
        _add_groups(blocks, plan, COUNTY_GEOID + name, parts)
    for cell, name, group in ((LAKE, LAKE_TRACT, "0"), (PRISON, PRISON_TRACT, "1")):
        place = plan.inside(Cell(*cell))
        blocks.loc[place, ["tract_2010", "tract_2020"]] = COUNTY_GEOID + name
        blocks.loc[place, "block_group"] = COUNTY_GEOID + name + group
    number = blocks.groupby("block_group").cumcount()
    number = number + (blocks["block_group"].str[-1] == "0")
    blocks["geoid"] = blocks["block_group"] + number.map("{:03d}".format)


def _from_the_north_west(parts: Sequence[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: (part.cell.i0 // 24, -part.cell.j0, part.cell.i0))


def _ten_years_later(plan: Map2D, old: dict[str, Part]) -> dict[str, list[Part]]:
    new = {name: [part] for name, part in old.items()}
    by_people = sorted(old, key=lambda name: -old[name].people)
    for name in by_people[:SPLITS]:
        halves = plan.halve(old[name], FEWEST_IN_TRACT)
        if halves:
            del new[name]
            new[name[:4] + "01"], new[name[:4] + "02"] = [halves[0]], [halves[1]]
    untouched = [name for name in by_people[SPLITS:] if name in new]
    _join(new, untouched)
    _shift(plan, new, [name for name in untouched if name in new])
    return new


def _join(new: dict[str, list[Part]], names: Sequence[str]) -> None:
    """Join the emptiest neighbors, whose common edge is the whole side of both."""
    pairs = [
        (new[a][0].people + new[b][0].people, a, b) for a in names for b in names if _side_by_side(new, a, b)
    ]
    joined: set[str] = set()
    for _, a, b in sorted(pairs):
        if len(joined) < 2 * JOINS and not joined & {a, b}:
            new[f"{int(a[:4]) + 80:04d}00"] = [*new.pop(a), *new.pop(b)]
            joined |= {a, b}


def _side_by_side(new: dict[str, list[Part]], a: str, b: str) -> bool:
    one, other = new[a][0].cell, new[b][0].cell
    beside = one.i1 == other.i0 and (one.j0, one.j1) == (other.j0, other.j1)
    above = one.j1 == other.j0 and (one.i0, one.i1) == (other.i0, other.i1)
    return beside or (above and one.j1 not in (MOTORWAY_J, RIVER_J))


def _shift(plan: Map2D, new: dict[str, list[Part]], names: Sequence[str]) -> None:
    """Let a tract give a strip of a tenth to a third of its people to the neighbor beyond it."""
    done: set[str] = set()
    for giver in names:
        strip = None if giver in done else _strip(plan, new, giver, [n for n in names if n not in done])
        if strip is None or len(done) >= 2 * SHIFTS:
            continue
        taker, kept, given = strip
        new[giver] = [kept]
        new[taker] = [*new[taker], given]
        done |= {giver, taker}


def _strip(
    plan: Map2D, new: dict[str, list[Part]], giver: str, takers: Sequence[str]
) -> tuple[str, Part, Part] | None:
    whole = new[giver][0]
    for kept, given in plan.cuts(whole.cell):
        if not 0.1 <= given.people / whole.people <= 0.33:
            continue
        for taker in takers:
            cell = new[taker][0].cell
            if (
                taker != giver
                and given.cell.i1 == cell.i0
                and (given.cell.j0, given.cell.j1) == (cell.j0, cell.j1)
            ):
                return taker, kept, given
    return None


def _add_groups(blocks: pd.DataFrame, plan: Map2D, tract: str, parts: Sequence[Part]) -> None:
    people = sum(part.people for part in parts)
    wanted = max(len(parts), min(9, round(people / PEOPLE_IN_GROUP)))
    groups = divide(parts, lambda part: plan.halve(part, FEWEST_IN_GROUP), wanted)
    for number, group in enumerate(groups, start=1):
        place = plan.inside(group.cell)
        blocks.loc[place, "tract_2020"] = tract
        blocks.loc[place, "block_group"] = f"{tract}{number}"
