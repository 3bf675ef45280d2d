"""Stretches of blocks: however they are divided, taken and joined, every door is there once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as some

from geo.canvass.saturday import DayWish, plan_day
from geo.canvass.stretches import (
    even_stretches,
    join_stretches,
    part_units,
    resolve_units,
    share_doors,
    without,
)

OF = 24
SPANS = some.lists(
    some.tuples(some.sampled_from("ab"), some.integers(1, OF), some.integers(1, OF)).map(
        lambda item: (item[0], min(item[1:]), max(item[1:]))
    ),
    max_size=6,
)


def named(spans: Iterable[tuple[str, int, int]]) -> list[str]:
    return [
        unit if (first, last) == (1, OF) else f"{unit}-{first}-{last}-{OF}" for unit, first, last in spans
    ]


def doors(names: Iterable[str]) -> Counter[tuple[str, int]]:
    """Count doors one by one, by what the names say."""
    found: Counter[tuple[str, int]] = Counter()
    for name in names:
        unit, _dash, rest = name.partition("-")
        first, last = map(int, rest.split("-")[:2]) if rest else (1, OF)
        found.update((unit, door) for door in range(first, last + 1))
    return found


@given(SPANS, SPANS)
def test_what_is_left_is_every_door_that_was_not_taken(
    ours: list[tuple[str, int, int]], taken: list[tuple[str, int, int]]
) -> None:
    mine, theirs = named(ours), named(taken)
    left = doors(without(mine, theirs))
    assert set(left) == set(doors(mine)) - set(doors(theirs))
    assert not left or max(left.values()) == 1
    assert share_doors(mine, theirs) == bool(set(doors(mine)) & set(doors(theirs)))


@given(SPANS)
def test_joined_stretches_hold_the_same_doors_and_none_follows_another(
    spans: list[tuple[str, int, int]],
) -> None:
    joined = join_stretches(named(spans))
    assert set(doors(joined)) == set(doors(named(spans)))
    assert not joined or max(doors(joined).values()) == 1
    assert join_stretches(joined) == joined


@given(some.integers(1, 300), some.integers(1, 40))
def test_an_even_division_differs_by_one_door_at_most(count: int, most: int) -> None:
    parts = even_stretches("b", count, most)
    sizes = (
        [count]
        if parts == ("b",)
        else [int(part.split("-")[2]) - int(part.split("-")[1]) + 1 for part in parts]
    )
    assert sum(sizes) == count
    assert max(sizes) <= most
    assert max(sizes) - min(sizes) <= 1
    assert join_stretches(parts) == ("b",)


CORNERS = some.lists(
    some.tuples(some.integers(0, 40), some.integers(0, 40)), min_size=4, max_size=9, unique=True
)


@settings(deadline=None, max_examples=60)
@given(CORNERS, some.integers(2, 30), some.integers(1, 9))
def test_the_shapes_of_stretches_are_the_block_once(
    corners: list[tuple[int, int]], count: int, most: int
) -> None:
    """Of any outline, bays and spikes too: no ground is lost and none is in two."""
    shape = shapely.concave_hull(shapely.MultiPoint(corners), ratio=0.2)
    if shape.geom_type != "Polygon" or shape.area < 1.0:
        return
    block = gpd.GeoDataFrame({"doors": [float(count)]}, geometry=[shape], index=["b"], crs="EPSG:3310")
    parts = resolve_units(block, even_stretches("b", count, most))
    assert parts["doors"].sum() == count
    assert parts.is_valid.all()
    assert parts.area.sum() == pytest.approx(shape.area, rel=1e-6)
    assert parts.union_all().area == pytest.approx(shape.area, rel=1e-6)


@settings(deadline=None, max_examples=15)
@given(some.lists(some.integers(0, 150), min_size=9, max_size=9), some.integers(1, 6), some.integers(0, 20))
def test_a_days_turfs_hold_each_door_once_and_what_is_in_hand_never(
    counts: list[int], volunteers: int, taken: int
) -> None:
    if sum(counts) < 2 or counts[0] <= taken:
        return
    squares = [shapely.box(x, y, x + 100, y + 100) for x in (0, 100, 200) for y in (0, 100, 200)]
    told = {"doors": [float(count) for count in counts], "households": 0.0, "population": 0.0}
    told |= {"tract_geoid": ["1"] * 4 + ["2"] * 5, "ca_htc_index": [80.0] * 4 + [70.0] * 5}
    known = gpd.GeoDataFrame(
        told, geometry=squares, index=[f"b{place}" for place in range(9)], crs="EPSG:3310"
    )
    known = known.assign(share_no_self_response=0.5)
    hand = [f"b0-1-{taken}-{counts[0]}"] if taken else []
    units = part_units(known, hand)
    units = gpd.GeoDataFrame(units[~units.index.isin(hand)])
    plan = plan_day(units, DayWish(volunteers, 2.0), known=known)
    names = list(map(str, plan.cut.labels.index))
    assert not share_doors(names, hand)
    assert plan.cut.labels.notna().all()
    assert len(plan.cut.turfs) <= volunteers
    assert plan.doors == sum(counts) - taken
    assert len(join_stretches(names)) <= len(names)
    found = sum(plan.units["doors"])
    assert found == plan.today <= plan.doors
    whole = {name: int(known["doors"][name]) for name in known.index}
    each: Counter[tuple[str, int]] = Counter()
    for name in names:
        unit, _dash, rest = name.partition("-")
        first, last = map(int, rest.split("-")[:2]) if rest else (1, whole[unit])
        each.update((unit, door) for door in range(first, last + 1))
    assert sum(each.values()) == found
    assert not each or max(each.values()) == 1
