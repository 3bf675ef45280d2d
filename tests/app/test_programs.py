"""The programs' pages: every figure recomputed from the journal by another path; small counts hidden."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from sqlite3 import connect

import pandas as pd
import pytest
from reportlab import rl_config
from streamlit.testing.v1 import AppTest

from app_pages.parts.charts import session_bars
from app_pages.parts.program.fields import Desk
from app_pages.parts.program.forums import times_of
from app_pages.parts.program.record_changes import CHANGED, changed
from app_pages.parts.program.reports import make_campaigns
from demo.records import demo_places, write_demo, write_demo_board, write_demo_records
from geo.datasets.storage import read_shapes_of
from geo.days import day_in
from geo.errors import StoreError
from geo.language import gettext, use_language
from geo.methods.person_codes import make_code
from geo.program.declaration import read_programs
from geo.program.figures import RegionFigures
from geo.program.public_view import PublicRegionFigures
from geo.region import read_region
from geo.tracts.names import tract_title
from store.database import open_database
from store.journal import Journal
from store.program.book import ProgramBook
from store.program.kinds import (
    EVENT_TITLES,
    Attendance,
    Boundary,
    Enrollment,
    Event,
    EventKind,
    MilestoneReached,
    Race,
    Recruit,
    speaking_times,
)
from store.records import Record
from tests.app.exits import text_of_file
from wording.demo_entries import demo_words

ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, object]
DAY = date(2019, 2, 1)
SIX = (
    "health_enrollment",
    "infrastructure_task_force",
    "civic_forums",
    "school_funding",
    "regional_plan",
    "census_2020",
)


@pytest.fixture(scope="module")
def written(demo_built: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the demo's invented records, written once."""
    path = tmp_path_factory.mktemp("programs") / "store.db"
    journal = Journal(open_database(f"sqlite:///{path}"))
    write_demo_records(ProgramBook(journal, demo_built), demo_places(demo_built))
    write_demo_board(journal, demo_built, read_shapes_of(demo_built, "water_systems")["pwsid"].tolist())
    journal.engine.dispose()
    return path


