"""A mirror written from what was fetched gives the same raw files and receipts again."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from geo.errors import FetchError
from geo.sources.catalog import Source, read_catalog
from geo.sources.fetch import fetch_region, fetch_source
from geo.sources.former_names import with_names_of_now
from geo.sources.mirror import open_folder, read_entry, write_mirror
from geo.sources.origins import MirrorOrigin
from geo.sources.publishers import declared_receipt
from geo.sources.raw import RawStore, describe_file
from tests.unit.sources.loopback import digest, table_of


def counties_of(store: RawStore, source: Source, counties: tuple[str, ...]) -> None:
    """Put a file for each county into the store."""
    with store.staging(source.key) as folder:
        files = []
        for county in counties:
            path = folder / source.file_for(county)
            path.write_bytes(table_of(source, 2, county))
            files.append(describe_file(path, county=county, address=source.address_for(county)))
        receipt = declared_receipt(source, "original")
        store.commit(
            replace(receipt, files=tuple(files), fetched_at="2025-01-02T03:04:05+00:00", note='a "note"')
        )


def test_there_and_back_with_several_counties(store: RawStore, systems: Source, tmp_path: Path) -> None:
    source = replace(
        systems, scope="county", file="systems_{county}.csv", address="https://example.org/{county}"
    )
    counties_of(store, source, ("06025", "06065"))
    catalog = {source.key: source}
    assert set(write_mirror(store, catalog, tmp_path / "mirror")) == {source.key}
    other = RawStore("official", tmp_path / "other")
    origin = MirrorOrigin(open_folder(tmp_path / "mirror"))
    assert fetch_source(source, ("06065", "06025"), other, origin).state == "fetched"
    assert digest(other.folder) == digest(store.folder)
    write_mirror(other, catalog, tmp_path / "again")
    assert digest(tmp_path / "again") == digest(tmp_path / "mirror")


def test_only_the_counties_of_the_region_are_taken(store: RawStore, systems: Source, tmp_path: Path) -> None:
    source = replace(
        systems, scope="county", file="systems_{county}.csv", address="https://example.org/{county}"
    )
    counties_of(store, source, ("06025", "06065"))
    write_mirror(store, {source.key: source}, tmp_path / "mirror")
    other = RawStore("official", tmp_path / "other")
    origin = MirrorOrigin(open_folder(tmp_path / "mirror"))
    assert fetch_source(source, ("06025",), other, origin).state == "fetched"
    assert [file.county for file in other.require_files(source.key)] == ["06025"]
    outcome = fetch_source(source, ("06025", "06029"), other, origin)
    assert (outcome.state, outcome.reason) == ("partly", "the mirror has no file for county 06029")
    assert fetch_source(source, ("06065",), other, origin).state == "fetched"
    assert [file.county for file in other.require_files(source.key)] == ["06025", "06065"]


def test_a_changed_raw_file_leaves_the_mirror_as_it_was(
    store: RawStore, systems: Source, tmp_path: Path
) -> None:
    counties_of(store, systems, ("",))
    write_mirror(store, {systems.key: systems}, tmp_path)
    before = (tmp_path / "index.toml").read_bytes()
    store.require_files(systems.key)[0].path.write_bytes(b"cut")
    with pytest.raises(FetchError, match="was changed since it was fetched"):
        write_mirror(store, {systems.key: systems}, tmp_path)
    assert (tmp_path / "index.toml").read_bytes() == before


@pytest.mark.real
def test_the_real_sources_there_and_back(
    mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raw(name: str, origin: Path) -> Path:
        monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / name))
        fetch_region("coachella", origin)
        write_mirror(RawStore("official"), read_catalog(), tmp_path / f"{name}-mirror")
        return tmp_path / name / "raw" / "official"

    first = raw("first", mirror)
    second = raw("second", tmp_path / "first-mirror")
    assert digest(first) == digest(second)
    assert digest(tmp_path / "first-mirror") == digest(tmp_path / "second-mirror")
    given = tomllib.loads((mirror / "index.toml").read_text(encoding="utf-8"))
    written = tomllib.loads((tmp_path / "first-mirror" / "index.toml").read_text(encoding="utf-8"))
    kept = (
        "title",
        "publisher",
        "vintage",
        "license",
        "address",
        "access",
        "address_seen",
        "fidelity",
        "sha256",
    )
    assert {key: {name: entry[name] for name in kept} for key, entry in written.items()} == {
        key: {name: with_names_of_now(entry)[name] for name in kept} for key, entry in given.items()
    }


@pytest.mark.real
def test_the_county_of_a_file_is_told_by_its_name(mirror: Path) -> None:
    opened, catalog = open_folder(mirror), read_catalog()
    entries = {key: read_entry(opened, catalog[key]) for key in ("tracts_2020", "roads", "tracts_2010")}
    assert {key: entry.files[0].county for key, entry in entries.items() if entry} == {
        "tracts_2020": "06065",
        "roads": "",
        "tracts_2010": "",
    }
