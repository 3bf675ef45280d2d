"""What others are not to see of a program: no small count can be had by subtracting what they see."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from shapely.geometry import box

from geo.program.area import Area
from geo.program.declaration import Program, to_program
from geo.program.figures import ProgramFigures, Together, sessions_to_show
from geo.program.measures import Records
from geo.program.public_view import PublicFigures, PublicRegionFigures
from geo.program.regulars import Regularity
from reports.program_page import to_html
from reports.program_report import make_report
from reports.workbooks import program_workbook
from wording.program_results import often_rows, regular_words, series_words, session_rows

TODAY = date(2020, 1, 1)
OFTEN = {"in_a_row": 4}


def made(*counted: str, least: int = 2) -> Program:
    """A program that counts these."""
    plain = {"unit": "people", "how": "h"}
    measures = [
        {"key": kind, "title": kind, "counted": kind, "at_least": OFTEN.get(kind, 1)}
        | plain
        | ({"at_least": least} if kind == "consistent" else {})
        for kind in counted
    ]
    fields = {
        "key": "p",
        "title": "P",
        "purpose": "P",
        "begins": date(2019, 1, 1),
        "areas": [{"focus": True}],
    }
    return to_program(fields | {"measures": measures})


EVENTS, PEOPLE = made("events"), made("people")


def attended(*sessions: list[int]) -> Records:
    """Sessions a month apart, and who came; a person is a number."""
    days = pd.date_range("2019-01-15", periods=len(sessions), freq="MS")
    names = [f"e{n}" for n in range(len(sessions))]
    events = pd.DataFrame(
        {"event": names, "program": "p", "event_kind": "session", "title": names, "on": days, "series": ""}
    )
    rows = [("p", name, str(n)) for name, people in zip(names, sessions, strict=True) for n in people]
    return Records(events=events, attendance=pd.DataFrame(rows, columns=["program", "event", "person"]))


def test_a_share_of_the_first_session_tells_of_no_few_who_are_new() -> None:
    """15 of the first 40 are among 20: 0.375 x 40 would tell the five others."""
    table = PublicFigures(EVENTS, attended([*range(40)], [*range(25, 45)]), TODAY).sessions()
    assert table["share_of_first"].isna().tolist() == [False, True]


def test_those_who_were_away_in_between_are_no_small_rest() -> None:
    """40 came, 20 of them back and 15 new: five were there before only."""
    came = attended([*range(40)], [*range(20), *range(40, 60)], [*range(40, 75), *range(20, 25)])
    last = PublicFigures(EVENTS, came, TODAY).sessions().iloc[2]
    assert last[["people", "back", "others"]].tolist() == [40, 20, 20]
    assert last[["new", "share_of_first"]].isna().all()
    assert often_rows(PublicFigures(EVENTS, came, TODAY))[1:] == (
        ("1 of 3", "hidden"),
        ("2 of 3", "45"),
        ("3 of 3", "hidden"),
    )


def test_the_sum_of_the_sessions_tells_no_row_that_is_left_out() -> None:
    """60 + 35 + 40 less 100 who came and 15 who came thrice would tell the 20 who came twice."""
    came = attended([*range(60)], [*range(15), *range(60, 80)], [*range(20), *range(80, 100)])
    assert PublicFigures(EVENTS, came, TODAY).sessions()["people"].tolist() == [60, 35, 40]
    public = PublicFigures(EVENTS, came, TODAY)
    assert public.at_least().to_numpy().tolist() == [[1, pd.NA], [2, pd.NA], [3, 15]]
    assert often_rows(public)[1:] == (("1 of 3", "hidden"), ("2 of 3", "hidden"), ("3 of 3", "15"))


def test_a_small_rest_is_not_given_away_by_the_tracts() -> None:
    """60 and 40 beside a measure of 104 would tell the four who live elsewhere."""
    table = pd.DataFrame({"geoid": ["a", "b"], "enrolled": [60, 40], "share": 0.5, "share_moe": 0.1})
    some = enrolled(a=60, b=40, elsewhere=4)
    public = PublicFigures(EVENTS, Records(enrollments=some), TODAY)
    found = public.enrolled(table)
    assert found["enrolled"].tolist() == [60, pd.NA]
    assert found["share"].isna().tolist() == [False, True]
    assert public.elsewhere(table) is None
    assert ProgramFigures(EVENTS, Records(enrollments=some), TODAY).elsewhere(table) == 4


def enrolled(**people: int) -> pd.DataFrame:
    """Enrollments on one day, by tract."""
    return pd.DataFrame({"geoid": people.keys(), "people": people.values(), "on": pd.Timestamp("2014-01-01")})


def test_the_sum_of_parts_tells_no_small_last_step() -> None:
    """60 and 44 add up to 104, and the running total that others see ends at 100: four came since."""
    table = pd.DataFrame({"geoid": ["a", "b"], "enrolled": [60, 44], "share": 0.5, "share_moe": 0.1})
    late = enrolled(b=4).assign(on=pd.Timestamp("2014-02-01"))
    both = Records(enrollments=pd.concat([enrolled(a=60, b=40), late]))
    found = PublicFigures(EVENTS, both, TODAY).enrolled(table)
    assert found["enrolled"].tolist() == [60, pd.NA]
    contacts = pd.DataFrame({"on": pd.to_datetime(["2018-10-01", "2018-10-08"]), "households": [60, 5]})
    parts = pd.DataFrame({"name": ["West", "East"], "households": [40, 25]})
    assert PublicFigures(EVENTS, Records(contacts=contacts), TODAY).divisions(parts)[
        "households"
    ].tolist() == [40, pd.NA]
    at_once = contacts[:1].assign(households=65)
    assert PublicFigures(EVENTS, Records(contacts=at_once), TODAY).divisions(parts)[
        "households"
    ].tolist() == [40, 25]
    questions = pd.DataFrame({"on": pd.to_datetime(["2018-10-01"] * 30 + ["2018-10-08"] * 6)})
    public = PublicFigures(EVENTS, Records(), TODAY)
    assert public.questions(questions) is None
    assert public.questions(questions[:30]) == 30


def test_two_sessions_tell_no_small_count_by_those_who_came_twice() -> None:
    """40 and 35, all of them before: *at least twice* is who came back, and tells of five who did not."""
    came = attended([*range(40)], [*range(35)])
    table = PublicFigures(EVENTS, came, TODAY).sessions()
    assert table["people"].tolist() == [40, 35]
    assert table.loc[1, ["back", "others", "share_back", "share_of_first"]].isna().all()
    often = PublicFigures(EVENTS, came, TODAY).at_least().set_index("sessions")["people"]
    assert pd.isna(often[2])
    both = made("people", "consistent")
    standing = {row.measure.key: row for row in PublicFigures(both, came, TODAY).standings()}
    assert standing["people"].value == 40
    assert standing["consistent"].hidden


def test_two_measures_tell_no_few_between_them() -> None:
    """60 came, 55 of them thrice: five came less often."""
    came = attended([*range(60)], [*range(55)], [*range(55)])
    found = PublicFigures(made("people", "consistent", least=3), came, TODAY).standings()
    assert [row.value for row in found] == [60, None]
    assert [row.hidden for row in found] == [False, True]


def test_no_total_stands_a_small_step_beyond_its_curve() -> None:
    """60 came at first and five later: the curve others see ends at 60, and 65 would tell the five."""
    came = attended([*range(60)], [*range(40, 65)])
    assert ProgramFigures(PEOPLE, came, TODAY).at_least()["people"].tolist() == [65, 20]
    assert PublicFigures(PEOPLE, came, TODAY).sessions()["people"].tolist() == [60, 25]
    assert PublicFigures(PEOPLE, came, TODAY).at_least()["people"].isna().all()
    region = PublicRegionFigures({"p": PEOPLE}, came, TODAY)
    assert not region.known
    assert region.together(["p"]) == Together(None, None, 0)
    days = [pd.Timestamp("2019-01-01")] * 30 + [pd.Timestamp("2019-01-02")] * 5
    recruits = pd.DataFrame({"program": "p", "person": [str(n) for n in range(35)], "on": days})
    records = Records(events=came.events, attendance=came.attendance, recruits=recruits)
    counts = PublicFigures(made("people", "consistent", "recruits"), records, TODAY).recruits()
    assert counts["recruited"] is None
    assert counts["came_unrecruited"] is None


def test_a_measure_is_not_called_hidden_where_the_table_of_sessions_tells_it() -> None:
    """80 came three times, 76 of them by the third of four sessions: too few more for a step of the curve."""
    four_times, thrice, twice, once = [*range(70)], range(70, 80), range(80, 92), range(92, 100)
    sessions = [[*four_times] for _ in range(4)]
    missed = dict(zip(thrice, [0, 0, 1, 1, 2, 2, 3, 3, 3, 3], strict=True))
    for place, people in enumerate(sessions):
        people += [person for person in thrice if missed[person] != place]
        people += [person for person in twice if place in (person % 4, (person + 1) % 4)]
        people += [person for person in once if place == person % 4]
    came = attended(*sessions)
    program = made("people", "in_a_row", "consistent", least=3)
    measure = program.measures[-1]
    figures = PublicFigures(program, came, TODAY)
    standing = figures.standing(measure)
    assert not any(figures.seen.has("curve", place, measure.regularity) for place in range(4))
    assert ProgramFigures(program, came, TODAY).standing(measure).value == 80
    assert (
        [standing.value, standing.hidden] == [figures.at_least()["people"].tolist()[2], False] == [80, False]
    )


def test_sessions_of_one_title_are_told_apart_by_their_days() -> None:
    """Else a chart draws them as one bar of all their people, for the public and for staff."""
    came = attended(*[[*range(30)]] * 3)
    events = came.events.assign(title="Plan session", headcount=40, headcount_how="at the door")
    for kind in (ProgramFigures, PublicFigures):
        figures = kind(made("people", "consistent"), replace(came, events=events), TODAY)
        names = figures.sessions()["session"].tolist()
        assert names == [f"Plan session, {month} 1, 2019" for month in ("Feb", "Mar", "Apr")]
        assert figures.headcounts()["session"].tolist() == names
        assert all(table["session"].tolist() == names for _measure, table in figures.regulars())
        assert figures.sessions()["people"].tolist() == [30, 30, 30]


def test_a_rule_that_no_measure_has_counts_as_a_measure_of_it_would() -> None:
    came = attended([1, 2, 3], [1, 3], [1, 2], [1, 2, 3])
    figures = ProgramFigures(made("in_a_row"), came, TODAY)
    assert [figures.regular(Regularity(k, in_a_row=True))[0] for k in (1, 2, 3, 4)] == [3, 3, 1, 1]
    assert [figures.regular(Regularity(k))[0] for k in (2, 3, 4)] == [3, 3, 1]
    people, table = figures.regular(figures.program.measures[0].regularity)
    assert people == int(figures.standings()[0].value or 0)
    assert table.equals(figures.regulars()[0][1])


def in_series(titles: list[str], *sessions: list[int]) -> Records:
    """Sessions a month apart, each of a series or of none."""
    records = attended(*sessions)
    return replace(records, events=records.events.assign(series=titles))


AREA = Area("Valley", box(-116, 33, -115, 34), "")
TWICE = ["", "", "Fall", "fall "]


def test_a_measure_of_no_series_says_how_it_splits_wherever_it_is_told() -> None:
    """By hand: 26 came to both sessions of no series, 70 others to both of Fall, 5 to the last and the first.

    These five come to two in a row over all sessions alone: in no series.
    """
    program = made("in_a_row").model_copy(
        update={"measures": (made("in_a_row").measures[0].model_copy(update={"at_least": 2}),)}
    )
    (measure,) = program.measures
    early, late, across = [*range(26)], [*range(100, 170)], [*range(200, 205)]
    records = in_series(TWICE, early, early + across, late + across, late)
    exact = ProgramFigures(program, records, TODAY)
    assert exact.standing(measure).value == 26 + 70 + 5
    assert [count for _rule, count in exact.within_series(measure)] == [70, 26]
    words = "Of all sessions. Within one series alone: Fall: 70; without a series: 26."
    assert series_words(exact, measure) == words
    assert words in make_report(exact, AREA, invented=False).tiles[0].details
    assert words in " ".join(regular_words(exact))
    about = pd.read_excel(io.BytesIO(program_workbook(exact, AREA, invented=False)), sheet_name="About")
    assert any(words in str(value) for value in about.to_numpy().ravel())
    for alone in (measure.model_copy(update={"series": "Fall"}), program.measures[0]):
        plain = exact if alone.series else replace(exact, records=attended(early, early, late, late))
        assert series_words(plain, alone) == ""


def test_others_read_nothing_of_a_split() -> None:
    """Of 75, 70 in Fall would tell the five of no series; nor are 26 beside 70 told, by one rule for all."""
    program = made("in_a_row").model_copy(
        update={"measures": (made("in_a_row").measures[0].model_copy(update={"at_least": 2}),)}
    )
    (measure,) = program.measures
    late = [*range(100, 170)]
    many = in_series(TWICE, [*range(26)], [*range(26)], late, late)
    assert [count for _rule, count in PublicFigures(program, many, TODAY).within_series(measure)] == [
        None,
        None,
    ]
    few = in_series(TWICE, [*range(5), *range(300, 330)], [*range(5), *range(400, 430)], late, late)
    shown = PublicFigures(program, few, TODAY)
    assert shown.standing(measure).value == 75
    assert [count for _rule, count in shown.within_series(measure)] == [None, None]
    assert series_words(shown, measure) == "Of all sessions, whatever series they are of."


def test_a_page_that_shows_the_last_sessions_says_of_how_many() -> None:
    """Eight fit. Of ten the first two are left out, and nobody takes the eight for all."""
    eight, ten = (
        make_report(ProgramFigures(EVENTS, attended(*[[1, 2]] * count), TODAY), AREA, invented=False)
        for count in (8, 10)
    )
    assert ([row[0] for row in eight.sessions[1:]], eight.sessions_title) == (
        [f"e{n}" for n in range(8)],
        "Sessions",
    )
    assert [row[0] for row in ten.sessions[1:]] == [f"e{n}" for n in range(2, 10)]
    assert "<h2>Sessions: the last 8 of 10; all are in the workbook</h2>" in to_html(ten).decode()


def test_sessions_after_the_period_are_said_beside_it() -> None:
    """A period of 2019 over a table of 2026 reads like a mistake; what lies in it says nothing."""
    program = EVENTS.model_copy(update={"ends": date(2019, 2, 28)})
    figures = ProgramFigures(program, attended([1], [1], [1]), TODAY)
    facts, inside = (
        make_report(item, AREA, invented=False).facts for item in (figures, replace(figures, program=EVENTS))
    )
    assert facts.startswith(
        "Jan 1, 2019 to Feb 28, 2019 (2 of 3 sessions were held outside of this period) · "
    ), figures.held()["on"].tolist()
    assert "outside" not in inside


def test_who_came_back_is_counted_within_a_series() -> None:
    """By hand: no series abcd, Fall efgh; no series abx, Fall efa; no series a.

    Nobody comes back to the first of a series. Of the four of the first Fall two came again, whoever was at
    the other session between; "a" is new to Fall and not new to the program.
    """
    came = [[ord(letter) for letter in letters] for letters in ("abcd", "efgh", "abx", "efa", "a")]
    figures = ProgramFigures(EVENTS, in_series(["", "Fall", "", "fall ", ""], *came), TODAY)
    table = figures.sessions()
    assert table["begins"].tolist() == [True, True, False, False, False]
    assert table["back"].tolist()[2:] == [2, 2, 1]
    assert table["new"].tolist() == [4, 4, 1, 0, 0]
    assert table["share_back"].tolist() == [pd.NA, pd.NA, 0.5, 0.5, pytest.approx(1 / 3)]
    assert table["share_of_first"].tolist() == [1, 1, 0.5, 0.5, 0.25]
    assert [row[3] for row in session_rows(figures)[1:]] == ["–", "–", "2", "2", "1"]
    assert sessions_to_show(table)["back"].isna().tolist() == [True, True, False, False, False]
