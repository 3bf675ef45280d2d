"""Missing values, overlaps, weights, empty frames and refusals of areal and weighted interpolation."""

# ruff: noqa: PD011 (`.values` is an attribute of the answer here)

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point, box

from geo.errors import CRSError, GeometryError, SchemaError
from geo.methods.interpolation import (
    apply_crosswalk,
    crosswalk,
    interpolate_areal,
    interpolate_weighted,
    split_share,
)

CRS = "EPSG:3310"


def strips(index, **columns):
    """One square of side 10 a label, from west to east."""
    shapes = [box(10 * k, 0, 10 * k + 10, 10) for k in range(len(index))]
    return gpd.GeoDataFrame(columns, index=index, geometry=shapes, crs=CRS)


def areas(**boxes):
    return gpd.GeoDataFrame(index=list(boxes), geometry=[box(*edges) for edges in boxes.values()], crs=CRS)


def homes(*points, **columns):
    return gpd.GeoDataFrame(columns, geometry=[Point(*xy) for xy in points], crs=CRS)


class TestMissingValues:
    source = strips(["a", "b", "c"], people=[100, None, 300], age=[30, 40, None], margin=[10, 20, None])

    def test_a_missing_value_is_not_zero(self):
        target = areas(only_missing=(10, 0, 20, 10), half=(5, 0, 15, 10), nowhere=(90, 0, 95, 5))
        values = interpolate_areal(self.source, target, extensive="people", intensive="age").values
        assert np.isnan(values.loc["only_missing", "people"])
        assert values.loc["half", "people"] == 50
        assert values.loc["half", "age"] == 35
        assert values.loc["nowhere"].isna().tolist() == [True, True, False]
        assert values["coverage"].tolist() == [1, 1, 0]

    def test_a_missing_value_takes_no_part_in_a_mean(self):
        values = interpolate_areal(self.source, areas(t=(15, 0, 30, 10)), intensive="age").values
        assert values.loc["t", "age"] == 40

    def test_the_ledger_counts_what_is_missing(self):
        moved = interpolate_areal(self.source, areas(t=(0, 0, 30, 10)), extensive="people")
        assert moved.ledger.loc["people", ["in", "out", "lost", "missing"]].tolist() == [400, 400, 0, 1]

    @pytest.mark.parametrize("sentinel", [-666666666, -999999999, pd.NA, np.nan, None])
    def test_sentinels_are_missing(self, sentinel):
        source = strips(["a", "b"], people=pd.Series([1, sentinel], index=["a", "b"], dtype=object))
        values = interpolate_areal(source, areas(t=(10, 0, 20, 10)), extensive="people").values
        assert np.isnan(values.loc["t", "people"])

    def test_a_missing_margin_makes_the_margin_missing_where_it_matters(self):
        target = areas(west=(0, 0, 10, 10), east=(15, 0, 30, 10))
        moe = {"people": "margin"}
        values = interpolate_areal(self.source, target, extensive="people", moe=moe).values
        assert values.loc["west", "people_moe"] == 10
        assert values.loc["east", "people"] == 300
        assert np.isnan(values.loc["east", "people_moe"])

    def test_no_value_no_margin(self):
        values = interpolate_areal(
            self.source, areas(t=(10, 0, 20, 10)), extensive="people", moe={"people": "margin"}
        ).values
        assert values[["people", "people_moe"]].isna().all(axis=None)

    def test_integers_that_may_be_missing_are_read(self):
        source = strips(["a", "b"], people=pd.array([1, None], dtype="Int64"))
        values = interpolate_areal(source, areas(t=(0, 0, 20, 10)), extensive="people").values
        assert values.loc["t", "people"] == 1


