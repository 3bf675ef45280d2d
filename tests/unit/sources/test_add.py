"""A file that a person has takes the place of a source's, after the same checks, or nothing changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from geo.__main__ import main
from geo.commands.add import add_file
from geo.errors import FetchError, GeoError
from geo.region import Region, read_region
from geo.sources.catalog import Source
from geo.sources.raw import RawStore
from tests.unit.sources.loopback import digest, table_of


def test_a_file_is_added_and_the_person_keeps_it(
    store: RawStore, systems: Source, coachella: Region, tmp_path: Path
) -> None:
    file = tmp_path / "my download (1).csv"
    file.write_bytes(table_of(systems, 3))
    receipt = add_file(systems, file, store, coachella)
    assert file.exists()
    assert (receipt.fidelity, receipt.address_seen) == ("original", systems.address_seen)
    (item,) = store.require_files(systems.key)
    assert (item.path.name, item.path.read_bytes()) == (systems.file, file.read_bytes())


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<html>", "mine.csv is a web page"),
        (b"", "mine.csv is empty"),
        (b"pwsid\nA\n", "mine.csv of 'state_small_water_systems' lacks 14 columns"),
    ],
)
def test_a_bad_file_changes_nothing(
    store: RawStore, systems: Source, coachella: Region, tmp_path: Path, body: bytes, message: str
) -> None:
    good = tmp_path / "good.csv"
    good.write_bytes(table_of(systems, 3))
    add_file(systems, good, store, coachella)
    before = digest(store.folder)
    bad = tmp_path / "mine.csv"
    bad.write_bytes(body)
    with pytest.raises(GeoError, match=message):
        add_file(systems, bad, store, coachella)
    assert digest(store.folder) == before


def test_half_a_file_does_not_take_the_place_of_a_whole_one_unless_that_is_said(
    store: RawStore, systems: Source, coachella: Region, tmp_path: Path
) -> None:
    whole, half = tmp_path / "whole.csv", tmp_path / "half.csv"
    whole.write_bytes(table_of(systems, 20))
    half.write_bytes(table_of(systems, 10))
    add_file(systems, whole, store, coachella)
    before = digest(store.folder)
    with pytest.raises(GeoError, match=r"half.csv has 10 rows, and the file that is here has 20: .* --fewer"):
        add_file(systems, half, store, coachella)
    assert digest(store.folder) == before
    add_file(systems, half, store, coachella, fewer=True)
    assert digest(store.folder) != before


def test_the_county_is_named_or_told_by_the_file(
    store: RawStore, systems: Source, coachella: Region, tmp_path: Path
) -> None:
    source = replace(
        systems, scope="county", file="systems_{county}.csv", address="https://example.org/{county}"
    )
    nameless, named = tmp_path / "mine.csv", tmp_path / "systems_06025.csv"
    nameless.write_bytes(table_of(source, 1))
    named.write_bytes(table_of(source, 2))
    with pytest.raises(
        FetchError, match=r"does not say which it is of: add --county with one of 06065, 06025"
    ):
        add_file(source, nameless, store, coachella)
    with pytest.raises(FetchError, match="does not say which"):
        add_file(source, nameless, store, coachella, "Riverside")
    add_file(source, nameless, store, coachella, "06065")
    add_file(source, named, store, coachella)
    assert [(item.county, item.address) for item in store.require_files(source.key)] == [
        ("06025", "https://example.org/06025"),
        ("06065", "https://example.org/06065"),
    ]
    only = replace(read_region("demo"), counties=("06901",))
    assert add_file(source, nameless, RawStore("demo", tmp_path / "demo"), only).files[0].county == "06901"


def test_the_command_says_one_plain_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], systems: Source
) -> None:
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    file = tmp_path / "mine.csv"
    assert main(["add", systems.key, str(file)]) == 1
    assert capsys.readouterr().err == f"add: there is no file {file}: see its name and folder\n"
    file.write_bytes(table_of(systems, 2))
    assert main(["add", systems.key, str(file)]) == 0
    assert f"{systems.key} is here: 1 files" in capsys.readouterr().out
    assert main(["add", "rivers", str(file)]) == 1
    assert "there is no source 'rivers'" in capsys.readouterr().err
