"""Figures of programs on small frames: measures, eligibility, reach, the census curve, new programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from geo.errors import CatalogError, CRSError, GeometryError, SchemaError
from geo.program.area import find_area, read_point
from geo.program.boundaries import read_boundary
from geo.program.declaration import read_programs, to_program
from geo.program.draft import fields_of
from geo.program.enrollment import eligible_by_tract, enrollment_by_tract, total_eligible
from geo.program.figures import ProgramFigures, RegionFigures, Together, people_together
from geo.program.forums import basis_words, fairness_table, fairness_totals, fairness_words, race_shapes
from geo.program.measures import Records, straight_line
from geo.program.public_view import PublicFigures, together_for_everybody
from geo.program.reach import coverage, households_by_division, touched
from geo.region import read_region
from geo.tracts.self_response import curve_by_place
from wording.due import list_due
from wording.program import (
    glance_table,
    glance_words,
    pace_words,
    rule_words,
)
from wording.program_glance import stands_words
from wording.program_results import target_words

STORED = "EPSG:4326"


def attended(*groups: Iterable[str]) -> Records:
    """Sessions a month apart, one group of people each; a person is a letter."""
    days = pd.date_range("2019-01-15", periods=len(groups), freq="MS")
    events = pd.DataFrame({"event": [f"e{n}" for n in range(len(groups))], "program": "p", "on": days})
    events = events.assign(event_kind="session", title=events["event"], series="")
    rows = [("p", f"e{n}", person) for n, group in enumerate(groups) for person in group]
    return Records(events=events, attendance=pd.DataFrame(rows, columns=["program", "event", "person"]))


def test_a_line_to_the_goal_tells_what_is_expected_and_when_it_is_reached() -> None:
    program = read_programs()["census_2020"].model_copy(
        update={"begins": date(2020, 1, 1), "ends": date(2020, 12, 31)}
    )
    contacts = pd.DataFrame({"program": ["p"], "on": [pd.Timestamp("2020-03-01")], "households": [10_000]})
    records = Records(contacts=contacts.assign(geoid=None))
    found = ProgramFigures(program, records, date(2020, 7, 1)).standing(program.measure("households"))
    assert (found.value, found.share_of_way) == (10_000, 0.25)
    assert found.expected == pytest.approx(40_000 * 182 / 365)
    assert found.projected_on == date(2021, 12, 29)
    assert found.days_late == 363


def test_what_has_ended_short_of_its_goal_is_on_no_pace_any_more() -> None:
    program = read_programs()["census_2020"].model_copy(
        update={"begins": date(2020, 1, 1), "ends": date(2020, 12, 31)}
    )
    days = [pd.Timestamp("2020-03-01"), pd.Timestamp("2023-01-01")]
    contacts = pd.DataFrame({"program": "p", "on": days, "households": [10_000, 29_000], "geoid": None})
    found = ProgramFigures(program, Records(contacts=contacts), date(2026, 1, 1)).standing(
        program.measure("households")
    )
    assert (found.value, found.projected_on, found.days_late) == (39_000, None, None)


@pytest.mark.parametrize(
    ("on", "target", "late"),
    [
        (date(2020, 12, 31), 50_000.0, False),
        (date(2021, 1, 1), 50_000.0, True),
        (date(2021, 1, 1), None, False),
    ],
)
def test_a_target_set_after_the_end_judges_nothing(on: date, target: float | None, late: bool) -> None:
    """Nobody missed what was not asked of them; a target changed by the last day still counts."""
    program = read_programs()["census_2020"].model_copy(
        update={"begins": date(2020, 1, 1), "ends": date(2020, 12, 31)}
    )
    program = program.aim("households", 45_000.0, date(2020, 5, 1), "w").aim("households", target, on, "w")
    rows = {"program": [program.key], "on": [pd.Timestamp("2020-03-01")], "households": [10_000]}
    records, day = Records(contacts=pd.DataFrame(rows).assign(geoid=None)), date(2021, 1, 10)
    figures = ProgramFigures(program, records, day)
    measure = program.measure("households")
    found, line = figures.standing(measure), straight_line(program, measure)
    judged = target is not None and not late
    assert (found.share_of_way, found.expected, line.tolist()) == (
        (0.2, 50_000, [0, 50_000]) if judged else (None, None, [])
    )
    told = " ".join([pace_words(found), target_words(found), stands_words(found)])
    assert ("not reached" in told, "of the way" in told) == (judged, judged)
    assert ("set after the period ended: no verdict" in told) == late
    due = list_due([], RegionFigures({program.key: program}, records, day), [], day)
    assert any("target of 50,000 not reached" in item.words for item in due) == judged


def test_a_sum_of_the_eligible_is_missing_where_nothing_is_known_and_loses_no_estimate() -> None:
    nothing = total_eligible(pd.DataFrame({"eligible": [np.nan], "eligible_moe": [np.nan]}))
    assert np.isnan(nothing.estimate)
    assert np.isnan(nothing.moe)
    some = total_eligible(pd.DataFrame({"eligible": [30.0, 40.0], "eligible_moe": [3.0, np.nan]}))
    assert some.estimate == 70.0
    assert np.isnan(some.moe)


def test_seventy_for_four_in_a_row_are_seventy_among_all_that_came() -> None:
    """Of 100 who came to four of six sessions 70 came to four one after another; others only began, or left.

    Counted by hand: 40 came to the first four, 30 to the last four, 30 to the first two and the last two,
    25 to the middle three, 12 to all but the third, with a gap of one.
    """
    plan, day = read_programs()["regional_plan"], date(2020, 1, 1)
    groups = {"xxxx--": 40, "--xxxx": 30, "xx--xx": 30, "-xxx--": 25, "xx-xx-": 12}
    people = [(pattern, f"{pattern}{n}") for pattern, count in groups.items() for n in range(count)]
    records = attended(*([person for pattern, person in people if pattern[at] == "x"] for at in range(6)))
    measure = plan.measure("all_sessions")
    assert ProgramFigures(plan, records, day).standing(measure).value == 70
    often = measure.model_copy(update={"counted": "consistent"})
    assert ProgramFigures(plan, records, day).standing(often).value == 40 + 30 + 30 + 12
    ((_measure, table),) = ProgramFigures(plan, records, day).regulars()
    assert table["regular"].tolist() == [40, 40, 70, 70, 30, 30]
    assert table["people"].tolist() == [82, 107, 95, 107, 72, 60]
    assert "4 sessions in a row" in rule_words(measure)


def test_a_series_counts_its_own_sessions_though_others_lie_between() -> None:
    plan, day = read_programs()["regional_plan"], date(2020, 1, 1)
    records = attended("ab", "b", "ab", "ab")
    named = records.events.assign(series=["Plan", "Forum", "Plan", "plan "])
    records = replace(records, events=named)
    three = {"at_least": 3, "counted": "in_a_row"}
    measure = plan.measure("all_sessions").model_copy(update=three)
    assert ProgramFigures(plan, records, day).standing(measure).value == 1
    of_plan = measure.model_copy(update={"series": "Plan"})
    assert ProgramFigures(plan, records, day).standing(of_plan).value == 2
    assert "of the series Plan" in rule_words(of_plan)


def test_what_was_reported_is_no_target_and_gives_no_verdict() -> None:
    """Nothing is called missed, late or on its way without a target that somebody set."""
    school = read_programs()["school_funding"]
    recruits = pd.DataFrame({"program": "p", "person": list("abc"), "on": pd.Timestamp("2016-01-01")})
    records = Records(recruits=recruits.assign(geoid=None))
    found = ProgramFigures(school, records, date(2026, 1, 1)).standing(school.measure("recruited"))
    assert (found.value, found.share_of_way, found.expected, found.projected_on) == (3, None, None, None)
    assert pace_words(found) == ""
    assert straight_line(school, school.measure("recruited")).empty
    table = glance_words(glance_table([ProgramFigures(school, records, date(2026, 1, 1))]))
    assert table["goal"].unique().tolist() == ["no target set"]
    assert table["reported"].tolist() == ["nearly 400", "more than 50"]


def test_small_values_are_hidden_from_others() -> None:
    program = read_programs()["regional_plan"]
    measure = program.measure("took_part")
    assert PublicFigures(program, attended("abc"), date(2020, 1, 1)).standing(measure).hidden
    assert ProgramFigures(program, attended("abc"), date(2020, 1, 1)).standing(measure).value == 3


def test_sessions_hide_what_could_be_subtracted() -> None:
    letters = "abcdefghijklmnopqrstuvwxyzABCDEF"
    plan, day = read_programs()["regional_plan"], date(2020, 1, 1)
    table = PublicFigures(plan, attended(letters[:20], letters[:15] + letters[20:32]), day).sessions()
    # 32 came at all: 20 + 27 less 32 would tell the 15 who came back, and with them the five who did not.
    assert table["people"].tolist() == [20, pd.NA]
    assert table.loc[1, ["back", "others", "new"]].isna().all()
    whole = ProgramFigures(plan, attended(letters[:20], letters[:15]), day).sessions()
    assert whole["back"].tolist() == [0, 15]


def test_enrollments_stand_against_the_eligible_with_margins() -> None:
    tracts = pd.DataFrame(
        {"geoid": list("abc"), "uninsured": [200.0, 0.0, None], "uninsured_moe": [50, 12, 3]}
    )
    enrollments = pd.DataFrame({"geoid": ["a", "a", "c", None], "people": [30, 20, 4, 9]})
    table = enrollment_by_tract(eligible_by_tract(tracts, []), enrollments)
    assert table["enrolled"].tolist() == [50, 0, 4]
    assert table["share"][0] == 0.25
    assert table["share_moe"][0] == pytest.approx(0.25 * 50 / 200)
    assert table["share"][1:].isna().all()
    some = enrollments.assign(on=pd.Timestamp("2014-01-01"))
    program = read_programs()["health_enrollment"]
    assert (
        PublicFigures(program, Records(enrollments=some), date(2020, 1, 1))
        .enrolled(table)["enrolled"]
        .tolist()[2]
        is pd.NA
    )


def test_a_tract_that_nothing_reached_stands_first() -> None:
    records = attended("ab")
    records.events["geoid"] = "06065045303"
    tracts = pd.DataFrame(
        {
            "geoid": ["06065045303", "06065045304", "06065045305"],
            "ca_htc_index": [70.0, 65.0, None],
            "households": 9.0,
        }
    )
    table = coverage(tracts, touched(records))
    assert table["geoid"].tolist() == ["06065045304", "06065045303"]
    assert table["which"].tolist() == [(), ("p",)]


def test_few_of_several_kinds_are_not_added_up() -> None:
    """Who signed up may be who came: 6 and 6 of a tract are no ten people."""
    records = attended("abcdef", "abcdefghijk")
    records.events["geoid"] = ["t1", "t2"]
    people = pd.DataFrame({"program": "p", "person": list("abcdef"), "geoid": "t1"})
    both = replace(records, recruits=people.assign(on=pd.Timestamp("2019-01-01")))
    assert sorted(touched(both)["geoid"]) == ["t1", "t2"]
    assert PublicFigures(read_programs()["regional_plan"], both, date(2020, 1, 1)).touched()[
        "geoid"
    ].tolist() == ["t2"]
    twice = pd.concat([records.attendance, records.attendance.assign(event="e0")])
    assert set(touched(replace(records, attendance=twice), 10)["geoid"]) == {"t1", "t2"}


def test_an_event_that_nobody_came_to_reaches_nobody() -> None:
    records = attended("")
    records.events["geoid"] = "06065045303"
    assert touched(records).empty


def test_households_add_up_by_division() -> None:
    tracts = gpd.GeoDataFrame({"geoid": ["a", "b"]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=STORED)
    parts = gpd.GeoDataFrame(
        {"name": ["West", "East"]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=STORED
    )
    contacts = pd.DataFrame({"geoid": ["a", "a", None], "households": [3, 4, 5]})
    rest = ["in none of them, or tract not known", 5]
    found = households_by_division(contacts, tracts, parts)
    assert found.to_numpy().tolist() == [["West", 7], ["East", 0], rest]
    assert found["households"].sum() == contacts["households"].sum()


def test_a_tract_counts_where_most_of_its_people_live() -> None:
    tracts = gpd.GeoDataFrame({"geoid": ["a"]}, geometry=[box(0, 0, 2, 1)], crs=STORED)
    parts = gpd.GeoDataFrame(
        {"name": ["West", "East"]}, geometry=[box(0, 0, 1.5, 1), box(1.5, 0, 2, 1)], crs=STORED
    )
    people = gpd.GeoDataFrame(
        {"geoid_2010": ["a", "a"], "population": [10, 90]},
        geometry=gpd.points_from_xy([0.5, 1.8], [0.5, 0.5]),
        crs=STORED,
    )
    contacts = pd.DataFrame({"geoid": ["a"], "households": [3]})
    assert households_by_division(contacts, tracts, parts)["households"].tolist() == [3, 0]
    assert households_by_division(contacts, tracts, parts, people)["households"].tolist() == [0, 3]


def test_a_place_is_weighted_by_housing_units_and_a_missing_rate_left_out() -> None:
    daily = pd.DataFrame(
        {"geoid": ["a", "b"], "response_date": ["d", "d"], "share_self_response": [0.5, None]}
    )
    members = pd.DataFrame({"geoid": ["a", "b"], "name": ["X", "X"]})
    found = curve_by_place(daily, members, pd.Series({"a": 10.0, "b": 90.0}))
    assert found["share_self_response"].tolist() == [0.5]


def test_a_program_can_be_made_of_a_form() -> None:
    words = {"title": "Salud 2027", "purpose": "P", "audience": "", "partners": "One, Two"}
    measures = pd.DataFrame([{"title": "People", "unit": "people", "counted": "people", "how": "sheets"}])
    milestones = pd.DataFrame({"title": ["Half"], "due": [pd.Timestamp("2027-06-01")]})
    made = to_program(fields_of(words, date(2027, 1, 1), None, ("", ""), measures, milestones))
    assert (made.key, made.partners, made.milestones[0].due) == (
        "salud_2027",
        ("One", "Two"),
        date(2027, 6, 1),
    )
    with pytest.raises(CatalogError, match="measures"):
        to_program(fields_of(words, date(2027, 1, 1), None, ("", ""), measures[:0], milestones))


def test_where_nothing_is_built_the_windows_stand_in_and_it_is_said() -> None:
    area = find_area(read_programs()["school_funding"], read_region("coachella"), lambda name: None)
    assert "stands in" in area.stand_in
    assert area.has(-116.0, 33.5)


def test_an_area_of_two_districts_is_both_and_one_that_is_not_built_is_left_out() -> None:
    """The forums are of a school district and of a water district."""
    frames = {
        "school_districts": gpd.GeoDataFrame(
            {"name": ["Coachella Valley Unified School District"]}, geometry=[box(0, 0, 1, 1)], crs=STORED
        ),
        "districts": gpd.GeoDataFrame(
            {"district_id": ["district-coachella-valley-water-district"], "name": ["C.V.W.D."]},
            geometry=[box(1, 0, 3, 1)],
            crs=STORED,
        ),
    }
    forums, region = read_programs()["civic_forums"], read_region("coachella")
    area = find_area(forums, region, frames.get)
    assert area.shape.area == 3
    assert area.frame()["name"].tolist() == ["Coachella Valley Unified School District", "C.V.W.D."]
    assert area.frame()["area_id"].is_unique
    frames.pop("districts")
    assert find_area(forums, region, frames.get).shape.area == 1


def test_an_area_drawn_by_hand_stands_in_and_it_is_said() -> None:
    added = gpd.GeoDataFrame({"name": ["M"], "drawn": [True]}, geometry=[box(0, 0, 1, 1)], crs=STORED)
    area = find_area(read_programs()["health_enrollment"], read_region("coachella"), lambda name: None, added)
    assert "drawn by hand" in area.stand_in


def test_an_added_boundary_goes_before_everything() -> None:
    added = gpd.GeoDataFrame({"name": ["Mine"]}, geometry=[box(-116, 33, -115, 34)], crs=STORED)
    area = find_area(read_programs()["health_enrollment"], read_region("coachella"), lambda name: None, added)
    assert (area.title, area.stand_in) == ("Mine", "")


INSIDE = box(-116.2, 33.5, -116.0, 33.7)


@pytest.mark.parametrize(
    ("shape", "crs", "error", "words"),
    [
        (
            LineString([(-116.2, 33.5), (-116, 33.7)]),
            STORED,
            GeometryError,
            "1 shape of b.gpkg is no area",
        ),
        (box(10, 10, 11, 11), STORED, GeometryError, "lies outside this region"),
        (INSIDE, None, CRSError, "says nothing of its CRS"),
    ],
)
def test_a_boundary_is_checked_as_any_source(
    tmp_path: Path, shape: BaseGeometry, crs: str | None, error: type[Exception], words: str
) -> None:
    path = tmp_path / "b.gpkg"
    frame = gpd.GeoDataFrame({"name": ["A"]}, geometry=[shape], crs=crs)
    if crs is None:
        with pytest.warns(UserWarning, match="'crs' was not provided"):
            frame.to_file(path)
    else:
        frame.to_file(path)
    with pytest.raises(error, match=words):
        read_boundary(path.read_bytes(), path.name, read_region("coachella"))


def test_a_good_boundary_is_read_whatever_its_crs(tmp_path: Path) -> None:
    path = tmp_path / "areas.gpkg"
    gpd.GeoDataFrame({"NAME": ["Area 1"]}, geometry=[INSIDE], crs=STORED).to_crs("EPSG:3310").to_file(path)
    found = read_boundary(path.read_bytes(), path.name, read_region("coachella"))
    assert found["name"].tolist() == ["Area 1"]
    assert found.geometry[0].symmetric_difference(INSIDE).area < 1e-4


def test_what_is_no_boundary_file_is_refused() -> None:
    with pytest.raises(SchemaError, match="cannot be read as a file of shapes"):
        read_boundary(b"hello", "x.geojson", read_region("coachella"))


def test_who_was_not_timed_stands_without_a_time() -> None:
    """Two forums of one race: the difference is that of those who spoke, and the absent one is seen."""
    rows = [("e1", "r", "A", 600), ("e1", "r", "B", 720), ("e2", "r", "A", 0), ("e2", "r", "C", 0)]
    spoken = pd.DataFrame(rows, columns=["event", "race", "candidate", "seconds"])
    races = pd.DataFrame({"key": ["r", "other"], "candidates": [("A", "B", "C"), ("D",)]})
    table = fairness_table(spoken, races)
    assert table.loc[table["minutes"].isna(), ["event", "candidate"]].to_numpy().tolist() == [
        ["e1", "C"],
        ["e2", "B"],
    ]
    totals = fairness_totals(table).set_index("event")
    assert totals.loc["e1", ["candidates", "timed", "difference_minutes", "fair"]].tolist() == [
        3,
        2,
        2.0,
        False,
    ]
    assert totals.loc["e2", ["timed", "difference_minutes"]].tolist() == [2, 0.0]


@pytest.mark.parametrize(("attended", "told"), [(False, 0), (None, 1), (True, 1)])
def test_who_did_not_come_is_not_told_as_one_who_was_not_timed(attended: bool | None, told: int) -> None:
    """One forum of two races, of which one was fair: races are counted, and those who were there."""
    rows = {
        "event": "e",
        "race": ["r", "r", "s", "s", "s"],
        "candidate": list("ABCDE"),
        "seconds": [600, 600, 300, 600, None],
        "attended": [True] * 4 + [attended],
    }
    races = pd.DataFrame({"key": ["r", "s"], "candidates": [("A", "B"), ("C", "D", "E")]})
    table = fairness_table(pd.DataFrame(rows), races)
    words = fairness_words(fairness_totals(table), table)
    assert words[0].startswith("In 1 of 2 races all timed candidates")
    assert words[1:] == ["1 candidate was not timed."] * told


def test_nothing_timed_is_an_empty_table() -> None:
    spoken = pd.DataFrame(columns=["event", "race", "candidate", "seconds"])
    races = pd.DataFrame(columns=["key", "candidates"])
    assert fairness_totals(fairness_table(spoken, races)).empty


def test_a_district_stands_in_for_a_trustee_area_that_is_not_there() -> None:
    district = gpd.GeoDataFrame({"name": ["D"]}, geometry=[box(0, 0, 2, 2)], crs=STORED)
    part = gpd.GeoDataFrame({"name": ["Area 1"]}, geometry=[box(0, 0, 1, 1)], crs=STORED)
    plain = {"title": "Board", "district": "D", "role": "trustee area", "candidates": ("A",)}
    rows = [
        {"key": "r1", "area": "Area 1"} | plain,
        {"key": "r2", "area": "Area 2"} | plain,
        {"key": "r3", "area": ""} | plain,
        {"key": "r4", "area": ""} | plain | {"district": "elsewhere"},
    ]
    found = race_shapes(pd.DataFrame(rows), {"trustee area": part}, district).set_index("race")
    assert found["basis"].to_dict() == {"r1": "boundary", "r2": "district", "r3": "boundary"}
    named = gpd.GeoDataFrame(
        {"name": ["Oak Unified", "Oak Union", "Elm Unified"]}, geometry=[box(0, 0, n, 1) for n in (1, 2, 3)]
    ).set_crs(STORED)
    typed = [plain | {"key": name, "area": "", "district": name} for name in ("oak", "oak uni", "elm", " ")]
    assert race_shapes(pd.DataFrame(typed), {}, named)["race"].tolist() == ["elm"]
    drawn = race_shapes(pd.DataFrame(rows), {"trustee area": part.assign(drawn=True)}, district)
    assert drawn.set_index("race")["basis"]["r1"] == "drawn"
    told = " ".join(basis_words(drawn, ["Board", "Water board"]))
    assert "whole district stands in" in told
    assert "drawn by hand stands in" in told
    assert "Not on the map" in told
    assert "Water board" in told
    assert found.bounds["maxx"].tolist() == [1.0, 2.0, 2.0]


def test_a_small_overlap_is_not_given_away_by_the_sum() -> None:
    """Two programs of 20, three people in both: 37 beside 20 and 20 would tell the three."""
    rows = [("x", f"p{n}") for n in range(20)] + [("y", f"p{n}") for n in range(17, 37)]
    came = pd.DataFrame(rows, columns=["program", "person"])
    assert people_together(came, ["x", "y"]) == Together(37, 40, 3)
    assert together_for_everybody(came, ["x", "y"], ["x", "y"]) == Together(None, 40, None)


def test_a_program_that_is_hidden_is_not_told_by_the_sum() -> None:
    """20 are shown of one program and seven hidden of another: 27 would tell the seven."""
    rows = [("x", f"p{n}") for n in range(20)] + [("y", f"q{n}") for n in range(7)]
    came = pd.DataFrame(rows, columns=["program", "person"])
    assert together_for_everybody(came, ["x", "y"], ["x"]) == Together(None, None, 0)


def test_a_sheet_of_six_more_people_does_not_show_in_the_totals() -> None:
    """Who reads the totals before and after a sheet is taken in learns of no six people."""
    rows = [("x", f"p{n}") for n in range(43)] + [("y", f"p{n}") for n in range(20, 70)]
    before, after = (
        together_for_everybody(pd.DataFrame(some, columns=["program", "person"]), ["x", "y"], ["x", "y"])
        for some in (rows, [*rows, *(("y", f"q{n}") for n in range(6))])
    )
    assert before == after == Together(70, 90, 20)


@pytest.mark.parametrize(
    ("signed", "came", "hidden"),
    [
        (range(40), range(30), []),
        (range(40), range(35), ["came", "consistent", "came_unrecruited"]),
        (range(40), range(20, 45), ["came", "consistent", "came_unrecruited"]),
        (range(5), range(5), ["recruited", "came", "consistent"]),
    ],
)
def test_recruits_hide_what_could_be_subtracted(signed: range, came: range, hidden: list[str]) -> None:
    day = pd.Timestamp("2019-01-01")
    recruits = pd.DataFrame({"program": "p", "person": [str(n) for n in signed], "on": day})
    rows = [("p", event, str(n)) for event in ("a", "b") for n in came]
    attendance = pd.DataFrame(rows, columns=["program", "event", "person"])
    events = pd.DataFrame({"event": ["a", "b"], "program": "p", "on": day, "series": ""})
    records = Records(events=events, recruits=recruits, attendance=attendance)
    school = read_programs()["school_funding"]
    twice = [item.model_copy(update={"at_least": 2}) for item in school.measures]
    school = school.model_copy(update={"measures": tuple(twice)})
    counts = PublicFigures(school, records, date(2020, 1, 1)).recruits()
    assert [key for key, count in counts.items() if count is None] == hidden


@pytest.mark.parametrize("text", ["33.5", "north", "33.5, -116, 4", "95, 20", "33.5 -190"])
def test_what_is_no_point_is_refused(text: str) -> None:
    with pytest.raises(SchemaError, match="is no point"):
        read_point(text)