@pytest.fixture
def store(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, for one test to write to."""
    path = tmp_path / "store.db"
    with connect(written) as source, connect(path) as target:
        source.backup(target)
    source.close()
    target.close()
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{path}")
    return path


def open_page(page: str, region: str = "demo", name: str = "", **params: str) -> AppTest:
    """Open a page at its address; with a name, as somebody who may see and record all."""
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    app.query_params.update({"region": region, **params})
    app.session_state["person.name"] = name
    return app.switch_page(f"app_pages/{page}.py")


def open_one(region: str, program: str, tab: str = "Current status", name: str = "") -> AppTest:
    """Open a program's page on one of its sections."""
    app = open_page("program", region, name, program=program)
    app.session_state["program.tabs"] = tab
    return app.run()


def turn_to(app: AppTest, tab: str) -> AppTest:
    """Open another section."""
    app.session_state["program.tabs"] = tab
    return app.run()


def rows_of(path: Path, kind: str) -> list[Row]:
    """The newest body of every record of a kind, read straight from the database."""
    newest: dict[str, Row] = {}
    with connect(path) as connection:
        query = "SELECT key, body FROM journal WHERE kind = ? ORDER BY number"
        for key, body in connection.execute(query, (kind,)):
            newest[key] = {**json.loads(body), "key": key}
    connection.close()
    return list(newest.values())


def of(rows: list[Row], program: str) -> list[Row]:
    return [row for row in rows if row["program"] == program]


def figure(path: Path, program: str, measure: str, least: int = 1) -> float:
    """A measure's value by plain counting, with no dataframe."""
    if measure == "all_sessions":
        return in_a_row(path, program, least)
    if measure in ("took_part", "consistent"):
        came: dict[object, set[object]] = {}
        for row in of(rows_of(path, "attendance"), program):
            came.setdefault(row["person"], set()).add(row["event"])
        return sum(len(events) >= least for events in came.values())
    if measure == "recruited":
        return len({row["person"] for row in of(rows_of(path, "recruit"), program)})
    if measure in ("households", "turnout_doors"):
        return sum(int(str(row["households"])) for row in of(rows_of(path, "contact"), program))
    if measure == "enrolled":
        return sum(int(str(row.get("people", 1))) for row in of(rows_of(path, "enrollment"), program))
    if measure == "connected":
        return len({row["pwsid"] for row in rows_of(path, "status") if row["stage"] == "connected"})
    if measure == "questions":
        return len(of(rows_of(path, "question"), program))
    if measure in ("forums", "meetings", "trainings"):
        return len(of(rows_of(path, "event"), program))
    readings = [row for row in of(rows_of(path, "reading"), program) if row["measure"] == measure]
    return float(str(max(readings, key=lambda row: str(row["on"]))["value"]))


def in_a_row(path: Path, program: str, least: int) -> int:
    """How many people came to so many sessions one after another, by writing down who came to which."""
    came = of(rows_of(path, "attendance"), program)
    days = {row["key"]: str(row["on"]) for row in of(rows_of(path, "event"), program)}
    held = sorted({str(row["event"]) for row in came}, key=lambda event: (days[event], event))
    pairs = {(row["person"], row["event"]) for row in came}
    people = {row["person"] for row in came}
    written = {who: "".join("x" if (who, event) in pairs else "-" for event in held) for who in people}
    return sum("x" * least in marks for marks in written.values())


def metrics(app: AppTest) -> dict[str, str]:
    """The exact values, for staff, by the title above them."""
    return under(app, "Exact, for staff")


def under(app: AppTest, label: str) -> dict[str, str]:
    """Values of measures under a heading, by the title above them."""
    titles = [item.value.removeprefix("#### ") for item in app.markdown if item.value.startswith("#### ")]
    values = [item.value for item in app.metric if item.label == label]
    return dict(zip(titles, values, strict=False))


@pytest.mark.parametrize("program", SIX)
def test_every_figure_is_what_plain_counting_gives(store: Path, program: str) -> None:
    app = open_one("demo", program, name="Ana")
    assert not app.exception
    found = ProgramBook(Journal(open_database()), "demo").programs()[program]
    shown = metrics(app)
    for measure in found.measures:
        value = figure(store, program, measure.key, measure.at_least)
        assert shown[measure.title] == f"{value:,.0f}", measure.key
    table = sessions(turn_to(app, "Sessions"))
    came = [
        {row["person"] for row in of(rows_of(store, "attendance"), program) if row["event"] == event["key"]}
        for event in sorted(of(rows_of(store, "event"), program), key=lambda row: str(row["on"]))
    ]
    assert table["people"].tolist() == [len(people) for people in came]
    assert table["back"].tolist()[1:] == [len(b & a) for a, b in pairwise(came)]
    often = last(app, "sessions")
    assert dict(zip(often["sessions"], often["people"], strict=True)) == at_least(store, program)


@pytest.mark.parametrize("program", SIX)
def test_under_one_heading_everybody_reads_one_figure(store: Path, program: str) -> None:
    """The exact one stands for staff under its own; a figure for everybody is never above it."""
    staff, visitor = open_one("demo", program, name="Ana"), open_one("demo", program)
    assert under(staff, "Counted here") == under(visitor, "Counted here")
    assert not under(visitor, "Exact, for staff")
    measures = ProgramBook(Journal(open_database()), "demo").programs()[program].measures
    for measure in measures:
        words = under(visitor, "Counted here")[measure.title]
        assert float(words.replace(",", "")) <= figure(store, program, measure.key, measure.at_least)


def test_the_page_of_all_programs_says_the_same_to_everybody(store: Path) -> None:
    """A row a program; the recruits others see (318) and the 320 there are stand under two headings."""
    staff, visitor = open_page("programs", name="Ana").run(), open_page("programs").run()
    assert not staff.exception
    for place in (0, 1):
        pd.testing.assert_frame_equal(staff.dataframe[place].value, visitor.dataframe[place].value)
    rows = staff.dataframe[0].value.set_index("key")
    assert set(rows.index) == set(SIX)
    recruits = figure(store, "school_funding", "recruited")
    shown = next(item.value for item in staff.dataframe if "exact" in item.value.columns)
    row = shown[shown["measure"] == "Residents recruited"].iloc[0]
    assert row["exact"] == f"{recruits:,.0f}"
    assert rows.loc["school_funding", "stands"] == f"Residents recruited: {row['everybody']}."
    assert 0 <= recruits - float(row["everybody"]) < 10
    assert not [item for item in visitor.dataframe if "exact" in item.value.columns]


def people_once(app: AppTest) -> tuple[str, list[str]]:
    """The heading above people counted once, and the three figures below it."""
    assert not app.exception
    (title,) = [item.value for item in app.markdown if "People, each counted once" in item.value]
    labels = ("People who took part", "Sum of all programs", "People in more than one")
    return title, [item.value for item in app.metric if item.label.startswith(labels)]


def test_people_counted_once_are_for_staff_only_where_others_do_not_read_the_same(store: Path) -> None:
    plain, exact = "#### People, each counted once", "#### People, each counted once (exact, for staff)"
    staff, visitor = open_page("programs", name="Ana").run(), open_page("programs").run()
    (ours, counts), (theirs, seen) = people_once(staff), people_once(visitor)
    came = rows_of(store, "attendance")
    times = Counter(person for _program, person in {(row["program"], row["person"]) for row in came})
    several = sum(count > 1 for count in times.values())
    assert counts == [f"{number:,}" for number in (len(times), times.total(), several)]
    tens = [f"{number // 10 * 10:,}" for number in (len(times), times.total(), several)]
    assert seen == tens, "large, and no small program or overlap follows from them; no sheet of few shows"
    assert (ours, theirs) == (exact, plain)
    staff.multiselect(key="programs.together").set_value(["civic_forums"]).run()
    assert people_once(staff)[0] == exact, "nobody else chooses"


def test_few_people_counted_once_are_told_to_staff_alone_under_a_heading_that_says_so(
    demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'few.db'}")
    book = ProgramBook(Journal(open_database()), demo_built)
    fields = {"program": "health_enrollment", "event_kind": "session", "title": "Few", "on": "2019-03-05"}
    book.hold(Event.make(fields), [make_code("ZZ", number) for number in range(1, 4)], "Ana")
    heading = "#### People, each counted once"
    title, counts = people_once(open_page("programs", name="Ana").run())
    assert (title, counts) == (f"{heading} (exact, for staff)", ["3", "3", "0"])
    title, counts = people_once(open_page("programs").run())
    assert (title, counts[:2]) == (heading, ["hidden", "hidden"])


def test_a_report_has_exact_counts_only_where_staff_ask_for_them(store: Path) -> None:
    app = open_one("demo", "school_funding", "Report", name="Ana")
    hidden = "Counts under 10, and figures that would reveal them, are hidden."
    assert hidden in [item.value for item in app.caption]
    app.toggle(key="program.report.exact.school_funding").set_value(True).run()
    assert hidden not in [item.value for item in app.caption]
    staff = "For staff only: exact counts."
    assert staff in [item.value for item in app.caption]
    # What the toggle shows when its part comes back is what the files have: the browser is told it anew.
    key = "program.report.exact.school_funding"
    turn_to(turn_to(app, "Sessions"), "Report")
    told = {item.value for item in app.caption}
    assert app.toggle(key=key).value == (staff in told) == (hidden not in told)
    assert app.toggle(key=key).proto.set_value
    app.session_state["program.key"] = "health_enrollment"
    app.run()
    assert staff not in [item.value for item in app.caption]
    visitor = open_one("demo", "school_funding", "Report")
    assert not [item for item in visitor.toggle if str(item.key).startswith("program.report.exact")]


def test_another_language_keeps_the_part_that_is_open_and_what_was_chosen_there(store: Path) -> None:
    app = open_one("demo", "school_funding", "Report", name="Ana")
    key = "program.report.exact.school_funding"
    app.toggle(key=key).set_value(True).run()
    app.radio(key="language").set_value("es").run()
    assert not app.exception
    use_language("es")
    assert app.session_state["program.tabs"] == gettext("Report")
    assert app.toggle(key=key).value
    assert gettext("For staff only: exact counts.") in [item.value for item in app.caption]
    app.radio(key="language").set_value("en").run()
    assert app.session_state["program.tabs"] == "Report"


def test_a_person_is_changed_from_the_last_session_that_has_people_on(store: Path) -> None:
    """Sessions to come, and one of which nobody wrote down who came, have nobody to choose."""
    book = ProgramBook(Journal(open_database()), "demo")
    today = day_in(read_region("demo").timezone)
    fields = {"program": "regional_plan", "event_kind": "session"}
    made = {
        days: Event.make(fields | {"title": f"{days}", "id": f"{days}", "on": today + timedelta(days=days)})
        for days in (-3, -2, 5)
    }
    codes = [make_code("QX", number) for number in range(3)]
    for days, event in made.items():
        book.hold(event, codes if days == -3 else [], "Ana", why="tried out")
    app = open_one("demo", "regional_plan", "Change", name="Ana")
    app.selectbox(key="change.kind").set_value(Attendance).run()
    assert not app.exception
    assert app.selectbox(key="change.event").value == made[-3].key
    assert len(app.selectbox(key="change.attendance").options) == 3


def at_least(path: Path, program: str) -> dict[int, int]:
    """People who came to at least k events, by plain counting."""
    came = Counter(row["person"] for row in of(rows_of(path, "attendance"), program))
    events = {row["event"] for row in of(rows_of(path, "attendance"), program)}
    return {least: sum(count >= least for count in came.values()) for least in range(1, len(events) + 1)}


def test_who_signed_up_and_comes_is_what_plain_counting_gives(store: Path) -> None:
    app = open_one("demo", "school_funding", "Sessions", name="Ana")
    signed = {row["person"] for row in of(rows_of(store, "recruit"), "school_funding")}
    came = Counter(row["person"] for row in of(rows_of(store, "attendance"), "school_funding"))
    often = {person for person, count in came.items() if count >= 3}
    found = {item.label: item.value for item in app.metric}
    assert found["Signed up"] == f"{len(signed):,}"
    assert found["Of them came at least once"] == f"{len(signed & set(came)):,}"
    assert found["Of them: Residents who take part consistently"] == f"{len(signed & often):,}"
    assert found["Came without having signed up"] == f"{len(set(came) - signed):,}"


def test_a_headcount_stands_beside_the_people_and_is_in_no_count_of_them(store: Path) -> None:
    """65 counted at the door, 62 of them by code: three came without one, and 62 people are counted."""
    book = ProgramBook(Journal(open_database()), "demo")
    before = figure(store, "regional_plan", "took_part")
    fields = {"program": "regional_plan", "event_kind": "session", "on": "2019-12-01"}
    codes = [make_code("QZ", number) for number in range(62)]
    told = {"headcount": 65, "headcount_how": "at the door, by Luis"}
    book.hold(Event.make(fields | told | {"title": "Mecca", "id": "m"}), codes, "Ana")
    only = {"headcount": 7, "headcount_how": "hands were raised"}
    book.hold(Event.make(fields | only | {"title": "North Shore", "id": "n"}), [], "Ana")
    app = open_one("demo", "regional_plan", name="Ana")
    assert metrics(app)["Residents who took part"] == f"{before + 62:,.0f}"
    table = last(turn_to(app, "Sessions"), "headcount")
    rows = table.drop(columns="on").to_numpy().tolist()
    assert rows[0] == ["Mecca", 65, 62, 3, "at the door, by Luis"]
    assert rows[1] == ["North Shore", 7, 0, 7, "hands were raised"]
    assert any("72 attendances at 2 sessions" in item.value for item in app.caption)
    other = open_one("demo", "regional_plan", "Sessions")
    seen = next(item.value for item in other.dataframe if "headcount" in item.value.columns)
    assert seen["headcount"].isna().all(), "65 beside 62 would tell of three, and seven are few"
    assert set(seen.columns) == {"session", "on", "headcount"}


def test_what_has_ended_short_of_its_goal_is_said_to_be_over(store: Path) -> None:
    """40,000 households until 2020-12-31: no pace leads there any more."""
    app = open_one("demo", "census_2020", name="Ana")
    assert figure(store, "census_2020", "households") < 40_000
    told = [item.value for item in app.caption]
    assert any("The period is over, and the goal was not reached." in words for words in told), told
    assert not any("At this pace" in words for words in told), told


def reached_tracts(path: Path, program: str) -> set[str]:
    """Tracts with an attended event, a contact, an enrollment or a recruit, straight from the database."""
    attended = {row["event"] for row in rows_of(path, "attendance")}
    found = {str(row["geoid"]) for row in of(rows_of(path, "event"), program) if row["key"] in attended}
    for kind in ("contact", "enrollment", "recruit"):
        found |= {str(row["geoid"]) for row in of(rows_of(path, kind), program) if row.get("geoid")}
    return found


def tracts_of_ten(path: Path, program: str) -> set[str]:
    """Tracts of which one kind of record tells of ten people or households, straight from the database."""
    places = {row["key"]: str(row["geoid"]) for row in of(rows_of(path, "event"), program)}
    came: dict[str, set[object]] = {}
    for row in of(rows_of(path, "attendance"), program):
        came.setdefault(places[row["event"]], set()).add(row["person"])
    found = {geoid for geoid, people in came.items() if len(people) >= 10}
    for kind, amount in (("contact", "households"), ("enrollment", "people"), ("recruit", "")):
        sums: Counter[str] = Counter()
        for row in of(rows_of(path, kind), program):
            sums[str(row.get("geoid"))] += int(str(row.get(amount, 1)))
        found |= {geoid for geoid, count in sums.items() if count >= 10}
    return found


def test_others_see_of_coverage_only_where_ten_or_more_were_reached(store: Path) -> None:
    """A tract that one person tells of would give that person away: it stands with those of nobody."""
    hard = read_shapes_of("demo", "tracts_2010").query("ca_htc_index >= 60")["geoid"].tolist()
    few = {key: reached_tracts(store, key) - tracts_of_ten(store, key) for key in SIX}
    assert any(few[key] & set(hard) for key in SIX)
    app = open_page("programs").run()
    table = next(item.value for item in app.dataframe if "programs" in item.value.columns)
    counts = {row["geoid"]: row["programs"] for row in table.to_dict("records")}
    assert counts == {geoid: sum(geoid in tracts_of_ten(store, key) for key in SIX) for geoid in hard}
    assert any("fewer than 10 people or households were reached" in item.value for item in app.text)
    assert not any("not been reached" in item.value for item in app.text)


def test_coverage_is_what_sets_of_tracts_give(store: Path) -> None:
    app = open_page("programs").run()
    app.text_input(key="person.name").set_value("Ana").run()
    tracts = read_shapes_of("demo", "tracts_2010")
    hard = tracts[tracts["ca_htc_index"] >= 60].set_index("geoid")["households"].to_dict()
    by_program = {key: reached_tracts(store, key) for key in SIX}
    unreached = set(hard) - set().union(*by_program.values())
    households = sum(float(hard[geoid]) for geoid in unreached)
    words = f"{len(unreached)} of {len(hard)} hard-to-count tracts"
    assert any(words in item.value and f"{households:,.0f} households" in item.value for item in app.text)
    table = next(item.value for item in app.dataframe if "programs" in item.value.columns)
    counts = {row["geoid"]: row["programs"] for row in table.to_dict("records")}
    assert counts == {geoid: sum(geoid in found for found in by_program.values()) for geoid in hard}


def test_shares_of_the_eligible_are_divisions(store: Path) -> None:
    app = open_one("demo", "health_enrollment", name="Ana")
    table = next(item.value for item in app.dataframe if "eligible" in item.value.columns)
    uninsured = read_shapes_of("demo", "tracts_2010").set_index("geoid")[["uninsured", "uninsured_moe"]]
    enrolled: Counter[str] = Counter()
    for row in of(rows_of(store, "enrollment"), "health_enrollment"):
        enrolled[str(row.get("geoid"))] += int(str(row.get("people", 1)))
    shares = 0
    for row in table.to_dict("records"):
        people, moe = (float(value) * 0.98 * 0.7 for value in uninsured.loc[row["geoid"]])
        assert row["enrolled"] == enrolled[row["geoid"]]
        assert row["eligible"] == pytest.approx(people)
        if people and row["enrolled"]:
            share = row["enrolled"] / people
            assert row["share"] == pytest.approx(share)
            assert row["share_moe"] == pytest.approx(share * moe / people)
            shares += 1
    assert shares > 3


def sessions(app: AppTest) -> pd.DataFrame:
    return last(app, "share_back")


def last(app: AppTest, column: str) -> pd.DataFrame:
    """The last table with a column: for staff that of exact counts, below the one that everybody reads."""
    return [item.value for item in app.dataframe if column in item.value.columns][-1]


def test_who_came_is_the_same_for_everybody_and_exact_under_headings_for_staff(store: Path) -> None:
    """Every table that a visitor has on Sessions, staff have first; exact ones have headings of their own."""
    staff = open_one("demo", "school_funding", "Sessions", name="Ana")
    visitor = open_one("demo", "school_funding", "Sessions")
    assert not staff.exception
    tables = [item.value for item in visitor.dataframe]
    assert tables
    for ours, theirs in zip(staff.dataframe, tables, strict=False):
        pd.testing.assert_frame_equal(ours.value, theirs)
    shared = [item.value for item in visitor.metric]
    assert [item.value for item in staff.metric][: len(shared)] == shared
    titles = [item.value for item in staff.markdown if item.value.startswith("#### ")]
    plain = [item.value for item in visitor.markdown if item.value.startswith("#### ")]
    assert titles[: len(plain)] == plain
    assert titles[len(plain) :]
    assert all(title.endswith("(exact, for staff)") for title in titles[len(plain) :])


@pytest.mark.parametrize("program", SIX)
def test_a_viewer_sees_no_small_count(store: Path, program: str) -> None:
    app = open_one("demo", program)
    assert not app.exception
    # A canvass by chosen places would tell small counts by the difference of two choices.
    places = [item.value for item in app.caption if "by the canvass in the" in item.value]
    assert ["in the whole area" in words for words in places] == [True] * (program == "census_2020")
    for item in [*app.dataframe, *turn_to(app, "Sessions").dataframe]:
        for column in {"people", "back", "others", "new", "enrolled"} & set(item.value.columns):
            values = [int(value) for value in item.value[column].dropna()]
            assert not [value for value in values if 0 < value < 10], column


@pytest.mark.parametrize("program", SIX)
def test_each_opens_on_real_boundaries(coachella_built: str, program: str) -> None:
    app = open_one("coachella", program)
    assert not app.exception
    assert not app.error
    warned = "not among the sources" in " ".join(item.value for item in app.warning)
    assert warned == (program in ("health_enrollment", "civic_forums")), app.warning
    told = " ".join(item.value for item in app.caption)
    assert "Hard-to-Count Index, census tracts, 2019" in told
    # The water district's outline is of 2003, and a stand-in for the district's own.
    assert ("2003-03 (a coarser boundary stands in)" in told) == (
        program in ("civic_forums", "infrastructure_task_force")
    )


def test_real_eligible_add_up_with_their_margin(coachella_built: str) -> None:
    app = open_one("coachella", "health_enrollment")
    tracts = read_shapes_of("coachella", "tracts_2010").set_index("geoid")
    table = next(item.value for item in app.dataframe if "eligible" in item.value.columns)
    own = tracts.loc[table["geoid"]]
    total = sum(own["uninsured"].dropna()) * 0.98 * 0.7
    word = next(item.value for item in app.metric if item.label.startswith("Eligible but"))
    assert word.startswith(f"{total:,.0f} ± ")


def test_all_at_a_glance_counts_each_person_once(store: Path) -> None:
    app = open_page("programs").run()
    assert not app.exception
    people = {row["person"] for row in rows_of(store, "attendance")}
    once, added, several = (item.value for item in app.metric[:3])
    pairs = {(row["program"], row["person"]) for row in rows_of(store, "attendance")}
    in_several = sum(len({p for p, who in pairs if who == code}) > 1 for code in people)
    counts = (len(people), len(pairs), in_several)
    assert [once, added, several] == [f"{count // 10 * 10:,}" for count in counts]
    assert len(app.dataframe[1].value) == sum(
        len(item.measures) for item in ProgramBook(Journal(open_database()), "demo").programs().values()
    )


def test_a_report_of_chosen_programs_counts_people_once(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Staff count those of two programs, each once; for others a choice tells of few: all six, in tens."""
    monkeypatch.setattr(rl_config, "pageCompression", 0)
    region, book, keys = read_region("demo"), open_demo(), ["school_funding", "regional_plan"]
    pairs = {(str(row["program"]), row["person"]) for row in rows_of(store, "attendance")}
    every: list[tuple[type[RegionFigures], list[str], int]] = [
        (RegionFigures, keys, 1),
        (PublicRegionFigures, list(SIX), 10),
    ]
    for kind, counted, step in every:
        figures = kind(book.programs(), book.records(), date(2026, 1, 1))
        content = make_campaigns(region, book, figures, keys)
        assert len(re.findall(rb"/Type /Page\b", content)) == 1 + len(keys)
        text = " ".join(text_of_file(content).split())
        ours = [(program, person) for program, person in pairs if program in counted]
        once, times = {person for _program, person in ours}, Counter(person for _program, person in ours)
        counts = (len(once), len(ours), sum(count > 1 for count in times.values()))
        people, added, several = (count // step * step for count in counts)
        words = f"in {len(counted)} programs, each counted once: {people}. Sum of the programs, with"
        assert words in text, text[:1500]
        assert f"repeats: {added}. In more than one: {several}." in text
        assert "INVENTED" in text


def open_demo() -> ProgramBook:
    return ProgramBook(Journal(open_database()), "demo")


def test_an_event_outside_its_period_is_told_and_nothing_is_written(store: Path) -> None:
    app = open_one("demo", "regional_plan", "Record", name="Ana")
    before = len(rows_of(store, "event"))
    app.text_input(key="event.title").set_value("Late")
    app.date_input(key="event.on").set_value(day_in("America/Los_Angeles"))
    next(item for item in app.button if item.label == "Record the event").click().run()
    assert "lies outside the program" in app.error[0].value
    assert len(rows_of(store, "event")) == before


def test_an_event_of_a_tract_alone_is_covered_from_the_middle_of_its_people(store: Path) -> None:
    """Not every place of years ago is known: a tract is chosen, and it is said where the event stands."""
    app = open_one("demo", "census_2020", "Record", name="Ana")
    tract = next(item for item in app.selectbox(key="event.place").options if item.startswith("Tract "))
    app.text_input(key="event.title").set_value("Long ago")
    app.date_input(key="event.on").set_value(date(2020, 2, 1))
    app.selectbox(key="event.place").set_value(tract)
    next(item for item in app.button if item.label == "Record the event").click().run()
    assert not app.error
    row = next(row for row in rows_of(store, "event") if row["title"] == "Long ago")
    assert not row.get("longitude")
    assert tract == f"{tract_title(str(row['geoid']))} (no more is known)"
    turn_to(app, "Where next")
    next(item for item in app.button if item.label == "Find sites").click().run()
    words = " ".join(item.value for item in app.text)
    assert "Of 1 event only the tract is known: it stands at the middle of its people." in words


def test_the_calendar_lists_every_event(store: Path) -> None:
    app = open_page("calendar")
    app.session_state["calendar.view"] = "list"
    app.run()
    assert not app.exception
    kinds = [kind for item in app.dataframe for kind in item.value["kind"]]
    counted = Counter(kind for kind in kinds if kind in EVENT_TITLES.values())
    assert counted == Counter(EVENT_TITLES[EventKind(row["event_kind"])] for row in rows_of(store, "event"))


@pytest.mark.parametrize("page", ["programs", "program", "calendar"])
def test_spanish_is_spoken(store: Path, page: str) -> None:
    app = open_page(page, lang="es").run()
    assert not app.exception
    use_language("es")
    assert "Su nombre" in [item.label for item in app.text_input]


SAID = {
    "event": ("title", "place"),
    "race": ("title", "area", "candidates"),
    "question": ("text", "topic"),
    "barrier": ("text",),
    "message": ("title", "channel"),
    "boundary": ("title",),
    "speaking_time": ("candidate",),
}
# The same word in both languages.
ALIKE = {"radio"}


def test_no_entry_of_the_demo_stays_english_in_spanish(store: Path) -> None:
    use_language("es")
    for kind, columns in SAID.items():
        rows = rows_of(store, kind)
        assert rows, kind
        for text in {json.dumps(row[name]) for row in rows for name in columns if row.get(name)}:
            for word in [json.loads(text)] if text.startswith('"') else json.loads(text):
                assert demo_words(word) != word or word in ALIKE, (kind, word)
    use_language("en")
    app = open_page("program", program="civic_forums", lang="es")
    app.session_state["program.tabs"] = "Sesiones"
    assert sessions(app.run())["session"].tolist() == [f"Foro {number}" for number in range(1, 7)]


def test_what_people_type_in_the_demo_stays_as_it_is_typed() -> None:
    use_language("es")
    assert [demo_words(text) for text in ("Session 1 at Mecca", "water?", "", None)] == [
        *("Session 1 at Mecca", "water?", ""),
        None,
    ]
    use_language("en")


def test_the_second_of_two_who_change_an_event_decides(store: Path) -> None:
    """Ana opens the form, Luis is faster: nothing of hers is written until she says so."""
    app = open_one("demo", "regional_plan", "Change", name="Ana")
    book = ProgramBook(Journal(open_database()), "demo")
    event = max(book.events("regional_plan"), key=lambda item: item.on)
    key = f"change.{event.key}.1.title"
    book.change(event.model_copy(update={"title": "Luis's title"}), 1, "Luis")
    app.text_input(key=key).set_value("Ana's title")
    next(item for item in app.button if item.label == "Record the change").click().run()
    assert "Luis changed this in the meantime" in app.error[0].value
    words = " ".join(item.value for item in app.text)
    assert "Luis's title" in words
    assert "Ana's title" in words
    assert [item.title for item in book.events("regional_plan")].count("Luis's title") == 1
    app.button(key="program.conflict.mine").click().run()
    assert not app.exception
    assert [item.title for item in book.events("regional_plan")].count("Ana's title") == 1
    told = next(item.value for item in app.dataframe if "was" in item.value.columns)
    assert told["who"].tolist()[:3] == ["Ana", "Luis", "demo"]
    assert "Luis's title" in told["was"].iloc[0]


@pytest.mark.parametrize(
    ("record", "name", "other"),
    [
        (Recruit(program="p", person=make_code("QX", 1), on=DAY), "person", make_code("QX", 2)),
        (Enrollment(program="p", person=make_code("QX", 1), on=DAY), "person", make_code("QX", 2)),
        (MilestoneReached(program="p", title="Half", on=DAY), "title", "All"),
    ],
)
def test_a_change_never_makes_another_record(record: Record, name: str, other: str) -> None:
    """Else one person would count twice, or what is recorded of another would be written over."""
    assert name not in {field.name for field in CHANGED[type(record)]}
    kept = changed(record, {"on": "2019-03-01", "place": "Oasis"})
    assert (kept.key, kept.model_dump()["place"]) == (record.key, "Oasis")
    with pytest.raises(StoreError, match="what names a record cannot be changed"):
        changed(record, {"on": "2019-03-01", name: other})


def test_others_read_no_free_text(store: Path) -> None:
    """Questions and barriers are what residents said: only those with the right read them."""
    said = [str(row["text"]) for kind in ("question", "barrier") for row in rows_of(store, kind)]
    assert len(said) > 20
    app = open_one("demo", "civic_forums")
    shown = " ".join(item.value.to_csv() for item in app.dataframe)
    assert "Candidate A" in shown
    assert not [text for text in said if text in shown]
    app.text_input(key="person.name").set_value("Ana").run()
    assert any(text in " ".join(item.value.to_csv() for item in app.dataframe) for text in said)


def test_the_times_of_candidates_are_what_plain_counting_gives(store: Path) -> None:
    app = open_one("demo", "civic_forums")
    table = next(item.value for item in app.dataframe if "difference_minutes" in item.value.columns)
    times: dict[object, list[float]] = {}
    for row in rows_of(store, "speaking_time"):
        times.setdefault((row["event"], row["race"]), []).append(int(str(row["seconds"])) / 60)
    assert sorted(table["difference_minutes"]) == sorted(max(some) - min(some) for some in times.values())
    assert sorted(table["timed"]) == sorted(len(some) for some in times.values())


@pytest.mark.parametrize("kind", [Event, Race])
def test_times_of_what_was_withdrawn_stand_nowhere(kind: type[Record], tmp_path: Path) -> None:
    """A page and its report would else show a race without a name."""
    book = ProgramBook(Journal(open_database(f"sqlite:///{tmp_path / 'store.db'}")), "demo")
    named = {"program": "civic_forums", "title": "T", "on": DAY}
    event = Event.make(named | {"event_kind": "forum"})
    race = Race.make(named | {"district": "D", "candidates": ["A", "B"]})
    book.add([event, race], "Ana")
    book.add(speaking_times(event, race, {"A": 5, "B": 5}), "Ana")
    desk = Desk(read_region("demo"), book, book.programs()["civic_forums"])
    assert times_of(desk)["race"].tolist() == ["T"]
    book.withdraw(kind, event.key if kind is Event else race.key, 1, "Ana", "it was canceled")
    assert times_of(desk).empty


def test_the_demos_records_are_written_once_and_only_there(store: Path) -> None:
    """Also where all events were withdrawn since: what somebody cleared stays cleared."""
    book = ProgramBook(Journal(open_database()), "demo")
    for event in book.events():
        book.withdraw(Event, event.key, 1, "Ana", "to begin with our own")
    assert write_demo() == 0
    assert book.events() == []
    assert ProgramBook(book.journal, "coachella").events() == []


def test_no_event_is_chosen_beforehand_and_a_form_of_another_day_is_asked_about(store: Path) -> None:
    """A sheet of September went to the session of October, which stood first in the list."""
    book = ProgramBook(Journal(open_database()), "demo")
    fields = {"program": "regional_plan", "event_kind": "session"}
    first, second = (
        Event.make(fields | {"title": on, "id": on, "on": on}) for on in ("2019-11-30", "2019-12-01")
    )
    for event in (first, second):
        book.hold(event, [], "Ana")
    app = open_one("demo", "regional_plan", "Record", name="Ana")
    assert app.selectbox(key="sheet.event").value is None
    assert "Choose the event that the sheet is of; then its file can be opened." in [
        item.value for item in app.info
    ]
    sheet = "Timestamp,Code\n" + "".join(
        f"11/30/2019 18:0{number}:00,{make_code('QX', number)}\n" for number in range(3)
    )
    for event, asked in ((second, True), (first, False)):
        app.selectbox(key="sheet.event").set_value(event.key).run()
        app.file_uploader(key="sheet.file.0").set_value(("form.csv", sheet.encode(), "text/csv")).run()
        told = [item.value for item in app.warning if "were sent on Nov 30, 2019" in item.value]
        assert bool(told) == asked


def test_a_sheet_is_told_row_by_row_and_only_then_written(store: Path) -> None:
    """Another event's people, other columns, a full room: told before anything is written."""
    book = ProgramBook(Journal(open_database()), "demo")
    codes = [make_code("QX", number) for number in range(20)]
    fields = {"program": "regional_plan", "event_kind": "session", "on": "2019-12-01"}
    first, second = (Event.make(fields | {"title": title, "id": title}) for title in ("one", "two"))
    book.hold(first, codes, "Ana")
    book.hold(second.model_copy(update={"room_holds": 15}), [], "Ana")
    app = open_one("demo", "regional_plan", "Record", name="Ana")
    app.selectbox(key="sheet.event").set_value(second.key).run()
    sheet = "Town,Number\n" + "".join(f"Oasis,{code}\n" for code in [*codes[:19], codes[0], "QX00"])
    app.file_uploader(key="sheet.file.0").set_value(("sheet.csv", sheet.encode(), "text/csv")).run()
    assert not app.exception
    told = " ".join(item.value for item in app.warning)
    assert "the sheet has: Town, Number" in told
    assert "19 people at the event; the room holds 15" in told
    assert "Almost the same people as at one" in told
    counts = next(item.value for item in app.text if "new: 19" in item.value)
    assert "twice in this file: 1" in counts
    assert "rejected: 1" in counts
    known = "Known from other events of this program: 19. New to this program: 0."
    assert known in [item.value for item in app.text]
    assert app.button(key="sheet.confirm").label == "Write 19 people"
    rows = next(item.value for item in app.dataframe if "verdict" in item.value.columns)
    assert rows["reason"].eq("new, and more than the room holds").sum() == 4
    app.button(key="sheet.confirm").click().run()
    assert "19 people are more than the room holds (15)" in app.error[0].value
    assert book.people_at(second.key) == frozenset()
    app.text_input(key="sheet.why").set_value("the yard was open").run()
    app.button(key="sheet.confirm").click().run()
    assert book.people_at(second.key) == frozenset(codes[:19])
    assert "Written: 19 people at two." in " ".join(item.value for item in app.success)
    app.button(key="sheet.undo").click().run()
    app.button(key="sheet.undo.yes").click().run()
    # 19 people, and the mistyped code, which stands beside them as an attendance.
    assert "20 changes were taken back." in " ".join(item.value for item in app.success)
    assert book.people_at(second.key) == frozenset()
    # What the columns mean is kept, and no other word of the sheet.
    app.file_uploader(key="sheet.file.2").set_value(("again.csv", sheet.encode(), "text/csv")).run()
    app.text_input(key="sheet.why").set_value("the yard was open").run()
    app.button(key="sheet.confirm").click().run()
    assert book.people_at(second.key) == frozenset(codes[:19])
    assert "Oasis" not in str([entry.body for entry in book.journal.latest("demo", "meanings")])


def test_only_the_open_section_is_drawn_and_nothing_that_was_chosen_is_lost(store: Path) -> None:
    """A form that is not sent yet lives in the browser: once open it stays. A choice comes back."""
    app = open_one("demo", "health_enrollment", name="Ana")
    assert not [item for item in app.text_area if item.key == "event.codes"]
    rule = app.number_input(key="program.rule.0").set_value(0.5).run()
    told = next(item.value for item in rule.metric if item.label.startswith("Eligible but"))
    turn_to(app, "Record")
    assert not [item for item in app.number_input if item.key == "program.rule.0"]
    turn_to(app, "Report")
    assert [item for item in app.text_area if item.key == "event.codes"]
    turn_to(app, "Current status")
    assert app.number_input(key="program.rule.0").value == 0.5
    assert next(item.value for item in app.metric if item.label.startswith("Eligible but")) == told
    assert not app.exception


def test_what_is_kept_in_memory_is_read_anew_once_something_is_recorded(store: Path) -> None:
    """Whoever has the page open sees what another records, at the next click."""
    app = open_one("demo", "civic_forums", name="Ana")
    before = metrics(app)["Forums held"]
    event = Event.make(
        {"program": "civic_forums", "event_kind": "forum", "title": "One more", "on": "2018-10-01"}
    )
    ProgramBook(Journal(open_database()), "demo").hold(event, [], "Luis")
    app.run()
    assert int(metrics(app)["Forums held"]) == int(before) + 1


def test_a_turnout_canvass_that_nobody_recorded_is_missing_and_not_nought(
    tmp_path: Path, demo_built: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a drawn trustee area and no canvass; and whose area is drawn is said."""
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    book = ProgramBook(Journal(open_database()), demo_built)
    shape = read_shapes_of(demo_built, "places")[["name", "geometry"]].head(1)
    fields = {"program": "civic_forums", "title": "A", "role": "trustee area", "geojson": shape.to_json()}
    book.add([Boundary.make(fields | {"drawn": True})], "Ana", source="a sketch")
    app = open_one("demo", "civic_forums", name="Ana")
    assert "No household of a turnout canvass is recorded yet." in [item.value for item in app.info]
    assert not [item for item in app.dataframe if "households" in item.value.columns]
    name = str(shape["name"].iloc[0])
    assert f"Drawn by hand on this page, in place of the official boundary: {name}." in app.warning[1].value
    assert "A: a sketch, added by Ana" in " ".join(item.value for item in app.caption)


def test_an_empty_region_says_how_to_begin_and_accuses_nobody(
    tmp_path: Path, demo_built: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    hard = read_shapes_of(demo_built, "tracts_2010").query("ca_htc_index >= 60")
    app = open_page("programs", demo_built, name="Ana").run()
    told = next(item.value for item in app.info if "To begin, open a program" in item.value)
    assert f"There are {len(hard)} hard-to-count tracts" in told
    rows = app.dataframe[0].value.set_index("key")
    assert set(rows["next"]) == {"To begin: open it, choose Record, and write down an event and who came."}
    assert rows.loc["school_funding", "stands"].startswith("Reported by the organization: nearly 400")
    assert rows.loc["infrastructure_task_force", "stands"] == "Nothing is recorded here yet."
    assert not [item for item in app.text if "not been reached" in item.value]


def test_a_shipped_program_is_changed_on_the_page_beside_how_it_shipped(store: Path) -> None:
    """Luis is faster: Ana's version is written only once she has seen his and says so."""
    app = open_one("demo", "regional_plan", "Change", name="Ana")
    book = ProgramBook(Journal(open_database()), "demo")
    plan = book.programs()["regional_plan"]
    least = tuple(item.model_copy(update={"target": 120.0}) for item in plan.measures)
    book.revise(plan.model_copy(update={"measures": least}), 0, "Luis", "agreed with the partner")
    app.text_input(key="revise.regional_plan.0.title").set_value("Connect SoCal 2020")
    app.text_input(key="revise.regional_plan.0.why").set_value("its own name")
    next(item for item in app.button if item.label == "Record the new version").click().run()
    assert "Luis changed this in the meantime" in app.error[0].value
    assert book.programs()["regional_plan"].title == plan.title
    app.button(key="program.conflict.mine").click().run()
    assert not app.exception
    assert book.programs()["regional_plan"].title == "Connect SoCal 2020"
    assert "Connect SoCal 2020" in [item.value for item in app.subheader]
    table = next(item.value for item in app.dataframe if "As it shipped" in item.value.columns)
    assert table.to_numpy().tolist() == [
        ["Title", plan.title, "Connect SoCal 2020"],
        ["Residents who took part: Target", "no target set", "120"],
        ["Residents who came to 4 sessions in a row: Target", "no target set", "120"],
    ]
    history = next(item.value for item in app.dataframe if "was" in item.value.columns)
    assert history["who"].tolist()[:2] == ["Ana", "Luis"]


def test_a_changed_target_stands_beside_the_shipped_one(store: Path) -> None:
    book = ProgramBook(Journal(open_database()), "demo")
    census = book.programs()["census_2020"]
    more = tuple(
        item.model_copy(update={"target": 50_000.0}) if item.key == "households" else item
        for item in census.measures
    )
    book.revise(census.model_copy(update={"measures": more}), 0, "Ana", "more were counted on")
    app = open_one("demo", "census_2020")
    assert "50,000" in [item.value for item in app.metric if item.label == "Target"]
    assert any("Originally: target 40,000." in item.value for item in app.caption)
    assert not [item for item in turn_to(app, "Change").button if item.label == "Record the new version"]


def test_a_session_whose_returns_are_hidden_has_a_bar_all_the_same() -> None:
    """Nobody is to think that none came; and the sessions stand in their order."""
    table = pd.DataFrame({"session": ["one", "two", "three"], "people": [40, 30, 20]})
    chart = session_bars(table.assign(back=[0, pd.NA, 12], others=[40, pd.NA, 8])).to_dict()
    rows = next(iter(chart["datasets"].values()))
    assert {(row["session"], row["who"], row["people"]) for row in rows} >= {("two", "all who came", 30)}
    assert chart["encoding"]["x"]["sort"] == ["one", "two", "three"]
    assert not any(row["people"] is None for row in rows)


def test_many_sign_up_at_once_and_one_slip_writes_nothing(store: Path) -> None:
    """Four hundred were recruited: not one form each. Who is down already stays as they are."""
    app = open_one("demo", "school_funding", "Record", name="Ana")
    book = ProgramBook(Journal(open_database()), "demo")
    known = sorted(item.record.person for item in book.kept(Recruit, "school_funding"))
    new = [make_code("QX", number) for number in (1, 2)]
    typed = f"{new[0][:2]} {new[0][2:6]} {new[0][6]}, {new[1]}\n{known[0]}"
    app.text_area(key="other.recruit.0.codes").set_value(f"{typed}\nQX00")
    next(item for item in app.button if item.label == "Record it").click().run()
    assert "1 code is in the wrong form" in app.error[0].value
    assert len(book.kept(Recruit, "school_funding")) == len(known)
    app.text_area(key="other.recruit.0.codes").set_value(typed)
    next(item for item in app.button if item.label == "Record it").click().run()
    assert not app.exception
    assert "Recorded: 2 entries." in [item.value for item in app.success]
    assert sorted(item.record.person for item in book.kept(Recruit, "school_funding")) == sorted(
        [*known, *new]
    )


def test_a_version_recorded_in_spanish_keeps_the_words_that_were_not_touched(store: Path) -> None:
    """Else every word of a shipped program would stand in the language of whoever changed a day."""
    app = open_page("program", name="Ana", program="regional_plan", lang="es")
    app.session_state["program.tabs"] = "Corregir"
    app.run()
    use_language("es")
    app.text_input(key="revise.regional_plan.0.why").set_value("más tiempo")
    app.date_input(key="revise.regional_plan.0.ends").set_value(date(2020, 3, 31))
    next(item for item in app.button if item.label == "Registrar la nueva versión").click().run()
    assert not app.exception
    use_language("en")
    shipped = read_programs()["regional_plan"]
    stands = ProgramBook(Journal(open_database()), "demo").programs()["regional_plan"]
    assert stands == shipped.model_copy(update={"ends": date(2020, 3, 31)})
