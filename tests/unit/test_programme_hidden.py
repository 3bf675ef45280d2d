"""What others are not to see of a programme: no small count can be had by subtracting what they see."""

from __future__ import annotations

from datetime import date

import pandas as pd

from geo.programme.measures import Records
from geo.programme.shown import Together, people_together, recruits_shown
from geo.programme.tables import at_least_shown, elsewhere_shown, enrolment_shown, sessions_table

TODAY = date(2020, 1, 1)


def attended(*sessions: list[int]) -> Records:
    """Sessions a month apart, and who came; a person is a number."""
    days = pd.date_range("2019-01-15", periods=len(sessions), freq="MS")
    names = [f"e{n}" for n in range(len(sessions))]
    events = pd.DataFrame(
        {"event": names, "programme": "p", "event_kind": "session", "title": names, "on": days}
    )
    rows = [("p", name, str(n)) for name, people in zip(names, sessions, strict=True) for n in people]
    return Records(events=events, attendance=pd.DataFrame(rows, columns=["programme", "event", "person"]))


def test_a_share_of_the_first_session_tells_of_no_few_who_are_new() -> None:
    """15 of the first 40 are among 20: 0.375 x 40 would tell the five others."""
    table = sessions_table(attended([*range(40)], [*range(25, 45)]), TODAY, full=False)
    assert table["share_of_first"].isna().tolist() == [False, True]


def test_those_who_were_away_in_between_are_no_small_rest() -> None:
    """40 came, 20 of them back and 15 new: five were there before only."""
    came = attended([*range(40)], [*range(20), *range(40, 60)], [*range(40, 75), *range(20, 25)])
    last = sessions_table(came, TODAY, full=False).iloc[2]
    assert last[["people", "new"]].tolist() == [40, 15]
    assert last[["back", "others", "share_back"]].isna().all()


def test_the_sum_of_the_sessions_tells_no_row_that_is_left_out() -> None:
    """60 + 35 + 40 less 100 who came and 15 who came thrice would tell the 20 who came twice."""
    came = attended([*range(60)], [*range(15), *range(60, 80)], [*range(20), *range(80, 100)])
    assert at_least_shown(came, TODAY, full=False)["people"].tolist() == [100, 15]
    table = sessions_table(came, TODAY, full=False)
    assert table["people"].tolist() == [60, pd.NA, 40]
    assert table.loc[1, ["back", "others", "new", "share_back", "share_of_first"]].isna().all()
    assert table.loc[2, ["back", "share_back"]].isna().all()


def test_a_small_rest_is_not_given_away_by_the_tracts() -> None:
    """60 and 40 beside a measure of 104 would tell the four who live elsewhere."""
    table = pd.DataFrame({"enrolled": [60, 40], "share": 0.5, "share_moe": 0.1})
    found = enrolment_shown(table, full=False, elsewhere=4)
    assert found["enrolled"].tolist() == [60, pd.NA]
    assert found["share"].isna().tolist() == [False, True]
    assert elsewhere_shown(table, 4, full=False) is None
    assert elsewhere_shown(table, 4, full=True) == 4


def test_no_total_stands_a_small_step_beyond_its_curve() -> None:
    """60 came at first and five later: the curve others see ends at 60, and 65 would tell the five."""
    came = attended([*range(60)], [*range(40, 65)])
    assert at_least_shown(came, TODAY, full=True)["people"].tolist() == [65, 20]
    assert at_least_shown(came, TODAY, full=False)["people"].tolist() == [20]
    alone = people_together(came.attendance, ["p"], full=False, events=came.events)
    assert alone == Together(None, None, None)
    days = [pd.Timestamp("2019-01-01")] * 30 + [pd.Timestamp("2019-01-02")] * 5
    recruits = pd.DataFrame({"programme": "p", "person": [str(n) for n in range(35)], "on": days})
    records = Records(events=came.events, attendance=came.attendance, recruits=recruits)
    counts = recruits_shown(records, 2, full=False)
    assert counts["recruited"] is None
    assert counts["came_unrecruited"] is None
