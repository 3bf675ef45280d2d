"""A canvass's target, returns and progress, by hand-made numbers."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from geo.canvass.codes import make_turf_code, to_turf_code
from geo.canvass.coverage import (
    class_table,
    cover_classes,
    hide_class_table,
    hide_classes,
    hide_tracts,
    hide_weeks,
    tract_table,
)
from geo.canvass.outlook import Outlook, PublicOutlook, PublicPace, Rate, export_table, pace_words
from geo.canvass.paper_totals import PAPER_TOTALS, Here, judge_sheets
from geo.canvass.progress import by_turf, by_week, to_contacts
from geo.canvass.returns import RETURNS, TurfsHere, judge_returns
from geo.canvass.target import (
    Filter,
    choose_units,
    known_measures,
    left_out_table,
    partly_tribal,
    read_own_list,
    share_within,
    to_units,
)
from geo.canvass.volunteers import Need, match_volunteers
from geo.errors import SchemaError
from geo.intake.grids import read_grids
from geo.intake.tables import Table, TableKind, find_table
from geo.intake.verdicts import Line, Verdict, changes_of

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


def test_tribal_land_is_told_by_the_share_of_a_block_and_what_lies_there_in_part_is_counted() -> None:
    """By its middle a block of a checkerboard was all in, or all out, and nobody was told."""
    ours = units()
    west, south, east, north = (float(side) for side in ours.geometry.iloc[0].bounds)
    reaches = {0.4: ([], 40.0, 0.0), 0.6: (["tribal_land"], 0.0, 60.0), 0.995: (["tribal_land"], 0.0, 0.0)}
    # Another block stands far away, so that there is a target at all.
    shapes = [ours.geometry.iloc[0], box(west + 1e6, south, east + 1e6, north)]
    block = gpd.GeoDataFrame(ours.iloc[[0, 1]]).set_geometry(
        gpd.GeoSeries(shapes, index=ours.index[:2], crs=ours.crs)
    )
    for part, (reasons, inside, outside) in reaches.items():
        land = box(west, south, west + part * (east - west), north)
        tribal = gpd.GeoDataFrame(geometry=[land], crs=ours.crs)
        share = share_within(block, tribal)
        assert share.iloc[0] == pytest.approx(part, abs=0.02)
        target = choose_units(block, tribal=tribal)
        assert target.left_out["reason"].tolist() == reasons
        assert choose_units(block, tribal=share).units.index.equals(target.units.index)
        doors = float(block["doors"].iloc[0])
        told = partly_tribal(target.units, block, share)
        assert told.to_dict() == {"inside": doors if inside else 0.0, "outside": doors if outside else 0.0}


def test_a_filter_takes_the_limit_itself_and_no_missing_value() -> None:
    assert choose_units(units(), wanted=Filter(least_index=90.0)).units.index.tolist() == ["a", "b"]
    with pytest.raises(SchemaError, match="no doors"):
        choose_units(units(), wanted=Filter(least_index=91.0))
    with pytest.raises(SchemaError, match="no doors"):
        choose_units(units(), in_hand=["a", "b"])


def test_a_share_that_is_asked_for_too_narrows_the_target_and_what_is_not_known_is_told() -> None:
    ours = units().assign(share_mobile_homes=[0.4, 0.4, 0.1, None], share_group_quarters=0.0, doors=10.0)
    target = choose_units(ours, wanted=Filter.of_numbers(0, 0, {"share_mobile_homes": 40}))
    assert target.units.index.tolist() == ["a", "b"], "the limit itself passes"
    assert target.left_out["reason"].to_dict() == {"d": "not_known"}
    both = Filter.of_numbers(0, 0, {"share_mobile_homes": 5, "share_no_self_response": 30})
    assert choose_units(ours, wanted=both).units.index.tolist() == ["a", "b"]
    # What the region's data lack is missing in all units, and offered by no page.
    assert "share_renters" in ours
    assert known_measures(ours) == ["share_no_self_response", "share_mobile_homes"]


def test_a_list_of_ones_own_names_units_at_any_level_and_tells_what_is_not_here() -> None:
    tracts = ["06065045303", "06065045303", "06065044509", "06025012301"]
    names = ["060650453031005", "060650453032001", "060650445091000-1-9-20", "060250123011-0652302"]
    ours = pd.DataFrame({"tract_geoid": tracts}, index=names)
    for text, found in {
        "06065045303": names[:2],
        "6065045303": names[:2],  # as a spreadsheet saves it
        "453.03": names[:2],
        "060650453032": names[1:2],
        "60650453031005": names[:1],
        "060650445091000\n60250123011": names[2:],
    }.items():
        assert read_own_list(text, ours) == (tuple(found), ())
    assert read_own_list("Tract 9.99, 060650453039999; 445.09", ours) == (
        (names[2],),
        ("9.99", "060650453039999"),
    )
    assert read_own_list("", ours) == ((), ())
    assert read_own_list("1500000US060650453031, 60650453031.0", ours) == read_own_list("060650453031", ours)
    with pytest.raises(SchemaError, match="paste it in parts"):
        read_own_list("453.03 " * 20_001, ours)


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


def table_of(text: str, kind: TableKind) -> Table:
    return find_table(read_grids(text.encode(), "file.csv"), "file.csv", kind)


def verdicts(lines: list[Line]) -> list[str]:
    return [str(line.verdict) for line in lines]


def test_a_file_is_told_row_by_row() -> None:
    here = TurfsHere({T: ["a", "b"]}, {"9"})
    told = judge_returns(table_of(FILE, RETURNS), here, date(2026, 3, 3))
    assert verdicts(told) == ["new", "new", "twice", *["refused"] * 5, "same"]
    assert [line.number for line in told] == list(range(2, 11))
    assert all(line.reason for line in told if line.verdict is Verdict.REFUSED)
    assert [fields["id"] for fields in changes_of(told)] == ["1", "2"]


def test_a_submission_that_is_told_in_two_ways_is_refused_both_times() -> None:
    rows = f"instanceID,turf,unit,disposition,today\n1,{T},a,spoke,2026-03-02\n1,{T},a,refused,2026-03-02\n"
    told = judge_returns(table_of(rows, RETURNS), TurfsHere({T: ["a"]}), date(2026, 3, 3))
    assert [line.reason[:5] for line in told] == ["row 3", "row 2"]
    assert changes_of(told) == []


def test_an_edited_submission_is_known_by_its_root_and_an_option_is_no_field() -> None:
    rows = (
        "today,turf,unit,where,where/door,door,disposition,meta/rootUuid,_uuid\n"
        f"2026-03-02,{T},a,door,1,23,spoke,uuid:one,two\n"
    )
    (line,) = judge_returns(table_of(rows, RETURNS), TurfsHere({T: ["a"]}), date(2026, 3, 3))
    assert (line.change["id"], line.change["door"]) == ("one", "23")


def test_a_file_without_the_columns_is_refused() -> None:
    with pytest.raises(SchemaError, match="Block, What happened, Day"):
        judge_returns(table_of("id,turf\n1,2\n", RETURNS), TurfsHere({}), date(2026, 3, 3))


MEMBERS = pd.DataFrame(
    {"turf": T, "tract_geoid": ["1", "1", "2"], "doors": [10, 20, 12]}, index=["a", "b", "c"]
)


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
    return to_contacts(visits, tallies, MEMBERS)


def test_progress_is_right_to_the_household_and_its_parts_add_up() -> None:
    found = contacts()
    assert int(found["reached"].sum()) == 9
    assert int(found["knocked"].sum()) == 13
    tracts = tract_table(found, units(), MEMBERS)
    # Of the seven households on paper five are put where 30 of the turf's 42 doors are.
    assert tracts["reached"].to_dict() == {"1": 7, "2": 2}
    assert tracts["shared_out"].to_dict() == {"1": 5, "2": 2}
    assert class_table(tracts)["reached"].to_dict() == {"40–60": 2, "80+": 7}
    weeks = by_week(found)
    assert weeks["total"].iloc[-1] == 9
    assert Outlook(found, date(2026, 3, 12), date(2026, 3, 26), 29).pace().needed_a_week == 10.0


def test_a_turf_out_too_long_is_stale() -> None:
    turfs = pd.DataFrame(
        {"doors": [40, 10], "households": [30, 10], "status": ["out", "ready"], "out_on": pd.NaT},
        index=[T, "other"],
    )
    table = by_turf(turfs, contacts(), date(2026, 4, 1), goal=20)
    assert table["stale"].tolist() == [True, False]
    assert table["share"].tolist() == [15.0, 5.0]
    assert table["left"].tolist() == [40 - table["knocked"].iloc[0], 10]
    table["share_no_self_response"] = [0.5, 0.2]
    day = date(2026, 4, 1)
    staff = Outlook(contacts(), day, day)
    assert staff.gains(table, Rate(0.5, None, 0))["gain"].to_dict() == {"other": 1.0}


@pytest.mark.parametrize("goal", [1, 396, 40_000])
def test_a_turf_is_asked_for_no_more_households_than_it_holds(goal: int) -> None:
    """With 396 households and a goal of 40,000 a turf's share was once 2,237."""
    turfs = pd.DataFrame(
        {"doors": [503, 90], "households": [396, 80], "status": "ready", "out_on": pd.NaT}, index=[T, "other"]
    )
    table = by_turf(turfs, contacts(), date(2026, 4, 1), goal=goal)
    assert (table["share"] <= table["households"]).all()
    assert table["share"].sum() == pytest.approx(min(goal, 476))