class TestOverlaps:
    def test_overlapping_targets_both_receive_and_the_ledger_says_so(self):
        source = strips(["a", "b", "c"], people=[100, 200, 400])
        target = areas(west=(0, 0, 15, 10), east=(5, 0, 20, 10))
        moved = interpolate_areal(source, target, extensive="people")
        assert moved.values["people"].to_dict() == {"west": 200, "east": 250}
        line = moved.ledger.loc["people"]
        assert line[["in", "out", "lost", "counted_more_than_once"]].tolist() == [700, 450, 400, 150]
        assert line["units_lost"] == ["c"]
        assert line["units_repeated"] == ["a", "b"]

    def test_coverage_counts_overlapping_sources_once(self):
        source = areas(a=(0, 0, 10, 10), b=(0, 0, 10, 10), c=(5, 0, 10, 10)).assign(people=[100, 10, 1])
        values = interpolate_areal(source, areas(t=(0, 0, 20, 10)), extensive="people").values
        assert values.loc["t"].tolist() == [111, 0.5]

    def test_nothing_is_scaled_up_for_what_is_not_covered(self):
        source = strips(["a"], people=[100])
        values = interpolate_areal(source, areas(t=(5, 0, 25, 10)), extensive="people").values
        assert values.loc["t"].tolist() == [50, 0.25]


class TestWeights:
    tract = strips(["a", "b"], people=[100, 60], age=[30, 50])

    def test_polygons_that_straddle_are_split_by_area(self):
        blocks = areas(one=(-5, 0, 5, 10), two=(5, 0, 15, 10)).assign(pop=[8, 4])
        target = areas(west=(0, 0, 8, 10), east=(8, 0, 20, 10))
        moved = interpolate_weighted(
            self.tract, target, blocks, weight="pop", extensive="people", intensive="age"
        )
        # a holds half of one (4) and half of two (2); of that, west has 4 + 1.2, east 0.8.
        # b holds the other half of two (2), all of it in east.
        assert moved.values["people"].to_dict() == pytest.approx(
            {"west": 100 * 5.2 / 6, "east": 60 + 100 * 0.8 / 6}
        )
        assert moved.values["age"].to_dict() == pytest.approx({"west": 30, "east": (0.8 * 30 + 2 * 50) / 2.8})
        assert moved.ledger.loc["people", "lost"] == 0

    def test_a_point_on_an_edge_is_split_equally(self):
        target = areas(west=(0, 0, 5, 10), east=(5, 0, 10, 10), over=(5, 0, 7, 10))
        points = homes((5, 5), (2, 2), (10, 3), pop=[6, 1, 4])
        values = interpolate_weighted(self.tract, target, points, weight="pop", extensive="people").values
        # a: 6 on the edge of three, 1 in west, half of 4 on the edge of a and b, which only east touches
        assert values["people"].to_dict() == pytest.approx(
            {"west": 100 * 3 / 9, "east": 100 * (2 + 2) / 9 + 60, "over": 100 * 2 / 9}
        )

    def test_a_point_in_two_targets_counts_in_both(self):
        target = areas(one=(0, 0, 6, 10), two=(4, 0, 10, 10))
        points = homes((5, 5), (1, 1), (15, 5), pop=[3, 1, 7])
        moved = interpolate_weighted(self.tract, target, points, weight="pop", extensive="people")
        assert moved.values["people"].to_dict() == {"one": 100, "two": 75}
        line = moved.ledger.loc["people"]
        assert line[["in", "out", "lost", "counted_more_than_once"]].tolist() == [160, 175, 60, 75]

    def test_a_source_unit_without_weight_goes_by_area(self):
        target = areas(west=(0, 0, 15, 10))
        points = homes((5, 5), pop=[3])
        moved = interpolate_weighted(
            self.tract, target, points, weight="pop", extensive="people", intensive="age"
        )
        assert moved.values.loc["west", "people"] == 100 + 30
        assert moved.values.loc["west", "age"] == 30
        assert moved.ledger.loc["people", "lost"] == 30

    def test_a_target_without_weight_receives_nobody_and_has_no_mean(self):
        points = homes((1, 1), pop=[3])
        values = interpolate_weighted(
            self.tract,
            areas(desert=(4, 0, 8, 10)),
            points,
            weight="pop",
            extensive="people",
            intensive="age",
        ).values
        assert values.loc["desert", "people"] == 0
        assert np.isnan(values.loc["desert", "age"])
        assert values.loc["desert", "coverage"] == 1

    def test_polygons_and_points_may_be_mixed(self):
        mixed = pd.concat([areas(one=(0, 0, 10, 10)).assign(pop=6), homes((9, 9), pop=[2])])
        mixed.index = ["the same label"] * 2
        values = interpolate_weighted(
            self.tract, areas(t=(0, 0, 5, 10)), mixed, weight="pop", extensive="people"
        ).values
        assert values.loc["t", "people"] == 100 * 3 / 8

    def test_no_weights_at_all_is_areal(self):
        target = areas(t=(5, 0, 20, 10))
        none = homes(pop=np.empty(0))
        weighted = interpolate_weighted(self.tract, target, none, weight="pop", extensive="people")
        areal = interpolate_areal(self.tract, target, extensive="people")
        assert weighted.values.equals(areal.values)
        assert weighted.ledger.equals(areal.ledger)

    @pytest.mark.parametrize(
        ("weights", "weight", "error", "message"),
        [
            (
                homes((1, 1), (2, 2), pop=[1, None]),
                "pop",
                SchemaError,
                r"1 weights \(pop\) are missing \(1\)",
            ),
            (homes((1, 1), pop=[-3]), "pop", SchemaError, r"1 weights \(pop\) are negative \(0\)"),
            (homes((1, 1), pop=[3]), "people", SchemaError, "no column 'people'"),
            (
                gpd.GeoDataFrame({"pop": [1]}, geometry=[LineString([(0, 0), (1, 1)])], crs=CRS),
                "pop",
                GeometryError,
                "no polygon or multipolygon or point",
            ),
            (homes((1, 1), pop=[3]).set_crs("EPSG:5070", allow_override=True), "pop", CRSError, "EPSG:5070"),
        ],
    )
    def test_refusals(self, weights, weight, error, message):
        with pytest.raises(error, match=message):
            interpolate_weighted(
                self.tract, areas(t=(0, 0, 5, 5)), weights, weight=weight, extensive="people"
            )

    def test_a_crosswalk_takes_the_only_column_of_numbers(self):
        points = homes((1, 1), (8, 8), pop=[3, 1])
        table = crosswalk(self.tract, areas(t=(0, 0, 5, 10)), points)
        assert table["share_of_source"].tolist() == [0.75]
        assert table["weight"].tolist() == [3]
        with pytest.raises(SchemaError, match="2 columns of numbers"):
            crosswalk(self.tract, areas(t=(0, 0, 5, 10)), points.assign(more=1))


