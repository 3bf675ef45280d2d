"""Files that went wrong for people who do this work (``shared/cases``) each end in their right answer.

The files of our own making for each kind stand in ``tests/unit/intake``, ``tests/unit/sources`` and beside.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from geo.__main__ import main
from geo.canvass.paper_totals import PAPER_TOTALS, Here, judge_sheets
from geo.canvass.returns import TurfsHere, judge_returns, returns_in
from geo.commands.add import add_file
from geo.errors import FetchError, SchemaError
from geo.intake.grids import read_grids
from geo.intake.tables import Row, Table, TableKind, find_table, tell_understood
from geo.intake.verdicts import Line
from geo.program.boundaries import BoundaryFile, inspect_boundary
from geo.program.sign_in_sheets import SIGN_IN, Known, judge_sheet
from geo.program.sites import SITE_TABLE, judge_sites, site_grids
from geo.region import read_region
from geo.sources.catalog import read_catalog
from geo.sources.gtfs import departures, last_day, read_feed
from geo.sources.raw import RawStore
from geo.sources.reading import read_table
from reports.calendar import to_icalendar
from reports.letters import to_runs
from store.program.kinds import Event
from store.records import Kept
from store.water.board_sheet import BOARD_SHEET
from tests.conftest import require_shared, shared_dir
from wording.agenda import event_dated

COACHELLA, DEMO = read_region("coachella"), read_region("demo")
CATALOG = read_catalog()
TURF, UNITS = "TA0001M", ("069010401001000", "069010401001001")
TODAY = date(2026, 11, 30)


def boundary(path: Path) -> BoundaryFile:
    return inspect_boundary(path.read_bytes(), path.name, COACHELLA)


def names(path: Path) -> list[str]:
    return [str(name) for name in boundary(path).areas["name"]]


def table(path: Path, kind: TableKind) -> Table:
    open_grids = site_grids if kind is SITE_TABLE else read_grids
    return find_table(open_grids(path.read_bytes(), path.name), path.name, kind).require()


def board(path: Path) -> tuple[Row, ...]:
    return table(path, BOARD_SHEET).rows


def returns(path: Path, here: TurfsHere) -> list[Line]:
    return judge_returns(table(path, returns_in("America/Los_Angeles")), here, TODAY)


@contextmanager
def added(source: str, path: Path) -> Iterator[RawStore]:
    with tempfile.TemporaryDirectory() as folder:
        store = RawStore("demo", Path(folder) / "raw")
        add_file(CATALOG[source], path, store, DEMO)
        yield store


def macos_zip(case: Path) -> None:
    for file in ("finder-files.zip", "finder-folder.zip"):
        assert names(case / file) == ["Trustee Area 1", "Trustee Area 2"]


def upper_case(case: Path) -> None:
    for file in ("AREAS.ZIP", "mixed.zip"):
        assert names(case / file) == ["Trustee Area 1", "Trustee Area 2"]


def without_cpg(case: Path) -> None:
    for file in ("latin1-no-cpg.zip", "utf8-no-cpg.zip"):
        assert names(case / file) == ["Área Niños", "Peña Blanca"]


def my_maps(case: Path) -> None:
    for file in ("areas-and-pins.kml", "areas-only.kml", "areas.kmz"):
        assert names(case / file) == ["Area A", "Area B"]
    assert "Colegio Uno, Colegio Dos" in " ".join(boundary(case / "areas-and-pins.kml").told)


def label_beside(case: Path) -> None:
    assert names(case / "layer-to-kml.kml") == ["District 1", "District 2"]
    assert names(case / "two-polygons.kml") == ["Isla"]


def null_geometry(case: Path) -> None:
    for file in ("bom.geojson", "nan.geojson", "null.geojson", "utf16.geojson"):
        assert names(case / file) == ["Trustee Area 1", "Trustee Area 2"]
    assert boundary(case / "null.geojson").told == ("Rows without a shape are left out: Trustee Area 3.",)


def float_number(case: Path) -> None:
    assert names(case / "double-field.zip") == ["1", "2", "3"]
    assert names(case / "one-without-number.geojson")[:2] == ["1", "2"]


def winding(case: Path) -> None:
    assert names(case / "collection.geojson") == ["Collection"]
    assert names(case / "one-unclosed-of-two.geojson") == ["Unclosed", "Closed"]
    assert names(case / "unclosed.geojson") == ["Unclosed"]
    assert names(case / "winding.geojson") == ["Clockwise with hole", "Bow"]


def said_by(command: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        code = main(["interpolate", *command, "--output", str(Path(folder) / "out.csv")])
    said = capsys.readouterr()
    assert code == bool(said.err), said
    return said.out + said.err


def acs_symbols(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracts, towns = str(case / "tracts.gpkg"), str(case / "towns.gpkg")
    assert "income_text" in said_by([tracts, towns, "--extensive", "income_text"], capsys)
    read = said_by([tracts, towns, "--extensive", "people"], capsys)
    assert "people: in 140.0" in read
    assert "1 units without a value" in read
    for file in ("ACSDT5Y2022.B19013-Data.csv", "notes.txt"):
        assert "is no file of shapes" in said_by([str(case / file), towns], capsys)


def interpolate_crs(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    towns = str(case / "towns.gpkg")
    for file in ("degrees.geojson", "mercator.gpkg"):
        assert "write --crs EPSG:3310" in said_by([str(case / file), towns], capsys)
    assert "'Albers' is no CRS" in said_by([str(case / "degrees.geojson"), towns, "--crs", "Albers"], capsys)
    assert "no .prj" in said_by([str(case / "areas.shp"), towns], capsys)


def without_zero(case: Path) -> None:
    with added("calenviroscreen_4", case / "calenviroscreen40results.csv") as store:
        geoids = read_table(CATALOG["calenviroscreen_4"], store)["geoid"]
        assert geoids.str.fullmatch(r"06901\d{6}").all()


def safer(case: Path) -> None:
    for file in ("utf8.csv", "semicolons.csv"):
        with added("safer_risk_assessment", case / file) as store:
            read = read_table(CATALOG["safer_risk_assessment"], store).set_index("pwsid")
        assert read.loc["CA9000110", "population"] == 1250
        assert read.loc["CA9000113", "median_household_income_usd"] == 29882
    for file, words in (
        ("total-row.csv", "no pwsid"),
        ("twice.csv", "share a key"),
        ("windows-1252.csv", "UTF-8"),
    ):
        with (
            pytest.raises((SchemaError, FetchError), match=words),
            added("safer_risk_assessment", case / file),
        ):
            pass


def frequencies(case: Path) -> None:
    for file in ("frequencies.zip", "headers-with-blanks.zip", "no-shapes.zip"):
        with added("transit", case / file) as store:
            (feed,) = store.require_files("transit")
            assert read_feed(feed.path, "stops", ("stop_id",))["stop_id"].notna().all()
            assert departures(feed.path).to_dict() == {"T2": 64}
            assert last_day(feed.path) == "20260105"


def semicolons(case: Path) -> None:
    assert [row.meant["stage"] for row in board(case / "board.csv")] == [
        "planning",
        "design",
        "under_construction",
    ]
    assert board(case / "quoted.csv")[1].meant["comment"] == "permit, easement, survey, soils, signature"


def placeholders(case: Path) -> None:
    rows = board(case / "board.csv")
    assert [len(row.meant) for row in rows] == [2, 6, 1]
    assert not any(row.refused or row.faults for row in rows)


def hidden(case: Path) -> None:
    read = table(case / "filtered.xlsx", BOARD_SHEET)
    told = tell_understood(read)
    assert read.grid.title == "Sheet"
    assert "Hidden rows were read too: 3." in told
    assert 'Sheet "Sheet" was taken; not looked at: "Archive 2023".' in told


def spanish(case: Path) -> None:
    first, second, third = board(case / "tablero.csv")
    assert (first.meant["amount_usd"], first.meant["rate_usd_per_month"]) == (1_250_000, 45.5)
    assert str(first.meant["rate_on"]) == "2026-03-31"
    assert "1,250 or 1.25" in second.faults["amount_usd"]
    assert third.meant["amount_usd"] == 1_250_000.5


def edited(case: Path) -> None:
    monday = returns(case / "monday.csv", TurfsHere({TURF: UNITS}))
    known = {line.about: [line.change] for line in monday}
    here = TurfsHere({TURF: UNITS}, known, told=known)
    told = returns(case / "tuesday-row-2-edited.csv", here)
    assert [str(line.verdict) for line in told] == ["same", "changed"]
    assert told[1].change["id"] == monday[1].change["id"]
    assert "spoke → refused" in told[1].reason


def groups(case: Path) -> None:
    here = TurfsHere({TURF: UNITS})
    doors = {"groups.csv": ["7"], "option-named-like-a-field.csv": ["23"], "wrapped-line.csv": ["23", "2"]}
    for file, wanted in doors.items():
        assert [line.change["door"] for line in returns(case / file, here)] == wanted


def repeats(case: Path) -> None:
    with pytest.raises(SchemaError, match='they stand on another sheet: "visits"'):
        returns(case / "repeats.xlsx", TurfsHere({TURF: UNITS}))


def evening(case: Path) -> None:
    for file in ("no-today.csv", "odk-no-today.csv"):
        (line,) = returns(case / file, TurfsHere({TURF: UNITS}))
        assert line.change["on"] == "2026-11-27"


def paper(case: Path) -> None:
    for file in ("sheets.csv", "sheets-mx.csv", "sheets.xlsx"):
        (line,) = judge_sheets(table(case / file, PAPER_TOTALS), Here({TURF: 99}), TODAY)
        assert line.change["on"] == "2026-11-20"


def sign_in(case: Path) -> None:
    def codes(file: str) -> list[str]:
        judged = judge_sheet(table(case / file, SIGN_IN), Known(secret=b"0" * 32))
        return [line.change for line in judged.lines if line.change]

    assert codes("titled.xlsx") == codes("windows-1252.csv") == codes("lookalikes.csv") == ["QX0017H"]
    (code,) = codes("action-network.csv")
    assert "invented" not in code.casefold()


def schools(case: Path) -> None:
    for file in ("pubschls.txt", "pubschls.csv", "pubschls-utf8.csv", "directory.xlsx"):
        lines = judge_sites(table(case / file, SITE_TABLE), COACHELLA)
        assert [line.change[0] for line in lines if line.change] == ["Niño Middle"]
        assert "Closed" in lines[1].reason


def letters(case: Path) -> None:
    text = (case / "board.csv").read_text(encoding="utf-8-sig")
    drawn = "".join(words for words, _font in to_runs(text))
    assert {font for _words, font in to_runs(text)} == {"", "NotoSans", "NotoSansArabic", "MicroHei"}
    assert "[U+1F" in drawn  # an emoji is told by its number
    assert not any(ord(letter) > 0x1F000 for letter in drawn)


def zone(case: Path) -> None:
    assert "TZID=America/Los_Angeles" in (case / "out.ics").read_text(encoding="utf-8")
    fields = {"program": "p", "id": "a", "event_kind": "forum", "title": "F", "begins_at": "18:00"}
    event = Event.make(fields | {"on": "2026-07-14"})
    kept = Kept(event, 1, datetime(2026, 7, 1, tzinfo=UTC), "Ana", "", "")
    written = to_icalendar([event_dated(kept)], {}, "America/Los_Angeles")
    (found,) = Calendar.from_ical(written).walk("VTIMEZONE")
    assert found["TZID"] == "America/Los_Angeles"


def far_below(case: Path) -> None:
    for file in ("row-50000.xlsx", "row-200000.xlsx", "row-1048576.xlsx"):
        (row,) = board(case / file)
        assert row.meant["pwsid"] == "CA9010002"


Check = Callable[[Path], None] | Callable[[Path, pytest.CaptureFixture[str]], None]
CHECKS: dict[str, Check] = {
    "01": macos_zip, "03": upper_case, "04": without_cpg, "05": my_maps, "06": label_beside,
    "10": null_geometry, "11": float_number, "17": winding, "20": acs_symbols, "23": interpolate_crs,
    "24": without_zero, "27": safer, "30": frequencies, "31": semicolons, "32": placeholders, "35": hidden,
    "38": spanish, "41": edited, "43": groups, "44": repeats, "47": evening, "48": paper, "49": sign_in,
    "51": schools, "53": letters, "54": zone, "58": far_below,
}  # fmt: skip


@pytest.mark.parametrize("number", CHECKS)
def test_a_case_ends_in_its_right_answer(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    (case,) = require_shared("cases").glob(f"{number}-*")
    check = CHECKS[number]
    check(*[case, capsys][: check.__code__.co_argcount])


def test_every_case_is_held() -> None:
    cases = require_shared("cases")
    assert cases.is_relative_to(shared_dir())
    assert {path.parent.name[:2] for path in cases.glob("*/case.toml")} == set(CHECKS)