def test_doors_of_a_turf_that_came_back_are_counted_where_nobody_knocked() -> None:
    table = pd.DataFrame(
        {
            "doors": [503, 90, 70, 60, 50],
            "knocked": [1, 90, 5, 0, 0],
            "status": ["returned", "returned", "ready", "out", "done"],
            "share_no_self_response": 0.5,
        },
        index=list("abcde"),
    )
    day = date(2026, 4, 1)
    staff, public = Outlook(contacts(), day, day), PublicOutlook(contacts(), day, day)
    assert staff.gains(table, Rate(0.5, None, 0))["left"].to_dict() == {"a": 502, "c": 65}
    assert public.gains(table, Rate(0.5, None, 0))["left"].to_dict() == {"c": 70}


def test_a_rate_has_a_margin_once_enough_doors_were_knocked_on() -> None:
    day, counted = date(2026, 4, 1), pd.DataFrame({"knocked": [400], "reached": [100]})
    outlook = Outlook(counted, day, day)
    few, many = Outlook(contacts(), day, day).rate(), outlook.rate()
    assert (few.value, few.moe) == (0.4, None)
    assert many.moe == pytest.approx(1.645 * (0.25 * 0.75 / 400) ** 0.5)
    ready = pd.DataFrame(
        {"doors": [200], "knocked": [40], "status": ["ready"], "share_no_self_response": [0.5]}, index=[T]
    )
    found = outlook.gains(ready, many)
    assert found["gain"].item() == pytest.approx(160 * 0.5 * 0.25)
    assert found["gain_moe"].item() == pytest.approx(160 * 0.5 * many.moe)
    assert "160 doors left" in outlook.gain_words(found, many)


