"""Where a canvass goes, how its target is cut, and what a cut again changes: on squares to count."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box, mapping

from geo.canvass.recut_plan import RecutWish, doors_left, frozen_codes, plan_recut, recut_words
from geo.canvass.target import Filter, choose_units, picked_tracts
from geo.canvass.turf_plan import (
    CutWish,
    balance_table,
    border_units,
    crossings_of,
    cut_target,
    minutes_driven,
    turfs_beside,
    with_hours,
)
from geo.canvass.turfs import turf_hours
from geo.canvass.turfs.cut import with_labels
from geo.errors import InfeasibleError, SchemaError
from wording.canvass import crossing_words, left_out_words, mean_index

SIDE = 200.0


def squares(columns: int, rows: int, doors: float = 20.0) -> gpd.GeoDataFrame:
    """Square blocks of 200 m with the same doors each, two columns a tract."""
    names = [(x, y) for x in range(columns) for y in range(rows)]
    shapes = [box(x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE) for x, y in names]
    frame = {
        "tract_geoid": [f"0606500000{x // 2}" for x, _ in names],
        "doors": doors,
        "households": doors - 2,
        "population": 3 * doors,
        "ca_htc_index": [50.0 + 10 * (x // 2) for x, _ in names],
        "share_limited_english": 0.2,
        "share_group_quarters": 0.0,
    }
    index = pd.Index([f"{x}.{y}" for x, y in names], name="geoid")
    return gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:3310", index=index)


def around(units: gpd.GeoDataFrame, names: list[str]) -> dict[str, object]:
    """A drawing around some blocks, in degrees."""
    shape = units.loc[names].to_crs("EPSG:4326").union_all().buffer(0.0005)
    return {"geometry": mapping(shape)}


def test_a_drawing_takes_the_tracts_of_which_it_holds_half_of_the_doors_and_a_click_takes_one_out() -> None:
    units = squares(6, 2)
    drawing = around(units, ["0.0", "0.1", "1.0", "1.1", "2.0"])
    assert picked_tracts(units, [drawing], []) == ["06065000000"]
    assert picked_tracts(units, [drawing], ["06065000002"]) == ["06065000000", "06065000002"]
    assert picked_tracts(units, [drawing], ["06065000000"]) == []


def test_filters_and_area_are_taken_together() -> None:
    units = squares(6, 2)
    area = units.loc[["0.0", "2.0", "4.0"]].to_crs("EPSG:4326")[["geometry"]]
    target = choose_units(units, wanted=Filter(least_index=60), within=area, in_hand=["2.0"])
    assert target.units.index.tolist() == ["4.0"]
    assert target.left_out["reason"].to_dict() == {"2.0": "in_hand"}


def test_an_area_outside_the_region_is_told_as_such() -> None:
    away = gpd.GeoDataFrame(geometry=[box(10, 50, 11, 51)], crs="EPSG:4326")
    with pytest.raises(SchemaError, match="holds no block") as told:
        choose_units(squares(2, 2), within=away)
    assert "tracts are" in str(told.value.remedy)


def test_prisons_are_told_whatever_the_index_and_so_is_what_no_source_gives() -> None:
    units = squares(6, 2)
    units.loc[["0.0"], ["share_group_quarters", "doors", "population"]] = 0.9, 1234.0, 5996.0
    units.loc[["4.0"], "ca_htc_index"] = None
    target = choose_units(units, wanted=Filter(least_index=60))
    assert target.left_out["reason"].to_dict() == {"0.0": "group_quarters", "4.0": "not_known"}
    assert any(
        "1,234 doors, 5,996 people in tract 06065000000" in words for words in left_out_words(target.left_out)
    )


def test_what_may_be_wanted_and_nobody_counted_is_told_and_what_surely_is_not_is_passed_over() -> None:
    units = squares(6, 2)
    units.loc[["0.0", "4.0"], "ca_htc_index"] = None
    units.loc["4.0", "doors"] = None
    units.loc["5.0", ["ca_htc_index", "share_limited_english"]] = 10.0, None
    target = choose_units(units, wanted=Filter(least_index=60, least_limited_english=0.0))
    assert target.left_out["reason"].to_dict() == {"0.0": "not_known", "4.0": "no_count"}
    words = list(left_out_words(target.left_out))
    assert any("nobody counted their doors" in line for line in words), words


def test_the_mean_index_weighs_households_and_says_what_it_covers() -> None:
    units = pd.DataFrame({"ca_htc_index": [100.0, 40.0, None], "households": [30.0, 10.0, 10.0]})
    assert mean_index(units) == (85.0, 0.8)
    assert mean_index(units.iloc[2:]) == (None, 0.0)


def test_hours_are_balanced_where_doors_lie_far_apart() -> None:
    units = squares(8, 4)
    units.loc[units.index.str.startswith(("0", "1")), "doors"] = 4.0
    units = with_hours(units, 5.0)
    cut = cut_target(units, CutWish("hours", 10))
    assert cut.worst <= 0.05
    table = balance_table(cut, units)
    assert table["hours"].sum() == pytest.approx(units["hours"].sum(), abs=0.1 * len(table))
    assert table["doors"].sum() == units["doors"].sum()
    assert table["doors"].max() > table["doors"].min()


def test_a_turf_of_more_than_there_is_is_refused() -> None:
    with pytest.raises(InfeasibleError, match="all units have 160"):
        cut_target(with_hours(squares(4, 2)), CutWish("doors", 161))


def test_blocks_that_stay_are_together_in_the_next_cut() -> None:
    units = with_hours(squares(6, 4))
    first = cut_target(units, CutWish("n", 6))
    again = cut_target(units, CutWish("n", 4), before=first, stay=[5, 0])
    for turf in (0, 5):
        assert len(set(again.labels[first.labels == turf])) == 1
    assert sorted(again.turfs.index) == [0, 1, 2, 3]


def kept(units: gpd.GeoDataFrame, n: int, statuses: dict[int, str]) -> pd.DataFrame:
    """Turfs as they stand after a cut into ``n``."""
    cut = cut_target(units, CutWish("n", n))
    rows = {
        f"T{turf}": {"units": tuple(part), "status": statuses.get(turf, "out"), "volunteer": f"V{turf}"}
        for turf, part in cut.labels.groupby(cut.labels).groups.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def test_when_one_drops_out_few_change_and_what_is_frozen_never() -> None:
    units = with_hours(squares(12, 4))
    turfs = kept(units, 8, {0: "done", 1: "ready"})
    wish = RecutWish(dropped=("T4",), out_may_change=True, tolerance=0.3)
    frozen = frozen_codes(turfs, [], wish)
    assert frozen == ["T0"]
    plan = plan_recut(turfs, units, units["doors"], frozen, wish)
    assert plan.codes("gone") == ["T4"]
    assert plan.codes("new") == []
    assert 1 <= len(plan.codes("changed")) <= 3
    assert plan.after.worst <= 0.3
    after = [unit for members in plan.rows["after"] for unit in members]
    assert sorted(after) == sorted(units.index)
    assert plan.rows.loc["T0", "after"] == plan.rows.loc["T0", "before"]
    words = recut_words(plan, turfs)
    assert all(f"{code} (V{code[1]})" in words for code in plan.codes("changed") if code != "T1")


def test_turfs_that_are_out_stay_unless_they_may_change() -> None:
    units = with_hours(squares(6, 4))
    turfs = kept(units, 4, {0: "ready", 1: "ready"})
    wish = RecutWish(dropped=("T0",))
    frozen = frozen_codes(turfs, ["T1"], wish)
    assert frozen == ["T1", "T2", "T3"]
    with pytest.raises(InfeasibleError, match="no turf is left"):
        plan_recut(turfs, units, units["doors"], frozen, wish)
    with pytest.raises(SchemaError, match="T1"):
        frozen_codes(turfs, ["T1"], RecutWish(dropped=("T1",)))


def test_doors_that_are_done_make_room_for_others() -> None:
    units = with_hours(squares(8, 2))
    turfs = kept(units, 4, {})
    rows = [
        (unit, f"{door}", f"{unit}-{door}", "spoke")
        for unit in turfs.loc["T0", "units"]
        for door in range(15)
    ]
    visits = pd.DataFrame(rows, columns=["unit", "door", "id", "disposition"])
    left = doors_left(units, visits)
    assert left.loc[list(turfs.loc["T0", "units"])].unique().tolist() == [5.0]
    wish = RecutWish(out_may_change=True, tolerance=0.2)
    plan = plan_recut(turfs, units, left, [], wish)
    todo = left.groupby(plan.after.labels).sum()
    assert left.groupby(plan.before.labels).sum().min() == 20.0
    assert todo.min() >= 0.8 * todo.mean()
    assert plan.codes("same")


def test_what_can_be_chosen_by_hand_can_be_done() -> None:
    units = with_hours(squares(6, 4))
    cut = cut_target(units, CutWish("n", 6))
    for turf in cut.turfs.index:
        assert border_units(cut, turf)
        assert turf not in turfs_beside(cut, turf)
        assert turfs_beside(cut, turf)


def grid(side: int) -> gpd.GeoDataFrame:
    squares = [box(100 * x, 100 * y, 100 * x + 100, 100 * y + 100) for x in range(side) for y in range(side)]
    return with_hours(gpd.GeoDataFrame({"doors": [10.0] * side**2}, geometry=squares, crs="EPSG:3310"))


def test_a_cut_tells_how_far_it_is_and_is_the_same_whoever_listens() -> None:
    told: list[float] = []
    wish = CutWish(count=4)
    cut = cut_target(grid(8), wish, tell=told.append)
    assert len(told) > 10
    assert told == sorted(told), "it never goes back"
    assert 0.0 < told[0] < told[-1] == pytest.approx(1.0)
    assert cut.labels.equals(cut_target(grid(8), wish).labels)


def test_a_cut_can_be_stopped_soon_after_it_began() -> None:
    told: list[float] = []

    def stop(share: float) -> None:
        told.append(share)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_target(grid(8), CutWish(count=4), tell=stop)
    assert told[0] < 0.1


def test_around_turfs_that_stay_it_tells_how_far_it_is_too() -> None:
    told: list[float] = []
    before = cut_target(grid(8), CutWish(count=4))
    cut_target(grid(8), CutWish(count=4, seed=1), before=before, stay=[0], tell=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)


def test_a_limit_on_driving_holds_for_every_turf_and_what_it_leaves_out_is_told() -> None:
    """Town blocks of 100 m and ranches of 2 km, of which one takes hardly any driving of what it takes."""
    town = [box(100 * x, 0, 100 * x + 100, 100) for x in range(6)]
    ranches = [box(2000 * x, 100, 2000 * x + 2000, 2100) for x in range(4)]
    units = gpd.GeoDataFrame(geometry=town + ranches, index=list("abcdefghij"), crs="EPSG:3310")
    units = units.assign(
        doors=[12.0] * 6 + [10.0, 20.0, 40.0, None],
        households=5.0,
        population=9.0,
        tract_geoid="1",
        ca_htc_index=90.0,
        share_limited_english=0.2,
        share_group_quarters=0.0,
    )
    driven = minutes_driven(units)
    assert driven[list("abcdef")].eq(0).all()
    assert 60 > driven["g"] > driven["h"] > driven["i"] > 0
    target = choose_units(units, too_far=driven > driven["h"])
    assert target.left_out["reason"].to_dict() == {"g": "too_far", "j": "no_count"}
    cut = cut_target(with_hours(target.units), CutWish("n_hours", 3))
    turfs = cut.labels.groupby(cut.labels).groups.values()
    for turf in turfs:
        hours = turf_hours(gpd.GeoDataFrame(target.units.loc[list(turf)]), doors="doors")
        assert 60 * hours["driving_hours"].sum() / hours["hours"].sum() <= driven["h"] + 1e-9


def test_a_crossing_is_named_for_the_turf_that_lies_on_both_sides_and_for_no_other() -> None:
    """A canal runs between two rows of blocks; streets cross it in both halves, a third ends beside it."""
    units = grid(4)
    line = {"is_crossing": False, "barrier_class": "canal", "name": "Main", "geometry": None}
    spots = [("West St", Point(100, 200)), ("East St", Point(300, 200)), ("Edge St", Point(200, 400))]
    rows = [{**line, "is_crossing": True, "name": name, "geometry": at} for name, at in spots]
    canal = {**line, "geometry": LineString([(0, 200), (400, 200)])}
    barriers = gpd.GeoDataFrame([canal, *rows], crs="EPSG:3310")
    west = dict.fromkeys(range(8), 0)
    halves = cut_target(units, CutWish(count=2), barriers=barriers)
    by_hand = with_labels(halves, pd.Series({place: west.get(place, 1) for place in units.index}))
    found = crossings_of(by_hand, barriers)
    assert found.to_numpy().tolist() == [[0, "canal", "West St"], [1, "canal", "East St"]]
    assert crossing_words(found) == {0: "West St (canals)", 1: "East St (canals)"}
    assert crossings_of(by_hand, None).empty
    # Cut along the canal, no turf crosses it.
    rows_apart = pd.Series({place: int(place % 4 >= 2) for place in units.index})
    assert crossings_of(with_labels(halves, rows_apart), barriers).empty
