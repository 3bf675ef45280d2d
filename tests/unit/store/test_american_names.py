"""What people wrote by British names is there by American ones: every entry, in its place."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, insert, select, text

from store.backup import restore_backup, write_backup
from store.database import make_engine, migrate, migrate_tables, open_database
from store.journal import Journal, journal_table
from store.program.book import ProgramBook
from store.program.kinds import OF_PROGRAM, ProgramRecord
from tests.app.planted import plant_board, plant_canvass, plant_programs

Row = dict[str, Any]
# Now, and before: words that stand in quotes, and a program's key wherever it stands.
BEFORE = {"program": "programme", "enrollment": "enrolment", "enrollments": "enrolments", "center": "centre"}
KEY, KEY_BEFORE = "health_enrollment", "health_enrolment"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.server)])
def make_old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """Make a database whose tables have the form of before."""
    made: list[Engine] = []

    def make() -> Engine:
        url = f"sqlite:///{tmp_path / f'{uuid.uuid4().hex}.db'}"
        if request.param == "postgres":
            base, name = request.getfixturevalue("postgres_url"), f"old_{uuid.uuid4().hex}"
            admin = create_engine(base, isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            admin.dispose()
            url = base.replace("/postgres?", f"/{name}?", 1)
        made.append(make_engine(url))
        with made[-1].begin() as connection:
            migrate_tables(connection, "0001")
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


def fill(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        connection.execute(insert(journal_table), rows)


def everything(engine: Engine) -> list[Row]:
    with engine.connect() as connection:
        rows = connection.execute(select(journal_table).order_by(journal_table.c.id)).mappings()
        return [dict(row) for row in rows]


def spelled_back(row: Row) -> Row:
    """An entry as it would have been written before: told apart by text, not by how the migration goes."""
    body, kind = row["body"], BEFORE.get(row["kind"], row["kind"])
    of_program = row["kind"] in {ProgramRecord.kind, "site_list", *(item.kind for item in OF_PROGRAM)}
    if not of_program:
        return row
    written = json.dumps(body).replace(KEY, KEY_BEFORE)
    for now, before in BEFORE.items():
        written = written.replace(f'"{now}"', f'"{before}"')
    return row | {"kind": kind, "key": row["key"].replace(KEY, KEY_BEFORE), "body": json.loads(written)}


def entry(number: int, kind: str, key: str, body: Mapping[str, Any] | None, region: str = "demo") -> Row:
    told = {"at": datetime(2026, 1, number, tzinfo=UTC), "who": "Ana", "why": "w", "source": "s"}
    return {"region": region, "kind": kind, "key": key, "number": 1, "body": body} | told


PLAN = {
    "key": KEY_BEFORE,
    "title": "Coverage for the programme's neighbours",
    "purpose": "enrolment",
    "begins": "2013-01-01",
    "kind": "enrolment",
    "areas": [{"focus": True}],
    "measures": [{"key": "e", "title": "E", "unit": "people", "counted": "enrolments", "how": "h"}],
}
OLD = [
    entry(1, "programme", KEY_BEFORE, {"programme": PLAN}),
    entry(
        2, "enrolment", f"{KEY_BEFORE}/QX0017H", {"programme": KEY_BEFORE, "on": "2014-02-01", "people": 1}
    ),
    entry(3, "enrolment", "census_2020/x", None),
    entry(4, "question", "p/q", {"programme": "p", "on": "2018-10-01", "text": "programme", "event": "p/e"}),
    entry(
        5,
        "speaking_time",
        f"{KEY_BEFORE}/e/{KEY_BEFORE}/r/A/{KEY_BEFORE}",
        {
            "programme": KEY_BEFORE,
            "event": f"{KEY_BEFORE}/e",
            "race": f"{KEY_BEFORE}/r",
            "candidate": "centre",
        },
    ),
    entry(6, "site_list", "centre", {"title": "centre", "site_kind": "centre"}),
    entry(7, "site_list", "schools", {"title": "Schools", "site_kind": "school"}),
    entry(8, "comment", "programme/centre", {"programme": "enrolment", "text": KEY_BEFORE}),
]
NEW = [
    ("program", KEY),
    ("enrollment", f"{KEY}/QX0017H"),
    ("enrollment", "census_2020/x"),
    ("question", "p/q"),
    ("speaking_time", f"{KEY}/e/{KEY}/r/A/{KEY_BEFORE}"),
    ("site_list", "centre"),
    ("site_list", "schools"),
    ("comment", "programme/centre"),
]


def test_kinds_fields_and_keys_are_renamed_and_what_people_said_is_not(
    make_old: Callable[[], Engine],
) -> None:
    engine = make_old()
    fill(engine, OLD)
    before = everything(engine)
    migrate(engine)
    after = everything(engine)
    assert [(row["kind"], row["key"]) for row in after] == NEW
    measures = [PLAN["measures"][0] | {"counted": "enrollments"}]
    plan = PLAN | {"key": KEY, "kind": "enrollment", "measures": measures}
    assert [row["body"] for row in after] == [
        {"program": plan},
        {"program": KEY, "on": "2014-02-01", "people": 1},
        None,
        {"program": "p", "on": "2018-10-01", "text": "programme", "event": "p/e"},
        {"program": KEY, "event": f"{KEY}/e", "race": f"{KEY}/r", "candidate": "centre"},
        {"title": "centre", "site_kind": "center"},
        {"title": "Schools", "site_kind": "school"},
        {"programme": "enrolment", "text": KEY_BEFORE},
    ]
    same = ("id", "region", "number", "at", "who", "why", "source")
    assert [[row[name] for name in same] for row in after] == [[row[name] for name in same] for row in before]


def test_a_program_that_has_the_new_key_already_stands_aside_with_its_records(
    make_old: Callable[[], Engine],
) -> None:
    own = PLAN | {"key": KEY, "title": "Our own"}
    engine = make_old()
    fill(
        engine,
        [
            entry(1, "programme", KEY_BEFORE, {"programme": PLAN}),
            entry(2, "programme", KEY, {"programme": own}),
            entry(3, "recruit", f"{KEY_BEFORE}/QX0017H", {"programme": KEY_BEFORE, "person": "QX0017H"}),
            entry(4, "recruit", f"{KEY}/QX0017H", {"programme": KEY, "person": "QX0017H"}),
            entry(5, "recruit", f"{KEY}_2/QX0017H", {"programme": f"{KEY}_2", "person": "QX0017H"}),
            entry(6, "programme", KEY, {"programme": own}, region="elsewhere"),
        ],
    )
    migrate(engine)
    aside = f"{KEY}_3"
    assert [(row["region"], row["key"]) for row in everything(engine)] == [
        ("demo", KEY),
        ("demo", aside),
        ("demo", f"{KEY}/QX0017H"),
        ("demo", f"{aside}/QX0017H"),
        ("demo", f"{KEY}_2/QX0017H"),
        ("elsewhere", f"{KEY}_2"),
    ]
    programs = ProgramBook(Journal(engine), "demo").programs()
    assert (programs[KEY].title, programs[aside].title) == (PLAN["title"], "Our own")


def test_an_empty_database_is_brought_up_to_date(make_old: Callable[[], Engine]) -> None:
    engine = make_old()
    migrate(engine)
    assert everything(engine) == []


def test_many_entries_are_renamed_some_at_a_time(make_old: Callable[[], Engine]) -> None:
    engine = make_old()
    fill(engine, [entry(1, "recruit", f"p/{number}", {"programme": "p"}) for number in range(1001)])
    migrate(engine)
    assert {(row["kind"], row["body"]["program"]) for row in everything(engine)} == {("recruit", "p")}


def test_a_backup_of_before_is_restored_by_the_new_names(
    make_old: Callable[[], Engine], tmp_path: Path
) -> None:
    engine = make_old()
    fill(engine, OLD)
    address = engine.url.render_as_string(hide_password=False)
    assert write_backup(address, tmp_path / "old.backup").form == "0001"
    target = f"sqlite:///{tmp_path / 'restored.db'}"
    restore_backup(target, tmp_path / "old.backup")
    restored = open_database(target)
    assert [(row["kind"], row["key"]) for row in everything(restored)] == NEW
    restored.dispose()


@pytest.mark.parametrize("plant", [plant_programs, plant_board, plant_canvass])
def test_a_filled_store_is_as_if_it_had_been_written_by_the_new_names(
    make_old: Callable[[], Engine], demo_built: str, tmp_path: Path, plant: Callable[[Journal, str], None]
) -> None:
    written = open_database(f"sqlite:///{tmp_path / 'written.db'}")
    plant(Journal(written), demo_built)
    rows = everything(written)
    written.dispose()
    old = [spelled_back(row) for row in rows]
    engine = make_old()
    fill(engine, old)
    migrate(engine)
    assert everything(engine) == rows
    assert (old == rows) == (plant is not plant_programs)