def test_a_pace_that_is_too_slow_says_how_late_it_is() -> None:
    days = pd.date_range("2026-01-05", periods=28)
    rows = pd.DataFrame({"on": days, "knocked": 25, "reached": 10})
    found = Outlook(rows, date(2026, 2, 1), date(2026, 3, 1), 700).pace()
    assert (found.a_week, found.needed_a_week) == (70.0, 105.0)
    assert found.finish == date(2026, 3, 15)
    assert "2 weeks late" in pace_words(found)
    assert "in time" in pace_words(Outlook(rows, date(2026, 2, 1), date(2026, 3, 15), 700).pace())


def test_the_pace_gives_no_small_count_away_to_others() -> None:
    def told(reached: int, recent: int) -> tuple[str, float]:
        left, end = 40 - reached, date(2026, 3, 1)
        found = PublicPace(reached, 40, left, 4.0, left / 4, recent, recent / 4, end, date(2026, 4, 1))
        return pace_words(found), found.share

    assert told(4, 4) == ("under 10 of 40 households reached.", 0.0)
    assert told(30, 30)[1] == 0.75
    assert "was 8 a week. At this pace" in told(30, 30)[0]
    for recent in (4, 26):
        assert told(30, recent)[0] == ("30 of 40 households reached. 2 a week are needed until Mar 1, 2026.")


