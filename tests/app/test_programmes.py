"""The programmes' pages: every figure recomputed from the journal by another path; small counts hidden."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from sqlite3 import connect

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.language import use_language
from geo.processed import read_shapes_of
from store.database import open_database
from store.demo_records import demo_places, write_demo_records
from store.journal import Journal
from store.programme_book import ProgrammeBook

Open = Callable[..., AppTest]
Row = dict[str, object]
SIX = (
    "health_enrolment",
    "infrastructure_task_force",
    "civic_forums",
    "school_funding",
    "regional_plan",
    "census_2020",
)


@pytest.fixture
def store(demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with the demo's invented records."""
    path = tmp_path / "store.db"
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{path}")
    write_demo_records(ProgrammeBook(Journal(open_database()), demo_built), demo_places(demo_built))
    return path


def rows_of(path: Path, kind: str) -> list[Row]:
    """The newest body of every record of a kind, read straight from the database."""
    newest: dict[str, Row] = {}
    with connect(path) as connection:
        query = "SELECT key, body FROM journal WHERE kind = ? ORDER BY number"
        for key, body in connection.execute(query, (kind,)):
            newest[key] = {**json.loads(body), "key": key}
    connection.close()
    return list(newest.values())


def of(rows: list[Row], programme: str) -> list[Row]:
    return [row for row in rows if row["programme"] == programme]


def figure(path: Path, programme: str, measure: str, least: int = 1) -> float:
    """A measure's value by plain counting, with no dataframe."""
    if measure in ("took_part", "consistent", "all_sessions"):
        came: dict[object, set[object]] = {}
        for row in of(rows_of(path, "attendance"), programme):
            came.setdefault(row["person"], set()).add(row["event"])
        return sum(len(events) >= least for events in came.values())
    if measure == "recruited":
        return len({row["person"] for row in of(rows_of(path, "recruit"), programme)})
    if measure in ("households", "turnout_doors"):
        return sum(int(str(row["households"])) for row in of(rows_of(path, "contact"), programme))
    if measure == "enrolled":
        return sum(int(str(row.get("people", 1))) for row in of(rows_of(path, "enrolment"), programme))
    if measure == "questions":
        return len(of(rows_of(path, "question"), programme))
    if measure in ("forums", "meetings", "trainings"):
        return len(of(rows_of(path, "event"), programme))
    readings = [row for row in of(rows_of(path, "reading"), programme) if row["measure"] == measure]
    return float(str(max(readings, key=lambda row: str(row["on"]))["value"]))


def metrics(app: AppTest) -> dict[str, str]:
    """Values under *Counted here*, by the title above them."""
    titles = [item.value.removeprefix("#### ") for item in app.markdown if item.value.startswith("#### ")]
    values = [item.value for item in app.metric if item.label == "Counted here"]
    return dict(zip(titles, values, strict=False))


@pytest.mark.parametrize("programme", SIX)
def test_every_figure_is_what_plain_counting_gives(dashboard: Open, store: Path, programme: str) -> None:
    app = open_one(dashboard, "demo", programme)
    app.text_input(key="person.name").set_value("Ana").run()
    assert not app.exception
    found = ProgrammeBook(Journal(open_database()), "demo").programmes()[programme]
    shown = metrics(app)
    for measure in found.measures:
        value = figure(store, programme, measure.key, measure.at_least)
        assert shown[measure.title] == f"{value:,.0f}", measure.key
    table = sessions(app)
    came = [
        {row["person"] for row in of(rows_of(store, "attendance"), programme) if row["event"] == event["key"]}
        for event in sorted(of(rows_of(store, "event"), programme), key=lambda row: str(row["on"]))
    ]
    assert table["people"].tolist() == [len(people) for people in came]
    assert table["back"].tolist()[1:] == [len(b & a) for a, b in pairwise(came)]


def open_one(dashboard: Open, region: str, programme: str) -> AppTest:
    app = dashboard("programme", region=region)
    return app.selectbox(key="programme.key").set_value(programme).run()


def sessions(app: AppTest) -> pd.DataFrame:
    return next(item.value for item in app.dataframe if "share_back" in item.value.columns)


@pytest.mark.parametrize("programme", SIX)
def test_a_viewer_sees_no_small_count(dashboard: Open, store: Path, programme: str) -> None:
    app = open_one(dashboard, "demo", programme)
    assert not app.exception
    for item in app.dataframe:
        for column in {"people", "back", "others", "new", "enrolled"} & set(item.value.columns):
            values = [int(value) for value in item.value[column].dropna()]
            assert not [value for value in values if 0 < value < 10], column


@pytest.mark.parametrize("programme", SIX)
def test_each_opens_on_real_boundaries(dashboard: Open, coachella_built: str, programme: str) -> None:
    app = open_one(dashboard, "coachella", programme)
    assert not app.exception
    assert not app.error
    warned = "not among the sources" in " ".join(item.value for item in app.warning)
    assert warned == (programme in ("health_enrolment", "civic_forums")), app.warning


def test_real_eligible_add_up_with_their_margin(dashboard: Open, coachella_built: str) -> None:
    app = open_one(dashboard, "coachella", "health_enrolment")
    tracts = read_shapes_of("coachella", "tracts_2010").set_index("geoid")
    table = next(item.value for item in app.dataframe if "eligible" in item.value.columns)
    own = tracts.loc[table["geoid"]]
    total = sum(own["uninsured"].dropna()) * 0.98 * 0.7
    word = next(item.value for item in app.metric if item.label.startswith("Eligible but"))
    assert word.startswith(f"{total:,.0f} ± ")


def test_all_at_a_glance_counts_each_person_once(dashboard: Open, store: Path) -> None:
    app = dashboard("programmes", region="demo")
    assert not app.exception
    people = {row["person"] for row in rows_of(store, "attendance")}
    assert app.metric[0].value == f"{len(people):,}"
    assert len(app.dataframe[0].value) == sum(
        len(item.measures) for item in ProgrammeBook(Journal(open_database()), "demo").programmes().values()
    )


def test_an_event_outside_its_period_is_told_and_nothing_is_written(dashboard: Open, store: Path) -> None:
    app = open_one(dashboard, "demo", "regional_plan")
    app.text_input(key="person.name").set_value("Ana").run()
    before = len(rows_of(store, "event"))
    app.text_input(key="event.title").set_value("Late")
    app.date_input(key="event.on").set_value(datetime.now(UTC).date())
    next(item for item in app.button if item.label == "Record the event").click().run()
    assert "lies outside the programme" in app.error[0].value
    assert len(rows_of(store, "event")) == before


def test_the_calendar_lists_every_event(dashboard: Open, store: Path) -> None:
    app = dashboard("calendar", region="demo")
    assert not app.exception
    assert len(app.dataframe[0].value) == len(rows_of(store, "event"))


@pytest.mark.parametrize("page", ["programmes", "programme", "calendar"])
def test_spanish_is_spoken(dashboard: Open, store: Path, page: str) -> None:
    app = dashboard(page, region="demo", lang="es")
    assert not app.exception
    use_language("es")
    assert "Su nombre" in [item.label for item in app.text_input]