class TestEmptyFrames:
    def test_no_source(self):
        source = strips([], people=np.empty(0), age=np.empty(0))
        moved = interpolate_areal(source, areas(t=(0, 0, 1, 1)), extensive="people", intensive="age")
        assert moved.values.isna().loc["t"].tolist() == [True, True, False]
        assert moved.values.loc["t", "coverage"] == 0
        assert moved.ledger.loc["people", ["in", "out", "lost"]].tolist() == [0, 0, 0]

    def test_no_target(self):
        source = strips(["a"], people=[7])
        target = areas(t=(0, 0, 1, 1)).iloc[:0]
        moved = interpolate_areal(source, target, extensive="people", moe={"people": "people"})
        assert moved.values.empty
        assert list(moved.values) == ["people", "people_moe", "coverage"]
        assert moved.ledger.loc["people", ["in", "out", "lost"]].tolist() == [7, 0, 7]
        assert moved.ledger.loc["people", "units_lost"] == ["a"]

    def test_no_variable(self):
        moved = interpolate_areal(strips(["a"]), areas(t=(0, 0, 20, 10)))
        assert moved.values.to_dict() == {"coverage": {"t": 0.5}}
        assert moved.ledger.empty

    def test_no_source_no_target_and_no_weights(self):
        none = strips([], people=np.empty(0))
        moved = interpolate_weighted(none, none, none, weight="people", extensive="people")
        assert moved.values.empty
        assert crosswalk(none, none).empty


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"extensive": ["people", "dogs"]}, r"1 columns of the source are absent \(dogs\)"),
        ({"extensive": "people", "moe": {"people": "m"}}, r"absent \(m\)"),
        ({"extensive": "people", "intensive": "people"}, r"stand twice \(people\)"),
        ({"extensive": "people", "moe": {"age": "people"}}, "1 margins belong to no variable"),
        ({"intensive": "coverage"}, r"stand twice \(coverage\)"),
        ({"extensive": "name"}, "not every value of name is a number"),
    ],
)
def test_columns_that_cannot_be_moved(arguments, message):
    source = strips(["a"], people=[1], age=[2], name=["x"], coverage=[1])
    with pytest.raises(SchemaError, match=message):
        interpolate_areal(source, areas(t=(0, 0, 1, 1)), **arguments)