def test_one_return_of_a_few_doors_shows_in_no_figure_that_others_see() -> None:
    """From one day to the next the totals, the pace, the rate and every table say the same."""
    end = date(2026, 6, 1)

    def told(doors: int, spoke: int) -> list[object]:
        days = pd.to_datetime(["2026-03-02", "2026-03-04"])
        rows = pd.DataFrame({"on": days, "knocked": [230 + doors, 90], "reached": [110 + spoke, 40]})
        outlook = PublicOutlook(rows, date(2026, 3, 5), end, 400)
        found = outlook.pace()
        rate = outlook.rate()
        tracts = many_tracts().assign(estimated=False)
        tracts.loc["1", ["knocked", "reached"]] += [doors, spoke]
        whole = export_table(found, hide_tracts(tracts), hide_class_table(tracts), hide_weeks(by_week(rows)))
        return [found, pace_words(found), found.share, rate, whole.to_csv()]

    assert told(5, 3) == told(0, 0)
    few = pd.DataFrame({"on": pd.to_datetime(["2026-03-02"]), "knocked": [9], "reached": [8]})
    hidden = PublicOutlook(few, date(2026, 5, 25), end, 400).pace()
    assert hidden.needed_a_week is None, "400 less what is needed in the last week would be the eight"
    assert told(30, 20) != told(0, 0)


def test_where_to_go_next_does_not_tell_others_how_many_doors_of_a_turf_are_done() -> None:
    ready = {"doors": [200], "status": ["ready"], "share_no_self_response": [0.5]}
    rate, day = Rate(0.5, None, 0), date(2026, 4, 1)
    public = PublicOutlook(contacts(), day, day)
    some, none = (
        public.gains(pd.DataFrame({**ready, "knocked": [knocked]}, index=[T]), rate) for knocked in (40, 0)
    )
    assert some[["left", "gain"]].equals(none[["left", "gain"]])
    assert "All 200 doors x" in public.gain_words(some, rate)


def many_tracts() -> pd.DataFrame:
    counts = {"knocked": [90, 80, 40, 60, 70, 0], "reached": [50, 30, 4, 20, 25, 0]}
    names = pd.Index(["1", "2", "3", "4", "5", "6"], name="tract")
    classes = ["80+", "80+", "80+", "60–80", "60–80", "0–40"]
    known = {"households": 200, "share": 0.1, "index_class": classes}
    return pd.DataFrame({**counts, **known}, index=names)


def test_what_is_hidden_from_others_cannot_be_reckoned_from_what_is_shown() -> None:
    tracts, classes = hide_tracts(many_tracts()), hide_classes(many_tracts())
    for name, part in many_tracts().groupby("index_class"):
        shown = tracts.loc[part.index, "reached"]
        missing = part["reached"][shown.isna()]
        if not pd.isna(classes.loc[name, "reached"]) and len(missing):
            assert len(missing) >= 2
            assert missing.sum() >= 10
    assert tracts.loc["3", ["reached", "share"]].isna().all()
    assert tracts.loc["6", "reached"] == 0


def test_a_hidden_class_hides_its_tracts() -> None:
    table = pd.DataFrame(
        {
            "knocked": [90, 9, 40],
            "reached": [60, 5, 30],
            "share": 0.1,
            "households": 200,
            "index_class": ["80+", "0–40", "60–80"],
        },
        index=["1", "2", "3"],
    ).assign(index_class=["80+", "0–40", "60–80"])
    assert hide_classes(table)["reached"].isna().to_dict() == {"0–40": True, "60–80": True, "80+": False}
    assert hide_tracts(table)["reached"].isna().tolist() == [False, True, True]


def test_what_hides_few_doors_without_talk_is_looked_for_in_the_class_that_is_shown() -> None:
    counts = {"knocked": [100, 50, 20], "reached": [95, 30, 10], "share": 0.1, "households": 200}
    table = pd.DataFrame({**counts, "index_class": ["80+", "80+", "0–40"]}, index=["A", "B", "C"])
    assert hide_classes(table)["knocked"].to_dict() == {"0–40": 20, "80+": 150}
    assert hide_tracts(table)["knocked"].isna().to_dict() == {"A": True, "B": True, "C": False}


