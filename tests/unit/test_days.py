"""The day that counts is the region's: a visit in the evening is of that evening."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from geo.canvass.returns import TurfsHere, judge_returns, returns_in
from geo.days import day_in
from geo.errors import CatalogError
from geo.intake.grids import read_grids
from geo.intake.tables import find_table
from geo.region import read_region, region_keys
from geo.settings import REGIONS

PACIFIC = "America/Los_Angeles"
EVENING = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)


def test_every_region_names_its_time_zone() -> None:
    assert {read_region(key).timezone for key in region_keys()} == {PACIFIC}


def test_half_past_five_in_the_evening_is_not_tomorrow() -> None:
    assert day_in(PACIFIC, EVENING) == date(2026, 2, 28)
    assert day_in(PACIFIC, EVENING + timedelta(hours=7)) == date(2026, 3, 1)


@given(some.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), some.integers(min_value=-12, max_value=14))
def test_a_moment_has_one_day_whatever_offset_it_is_written_with(at: datetime, hours: int) -> None:
    moment = at.replace(tzinfo=UTC)
    assert day_in(PACIFIC, moment.astimezone(timezone(timedelta(hours=hours)))) == day_in(PACIFIC, moment)


@pytest.mark.parametrize(
    ("line", "fault"), [("", "names no time zone"), ("America/Atlantis", "is not known")]
)
def test_a_region_without_a_known_time_zone_is_refused(tmp_path: Path, line: str, fault: str) -> None:
    text = (REGIONS / "demo.toml").read_text(encoding="utf-8")
    said = f'timezone = "{line}"\n' if line else ""
    (tmp_path / "here.toml").write_text(text.replace(f'timezone = "{PACIFIC}"\n', said), encoding="utf-8")
    with pytest.raises(CatalogError, match=fault):
        read_region("here", tmp_path)


@pytest.mark.parametrize(
    ("heading", "text", "day"),
    [
        ("SubmissionDate", "2026-03-01T01:30:00.000Z", "2026-02-28"),
        ("SubmissionDate", "2026-02-28T17:30:00.000-08:00", "2026-02-28"),
        ("SubmissionDate", "2026-03-01T10:30:00+09:00", "2026-02-28"),
        ("_submission_time", "2026-03-01T01:30:00", "2026-02-28"),
        ("today", "2026-02-28", "2026-02-28"),
        ("date", "2/28/2026", "2026-02-28"),
        ("date", "2026-02-28T23:30:00", "2026-02-28"),
    ],
)
def test_a_file_of_a_phone_is_dated_by_the_region(heading: str, text: str, day: str) -> None:
    file = f"instanceID,turf,unit,disposition,{heading}\na,TA0012D,u,spoke,{text}\n".encode()
    table = find_table(read_grids(file, "odk.csv"), "odk.csv", returns_in(PACIFIC))
    (line,) = judge_returns(table, TurfsHere({"TA0012D": ["u"]}), day_in(PACIFIC, EVENING))
    assert line.reason == ""
    assert line.shown["on"] == day