def test_frames_are_left_as_they_were():
    source, target = strips(["a"], people=[1]), areas(t=(0, 0, 1, 1))
    before = source.copy(), target.copy()
    interpolate_areal(source, target, extensive="people")
    pd.testing.assert_frame_equal(source, before[0])
    pd.testing.assert_frame_equal(target, before[1])


class TestCrosswalk:
    source = strips(["a", "b", "c"], people=[100, 200, 400], age=[1, 2, 3], margin=[5, 6, 7])
    target = areas(west=(0, 0, 15, 10), nowhere=(0, 90, 5, 95))

    def test_it_gives_what_the_direct_way_gives(self):
        arguments = {"extensive": ["people"], "intensive": ["age"], "moe": {"people": "margin"}}
        moved = apply_crosswalk(
            crosswalk(self.source, self.target), self.source, target_index=self.target.index, **arguments
        )
        direct = interpolate_areal(self.source, self.target, **arguments)
        pd.testing.assert_frame_equal(moved.values, direct.values)
        pd.testing.assert_series_equal(moved.ledger.loc["people"], direct.ledger.loc["people"])

    def test_it_survives_a_file(self, tmp_path):
        crosswalk(self.source, self.target).to_csv(tmp_path / "crosswalk.csv", index=False)
        table = pd.read_csv(tmp_path / "crosswalk.csv")
        assert apply_crosswalk(table, self.source, extensive="people").values["people"].to_dict() == {
            "west": 200
        }

    def test_it_knows_its_units(self):
        table = crosswalk(self.source, self.target)
        with pytest.raises(SchemaError, match=r"1 units of the crosswalk's column source .* \(b\)"):
            apply_crosswalk(table, self.source.drop(index="b"), extensive="people")
        with pytest.raises(SchemaError, match="columns of the crosswalk are absent"):
            apply_crosswalk(table.drop(columns="weight"), self.source, extensive="people")

    def test_it_says_what_is_guesswork(self):
        table = crosswalk(self.source, areas(west=(0, 0, 15, 10), east=(20, 0, 30, 10), half=(12, 0, 15, 10)))
        shares = split_share(table, self.source["people"])
        assert shares.to_dict() == pytest.approx({"west": 0.5, "east": 0, "half": 1})
        assert split_share(table, self.source["people"] * 0).isna().all()

    def test_areas_are_in_square_meters_whatever_the_unit(self):
        feet = self.source.set_crs("EPSG:2230", allow_override=True)
        table = crosswalk(feet, feet)
        assert table["area_m2"].tolist() == pytest.approx([100 * (1200 / 3937) ** 2] * 3, rel=1e-12)


def test_the_ledger_has_a_title_and_balances():
    source = strips(["a", "b"], people=[100, 50], age=[20, 30])
    moved = interpolate_areal(
        source, areas(t=(5, 0, 12, 10), u=(8, 0, 9, 40)), extensive="people", intensive="age"
    )
    ledger = moved.to_ledger("People of the towns", "tracts", "towns")
    assert ledger.imbalance().abs().max() < 1e-9
    assert (ledger.title, ledger.source, ledger.target) == ("People of the towns", "tracts", "towns")
    assert type(ledger).from_record(ledger.to_record()).lines.loc["people"].equals(ledger.lines.loc["people"])