def test_few_doors_without_talk_are_a_small_count_too() -> None:
    weeks = pd.DataFrame({"knocked": [64, 90, 80], "reached": [60, 40, 20], "total": [60, 100, 120]})
    hidden = hide_weeks(weeks)
    assert "total" not in hidden
    assert hidden["knocked"].isna().tolist() == [True, False, True]
    assert hidden["reached"].tolist() == [60, 40, 20]


def test_coverage_tells_apart_what_is_not_aimed_at_and_what_is_not_counted() -> None:
    table = tract_table(contacts().query("unit.notna()"), units(), MEMBERS)
    assert table.loc["1", ["households", "reached"]].tolist() == [27, 2]
    counted = units().groupby("tract_geoid")["households"].sum()
    covers = cover_classes(table, pd.Series(["1", "2", "3", "9"]), counted)
    assert covers.tolist() == ["to_25", "none", "no_data", "no_data"]


@pytest.mark.parametrize(
    "header",
    [
        "SubmissionDate,today,grp-turf,grp-unit,grp-disposition,grp-door,meta-instanceID,KEY",
        "start,today,grp/turf,grp/unit,grp/disposition,grp/door,_uuid,_id",
        "start;today;turf;unit;disposition;door;meta/instanceID;_submission_time",
    ],
)
def test_exports_of_odk_central_and_kobo_are_read_by_their_own_names(header: str) -> None:
    mark = ";" if ";" in header else ","
    row = mark.join(["2026-03-02T10:00:00Z", "2026-03-01", T, "a", "spoke", "7", "uuid:x1", "uuid:x1"])
    (line,) = judge_returns(table_of(f"{header}\n{row}\n", RETURNS), TurfsHere({T: ["a"]}), date(2026, 3, 3))
    assert [line.change[name] for name in ("id", "on", "door")] == ["x1", "2026-03-01", "7"]


def test_what_comes_from_a_turf_cut_again_is_told_where_its_block_is_now() -> None:
    now = make_turf_code(1, 4)
    row = f"instanceID,turf,unit,disposition,today\n1,{T},a,spoke,2026-03-02\n2,{T},q,spoke,2026-03-02\n"
    table, here = table_of(row, RETURNS), TurfsHere({now: ["a"]}, former=[T])
    told = judge_returns(table, here, date(2026, 3, 3))
    assert verdicts(told) == ["refused", "refused"]
    assert now in told[0].reason
    assert "in no turf now" in told[1].reason
    moved = judge_returns(table, here, date(2026, 3, 3), follow=True)
    assert [(line.shown["turf"], str(line.verdict)) for line in moved] == [(now, "new"), (T, "refused")]


SHEETS = f"""turf,on,sheet,spoke,not_home,moved
{T},2026-03-02,1,4,3,
{T},2026-03-02,1,4,3,
{T},2026-03-02,2,9,0,0
{T},2026-03-02,3,5,0,0
{T},2026-03-02,4,-1,0,0
{T},2026-03-02,5,40,1,0
{T},2027-03-02,6,1,1,0
{T},2026-03-02,,1,1,0
{make_turf_code(7, 7)},2026-03-02,1,1,1,0
"""


def test_a_table_of_sheets_is_told_row_by_row() -> None:
    zeros = dict.fromkeys(
        ["spoke", "not_home", "refused", "moved", "vacant", "language_needed", "come_back", "do_not_knock"],
        0,
    )
    known = {(T, "2026-03-02", "2"): zeros | {"spoke": 9}, (T, "2026-03-02", "3"): zeros | {"spoke": 6}}
    here = Here({T: 40}, known)
    told = judge_sheets(table_of(SHEETS, PAPER_TOTALS), here, date(2026, 3, 3))
    assert verdicts(told) == ["new", "twice", "same", "changed", *["refused"] * 5]
    assert all(line.reason for line in told if line.verdict is Verdict.REFUSED)
    assert [(fields["sheet"], fields["spoke"], fields["moved"]) for fields in changes_of(told)] == [
        ("1", 4, 0),
        ("3", 5, 0),
    ]


