"""Under every fault every page says one sentence with what to do, and is well when the fault is gone."""

from __future__ import annotations

import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from app_pages.parts.markup import SPLIT
from geo.datasets.storage import read_shapes_of
from geo.settings import data_dir
from store import database
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.kinds import Cut, Goal
from store.database import open_database
from store.journal import Draft, Journal

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path.stem
    for path in (ROOT / "app_pages").glob("*.py")
    if f"app_pages/{path.name}" in (ROOT / "dashboard.py").read_text(encoding="utf-8")
)
# Pages on which somebody writes, or that show what was written: without a database they cannot be shown.
WRITTEN = {"programs", "program", "calendar", "water", "network", "turfs", "returns", "progress"}
Open = Callable[..., AppTest]


@pytest.fixture
def path(demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with one turf of the demo."""
    found = tmp_path / "store.db"
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{found}")
    keep_turf(demo_built)
    return found


def keep_turf(region: str) -> None:
    units = tuple(read_shapes_of(region, "blocks").query("housing_units > 40")["geoid"].head(2))
    cut = Cut(number=0, turfs=1, doors=90, tolerance=0.05, worst=0.0, bound=0.0)
    CanvassBook(Journal(open_database()), region).keep(
        [NewTurf(0, units, 90, 80, 240, 6.0)], cut, "Ana", seen={}
    )


def walk(app: AppTest) -> Iterator[tuple[str, list[str]]]:
    """Go to every page in one session; what each says is wrong."""
    for page in PAGES:
        app.switch_page(f"app_pages/{page}.py").run()
        assert not app.exception, page
        yield page, [item.value for item in app.error]


def refuses_everywhere(app: AppTest, sentence: str, remedy: str) -> None:
    """Every page that needs the database says the sentence once; the others are shown as ever."""
    told = dict(walk(app))
    assert {page for page, errors in told.items() if errors} >= WRITTEN
    for page, errors in told.items():
        assert len(errors) <= 1, (page, errors)
        for words in errors:
            assert sentence in words, page
            assert remedy in words, page


def is_well_everywhere(app: AppTest) -> None:
    assert {page: errors for page, errors in walk(app) if errors} == {}


def opened(dashboard: Open, **params: str) -> AppTest:
    app = dashboard("turfs", region="demo", **params)
    assert not app.error
    return app


def test_a_database_that_is_away_at_the_start(
    dashboard: Open, demo_built: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_STORE_URL", "postgresql+psycopg://127.0.0.1:1/none")
    app = dashboard(region="demo")
    refuses_everywhere(app, "the database does not answer", "**What to do:** start its server")


def test_in_spanish_too(dashboard: Open, demo_built: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_STORE_URL", "postgresql+psycopg://127.0.0.1:1/none")
    app = dashboard(region="demo", lang="es")
    refuses_everywhere(app, "la base de datos no responde", "**Qué hacer:** inicie su servidor")


@pytest.mark.server
@pytest.mark.slow
def test_a_database_that_goes_away_while_the_dashboard_runs(
    dashboard: Open, demo_built: str, stoppable_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_STORE_URL", stoppable_server.url)
    keep_turf(demo_built)
    app = opened(dashboard)
    stoppable_server.stop()
    refuses_everywhere(app, "the database does not answer", "start its server")
    stoppable_server.start()
    is_well_everywhere(app)


def test_a_database_that_another_program_holds(
    dashboard: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    held = path.with_name("held.db")
    shutil.copy(path, held)
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{held}")
    open_database()
    keep_turf("demo")
    app = opened(dashboard)
    with closing(sqlite3.connect(held, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        refuses_everywhere(app, "another program holds the database", "try again in a moment")
    is_well_everywhere(app)


def test_a_file_that_is_gone_is_not_made_anew_by_any_page(dashboard: Open, path: Path) -> None:
    app = opened(dashboard)
    aside = path.with_name("aside.db")
    path.rename(aside)
    refuses_everywhere(app, "gone since this program began", "restore a backup")
    assert not path.exists()
    aside.rename(path)
    is_well_everywhere(app)


def test_a_form_that_is_sent_when_the_file_is_gone_is_refused(dashboard: Open, path: Path) -> None:
    app = dashboard("progress", region="demo")
    app.text_input(key="person.name").set_value("Ana").run()
    path.unlink()
    app.number_input(key="progress.goal.0").set_value(900)
    next(button for button in app.button if button.label == "Change the goal").click().run()
    assert not app.exception
    assert "gone since this program began" in app.error[0].value
    assert not path.exists()


def test_a_form_that_is_sent_when_the_disk_is_full_is_refused_and_can_be_sent_again(
    dashboard: Open, path: Path
) -> None:
    app = dashboard("progress", region="demo")
    app.text_input(key="person.name").set_value("Ana").run()
    app.number_input(key="progress.goal.0").set_value(900)
    app.text_input(key="progress.source.0").set_value("a long story " * 20_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = path.with_name("store.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        next(button for button in app.button if button.label == "Change the goal").click().run()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not app.exception
    assert "is full, or refuses to be written" in app.error[0].value
    assert "make room on it, then record it again" in app.error[0].value
    next(button for button in app.button if button.label == "Change the goal").click().run()
    assert not app.error
    assert CanvassBook(Journal(open_database()), "demo").kept(Goal)["goal"].record.households == 900


def test_a_database_of_a_newer_version(dashboard: Open, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = path.with_name("newer.db")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(newer)) as target:
        source.backup(target)
        target.execute("UPDATE alembic_version SET version_num = '9999'")
        target.commit()
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{newer}")
    app = dashboard(region="demo")
    refuses_everywhere(app, "made by a newer version of this program", "start that version")


def test_a_file_that_is_no_database(
    dashboard: Open, demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "store.db").write_bytes(b"no database at all" * 1000)
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    app = dashboard(region="demo")
    refuses_everywhere(app, "is damaged, or is no database", "python -m store restore FILE")


@pytest.mark.server
@pytest.mark.slow
def test_a_database_that_nobody_may_write_is_read_and_says_so(
    dashboard: Open, demo_built: str, stoppable_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_STORE_URL", stoppable_server.url)
    keep_turf(demo_built)
    engine = open_database()
    with engine.begin() as connection:
        connection.execute(text("ALTER DATABASE postgres SET default_transaction_read_only = on"))
    engine.dispose()
    app = dashboard("progress", region="demo")
    is_well_everywhere(app)
    app.switch_page("app_pages/progress.py").run()
    app.text_input(key="person.name").set_value("Ana").run()
    app.number_input(key="progress.goal.0").set_value(900)
    next(button for button in app.button if button.label == "Change the goal").click().run()
    assert [item.value for item in app.error] == [
        "the database may be read, but not written\n\n"
        "**What to do:** let this account write the database and its folder; nothing was written"
    ]


@pytest.fixture
def own_data(demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demo's datasets, to be damaged."""
    folder = tmp_path / "data"
    shutil.copytree(data_dir() / "processed" / demo_built, folder / "processed" / demo_built)
    monkeypatch.setenv("GEO_DATA_DIR", str(folder))
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    return folder / "processed" / demo_built


def cut_short(folder: Path) -> None:
    whole = (folder / "tracts_2010.parquet").read_bytes()
    (folder / "tracts_2010.parquet").write_bytes(whole[: len(whole) // 2])


def take_away(folder: Path) -> None:
    (folder / "tracts_2010.parquet").unlink()


def take_both_away(folder: Path) -> None:
    take_away(folder)
    (folder / "tracts_2010.json").unlink()


def break_both(folder: Path) -> None:
    (folder / "tracts_2010.json").write_text("{broken", encoding="utf-8")
    cut_short(folder)


@pytest.mark.parametrize("damage", [cut_short, take_away, take_both_away, break_both])
def test_a_dataset_that_is_lost_is_named_on_every_page(
    dashboard: Open, own_data: Path, damage: Callable[[Path], None]
) -> None:
    damage(own_data)
    app = dashboard(region="demo")
    for page, _errors in walk(app):
        (marked,) = [item.value for item in app.warning if "missing or damaged" in item.value]
        words = marked.replace(SPLIT, "")
        assert words.startswith("1 dataset of this region is missing or damaged"), page
        assert "tracts" in words.lower(), page
        assert "python -m geo build --region demo" in words, page


def test_a_record_that_is_broken_alone_is_written_anew(dashboard: Open, own_data: Path) -> None:
    (own_data / "tracts_2010.json").write_text("{broken", encoding="utf-8")
    app = dashboard(region="demo")
    is_well_everywhere(app)
    assert not [item for item in app.warning if "missing or damaged" in item.value]


@pytest.mark.unforeseen
def test_what_nobody_foresaw_is_logged_and_told_with_the_time(
    dashboard: Open, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A status of a stage that is none, as a program of another kind might write it."""
    journal = Journal(open_database())
    journal.append([Draft("demo", "status", "CA9010002/water", {"stage": "nonsense"}, who="Eva")])
    app = dashboard("water", region="demo")
    assert not app.exception
    assert app.error[0].value.startswith("Something went wrong on this page; it was logged at 20")
    assert "Load the page again" in app.error[0].value
    assert "Traceback" not in app.error[0].value
    assert "Traceback" in caplog.text


@pytest.mark.unforeseen
def test_what_a_click_calls_is_refused_as_a_page_is(
    dashboard: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store.members import Members, Role

    Members(Journal(open_database())).add("Ana", Role.COORDINATOR, "nine brown dogs at the well", by="Eva")
    app = dashboard("turfs", region="demo")
    app.text_input(key="signed.name").set_value("Ana")
    app.text_input(key="signed.passphrase").set_value("nine brown dogs at the well")
    aside = path.with_name("aside.db")
    path.rename(aside)
    next(button for button in app.button if button.label == "Sign in").click().run()
    assert not app.exception
    assert {item.value.partition("\n")[0] for item in app.error} == {
        "the file of the database is gone since this program began"
    }
    aside.rename(path)
    app.run()
    assert not app.error
