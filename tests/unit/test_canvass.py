"""A canvass's target, returns and progress, by hand-made numbers."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from geo.canvass import make_turf_code, to_turf_code
from geo.canvass_import import preview_returns, to_returns
from geo.canvass_progress import by_index_class, by_tract, by_turf, by_week, expected_gain, pace, to_contacts
from geo.canvass_tables import hide_small
from geo.canvass_target import Filter, choose_units, left_out_table, to_units
from geo.errors import SchemaError
from geo.sheets import read_rows

T = make_turf_code(0, 0)


def units() -> gpd.GeoDataFrame:
    squares = [box(-116 + i / 100, 33, -115.99 + i / 100, 33.01) for i in range(4)]
    blocks = gpd.GeoDataFrame(
        {
            "geoid": ["a", "b", "c", "d"],
            "tract_geoid": ["1", "1", "2", "3"],
            "housing_units": [10, 20, 30, None],
            "occupied_units": [9, 18, 27, None],
            "population": [30, 60, 90, 5],
        },
        geometry=squares,
        crs="EPSG:4326",
    )
    tracts = gpd.GeoDataFrame(
        {
            "geoid": ["1", "2", "3"],
            "ca_htc_index": [90.0, 50.0, None],
            "share_limited_english": [0.3, 0.1, 0.2],
            "share_no_self_response": [0.5, 0.2, 0.2],
            "share_group_quarters": [0.0, 0.9, 0.0],
        },
        geometry=[box(-116, 33, -115.9, 33.1)] * 3,
        crs="EPSG:4326",
    )
    return to_units(blocks, tracts, "EPSG:3310")


def test_a_target_names_what_is_left_out_and_loses_nothing() -> None:
    tribal = gpd.GeoDataFrame(geometry=[box(-116, 33, -115.99, 33.01)], crs="EPSG:4326")
    target = choose_units(units(), tribal=tribal)
    assert target.units.index.tolist() == ["b"]
    assert target.left_out["reason"].to_dict() == {"a": "tribal_land", "c": "group_quarters", "d": "no_count"}
    assert left_out_table(target.left_out)["units"].sum() + len(target.units) == 4
    assert target.totals == {"doors": 20, "households": 18, "population": 60, "units": 1}


def test_a_filter_takes_the_limit_itself_and_no_missing_value() -> None:
    assert choose_units(units(), wanted=Filter(least_index=90.0)).units.index.tolist() == ["a", "b"]
    with pytest.raises(SchemaError, match="no doors"):
        choose_units(units(), wanted=Filter(least_index=91.0))
    with pytest.raises(SchemaError, match="no doors"):
        choose_units(units(), in_hand=["a", "b"])


@pytest.mark.parametrize("text", ["", "TA001", "TA0001X", "0001"])
def test_a_code_that_is_mistyped_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"code|mistyped"):
        to_turf_code(text)


FILE = f"""instanceID,grp/turf,grp/unit,grp/door,grp/disposition,today
uuid:1,{T},a,1,spoke,2026-03-02
uuid:2,{T.lower()},b,2,not_home,2026-03-02
uuid:1,{T},a,1,spoke,2026-03-02
uuid:3,{T},z,1,spoke,2026-03-02
uuid:4,{T},a,1,danced,2026-03-02
uuid:5,{T},a,1,spoke,2027-03-02
uuid:6,{make_turf_code(5, 5)},a,1,spoke,2026-03-02
uuid:7,{T},a,1,spoke,2026-13-02
uuid:9,{T},a,7,spoke,2026-03-02
"""


def test_a_file_is_told_row_by_row() -> None:
    rows = read_rows(FILE.encode(), "odk.csv")
    told = preview_returns(rows, {T: ["a", "b"]}, {"9"}, date(2026, 3, 3))
    assert told["what"].tolist() == ["new", "new", "twice", "bad", "bad", "bad", "bad", "bad", "there"]
    assert told["row"].tolist() == list(range(2, 11))
    assert (told.loc[told["what"] == "bad", "reason"] != "").all()
    assert [fields["id"] for fields in to_returns(told)] == ["1", "2"]


def test_a_file_without_the_columns_is_refused() -> None:
    with pytest.raises(SchemaError, match="disposition"):
        preview_returns(read_rows(b"id,turf\n1,2\n", "x.csv"), {}, (), date(2026, 3, 3))


def contacts() -> pd.DataFrame:
    visits = pd.DataFrame(
        [
            ("1", T, "a", "1", "2026-03-02", "not_home"),
            ("2", T, "a", "1", "2026-03-09", "spoke"),
            ("3", T, "a", "1", "2026-03-10", "spoke"),
            ("4", T, "a", "", "2026-03-10", "spoke"),
            ("5", T, "c", "1", "2026-03-10", "refused"),
        ],
        columns=["id", "turf", "unit", "door", "on", "disposition"],
    ).assign(on=lambda frame: pd.to_datetime(frame["on"]))
    zeros = dict.fromkeys(["not_home", "refused", "moved", "vacant", "language_needed", "come_back"], 0)
    tallies = pd.DataFrame([{"turf": T, "on": pd.Timestamp("2026-03-11"), "spoke": 7, **zeros, "vacant": 3}])
    members = pd.DataFrame({"turf": T, "tract_geoid": ["1", "1", "2"]}, index=["a", "b", "c"])
    return to_contacts(visits, tallies, members)


def test_progress_is_right_to_the_household_and_its_parts_add_up() -> None:
    found = contacts()
    assert int(found["reached"].sum()) == 9
    assert int(found["knocked"].sum()) == 13
    tracts = by_tract(found)["reached"]
    assert tracts.to_dict() == {"1": 2, "2": 0, "unknown": 7}
    assert by_index_class(found, pd.Series({"1": 90.0, "2": 50.0}))["reached"].sum() == 9
    weeks = by_week(found)
    assert weeks["total"].iloc[-1] == 9
    assert pace(found, date(2026, 3, 12), date(2026, 3, 26), goal=29).needed_a_week == 10.0


def test_a_turf_out_too_long_is_stale() -> None:
    turfs = pd.DataFrame(
        {"doors": [40, 10], "households": [30, 10], "status": ["out", "ready"], "out_on": pd.NaT},
        index=[T, "other"],
    )
    table = by_turf(turfs, contacts(), date(2026, 4, 1), goal=400)
    assert table["stale"].tolist() == [True, False]
    assert table["share"].tolist() == [300.0, 100.0]
    table["share_no_self_response"] = [0.5, 0.2]
    assert expected_gain(table, 0.5)["gain"].to_dict() == {"other": 1.0}


def test_small_counts_are_hidden_from_others() -> None:
    table = pd.DataFrame({"knocked": [40, 12, 5], "reached": [20, 11, 2], "total": [20, 31, 33]})
    hidden = hide_small(table)
    assert "total" not in hidden
    assert not (hidden["reached"] < 10).any()