def test_rows_left_empty_are_passed_over_and_what_is_impossible_is_told() -> None:
    gone = ("9", "2026-03-02", "9")
    rows = f"""turf,on,sheet,spoke,not_home
{T},,1,,
{T},,2,4,
{T},1970-01-01,3,4,
{T},2026-03-02,4,0,0
{T},2026-03-02,5,4,
"""
    here = Here({T: 40}, taken_back=[(T, "2026-03-02", "5"), gone])
    told = judge_sheets(table_of(rows, PAPER_TOTALS), here, date(2026, 3, 3))
    assert [line.number for line in told] == [3, 4, 5, 6]
    assert verdicts(told) == ["refused"] * 4
    for words, line in zip(("Day is missing", "clock", "no doors", "taken back"), told, strict=True):
        assert words in line.reason


def test_a_table_that_excel_saved_with_american_days_is_read_and_two_totals_of_a_sheet_are_refused() -> None:
    rows = f"turf,on,sheet,spoke,hablamos\n{T},11/20/2026,1,4,\n{T},11/20/2026,2,4,\n{T},11/20/2026,2,5,\n"
    told = judge_sheets(table_of(rows, PAPER_TOTALS), Here({T: 40}), date(2026, 11, 21))
    assert told[0].change["on"] == "2026-11-20"
    assert [line.reason[:5] for line in told[1:]] == ["row 4", "row 3"]


def test_a_sheet_beside_visits_of_the_same_week_waits_for_somebody_to_say_that_its_doors_are_others() -> None:
    rows = f"turf,on,sheet,spoke\n{T},2026-03-02,1,4\n{T},2026-03-20,2,4\n{T},2026-03-03,3,5\n"
    said = (T, "2026-03-03", "3")
    here = Here({T: 40}, {said: {"spoke": 1}}, visited={T: [date(2026, 3, 4)]}, apart=[said])
    told = judge_sheets(table_of(rows, PAPER_TOTALS), here, date(2026, 3, 21))
    assert verdicts(told) == ["ask", "new", "changed"]
    assert "would count twice" in told[0].reason
    without, with_it = changes_of(told), changes_of(told, asked=True)
    assert [(row["sheet"], row.get("apart")) for row in without] == [("2", None), ("3", True)]
    assert [(row["sheet"], row.get("apart")) for row in with_it] == [("1", True), ("2", None), ("3", True)]


@pytest.mark.parametrize(
    ("door", "day", "words"),
    [("1234567890123", "2026-03-02", "12 signs"), ("1", "1970-01-01", "clock"), ("1", "soon", "no date")],
)
def test_a_visit_that_cannot_be_written_is_told_before(door: str, day: str, words: str) -> None:
    row = f"instanceID,turf,unit,door,disposition,today\n1,{T},a,{door},spoke,{day}\n"
    (line,) = judge_returns(table_of(row, RETURNS), TurfsHere({T: ["a"]}), date(2026, 3, 3))
    assert line.verdict is Verdict.REFUSED
    assert words in line.reason


def test_volunteers_match_by_language_then_car_area_and_hours() -> None:
    fields = {
        "Quail": (("en", "es"), "Mecca", 4.0, True, 0.0),
        "Heron": (("es",), "", 4.0, False, 0.0),
        "Wren": (("en",), "Mecca", 9.0, True, 0.0),
        "Dove": (("es",), "Mecca", 4.0, True, 3.0),
        "Crane": (("es",), "", None, None, 0.0),
    }
    columns = ["languages", "area", "hours_a_week", "has_car", "hours_taken"]
    people = pd.DataFrame.from_dict(fields, orient="index", columns=columns)
    far = match_volunteers(people, Need("es", ("Mecca",), in_town=False, hours=3.0))
    assert far.index.tolist() == ["Quail", "Dove", "Crane", "Heron", "Wren"]
    assert "no car" in far.loc["Heron", "why"]
    assert "too few hours" in far.loc["Dove", "why"]
    near = match_volunteers(people, Need("es", (), in_town=True, hours=None))
    assert near.index.tolist()[0] == "Crane"
    assert near.index[-1] == "Wren"
