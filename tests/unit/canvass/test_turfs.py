"""What a cut does with bad input, barriers, islands, oversize units, kept units, and hands."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, Polygon, box

from geo.canvass.turfs import (
    TurfHistory,
    changed_turfs,
    cut_turfs,
    merge_turfs,
    move_unit,
    polsby_popper,
    recut_turfs,
    split_turf,
    turf_hours,
    units_in_no_turf,
    units_in_two_turfs,
)
from geo.errors import CRSError, GeoError, GeometryError, InfeasibleError, SchemaError
from geo.methods.partition.adjacency import build_adjacency, connected

CRS = "EPSG:3310"


def grid(columns: int, rows: int, doors: float = 10.0, side: float = 100.0) -> gpd.GeoDataFrame:
    cells = [(x, y) for y in range(rows) for x in range(columns)]
    shapes = [box(x * side, y * side, (x + 1) * side, (y + 1) * side) for x, y in cells]
    index = [f"{x}.{y}" for x, y in cells]
    return gpd.GeoDataFrame({"doors": [doors] * len(cells)}, geometry=shapes, index=index, crs=CRS)


def barrier(*shapes: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(shapes), crs=CRS)


def assert_whole(cut) -> None:
    labels = cut.labels.to_numpy()
    assert not cut.labels.isna().any()
    for turf in np.unique(labels):
        assert connected(cut.ground.adjacency.neighbors, set(np.flatnonzero(labels == turf).tolist()))


def broken(**columns: object) -> gpd.GeoDataFrame:
    return grid(3, 1).assign(**columns)


BAD = [
    (lambda: cut_turfs(grid(3, 1), doors="doors", n=4), InfeasibleError, "only 3 units"),
    (lambda: cut_turfs(grid(3, 1), doors="doors", n=0), InfeasibleError, "whole number"),
    (lambda: cut_turfs(grid(3, 1), doors="doors", doors_per_turf=31), InfeasibleError, "all units have 30"),
    (lambda: cut_turfs(grid(3, 1), doors="doors", doors_per_turf=-1), InfeasibleError, "more than 0"),
    (lambda: cut_turfs(grid(3, 1), doors="doors"), InfeasibleError, "neither"),
    (lambda: cut_turfs(grid(3, 1), doors="doors", n=1, doors_per_turf=3), InfeasibleError, "both"),
    (lambda: cut_turfs(grid(3, 1), doors="homes", n=1), SchemaError, "no column 'homes'"),
    (lambda: cut_turfs(broken(doors=[1, -2, 3]), doors="doors", n=1), SchemaError, "1 units have negative"),
    (lambda: cut_turfs(broken(doors=[1, None, 3]), doors="doors", n=1), SchemaError, "1.0"),
    (lambda: cut_turfs(broken(doors=[0, 0, 0]), doors="doors", n=1), InfeasibleError, "no doors"),
    (lambda: cut_turfs(grid(3, 1).to_crs(4326), doors="doors", n=1), CRSError, "projected"),
    (lambda: cut_turfs(grid(3, 1).iloc[:0], doors="doors", n=1), SchemaError, "no units"),
    (lambda: cut_turfs(grid(3, 1), doors="doors", n=2, tolerance=-1), InfeasibleError, "tolerance"),
    (lambda: cut_turfs(grid(3, 1), doors="doors", n=2, keep={"9.9": 0}), SchemaError, "9.9"),
    (lambda: cut_turfs(grid(3, 1), doors="doors", n=2, keep={"0.0": 2}), InfeasibleError, "0 to 1"),
    (
        lambda: cut_turfs(pd.concat([grid(2, 1), grid(2, 1)]), doors="doors", n=2),
        SchemaError,
        "2 units appear more than once",
    ),
    (
        lambda: cut_turfs(
            broken(geometry=[Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), None, Point(0, 0)]),
            doors="doors",
            n=1,
        ),
        GeometryError,
        "2 units have no polygon",
    ),
    (
        lambda: cut_turfs(
            gpd.GeoDataFrame({"doors": [1]}, geometry=[Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], crs=CRS),
            doors="doors",
            n=1,
        ),
        GeometryError,
        "invalid",
    ),
    (
        lambda: cut_turfs(grid(3, 1), doors="doors", n=1, barriers=barrier(box(0, 0, 1, 1))),
        GeometryError,
        "neither line nor point",
    ),
    (
        lambda: cut_turfs(
            grid(3, 1), doors="doors", n=1, barriers=barrier(LineString([(0, 0), (1, 0)])).to_crs(26911)
        ),
        CRSError,
        "26911",
    ),
]


@pytest.mark.parametrize(("call", "kind", "words"), BAD)
def test_bad_input_is_refused_with_a_remedy(call, kind, words) -> None:
    with pytest.raises(kind, match=words) as caught:
        call()
    assert isinstance(caught.value, GeoError)
    assert caught.value.remedy


def test_a_corner_makes_no_neighbor_and_vertices_need_not_match() -> None:
    shapes = [box(0, 0, 100, 200), box(100, 0, 200, 100), box(100, 100, 200, 200), box(200, 200, 300, 300)]
    assert build_adjacency(gpd.GeoDataFrame(geometry=shapes, crs=CRS)).neighbors == (
        (1, 2),
        (0, 2),
        (0, 1),
        (),
    )


def test_no_turf_lies_across_a_barrier() -> None:
    wall = barrier(LineString([(200, -50), (200, 450)]))
    cut = cut_turfs(grid(4, 4), doors="doors", n=3, barriers=wall)
    for outline in cut.turfs.geometry:
        west, _, east, _ = outline.bounds
        assert east <= 200 or west >= 200
    assert_whole(cut)
    assert len(cut.pieces) == 2


def test_units_join_at_a_crossing() -> None:
    wall = LineString([(200, -50), (200, 450)])
    crossed = barrier(wall, Point(200, 150))
    adjacency = build_adjacency(grid(4, 4), crossed)
    shut = [
        (int(one), int(other))
        for one, other, is_open in zip(adjacency.first, adjacency.second, adjacency.passable, strict=True)
        if not is_open
    ]
    assert shut == [(1, 2), (9, 10), (13, 14)]
    assert len(cut_turfs(grid(4, 4), doors="doors", n=1, barriers=crossed).turfs) == 1


def test_more_pieces_than_turfs_are_refused() -> None:
    with pytest.raises(InfeasibleError, match="2 separate pieces for 1 turfs"):
        cut_turfs(grid(4, 1), doors="doors", n=1, barriers=barrier(LineString([(200, -9), (200, 109)])))


def test_a_barrier_of_which_part_is_missing_lets_people_through() -> None:
    half = barrier(LineString([(100, 0), (100, 60)]))
    assert build_adjacency(grid(2, 1), half).passable.tolist() == [True]


def test_a_small_island_joins_the_nearest_turf_and_is_named() -> None:
    units = pd.concat(
        [grid(4, 1), gpd.GeoDataFrame({"doors": [1]}, geometry=[box(450, 0, 500, 50)], index=["i"], crs=CRS)]
    )
    cut = cut_turfs(units, doors="doors", n=2)
    assert cut.labels["i"] == cut.labels["3.0"]
    assert cut.links.to_dict("records") == [
        {"unit": "i", "joined_to": "3.0", "gap_m": 50.0, "over_barrier": False}
    ]


def test_a_large_island_is_a_turf_of_its_own() -> None:
    units = pd.concat(
        [grid(4, 1), gpd.GeoDataFrame({"doors": [20]}, geometry=[box(450, 0, 500, 50)], index=["i"], crs=CRS)]
    )
    cut = cut_turfs(units, doors="doors", n=3)
    assert cut.worst == 0.0
    assert (cut.labels == cut.labels["i"]).sum() == 1
    assert cut.links.empty


def test_an_island_does_not_join_over_a_barrier_unless_nobody_lives_there() -> None:
    wall = barrier(LineString([(420, -50), (420, 150)]))
    for doors, links in ((1.0, 0), (0.0, 1)):
        island = gpd.GeoDataFrame({"doors": [doors]}, geometry=[box(450, 0, 500, 50)], index=["i"], crs=CRS)
        cut = cut_turfs(pd.concat([grid(4, 1), island]), doors="doors", n=2, barriers=wall)
        assert len(cut.links) == links


def test_an_oversize_unit_is_a_turf_and_is_named() -> None:
    units = grid(5, 5)
    units.loc["2.2", "doors"] = 300.0
    cut = cut_turfs(units, doors="doors", n=5)
    assert cut.oversize.tolist() == ["2.2"]
    assert (cut.labels == cut.labels["2.2"]).sum() == 1
    assert cut.bound == pytest.approx(300 / 108 - 1, abs=2e-4)
    assert cut.turfs["doors"].drop(cut.labels["2.2"]).tolist() == [60.0] * 4


def test_units_without_doors_come_along_and_are_named() -> None:
    units = grid(4, 2)
    units.loc[["1.0", "2.1"], "doors"] = 0.0
    cut = cut_turfs(units, doors="doors", n=2)
    assert cut.no_doors.tolist() == ["1.0", "2.1"]
    assert cut.turfs["doors"].tolist() == [30.0, 30.0]
    assert_whole(cut)


def test_doors_per_turf_gives_the_number() -> None:
    assert len(cut_turfs(grid(6, 4), doors="doors", doors_per_turf=60).turfs) == 4


def test_kept_units_stay_in_their_turf() -> None:
    keep = pd.Series({"0.0": 2, "5.5": 0, "5.4": 0, "0.5": None})
    cut = cut_turfs(grid(6, 6), doors="doors", n=4, keep=keep)
    assert cut.labels[["0.0", "5.5", "5.4"]].tolist() == [2, 0, 0]
    assert sorted(cut.turfs.index) == [0, 1, 2, 3]
    assert cut.within_tolerance
    assert_whole(cut)


def test_kept_units_apart_are_joined_by_free_ones() -> None:
    cut = cut_turfs(grid(5, 3), doors="doors", n=2, keep={"0.0": 1, "4.0": 1})
    assert cut.labels[["0.0", "4.0"]].tolist() == [1, 1]
    assert_whole(cut)


def test_kept_units_that_cannot_be_joined_are_refused() -> None:
    with pytest.raises(InfeasibleError, match="cannot be joined"):
        cut_turfs(grid(3, 1), doors="doors", n=2, keep={"0.0": 0, "1.0": 1, "2.0": 0})


def test_rows_in_another_order_give_the_same_turfs() -> None:
    units = grid(5, 5)
    units["doors"] = np.random.default_rng(1).integers(1, 30, len(units))
    one = cut_turfs(units, doors="doors", n=4)
    other = cut_turfs(units.sample(frac=1, random_state=2), doors="doors", n=4)
    assert one.labels.equals(other.labels.loc[one.labels.index])
    assert list(other.labels.index) != list(one.labels.index)


def test_turfs_tell_doors_deviation_compactness_and_outline() -> None:
    cut = cut_turfs(grid(4, 4), doors="doors", n=2)
    assert cut.labels.index.equals(grid(4, 4).index)
    assert cut.turfs["doors"].sum() == 160.0
    assert cut.turfs["deviation"].tolist() == [0.0, 0.0]
    assert cut.turfs["compactness"].tolist() == pytest.approx(polsby_popper(cut.turfs.geometry).tolist())
    assert cut.turfs.crs == CRS


class TestByHand:
    @pytest.fixture
    def cut(self):
        return cut_turfs(grid(4, 2), doors="doors", n=2, keep={"0.0": 0, "0.1": 0, "3.0": 1, "3.1": 1})

    def test_a_move_changes_the_balance_at_once(self, cut) -> None:
        moved = move_unit(cut, "2.0", 0)
        assert moved.turfs["doors"].tolist() == [50.0, 30.0]
        assert moved.turfs["deviation"].tolist() == [0.25, 0.25]
        assert cut.turfs["doors"].tolist() == [40.0, 40.0]

    @pytest.mark.parametrize(
        ("unit", "to", "words"),
        [("3.0", 0, "not next to"), ("9.9", 0, "no unit"), ("0.0", 7, "not in this cut")],
    )
    def test_a_move_that_makes_no_sense_is_refused(self, cut, unit, to, words) -> None:
        with pytest.raises(GeoError, match=words):
            move_unit(cut, unit, to)

    def test_a_move_that_tears_a_turf_is_refused(self) -> None:
        row = cut_turfs(grid(4, 1), doors="doors", n=2, keep={"0.0": 1, "1.0": 0, "2.0": 0, "3.0": 0})
        with pytest.raises(InfeasibleError, match="all of turf 1"):
            move_unit(row, "0.0", 0)
        column = cut_turfs(grid(3, 2), doors="doors", n=2, keep={"0.0": 0, "1.0": 0, "2.0": 0, "1.1": 1})
        torn = split_turf(column, 1, 2) if (column.labels == 1).sum() > 1 else column
        with pytest.raises(InfeasibleError, match="fall apart"):
            move_unit(torn, "1.0", int(torn.labels["1.1"]))

    def test_split_and_merge_keep_the_other_numbers(self, cut) -> None:
        split = split_turf(cut, 0)
        assert split.turfs["doors"].to_dict() == {0: 20.0, 1: 40.0, 2: 20.0}
        merged = merge_turfs(split, 0, 2)
        assert merged.labels.equals(cut.labels)
        with pytest.raises(InfeasibleError, match="with itself"):
            merge_turfs(cut, 0, 0)

    def test_history_goes_back_and_forth(self, cut) -> None:
        history = TurfHistory(cut)
        with pytest.raises(InfeasibleError, match="nothing to undo"):
            history.undo()
        moved = history.change(move_unit(cut, "2.0", 0))
        assert history.undo() is cut
        assert history.redo() is moved
        history.undo()
        history.change(merge_turfs(cut, 0, 1))
        with pytest.raises(InfeasibleError, match="nothing to do again"):
            history.redo()

    def test_what_is_in_no_turf_and_in_two(self, cut) -> None:
        index = cut.labels.index
        assert units_in_no_turf(index, cut.labels).empty
        assert units_in_two_turfs(cut.labels).empty
        torn = pd.concat([cut.labels.drop("0.0"), pd.Series({"1.0": 1})])
        assert units_in_no_turf(index, torn).tolist() == ["0.0"]
        assert units_in_two_turfs(torn).tolist() == ["1.0"]


class TestRecut:
    @pytest.fixture(scope="class")
    @classmethod
    def cut(cls):
        return cut_turfs(grid(12, 6), doors="doors", n=6)

    def test_without_a_change_nothing_changes(self, cut) -> None:
        assert changed_turfs(cut, recut_turfs(cut)) == []

    def test_a_dropped_turf_goes_and_a_finished_one_stays(self, cut) -> None:
        after = recut_turfs(cut, dropped=[2], finished=[0])
        assert 2 not in after.turfs.index
        assert 0 not in changed_turfs(cut, after)
        assert np.isnan(after.turfs.loc[0, "deviation"])
        assert after.labels.notna().all()
        assert_whole(after)

    def test_a_larger_tolerance_changes_fewer_turfs(self, cut) -> None:
        few = recut_turfs(cut, dropped=[2], tolerance=0.3)
        assert len(changed_turfs(cut, few)) <= 4
        assert few.within_tolerance

    def test_doors_done_in_one_turf_leave_far_ones_alone(self, cut) -> None:
        doors = pd.Series(10.0, index=cut.labels.index).where(cut.labels != 1, 5.0)
        after = recut_turfs(cut, doors=doors, tolerance=0.2)
        assert after.within_tolerance
        assert 0 < len(changed_turfs(cut, after)) < 6
        assert after.turfs["doors"].sum() == doors.sum()

    def test_a_new_volunteer_gets_a_new_number(self, cut) -> None:
        after = recut_turfs(cut, added=1, tolerance=0.2)
        assert sorted(after.turfs.index) == [0, 1, 2, 3, 4, 5, 6]
        assert_whole(after)

    @pytest.mark.parametrize(
        ("call", "words"),
        [
            ({"dropped": [9]}, "not in this cut"),
            ({"dropped": [1], "finished": [1]}, "finished and cannot be dropped"),
            ({"dropped": [0, 1, 2, 3, 4, 5]}, "no turf is left"),
            ({"doors": pd.Series({"0.0": 1.0})}, "71 units have no doors given"),
            ({"dropped": [0], "finished": [1, 2, 3, 4]}, None),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, cut, call, words) -> None:
        if words is None:
            far = next(t for t in (5, 4, 3) if not cut.turfs.geometry[t].touches(cut.turfs.geometry[0]))
            call = {"dropped": [0], "finished": [t for t in range(1, 6) if t != far]}
            words = "touch no open turf"
        with pytest.raises(GeoError, match=words):
            recut_turfs(cut, **call)


class TestHours:
    def test_doors_take_minutes_and_the_way_between_them_is_walked_or_driven(self) -> None:
        near = turf_hours(grid(1, 1, doors=12), doors="doors", minutes_per_door=5).iloc[0]
        assert near["door_hours"] == pytest.approx(1.0)
        assert near["walking_hours"] == pytest.approx(1.3 * 0.7124 * (12 * 1e4) ** 0.5 / 4500)
        far = turf_hours(grid(1, 1, doors=2, side=5000), doors="doors").iloc[0]
        assert far["walking_hours"] == 0.0
        assert far["driving_hours"] > 0.0

    def test_no_doors_no_hours_even_with_a_drive(self) -> None:
        units = grid(2, 1).assign(doors=[0, 1])
        hours = turf_hours(units, doors="doors", base=Point(-1000, 0))
        assert hours["hours"].iloc[0] == 0.0
        assert hours["driving_hours"].iloc[1] == pytest.approx(2 * 1.3 * 1.1 / 40)

    def test_hours_can_be_balanced(self) -> None:
        units = grid(4, 4)
        units["hours"] = turf_hours(units, doors="doors")["hours"]
        assert cut_turfs(units, doors="hours", n=4).within_tolerance

    def test_no_speed_is_refused(self) -> None:
        with pytest.raises(InfeasibleError, match="km/h"):
            turf_hours(grid(1, 1), doors="doors", walking_kmh=0)


def test_a_cut_that_single_moves_do_not_reach_is_found() -> None:
    doors = {"0.1": 0.0, "0.2": 1.0, "1.0": 0.0, "1.1": 13.0, "1.2": 6.0, "2.1": 6.0}
    units = grid(3, 3).loc[list(doors)].assign(doors=list(doors.values()))
    assert cut_turfs(units, doors="doors", n=2).turfs["doors"].tolist() == [7.0, 19.0]
