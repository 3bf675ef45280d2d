"""What people and machines wrote by names of before is read as by those of now."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geo.datasets.record import look_anew, read_sidecar, seal, sidecar_path
from geo.intake.grids import read_grids
from geo.intake.tables import find_table, tell_understood
from geo.methods.partition.moves import Labeling
from geo.program.declaration import PROGRAMS, read_programs, to_program
from geo.settings import CATALOG
from geo.sources.catalog import read_catalog
from geo.sources.mirror import FolderMirror, read_entry
from geo.sources.publishers import declared_receipt
from geo.sources.raw import RawStore, describe_file
from reports.calendar import to_icalendar
from store.program.kinds import Event
from store.records import Kept
from store.water.board_sheet import BOARD_SHEET
from wording.agenda import event_dated

HEALTH = (PROGRAMS / "health_enrollment.toml").read_text(encoding="utf-8")
OLD_HEALTH = HEALTH.replace('"enrollment"', '"enrolment"').replace('"enrollments"', '"enrolments"')


def test_a_catalog_of_before_declares_the_same(tmp_path: Path) -> None:
    text = CATALOG.read_text(encoding="utf-8")
    old = text.replace("\nlicense =", "\nlicence =").replace("labor_force", "labour_force")
    assert old != text
    (tmp_path / "sources.toml").write_text(old, encoding="utf-8")
    assert read_catalog(tmp_path / "sources.toml") == read_catalog()


def test_a_mirror_of_before_says_the_same() -> None:
    source = read_catalog()["roads"]
    entry = {"file": "roads.zip", "title": "T", "publisher": "P", "vintage": "2020", "address": "https://a.b"}
    entry |= {"fidelity": "original", "address_seen": True, "bytes": 1, "sha256": "0"}
    said = [
        read_entry(FolderMirror(Path(), {source.mirror_key: entry | {name: "cite them"}}), source)
        for name in ("licence", "license")
    ]
    assert said[0] == said[1]
    assert said[0] is not None
    assert said[0].license == "cite them"


def test_a_receipt_of_before_is_read(tmp_path: Path) -> None:
    store, source = RawStore("official", tmp_path), read_catalog()["roads"]
    path = store.incoming(source.key) / "roads.zip"
    path.write_bytes(b"roads")
    receipt = declared_receipt(source, "original")
    written = store.commit(type(receipt)(**{**_fields(receipt), "files": (describe_file(path),)}))
    kept = tmp_path / source.key / "receipt.json"
    kept.write_text(kept.read_text(encoding="utf-8").replace('"license"', '"licence"'), encoding="utf-8")
    assert '"licence"' in kept.read_text(encoding="utf-8")
    assert store.receipt(source.key) == written


def _fields(receipt: object) -> dict[str, object]:
    return {name: getattr(receipt, name) for name in type(receipt).__slots__}  # type: ignore[attr-defined]


def test_a_datasets_record_of_before_names_its_licenses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))
    look_anew()
    path = sidecar_path("demo", "roads")
    path.parent.mkdir(parents=True)
    record = {"status": "missing", "why": {"words": "w"}, "sources": [{"key": "roads", "licence": "theirs"}]}
    path.write_bytes(seal(json.dumps({**record, "seal": "sealed:" + "0" * 64}).encode()))
    found = read_sidecar("demo", "roads")
    look_anew()
    assert found is not None
    assert found.record["sources"] == [{"key": "roads", "license": "theirs"}]


def test_a_declaration_of_before_is_the_same_program(tmp_path: Path) -> None:
    assert OLD_HEALTH.count("enrolment") == 2
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "health_enrolment.toml").write_text(OLD_HEALTH, encoding="utf-8")
    now = read_programs()["health_enrollment"]
    assert read_programs(folder) == {"health_enrollment": now}
    assert to_program(now.model_dump() | {"key": "health_enrolment", "kind": "enrolment"}) == now


def test_a_folder_of_before_is_read_and_what_ships_counts(tmp_path: Path) -> None:
    now, before = tmp_path / "programs", tmp_path / "programmes"
    now.mkdir()
    before.mkdir()
    (now / "health_enrollment.toml").write_text(HEALTH, encoding="utf-8")
    left = OLD_HEALTH.replace('title = "Health coverage', 'title = "An older one', 1)
    (before / "health_enrolment.toml").write_text(left, encoding="utf-8")
    (before / "mine.toml").write_text(OLD_HEALTH, encoding="utf-8")
    found = read_programs(now)
    assert list(found) == ["health_enrollment", "mine"]
    assert found["health_enrollment"] == read_programs()["health_enrollment"]
    assert found["mine"].kind == "enrollment"


@pytest.mark.parametrize("heading", ["Lead organisation", "Lead organization"])
def test_a_sheets_heading_may_be_spelled_either_way(heading: str) -> None:
    content = f"PWS ID,Stage,{heading}\n3310001,planning,District\n".encode()
    table = find_table(read_grids(content, "board.csv"), "board.csv", BOARD_SHEET)
    assert f'"{heading}" is lead organization' in tell_understood(table)[0]


def test_a_calendar_knows_an_event_again() -> None:
    fields = {"program": "p", "id": "a", "event_kind": "forum", "title": "F", "on": "2026-11-30"}
    kept = Kept(Event.make(fields), 1, datetime(2026, 11, 1, tzinfo=UTC), "Ana", "", "")
    assert b"UID:p/a@programmes\r\n" in to_icalendar([event_dated(kept)], {"p": "P"}, "America/Los_Angeles")


def test_what_an_earlier_version_compiled_can_be_read_and_is_made_anew() -> None:
    """Numba unpickles a kept index before it compares its stamp; an unknown name would stop every cut."""
    index = b"cgeo.methods.partition.moves\nLabelling\n."
    assert pickle.loads(index) is Labeling
