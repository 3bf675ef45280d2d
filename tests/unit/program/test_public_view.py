"""What others are not to see of a program: no small count can be had by subtracting what they see."""

from __future__ import annotations

from datetime import date

import pandas as pd

from geo.program.declaration import Program, to_program
from geo.program.measures import Records
from geo.program.public_view import (
    Together,
    divisions_shown,
    people_together,
    questions_shown,
    recruits_shown,
    totals_known,
)
from wording.program import at_least_shown, elsewhere_shown, enrollment_shown, sessions_table, standings_of

TODAY = date(2020, 1, 1)


def made(*counted: str, least: int = 2) -> Program:
    """A program that counts these."""
    plain = {"unit": "people", "how": "h"}
    measures = [
        {"key": kind, "title": kind, "counted": kind, "at_least": least if kind == "consistent" else 1}
        | plain
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
    table = sessions_table(EVENTS, attended([*range(40)], [*range(25, 45)]), TODAY, full=False)
    assert table["share_of_first"].isna().tolist() == [False, True]


def test_those_who_were_away_in_between_are_no_small_rest() -> None:
    """40 came, 20 of them back and 15 new: five were there before only."""
    came = attended([*range(40)], [*range(20), *range(40, 60)], [*range(40, 75), *range(20, 25)])
    last = sessions_table(EVENTS, came, TODAY, full=False).iloc[2]
    assert last[["people", "back", "others"]].tolist() == [40, 20, 20]
    assert last[["new", "share_of_first"]].isna().all()
    assert at_least_shown(EVENTS, came, TODAY, full=False)["sessions"].tolist() == [2]


def test_the_sum_of_the_sessions_tells_no_row_that_is_left_out() -> None:
    """60 + 35 + 40 less 100 who came and 15 who came thrice would tell the 20 who came twice."""
    came = attended([*range(60)], [*range(15), *range(60, 80)], [*range(20), *range(80, 100)])
    assert sessions_table(EVENTS, came, TODAY, full=False)["people"].tolist() == [60, 35, 40]
    assert at_least_shown(EVENTS, came, TODAY, full=False).to_numpy().tolist() == [[3, 15]]


def test_a_small_rest_is_not_given_away_by_the_tracts() -> None:
    """60 and 40 beside a measure of 104 would tell the four who live elsewhere."""
    table = pd.DataFrame({"geoid": ["a", "b"], "enrolled": [60, 40], "share": 0.5, "share_moe": 0.1})
    some = enrolled(a=60, b=40, elsewhere=4)
    found = enrollment_shown(table, some, full=False)
    assert found["enrolled"].tolist() == [60, pd.NA]
    assert found["share"].isna().tolist() == [False, True]
    assert elsewhere_shown(table, some, full=False) is None
    assert elsewhere_shown(table, some, full=True) == 4


def enrolled(**people: int) -> pd.DataFrame:
    """Enrollments on one day, by tract."""
    return pd.DataFrame({"geoid": people.keys(), "people": people.values(), "on": pd.Timestamp("2014-01-01")})


def test_the_sum_of_parts_tells_no_small_last_step() -> None:
    """60 and 44 add up to 104, and the running total that others see ends at 100: four came since."""
    table = pd.DataFrame({"geoid": ["a", "b"], "enrolled": [60, 44], "share": 0.5, "share_moe": 0.1})
    late = enrolled(b=4).assign(on=pd.Timestamp("2014-02-01"))
    found = enrollment_shown(table, pd.concat([enrolled(a=60, b=40), late]), full=False)
    assert found["enrolled"].tolist() == [60, pd.NA]
    contacts = pd.DataFrame({"on": pd.to_datetime(["2018-10-01", "2018-10-08"]), "households": [60, 5]})
    parts = pd.DataFrame({"name": ["West", "East"], "households": [40, 25]})
    assert divisions_shown(parts, contacts, full=False)["households"].tolist() == [40, pd.NA]
    at_once = contacts[:1].assign(households=65)
    assert divisions_shown(parts, at_once, full=False)["households"].tolist() == [40, 25]
    questions = pd.DataFrame({"on": pd.to_datetime(["2018-10-01"] * 30 + ["2018-10-08"] * 6)})
    assert questions_shown(questions, full=False) is None
    assert questions_shown(questions[:30], full=False) == 30


def test_two_sessions_tell_no_small_count_by_those_who_came_twice() -> None:
    """40 and 35, all of them before: *at least twice* is who came back, and tells of five who did not."""
    came = attended([*range(40)], [*range(35)])
    table = sessions_table(EVENTS, came, TODAY, full=False)
    assert table["people"].tolist() == [40, 35]
    assert table.loc[1, ["back", "others", "share_back", "share_of_first"]].isna().all()
    assert 2 not in at_least_shown(EVENTS, came, TODAY, full=False)["sessions"].tolist()
    both = made("people", "consistent")
    standing = {row.measure.key: row for row in standings_of(both, came, TODAY, full=False)}
    assert standing["people"].value == 40
    assert standing["consistent"].hidden


def test_two_measures_tell_no_few_between_them() -> None:
    """60 came, 55 of them thrice: five came less often."""
    came = attended([*range(60)], [*range(55)], [*range(55)])
    found = standings_of(made("people", "consistent", least=3), came, TODAY, full=False)
    assert [row.value for row in found] == [60, None]
    assert [row.hidden for row in found] == [False, True]


def test_no_total_stands_a_small_step_beyond_its_curve() -> None:
    """60 came at first and five later: the curve others see ends at 60, and 65 would tell the five."""
    came = attended([*range(60)], [*range(40, 65)])
    assert at_least_shown(PEOPLE, came, TODAY, full=True)["people"].tolist() == [65, 20]
    assert sessions_table(PEOPLE, came, TODAY, full=False)["people"].tolist() == [60, 25]
    assert at_least_shown(PEOPLE, came, TODAY, full=False).empty
    known = totals_known([PEOPLE], came, TODAY)
    assert not known
    alone = people_together(came.attendance, ["p"], full=False, known=known)
    assert alone == Together(None, None, 0)
    days = [pd.Timestamp("2019-01-01")] * 30 + [pd.Timestamp("2019-01-02")] * 5
    recruits = pd.DataFrame({"program": "p", "person": [str(n) for n in range(35)], "on": days})
    records = Records(events=came.events, attendance=came.attendance, recruits=recruits)
    counts = recruits_shown(made("people", "consistent", "recruits"), records, TODAY, full=False)
    assert counts["recruited"] is None
    assert counts["came_unrecruited"] is None
