"""All programs on one page: what stands in each row, by records written down by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from geo.program.declaration import Program, read_programs, to_program
from geo.program.figures import RegionFigures
from geo.program.measures import Records
from geo.program.public_view import PublicRegionFigures
from wording.program_glance import program_rows

TODAY = date(2026, 6, 1)
NONE = pd.DataFrame(columns=["program", "title", "on"])


def made(**fields: object) -> Program:
    """A program with forums and recruits, of whom there is a target."""
    plain = {"how": "h", "baseline": 0}
    measures = [
        {"key": "forums", "title": "Forums", "unit": "events", "counted": "events"} | plain,
        {"key": "people", "title": "Recruits", "unit": "people", "counted": "recruits", "target": 80} | plain,
    ]
    given = {"key": "p", "title": "Water: a long name", "purpose": "Clean water", "begins": date(2026, 1, 1)}
    return to_program({"areas": [{"focus": True}], "measures": measures} | given | fields)


def events(*rows: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["title", "on"])
    return frame.assign(
        event=frame["title"], program="p", event_kind="forum", series="", on=pd.to_datetime(frame["on"])
    )


def recruits(*counts: tuple[str, int]) -> pd.DataFrame:
    days = [day for day, count in counts for _ in range(count)]
    people = [str(number) for number in range(len(days))]
    return pd.DataFrame({"program": "p", "person": people, "on": pd.to_datetime(days), "geoid": None})


def row(program: Program, records: Records, reached: pd.DataFrame = NONE) -> pd.Series:
    return program_rows(PublicRegionFigures({"p": program}, records, TODAY), reached).iloc[0]


def test_a_measure_with_a_target_speaks_for_the_program() -> None:
    """40 of 80 in steps of ten or more: the three of the last week are not told."""
    records = Records(
        events=events(("One", "2026-02-01")), recruits=recruits(("2026-02-01", 40), ("2026-05-30", 3))
    )
    found = row(made(lead="Rosa"), records)
    assert found["program"] == "Water"
    assert found["aim"] == "Clean water"
    assert found["stands"].startswith("Recruits: 40. Target: 80 (50 % of the way).")
    assert found["trend"] == [40.0]
    assert found["lead"] == "Rosa"
    assert found["begun"]
    exact = program_rows(RegionFigures({"p": made()}, records, TODAY), NONE).iloc[0]
    assert exact["stands"].startswith("Recruits: 43. Target: 80 (54 % of the way).")


def test_what_nothing_is_recorded_of_leads_with_its_reported_result_and_says_how_to_begin() -> None:
    found = program_rows(PublicRegionFigures(read_programs(), Records(), TODAY), NONE).set_index("key")
    assert not found["begun"].any()
    begin = "To begin: open it, choose Record, and write down an event and who came."
    assert set(found["next"]) == {begin}, "no milestone of the past is held against anybody"
    assert "from 90,000 to 45,000" in found.loc["health_enrollment", "stands"]
    assert found.loc["civic_forums", "stands"] == "Nothing is recorded here yet."
    assert set(found["lead"]) == {"not named"}


@pytest.mark.parametrize(
    ("days", "milestones", "reached", "words"),
    [
        (["2026-07-01", "2026-06-15"], [], [], "Event 1, Jun 15, 2026."),
        (["2026-06-01"], [], [], "Event 0, Jun 1, 2026."),
        (
            ["2026-02-01"],
            [("A", date(2026, 9, 1)), ("B", date(2026, 8, 1))],
            [],
            "Milestone: B (due Aug 1, 2026).",
        ),
        (
            ["2026-02-01"],
            [("A", date(2026, 9, 1)), ("B", date(2026, 8, 1))],
            ["B"],
            "Milestone: A (due Sep 1, 2026).",
        ),
        (["2026-02-01"], [("A", None)], [], "Milestone: A (due no day set)."),
        (
            ["2026-02-01"],
            [("A", date(2026, 3, 1)), ("B", date(2026, 4, 1))],
            [],
            "Milestone not marked as reached: B (due Apr 1, 2026).",
        ),
        (["2026-02-01"], [], [], "Nothing is planned: add the next event under Record."),
    ],
)
def test_what_is_next(
    days: list[str], milestones: list[tuple[str, date | None]], reached: list[str], words: str
) -> None:
    program = made(milestones=[{"title": title, "due": due} for title, due in milestones])
    held = events(*((f"Event {number}", day) for number, day in enumerate(days)))
    done = pd.DataFrame({"program": "p", "title": reached, "on": pd.Timestamp("2026-05-01")})
    # With some who signed up before, so that something is recorded.
    assert row(program, Records(events=held, recruits=recruits(("2026-02-01", 20))), done)["next"] == words


def test_what_has_ended_points_to_its_report() -> None:
    over = made(ends=date(2026, 3, 31))
    found = row(over, Records(recruits=recruits(("2026-02-01", 20))))
    assert found["next"] == "Ended on Mar 31, 2026: its report is under Report."
    assert "The period is over, and the goal was not reached." in found["stands"]


def test_few_are_hidden_and_something_is_begun() -> None:
    found = row(made(), Records(recruits=recruits(("2026-02-01", 4))))
    assert found["stands"].startswith("Recruits: hidden: could tell of fewer than 10.")
    assert found["begun"]
    assert found["trend"] == []
